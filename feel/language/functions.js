// The built-in functions of FEEL (DMN 1.5, 10.3.4). Each is defined by its signatures: "name:type, name?:type";
// arguments are converted as types.js says, and where no signature fits the answer is null.

import {
  DayDuration,
  FeelDate,
  FeelDateTime,
  FeelTime,
  MonthDuration,
  dayOfYear,
  isSame,
  monthsBetween,
  parseDuration,
  weekOfYear,
} from "./temporal.js";
import { ANY, asType } from "./types.js";
import { DECIMALS } from "./decimals.js";
import { INTERVALS, rangeFrom } from "./intervals.js";
import { Func, compare, contextOf, entryOf, equal, hasKey, kindOf, number } from "./values.js";
import { call } from "./evaluate.js";
import { matcher, replaced } from "./regex.js";
import { textOf } from "./text.js";

export const BUILTINS = new Map();

// ---- how one is defined ---------------------------------------------------------------------------------

const typeNamed = (text) => {
  if (text === "any") return ANY;
  if (text.startsWith("list<")) return { list: typeNamed(text.slice(5, -1)) };
  return { name: text };
};

function parameterOf(text) {
  const [name, types] = text.trim().split(":");
  const alternatives = types.split("|");
  return {
    name: name.replace("?", ""),
    optional: name.endsWith("?"),
    nullable: alternatives.includes("null") || alternatives.includes("any"),
    types: alternatives.filter((one) => one !== "null").map(typeNamed),
    type: alternatives.length === 1 ? typeNamed(types) : ANY,
  };
}

