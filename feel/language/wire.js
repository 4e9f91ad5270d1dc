// Values on their way in and out. JSON knows no dates: [path, kind, text] says which places of it are.

import { at } from "./functions.js";
import { FeelDate, FeelDateTime, FeelTime, parseDuration } from "./temporal.js";
import { contextOf, kindOf } from "./values.js";
import { textOf } from "./text.js";

const READ = {
  date: FeelDate.parse,
  time: FeelTime.parse,
  datetime: FeelDateTime.parse,
  duration: parseDuration,
};
const PLAIN = new Set(["null", "boolean", "number", "string"]);

// JSON's objects have a prototype; contexts have none.
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== "object") return value;
  return contextOf(Object.entries(value).map(([key, one]) => [key, bare(one)]));
}

export function received(json, temporals) {
  const root = { value: bare(json) };
  for (const [path, kind, text] of temporals) {
    let owner = root;
    let key = "value";
    for (const next of path) [owner, key] = [owner[key], next];
    owner[key] = READ[kind] ? READ[kind](text) : at(text);
  }
  return root.value;
}

// told(kind, text, path): what is no JSON, as the text that stands for it.
export function sent(value, told, path = []) {
  const kind = kindOf(value);
  if (PLAIN.has(kind)) return value ?? null;
  if (kind === "list") return value.map((item, index) => sent(item, told, [...path, index]));
  if (kind === "context") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sent(one, told, [...path, key])]));
  }
  return kind === "function" ? null : told(kind, textOf(value), path);
}
