// Adding, subtracting, multiplying and dividing numbers, text, moments and durations (DMN 1.5, 10.3.2.3).

import { DayDuration, FeelDate, FeelDateTime, FeelTime, MonthDuration } from "./temporal.js";
import { number } from "./values.js";

const isNumber = (value) => typeof value === "number";
const isMoment = (value) => value instanceof FeelDate || value instanceof FeelDateTime;
const isDays = (value) => value instanceof DayDuration;
const isMonths = (value) => value instanceof MonthDuration;
const days = (seconds) => (Number.isFinite(seconds) ? new DayDuration(seconds) : null);
const months = (count) => (Number.isFinite(count) ? new MonthDuration(count) : null);

function moved(moment, duration, sign) {
  if (isMonths(duration)) return isMoment(moment) ? moment.plusMonths(sign * duration.months) : null;
  return isDays(duration) ? moment.plusSeconds(sign * duration.seconds) : null;
}

const canMove = (value) => isMoment(value) || value instanceof FeelTime;

function plus(a, b) {
  if (isNumber(a) && isNumber(b)) return number(a + b);
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (isDays(a) && isDays(b)) return days(a.seconds + b.seconds);
  if (isMonths(a) && isMonths(b)) return months(a.months + b.months);
  if (canMove(a)) return moved(a, b, 1);
  return canMove(b) ? moved(b, a, 1) : null;
}

function minus(a, b) {
  if (isNumber(a) && isNumber(b)) return number(a - b);
  if (isDays(a) && isDays(b)) return days(a.seconds - b.seconds);
  if (isMonths(a) && isMonths(b)) return months(a.months - b.months);
  if (a instanceof FeelTime && b instanceof FeelTime)
    return Boolean(a.zone) === Boolean(b.zone) ? days(a.seconds - b.seconds) : null;
  if (isMoment(a) && isMoment(b)) return between(a, b);
  return canMove(a) ? moved(a, b, -1) : null;
}

// A date is the midnight of Greenwich when it meets an instant.
function between(a, b) {
  const zoned = [a, b].map((one) => (one instanceof FeelDate ? true : Boolean(one.zone)));
  if (zoned[0] !== zoned[1]) return null;
  return days(a.seconds - b.seconds);
}

function times(a, b) {
  if (isNumber(a) && isNumber(b)) return number(a * b);
  if (isNumber(a)) return isNumber(b) ? null : isDays(b) || isMonths(b) ? times(b, a) : null;
  if (!isNumber(b)) return null;
  if (isDays(a)) return days(a.seconds * b);
  return isMonths(a) ? months(a.months * b) : null;
}

function over(a, b) {
  if (isNumber(b)) {
    if (b === 0) return null;
    if (isNumber(a)) return number(a / b);
    if (isDays(a)) return days(a.seconds / b);
    return isMonths(a) ? months(a.months / b) : null;
  }
  if (isDays(a) && isDays(b)) return b.seconds === 0 ? null : number(a.seconds / b.seconds);
  return isMonths(a) && isMonths(b) && b.months !== 0 ? number(a.months / b.months) : null;
}

export const ARITHMETIC = {
  "+": plus,
  "-": minus,
  "*": times,
  "/": over,
  "**": (a, b) => (isNumber(a) && isNumber(b) ? number(a ** b) : null),
  negate: (a) => {
    if (isNumber(a)) return number(-a);
    if (isDays(a)) return days(-a.seconds);
    return isMonths(a) ? months(-a.months) : null;
  },
};
