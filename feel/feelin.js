// FEEL as this house speaks it: feelin, made deterministic, with parsed expressions kept.
//
// The same bundle serves V8 on the server (feel/v8.py) and the browser. It sets one global, `feel`, with
//   feel.run(text)      [[kind, expression, context, temporals]...] -> [{v}|{e, m}...], both as JSON text
//   feel.analyse(text)  [kind, expression] -> {names, maybe} | {e, m, from, to}, both as JSON text
//   feel.learn(text), feel.decide(text)   decision models: see language/decisions.js
// where kind is "expression" or "unary", and temporals says which places of a context are dates: [path, type, ISO text].

import { date, duration, evaluate, unaryTest } from "@bpmn-io/feelin";
import { parser } from "@bpmn-io/lezer-feel";
import { decide, learn } from "./language/decisions.js";
import { DateTime, Duration, FixedOffsetZone, Settings, SystemZone } from "luxon";

const VIETNAM = 420; // minutes; the country has had one zone, without summer time, since 1975
const KEPT = 4000;
const LONGEST = 200000;

// ---- the same answer on every machine, on every day --------------------------------------------------

Settings.now = () => 0;
SystemZone.prototype.offset = () => VIETNAM;
SystemZone.prototype.formatOffset = (_ts, format) => FixedOffsetZone.instance(VIETNAM).formatOffset(0, format);

// feelin takes the UTC day of a date and time. A hearing at 06:30 in Thanh Hoa is not on the day before.
const setZone = DateTime.prototype.setZone;
DateTime.prototype.setZone = function (zone, options) {
  return setZone.call(this, zone, zone === "utc" ? { keepLocalTime: true } : options);
};

// ---- each expression is parsed once ---------------------------------------------------------------------

// feelin parses at every evaluation, with the names of the context, so that names may hold spaces. Ours may not:
// without them the tree depends on the text alone and can be kept.
const parsers = {};
const configure = parser.configure.bind(parser);
const plain = (top) => (parsers[top] ??= { lezer: configure({ top }), trees: new Map() });
const parse = (top, text) => {
  const { lezer, trees } = plain(top);
  let tree = trees.get(text);
  if (!tree) {
    if (trees.size >= KEPT) trees.clear();
    trees.set(text, (tree = lezer.parse(text)));
  }
  return tree;
};
parser.configure = ({ top }) => ({ parse: (text) => parse(top, text) });

const TOP = { expression: "Expression", unary: "UnaryTests" };

// ---- values in and out ----------------------------------------------------------------------------------

const SPEAK = {
  date: (text) => date(text),
  datetime: (text) => date(text),
  time: (text) => date(null, text),
  duration: (text) => duration(text),
};

function place(context, [path, type, text]) {
  const last = path.length - 1;
  let owner = context;
  for (let i = 0; i < last; i++) owner = owner[path[i]];
  owner[path[last]] = SPEAK[type](text);
}

function plainDateTime(value) {
  if (value.year === 1900 && value.month === 1 && value.day === 1) return value.toFormat("HH:mm:ss");
  const midnight = value.hour + value.minute + value.second + value.millisecond === 0;
  return midnight && value.zone === FixedOffsetZone.utcInstance
    ? value.toISODate()
    : value.toISO({ suppressMilliseconds: true });
}

function plainDuration(value) {
  const years = value.years || value.quarters || value.months;
  return (years ? value : value.shiftTo("days", "hours", "minutes", "seconds")).toISO();
}

function plainValue(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (DateTime.isDateTime(value)) return plainDateTime(value);
  if (Duration.isDuration(value)) return plainDuration(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item)]));
  }
  throw new Error("not a value");
}

function runOne([kind, expression, context, temporals]) {
  try {
    temporals.forEach((temporal) => place(context, temporal));
    const said = kind === "unary" ? unaryTest(expression, context) : evaluate(expression, context);
    return { v: plainValue(said.value) };
  } catch (error) {
    return { e: "failed", m: String(error && error.message) };
  }
}

function run(text) {
  const answer = JSON.stringify(JSON.parse(text).map(runOne));
  return answer.length > LONGEST ? JSON.stringify({ e: "too_long" }) : answer;
}

// ---- what an expression reads ---------------------------------------------------------------------------

const CLOCK = new Set(["now", "today"]);

class Refused extends Error {
  constructor(code, node, name) {
    super(name);
    Object.assign(this, { code, from: node.from, to: node.to });
  }
}

class Reading {
  constructor(text) {
    this.text = text;
    this.names = new Set();
    this.maybe = new Set(); // inside a filter, where a name may also be a key of the row
  }

  name(node) {
    return this.text.slice(node.from, node.to).replace(/\s+/g, " ");
  }

