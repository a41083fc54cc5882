import { dayOf, wallAt, type Day, type Wall } from "./wall.js";

/** How far Hourkeep's clock is ahead of this machine's. Only the local server's can be moved. */
let ahead = 0;

/** What time it is for Hourkeep. */
export function now(): Date {
  return new Date(Date.now() + ahead);
}

/** What the clocks of a zone show now. */
export function nowIn(zone: string): Wall {
  return wallAt(now(), zone);
}

export function today(zone: string): Day {
  return dayOf(nowIn(zone));
}

/** Reads the local server's clock, which may have been moved. */
export async function readLocalClock(): Promise<void> {
  const answer = await fetch("/local/clock");
  if (!answer.ok) return;
  const said = (await answer.json()) as { now: string };
  ahead = new Date(said.now).getTime() - Date.now();
  // Only what cannot be the way of the answer counts.
  if (Math.abs(ahead) < 5_000) ahead = 0;
}
