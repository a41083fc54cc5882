import type { Config } from "../api/api.js";
import { Refused } from "../api/problem.js";
import { begin, finish, type Flow, type Tokens } from "./flow.js";

/** Who is signed in, in this tab. */
const KEPT = "hourkeep.signed-in";
const FLOW = "hourkeep.sign-in";
const PRACTICE = "hourkeep.practice";

let config: Config;

export const who = $state<{
  tokens: Tokens | undefined;
  /** Set while a sign-in is asked for in the middle of the work. */
  again: { done: (tokens: Tokens) => void; givenUp: () => void } | undefined;
}>({ tokens: kept(), again: undefined });

export function signInBy(how: Config): void {
  config = how;
}

/** Whether the issuer is the local server's, which has a mailbox and a clock to look at. */
export function isLocal(): boolean {
  return config.issuer === "https://local.hourkeep.test";
}

/** Leaves the page to sign in. */
export async function signIn(back: string): Promise<void> {
  const { address, flow } = await begin(config, back);
  sessionStorage.setItem(FLOW, JSON.stringify(flow));
  location.assign(address);
}

/** On the way back of `signIn`. Answers the path that was left. */
export async function comeBack(brought: URLSearchParams): Promise<string> {
  const flow = JSON.parse(sessionStorage.getItem(FLOW) ?? "{}") as Partial<Flow>;
  sessionStorage.removeItem(FLOW);
  keep(await finish(config, { state: "", nonce: "", verifier: "", back: "/", ...flow }, brought));
  return flow.back ?? "/";
}

/** Begins a sign-in in a window of its own. */
export const beginInAWindow = (): ReturnType<typeof begin> => begin(config, "/", true);
export const finishInAWindow = (flow: Flow, brought: URLSearchParams): Promise<Tokens> => finish(config, flow, brought);

let waiting: Promise<void> | undefined;

/** Asks the person to sign in again; whatever was typed stays where it is. All requests that were refused wait for the same one. */
export function signInAgain(refused: string): Promise<void> {
  if (who.tokens && who.tokens.access_token !== refused) return Promise.resolve();
  waiting ??= new Promise<void>((resolve, reject) => {
    who.again = {
      done: (tokens) => {
        const before = who.tokens?.subject;
        keep(tokens);
        // What someone else typed is not sent in this one's name.
        if (before !== undefined && before !== tokens.subject) location.reload();
        else resolve();
      },
      givenUp: () => reject(new Refused(401, { type: "/problems/unauthenticated", status: 401, title: "You are signed out", detail: "Sign in to go on." })),
    };
  }).finally(() => {
    who.again = undefined;
    waiting = undefined;
  });
  return waiting;
}

/** The token did not hold from the start: nothing is typed yet, so the sign-in page will do. */
export function forgetToken(): void {
  sessionStorage.removeItem(KEPT);
  who.tokens = undefined;
}

export function signOut(): void {
  sessionStorage.clear();
  if (!config.end_session_endpoint) {
    location.assign("/app/");
    return;
  }
  const address = new URL(config.end_session_endpoint, location.origin);
  const back = `${location.origin}/app/`;
  // Cognito says `logout_uri`, everyone else as OpenID Connect does.
  address.search = new URLSearchParams({ client_id: config.client_id, post_logout_redirect_uri: back, logout_uri: back }).toString();
  location.assign(address.href);
}

/** The practice that one works in now, of those one belongs to. */
export function chosenPractice(): string | undefined {
  return sessionStorage.getItem(PRACTICE) ?? undefined;
}

export function choosePractice(id: string): void {
  sessionStorage.setItem(PRACTICE, id);
}

function keep(tokens: Tokens): void {
  sessionStorage.setItem(KEPT, JSON.stringify(tokens));
  who.tokens = tokens;
}

function kept(): Tokens | undefined {
  try {
    const tokens = JSON.parse(sessionStorage.getItem(KEPT) ?? "") as Partial<Tokens>;
    return tokens.access_token && tokens.subject ? { access_token: tokens.access_token, subject: tokens.subject } : undefined;
  } catch {
    return undefined;
  }
}
