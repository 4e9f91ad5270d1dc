// Decision tables (DMN 1.5, 8.2 and 8.3).

import { Scope } from "./evaluate.js";
import { cellRanges, overlaps } from "./overlap.js";
import { asType, resolve } from "./types.js";
import { compare, contextOf, equal, number } from "./values.js";

export class Problem {
  constructor(code, at, rules = []) {
    Object.assign(this, { code, at, rules });
  }
}

// boxes: what reads the cells. The run leaves its trace (rules that matched, problems) in the scope's `trace`.
export function tableOf(boxes, box, known) {
  const inputs = box.inputs.map((input) => inputOf(boxes, input, known));
  const rules = box.rules.map((rule) => ruleOf(boxes, rule, known));
  const outputs = box.outputs.map((output) => outputOf(boxes, output, known));
  if (box.policy === "U" || box.policy === "A") boxes.overlaps.push(...overlapping(boxes, box, rules));
  return (scope) => {
    const trace = scope.get("\0trace");
    const values = [];
    const asking = [];
    for (const input of inputs) {
      const value = input.run(scope);
      asking.push(scope.with("?", value));
      if (input.allowed && value !== null && input.allowed(asking.at(-1), value) !== true) {
        trace.problems.push(new Problem("allowed", input.at));
        return null;
      }
      values.push(value);
    }
    const matched = rules.filter(({ tests }) =>
      tests.every((test, index) => test?.(asking[index], values[index]) === true),
    );
    trace.matched.push([box.at, matched.map(({ at }) => at)]);
    const made = matched.map((rule) => ({
      at: rule.at,
      values: rule.results.map((run, index) => typed(outputs[index], run(scope), rule, trace)),
    }));
    const outside = made.map((rule) => notAllowed(outputs, rule, scope)).find(Boolean);
    if (outside) {
      trace.problems.push(outside);
      return null;
    }
    return decided(box, outputs, made, scope, trace);
  };
}

function overlapping(boxes, box, rules) {
  const written = rules.map(({ at, tests }, index) => ({
    at,
    ranges: tests.map((test) => test && cellRanges(test.tree, boxes.compiler)),
    results: JSON.stringify(box.rules[index].results.map((result) => result?.text)),
  }));
  return overlaps(written, box.policy === "A");
}

function inputOf(boxes, input, known) {
  return {
    at: input.at,
    run: boxes.box(input.logic, known),
    allowed: input.allowed && boxes.cell(input, input.allowed, known),
  };
}

function ruleOf(boxes, rule, known) {
  return {
    at: rule.at,
    tests: rule.tests.map(({ at, text }) => boxes.cell({ at }, text, known)),
    results: rule.results.map((result) => boxes.box(result, known)),
  };
}

function outputOf(boxes, output, known) {
  const type = resolve(output.type, boxes.types);
  return {
    at: output.at,
    name: output.name,
    as: (value) => asType(value, type),
    rank: output.allowed && boxes.preferences(output, output.allowed, known),
    default: output.default && boxes.box(output.default, known),
  };
}

// A value that the column cannot hold is null (10.3.2.9.4); whoever decides by it is told why.
function typed(output, value, { at }, trace) {
  const wanted = output.as(value);
  if (wanted === undefined) trace.problems.push(new Problem("result_type", output.at, [at]));
  return wanted ?? null;
}

function notAllowed(outputs, { at, values }, scope) {
  const output = outputs.find(({ rank }, index) => values[index] !== null && rank?.(scope, values[index]) === Infinity);
  return output && new Problem("result", output.at, [at]);
}

// ---- hit policies ---------------------------------------------------------------------------------------

function decided(box, outputs, made, scope, trace) {
  const several = outputs.length > 1;
  const result = ({ values }) =>
    several ? contextOf(values.map((value, index) => [outputs[index].name, value])) : values[0];
  if (!made.length) return unmatched(box, outputs, scope, result, trace);
  const refuse = (code) => {
    trace.problems.push(
      new Problem(
        code,
        box.at,
        made.map(({ at }) => at),
      ),
    );
    return null;
  };
  switch (box.policy) {
    case "U":
      return made.length > 1 ? refuse("overlap") : result(made[0]);
    case "A":
      return made.some((one) => equal(result(one), result(made[0])) !== true) ? refuse("differ") : result(made[0]);
    case "F":
      return result(made[0]);
    case "P":
      return result(preferred(outputs, made, scope)[0]);
    case "R":
      return made.map(result);
    case "O":
      return preferred(outputs, made, scope).map(result);
    default:
      return collected(box.aggregation, made.map(result));
  }
}

function unmatched({ policy, aggregation }, outputs, scope, result, trace) {
  const given = outputs.some((output) => output.default);
  if (given) {
    const value = result({
      values: outputs.map((output) => (output.default ? typed(output, output.default(scope), output, trace) : null)),
    });
    return value;
  }
  return policy === "C" && aggregation === "COUNT" ? 0 : null;
}

function preferred(outputs, made, scope) {
  const ranked = made.map((one) => [one, outputs.map((output, index) => output.rank?.(scope, one.values[index]) ?? 0)]);
  ranked.sort(([, a], [, b]) => a.map((rank, index) => rank - b[index]).find(Boolean) ?? 0);
  return ranked.map(([one]) => one);
}

function collected(aggregation, results) {
  if (!aggregation) return results;
  if (aggregation === "COUNT")
    return results.filter((one, index) => !results.slice(0, index).some((other) => equal(one, other) === true)).length;
  if (results.includes(null)) return null;
  if (aggregation === "SUM") {
    return results.every((one) => typeof one === "number") ? results.reduce((sum, one) => number(sum + one), 0) : null;
  }
  const direction = aggregation === "MIN" ? -1 : 1;
  const comparable = results.every((one) => compare(one, results[0]) !== null);
  return comparable ? results.reduce((best, one) => (compare(one, best) === direction ? one : best)) : null;
}

export const traceScope = (trace) => new Scope(contextOf([["\0trace", trace]]));
