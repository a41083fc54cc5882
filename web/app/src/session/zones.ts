import type { Wall } from "../time/wall.js";
import { plus, wallAt } from "../time/wall.js";

/**
 * The two offsets of a wall time that the clocks of a zone show twice, the earlier first; none of any other time. It goes by the
 * browser's rules, so it only offers a choice: the server says whether the offset is in force.
 */
export function bothOffsets(time: Wall, zone: string): [string, string] | undefined {
  try {
    const utc = Date.parse(`${time}:00.000+00:00`);
    const around = [plus(time, -1440), plus(time, 1440)].map((near) => minutesAhead(Date.parse(`${near}:00.000+00:00`), zone));
    const [before, after] = around;
    if (before === undefined || after === undefined || before <= after) return undefined;
    const shows = (ahead: number) => wallAt(new Date(utc - ahead * 60_000), zone) === time;
    return shows(before) && shows(after) ? [offset(before), offset(after)] : undefined;
  } catch {
    return undefined;
  }
}

function minutesAhead(instant: number, zone: string): number {
  return (Date.parse(`${wallAt(new Date(instant), zone)}:00.000+00:00`) - instant) / 60_000;
}

function offset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
}
