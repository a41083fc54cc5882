import type { Schemas } from "@hourkeep/client";
import { api, ask } from "../api/api.js";
import { nameOf } from "../clients/name.js";

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

export function showClient(id: string): Promise<Schemas["Client"]> {
  return ask(api().GET("/v1/clients/{id}", { params: { path: { id } } }));
}

/** `Robin Ray` → first and last name; the last word is the last name. */
export function parted(name: string): { first_name: string; last_name?: string } {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words.pop() : undefined;
  return { first_name: words.join(" "), ...(last ? { last_name: last } : {}) };
}
