// Drops the rules of a stylesheet whose classes no page of ours names. Bootstrap is most of it, and we use little.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

// Made by a library on the page, not written in our sources.
const MADE = /^(djs|bjs|bpmn|htmx)-/;

/** Every word that could be a class name in our templates, scripts and Python. */
export function wordsOf(folder, found = new Set()) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/^(node_modules|static|translations)$/.test(entry.name)) wordsOf(path, found);
    } else if (/\.(html|js|py)$/.test(entry.name)) {
      for (const word of readFileSync(path, "utf8").match(/[\w-]+/g) ?? []) found.add(word);
    }
  }
  return found;
}

/** The minified `css` without selectors that name a class nobody uses; a word that ends with "-" stands for all that begin so. */
export function trimmed(css, words) {
  const begun = [...words].filter((word) => word.endsWith("-") && word.length > 3);
  const used = (name) => words.has(name) || MADE.test(name) || begun.some((start) => name.startsWith(start));
  const kept = (selector) => (selector.match(/\.-?[a-zA-Z_][\w-]*/g) ?? []).every((name) => used(name.slice(1)));
  let out = "";
  for (let at = 0; at < css.length; ) {
    if (css.startsWith("/*", at)) {
      const end = css.indexOf("*/", at) + 2; // a licence text, which stays
      out += css.slice(at, end);
      at = end;
      continue;
    }
    const open = css.indexOf("{", at);
    const plain = css.indexOf(";", at);
    if (open < 0 || (plain >= 0 && plain < open)) {
      const end = plain < 0 ? css.length : plain + 1;
      out += css.slice(at, end); // @import, @charset
      at = end;
      continue;
    }
    const head = css.slice(at, open);
    const close = closing(css, open);
    const body = css.slice(open + 1, close);
    at = close + 1;
    if (/^@(media|supports|layer)/.test(head)) {
      const inner = trimmed(body, words);
      if (inner) out += `${head}{${inner}}`;
    } else if (head.startsWith("@")) {
      out += `${head}{${body}}`;
    } else {
      const selectors = split(head).filter(kept);
      if (selectors.length) out += `${selectors.join(",")}{${body}}`;
    }
  }
  return out;
}

/** Where the block that opens at `open` closes; braces in strings do not count. */
function closing(css, open) {
  let depth = 0;
  let quote = "";
  for (let at = open; at < css.length; at++) {
    const one = css[at];
    if (one === "\\") at++;
    else if (quote) quote = one === quote ? "" : quote;
    else if (one === '"' || one === "'") quote = one;
    else if (one === "{") depth++;
    else if (one === "}" && --depth === 0) return at;
  }
  return css.length;
}

/** Selectors of a list; commas inside :is() and :not() do not split. */
function split(list) {
  const parts = [""];
  let depth = 0;
  for (const one of list) {
    depth += one === "(" ? 1 : one === ")" ? -1 : 0;
    if (one === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += one;
  }
  return parts;
}
