// FEEL text -> tree (DMN 1.5, 10.3.1). A node is {is, from, to, ...}.
//
// A name of FEEL may hold spaces and + - * / ' .: how a text reads depends on the names that are known where it
// stands. `names` holds them, with their spacing made even; among several, the longest that fits is meant.

const START = "[?A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D"
  + "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}]";
const PART = `(?:${START}|[0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040])`;
const WORD = new RegExp(`${START}${PART}*`, "uy");
const PIECE = new RegExp(`${PART}+|[.+\\-*/'’]`, "uy");
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\n\r]|\\[^\n\r])*"/y;
const SPACE = /(?:[\s\u0085\u180e\u200b\ufeff]|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)+/y;
const COMPARE = /<=|>=|!=|<|>|=/y;
const KEYWORDS = new Set(
  "for return if then else some every satisfies in and or between instance of function external true false null"
    .split(" "),
);
// Names of FEEL's own that hold spaces, of types and of parts of values.
const OWN = new Set([
  "date and time", "days and time duration", "years and months duration", "time offset", "start included", "end included",
]);
const DEEPEST = 200;

export class Unreadable extends Error {
  constructor(at, end = at) {
    super("syntax");
    Object.assign(this, { code: "syntax", from: at, to: end });
  }
}

// One spelling of a name, whatever its spacing.
export const evenName = (name) =>
  name.trim().replace(/\s+/g, " ").replace(/ ?([.+\-*/'’]) ?/g, "$1");

const ESCAPES = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

export function unquote(text) {
  return text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(["'\\nrtbf/])|([\s\S]))/g, (all, short, long, plain) => {
      if (short) return String.fromCharCode(parseInt(short, 16));
      if (long) return String.fromCodePoint(parseInt(long, 16));
      return plain ? (ESCAPES[plain] ?? plain) : all;
    });
}

export class Parser {
  constructor(text, names) {
    this.text = text;
    this.names = names;
    this.bound = [];
    this.at = 0;
    this.depth = 0;
    this.skip();
  }

  // ---- characters and words ---------------------------------------------------------------------------

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  skip() {
    this.match(SPACE);
  }

  fail() {
    throw new Unreadable(Math.min(this.at, this.text.length));
  }

  is(symbol) {
    return this.text.startsWith(symbol, this.at);
  }

  take(symbol) {
    if (!this.is(symbol)) return false;
    this.at += symbol.length;
    this.skip();
    return true;
  }

  expect(symbol) {
    if (!this.take(symbol)) this.fail();
  }

  wordHere() {
    WORD.lastIndex = this.at;
    return WORD.exec(this.text)?.[0] ?? null;
  }

  takeWord(word) {
    if (this.wordHere() !== word) return false;
    this.at += word.length;
    this.skip();
    return true;
  }

  expectWord(word) {
    if (!this.takeWord(word)) this.fail();
  }

  // Try one reading; go back when it does not fit.
  attempt(read) {
    const { at, depth } = this;
    const bound = this.bound.length;
    try {
      return read();
    } catch (problem) {
      if (!(problem instanceof Unreadable)) throw problem;
      Object.assign(this, { at, depth });
      this.bound.length = bound;
      return null;
    }
  }

  node(is, from, fields) {
    return { is, from, to: this.at, ...fields };
  }

  // ---- names ------------------------------------------------------------------------------------------

  known(name) {
    return OWN.has(name) || this.names.has(name) || this.bound.includes(name);
  }

  // The longest known name that starts here, or the one word that does.
  name() {
    const first = this.wordHere();
    if (first === null) this.fail();
    const from = this.at;
    let [best, end, text] = [first, from + first.length, ""];
    for (let spaced = false, pieces = 0; pieces < 40; pieces++) {
      const piece = this.match(PIECE);
      if (piece === null) break;
      text = evenName(text + (spaced ? " " : "") + piece);
      PIECE.lastIndex = this.at;
      if (this.known(text)) [best, end] = [text, this.at];
      spaced = /\s/.test(this.text[this.at] ?? "");
      while (/\s/.test(this.text[this.at] ?? "")) this.at++;
    }
    this.at = end;
    this.skip();
    return { name: best, from, to: end };
  }

  variable() {
    const from = this.at;
    const { name, to } = this.name();
    if (KEYWORDS.has(name)) throw new Unreadable(from, to);
    return { is: "name", from, to, name };
  }

  // A name that is being given: everything up to one of the stops.
  newName(stop) {
    const from = this.at;
    let text = "";
    for (let spaced = false; !stop(); ) {
      const piece = this.match(PIECE);
      if (piece === null) this.fail();
      text += (spaced ? " " : "") + piece;
      const end = this.at;
      this.skip();
      spaced = this.at > end;
    }
    if (!text || /^\d/.test(text)) throw new Unreadable(from);
    return evenName(text);
  }

  // ---- from loose to tight ----------------------------------------------------------------------------

  whole() {
    const tree = this.expression();
    if (this.at < this.text.length) this.fail();
    return tree;
  }

  expression() {
    if (++this.depth > DEEPEST) this.fail();
    const tree = this.disjunction();
    this.depth--;
    return tree;
  }

  disjunction() {
    return this.leftwards(["or"], () => this.conjunction(), "or");
  }

  conjunction() {
    return this.leftwards(["and"], () => this.comparison(), "and");
  }

  leftwards(words, tighter, is) {
    const from = this.at;
    let left = tighter();
    while (words.some((word) => this.takeWord(word))) {
      left = this.node(is, from, { left, right: tighter() });
    }
    return left;
  }

  comparison() {
    const from = this.at;
    let left = this.additive();
    for (;;) {
      const operator = this.match(COMPARE);
      if (operator) {
        this.skip();
        left = this.node("compare", from, { operator, left, right: this.additive() });
      } else if (this.takeWord("between")) {
        const low = this.additive();
        this.expectWord("and");
        left = this.node("between", from, { value: left, low, high: this.additive() });
      } else if (this.takeWord("in")) {
        left = this.node("in", from, { value: left, tests: this.testsAfterIn() });
      } else return left;
    }
  }

  testsAfterIn() {
    const several = this.is("(") && this.attempt(() => {
      this.expect("(");
      const tests = this.list(() => this.positiveTest(), ")");
      if (this.is("..") || this.is(".") || this.is("[")) this.fail();
      return tests;
    });
    return several || [this.positiveTest()];
  }

  // One test: `< 5`, `[1..3]`, or a value to be equal to (or a list or range to be in).
  positiveTest() {
    const from = this.at;
    const operator = this.match(COMPARE);
    if (!operator) return this.node("test", from, { value: this.additiveOrMore() });
    this.skip();
    return this.node("testCompare", from, { operator, right: this.additive() });
  }

  additiveOrMore() {
    return this.inUnary ? this.expression() : this.additive();
  }

  additive() {
    return this.arithmetic(/[+-]/y, () => this.multiplicative());
  }

  multiplicative() {
    return this.arithmetic(/\*(?!\*)|\//y, () => this.power());
  }

  power() {
    return this.arithmetic(/\*\*|\^/y, () => this.negation());
  }

  arithmetic(operators, tighter) {
    const from = this.at;
    let left = tighter();
    for (let operator; (operator = this.match(operators)); ) {
      this.skip();
      left = this.node("arithmetic", from, { operator: operator === "^" ? "**" : operator, left, right: tighter() });
    }
    return left;
  }

  negation() {
    const from = this.at;
    if (!this.take("-")) return this.instance();
    if (++this.depth > DEEPEST) this.fail();
    const value = this.negation();
    this.depth--;
    return this.node("negate", from, { value });
  }

  instance() {
    const from = this.at;
    let value = this.steps();
    while (this.wordHere() === "instance") {
      this.takeWord("instance");
      this.expectWord("of");
      value = this.node("instance", from, { value, type: this.type() });
    }
    return value;
  }

  // Paths, filters and calls, in any order: a.b[c](d).e
  steps() {
    const from = this.at;
    let value = this.primary();
    for (;;) {
      if (this.is(".") && !this.is("..")) {
        this.take(".");
        const { name } = this.name();
        value = this.node("path", from, { value, name });
      } else if (this.is("[")) {
        const filter = this.attempt(() => {
          this.expect("[");
          this.bound.push("item");
          const inside = this.expression();
          this.expect("]");
          this.bound.pop();
          return inside;
        });
        if (!filter) return value;
        value = this.node("filter", from, { value, filter });
      } else if (this.is("(")) {
        this.expect("(");
        value = this.node("call", from, { called: value, ...this.parameters() });
      } else return value;
    }
  }

  parameters() {
    if (this.take(")")) return { given: [] };
    const named = this.attempt(() => this.list(() => this.namedParameter(), ")"));
    return named ? { named } : { given: this.list(() => this.expression(), ")") };
  }

  namedParameter() {
    const name = this.newName(() => this.is(":"));
    this.expect(":");
    return { name, value: this.expression() };
  }

  list(read, end) {
    const items = [read()];
    while (this.take(",")) items.push(read());
    this.expect(end);
    return items;
  }

  // ---- what stands alone ------------------------------------------------------------------------------

  primary() {
    const from = this.at;
    const char = this.text[from];
    if (char === undefined) this.fail();
    if (/[0-9.]/.test(char)) return this.literal(from, this.match(NUMBER), Number);
    if (char === '"') return this.literal(from, this.match(STRING), unquote);
    if (this.take("@")) {
      const value = unquote(this.match(STRING) ?? this.fail());
      this.skip();
      return this.node("at", from, { value });
    }
    if (char === "(") return this.interval() ?? this.parenthesis();
    if (char === "[") return this.interval() ?? this.listLiteral();
    if (char === "]") return this.interval() ?? this.fail();
    if (char === "{") return this.context();
    return this.keyword(from) ?? this.variable();
  }

  literal(from, text, read) {
    if (text === null) this.fail();
    this.skip();
    return this.node("literal", from, { value: read(text) });
  }

  keyword(from) {
    const word = this.wordHere();
    if (!KEYWORDS.has(word)) return null;
    const constant = { true: true, false: false, null: null }[word];
    if (constant !== undefined) {
      this.takeWord(word);
      return this.node("literal", from, { value: constant });
    }
    if (word === "if") return this.conditional(from);
    if (word === "for") return this.loop(from);
    if (word === "some" || word === "every") return this.quantified(from, word);
    if (word === "function") return this.definition(from);
    return null;
  }

  parenthesis() {
    const from = this.at;
    this.expect("(");
    const operator = this.match(COMPARE);
    this.skip();
    const value = operator ? this.additive() : this.expression();
    this.expect(")");
    return operator ? this.node("openRange", from, { operator, value }) : value;
  }

  interval() {
    const from = this.at;
    return this.attempt(() => {
      const startIncluded = this.text[this.at] === "[";
      if (!/[[(\]]/.test(this.text[this.at])) this.fail();
      this.at += 1;
      this.skip();
      const start = this.is("..") ? null : this.additive();
      this.expect("..");
      const end = /[\])[]/.test(this.text[this.at] ?? "") ? null : this.additive();
      const endIncluded = this.text[this.at] === "]";
      if (!/[\])[]/.test(this.text[this.at] ?? "") || (!start && !end)) this.fail();
      this.at += 1;
      this.skip();
      return this.node("range", from, { start, end, startIncluded, endIncluded });
    });
  }

  listLiteral() {
    const from = this.at;
    this.expect("[");
    const items = this.take("]") ? [] : this.list(() => this.expression(), "]");
    return this.node("list", from, { items });
  }

  context() {
    const from = this.at;
    this.expect("{");
    const entries = [];
    const before = this.bound.length;
    if (!this.take("}")) {
      do {
        const quoted = this.match(STRING);
        this.skip();
        const key = quoted ? unquote(quoted) : this.newName(() => this.is(":"));
        this.expect(":");
        entries.push({ key, value: this.expression() });
        this.bound.push(key);
      } while (this.take(","));
      this.expect("}");
    }
    this.bound.length = before;
    return this.node("context", from, { entries });
  }

  conditional(from) {
    this.expectWord("if");
    const condition = this.expression();
    this.expectWord("then");
    const then = this.expression();
    this.expectWord("else");
    return this.node("if", from, { condition, then, otherwise: this.expression() });
  }

  // for a in x, b in y ...: each list may use the names bound before it.
  iterators(read) {
    const iterators = [];
    do {
      const name = this.newName(() => this.wordHere() === "in");
      this.expectWord("in");
      iterators.push({ name, over: read() });
      this.bound.push(name);
    } while (this.take(","));
    return iterators;
  }

  loop(from) {
    this.expectWord("for");
    const before = this.bound.length;
    const iterators = this.iterators(() => this.domain());
    this.bound.push("partial");
    this.expectWord("return");
    const result = this.expression();
    this.bound.length = before;
    return this.node("for", from, { iterators, result });
  }

  domain() {
    const from = this.at;
    const start = this.expression();
    if (!this.take("..")) return start;
    return this.node("range", from, { start, end: this.expression(), startIncluded: true, endIncluded: true, loop: true });
  }

  quantified(from, word) {
    this.expectWord(word);
    const before = this.bound.length;
    const iterators = this.iterators(() => this.domain());
    this.expectWord("satisfies");
    const condition = this.expression();
    this.bound.length = before;
    return this.node("quantified", from, { every: word === "every", iterators, condition });
  }

  definition(from) {
    this.expectWord("function");
    this.expect("(");
    const parameters = this.take(")") ? [] : this.list(() => this.parameter(), ")");
    const before = this.bound.length;
    this.bound.push(...parameters.map(({ name }) => name));
    const external = this.takeWord("external");
    const body = this.expression();
    this.bound.length = before;
    return this.node("function", from, { parameters, body, external });
  }

  parameter() {
    const name = this.newName(() => this.is(":") || this.is(",") || this.is(")"));
    return { name, type: this.take(":") ? this.type() : null };
  }

  // ---- types ------------------------------------------------------------------------------------------

  type() {
    const word = this.wordHere();
    if (word === "list" || word === "range") {
      const generic = this.attempt(() => {
        this.takeWord(word);
        this.expect("<");
        const of = this.type();
        this.expect(">");
        return { [word]: of };
      });
      if (generic) return generic;
    }
    if (word === "context") {
      const generic = this.attempt(() => this.contextType());
      if (generic) return generic;
    }
    if (word === "function") {
      const generic = this.attempt(() => this.functionType());
      if (generic) return generic;
    }
    return this.namedType();
  }

  contextType() {
    this.takeWord("context");
    this.expect("<");
    if (this.take(">")) return { fields: {} };
    const fields = this.list(() => {
      const name = this.newName(() => this.is(":"));
      this.expect(":");
      return [name, this.type()];
    }, ">");
    return { fields: Object.fromEntries(fields) };
  }

  functionType() {
    this.takeWord("function");
    this.expect("<");
    const parameters = this.take(">") ? [] : this.list(() => this.type(), ">");
    this.expect("->");
    return { parameters, result: this.type() };
  }

  namedType() {
    const { name } = this.name();
    let full = name;
    while (this.is(".") && !this.is("..")) {
      this.take(".");
      full += `.${this.name().name}`;
    }
    return { name: full };
  }

  // ---- a cell of a decision table ---------------------------------------------------------------------

  unaryTests() {
    if (this.text.slice(this.at).trim() === "-") return { is: "any", from: this.at, to: this.at };
    const from = this.at;
    this.inUnary = true;
    const negated = this.wordHere() === "not" && this.attempt(() => {
      this.takeWord("not");
      this.expect("(");
      const tests = this.list(() => this.positiveTest(), ")");
      if (this.at < this.text.length) this.fail();
      return tests;
    });
    if (negated) return this.node("tests", from, { negated: true, tests: negated });
    const tests = [this.positiveTest()];
    while (this.take(",")) tests.push(this.positiveTest());
    if (this.at < this.text.length) this.fail();
    return this.node("tests", from, { negated: false, tests });
  }
}
