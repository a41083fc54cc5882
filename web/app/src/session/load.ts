import type { Schemas } from "@hourkeep/client";
import { api, ask } from "../api/api.js";
import { actsForAll, eventTypes, here, locations, practitioners, rooms, services } from "../api/here.svelte.js";
import { showSession } from "./change.js";
import { eventName, nameOf, showClient } from "./names.js";
import { nounOf, type Noun } from "./noun.js";

export type Lists = {
  practitioners: Schemas["Practitioner"][];
  rooms: Schemas["Room"][];
  services: Schemas["Service"][];
  locations: Schemas["Location"][];
  types: Schemas["EventType"][];
};

/** What one chooses from. */
export async function loadLists(): Promise<Lists> {
  const [first, second, third, fourth, types] = await Promise.all([practitioners(), rooms(), services(), locations(), eventTypes()]);
  return { practitioners: first, rooms: second, services: third, locations: fourth, types };
}

export type Loaded = {
  session: Schemas["Session"];
  noun: Noun;
  /** The client's, or what the event is called. */
  name: string;
  client: Schemas["Client"] | undefined;
  series: Schemas["Series"] | undefined;
};

/** A session with its client, if it has one, and its series if it is of one. */
export async function loadSession(id: string): Promise<Loaded> {
  const session = await showSession(id);
  const client = session.clients[0]?.client_id;
  const series = session.occurrence?.series_id;
  const [who, of] = await Promise.all([
    // The erased or handed over one is not there: the session still is.
    client ? showClient(client).catch(() => undefined) : undefined,
    series ? ask(api().GET("/v1/series/{id}", { params: { path: { id: series } } })) : undefined,
  ]);
  const noun = nounOf(session);
  const name = noun === "event" ? await eventName(session) : who ? nameOf(who) : "a client";
  return { session, noun, name, client: who, series: of };
}

/** A session as it is now, and what was done to it since that revision. */
export async function loadSince(id: string, revision: number): Promise<{ fresh: Loaded; entries: Schemas["HistoryEntry"][] }> {
  const [fresh, { items }] = await Promise.all([loadSession(id), ask(api().GET("/v1/sessions/{id}/history", { params: { path: { id } } }))]);
  return { fresh, entries: items.filter((entry) => entry.revision > revision) };
}

/** Those whom the caller may choose: practitioners act in their own calendar. Who is chosen already stays in the list. */
export function choosable(list: Schemas["Practitioner"][], chosen: string): Schemas["Practitioner"][] {
  return list.filter((one) => one.id === chosen || (one.active && (actsForAll() || one.id === here.me.practitioner_id)));
}
