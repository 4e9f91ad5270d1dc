// How points and ranges lie to one another (DMN 1.5, 10.3.4.8), and range("[1..3]").

import { Parser } from "./parse.js";
import { Range, compare } from "./values.js";
import { Compiler, Scope } from "./evaluate.js";
import { BUILTINS } from "./functions.js";
import { Unreadable } from "./words.js";

const asRange = (value) => (value instanceof Range ? value : new Range(value, value, true, true));
const isOpen = (value) => value.start === undefined || value.end === undefined;

// Compares two ends; null when there is no order, and an open end is never equal to another.
const versus = (a, b) => (a === undefined || b === undefined ? null : compare(a, b));

// a ends before b starts.
function before(a, b) {
  const [left, right] = [asRange(a), asRange(b)];
  const order = versus(left.end, right.start);
  if (order === null) return null;
  return order < 0 || (order === 0 && !(left.endIncluded && right.startIncluded));
}

const meets = (a, b) => {
  const order = versus(a.end, b.start);
  return order === null ? null : order === 0 && a.endIncluded && b.startIncluded;
};

// The lower of two starts, the higher of two ends: an end that is included reaches further.
const byStart = (a, b) => {
  const order = versus(a.start, b.start);
  return order || (order === null ? null : Number(b.startIncluded) - Number(a.startIncluded));
};
const byEnd = (a, b) => {
  const order = versus(a.end, b.end);
  return order || (order === null ? null : Number(a.endIncluded) - Number(b.endIncluded));
};

const overlaps = (a, b) => {
  const [one, other] = [before(a, b), before(b, a)];
  return one === null || other === null ? null : !one && !other;
};

const both = (...truths) => (truths.includes(null) ? null : truths.every(Boolean));

const overlapsBefore = (a, b) => {
  const [start, end] = [byStart(a, b), byEnd(a, b)];
  return start === null || end === null ? null : both(overlaps(a, b), start < 0, end <= 0);
};
const overlapsAfter = (a, b) => {
  const [start, end] = [byStart(a, b), byEnd(a, b)];
  return start === null || end === null ? null : both(overlaps(a, b), start > 0, end >= 0);
};

function includes(a, b) {
  if (!(b instanceof Range)) return a.includes(b);
  const [start, end] = [byStart(a, b), byEnd(a, b)];
  return start === null || end === null ? null : start <= 0 && end >= 0;
}

function finishes(a, b) {
  const point = asRange(a);
  const order = versus(point.end, b.end);
  if (order === null) return null;
  const start = a instanceof Range ? byStart(b, a) : -1;
  return order === 0 && point.endIncluded === b.endIncluded && start !== null && start <= 0;
}

function starts(a, b) {
  const point = asRange(a);
  const order = versus(point.start, b.start);
  if (order === null) return null;
  const end = a instanceof Range ? byEnd(a, b) : -1;
  return order === 0 && point.startIncluded === b.startIncluded && end !== null && end <= 0;
}

function coincides(a, b) {
  const [left, right] = [asRange(a), asRange(b)];
  const [start, end] = [versus(left.start, right.start), versus(left.end, right.end)];
  if (start === null || end === null) return null;
  return (
    start === 0 && end === 0 && left.startIncluded === right.startIncluded && left.endIncluded === right.endIncluded
  );
}

export const INTERVALS = {
  before: ["a:any, b:any", before],
  after: ["a:any, b:any", (a, b) => before(b, a)],
  meets: ["range1:range, range2:range", meets],
  "met by": ["range1:range, range2:range", (a, b) => meets(b, a)],
  overlaps: ["range1:range, range2:range", overlaps],
  "overlaps before": ["range1:range, range2:range", overlapsBefore],
  "overlaps after": ["range1:range, range2:range", overlapsAfter],
  finishes: ["a:any, range:range", finishes],
  "finished by": ["range:range, b:any", (a, b) => finishes(b, a)],
  includes: ["range:range, b:any", includes],
  during: ["a:any, range:range", (a, b) => includes(b, a)],
  starts: ["a:any, range:range", starts],
  "started by": ["range:range, b:any", (a, b) => starts(b, a)],
  coincides: ["a:any, b:any", coincides],
};

// ---- range("[1..3]"): only what is written out, no names and no reckoning --------------------------------

const CALLS = new Set(["date", "time", "date and time", "duration"]);

function isWritten(node) {
  if (node === null || node.is === "literal" || node.is === "at")
    return node === null || typeof node.value !== "boolean";
  if (node.is === "negate") return node.value.is === "literal";
  if (node.is !== "call" || node.called.is !== "name" || !CALLS.has(node.called.name)) return false;
  return node.given?.every((one) => one.is === "literal") ?? false;
}

export function rangeFrom(text) {
  try {
    const tree = new Parser(text, BUILTINS).whole();
    if (tree.is !== "range" || !isWritten(tree.start) || !isWritten(tree.end)) return null;
    const made = new Compiler().compile(tree)(new Scope({}));
    return made && !isOpen(made) ? made : openOrNothing(made, tree);
  } catch (problem) {
    if (problem instanceof Unreadable) return null;
    throw problem;
  }
}

// "[..2]" has no start, and then does not include it.
function openOrNothing(made, tree) {
  if (!made || (!tree.start && tree.startIncluded) || (!tree.end && tree.endIncluded)) return null;
  return made;
}
