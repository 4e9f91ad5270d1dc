// Decision models by their digest. A model is sent once to each process, and after that only what it is asked.

import { setClock } from "./functions.js";
import { Program } from "./program.js";
import { received, sent } from "./wire.js";

const KEPT = 200;
const LONGEST = 1_000_000;
const programs = new Map();

function remember(digest, program) {
  if (programs.size >= KEPT) programs.delete(programs.keys().next().value);
  programs.set(digest, program);
}

export const failure = (error) => ({ e: (error && error.code) || "failed", m: String(error && error.message) });

const attempt = (run) => {
  try {
    return run();
  } catch (error) {
    return failure(error);
  }
};

// [digest, model] -> {problems: [{at, code, from, to, near}], overlaps: [[rule, rule]]}
export function learn(text) {
  const [digest, model] = JSON.parse(text);
  return JSON.stringify(
    attempt(() => {
      const program = new Program(model);
      remember(digest, program);
      return { problems: program.problems, overlaps: program.overlaps };
    }),
  );
}

// [digest, key, {input key: value}, temporals, {argument: value} | null, now | null]
// -> {v, temporals, matched: [[table, [rule]]], problems: [{code, at, rules}]} | {e: "unknown"}
export function decide(text) {
  const [digest, key, inputs, temporals, named, now] = JSON.parse(text);
  const program = programs.get(digest);
  if (!program) return JSON.stringify({ e: "unknown" });
  const answer = JSON.stringify(
    attempt(() => {
      setClock(now);
      const [given, args] = received([inputs, named], temporals);
      const entries = Object.entries(given);
      const { value, matched, problems } = args ? program.invoke(key, args, entries) : program.run(key, entries);
      const places = [];
      const told = (kind, said, path) => {
        places.push([path, kind, said]);
        return said;
      };
      return { v: sent(value, told), temporals: places, matched, problems };
    }),
  );
  return answer.length > LONGEST ? JSON.stringify({ e: "too_long" }) : answer;
}