  // The dotted path a node stands for, or null. Names bound by some, every and for stand for the list they walk.
  path(node, scope) {
    if (node.name === "VariableName") {
      const name = this.name(node);
      return scope.bound.has(name) ? scope.bound.get(name) : name;
    }
    if (node.name === "ParenthesizedExpression") return this.path(node.firstChild.nextSibling, scope);
    if (node.name === "FilterExpression") return this.path(node.firstChild, scope);
    if (node.name !== "PathExpression") return null;
    const owner = this.path(node.firstChild, scope);
    return owner === null ? null : `${owner}.${this.name(node.lastChild)}`;
  }

  root(node) {
    while (node.name !== "VariableName") {
      node = node.name === "ParenthesizedExpression" ? node.firstChild.nextSibling : node.firstChild;
    }
    return node;
  }

  record(node, scope) {
    const path = this.path(node, scope);
    if (path === null) return;
    const root = this.root(node);
    const name = this.name(root);
    const bound = scope.bound.has(name);
    if (!bound && CLOCK.has(name)) throw new Refused("clock", root, name);
    (scope.filter && !bound ? this.maybe : this.names).add(path);
  }

  visit(node, scope) {
    if (node.type.isError) throw new Refused("syntax", node, "");
    const how = this[`in${node.name}`];
    if (how) how.call(this, node, scope);
    else this.children(node, scope);
  }

  children(node, scope) {
    for (let child = node.firstChild; child; child = child.nextSibling) this.visit(child, scope);
  }

  inVariableName(node, scope) {
    this.record(node, scope);
  }

  inPathExpression(node, scope) {
    if (this.path(node, scope) === null) this.visit(node.firstChild, scope);
    else {
      this.record(node, scope);
      this.filters(node.firstChild, scope);
    }
  }

  // The filters along a path that is recorded already as a whole.
  filters(node, scope) {
    if (node.name === "FilterExpression") this.inFilter(node, scope);
    if (node.name === "ParenthesizedExpression") this.filters(node.firstChild.nextSibling, scope);
    else if (node.name !== "VariableName") this.filters(node.firstChild, scope);
  }

  inFilter(node, scope) {
    const rows = this.path(node.firstChild, scope);
    if (rows !== null) this.maybe.add(rows); // the filter may read any key of them
    const bound = new Map(scope.bound).set("item", rows);
    const inside = { bound, filter: true };
    for (let child = node.firstChild.nextSibling; child; child = child.nextSibling) this.visit(child, inside);
  }

  inFilterExpression(node, scope) {
    this.visit(node.firstChild, scope);
    this.inFilter(node, scope);
  }

  inFunctionInvocation(node, scope) {
    const called = node.firstChild;
    const name = this.name(called);
    if (called.name !== "VariableName" || scope.bound.has(name)) this.visit(called, scope);
    else if (CLOCK.has(name)) throw new Refused("clock", called, name);
    else if (evaluate(name, {}).value === null) throw new Refused("function", called, name);
    for (let child = called.nextSibling; child; child = child.nextSibling) this.visit(child, scope);
  }

  inNamedParameter(node, scope) {
    this.visit(node.lastChild, scope);
  }

  inType() {}

  // some x in rows satisfies ...; for x in rows return ...: each list may use the names bound before it.
  inQuantifiedExpression(node, scope) {
    const inside = { ...scope, bound: new Map(scope.bound).set("partial", null) };
    this.children(node, inside);
  }

  inForExpression(node, scope) {
    this.inQuantifiedExpression(node, scope);
  }

  inInExpression(node, scope) {
    const list = node.lastChild;
    this.children(list, scope);
    const only = list.firstChild && !list.firstChild.nextSibling ? list.firstChild : null;
    scope.bound.set(this.name(node.firstChild), only && this.path(only, scope));
  }

  inContext(node, scope) {
    this.children(node, { ...scope, bound: new Map(scope.bound) });
  }

  inContextEntry(node, scope) {
    this.visit(node.lastChild, scope);
    scope.bound.set(this.name(node.firstChild), null);
  }

  inFunctionDefinition(node, scope) {
    const bound = new Map(scope.bound);
    node.getChild("FormalParameters")?.getChildren("FormalParameter").forEach((p) => bound.set(this.name(p), null));
    this.visit(node.lastChild, { ...scope, bound });
  }
}

function analyse(request) {
  const [kind, text] = JSON.parse(request);
  const reading = new Reading(text);
  try {
    reading.visit(parse(TOP[kind], text).topNode, { bound: new Map(), filter: false });
    return JSON.stringify({ names: [...reading.names], maybe: [...reading.maybe] });
  } catch (error) {
    if (error instanceof Refused) {
      return JSON.stringify({ e: error.code, m: error.message, from: error.from, to: error.to });
    }
    return JSON.stringify({ e: "failed", m: String(error && error.message) });
  }
}

globalThis.feel = { run, analyse, learn, decide };
