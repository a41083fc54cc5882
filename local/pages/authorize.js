import { byId, el, people, roleName } from "./common.js";

const asked = Object.fromEntries(new URLSearchParams(location.search));
const fields = ["response_type", "client_id", "redirect_uri", "code_challenge", "code_challenge_method", "state", "nonce"];

async function start() {
  try {
    const all = await people();
    for (const person of all) {
      const hint = [roleName(person.role), person.time_zone].filter(Boolean).join(" · ");
      const button = el("button", { type: "button", class: "card person", on: { click: () => pick(person) } },
        el("span", {}, el("strong", {}, person.name), el("span", { class: "hint" }, hint)));
      byId("pick").append(el("li", {}, button));
    }
    byId("pick").querySelector("button")?.focus();
  } catch (error) {
    problem(error.message);
  }
}

async function pick(person) {
  const body = { as: person.email, asked: Object.fromEntries(fields.filter((name) => name in asked).map((name) => [name, asked[name]])) };
  const answer = await fetch("/local/authorize", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (answer.ok) location.replace(said.location);
  else problem(said.detail);
}

function problem(text) {
  const line = byId("problem");
  line.textContent = text;
  line.hidden = false;
}

start();
