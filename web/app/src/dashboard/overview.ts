import { api, ask } from "../api/api.js";
import { here, practitioners } from "../api/here.svelte.js";
import { today } from "../time/now.js";
import { plusDays, wall, type Wall } from "../time/wall.js";

/** A session as a card shows it. */
export type Shown = { session_id: string; practitioner_id: string; status: string; start: Wall; end: Wall; time_zone: string };

/** What the calendars say of a client: the session that is next or under way, and those whose outcome is missing. */
export type Due = { next: Shown | undefined; open: Shown[] };

/** How far the calendars are read: the API takes 62 days at once. */
const BACK = 31;
const AHEAD = 92;

/**
 * What is next for each client, from the calendars of whoever treats them. The API has no route that answers it for a page of
 * clients; this is two requests a practitioner.
 */
export async function dueByClient(practitionerId: string | undefined): Promise<Map<string, Due>> {
  const own = here.me.role === "practitioner" ? here.me.practitioner_id : practitionerId;
  const whose = own ? [own] : (await practitioners()).filter((one) => one.active).map((one) => one.id);
  const first = today(here.practice.time_zone);
  const windows = [
    { from: plusDays(first, -BACK), to: plusDays(first, 31) },
    { from: plusDays(first, 31), to: plusDays(first, AHEAD) },
  ];
  const calendars = await Promise.all(
    whose.flatMap((practitioner_id) => windows.map((window) => ask(api().GET("/v1/calendar", { params: { query: { practitioner_id, ...window } } })))),
  );
  const entries = calendars.flatMap((calendar) => calendar.items.map((entry) => ({ ...entry, calendar })));
  entries.sort((a, b) => a.starts_at.localeCompare(b.starts_at));
  const found = new Map<string, Due>();
  for (const entry of entries) {
    const { session_id, status, practitioner_id, calendar } = entry;
    if (!session_id || !status || !practitioner_id) continue;
    const shown = {
      session_id, status, practitioner_id, time_zone: calendar.time_zone,
      start: wall(entry.local_start), end: wall(entry.local_end),
    };
    for (const client of entry.client_ids ?? []) {
      const due = found.get(client) ?? { next: undefined, open: [] };
      if (status === "awaiting_outcome") due.open.push(shown);
      else if (!due.next && ["scheduled", "due", "underway"].includes(status)) due.next = shown;
      found.set(client, due);
    }
  }
  return found;
}

/** Who cannot be mailed about a session. Only the session's own record says it. */
export async function undeliverable(next: Shown): Promise<string[]> {
  const session = await ask(api().GET("/v1/sessions/{id}", { params: { path: { id: next.session_id } } }));
  return session.recipients.filter((recipient) => recipient.delivery?.state === "undeliverable").map((recipient) => recipient.email);
}

/** Whether the card itself offers to cancel: the session can no longer be edited (P9, P12). */
export function cancelsHere(next: Shown | undefined): next is Shown {
  return next?.status === "due" || next?.status === "underway";
}
