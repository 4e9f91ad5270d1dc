// Values as FEEL writes them.

import { Range, kindOf } from "./values.js";

// Never 1e+21: digits as a person writes them.
export function plainNumber(value) {
  const [digits, exponent] = String(value).split("e");
  if (exponent === undefined) return digits;
  const [whole, fraction = ""] = digits.replace("-", "").split(".");
  const sign = value < 0 ? "-" : "";
  const shift = Number(exponent);
  if (shift >= 0) return sign + whole + fraction.padEnd(shift, "0");
  return `${sign}0.${"0".repeat(-shift - 1)}${whole}${fraction}`;
}

const quoted = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
const inside = (value) => (typeof value === "string" ? quoted(value) : textOf(value));
const keyed = (key) => (/^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(key) ? key : quoted(key));

function rangeText({ start, end, startIncluded, endIncluded }) {
  if (start === undefined) return `${endIncluded ? "<=" : "<"} ${inside(end)}`;
  if (end === undefined) return `${startIncluded ? ">=" : ">"} ${inside(start)}`;
  return `${startIncluded ? "[" : "("}${inside(start)}..${inside(end)}${endIncluded ? "]" : ")"}`;
}

export function textOf(value) {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number") return plainNumber(value);
  if (Array.isArray(value)) return `[${value.map(inside).join(", ")}]`;
  if (value instanceof Range) return rangeText(value);
  const kind = kindOf(value);
  if (kind === "context")
    return `{${Object.entries(value)
      .map(([key, one]) => `${keyed(key)}: ${inside(one)}`)
      .join(", ")}}`;
  return kind === "function" ? "function" : String(value);
}
