// FEEL text -> tree (DMN 1.5, 10.3.1). A node is {is, from, to, ...}.

import { COMPARE, KEYWORDS, NUMBER, STRING, Unreadable, Words, unquote } from "./words.js";

const DEEPEST = 200;

export class Parser extends Words {
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
    const several =
      this.is("(") &&
      this.attempt(() => {
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
    for (let operator; (operator = this.match(operators));) {
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
    return this.node("range", from, {
      start,
      end: this.expression(),
      startIncluded: true,
      endIncluded: true,
      loop: true,
    });
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
    const negated =
      this.wordHere() === "not" &&
      this.attempt(() => {
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
