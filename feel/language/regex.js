// Patterns as XPath writes them, for a JavaScript engine.

const NAME_START = "\\p{L}_:";
const NAME_PART = "\\p{L}\\p{M}\\p{N}_:.\\-·";
const ESCAPES = {
  i: `[${NAME_START}]`,
  I: `[^${NAME_START}]`,
  c: `[${NAME_PART}]`,
  C: `[^${NAME_PART}]`,
};
const kept = new Map();

// [a-z-[aeiou]] is [[a-z]--[aeiou]] here.
function translated(pattern) {
  let text = "";
  for (let at = 0, open = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === "\\") {
      at += 1;
      if (open && /\d/.test(pattern[at])) return "[";
      const block = /^p\{IsBasicLatin\}/i.exec(pattern.slice(at))?.[0];
      const escape = block ? "[\\u0000-\\u007F]" : ESCAPES[pattern[at]];
      text += escape ? (open ? escape.slice(1, -1) : escape) : `\\${pattern[at] ?? ""}`;
      if (block) at += block.length - 1;
    } else if (char === "[") {
      open += 1;
      text += char;
    } else if (char === "]" && open) {
      open -= 1;
      text += char;
    } else if (char === "-" && open && pattern[at + 1] === "[") {
      text += "--";
    } else text += char;
  }
  return text;
}

// The flag x: spaces fall away, but in a class.
const unspaced = (pattern) => pattern.replace(/\[(?:\\.|[^\]\\])*\]|\s+/g, (part) => (part[0] === "[" ? part : ""));

function made(pattern, flags) {
  if (/[^smixq]/.test(flags)) return null;
  const literal = flags.includes("q");
  const own = literal
    ? pattern.replace(/[.*+?^${}()|[\]\\\/-]/g, "\\$&")
    : translated(flags.includes("x") ? unspaced(pattern) : pattern);
  const subtracts = /\[[^\]]*--\[/.test(own);
  try {
    const text = subtracts ? own.replace(/\[([^[\]]*)--\[/g, "[[$1]--[") : own;
    return new RegExp(text, (subtracts ? "v" : "u") + flags.replace(/[^smi]/g, ""));
  } catch {
    return null;
  }
}

export function matcher(pattern, flags) {
  const key = `${flags}/${pattern}`;
  if (!kept.has(key)) {
    if (kept.size > 1000) kept.clear();
    kept.set(key, made(pattern, flags));
  }
  return kept.get(key);
}

// $1 is a group, \$ a dollar; anything else behind $ or \ is a mistake.
export function replaced(text, pattern, replacement, flags) {
  const found = matcher(pattern, flags);
  if (!found) return null;
  const literal = flags.includes("q");
  if (!literal && /^(?:[^\\$]|\\[\\$]|\$\d)*$/.test(replacement) === false) return null;
  const all = new RegExp(found.source, `${found.flags}g`);
  return text.replace(all, (whole, ...rest) => {
    if (literal) return replacement;
    const groups = [
      whole,
      ...rest.slice(
        0,
        rest.findIndex((one) => typeof one === "number"),
      ),
    ];
    return replacement.replace(/\\([\\$])|\$(\d+)/g, (_, plain, group) => plain ?? groupText(groups, group));
  });
}

// $12 is group 12 where there are so many, else group 1 and the digit 2.
function groupText(groups, digits) {
  for (let length = digits.length; length > 0; length--) {
    const index = Number(digits.slice(0, length));
    if (index < groups.length) return (groups[index] ?? "") + digits.slice(length);
  }
  return digits.slice(1);
}
