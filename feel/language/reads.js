// What a tree reads that nothing in it gives.
//
// told: {name(node, path, inFilter), called(node)}: for each path ("child.birth_date") with the node of its first
// name, and for each function that is called by a name that the tree does not bind. Names bound by some, every and
// for stand for the list they walk. Inside a filter a name may also be a key of the row.

const CLOCK = new Set(["now", "today"]);

export const readsClock = ({ name }) => CLOCK.has(name);

export function walk(tree, told, bound = []) {
  visit(tree, { told, bound: new Map(bound.map((name) => [name, null])), filter: false });
}

// The dotted path that a node stands for, or null.
function pathOf(node, { bound }) {
  if (node.is === "name") return bound.has(node.name) ? bound.get(node.name) : node.name;
  if (node.is === "filter") return pathOf(node.value, { bound });
  if (node.is !== "path") return null;
  const owner = pathOf(node.value, { bound });
  return owner === null ? null : `${owner}.${node.name}`;
}

const rootOf = (node) => (node.is === "name" ? node : rootOf(node.value));

function visit(node, scope) {
  if (Array.isArray(node)) node.forEach((one) => visit(one, scope));
  else if (node && typeof node === "object") (OWN[node.is] ?? parts)(node, scope);
}

function parts(node, scope) {
  for (const part of Object.values(node)) if (part && typeof part === "object") visit(part, scope);
}

function record(node, scope) {
  const path = pathOf(node, scope);
  if (path === null) return;
  const root = rootOf(node);
  scope.told.name(root, path, scope.filter && !scope.bound.has(root.name), scope.bound.has(root.name));
}

// The filters along a path that is recorded already as a whole.
function filters(node, scope) {
  if (node.is === "filter") filter(node, scope);
  if (node.is !== "name") filters(node.value, scope);
}

function filter(node, scope) {
  const rows = pathOf(node.value, scope);
  if (rows !== null) scope.told.name(rootOf(node.value), rows, true, scope.bound.has(rootOf(node.value).name));
  visit(node.filter, { ...scope, bound: new Map(scope.bound).set("item", rows), filter: true });
}

const inside = (scope, names) => ({ ...scope, bound: new Map([...scope.bound, ...names.map((name) => [name, null])]) });

// Each list may use the names bound before it.
function iterated({ iterators }, scope) {
  for (const { name, over } of iterators) {
    visit(over, scope);
    scope.bound.set(name, pathOf(over, scope));
  }
}

const OWN = {
  name: record,
  path(node, scope) {
    if (pathOf(node, scope) === null) return visit(node.value, scope);
    record(node, scope);
    return filters(node.value, scope);
  },
  filter(node, scope) {
    visit(node.value, scope);
    filter(node, scope);
  },
  call({ called, given, named }, scope) {
    if (called.is === "name" && !scope.bound.has(called.name)) scope.told.called(called);
    else visit(called, scope);
    visit(given ?? named.map(({ value }) => value), scope);
  },
  context({ entries }, scope) {
    const own = inside(scope, []);
    for (const { key, value } of entries) {
      visit(value, own);
      own.bound.set(key, null);
    }
  },
  for(node, scope) {
    const own = inside(scope, ["partial"]);
    iterated(node, own);
    visit(node.result, own);
  },
  quantified(node, scope) {
    const own = inside(scope, ["partial"]);
    iterated(node, own);
    visit(node.condition, own);
  },
  function({ parameters, body, external }, scope) {
    if (!external)
      visit(
        body,
        inside(
          scope,
          parameters.map(({ name }) => name),
        ),
      );
  },
  instance({ value }, scope) {
    visit(value, scope);
  },
};
