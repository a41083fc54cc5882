import { api } from "../api/api.js";

/** One of the practice's own kinds of session. */
export type EventType = {
  id: string;
  name: string;
  category: "client" | "video" | "non_client" | "team";
  colour: string;
  icon: string;
  direct: boolean;
  busy: boolean;
  length_minutes?: number | null;
  service_id?: string | null;
  active: boolean;
};

/** The kinds that sessions with clients may be of; none where the server does not know the route yet. */
export async function sessionTypes(): Promise<EventType[]> {
  const get = api().GET as unknown as (path: string, options: object) => Promise<{ data?: { items: EventType[] } }>;
  try {
    const { data } = await get("/v1/event-types", { params: { query: { include_inactive: true } } });
    return (data?.items ?? []).filter((type) => type.category === "client" || type.category === "video");
  } catch {
    return [];
  }
}

/** What a session is of, which the schema does not name yet. */
export function typeOf(session: object): string {
  const id = (session as { event_type_id?: unknown }).event_type_id;
  return typeof id === "string" ? id : "";
}
