import type { Schemas } from "@hourkeep/client";
import { api, ask, ifMatch } from "../api/api.js";
import { USUAL } from "../ui/looks.js";

export type Category = keyof typeof USUAL;

/** A kind of calendar entry. */
export type EventType = Schemas["EventType"] & { category: Category };

export const CATEGORIES: Record<Category, { words: string; colour: string; icon: string }> = {
  client: { words: "With or for clients", ...USUAL.client },
  video: { words: "With clients, by video", ...USUAL.video },
  non_client: { words: "Without clients", ...USUAL.non_client },
  team: { words: "With the team", ...USUAL.team },
};

export const isForClients = (category: string): boolean => category === "client" || category === "video";

/** As many as can be active at once on the side of a category. */
export const limitOf = (category: Category): number => (isForClients(category) ? 6 : 4);

// The description says text where the API knows four categories.
const known = (asked: Promise<Schemas["EventType"]>): Promise<EventType> => asked as Promise<EventType>;

/** All of them as they are now. */
export async function readEventTypes(): Promise<EventType[]> {
  const { items } = await ask(api().GET("/v1/event-types", { params: { query: { include_inactive: true } } }));
  return items as EventType[];
}
export const eventType = (id: string) => known(ask(api().GET("/v1/event-types/{id}", { params: { path: { id } } })));
export const addEventType = (body: Schemas["NewEventTypeBody"]) => known(ask(api().POST("/v1/event-types", { body })));
export const changeEventType = (type: EventType, body: Schemas["EventTypeChangeBody"]) =>
  known(ask(api().PATCH("/v1/event-types/{id}", { params: { path: { id: type.id }, header: ifMatch(type) }, body })));

export type Service = Schemas["Service"];
