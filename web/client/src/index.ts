import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.js";

/** Everything that is sent and answered, by name: `Schemas["Session"]`. */
export type Schemas = components["schemas"];

/** What every refusal is answered with: `type` is stable, `detail` is for people. */
export type Problem = Schemas["Problem"];

/** The API, path by path. */
export type Hourkeep = Client<paths>;

/** Where the API is, and who calls. */
export interface HourkeepOptions {
  /** Such as `http://127.0.0.1:3000`. */
  baseUrl: string;
  /** The bearer token, or what gets one: it is asked before each request, so that tokens may expire. */
  token: string | (() => string | Promise<string>);
}

/**
 * A client that signs its requests and gives each change an `Idempotency-Key` of its own.
 *
 * Whoever wants to repeat a change safely (after a lost connection, or a 503) gives the key:
 * `params: { header: { "Idempotency-Key": key } }`, and the same one again.
 */
export function createHourkeep({ baseUrl, token }: HourkeepOptions): Hourkeep {
  const client = createClient<paths>({ baseUrl });
  const sign: Middleware = {
    async onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${typeof token === "string" ? token : await token()}`);
      const changes = request.method === "POST" || request.method === "PATCH";
      if (changes && !request.headers.has("Idempotency-Key")) {
        request.headers.set("Idempotency-Key", crypto.randomUUID());
      }
    },
  };
  client.use(sign);
  return client;
}

/** Whether this is one of Hourkeep's problems, and not what a proxy on the way had to say. */
export function isProblem(error: unknown): error is Problem {
  if (typeof error !== "object" || error === null) return false;
  const { type, title, status, detail } = error as Partial<Record<keyof Problem, unknown>>;
  return (
    typeof type === "string" &&
    type.startsWith("/problems/") &&
    typeof title === "string" &&
    typeof status === "number" &&
    typeof detail === "string"
  );
}
