// Rules of a table that surely hold together for some input: told when a table is read, before anybody meets them.
//
// Only what is written out is judged: constants, ranges and comparisons with them. A cell that computes may exclude
// what its neighbours allow, so nothing is said of it.

import { Scope } from "./evaluate.js";
import { walk } from "./reads.js";
import { Range, compare, contextOf, equal } from "./values.js";

const MOST_RULES = 600;
const MOST_TOLD = 20;
const NOTHING = new Scope(contextOf([]));
const EVERYTHING = [new Range(undefined, undefined, false, false)];

const point = (value) => new Range(value, value, true, true);
const COMPARED = {
  "=": point,
  "<": (value) => new Range(undefined, value, false, false),
  "<=": (value) => new Range(undefined, value, false, true),
  ">": (value) => new Range(value, undefined, false, false),
  ">=": (value) => new Range(value, undefined, true, false),
};

function isConstant(tree) {
  let reads = false;
  walk(tree, { name: () => (reads = true), called: () => {} });
  return !reads;
}

// The ranges that a test lets through, or null where that depends.
function rangesOf(test, compiler) {
  const tree = test.right ?? test.value;
  if (!isConstant(tree)) return null;
  const value = compiler.compile(tree)(NOTHING);
  if (value === null) return null;
  if (test.is === "testCompare") return COMPARED[test.operator] ? [COMPARED[test.operator](value)] : null;
  const values = Array.isArray(value) ? value : [value];
  return values.map((one) => (one instanceof Range ? one : point(one)));
}

export function cellRanges(tree, compiler) {
  if (!tree || tree.is === "any") return tree && EVERYTHING;
  if (tree.negated) return null;
  const all = tree.tests.map((test) => rangesOf(test, compiler));
  return all.includes(null) ? null : all.flat();
}

const isPoint = ({ start, end }) => start !== undefined && start === end;

function meet(a, b) {
  if (isPoint(a) && isPoint(b)) return equal(a.start, b.start) === true;
  return below(a, b) && below(b, a);
}

// a begins before b has ended.
function below(a, b) {
  if (a.start === undefined || b.end === undefined) return true;
  const order = compare(a.start, b.end);
  return order !== null && (order < 0 || (order === 0 && a.startIncluded && b.endIncluded));
}

const together = (one, other) =>
  one.every((ranges, column) => ranges && other[column]?.some((b) => ranges.some((a) => meet(a, b))));

// rules: [{at, ranges: [ranges of each cell], results}] -> [[at, at]]
export function overlaps(rules, sameResultIsFine) {
  const found = [];
  if (rules.length > MOST_RULES) return found;
  for (let i = 0; i < rules.length; i++) {
    for (let j = i + 1; j < rules.length && found.length < MOST_TOLD; j++) {
      const agree = sameResultIsFine && rules[i].results === rules[j].results;
      if (!agree && together(rules[i].ranges, rules[j].ranges)) found.push([rules[i].at, rules[j].at]);
    }
  }
  return found;
}
