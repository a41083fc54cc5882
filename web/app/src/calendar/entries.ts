import type { Schemas } from "@hourkeep/client";
import { drawing, USUAL } from "../ui/looks.js";
import type { IconName } from "../ui/icons.js";
import { minutesBetween, plus, wall, type Wall } from "../time/wall.js";

/** One entry as the calendar shows it: wall times in the zone that is displayed. */
export interface Entry {
  /** Its own within the calendar, and the same at each reload. */
  id: string;
  /** The practitioner or room in whose column it stands. */
  column: string;
  /** What opens; none where one may only see that the time is taken. */
  session_id: string | undefined;
  practitioner_id: string | undefined;
  room_id: string | undefined;
  start: Wall;
  end: Wall;
  length_minutes: number;
  /** Who or what: the clients' names, or what the event is called. */
  title: string;
  /** What kind, in words: the name of its event type. */
  type: string;
  /** It leaves the time bookable. */
  free: boolean;
  /** It is without clients, and so has no outcome to wait for. */
  event: boolean;
  /** Its colour, by the name that the API has for it, and its picture. */
  colour: string;
  icon: IconName;
  /** `scheduled`, `due`, `underway`, `awaiting_outcome`, `closed`. */
  status: string;
  movable: boolean;
}

/** One entry as `GET /v1/calendar` answers it. */
export type Listed = Schemas["CalendarEntry"];

/** Whose calendar was asked for. */
export interface Asked {
  by: "people" | "rooms";
  id: string;
}

/** What the ids in an answer mean. */
export interface Known {
  /** Names of clients. */
  names: ReadonlyMap<string, string>;
  types: ReadonlyMap<string, { name: string; colour: string; icon: string }>;
  /** The rooms that are on line. */
  virtual: ReadonlySet<string>;
}

/** Turns one answer into entries. */
export function entriesOf(items: readonly Listed[], asked: Asked, known: Known): Entry[] {
  return items.map((item, index) => {
    const start = wall(item.local_start);
    const length = lengthOf(item);
    const listed = wall(item.local_end);
    const hidden = item.session_id == null;
    const free = !item.busy;
    // Several may begin at once of which one may know no more than that.
    const nth = hidden ? items.slice(0, index).filter((one) => one.session_id == null && one.starts_at === item.starts_at).length : 0;
    const status = item.status ?? "";
    const kind = kindOf(item, known);
    return {
      id: `${asked.id}/${item.session_id ?? `${item.starts_at}/${nth}`}`,
      column: asked.id,
      session_id: item.session_id ?? undefined,
      practitioner_id: item.practitioner_id ?? (asked.by === "people" ? asked.id : undefined),
      room_id: item.room_id ?? (asked.by === "rooms" ? asked.id : undefined),
      start,
      // In the hour that comes twice, an end can read as if it were before the start.
      end: listed > start ? listed : plus(start, length),
      length_minutes: length,
      title: hidden ? (free ? "Private" : "Busy") : titleOf(item, kind.type, known),
      type: hidden ? (free ? "Private" : "Taken") : kind.type,
      free,
      event: !hidden && (item.client_ids ?? []).length === 0,
      colour: hidden ? "grey" : kind.colour,
      icon: hidden ? "lock" : drawing(kind.icon),
      status,
      movable: !hidden && status === "scheduled",
    };
  });
}

/** Appointment, plan, outcome: an entry stands, so the first is done; plans are yet to come. */
export function stepsDone(entry: Entry): readonly [appointment: boolean, plan: boolean, outcome: boolean] {
  return [true, false, entry.status === "closed"];
}

function titleOf(item: Listed, type: string, known: Known): string {
  const clients = (item.client_ids ?? []).map((id) => known.names.get(id) ?? "A client");
  return clients.length > 0 ? clients.join(", ") : (item.title ?? type);
}

/** By its event type; where none was said, by whether it is on line and has clients. */
function kindOf(item: Listed, known: Known): { type: string; colour: string; icon: string } {
  const type = known.types.get(item.event_type_id ?? "");
  if (type) return { ...type, type: type.name };
  if ((item.client_ids ?? []).length === 0) return { type: "Event", ...USUAL.non_client };
  if (item.room_id && known.virtual.has(item.room_id)) return { type: "Video session", ...USUAL.video };
  return { type: item.direct ? "Client session" : "Indirect session", ...USUAL.client };
}

/** By the instants: on a day when the clocks change, the faces of the clock say something else. */
function lengthOf(item: Listed): number {
  const utc = (instant: string) => wall(instant.slice(0, 16));
  return minutesBetween(utc(item.starts_at), utc(item.ends_at));
}
