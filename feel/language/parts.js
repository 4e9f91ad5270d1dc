// What stands behind a dot: the entries of a context, the year of a date, the start of a range.

import { offsetDuration } from "./temporal.js";
import { entryOf, hasKey, kindOf } from "./values.js";

const DATE = { year: (d) => d.year, month: (d) => d.month, day: (d) => d.day, weekday: (d) => d.weekday };
const CLOCK = {
  hour: (t) => t.hour,
  minute: (t) => t.minute,
  second: (t) => t.second,
  "time offset": offsetDuration,
  timezone: (t) => t.zone?.id ?? null,
};
const on = (parts, owner) =>
  Object.fromEntries(Object.entries(parts).map(([name, get]) => [name, (it) => get(owner(it))]));
const whole = (seconds, size) => Math.trunc(seconds / size);

const PARTS = {
  date: DATE,
  time: CLOCK,
  "date and time": {
    ...on(DATE, (it) => it.date),
    ...on(CLOCK, (it) => it.time),
    "time offset": offsetDuration,
  },
  "days and time duration": {
    days: (d) => whole(d.seconds, 86400),
    hours: (d) => whole(d.seconds, 3600) % 24,
    minutes: (d) => whole(d.seconds, 60) % 60,
    seconds: (d) => d.seconds % 60,
  },
  "years and months duration": { years: (d) => whole(d.months, 12), months: (d) => d.months % 12 },
  range: {
    start: (r) => r.start ?? null,
    end: (r) => r.end ?? null,
    "start included": (r) => r.startIncluded,
    "end included": (r) => r.endIncluded,
  },
};

export function step(owner, name) {
  if (owner === null) return null;
  if (Array.isArray(owner)) return owner.map((item) => step(item, name));
  const kind = kindOf(owner);
  if (kind === "context") return entryOf(owner, name) ?? null;
  return kind in PARTS && hasKey(PARTS[kind], name) ? (PARTS[kind][name](owner) ?? null) : null;
}
