import type { Schemas } from "@hourkeep/client";
import { api, ask, ifMatch } from "../api/api.js";
import { ICONS, type IconName } from "../ui/icons.js";

export type Category = "client" | "video" | "non_client" | "team";

/** A kind of calendar entry. */
export type EventType = Schemas["EventType"] & { category: Category };

export const CATEGORIES: Record<Category, { words: string; colour: string; icon: string }> = {
  client: { words: "With or for clients", colour: "blue", icon: "person" },
  video: { words: "With clients, by video", colour: "pink", icon: "video" },
  non_client: { words: "Without clients", colour: "orange", icon: "calendar" },
  team: { words: "With the team", colour: "purple", icon: "people" },
};

export const isForClients = (category: Category): boolean => category === "client" || category === "video";

/** As many as can be active at once on the side of a category. */
export const limitOf = (category: Category): number => (isForClients(category) ? 6 : 4);

/** The API's colours, as tokens. */
export const COLOURS: Record<string, { words: string; token: string }> = {
  blue: { words: "Blue", token: "client" },
  pink: { words: "Pink", token: "video" },
  orange: { words: "Orange", token: "non-client" },
  purple: { words: "Purple", token: "team" },
  teal: { words: "Teal", token: "accent" },
  green: { words: "Green", token: "good" },
  yellow: { words: "Yellow", token: "warn" },
  grey: { words: "Grey", token: "muted" },
};

export const PICTURES: Record<string, string> = {
  person: "Person", people: "People", video: "Camera", phone: "Telephone", house: "House", document: "Document", calendar: "Calendar", clock: "Clock",
  cup: "Cup", book: "Book", car: "Car", star: "Star",
};

/** The drawing of a picture; those that the app has no drawing for yet are shown as a calendar. */
export function drawing(picture: string): IconName {
  return picture in ICONS ? (picture as IconName) : "calendar";
}

/** Whether there is a drawing for it, and so a reason to offer it. */
export const isDrawn = (picture: string): boolean => picture in ICONS;

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
