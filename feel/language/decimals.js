// Rounding, on the digits that a number is written with: 1.115 is half way between 1.11 and 1.12 for people.

import { plainNumber } from "./text.js";

const MOST = 400;

// n = units * 10 ** -scale, rounded; `up` says whether the rest (in halves: below, at, above) lifts it.
function rounded(n, scale, up) {
  if (!Number.isInteger(scale)) scale = Math.trunc(scale);
  if (scale < -6111 || scale > 6176) return null;
  const [whole, fraction = ""] = plainNumber(Math.abs(n)).split(".");
  if (scale >= fraction.length) return n;
  if (-scale > MOST) return up(n < 0, -1, false) ? null : 0;
  const digits = BigInt(whole + fraction);
  const unit = 10n ** BigInt(fraction.length - scale);
  const [units, rest] = [digits / unit, digits % unit];
  const half = rest * 2n === unit ? 0 : rest * 2n < unit ? -1 : 1;
  const lifted = rest > 0n && up(n < 0, half, units % 2n === 1n) ? units + 1n : units;
  const value = Number(`${lifted}e${-scale}`);
  return n < 0 && value !== 0 ? -value : value;
}

const away = () => true;
const MODES = {
  floor: (negative) => negative,
  ceiling: (negative) => !negative,
  up: away,
  down: () => false,
  "half up": (_negative, half) => half >= 0,
  "half down": (_negative, half) => half > 0,
  "half even": (_negative, half, odd) => half > 0 || (half === 0 && odd),
};
const by =
  (mode) =>
  (n, scale = 0) =>
    rounded(n, scale, MODES[mode]);

export const DECIMALS = {
  decimal: ["n:number, scale:number", by("half even")],
  floor: ["n:number, scale?:number", by("floor")],
  ceiling: ["n:number, scale?:number", by("ceiling")],
  "round up": ["n:number, scale?:number", by("up")],
  "round down": ["n:number, scale?:number", by("down")],
  "round half up": ["n:number, scale?:number", by("half up")],
  "round half down": ["n:number, scale?:number", by("half down")],
};
