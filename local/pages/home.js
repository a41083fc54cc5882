import { byId, clockOffset, copy, el, every, get, people, post, readClock, roleName, setClock, setText, span, tokenFor, utc, watchClock } from "./common.js";

// ── people ──

async function showPeople() {
  const list = byId("people");
  try {
    const cards = (await people()).map((person) => {
      const token = el("button", { type: "button", class: "small" }, "Copy token");
      token.setAttribute("aria-label", `Copy token of ${person.name}`);
      token.addEventListener("click", async () => {
        try {
          await copy(await tokenFor(person.email), token);
        } catch (error) {
          problem(error);
        }
      });
      const as = encodeURIComponent(person.email);
      return el(
        "li",
        { class: "card person" },
        el("h3", {}, person.name),
        el("p", { class: "hint" }, [roleName(person.role), person.time_zone].filter(Boolean).join(" · ")),
        el("p", {}, el("code", {}, person.email)),
        el(
          "div",
          { class: "row tight" },
          el("a", { class: "button small primary", href: `/local/sign-in?as=${as}`, "aria-label": `Sign in as ${person.name}` }, "Sign in"),
          el("a", { class: "button small", href: `/local/reference?as=${as}`, "aria-label": `Try the API as ${person.name}` }, "Try the API"),
          token,
        ),
      );
    });
    list.replaceChildren(...cards);
    byId("people-problem").hidden = true;
  } catch (error) {
    problem(error);
  }
  list.removeAttribute("aria-busy");
}

function problem(error) {
  const line = byId("people-problem");
  line.textContent = error.message;
  line.hidden = false;
}

// ── what runs ──

async function showHealth() {
  const tag = byId("health");
  try {
    await get("/health");
    tag.className = "tag good";
    setText(tag, "healthy");
  } catch {
    tag.className = "tag bad";
    setText(tag, "not answering");
  }
}

async function showMailCount() {
  try {
    const { length } = await get("/local/mail");
    setText(byId("mail-count"), length === 0 ? "No mail yet" : length === 1 ? "1 mail so far" : `${length} mails so far`);
  } catch {
    // The health tag says it already.
  }
}

// ── the clock ──

let moving = false;

watchClock((now) => {
  const big = byId("clock");
  setText(big, utc(now));
  big.setAttribute("datetime", now.toISOString());
  const ahead = clockOffset();
  setText(byId("clock-offset"), ahead > 90_000 ? `${span(ahead)} ahead of real time` : "Real time");
  const to = byId("to");
  if (!to.value) to.value = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 16);
});

function tell(text, kind, ...more) {
  const line = byId("clock-result");
  line.className = `notice ${kind}`;
  line.replaceChildren(text, ...more);
  line.hidden = false;
}

const controls = () => document.querySelectorAll("[data-advance], #clock-to button, #clock-to input");

/** Moves the clock and shows how far it has come, by asking for it while the server steps through what is due. */
async function move(body, targetOf) {
  if (moving) return;
  moving = true;
  for (const control of controls()) control.disabled = true;
  const bar = byId("clock-bar");
  bar.removeAttribute("value");
  byId("clock-progress").hidden = false;
  tell("Moving…", "");
  let watch;
  try {
    const start = (await readClock()).getTime();
    const target = targetOf(start);
    const before = new Set((await get("/local/mail")).map((mail) => mail.id));
    const arrived = async () => (await get("/local/mail")).filter((mail) => !before.has(mail.id));

    let asking = false;
    watch = setInterval(async () => {
      if (asking) return;
      asking = true;
      try {
        const [now, mails] = await Promise.all([readClock(), arrived()]);
        if (moving) {
          bar.value = Math.min(1000, Math.max(0, ((now.getTime() - start) / (target - start)) * 1000));
          tell(`Standing at ${utc(now)}, ${mailsIn(mails)} so far…`, "");
        }
      } catch {
        // The answer to the move itself tells what is wrong.
      }
      asking = false;
    }, 700);

    const { now } = await post("/local/clock", body);
    moving = false;
    clearInterval(watch);
    setClock(now);
    const mails = await arrived();
    tell(
      `The clock stands at ${utc(now)}. ${mails.length === 0 ? "No mail arrived meanwhile." : `Meanwhile ${mailsIn(mails)} arrived. `}`,
      "good",
      mails.length ? el("a", { href: `/local/mailbox#${encodeURIComponent(mails.at(-1).id)}` }, "Read them") : "",
    );
    byId("to").value = "";
    showMailCount();
  } catch (error) {
    tell(error.message, "bad");
  }
  moving = false;
  clearInterval(watch);
  byId("clock-progress").hidden = true;
  for (const control of controls()) control.disabled = false;
}

function mailsIn(mails) {
  if (mails.length === 0) return "no mail";
  const kinds = new Map();
  for (const { kind } of mails) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const parts = [...kinds].map(([kind, n]) => `${n} ${kind}`).join(", ");
  return `${mails.length} ${mails.length === 1 ? "mail" : "mails"} (${parts})`;
}

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", async () => {
    await move({ advance: button.dataset.advance }, (start) => start + Number(button.dataset.ms));
    button.focus();
  });
}

byId("clock-to").addEventListener("submit", (event) => {
  event.preventDefault();
  const to = `${byId("to").value.slice(0, 16)}:00Z`;
  move({ to }, () => Date.parse(to));
});

byId("origin").textContent = `${location.origin}/v1`;
showPeople();
every(10_000, () => Promise.all([showHealth(), showMailCount()]));
