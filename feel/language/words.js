// The words of a FEEL text (DMN 1.5, 10.3.1.2): spaces, names, numbers, strings.
//
// A name of FEEL may hold spaces and + - * / ' .: how a text reads depends on the names that are known where it
// stands. `names` holds them, with their spacing made even; among several, the longest that fits is meant.

const START =
  "[?A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D" +
  "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}]";
const PART = `(?:${START}|[0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040])`;
const WORD = new RegExp(`${START}${PART}*`, "uy");
const PIECE = new RegExp(`${PART}+|[.+\\-*/'’]`, "uy");
export const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
export const STRING = /"(?:[^"\\\n\r]|\\[^\n\r])*"/y;
const SPACE = /(?:[\s\u0085\u180e\u200b\ufeff]|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)+/y;
export const COMPARE = /<=|>=|!=|<|>|=/y;
export const KEYWORDS = new Set(
  "for return if then else some every satisfies in and or between instance of function external true false null".split(
    " ",
  ),
);
// Names of FEEL's own that hold spaces, of types and of parts of values.
const OWN = new Set([
  "date and time",
  "days and time duration",
  "years and months duration",
  "time offset",
  "start included",
  "end included",
]);

export class Unreadable extends Error {
  constructor(at, end = at) {
    super("syntax");
    Object.assign(this, { code: "syntax", from: at, to: end });
  }
}

// One spelling of a name, whatever its spacing.
export const evenName = (name) =>
  name
    .trim()
    .replace(/\s+/g, " ")
    .replace(/ ?([.+\-*/'’]) ?/g, "$1");

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

export class Words {
  constructor(text, names) {
    this.text = text;
    this.names = names;
    this.bound = [];
    this.at = 0;
    this.depth = 0;
    this.inUnary = false;
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
    for (let spaced = false; !stop();) {
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
}
