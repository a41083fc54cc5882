import { byId, claims, copy, copyButton, el, people, roleName, setText, tokenFor, utc } from "./common.js";

let token = "";

async function start() {
  const pick = byId("pick");
  try {
    const all = await people();
    for (const person of all) {
      const input = el("input", { type: "radio", name: "as", value: person.email, on: { change: () => signIn(person) } });
      pick.append(
        el(
          "label",
          { class: "card person" },
          input,
          el("span", {}, el("strong", {}, person.name), el("span", { class: "hint" }, [roleName(person.role), person.time_zone].filter(Boolean).join(" · ")), el("code", {}, person.email)),
        ),
      );
    }
    const wanted = new URLSearchParams(location.search).get("as");
    const person = all.find(({ email }) => email === wanted);
    if (person) {
      pick.querySelector(`input[value="${CSS.escape(person.email)}"]`).checked = true;
      await signIn(person);
    }
  } catch (error) {
    problem(error);
  }
}

async function signIn(person) {
  try {
    token = await tokenFor(person.email);
  } catch (error) {
    problem(error);
    return;
  }
  byId("problem").hidden = true;
  const said = claims(token);
  byId("who").textContent = person.name;
  byId("token").value = token;
  byId("claims").textContent = said ? JSON.stringify(said, null, 2) : "It cannot be read here.";
  byId("expiry").textContent = said?.exp
    ? `Valid until ${utc(said.exp * 1000)}, by real time: moving the clock does not age it.`
    : "Judged by real time: moving the clock does not age it.";
  byId("try").href = `/local/reference?as=${encodeURIComponent(person.email)}`;
  snippet("curl-token", [
    `TOKEN=$(curl -s ${location.origin}/local/token \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"as":"${person.email}"}' | sed -E 's/.*"access_token": *"([^"]+)".*/\\1/')`,
  ]);
  snippet("curl-get", [`curl -s ${location.origin}/v1/practice \\`, `  -H "authorization: Bearer $TOKEN"`]);
  snippet("curl-post", [
    `curl -s ${location.origin}/v1/clients \\`,
    `  -H "authorization: Bearer $TOKEN" \\`,
    `  -H 'content-type: application/json' \\`,
    `  -H 'idempotency-key: my-first-client' \\`,
    `  -d '{"first_name":"Robin","contacts":[]}'`,
  ]);
  byId("result").hidden = false;
  const url = new URL(location.href);
  url.searchParams.set("as", person.email);
  history.replaceState(null, "", url);
  setText(byId("live"), `Token for ${person.name} is ready.`);
}

function snippet(id, lines) {
  const pre = byId(id);
  pre.textContent = lines.join("\n");
  if (!pre.nextElementSibling) pre.after(copyButton(() => pre.textContent));
}

function problem(error) {
  const line = byId("problem");
  line.textContent = error.message;
  line.hidden = false;
}

byId("copy").addEventListener("click", (event) => copy(token, event.currentTarget));
start();
