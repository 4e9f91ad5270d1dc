// The values of FEEL (DMN 1.5, 10.3.2): what kind a value is, whether two are equal, which is first.
// null, booleans, numbers and strings are JavaScript's own; lists are arrays; contexts are plain objects.

import { DayDuration, FeelDate, FeelDateTime, FeelTime, MonthDuration } from "./temporal.js";
import { evenName } from "./words.js";

export class Range {
  // An endpoint that is undefined is open: the range of `>= 5` has no end.
  constructor(start, end, startIncluded, endIncluded) {
    Object.assign(this, { start, end, startIncluded, endIncluded });
  }

  // true, false, or null when the value cannot be compared with the endpoints.
  includes(value) {
    const low = this.start === undefined ? 1 : compare(value, this.start);
    const high = this.end === undefined ? -1 : compare(value, this.end);
    if (low === null || high === null) return null;
    return (low > 0 || (low === 0 && this.startIncluded)) && (high < 0 || (high === 0 && this.endIncluded));
  }
}

export class Func {
  // parameters: [{name, type}]; run takes as many arguments.
  constructor(parameters, run) {
    Object.assign(this, { parameters, run });
  }
}

const CLASSES = [
  [FeelDate, "date"],
  [FeelTime, "time"],
  [FeelDateTime, "date and time"],
  [DayDuration, "days and time duration"],
  [MonthDuration, "years and months duration"],
  [Range, "range"],
  [Func, "function"],
];
const KIND_OF = new Map(CLASSES);

export function kindOf(value) {
  if (value === null || value === undefined) return "null";
  if (typeof value !== "object") return typeof value;
  return Array.isArray(value) ? "list" : (KIND_OF.get(value.constructor) ?? "context");
}

// ---- contexts -------------------------------------------------------------------------------------------

export const contextOf = (entries) => {
  const context = Object.create(null);
  for (const [key, value] of entries) context[key] = value;
  return context;
};

export const hasKey = (context, key) => Object.prototype.hasOwnProperty.call(context, key);

const plain = new Map(); // names that are one word, whose spelling has no variants

function isPlain(name) {
  if (!plain.has(name)) {
    if (plain.size > 10_000) plain.clear();
    plain.set(name, /^\0?\w+$/.test(name));
  }
  return plain.get(name);
}

// The entry of that name, whatever the spacing of its key; undefined when there is none.
export function entryOf(context, name) {
  if (hasKey(context, name)) return context[name];
  if (isPlain(name)) return undefined;
  const key = Object.keys(context).find((other) => evenName(other) === name);
  return key === undefined ? undefined : context[key];
}

// ---- equality and order ---------------------------------------------------------------------------------

const ORDERED = new Set(["number", "string", "date", "time", "date and time", "days and time duration"]);

// What two values of one kind are compared by.
const weight = (kind, value) => {
  if (kind === "number" || kind === "string") return value;
  if (kind === "years and months duration") return value.months;
  return kind.startsWith("days") ? value.seconds : Math.floor(value.seconds); // clocks are compared by whole seconds
};

// -1, 0, 1; null when there is no order between them.
export function compare(a, b) {
  const kind = kindOf(a);
  if (kind !== kindOf(b) || !(ORDERED.has(kind) || kind === "years and months duration")) return null;
  const [left, right] = [weight(kind, a), weight(kind, b)];
  if (left === right) return 0;
  if (kind === "string") return inCodePoints(left, right);
  return left < right ? -1 : 1;
}

// JavaScript compares halves of characters; people who sort names compare characters.
function inCodePoints(a, b) {
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  for (;;) {
    const [one, other] = [left.next(), right.next()];
    if (one.done || other.done) return one.done && other.done ? 0 : one.done ? -1 : 1;
    const difference = one.value.codePointAt(0) - other.value.codePointAt(0);
    if (difference) return Math.sign(difference);
  }
}

const every = (size, same) => {
  let all = true;
  for (let at = 0; at < size; at++) {
    const one = same(at);
    if (one === false) return false;
    if (one === null) all = null;
  }
  return all;
};

// true, false, or null when values of two kinds meet.
export function equal(a, b) {
  const kind = kindOf(a);
  const other = kindOf(b);
  if (kind === "null" || other === "null") return kind === other;
  if (kind !== other) return null;
  if (kind === "list") return a.length !== b.length ? false : every(a.length, (at) => equal(a[at], b[at]));
  if (kind === "context") {
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length || !keys.every((key) => hasKey(b, key))) return false;
    return every(keys.length, (at) => equal(a[keys[at]], b[keys[at]]));
  }
  if (kind === "range") return sameRange(a, b);
  if (kind === "boolean" || kind === "function") return a === b;
  return compare(a, b) === 0;
}

function sameRange(a, b) {
  if (a.isPoint !== b.isPoint || a.startIncluded !== b.startIncluded || a.endIncluded !== b.endIncluded) return false;
  const ends = [
    [a.start, b.start],
    [a.end, b.end],
  ];
  return every(2, (at) => {
    const [one, other] = ends[at];
    return one === undefined || other === undefined ? one === other : equal(one, other);
  });
}

// Numbers are binary inside. The fifteenth digit is the last that decimal arithmetic and ours agree on.
export function number(value) {
  if (Number.isInteger(value)) return Object.is(value, -0) ? 0 : value;
  return Number.isFinite(value) ? Number(value.toPrecision(15)) : null;
}
