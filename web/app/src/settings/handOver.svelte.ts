import type { Schemas } from "@hourkeep/client";
import { api, ask, ifMatch, changedSince } from "../api/api.js";
import { changed } from "../api/live.svelte.js";
import { inWords, Offline, Refused } from "../api/problem.js";
import { today } from "../time/now.js";
import { plusDays, wall, type Day, type Wall } from "../time/wall.js";

type Session = Schemas["Session"];

/** A session or event that is still to come. */
export type Coming = { session_id: string; local_start: Wall; event: boolean };
export type Stuck = Coming & { why: string; series: boolean; series_id?: string; /** Whether it may be moved though the time is taken. */ taken: boolean };
export type Wish = { to: string; toName: string; assign: boolean; tell: boolean };

/** The API answers 62 days at a time, and takes bookings up to five years ahead. */
const WINDOW = 62;
const WINDOWS = 30;

/**
 * Moves what one practitioner has before them to another, one session after another: the API has no route for all at once.
 * It can be stopped and gone on with at any time: what was moved is recognised by its practitioner.
 */
export class HandOver {
  state = $state<"counting" | "counted" | "moving" | "stopped" | "done">("counting");
  /** What is still to come, in order of start. */
  coming = $state.raw<Coming[]>([]);
  moved = $state(0);
  stuck = $state.raw<Stuck[]>([]);
  /** Why it could not be counted, or stopped. */
  error = $state.raw<unknown>();
  #wanted = false;
  #ended = false;

  constructor(
    readonly from: string,
    readonly zone: string,
  ) {}

  /** How many were gone through. */
  get seen(): number {
    return Math.min(this.coming.length, this.moved + this.stuck.length);
  }