// The argument as the parameter wants it; undefined when it does not fit.
function fitting(arg, { types, nullable }) {
  if (arg === null || arg === undefined) return nullable ? null : undefined;
  for (const type of types) {
    const value = type === ANY ? arg : asType(arg, type);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function argumentsFor({ parameters }, args) {
  if (args.length > parameters.length) return null;
  const fitted = [];
  for (const [index, parameter] of parameters.entries()) {
    if (index >= args.length) {
      if (!parameter.optional) return null;
      continue;
    }
    const value = fitting(args[index], parameter);
    if (value === undefined) return null;
    fitted.push(value);
  }
  return fitted;
}

function define(name, ...signatures) {
  const all = [];
  for (let at = 0; at < signatures.length; at += 2) {
    const parameters = signatures[at] ? signatures[at].split(",").map(parameterOf) : [];
    all.push({ parameters, run: signatures[at + 1] });
  }
  const made = new Func(all[0].parameters, null);
  made.choose = (args) => {
    for (const signature of all) {
      const fitted = argumentsFor(signature, args);
      if (fitted) return signature.run(...fitted) ?? null;
    }
    return null;
  };
  made.chooseNamed = (entries) => {
    const given = new Map(entries);
    for (const { parameters, run } of all) {
      const names = parameters.map((parameter) => parameter.name);
      const complete = parameters.every(({ name: one, optional }) => optional || given.has(one));
      if (given.size !== entries.length || !complete || !entries.every(([one]) => names.includes(one))) continue;
      const fitted = parameters.map((parameter) =>
        given.has(parameter.name) ? fitting(given.get(parameter.name), parameter) : null,
      );
      if (!fitted.includes(undefined)) return run(...fitted) ?? null;
    }
    return null;
  };
  BUILTINS.set(name, made);
}

// One list, or the items as arguments.
function defineOfItems(name, parameter, run) {
  const made = new Func([{ name: parameter }], null);
  made.choose = (args) =>
    args.length === 0 ? null : (run(args.length === 1 ? (Array.isArray(args[0]) ? args[0] : [args[0]]) : args) ?? null);
  made.chooseNamed = (entries) =>
    entries.length === 1 && entries[0][0] === parameter && entries[0][1] !== null ? made.choose([entries[0][1]]) : null;
  BUILTINS.set(name, made);
}

const isNumber = (value) => typeof value === "number";

// ---- moments --------------------------------------------------------------------------------------------

const UTC = { offset: 0 };
const dateOf = (moment) => moment.date ?? moment;
const timeOf = (moment) => (moment instanceof FeelDate ? FeelTime.of(0, 0, 0, UTC) : (moment.time ?? moment));

// What @"..." says.
export function at(text) {
  return (
    parseDuration(text) ??
    FeelDate.parse(text) ??
    FeelTime.parse(text) ??
    (text.includes("T") ? FeelDateTime.parse(text) : null)
  );
}

const zoneOf = (offset) => (offset ? { offset: offset.seconds } : null);

function timeFrom(hour, minute, second, offset) {
  if (offset && Math.abs(offset.seconds) > 18 * 3600) return null;
  return FeelTime.of(hour, minute, second, zoneOf(offset));
}

define(
  "date",
  "from:string",
  (text) => FeelDate.parse(text),
  "from:date|date and time",
  dateOf,
  "year:number, month:number, day:number",
  (year, month, day) => FeelDate.of(year, month, day),
);
define(
  "time",
  "from:string",
  (text) => FeelTime.parse(text),
  "from:time|date|date and time",
  timeOf,
  "hour:number, minute:number, second:number, offset?:days and time duration|null",
  timeFrom,
);
define(
  "date and time",
  "from:string",
  (text) => FeelDateTime.parse(text),
  "from:date and time",
  (moment) => moment,
  "date:date|date and time, time:time",
  (date, time) => FeelDateTime.of(dateOf(date), time),
);
define(
  "duration",
  "from:string",
  parseDuration,
  "from:days and time duration|years and months duration",
  (duration) => duration,
);
define("years and months duration", "from:date|date and time, to:date|date and time", monthsBetween);

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
define("day of year", "date:date|date and time", (date) => dayOfYear(dateOf(date)));
define("day of week", "date:date|date and time", (date) => DAYS[dateOf(date).weekday - 1]);
define("month of year", "date:date|date and time", (date) => MONTHS[dateOf(date).month - 1]);
define("week of year", "date:date|date and time", (date) => weekOfYear(dateOf(date)));

// A replay must agree: the clock is what the caller says it is, or nothing.
const clock = { now: null };
export const setClock = (text) => {
  clock.now = text ? FeelDateTime.parse(text) : null;
};
define("now", "", () => clock.now);
define("today", "", () => clock.now?.date ?? null);

define("is", "value1?:any, value2?:any", (a = null, b = null) => {
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  return [FeelDate, FeelTime, FeelDateTime, DayDuration, MonthDuration].some((one) => a instanceof one)
    ? isSame(a, b)
    : equal(a, b) === true;
});

// ---- text -----------------------------------------------------------------------------------------------

const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function numberFrom(from, grouping = null, decimal = null) {
  if (![" ", ",", ".", null].includes(grouping) || ![",", ".", null].includes(decimal)) return null;
  if (decimal !== null && decimal === grouping) return null;
  const plain = (grouping === null ? from : from.split(grouping).join("")).replace(decimal ?? ".", ".");
  return NUMBER.test(plain) ? Number(plain) : null;
}

define(
  "number",
  "from:number",
  (value) => value,
  "from:string, grouping separator:string|null, decimal separator:string|null",
  numberFrom,
  "from:string",
  (from) => numberFrom(from),
);
define("string", "from:any", (value) => (value === null ? null : textOf(value)));
define("substring", "string:string, start position:number, length?:number", (text, start, length = null) => {
  const characters = Array.from(text);
  if (!Number.isInteger(start) || start === 0 || Math.abs(start) > characters.length) return null;
  const from = start < 0 ? characters.length + start : start - 1;
  if (length !== null && length < 1) return null;
  return characters.slice(from, length === null ? undefined : from + Math.trunc(length)).join("");
});
define("string length", "string:string", (text) => Array.from(text).length);
define("upper case", "string:string", (text) => text.toUpperCase());
define("lower case", "string:string", (text) => text.toLowerCase());
define("substring before", "string:string, match:string", (text, match) =>
  text.slice(0, Math.max(text.indexOf(match), 0)),
);
define("substring after", "string:string, match:string", (text, match) => {
  const found = text.indexOf(match);
  return found < 0 ? "" : text.slice(found + match.length);
});
define("contains", "string:string, match:string", (text, match) => text.includes(match));
define("starts with", "string:string, match:string", (text, match) => text.startsWith(match));
define("ends with", "string:string, match:string", (text, match) => text.endsWith(match));
define(
  "matches",
  "input:string, pattern:string, flags?:string|null",
  (text, pattern, flags = null) => matcher(pattern, flags ?? "")?.test(text) ?? null,
);
define(
  "replace",
  "input:string, pattern:string, replacement:string, flags?:string|null",
  (text, pattern, replacement, flags = null) => replaced(text, pattern, replacement, flags ?? ""),
);
define("split", "string:string, delimiter:string", (text, delimiter) => {
  const pattern = matcher(delimiter, "");
  return pattern && text.split(pattern);
});
define("string join", "list:list<string>, delimiter?:string|null", (list, delimiter = null) =>
  list.filter((item) => item !== null).join(delimiter ?? ""),
);

// ---- truth ----------------------------------------------------------------------------------------------

define("not", "negand:any", (value) => (typeof value === "boolean" ? !value : null));

const isTruth = (item) => typeof item === "boolean" || item === null;
defineOfItems("all", "list", (list) => {
  if (list.includes(false)) return false;
  return list.every(isTruth) && !list.includes(null) ? true : null;
});
defineOfItems("any", "list", (list) => {
  if (list.includes(true)) return true;
  return list.every(isTruth) && !list.includes(null) ? false : null;
});

// ---- lists ----------------------------------------------------------------------------------------------

const same = (a, b) => equal(a, b) === true;
const distinct = (list) => list.filter((item, index) => !list.slice(0, index).some((other) => same(other, item)));
const flat = (list) => list.flatMap((item) => (Array.isArray(item) ? flat(item) : [item]));
// 1 is the first, -1 the last; null when there is no such place.
const place = (list, written) => {
  const position = Math.trunc(written);
  if (position === 0 || Math.abs(position) > list.length) return null;
  return position < 0 ? list.length + position : position - 1;
};
const allLists = (lists) => lists.map((list) => (Array.isArray(list) ? list : [list]));

define("list contains", "list:list, element:any", (list, element) => list.some((item) => same(item, element)));
define("count", "list:list", (list) => list.length);
define("sublist", "list:list, start position:number, length?:number|null", (list, start, length = null) => {
  const from = place(list, start);
  if (from === null || (length !== null && (length < 1 || from + length > list.length))) return null;
  return list.slice(from, length === null ? undefined : from + length);
});
define("insert before", "list:list, position:number, newItem:any", (list, position, item) => {
  const from = place(list, position);
  return from === null ? null : [...list.slice(0, from), item, ...list.slice(from)];
});
define("remove", "list:list, position:number", (list, position) => {
  const from = place(list, position);
  return from === null ? null : list.filter((_item, index) => index !== from);
});
define("reverse", "list:list", (list) => [...list].reverse());
define("index of", "list:list, match:any", (list, match) =>
  list.flatMap((item, index) => (same(item, match) ? [index + 1] : [])),
);
define("distinct values", "list:list", distinct);
define("flatten", "list:list", flat);
define(
  "sort",
  "list:list, precedes:function",
  (list, precedes) => sorted(list, precedes),
  "list:list",
  (list) => (list.every((item) => compare(item, list[0]) !== null) ? [...list].sort(compare) : null),
);
define(
  "list replace",
  "list:list, position:number, newItem:any",
  (list, position, item) => {
    const from = place(list, position);
    return from === null ? null : list.map((old, index) => (index === from ? item : old));
  },
  "list:list, match:function, newItem:any",
  (list, match, item) => {
    const found = list.map((old) => call(match, [old, item]));
    return found.every((one) => typeof one === "boolean")
      ? list.map((old, index) => (found[index] ? item : old))
      : null;
  },
);

function sorted(list, precedes) {
  return [...list].sort((a, b) => (call(precedes, [a, b]) === true ? -1 : call(precedes, [b, a]) === true ? 1 : 0));
}

function defineOfLists(name, run, first = null) {
  const made = new Func([{ name: "list" }], null);
  made.choose = (args) => (args.length === 0 || (first && args[0] === null) ? null : run(args));
  made.chooseNamed = () => null;
  BUILTINS.set(name, made);
}

defineOfLists("append", ([list, ...items]) => [...(Array.isArray(list) ? list : [list]), ...items], true);
defineOfLists("concatenate", (lists) => (lists.includes(null) ? null : allLists(lists).flat(1)));
defineOfLists("union", (lists) => (lists.includes(null) ? null : distinct(allLists(lists).flat(1))));

const ofNumbers =
  (run, empty = null) =>
  (list) => {
    if (!list.length) return empty;
    return list.every(isNumber) ? run(list) : null;
  };
const total = (list) => list.reduce((sum, item) => number(sum + item), 0);
const best = (direction) => (list) => {
  if (!list.length || list.some((item) => compare(item, list[0]) === null)) return null;
  return list.reduce((found, item) => (compare(item, found) === direction ? item : found));
};
const mean = (list) => number(total(list) / list.length);
const inOrder = (list) => [...list].sort((a, b) => a - b);

defineOfItems("min", "list", best(-1));
defineOfItems("max", "list", best(1));
defineOfItems("sum", "list", (list) => summed(list));
defineOfItems("mean", "list", ofNumbers(mean));
defineOfItems(
  "product",
  "list",
  ofNumbers((list) => list.reduce((result, item) => number(result * item), 1)),
);
defineOfItems(
  "median",
  "list",
  ofNumbers((list) => {
    const row = inOrder(list);
    const middle = row.length / 2;
    return Number.isInteger(middle) ? mean([row[middle - 1], row[middle]]) : row[Math.floor(middle)];
  }),
);
defineOfItems(
  "stddev",
  "list",
  ofNumbers((list) => {
    if (list.length < 2) return null;
    const centre = total(list) / list.length;
    return number(Math.sqrt(list.reduce((sum, item) => sum + (item - centre) ** 2, 0) / (list.length - 1)));
  }),
);
defineOfItems(
  "mode",
  "list",
  ofNumbers((list) => {
    const times = new Map();
    for (const item of list) times.set(item, (times.get(item) ?? 0) + 1);
    const most = Math.max(...times.values());
    return inOrder([...times].filter(([, count]) => count === most).map(([item]) => item));
  }, []),
);

function summed(list) {
  if (list.length && list.every((item) => item instanceof DayDuration)) {
    return new DayDuration(list.reduce((sum, item) => sum + item.seconds, 0));
  }
  if (list.length && list.every((item) => item instanceof MonthDuration)) {
    return new MonthDuration(list.reduce((sum, item) => sum + item.months, 0));
  }
  return ofNumbers(total)(list);
}

// ---- numbers --------------------------------------------------------------------------------------------

for (const [name, [signature, run]] of Object.entries(DECIMALS)) define(name, signature, run);
define(
  "abs",
  "n:number",
  Math.abs,
  "n:days and time duration",
  (duration) => new DayDuration(Math.abs(duration.seconds)),
  "n:years and months duration",
  (duration) => new MonthDuration(Math.abs(duration.months)),
);
define("modulo", "dividend:number, divisor:number", (a, b) => (b === 0 ? null : number(a - b * Math.floor(a / b))));
define("sqrt", "number:number", (n) => (n < 0 ? null : number(Math.sqrt(n))));
define("log", "number:number", (n) => (n <= 0 ? null : number(Math.log(n))));
define("exp", "number:number", (n) => number(Math.exp(n)));
define("odd", "number:number", (n) => (Number.isInteger(n) ? Math.abs(n % 2) === 1 : false));
define("even", "number:number", (n) => (Number.isInteger(n) ? n % 2 === 0 : false));

// ---- ranges ---------------------------------------------------------------------------------------------

for (const [name, [signature, run]] of Object.entries(INTERVALS)) define(name, signature, run);
define("range", "from:string", rangeFrom);

// ---- contexts -------------------------------------------------------------------------------------------

define("get value", "m:context, key:string", (context, key) => entryOf(context, key) ?? null);
define("get entries", "m:context", (context) =>
  Object.entries(context).map(([key, value]) =>
    contextOf([
      ["key", key],
      ["value", value],
    ]),
  ),
);
define("context", "entries:list", (entries) => {
  const made = contextOf([]);
  for (const entry of entries) {
    if (kindOf(entry) !== "context" || typeof entry.key !== "string" || !hasKey(entry, "value")) return null;
    if (hasKey(made, entry.key)) return null;
    made[entry.key] = entry.value;
  }
  return made;
});
define("context merge", "contexts:list", (contexts) =>
  contexts.every((one) => kindOf(one) === "context") ? Object.assign(contextOf([]), ...contexts) : null,
);
define(
  "context put",
  "context:context, key:string, value:any",
  (context, key, value) => put(context, [key], value),
  "context:context, keys:list, value:any",
  (context, keys, value) => (keys.length ? put(context, keys, value) : null),
);

function put(context, [key, ...deeper], value) {
  if (kindOf(context) !== "context" || typeof key !== "string") return null;
  const entry = deeper.length ? put(context[key] ?? null, deeper, value) : value;
  if (deeper.length && entry === null) return null;
  return Object.assign(contextOf([]), context, { [key]: entry });
}
