// Types: what `instance of`, parameters and item definitions ask for (DMN 1.5, 10.3.2.9).
//
// A type is {name}, {list}, {range}, {fields}, {parameters, result}; a named one of a model is
// {base, isList, allowed, constraint}, where the last two are tests of an item, and of the whole value.

import { FeelDate, FeelDateTime, FeelTime } from "./temporal.js";
import { Func, entryOf, hasKey, kindOf } from "./values.js";

const BASIC = new Set([
  "number",
  "string",
  "boolean",
  "date",
  "time",
  "date and time",
  "days and time duration",
  "years and months duration",
]);
const OTHER_NAMES = {
  dateTime: "date and time",
  dayTimeDuration: "days and time duration",
  yearMonthDuration: "years and months duration",
  any: "Any",
};
export const TYPE_NAMES = [...BASIC, "Any", "Null", "context", "list", "function", "range"];

export const ANY = { name: "Any" };

// Named types of the model in use, put in place of their names; an unknown name fits no value.
export function resolve(type, named) {
  if (!type) return ANY;
  if (type.name !== undefined) {
    const name = OTHER_NAMES[type.name] ?? type.name;
    return named?.get(name) ?? (TYPE_NAMES.includes(name) ? { name } : { name: "unknown" });
  }
  if (type.item) return type.item.made;
  if (type.list) return { list: resolve(type.list, named) };
  if (type.range) return { range: resolve(type.range, named) };
  if (type.fields) {
    const fields = Object.entries(type.fields).map(([name, one]) => [name, resolve(one, named)]);
    return { fields: Object.fromEntries(fields) };
  }
  return { parameters: type.parameters.map((one) => resolve(one, named)), result: resolve(type.result, named) };
}

// tested: the values that a named type allows are asked for too; `instance of` asks for the type alone.
export function isInstance(value, type, tested = true) {
  const kind = kindOf(value);
  const fits = (one, wanted) => kindOf(one) === "null" || isInstance(one, wanted, tested);
  if (type.base) return isInstanceOfNamed(value, type, tested, fits);
  if (type.name === "Any") return kind !== "null";
  if (type.name === "Null") return kind === "null";
  if (kind === "null") return false;
  if (type.name !== undefined) return type.name === kind;
  if (type.list) return kind === "list" && value.every((item) => fits(item, type.list));
  if (type.range)
    return kind === "range" && [value.start, value.end].every((end) => end == null || fits(end, type.range));
  if (type.fields) {
    return (
      kind === "context" &&
      Object.entries(type.fields).every(([name, one]) => {
        const entry = entryOf(value, name);
        return entry !== undefined && fits(entry, one);
      })
    );
  }
  return kind === "function" && isFunction(value, type);
}

// A part that is missing fits any type.
function isInstanceOfNamed(value, { base, isList, allowed, constraint }, tested, fits) {
  const passes = (test, one) => !tested || !test || one === null || test(one);
  if (!isList) return isInstance(value, base, tested) && passes(allowed, value) && passes(constraint, value);
  return (
    kindOf(value) === "list" &&
    value.every((item) => fits(item, base) && passes(allowed, item)) &&
    passes(constraint, value)
  );
}

// A function that takes more and gives less may stand where one is asked for.
function isFunction(value, type) {
  return (
    value instanceof Func &&
    value.parameters.length === type.parameters.length &&
    value.parameters.every((one, at) => conforms(type.parameters[at], one.type ?? ANY)) &&
    (!value.result || value.result === ANY || conforms(value.result, type.result))
  );
}

export function conforms(type, to) {
  if (to.name === "Any" || type === to || type.name === "Null") return true;
  if (type.base && !to.base) return conforms(type.isList ? { list: type.base } : type.base, to);
  if (to.base) return conforms(type, to.isList ? { list: to.base } : to.base);
  if (to.name !== undefined) return type.name === to.name || kindNamed(type) === to.name;
  if (to.list) return type.list !== undefined && conforms(type.list, to.list);
  if (to.range) return type.range !== undefined && conforms(type.range, to.range);
  if (to.fields) {
    return (
      type.fields !== undefined &&
      Object.entries(to.fields).every(([name, one]) => hasKey(type.fields, name) && conforms(type.fields[name], one))
    );
  }
  return (
    type.parameters?.length === to.parameters.length &&
    type.parameters.every((one, at) => conforms(to.parameters[at], one)) &&
    conforms(type.result, to.result)
  );
}

const kindNamed = (type) =>
  (type.list && "list") || (type.range && "range") || (type.fields && "context") || (type.parameters && "function");

// ---- conversions (10.3.2.9.4) ---------------------------------------------------------------------------

const wantsList = (type) => type.list !== undefined || type.isList || type.name === "list";

// The value as that type, or undefined when it cannot be.
export function asType(value, type) {
  if (value === null || value === undefined) return null;
  if (isInstance(value, type)) return value;
  if (Array.isArray(value) && value.length === 1 && isInstance(value[0], type)) return value[0];
  if (wantsList(type) && !Array.isArray(value) && isInstance([value], type)) return [value];
  if (value instanceof FeelDate && nameOf(type) === "date and time") {
    return FeelDateTime.of(value, FeelTime.of(0, 0, 0, { offset: 0 }));
  }
  return undefined;
}

const nameOf = (type) => (type.base ? nameOf(type.base) : type.name);