  async count(): Promise<void> {
    this.state = "counting";
    this.error = undefined;
    try {
      const first = today(this.zone);
      const found = new Map<string, Coming>();
      for (let window = 0; window < WINDOWS && !this.#ended; window += 6) {
        const days = Array.from({ length: 6 }, (_, more) => plusDays(first, (window + more) * WINDOW));
        for (const calendar of await Promise.all(days.map((day) => this.#calendar(day)))) {
          for (const { session_id, status, local_start, client_ids } of calendar.items) {
            if (session_id && status === "scheduled") found.set(session_id, { session_id, local_start: wall(local_start), event: !client_ids?.length });
          }
        }
      }
      this.coming = [...found.values()];
      this.moved = 0;
      this.stuck = [];
      this.state = "counted";
    } catch (error) {
      this.error = error;
      this.state = "counted";
    }
  }

  /** Moves what is left. */
  async run(wish: Wish): Promise<void> {
    this.state = "moving";
    this.error = undefined;
    this.#wanted = true;
    this.stuck = [];
    this.moved = 0;
    const assigned = new Set<string>();
    const stuckSeries = new Map<string, Stuck>();
    for (const one of this.coming) {
      if (!this.#wanted) break;
      try {
        const outcome = await this.#move(one, wish, assigned, stuckSeries);
        if (outcome) this.stuck = [...this.stuck, outcome];
        else this.moved += 1;
      } catch (error) {
        this.error = error;
        break;
      }
    }
    changed();
    this.state = this.#wanted && !this.error ? "done" : "stopped";
  }

  /** Moves one whose time is taken all the same. */
  async force(one: Stuck, wish: Wish): Promise<void> {
    this.error = undefined;
    try {
      await this.#again(one, wish, true);
      const follows = (each: Stuck) => one.series_id !== undefined && each.series_id === one.series_id && each.session_id !== one.session_id;
      const stays = this.stuck.some((each) => each.session_id === one.session_id);
      // Those that follow in its series went along, but for what had been moved by hand.
      if (!stays) for (const each of this.stuck.filter(follows)) await this.#again(each, wish, false);
      changed();
    } catch (error) {
      this.error = error;
    }
  }

  async #again(one: Stuck, wish: Wish, overlap: boolean): Promise<void> {
    const outcome = await this.#move(one, wish, new Set(), new Map(), overlap);
    this.stuck = this.stuck.flatMap((each) => (each.session_id === one.session_id ? (outcome ?? []) : each));
    if (!outcome) this.moved += 1;
  }

  /** After the session under way. */
  stop(): void {
    this.#wanted = false;
  }

  end(): void {
    this.#wanted = false;
    this.#ended = true;
  }

  #calendar(from: Day) {
    const query = { practitioner_id: this.from, from, to: plusDays(from, WINDOW) };
    return ask(api().GET("/v1/calendar", { params: { query } }));
  }

  /** Answers why it stays, or nothing once it is moved. Throws where it is not this session's fault. */
  async #move(one: Coming, wish: Wish, assigned: Set<string>, stuckSeries: Map<string, Stuck>, overlap = false): Promise<Stuck | undefined> {
    let series = false;
    try {
      const session = await ask(api().GET("/v1/sessions/{id}", { params: { path: { id: one.session_id } } }));
      if (session.practitioner_id !== this.from) return undefined;
      const stay = (why: string): Stuck => ({ ...one, why, series: false, taken: false });
      if (session.status !== "scheduled") return stay("It is no longer scheduled.");
      const of = session.occurrence?.series_id;
      series = of !== undefined;
      const before = of === undefined ? undefined : stuckSeries.get(of);
      if (before) return { ...before, ...one, series: false, taken: false, why: "It stays with its series, above." };
      for (const { client_id } of session.clients) {
        if (assigned.has(client_id)) continue;
        if (!(await assign(client_id, wish))) return stay(`The client is not assigned to ${wish.toName}.`);
        assigned.add(client_id);
      }
      await reschedule(session, wish, overlap);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refused) || error.status >= 500 || error.status === 401) throw error instanceof Refused || error instanceof Offline ? error : new Offline();
      const stuck: Stuck = { ...one, why: inWords(error).detail, series, taken: error.is("overlap") || error.is("series-conflicts") };
      if (series) {
        const session = await ask(api().GET("/v1/sessions/{id}", { params: { path: { id: one.session_id } } }));
        if (session.occurrence) {
          stuck.series_id = session.occurrence.series_id;
          stuckSeries.set(stuck.series_id, stuck);
        }
      }
      return stuck;
    }
  }
}

/** Makes the client one of the new practitioner's as well. The one who leaves stays theirs. */
async function assign(id: string, { to, assign: may }: Wish, again = true): Promise<boolean> {
  const params = { path: { id } };
  const client = await ask(api().GET("/v1/clients/{id}", { params }));
  if (client.practitioner_ids.includes(to)) return true;
  if (!may) return false;
  try {
    const body = { practitioner_ids: [...client.practitioner_ids, to] };
    await ask(api().PATCH("/v1/clients/{id}", { params: { ...params, header: ifMatch(client) }, body }));
    return true;
  } catch (error) {
    if (again && changedSince(error)) return assign(id, { to, toName: "", assign: may, tell: false }, false);
    throw error;
  }
}

/** The same time with another practitioner. A series goes as a whole, so that its later sessions do too. */
function reschedule(session: Session, { to, tell }: Wish, overlap: boolean) {
  const inSeries = session.occurrence !== null && session.occurrence !== undefined;
  return ask(
    api().POST("/v1/sessions/{id}/reschedule", {
      params: { path: { id: session.id }, header: ifMatch(session) },
      body: {
        local_start: session.local_start,
        practitioner_id: to,
        send_updates: tell && session.invited,
        reason: "Handed over",
        allow_overlap: overlap && !inSeries,
        scope: inSeries ? "this_and_following" : "this",
        ...(inSeries ? { on_conflict: overlap ? "keep" : "stop", exceptions: "keep" } : { utc_offset: session.utc_offset }),
      },
    }),
  );
}
