import type { Schemas } from "@hourkeep/client";
import { api } from "../api/api.js";
import { eventTypes, rooms } from "../api/here.svelte.js";
import { refusal } from "../api/problem.js";
import { entriesOf, type Asked, type Entry, type Known } from "./entries.js";
import type { Range } from "./place.js";

type Answer = Schemas["Calendar"];

/** The last answers by what was asked, each with the tag by which the server says that nothing is new. */
const answered = new Map<string, { tag: string; answer: Answer }>();
const MOST = 60;

/** The entries of these practitioners or rooms, each asked for at the same time, with wall times in the zone. */
export async function load(asked: readonly Asked[], range: Range, zone: string, signal: AbortSignal): Promise<Entry[]> {
  const [kinds, places, ...answers] = await Promise.all([typesById(), rooms(), ...asked.map((one) => ask(one, range, zone, signal))]);
  const names = new Map(answers.flatMap(({ clients }) => clients ?? []).map((client) => [client.id, nameOf(client)]));
  const known = { names, types: kinds, virtual: new Set(places.filter((one) => one.kind === "virtual").map((one) => one.id)) };
  return answers.flatMap((answer, index) => entriesOf(answer.items, asked[index] as Asked, known));
}

async function ask(whose: Asked, { from, until }: Range, zone: string, signal: AbortSignal): Promise<Answer> {
  const query = { ...(whose.by === "rooms" ? { room_id: whose.id } : { practitioner_id: whose.id }), from, to: until, time_zone: zone, names: true };
  const key = JSON.stringify(query);
  const last = answered.get(key);
  const { data, error, response } = await api().GET("/v1/calendar", { params: { query }, signal, ...(last && { headers: { "If-None-Match": last.tag } }) });
  if (response.status === 304 && last) return last.answer;
  if (!data) throw refusal(response.status, error);
  const answer: Answer = data;
  const tag = response.headers.get("ETag");
  answered.delete(key);
  if (tag) answered.set(key, { tag, answer });
  if (answered.size > MOST) answered.delete(answered.keys().next().value as string);
  return answer;
}

/** A colour may be wrong until they can be had; a calendar without entries would be worse. */
async function typesById(): Promise<Known["types"]> {
  try {
    return new Map((await eventTypes()).map((one) => [one.id, one]));
  } catch {
    return new Map();
  }
}

function nameOf(client: { first_name?: string | null; last_name?: string | null }): string {
  return [client.first_name, client.last_name].filter(Boolean).join(" ") || "Unnamed client";
}
