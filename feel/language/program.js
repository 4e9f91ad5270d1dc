// A decision model as a program: elements that need one another, each computed at most once in a run.
//
// A model is {names, types: {name: {base, is_list, allowed, constraint, at}}, elements: {key: element}}; an element is
//   {kind: "input", name, type}
//   {kind: "decision", name, type, needs, logic}
//   {kind: "knowledge", name, type, needs, parameters, logic}
//   {kind: "service", name, type, parameters: [key], outputs: [key]}
// with needs: [{key, as: [name] or [import, name]}].

import { Scope } from "./evaluate.js";
import { Boxes } from "./boxed.js";
import { Problem, traceScope } from "./table.js";
import { ANY, asType, resolve } from "./types.js";
import { Func, contextOf } from "./values.js";
import { evenName } from "./words.js";

const DEEPEST = 60;

function typesOf(boxes, model) {
  const named = boxes.types;
  for (const name of Object.keys(model.types)) named.set(name, { base: ANY });
  for (const [name, item] of Object.entries(model.types)) Object.assign(named.get(name), itemOf(boxes, item));
}

// The parts of a type are items too, without a name.
function itemOf(boxes, { base, is_list: isList, allowed, constraint, at }) {
  for (const part of Object.values(base.fields ?? {})) part.item.made = itemOf(boxes, part.item);
  const test = (text) => {
    const cell = text && boxes.cell({ at }, text, new Set());
    return cell && ((value) => cell(traceScope(null).with("?", value), value) === true);
  };
  return { base: resolve(base, boxes.types), isList, allowed: test(allowed), constraint: test(constraint) };
}

export class Program {
  constructor(model) {
    this.elements = model.elements;
    this.boxes = new Boxes(new Set(model.names.map(evenName)), new Map());
    typesOf(this.boxes, model);
    this.types = new Map();
    this.runs = new Map();
    this.sees = new Map();
    for (const [key, element] of Object.entries(model.elements)) {
      this.sees.set(
        key,
        (element.needs ?? []).map((need) => ({ key: need.key, names: need.as.map(evenName) })),
      );
      this.types.set(key, resolve(element.type, this.boxes.types));
      if (element.logic) this.runs.set(key, this.boxes.box(element.logic, this.knownTo(element)));
    }
  }

  get problems() {
    return this.boxes.problems;
  }

  get overlaps() {
    return this.boxes.overlaps;
  }

  knownTo({ needs, parameters = [] }) {
    return new Set([...needs.map(({ as }) => evenName(as[0])), ...parameters.map(({ name }) => evenName(name))]);
  }

  // given: key -> value of an input, or of a decision that is not to be computed.
  run(key, given) {
    const trace = { matched: [], problems: [] };
    const value = this.start(trace, given).value(key);
    return { value, ...trace };
  }

  start(trace, given) {
    const run = new Run(this, trace, []);
    for (const [key, value] of given) run.known.set(key, run.typed(key, value));
    return run;
  }

  // A decision service or a piece of knowledge, with arguments by name.
  invoke(key, named, given) {
    const trace = { matched: [], problems: [] };
    const target = this.start(trace, given).value(key);
    const names = target.parameters.map(({ name }) => name);
    const args = names.map((name) => named[name] ?? null);
    return { value: target.checked(args), ...trace };
  }
}

class Run {
  constructor(program, trace, given, depth = { at: 0 }) {
    Object.assign(this, { program, trace, depth });
    this.known = new Map(given);
    this.running = new Set();
  }

  value(key) {
    if (!this.known.has(key)) {
      if (this.running.has(key)) throw new Error("a decision needs itself");
      this.running.add(key);
      this.known.set(key, this.compute(key));
      this.running.delete(key);
    }
    return this.known.get(key);
  }

  compute(key) {
    const element = this.program.elements[key];
    if (element.kind === "input") return null;
    if (element.kind === "service") return this.service(key, element);
    const run = this.program.runs.get(key);
    if (element.kind === "knowledge") return this.knowledge(key, element, run);
    return run ? this.typed(key, run(this.scopeOf(key))) : null;
  }

  // What an element sees: what it needs, under its name, or under the name of the import it came with.
  scopeOf(element) {
    const values = contextOf([]);
    for (const { key, names } of this.program.sees.get(element)) {
      const [first, second] = names;
      if (second === undefined) values[first] = this.value(key);
      else (values[first] ??= contextOf([]))[second] = this.value(key);
    }
    return new Scope(values, traceScope(this.trace));
  }

  typed(key, value) {
    const wanted = asType(value, this.program.types.get(key));
    if (wanted !== undefined) return wanted;
    this.trace.problems.push(new Problem("type", key));
    return null;
  }

  // It may need itself: what it sees is looked up when it is first called.
  knowledge(key, element, run) {
    const { types } = this.program.boxes;
    const typed = element.parameters.map(({ name, type }) => ({ name: evenName(name), type: resolve(type, types) }));
    let scope = null;
    const made = new Func(typed, (args) =>
      this.deeper(() => {
        scope ??= this.scopeOf(key);
        const values = contextOf(typed.map(({ name }, index) => [name, args[index]]));
        return run ? this.typed(key, run(new Scope(values, scope))) : null;
      }),
    );
    made.result = this.program.types.get(key);
    return this.callable(made);
  }

  service(key, { parameters, outputs }) {
    const { elements, types } = this.program;
    const typed = parameters.map((one) => ({ name: evenName(elements[one].name), type: types.get(one) }));
    const made = new Func(typed, (args) =>
      this.deeper(() => {
        const given = new Map(parameters.map((one, index) => [one, args[index]]));
        const inner = new Run(this.program, this.trace, given, this.depth);
        const values = outputs.map((one) => [elements[one].name, inner.value(one)]);
        return this.typed(key, values.length === 1 ? values[0][1] : contextOf(values));
      }),
    );
    made.result = types.get(key);
    return this.callable(made);
  }

  callable(made) {
    made.checked = (args) => {
      const fitting = args.map((arg, index) => asType(arg, made.parameters[index].type));
      return fitting.includes(undefined) ? null : made.run(fitting);
    };
    return made;
  }

  deeper(run) {
    if (++this.depth.at > DEEPEST) throw new Error("too deep");
    try {
      return run();
    } finally {
      this.depth.at -= 1;
    }
  }
}
