// FEEL as this house speaks it: one bundle for the server's V8 (feel/v8.py). It sets one global, `feel`, with
//   feel.run(text)      [[kind, expression, context, temporals]...] -> [{v}|{e, m}...], both as JSON text
//   feel.analyse(text)  [kind, expression] -> {names, maybe} | {e, m, from, to}, both as JSON text
//   feel.learn(text), feel.decide(text)   decision models: see language/decisions.js
// where kind is "expression" or "unary", and temporals says which places of a context are dates: [path, type, ISO text].

import { decide, failure, learn } from "./language/decisions.js";
import { Compiler, Scope } from "./language/evaluate.js";
import { BUILTINS, setClock } from "./language/functions.js";
import { Parser } from "./language/parse.js";
import { readsClock, walk } from "./language/reads.js";
import { FeelDateTime } from "./language/temporal.js";
import { contextOf } from "./language/values.js";
import { received, sent } from "./language/wire.js";
import { Unreadable } from "./language/words.js";

const KEPT = 4000;
const LONGEST = 200000;
const TOP = { expression: "whole", unary: "unaryTests" };

// ---- each expression is parsed once ---------------------------------------------------------------------

const compiler = new Compiler();
const kept = { expression: new Map(), unary: new Map() };

function compiled(kind, text) {
  const known = kept[kind];
  let entry = known.get(text);
  if (!entry) {
    const tree = new Parser(text, BUILTINS)[TOP[kind]]();
    if (known.size >= KEPT) known.clear();
    known.set(text, (entry = { tree, run: compiler.compile(tree) }));
  }
  return entry;
}

// Times of people here: what was said without a zone was said in Vietnam.
const plain = (kind, text) => (kind === "date and time" && /T[\d:.]+$/.test(text) ? `${text}+07:00` : text);

function runOne([kind, expression, context, temporals]) {
  try {
    const values = received(context, temporals);
    const { run } = compiled(kind, expression);
    const said = kind === "unary" ? run(new Scope(values), values["?"] ?? null) : run(new Scope(values));
    return { v: sent(said, plain) };
  } catch (error) {
    return failure(error);
  }
}

function run(text) {
  setClock(null);
  const answer = JSON.stringify(JSON.parse(text).map(runOne));
  return answer.length > LONGEST ? JSON.stringify({ e: "too_long" }) : answer;
}

// ---- what an expression reads ---------------------------------------------------------------------------

const refusal = (code, { from, to, name }) => ({ e: code, m: name ?? "", from, to });

function analyse(request) {
  const [kind, text] = JSON.parse(request);
  const [names, maybe] = [new Set(), new Set()];
  const refused = [];
  const told = {
    name(root, path, inFilter, bound) {
      if (!bound && readsClock(root)) refused.push(refusal("clock", root));
      (inFilter ? maybe : names).add(path);
    },
    called(node) {
      if (readsClock(node)) refused.push(refusal("clock", node));
      else if (!BUILTINS.has(node.name)) refused.push(refusal("function", node));
    },
  };
  try {
    walk(compiled(kind, text).tree, told, kind === "unary" ? ["?"] : []);
  } catch (error) {
    const unreadable = error instanceof Unreadable;
    const { from, to } = error; // its name is the error's, not of what is written there
    refused.push(unreadable ? refusal("syntax", { from, to }) : failure(error));
  }
  return JSON.stringify(refused[0] ?? { names: [...names], maybe: [...maybe] });
}

globalThis.feel = { run, analyse, learn, decide };
