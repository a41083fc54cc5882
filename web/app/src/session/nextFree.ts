import type { Schemas } from "@hourkeep/client";
import { api, ask } from "../api/api.js";
import { wall, type Wall } from "../time/wall.js";

/** The practitioner's next free time, in a zone or else in theirs; none where they keep no hours or it cannot be had. */
export async function nextFree(practitioner_id: string, { room_id, zone }: { room_id?: string; zone?: string }): Promise<{ start: Wall; zone: string } | undefined> {
  if (!practitioner_id) return undefined;
  const query = { practitioner_id, limit: 1, ...(room_id !== undefined && { room_id }), ...(zone !== undefined && { time_zone: zone }) };
  const found: Schemas["Availability"] | undefined = await ask(api().GET("/v1/availability", { params: { query } })).catch(() => undefined);
  const first = found?.items[0];
  return first && { start: wall(first.local_start), zone: first.time_zone };
}
