import { createHourkeep, type Hourkeep } from "@hourkeep/client";
import { Offline, Refused, refusal } from "./problem.js";

/** Where the API is and who vouches for people: what `/app/config.json` says. */
export type Config = {
  /** The API's origin; empty if it is this page's. */
  api: string;
  issuer: string;
  client_id: string;
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint?: string;
  scope: string;
};

/** Who signs the requests. */
export type Caller = {
  token: () => string;
  /** The practice that is meant, for those who work in several. */
  practice: () => string | undefined;
  /** The token was refused: answers once there is a better one, or throws if nobody signs in again. */
  signInAgain: (refused: string) => Promise<void>;
};

let connected: Hourkeep | undefined;

/** Makes `api()` usable. Requests carry the token; a lost change is sent once more with the same key; a 401 waits for a new sign-in. */
export function connect(config: Config, caller: Caller): Hourkeep {
  const client = createHourkeep({ baseUrl: config.api || location.origin, token: () => caller.token() });
  client.use({
    async onRequest({ request }) {
      const practice = caller.practice();
      if (practice && !request.headers.has("Hourkeep-Practice")) request.headers.set("Hourkeep-Practice", practice);
      return send(request, caller);
    },
  });
  connected = client;
  return client;
}

/** The API, once connected. */
export function api(): Hourkeep {
  if (!connected) throw new Error("connect() comes first");
  return connected;
}

/** The data of an answer. Throws `Refused` or `Offline`. */
export async function ask<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw refusal(response.status, error);
  return data as T;
}

/** The header that makes a change hold only for the revision one has seen. */
export function ifMatch(record: { revision: number }): { "If-Match": string } {
  return { "If-Match": `"${record.revision}"` };
}

/** Whether a change was refused because the record had been changed since it was read. */
export function changedSince(error: unknown): boolean {
  return error instanceof Refused && error.is("outdated");
}

async function send(request: Request, caller: Caller): Promise<Response> {
  const answer = await twice(request);
  if (answer.status !== 401) return answer;
  const refused = caller.token();
  await caller.signInAgain(refused);
  const again = request.clone();
  again.headers.set("Authorization", `Bearer ${caller.token()}`);
  return twice(again);
}

/** Reads may be repeated, and so may changes: they carry a key. A 503 says that nothing is known to have changed. */
async function twice(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request.clone());
    if (answer.status !== 503) return answer;
    const seconds = Number(answer.headers.get("Retry-After") ?? 1);
    if (!(seconds <= 3)) return answer;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  } catch (lost) {
    if (request.signal.aborted) throw lost;
  }
  try {
    return await fetch(request.clone());
  } catch (lost) {
    if (request.signal.aborted) throw lost;
    throw new Offline();
  }
}
