import { api, ask } from "../api/api.js";
import { forget, here, practitioners, rooms, services } from "../api/here.svelte.js";
import { today } from "../time/now.js";
import { plusDays } from "../time/wall.js";

export type StepName = "zone" | "hours" | "service" | "room" | "client" | "session";
export type Done = Record<StepName, boolean>;
type Kept = { skipped: StepName[]; finished: boolean };

const at = () => `hourkeep.first-run.${here.practice.id}`;

/** What someone skipped, on this browser. */
export function kept(): Kept {
  try {
    return { skipped: [], finished: false, ...(JSON.parse(localStorage.getItem(at()) ?? "{}") as Partial<Kept>) };
  } catch {
    return { skipped: [], finished: false };
  }
}

export function keep(what: Kept): void {
  try {
    localStorage.setItem(at(), JSON.stringify(what));
  } catch {
    // Without a memory the guide comes again; nothing else depends on it.
  }
}

/** What there is already. */
export async function whatExists(): Promise<Done> {
  forget();
  const [people, offered, places, clients, usage] = await Promise.all([
    practitioners(),
    services(),
    rooms(),
    ask(api().GET("/v1/clients", { params: { query: { limit: 1 } } })),
    ask(api().GET("/v1/practice/usage")),
  ]);
  const active = people.filter((one) => one.active);
  return {
    // A practice begins with a zone: it was looked at once anything of the practice was changed, or someone has hours in it.
    zone: here.practice.revision > 1,
    hours: active.some((one) => one.weekly_hours.length > 0),
    service: offered.some((one) => one.active),
    room: places.some((one) => one.active),
    client: clients.items.length > 0,
    session: usage.sessions_booked > 0 || (clients.items.length > 0 && (await anyInCalendars(active.slice(0, 5)))),
  };
}

/** Sessions of other months show in the calendars around today. */
async function anyInCalendars(people: { id: string; time_zone: string }[]): Promise<boolean> {
  const calendars = await Promise.all(
    people.map(({ id, time_zone }) => {
      const from = plusDays(today(time_zone), -30);
      return ask(api().GET("/v1/calendar", { params: { query: { practitioner_id: id, from, to: plusDays(from, 62) } } }));
    }),
  );
  return calendars.some(({ items }) => items.length > 0);
}
