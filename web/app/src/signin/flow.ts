import type { Config } from "../api/api.js";
import { challengeOf, claimsOf, random } from "./pkce.js";

/** One sign-in under way: what only the one who began it knows. */
export type Flow = { state: string; nonce: string; verifier: string; /** The path to go back to. */ back: string };

/** Who signed in. */
export type Tokens = { access_token: string; subject: string };

/** Why nobody was signed in, in words. */
export class SignInFailed extends Error {}

const redirectUri = () => `${location.origin}/app/signed-in`;
/** Begins the `state` of a sign-in that happens in a window of its own. */
const IN_A_WINDOW = "window-";
const channel = () => new BroadcastChannel("hourkeep.sign-in");

/** Begins a sign-in: the address to go to, and what to keep until the way back. */
export async function begin(config: Config, back: string, inAWindow = false): Promise<{ address: string; flow: Flow }> {
  const flow = { state: (inAWindow ? IN_A_WINDOW : "") + random(), nonce: random(), verifier: random(), back };
  const address = new URL(config.authorization_endpoint, location.origin);
  address.search = new URLSearchParams({
    response_type: "code",
    client_id: config.client_id,
    redirect_uri: redirectUri(),
    scope: config.scope,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await challengeOf(flow.verifier),
    code_challenge_method: "S256",
  }).toString();
  return { address: address.href, flow };
}

/** Ends a sign-in: what the way back brought is exchanged for tokens. */
export async function finish(config: Config, flow: Flow, brought: URLSearchParams): Promise<Tokens> {
  if (brought.get("state") !== flow.state) throw new SignInFailed("This sign-in was not begun here. Begin it anew.");
  const refused = brought.get("error");
  if (refused) throw new SignInFailed(brought.get("error_description") ?? `Signing in was refused (${refused}).`);
  const code = brought.get("code");
  if (!code) throw new SignInFailed("The sign-in brought no code. Begin it anew.");
  const answer = await fetch(config.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri(),
      client_id: config.client_id,
      code_verifier: flow.verifier,
    }),
  }).catch(() => {
    throw new SignInFailed("The sign-in service does not answer. Try again.");
  });
  if (!answer.ok) throw new SignInFailed("The sign-in has expired or was used already. Begin it anew.");
  const tokens = (await answer.json()) as { access_token: string; id_token?: string };
  const said = claimsOf(tokens.id_token ?? "");
  const meantForUs = [said?.["aud"]].flat().includes(config.client_id) && said?.["iss"] === config.issuer;
  const fresh = typeof said?.["exp"] === "number" && said["exp"] * 1000 > Date.now();
  if (!said || !meantForUs || !fresh || said["nonce"] !== flow.nonce || typeof said["sub"] !== "string") {
    throw new SignInFailed("The sign-in service's answer was not meant for this sign-in. Begin it anew.");
  }
  return { access_token: tokens.access_token, subject: said["sub"] };
}

/** On the way back, in the window of its own: hands on what was brought to the page that waits. Answers whether it was such a window. */
export function handOn(brought: URLSearchParams): boolean {
  if (!brought.get("state")?.startsWith(IN_A_WINDOW)) return false;
  channel().postMessage(brought.toString());
  return true;
}

/** Waits for what the window of its own brings. */
export function whenBrought(flow: Flow, callback: (brought: URLSearchParams) => void): () => void {
  const from = channel();
  from.onmessage = ({ data }: MessageEvent<unknown>) => {
    const brought = new URLSearchParams(String(data));
    if (brought.get("state") === flow.state) callback(brought);
  };
  return () => from.close();
}
