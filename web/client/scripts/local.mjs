// @ts-check
// What only the local server has, and the API's description therefore leaves out: sign-in, clock and mailbox.

import assert from "node:assert/strict";

/**
 * @param {string} url
 * @param {unknown} [body] what to post; without it, it is a GET
 * @returns {Promise<unknown>}
 */
async function call(url, body) {
  const response = await fetch(url, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
  assert.ok(response.ok, `${url} answered ${response.status}`);
  return response.json();
}

/**
 * A field that is a text.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
function text(value, name) {
  assert.ok(typeof value === "object" && value !== null);
  const field = new Map(Object.entries(value)).get(name);
  assert.ok(typeof field === "string", `${name} is no text`);
  return field;
}

/**
 * A token of one of the demo practice.
 *
 * @param {string} url
 * @param {string} email
 * @returns {Promise<string>}
 */
export async function signIn(url, email) {
  return text(await call(`${url}/local/token`, { as: email }), "access_token");
}

/**
 * What time it is there.
 *
 * @param {string} url
 * @returns {Promise<Date>}
 */
export async function now(url) {
  return new Date(text(await call(`${url}/local/clock`), "now"));
}

/**
 * All mail that was ever sent to an address, oldest first.
 *
 * @param {string} url
 * @param {string} address
 * @returns {Promise<{ kind: string, calendar: string }[]>}
 */
export async function mailTo(url, address) {
  // Asking the clock to stand where it is finishes everything that is due.
  await call(`${url}/local/clock`, { advance: "PT0S" });
  const mails = await call(`${url}/local/mail`);
  assert.ok(Array.isArray(mails));
  /** @type {unknown[]} */
  const all = mails;
  return all
    .filter((mail) => text(mail, "to") === address)
    .map((mail) => ({ kind: text(mail, "kind"), calendar: text(mail, "calendar") }));
}
