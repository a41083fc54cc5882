import { timeInWords } from "../time/words.js";
import { wall } from "../time/wall.js";

/** A time of day as it is kept: `09:07`. */
export type Clock = string;

/** Reads what people type for a time of day: `9:07`, `907`, `9.07`, `9:07 pm`, `9`, `21h30`. */
export function readClock(typed: string): Clock | undefined {
  const match = /^(\d{1,2})(?:\s*[:.h]?\s*(\d{2}))?\s*(?:([ap])\.?\s*m?\.?)?$/i.exec(typed.trim().replace(/\u202f|\u00a0/g, " "));
  if (!match) return undefined;
  let hour = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  const half = match[3]?.toLowerCase();
  if (half && (hour < 1 || hour > 12)) return undefined;
  if (half === "p" && hour < 12) hour += 12;
  if (half === "a" && hour === 12) hour = 0;
  return hour > 23 || minute > 59 ? undefined : ofMinutes(hour * 60 + minute);
}

export function minutesOf(clock: Clock): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}

/** Goes round at midnight. */
export function ofMinutes(minutes: number): Clock {
  const within = ((minutes % 1440) + 1440) % 1440;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

/** As the browser's locale says it. */
export function clockInWords(clock: Clock): string {
  return timeInWords(wall(`2000-01-01T${clock}`));
}

/** `50 min`, `1 h`, `1 h 30 min`. */
export function lengthInWords(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(" ");
}
