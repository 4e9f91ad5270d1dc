// What a tree reads that nothing in it gives: [{name, from, to}]. Inside a filter a name may be a key of the item,
// and is not told.

import { BUILTINS } from "./functions.js";

const CLOCK = new Set(["now", "today"]);

export function reads(tree) {
  const found = [];
  visit(tree, new Set(["?"]), found);
  return found;
}

export const clockIn = (tree) => reads(tree).find(({ name }) => CLOCK.has(name));

function visit(node, bound, found) {
  if (Array.isArray(node)) node.forEach((one) => visit(one, bound, found));
  else if (node && typeof node === "object" && node.is) (OWN[node.is] ?? parts)(node, bound, found);
}

function parts(node, bound, found) {
  for (const part of Object.values(node)) visit(part, bound, found);
}

function iterated({ iterators }, bound, found, ...more) {
  const inside = new Set([...bound, ...more]);
  for (const { name, over } of iterators) {
    visit(over, inside, found);
    inside.add(name);
  }
  return inside;
}

const OWN = {
  name({ name, from, to }, bound, found) {
    if (!bound.has(name) && (!BUILTINS.has(name) || CLOCK.has(name)) && !bound.filter) found.push({ name, from, to });
  },
  filter({ value, filter }, bound, found) {
    visit(value, bound, found);
    visit(filter, Object.assign(new Set([...bound, "item"]), { filter: true }), found);
  },
  context({ entries }, bound, found) {
    const inside = Object.assign(new Set(bound), { filter: bound.filter });
    for (const { key, value } of entries) {
      visit(value, inside, found);
      inside.add(key);
    }
  },
  for(node, bound, found) {
    visit(node.result, Object.assign(iterated(node, bound, found, "partial"), { filter: bound.filter }), found);
  },
  quantified(node, bound, found) {
    visit(node.condition, Object.assign(iterated(node, bound, found), { filter: bound.filter }), found);
  },
  function({ parameters, body, external }, bound, found) {
    if (external) return;
    const inside = new Set([...bound, ...parameters.map(({ name }) => name)]);
    visit(body, Object.assign(inside, { filter: bound.filter }), found);
  },
  call({ called, given, named }, bound, found) {
    visit(called, bound, found);
    visit(given ?? named.map(({ value }) => value), bound, found);
  },
};
