import type { Schemas } from "@hourkeep/client";
import { api, ask } from "../api/api.js";
import { eventTypes } from "../api/here.svelte.js";
import { nameOf } from "../clients/name.js";
import { showSession } from "./change.js";

export { nameOf };

const names = new Map<string, Promise<string>>();

/** The name of a client of whom only the id is known. */
export function clientName(id: string): Promise<string> {
  let name = names.get(id);
  if (!name) {
    name = showClient(id).then(nameOf, () => {
      names.delete(id);
      return "a client";
    });
    names.set(id, name);
  }
  return name;
}

/** What an event without clients is called: by its title, else by its type. */
export async function eventName({ title, event_type_id }: Pick<Schemas["Session"], "title" | "event_type_id">): Promise<string> {
  return title ?? (await eventTypes()).find((one) => one.id === event_type_id)?.name ?? "Event";
}

/** Who or what takes a time, as the end of a sentence: ` with Robin Ray`, `: Team meeting`; nothing where it may not be known. */
export async function whatIsThere({ client_ids, session_id }: Schemas["Clash"]): Promise<string> {
  if (client_ids?.length) return ` with ${(await Promise.all(client_ids.map(clientName))).join(" and ")}`;
  if (!session_id) return "";
  return showSession(session_id).then(async (event) => `: ${await eventName(event)}`, () => "");
}

export function showClient(id: string): Promise<Schemas["Client"]> {
  return ask(api().GET("/v1/clients/{id}", { params: { path: { id } } }));
}

/** `Robin Ray` → first and last name; the last word is the last name. */
export function parted(name: string): { first_name: string; last_name?: string } {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words.pop() : undefined;
  return { first_name: words.join(" "), ...(last ? { last_name: last } : {}) };
}
