import type { Schemas } from "@hourkeep/client";
import { api, ask } from "./api.js";

/** Where one works and as what. Set before any page is shown. */
export const here = $state<{ me: Schemas["Membership"]; practice: Schemas["Practice"]; memberships: Schemas["Membership"][] }>({
  me: undefined as never,
  practice: undefined as never,
  memberships: [],
});

type Member = Schemas["Membership"];
type Lists = { practitioners: Schemas["Practitioner"][]; rooms: Schemas["Room"][]; services: Schemas["Service"][]; locations: Schemas["Location"][]; eventTypes: Schemas["EventType"][] };
const lists: { [List in keyof Lists]?: Promise<Lists[List]> } = {};

/** The practice's practitioners, the deactivated ones too: past sessions name them. */
export const practitioners = () => (lists.practitioners ??= kept("practitioners", ask(api().GET("/v1/practitioners", all))));
export const rooms = () => (lists.rooms ??= kept("rooms", ask(api().GET("/v1/rooms", all))));
export const services = () => (lists.services ??= kept("services", ask(api().GET("/v1/services", all))));
export const locations = () => (lists.locations ??= kept("locations", ask(api().GET("/v1/locations", all))));
export const eventTypes = () => (lists.eventTypes ??= kept("eventTypes", ask(api().GET("/v1/event-types", all))));

const all = { params: { query: { include_inactive: true } } };

/** After one of them was changed. */
export function forget(): void {
  for (const list of Object.keys(lists) as (keyof Lists)[]) delete lists[list];
}

/** Whether someone's role lets them act for the whole practice. */
export function actsForAll(member: Pick<Member, "role"> = here.me): boolean {
  return member.role !== "practitioner";
}

async function kept<T>(list: keyof Lists, asked: Promise<{ items: T[] }>): Promise<T[]> {
  try {
    return (await asked).items;
  } catch (error) {
    delete lists[list];
    throw error;
  }
}
