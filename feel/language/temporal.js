// Dates, times and durations of FEEL (DMN 1.5, 10.3.2.3): the proleptic calendar, years -999999999 to 999999999,
// nanoseconds, offsets and named zones. What has no zone was said in Vietnam, which has had one, without
// summer time, since 1975.

const VIETNAM = { offset: 7 * 3600 };
const DAY = 86400;
const FURTHEST = 999999999;

const pad = (number, width = 2) => String(Math.abs(number)).padStart(width, "0");
const floorDiv = (a, b) => Math.floor(a / b);
const floorMod = (a, b) => a - b * Math.floor(a / b);
const isLeap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const lengthOf = (year, month) => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

// ---- days since 1970-01-01 ------------------------------------------------------------------------------

function dayNumber(year, month, day) {
  const y = month <= 2 ? year - 1 : year;
  const era = floorDiv(y, 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

function dateOfDay(number) {
  const z = number + 719468;
  const era = floorDiv(z, 146097);
  const ofEra = z - era * 146097;
  const y = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365,
  );
  const ofYear = ofEra - (365 * y + Math.floor(y / 4) - Math.floor(y / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return FeelDate.of(y + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

// ---- zones ----------------------------------------------------------------------------------------------

const clocks = new Map();

function clockOf(id) {
  if (!clocks.has(id)) {
    let clock = null;
    try {
      clock = new Intl.DateTimeFormat("en-US", {
        timeZone: id,
        hourCycle: "h23",
        era: "short",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
      });
    } catch {
      /* not a zone */
    }
    clocks.set(id, clock);
  }
  return clocks.get(id);
}

// Seconds east of Greenwich that clocks of a named zone show at an instant.
function shownAt(id, instant) {
  const parts = {};
  for (const { type, value } of clockOf(id).formatToParts(new Date(instant * 1000))) parts[type] = value;
  const year = parts.era === "BC" ? 1 - Number(parts.year) : Number(parts.year);
  const day = dayNumber(year, Number(parts.month), Number(parts.day));
  return day * DAY + Number(parts.hour) * 3600 + Number(parts.minute) * 60 + Number(parts.second) - Math.floor(instant);
}

function offsetOf(zone, localSeconds) {
  if (zone.id === undefined) return zone.offset;
  if (Math.abs(localSeconds) > 8e12) return 0;
  return shownAt(zone.id, localSeconds - shownAt(zone.id, localSeconds));
}

function parseZone(text) {
  if (!text) return null;
  if (text === "Z" || text === "z") return { offset: 0 };
  if (text.startsWith("@")) return clockOf(text.slice(1)) ? { id: text.slice(1) } : undefined;
  const [hours, minutes, seconds = 0] = text.slice(1).split(":").map(Number);
  const offset = hours * 3600 + minutes * 60 + seconds;
  if (minutes > 59 || seconds > 59 || offset > 18 * 3600) return undefined;
  return { offset: text[0] === "-" ? -offset : offset };
}

function zoneText(zone) {
  if (!zone) return "";
  if (zone.id !== undefined) return `@${zone.id}`;
  if (zone.offset === 0) return "Z";
  const at = Math.abs(zone.offset);
  const seconds = at % 60 ? `:${pad(at % 60)}` : "";
  return `${zone.offset < 0 ? "-" : "+"}${pad(Math.floor(at / 3600))}:${pad(Math.floor(at / 60) % 60)}${seconds}`;
}

const sameZone = (a, b) => (a && b ? a.id === b.id && a.offset === b.offset : a === b);

// ---- the five kinds -------------------------------------------------------------------------------------

export class FeelDate {
  static of(year, month, day) {
    const whole = [year, month, day].every(Number.isInteger);
    if (!whole || Math.abs(year) > FURTHEST || month < 1 || month > 12) return null;
    if (day < 1 || day > lengthOf(year, month)) return null;
    return Object.assign(new FeelDate(), { year, month, day });
  }

  static parse(text) {
    const found = /^(-?)(\d{4,9})-(\d\d)-(\d\d)$/.exec(text);
    if (!found || (found[2].length > 4 && found[2][0] === "0")) return null;
    return FeelDate.of(Number(found[1] + found[2]) || 0, Number(found[3]), Number(found[4]));
  }

  get number() {
    return dayNumber(this.year, this.month, this.day);
  }

  // Midnight there: where a date meets a date and time. Two dates are compared the same way.
  get seconds() {
    return this.number * DAY;
  }

  get weekday() {
    return floorMod(this.number + 3, 7) + 1;
  }

  plusMonths(months) {
    const at = this.year * 12 + this.month - 1 + months;
    const [year, month] = [floorDiv(at, 12), floorMod(at, 12) + 1];
    return FeelDate.of(year, month, Math.min(this.day, lengthOf(year, month)));
  }

  plusSeconds(seconds) {
    return dateOfDay(floorDiv(this.seconds + seconds, DAY));
  }

  toString() {
    return `${this.year < 0 ? "-" : ""}${pad(this.year, 4)}-${pad(this.month)}-${pad(this.day)}`;
  }
}

export class FeelTime {
  static of(hour, minute, second, zone = null) {
    const whole = Number.isInteger(hour) && Number.isInteger(minute);
    if (!whole || hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) return null;
    return Object.assign(new FeelTime(), { hour, minute, second, zone });
  }

  static parse(text) {
    const found = /^(\d\d):(\d\d):(\d\d(?:\.\d{1,9}\d*)?)([zZ]|[+-]\d\d:\d\d(?::\d\d)?|@[\w/+-]+)?$/.exec(text);
    const zone = found && parseZone(found[4]);
    if (!found || zone === undefined) return null;
    return FeelTime.of(Number(found[1]), Number(found[2]), Number(found[3]), zone);
  }

  static ofSeconds(seconds, zone) {
    const at = round9(floorMod(seconds, DAY));
    return FeelTime.of(Math.floor(at / 3600) % 24, Math.floor(at / 60) % 60, round9(at % 60), zone);
  }

  get local() {
    return this.hour * 3600 + this.minute * 60 + this.second;
  }

  get seconds() {
    return this.local - offsetOf(this.zone ?? VIETNAM, this.local);
  }

  plusSeconds(seconds) {
    return FeelTime.ofSeconds(this.local + seconds, this.zone);
  }

  toString() {
    const [whole, fraction = ""] = round9(this.second)
      .toFixed(9)
      .replace(/\.?0+$/, "")
      .split(".");
    const second = pad(Number(whole)) + (fraction && `.${fraction}`);
    return `${pad(this.hour)}:${pad(this.minute)}:${this.second === 0 ? "00" : second}${zoneText(this.zone)}`;
  }
}

export class FeelDateTime {
  static of(date, time) {
    return date && time ? Object.assign(new FeelDateTime(), { date, time }) : null;
  }

  static parse(text) {
    const at = text.indexOf("T");
    if (at < 0) return FeelDateTime.of(FeelDate.parse(text), FeelTime.of(0, 0, 0));
    const [date, clock] = [FeelDate.parse(text.slice(0, at)), text.slice(at + 1)];
    if (!clock.startsWith("24:00:00")) return FeelDateTime.of(date, FeelTime.parse(clock));
    return FeelDateTime.of(date?.plusSeconds(DAY), FeelTime.parse(`00${clock.slice(2)}`)); // the end of that day
  }

  get zone() {
    return this.time.zone;
  }

  get local() {
    return this.date.seconds + this.time.local;
  }

  get seconds() {
    return this.local - offsetOf(this.zone ?? VIETNAM, this.local);
  }

  plusMonths(months) {
    return FeelDateTime.of(this.date.plusMonths(months), this.time);
  }

  plusSeconds(seconds) {
    const local = round9(this.local + seconds);
    return FeelDateTime.of(dateOfDay(floorDiv(local, DAY)), FeelTime.ofSeconds(local, this.zone));
  }

  toString() {
    return `${this.date}T${this.time}`;
  }
}

export class DayDuration {
  constructor(seconds) {
    this.seconds = round9(seconds);
  }

  toString() {
    const at = Math.abs(this.seconds);
    const [days, hours, minutes] = [Math.floor(at / DAY), Math.floor(at / 3600) % 24, Math.floor(at / 60) % 60];
    const seconds = round9(at % 60);
    const clock = (hours ? `${hours}H` : "") + (minutes ? `${minutes}M` : "") + (seconds ? `${decimal(seconds)}S` : "");
    if (!at) return "PT0S";
    return `${this.seconds < 0 ? "-" : ""}P${days ? `${days}D` : ""}${clock && `T${clock}`}`;
  }
}

export class MonthDuration {
  constructor(months) {
    this.months = Math.trunc(months);
  }

  toString() {
    const at = Math.abs(this.months);
    const [years, months] = [Math.floor(at / 12), at % 12];
    if (!at) return "P0M";
    return `${this.months < 0 ? "-" : ""}P${years ? `${years}Y` : ""}${months ? `${months}M` : ""}`;
  }
}

const round9 = (seconds) => (Number.isInteger(seconds) ? seconds : Math.round(seconds * 1e9) / 1e9);
const decimal = (number) => number.toFixed(9).replace(/\.?0+$/, "");

const DURATION = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?$/;

export function parseDuration(text) {
  const found = DURATION.exec(text);
  if (!found || /[PT]$/.test(text)) return null;
  const [, minus, years, months, days, , hours, minutes, seconds] = found;
  const sign = minus ? -1 : 1;
  const ofMonths = years !== undefined || months !== undefined;
  if (ofMonths && (days !== undefined || found[5])) return null;
  const parts = [years, months, days, hours, minutes, seconds].map((part) => Number(part ?? 0));
  if (ofMonths) return new MonthDuration(sign * (parts[0] * 12 + parts[1]));
  return new DayDuration(sign * (parts[2] * DAY + parts[3] * 3600 + parts[4] * 60 + parts[5]));
}

// ---- two of them ----------------------------------------------------------------------------------------

// `is`: the same as written, where `=` asks for the same moment.
export function isSame(a, b) {
  if (a instanceof FeelDateTime) return isSame(a.date, b.date) && isSame(a.time, b.time);
  if (a instanceof FeelTime) return a.local === b.local && sameZone(a.zone, b.zone);
  if (a instanceof MonthDuration) return a.months === b.months;
  return a.seconds === b.seconds;
}

// Whole months from one day to another, as a person counts them: a started month does not count, the hour neither.
export function monthsBetween(from, to) {
  const [start, end] = [from.date ?? from, to.date ?? to];
  let months = (end.year - start.year) * 12 + end.month - start.month;
  const late = end.day - start.day;
  if (months > 0 && late < 0) months -= 1;
  if (months < 0 && late > 0) months += 1;
  return new MonthDuration(months);
}

export const dayOfYear = (date) => date.number - dayNumber(date.year, 1, 1) + 1;

// ISO 8601: the week belongs to the year of its Thursday.
export function weekOfYear(date) {
  const thursday = dateOfDay(date.number - date.weekday + 4);
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

export const offsetDuration = (moment) => {
  const { zone } = moment;
  return zone ? new DayDuration(offsetOf(zone, moment.local)) : null;
};
