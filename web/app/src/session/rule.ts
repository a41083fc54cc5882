import type { Schemas } from "@hourkeep/client";
import { day, inWords, weekdayOf, type Day } from "../time/wall.js";

/** How a session recurs, as it is chosen. */
export type Repeats = {
  /** `once`, `same` (as the series does now), the shape of a preset, or `custom`. */
  choice: string;
  unit: "DAILY" | "WEEKLY" | "MONTHLY";
  interval: string;
  days: string[];
  monthly: "day" | "nth" | "last";
  ends: "never" | "on" | "after";
  until: string;
  count: string;
};

export const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const NTH = ["first", "second", "third", "fourth", "fifth"];

export function once(): Repeats {
  return { choice: "once", unit: "WEEKLY", interval: "1", days: [], monthly: "day", ends: "never", until: "", count: "8" };
}

/** What the series of a session says, to begin its change with. Places before the session do not count. */
export function sameAs(rule: string, before: number): Repeats {
  const parts = partsOf(rule);
  const [until, count] = [parts.get("UNTIL"), parts.get("COUNT")];
  return {
    ...once(),
    choice: "same",
    ends: until ? "on" : count ? "after" : "never",
    until: until ? `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}` : "",
    count: count ? String(Math.max(1, Number(count) - before)) : "8",
  };
}

/** What stays of a preset when the date it was made for changes: `every other week on that day` stays so on another day. */
export function shapeOf(rule: string): string {
  const parts = partsOf(rule);
  const days = parts.get("BYDAY") ?? "";
  const kind = days.includes(",") ? "days" : days.startsWith("-") ? "last" : /^\d/.test(days) ? "nth" : parts.has("BYMONTHDAY") ? "day" : "";
  return [parts.get("FREQ"), parts.get("INTERVAL") ?? "1", kind].join(" ").trim();
}

/** The weekday of a date, as rules name it. */
export function ruleDay(date: Day): string {
  return DAYS[weekdayOf(date) - 1] ?? "MO";
}

/** The choices of a monthly rule for a date, in words. */
export function monthlyChoices(date: Day): { value: Repeats["monthly"]; label: string }[] {
  const number = Number(date.slice(8, 10));
  const nth = Math.ceil(number / 7);
  const name = inWords(date, { weekday: "long" });
  const length = new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();
  const choices: { value: Repeats["monthly"]; label: string }[] = [{ value: "day", label: `On day ${number}` }];
  if (nth < 5) choices.push({ value: "nth", label: `On the ${NTH[nth - 1]} ${name}` });
  if (number + 7 > length) choices.push({ value: "last", label: `On the last ${name}` });
  return choices;
}

/** The rule as text; `undefined` for one that is not chosen to the end yet, or none at all. */
export function ruleOf(repeats: Repeats, date: string, presets: Schemas["RecurrencePreset"][], series?: string): string | undefined {
  const base = baseOf(repeats, date, presets, series);
  if (!base) return undefined;
  if (repeats.ends === "on") return repeats.until ? `${base};UNTIL=${repeats.until.replaceAll("-", "")}` : undefined;
  if (repeats.ends === "after") return /^[1-9]\d*$/.test(repeats.count.trim()) ? `${base};COUNT=${repeats.count.trim()}` : undefined;
  return base;
}

function baseOf(repeats: Repeats, date: string, presets: Schemas["RecurrencePreset"][], series?: string): string | undefined {
  if (repeats.choice === "once") return undefined;
  if (repeats.choice === "same") return series && endless(series);
  if (repeats.choice !== "custom") return presets.find((preset) => shapeOf(preset.rule) === repeats.choice)?.rule;
  if (!date || !/^[1-9]\d*$/.test(repeats.interval.trim())) return undefined;
  const on = day(date);
  const every = `FREQ=${repeats.unit};INTERVAL=${repeats.interval.trim()}`;
  if (repeats.unit === "DAILY") return every;
  if (repeats.unit === "WEEKLY") return repeats.days.length > 0 ? `${every};BYDAY=${DAYS.filter((one) => repeats.days.includes(one)).join(",")}` : undefined;
  if (repeats.monthly === "day") return `${every};BYMONTHDAY=${Number(date.slice(8, 10))}`;
  return `${every};BYDAY=${repeats.monthly === "last" ? "-1" : Math.ceil(Number(date.slice(8, 10)) / 7)}${ruleDay(on)}`;
}

/** Without its end, and without the one day that it names: that is the day of the start, which may have moved. */
function endless(rule: string): string {
  return rule.split(";").filter((part) => !/^(UNTIL=|COUNT=|BYDAY=[A-Z]{2}$|BYMONTHDAY=)/.test(part)).join(";");
}

function partsOf(rule: string): Map<string, string> {
  return new Map(rule.replace(/^RRULE:/, "").split(";").map((part) => part.split("=", 2) as [string, string]));
}
