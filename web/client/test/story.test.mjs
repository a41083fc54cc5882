// @ts-check
// The story of one session, with typed calls alone: what does not fit the API's description does not compile.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { createHourkeep, isProblem } from "@hourkeep/client";
import { description, start } from "../scripts/server.mjs";
import { mailTo, now, signIn } from "../scripts/local.mjs";

/** @import { Hourkeep, Problem, Schemas } from "@hourkeep/client" */

const GUARDIAN = "erin@family.test";

/** @type {string} */
let url;
/** @type {Hourkeep} */
let api;
/** @type {() => void} */
let stop = () => {};

before(async () => {
  const given = process.env["HOURKEEP_URL"];
  if (given) {
    url = given;
  } else {
    ({ url, stop } = await start());
  }
  api = createHourkeep({ baseUrl: url, token: await signIn(url, "ada@demo.test") });
});

after(() => stop());

/**
 * The first working day a month from now, by the server's clock.
 *
 * @returns {Promise<string>}
 */
async function workday() {
  const day = await now(url);
  day.setUTCDate(day.getUTCDate() + 30);
  while (day.getUTCDay() % 6 === 0) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

/**
 * The one client whose name begins like this.
 *
 * @param {string} search
 * @returns {Promise<Schemas["ClientSummary"]>}
 */
async function find(search) {
  const { data } = await api.GET("/v1/clients", { params: { query: { search } } });
  const [client, ...others] = data?.items ?? [];
  assert.ok(client, `nobody is called ${search}`);
  assert.deepEqual(others, []);
  return client;
}

/**
 * The problem that a request was refused with.
 *
 * @param {{ error?: Problem, response: Response }} answer
 * @param {number} status
 * @returns {Problem}
 */
function refusal({ error, response }, status) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.ok(isProblem(error));
  assert.equal(error.status, status);
  return error;
}

test("the client was made from what the server says of itself", async () => {
  /** @type {unknown} */
  const kept = JSON.parse(await readFile(new URL("../openapi.json", import.meta.url), "utf8"));
  const same = isDeepStrictEqual(await description(url), kept);
  assert.ok(same, "/v1/openapi.json is not what web/client/openapi.json says: run `make client`.");
});

test("a session is scheduled, moved and cancelled", async () => {
  const [eve, tom, day] = [await find("enn"), await find("Tanaka"), await workday()];
  assert.equal(eve.first_name, "Eve");
  let read = (await mailTo(url, GUARDIAN)).length;
  /** @param {string} kind @param {string} method */
  const oneMail = async (kind, method) => {
    const all = await mailTo(url, GUARDIAN);
    const mails = all.slice(read).map((mail) => ({ kind: mail.kind, method: /^METHOD:(\w+)/m.exec(mail.calendar)?.[1] }));
    assert.deepEqual(mails, [{ kind, method }]);
    read = all.length;
  };

  const scheduled = await api.POST("/v1/sessions", {
    body: { clients: [{ client_id: eve.id }], local_start: `${day}T10:00`, invite: { send: true } },
  });
  assert.ok(scheduled.data, scheduled.error?.detail);
  const { id, practitioner_id, recipients } = scheduled.data;
  const path = { id };
  assert.equal(scheduled.data.status, "scheduled");
  assert.deepEqual(recipients.map(({ email }) => email), [GUARDIAN]);
  await oneMail("invite", "REQUEST");

  const refused = await api.POST("/v1/sessions", {
    body: { clients: [{ client_id: tom.id }], local_start: `${day}T10:30` },
  });
  const overlap = refusal(refused, 409);
  assert.equal(overlap.type, "/problems/overlap");
  assert.equal(overlap.pointer, "/local_start");
  assert.deepEqual(overlap.clashes?.map((clash) => [clash.resource, clash.resource_id, clash.session_id]), [
    ["practitioner", practitioner_id, id],
  ]);
  const [free, ...more] = overlap.alternatives ?? [];
  assert.ok(free);
  assert.equal(more.length, 2);

  const moved = await api.POST("/v1/sessions/{id}/reschedule", {
    params: { path, header: { "If-Match": scheduled.response.headers.get("etag") } },
    body: { local_start: free.local_start, reason: "Eve has a school trip" },
  });
  assert.ok(moved.data, moved.error?.detail);
  // With the scope "this_and_following" it would be the series.
  assert.ok("starts_at" in moved.data);
  assert.equal(moved.data.starts_at, free.starts_at);
  assert.equal(moved.data.revision, 2);
  await oneMail("update", "REQUEST");

  const outdated = await api.POST("/v1/sessions/{id}/cancel", {
    params: { path, header: { "If-Match": scheduled.response.headers.get("etag") } },
    body: {},
  });
  assert.equal(refusal(outdated, 412).type, "/problems/outdated");

  const cancelled = await api.POST("/v1/sessions/{id}/cancel", {
    params: { path },
    body: { reason: "Ada is ill", fee_minor: 0 },
  });
  assert.ok(cancelled.data, cancelled.error?.detail);
  assert.equal(cancelled.data.status, "cancelled");
  await oneMail("cancellation", "CANCEL");

  const history = await api.GET("/v1/sessions/{id}/history", { params: { path } });
  assert.deepEqual(
    history.data?.items.map(({ revision, reason }) => [revision, reason]),
    [
      [1, null],
      [2, "Eve has a school trip"],
      [3, "Ada is ill"],
    ],
  );
});

