// Trees -> values. A tree becomes a closure once and is run with a scope as often as asked.
// What cannot be computed is null, as FEEL wants; why it cannot is nobody's business here.

import { ARITHMETIC } from "./arithmetic.js";
import { step } from "./parts.js";
import { FeelDate } from "./temporal.js";
import { ANY, asType, isInstance, resolve } from "./types.js";
import { Func, Range, compare, contextOf, entryOf, equal, kindOf } from "./values.js";
import { BUILTINS, at } from "./functions.js";

const MOST = 100_000; // turns of one loop

export class TooSlow extends Error {
  code = "too_slow";
}

export class Scope {
  constructor(values, parent = null) {
    this.values = values;
    this.parent = parent;
  }

  get(name) {
    for (let scope = this; scope; scope = scope.parent) {
      const value = entryOf(scope.values, name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  // Inside this one, with one more name.
  with(name, value) {
    const values = contextOf([]);
    values[name] = value;
    return new Scope(values, this);
  }
}

export class Compiler {
  // named: types of the model by name.
  constructor(named = new Map()) {
    this.named = named;
  }

  compile(node) {
    return this[node.is](node);
  }

  literal({ value }) {
    return () => value;
  }

  at({ value }) {
    const moment = at(value);
    return () => moment;
  }

  name({ name }) {
    const builtin = BUILTINS.get(name) ?? null;
    return (scope) => {
      const value = scope.get(name);
      return value === undefined ? builtin : value;
    };
  }

  // ---- logic ------------------------------------------------------------------------------------------

  or({ left, right }) {
    return this.logic(left, right, true);
  }

  and({ left, right }) {
    return this.logic(left, right, false);
  }

  // One `winner` decides; otherwise what is not known leaves the answer unknown.
  logic(left, right, winner) {
    const [one, other] = [this.compile(left), this.compile(right)];
    return (scope) => {
      const a = one(scope);
      if (a === winner) return winner;
      const b = other(scope);
      if (b === winner) return winner;
      return a === !winner && b === !winner ? !winner : null;
    };
  }

  compare({ operator, left, right }) {
    const [one, other] = [this.compile(left), this.compile(right)];
    const test = TESTS[operator];
    return (scope) => test(one(scope), other(scope));
  }

  between({ value, low, high }) {
    const [one, from, to] = [value, low, high].map((node) => this.compile(node));
    return (scope) => {
      const it = one(scope);
      const [above, below] = [TESTS[">="](it, from(scope)), TESTS["<="](it, to(scope))];
      return above === false || below === false ? (above === null || below === null ? null : false) : above && below;
    };
  }

  in({ value, tests }) {
    const one = this.compile(value);
    const all = tests.map((test) => this.compile(test));
    return (scope) => anyOf(all.map((test) => test(scope, one(scope))));
  }

  test({ value }) {
    const one = this.compile(value);
    const asks = readsInput(value);
    return (scope, input) => {
      const wanted = one(scope);
      if (asks && wanted === null) return null; // who asks what is not known has no answer; to be null is asked as `? = null`
      return asks && typeof wanted === "boolean" && typeof input !== "boolean" ? wanted : isIn(input, wanted, asks);
    };
  }

  testCompare({ operator, right }) {
    const other = this.compile(right);
    const test = TESTS[operator];
    return (scope, input) => test(input, other(scope));
  }

  any() {
    return () => true;
  }

  tests({ negated, tests }) {
    const all = tests.map((test) => this.compile(test));
    return (scope, input) => {
      const found = anyOf(all.map((test) => test(scope, input)));
      return negated ? (found === null ? null : !found) : found;
    };
  }

  // ---- numbers, text, moments -------------------------------------------------------------------------

  arithmetic({ operator, left, right }) {
    const [one, other] = [this.compile(left), this.compile(right)];
    const run = ARITHMETIC[operator];
    return (scope) => run(one(scope), other(scope));
  }

  negate({ value }) {
    const one = this.compile(value);
    return (scope) => ARITHMETIC.negate(one(scope));
  }

  instance({ value, type }) {
    const one = this.compile(value);
    const wanted = resolve(type, this.named);
    return (scope) => (wanted.name === "unknown" ? null : isInstance(one(scope), wanted, false));
  }

  // ---- parts ------------------------------------------------------------------------------------------

  path({ value, name }) {
    const one = this.compile(value);
    return (scope) => step(one(scope), name);
  }

  filter({ value, filter }) {
    const [one, test] = [this.compile(value), this.compile(filter)];
    return (scope) => {
      const target = one(scope);
      if (target === null && filter.is !== "literal") return null;
      const list = Array.isArray(target) ? target : target === null ? [] : [target];
      return filtered(
        list,
        (item) => test(new Scope(itemValues(item), scope)),
        () => test(scope),
      );
    };
  }

  range({ start, end, startIncluded, endIncluded, loop }) {
    const [from, to] = [start && this.compile(start), end && this.compile(end)];
    return (scope) => {
      const [low, high] = [from ? from(scope) : undefined, to ? to(scope) : undefined];
      return !loop && compare(low, high) === 1 ? null : rangeOf(low, high, startIncluded, endIncluded);
    };
  }

  openRange({ operator, value }) {
    const one = this.compile(value);
    return (scope) => OPEN[operator](one(scope));
  }

  list({ items }) {
    const all = items.map((item) => this.compile(item));
    return (scope) => all.map((item) => item(scope));
  }

  context({ entries }) {
    const all = entries.map(({ key, value }) => [key, this.compile(value)]);
    const twice = new Set(entries.map(({ key }) => key)).size < entries.length;
    return (scope) => {
      if (twice) return null;
      const context = contextOf([]);
      const inside = new Scope(context, scope);
      for (const [key, value] of all) context[key] = value(inside);
      return context;
    };
  }

  // ---- control ----------------------------------------------------------------------------------------

  if({ condition, then, otherwise }) {
    const [test, one, other] = [condition, then, otherwise].map((node) => this.compile(node));
    return (scope) => (test(scope) === true ? one(scope) : other(scope));
  }

  for({ iterators, result }) {
    const over = this.iterators(iterators);
    const one = this.compile(result);
    return (scope) => {
      const partial = [];
      const done = turns(over, scope, (inside) => {
        partial.push(one(inside.with("partial", partial)));
      });
      return done ? partial : null;
    };
  }

  quantified({ every, iterators, condition }) {
    const over = this.iterators(iterators);
    const test = this.compile(condition);
    return (scope) => {
      const results = [];
      const done = turns(over, scope, (inside) => results.push(test(inside)));
      return done ? (every ? allOf(results) : anyOf(results)) : null;
    };
  }

  iterators(iterators) {
    return iterators.map(({ name, over }) => ({ name, over: this.compile(over), range: over.is === "range" }));
  }

  function({ parameters, body, external }) {
    if (external) return () => null;
    const typed = parameters.map(({ name, type }) => ({ name, type: resolve(type, this.named) }));
    const run = this.compile(body);
    return (scope) => closure(typed, run, scope);
  }

  call({ called, given, named }) {
    const one = this.compile(called);
    const args = given?.map((node) => this.compile(node));
    const entries = named?.map(({ name, value }) => [name, this.compile(value)]);
    return (scope) => {
      const target = one(scope);
      return args
        ? call(
            target,
            args.map((arg) => arg(scope)),
          )
        : callNamed(
            target,
            entries.map(([name, value]) => [name, value(scope)]),
          );
    };
  }
}

// ---- functions ------------------------------------------------------------------------------------------

export function closure(parameters, run, scope, result) {
  const made = new Func(parameters, (args) =>
    run(new Scope(contextOf(parameters.map(({ name }, index) => [name, args[index]])), scope)),
  );
  made.result = result;
  return made;
}

export function call(target, args) {
  if (!(target instanceof Func)) return null;
  if (target.choose) return target.choose(args);
  if (args.length !== target.parameters.length) return null;
  const fitting = args.map((arg, index) => asType(arg, target.parameters[index].type ?? ANY));
  return fitting.includes(undefined) ? null : target.run(fitting);
}

export function callNamed(target, entries) {
  if (!(target instanceof Func)) return null;
  if (target.chooseNamed) return target.chooseNamed(entries);
  const given = new Map(entries);
  const names = target.parameters.map(({ name }) => name);
  if (given.size !== names.length || !names.every((name) => given.has(name))) return null;
  return call(
    target,
    names.map((name) => given.get(name)),
  );
}

// ---- tests ----------------------------------------------------------------------------------------------

const ordering = (holds) => (a, b) => {
  const order = compare(a, b);
  return order === null ? null : holds(order);
};

const not = (value) => (value === null ? null : !value);

export const TESTS = {
  "=": equal,
  "!=": (a, b) => not(equal(a, b)),
  "<": ordering((order) => order < 0),
  "<=": ordering((order) => order <= 0),
  ">": ordering((order) => order > 0),
  ">=": ordering((order) => order >= 0),
};

const OPEN = {
  "=": (value) => Object.assign(new Range(value, value, true, true), { isPoint: true }),
  "!=": () => null,
  "<": (value) => rangeOf(undefined, value, false, false),
  "<=": (value) => rangeOf(undefined, value, false, true),
  ">": (value) => rangeOf(value, undefined, false, false),
  ">=": (value) => rangeOf(value, undefined, true, false),
};

const anyOf = (results) => {
  if (results.includes(true)) return true;
  return results.every((result) => result === false) ? false : null;
};

const allOf = (results) => {
  if (results.includes(false)) return false;
  return results.every((result) => result === true) ? true : null;
};

// `value in wanted`: in a range, in a list (or one of its ranges), or equal.
function isIn(value, wanted, asks = false) {
  if (wanted instanceof Range && !(value instanceof Range)) return wanted.includes(value);
  if (Array.isArray(wanted)) {
    if (Array.isArray(value) && equal(value, wanted) === true) return true;
    return wanted.some(
      (one) => (one instanceof Range && !(value instanceof Range) ? one.includes(value) : equal(value, one)) === true,
    );
  }
  if (asks && typeof wanted === "boolean") return wanted;
  return equal(value, wanted);
}

export function readsInput(node) {
  if (node === null || typeof node !== "object") return false;
  if (node.is === "name" && node.name === "?") return true;
  return Object.values(node).some((part) => (Array.isArray(part) ? part.some(readsInput) : readsInput(part)));
}

// ---- filters and ranges ----------------------------------------------------------------------------------

// Inside a filter, the item is `item`, and the entries of a context stand for themselves.
function itemValues(item) {
  if (kindOf(item) !== "context") return contextOf([["item", item]]);
  return "item" in item ? item : Object.assign(contextOf([["item", item]]), item);
}

export function filtered(list, test, alone) {
  const results = list.map(test);
  const first = list.length ? results[0] : alone();
  if (typeof first === "number" && results.every((result) => result === first)) {
    return list[first < 0 ? list.length + first : first - 1] ?? null;
  }
  if (list.length && !results.every((result) => typeof result === "boolean" || result === null)) return null;
  return list.filter((_item, index) => results[index] === true);
}

export function rangeOf(start, end, startIncluded, endIncluded) {
  if (start !== undefined && end !== undefined && start !== null && end !== null && compare(start, end) === null)
    return null;
  if (start === null && end === null) return null;
  for (const one of [start, end]) if (one !== undefined && one !== null && compare(one, one) === null) return null;
  return new Range(start, end, startIncluded, endIncluded);
}

// ---- loops ----------------------------------------------------------------------------------------------

// The items that a loop walks: of a list, or of a range of whole numbers or days, up or down.
export function itemsOf(value, literal = false) {
  if (Array.isArray(value)) return value;
  if (!(value instanceof Range)) return literal || value === null ? null : [value];
  const { start, end } = value;
  const ofDays = start instanceof FeelDate && end instanceof FeelDate;
  if (!ofDays && !(Number.isInteger(start) && Number.isInteger(end))) return null;
  const [from, to] = ofDays ? [start.number, end.number] : [start, end];
  const size = Math.abs(to - from) + 1;
  if (size > MOST) throw new TooSlow();
  const direction = to < from ? -1 : 1;
  const steps = Array.from({ length: size }, (_, index) => index * direction);
  const items = steps.map((by) => (ofDays ? start.plusSeconds(by * 86400) : from + by));
  return items.slice(value.startIncluded ? 0 : 1, value.endIncluded ? size : size - 1);
}

// Run the body once for each combination; false when something to walk is not a list.
export function turns(iterators, scope, body, left = { turns: MOST }) {
  if (!iterators.length) {
    if (left.turns-- <= 0) throw new TooSlow();
    body(scope);
    return true;
  }
  const [{ name, over: source, range }, ...rest] = iterators;
  const items = itemsOf(source(scope), range);
  if (items === null) return false;
  return items.every((item) => turns(rest, scope.with(name, item), body, left));
}
