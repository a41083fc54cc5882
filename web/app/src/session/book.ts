import type { Schemas } from "@hourkeep/client";
import { api, ask } from "../api/api.js";
import { showSession, type OnConflict } from "./change.js";
import { bodyOf, type Form } from "./form.js";
import { underOneKey } from "./once.js";

type Recurs = { rule: string; onConflict: OnConflict; decisions: Record<string, OnConflict>; preview: Schemas["SeriesPreview"] | undefined };

/** Books one session or event. */
export function bookOne(form: Form, currency: string, allowOverlap: boolean): Promise<Schemas["Session"]> {
  const body = { ...bodyOf(form, currency), ...(allowOverlap ? { allow_overlap: true } : {}) };
  return underOneKey(["session", body], (key) => ask(api().POST("/v1/sessions", { params: { header: { "Idempotency-Key": key } }, body })));
}

/** Books a series. Answers it with its first session, if that can be had: it is booked all the same. */
export async function bookSeries(form: Form, currency: string, { rule, onConflict, decisions, preview }: Recurs) {
  const { utc_offset: _, ...rest } = bodyOf(form, currency);
  const places = new Set(preview?.occurrences.map((one) => one.local_start));
  const decided = Object.entries(decisions).filter(([place]) => places.has(place));
  const recurrence = { rule, on_conflict: onConflict, decisions: decided.map(([local_start, on_conflict]) => ({ local_start, on_conflict })) };
  const body = { ...rest, recurrence };
  const series = await underOneKey(["series", body], (key) =>
    ask(api().POST("/v1/series", { params: { header: { "Idempotency-Key": key } }, body })),
  );
  const first = series.sessions[0];
  return { series, session: first && (await showSession(first.session_id).catch(() => undefined)) };
}
