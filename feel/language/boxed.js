// Boxed expressions (DMN 1.5, 10.2): contexts, invocations, relations, lists, functions, tables... -> closures.
//
// A box is {is, at, ...}; `at` says to the caller where it stands in his document. Boxes that cannot be read become
// null and are told in `problems`, so that a document is refused with all its faults, not with the first.

import { Compiler, Scope, callNamed, closure, filtered, turns } from "./evaluate.js";
import { BUILTINS } from "./functions.js";
import { Parser } from "./parse.js";
import { readsClock, walk } from "./reads.js";
import { tableOf } from "./table.js";
import { ANY, asType, resolve } from "./types.js";
import { contextOf } from "./values.js";
import { Unreadable, evenName } from "./words.js";

const NOTHING = () => null;

export class Boxes {
  constructor(names, types) {
    this.types = types;
    this.own = (name) => names.has(name) || BUILTINS.has(name) || types.has(name);
    this.compiler = new Compiler(types);
    this.problems = [];
    this.overlaps = []; // [rule, rule]: places of two that hold together
  }

  // known: the names that mean something where the box stands; it is not changed.
  box(box, known) {
    return box ? this.typed(this[box.is](box, known), box.is === "function" ? null : box.type) : NOTHING;
  }

  tell(box, code, { from = 0, to = 0, near = "" } = {}) {
    this.problems.push({ at: box.at, code, from, to, near });
    return NOTHING;
  }

  read(box, text, known, top = "whole") {
    try {
      const tree = new Parser(text, { has: (name) => known.has(name) || this.own(name) })[top]();
      this.check(box, tree, known);
      return tree;
    } catch (problem) {
      if (!(problem instanceof Unreadable)) throw problem;
      this.tell(box, "syntax", { ...problem, near: text.slice(problem.from, problem.from + 12) });
      return null;
    }
  }

  text(box, known) {
    const tree = this.read(box, box.text, known);
    return tree ? this.compiler.compile(tree) : NOTHING;
  }

  // A name that nothing gives is null at run time, and a mistake when it is drawn.
  check(box, tree, known) {
    const missing = (node) => {
      if (known.has(node.name)) return;
      if (readsClock(node)) this.tell(box, "clock", { ...node, near: node.name });
      else if (!BUILTINS.has(node.name) && !known.open) this.tell(box, "name", { ...node, near: node.name });
    };
    walk(tree, { name: (root, _path, inFilter, bound) => inFilter || bound || missing(root), called: missing }, ["?"]);
  }

  // Tests of a cell, as (scope with "?", input) => true, false or null; each alone for an order of preference.
  cell(box, text, known) {
    const tree = this.read(box, text, new Set([...known, "?"]), "unaryTests");
    if (!tree) return null;
    return Object.assign((scope, input) => this.compiled(tree)(scope, input), { tree });
  }

  compiled(tree) {
    return (tree.run ??= this.compiler.compile(tree));
  }

  preferences(box, text, known) {
    const tree = this.read(box, text, new Set([...known, "?"]), "unaryTests");
    const tests = tree?.tests?.map((test) => this.compiler.compile(test)) ?? [];
    return (scope, value) => {
      const found = tests.findIndex((test) => test(scope.with("?", value), value) === true);
      return found < 0 ? Infinity : found;
    };
  }

  // The value as the type that the document states, or null.
  typed(run, type) {
    const wanted = resolve(type, this.types);
    if (wanted === ANY || wanted.name === "Any") return run;
    return (scope) => asType(run(scope), wanted) ?? null;
  }

  context({ entries, result }, known) {
    const inside = new Set(known);
    const all = entries.map((entry) => {
      const run = this.typed(this.box(entry.logic, inside), entry.type);
      inside.add(evenName(entry.name));
      return [entry.name, run];
    });
    const last = result && this.box(result, inside);
    return (scope) => {
      const context = contextOf([]);
      const inner = new Scope(context, scope);
      for (const [name, run] of all) context[name] = run(inner);
      return last ? last(inner) : context;
    };
  }

  invocation({ called, bindings }, known) {
    const target = this.box(called, known);
    const all = bindings.map(({ name, type, logic }) => [evenName(name), this.typed(this.box(logic, known), type)]);
    return (scope) =>
      callNamed(
        target(scope),
        all.map(([name, run]) => [name, run(scope)]),
      );
  }

  list({ items }, known) {
    const all = items.map((item) => this.box(item, known));
    return (scope) => all.map((item) => item(scope));
  }

  relation({ columns, rows }, known) {
    const all = rows.map((row) => row.map((cell) => this.box(cell, known)));
    return (scope) => all.map((row) => contextOf(row.map((cell, index) => [columns[index], cell(scope)])));
  }

  function({ parameters, logic, type }, known) {
    const typed = parameters.map((one) => ({ name: evenName(one.name), type: resolve(one.type, this.types) }));
    const run = this.box(logic, new Set([...known, ...typed.map(({ name }) => name)]));
    const result = resolve(type, this.types);
    return (scope) => closure(typed, run, scope, result);
  }

  if({ condition, then, otherwise }, known) {
    const [test, one, other] = [condition, then, otherwise].map((box) => this.box(box, known));
    return (scope) => {
      const holds = test(scope);
      if (holds !== null && typeof holds !== "boolean") return null;
      return holds ? one(scope) : other(scope);
    };
  }

  filter({ over, match }, known) {
    const list = this.box(over, known);
    const test = this.box(match, Object.assign(new Set([...known, "item"]), { open: true }));
    return (scope) => {
      const items = list(scope);
      if (items === null) return null;
      return filtered(
        Array.isArray(items) ? items : [items],
        (item) => test(itemScope(item, scope)),
        () => test(scope),
      );
    };
  }

  for({ name, over, result }, known) {
    const source = this.box(over, known);
    const run = this.box(result, new Set([...known, evenName(name), "partial"]));
    return (scope) => {
      const partial = [];
      const iterators = [{ name: evenName(name), over: source, range: false }];
      const done = turns(iterators, scope, (inside) => partial.push(run(inside.with("partial", partial))));
      return done ? partial : null;
    };
  }

  some(box, known) {
    return this.quantified(box, known, true);
  }

  every(box, known) {
    return this.quantified(box, known, false);
  }

  quantified({ name, over, match }, known, winner) {
    const source = this.box(over, known);
    const test = this.box(match, new Set([...known, evenName(name)]));
    return (scope) => {
      const results = [];
      const done = turns([{ name: evenName(name), over: source, range: false }], scope, (inside) =>
        results.push(test(inside)),
      );
      if (!done || results.some((result) => result !== null && typeof result !== "boolean")) return null;
      if (results.includes(winner)) return winner;
      return results.every((result) => result === !winner) ? !winner : null;
    };
  }

  table(box, known) {
    return tableOf(this, box, known);
  }
}

const itemScope = (item, scope) => {
  const own = item !== null && typeof item === "object" && !Array.isArray(item) && Object.getPrototypeOf(item) === null;
  return (own ? new Scope(item, scope) : scope).with("item", item);
};