test("a series is foreseen, booked and cancelled from some session on", async () => {
  const [eve, day] = [await find("enn"), await workday()];
  const body = { clients: [{ client_id: eve.id }], local_start: `${day}T06:00`, recurrence: { rule: "FREQ=WEEKLY;COUNT=4" } };
  const foreseen = await api.POST("/v1/series/preview", { body });
  assert.ok(foreseen.data, foreseen.error?.detail);
  assert.deepEqual([foreseen.data.blocked, foreseen.data.occurrences.length], [0, 4]);

  const booked = await api.POST("/v1/series", { body });
  assert.ok(booked.data, booked.error?.detail);
  assert.equal(booked.data.sentence, foreseen.data.sentence);
  const refused = refusal(await api.POST("/v1/series", { body }), 409);
  assert.equal(refused.type, "/problems/series-conflicts");
  assert.deepEqual(
    refused.taken?.map(({ local_start }) => local_start),
    foreseen.data.occurrences.map(({ local_start }) => local_start),
  );

  const third = booked.data.sessions[2];
  assert.ok(third);
  const ended = await api.POST("/v1/sessions/{id}/cancel", {
    params: { path: { id: third.session_id } },
    body: { scope: "this_and_following" },
  });
  assert.ok(ended.data && "sessions" in ended.data, ended.error?.detail);
  assert.deepEqual(
    ended.data.sessions.map(({ status }) => status),
    ["scheduled", "scheduled", "cancelled", "cancelled"],
  );
});

describe("every change has a key", () => {
  const body = { first_name: "Twice", last_name: `Taken ${crypto.randomUUID()}` };

  test("of its own, so that asking twice makes two", async () => {
    const [one, two] = [await api.POST("/v1/clients", { body }), await api.POST("/v1/clients", { body })];
    assert.ok(one.data && two.data);
    assert.notEqual(one.data.id, two.data.id);
    /** @type {(string | null)[]} */
    const keys = [];
    /** @param {Request} request */
    const seen = (request) => {
      keys.push(request.headers.get("idempotency-key"));
      return fetch(request);
    };
    const params = { path: { id: one.data.id } };
    await api.PATCH("/v1/clients/{id}", { params, body: { active: false }, fetch: seen });
    await api.PATCH("/v1/clients/{id}", { params, body: { active: true }, fetch: seen });
    await api.GET("/v1/clients/{id}", { params, fetch: seen });
    assert.match(keys[0] ?? "", /^[0-9a-f-]{36}$/);
    assert.match(keys[1] ?? "", /^[0-9a-f-]{36}$/);
    assert.notEqual(keys[0], keys[1]);
    assert.equal(keys[2], null);
  });

  test("or the one that is given, so that it can be repeated", async () => {
    const given = { params: { header: { "Idempotency-Key": crypto.randomUUID() } }, body };
    const [one, two] = [await api.POST("/v1/clients", given), await api.POST("/v1/clients", given)];
    assert.ok(one.data && two.data);
    assert.equal(one.data.id, two.data.id);
  });
});

test("a token that does not hold is a problem too, and is asked for each time", async () => {
  let asked = 0;
  const nobody = createHourkeep({ baseUrl: url, token: async () => `nobody${asked++}` });
  const problem = refusal(await nobody.GET("/v1/practice"), 401);
  assert.equal(problem.type, "/problems/unauthenticated");
  refusal(await nobody.GET("/v1/practice"), 401);
  assert.equal(asked, 2);
});

test("what a proxy says is no problem of ours", () => {
  for (const other of [undefined, null, "<h1>Bad gateway</h1>", {}, { type: "about:blank", title: "", status: 502, detail: "" }]) {
    assert.equal(isProblem(other), false);
  }
});

// Never run: the compiler refuses each of these, or else complains that nothing was to be refused.
export async function whatDoesNotCompile() {
  // @ts-expect-error: there is no such path
  await api.GET("/v1/session");
  // @ts-expect-error: this path is not posted to
  await api.POST("/v1/calendar");
  // @ts-expect-error: a session has a start
  await api.POST("/v1/sessions", { body: { clients: [] } });
  // @ts-expect-error: a start is a text
  await api.POST("/v1/sessions", { body: { clients: [], local_start: 10 } });
  // @ts-expect-error: which session?
  await api.GET("/v1/sessions/{id}");
  const { data, error } = await api.GET("/v1/practice");
  // @ts-expect-error: it may have been refused
  data.name;
  // @ts-expect-error: problems have no such member
  error?.message;
}
