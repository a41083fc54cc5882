import { byId, copyButton, el, get, people, readClock, roleName, setText, tokenFor } from "./common.js";
import { example, fieldsOf, limits, lookup, resolve, typeName } from "./schema.js";

const methods = ["get", "post", "put", "patch", "delete"];
const main = byId("main");
const detail = byId("detail");

let spec = null;
let operations = [];
let team = [];
/** Values seen in answers, offered where a parameter asks for such a value: ids by collection, ETags. */
const seenIds = new Map();
let lastEtag = "";

async function start() {
  try {
    spec = await get("/v1/openapi.json");
  } catch (error) {
    detail.replaceChildren(el("p", { class: "notice bad", role: "alert" }, `The description could not be loaded. ${error.message}`));
    byId("operations").removeAttribute("aria-busy");
    return;
  }
  team = await people().catch(() => []);
  await learn().catch(() => {});
  const wanted = new URLSearchParams(location.search).get("as");
  if (wanted) sessionStorage.setItem("as", wanted);
  operations = Object.entries(spec.paths ?? {}).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => read(path, item, method)),
  );
  list();
  show();
}

function read(path, item, method) {
  const op = item[method];
  const params = new Map();
  for (const raw of [...(item.parameters ?? []), ...(op.parameters ?? [])]) {
    const param = raw.$ref ? lookup(spec, raw.$ref) : raw;
    if (param) params.set(`${param.in} ${param.name}`, param);
  }
  const bodySpec = op.requestBody?.$ref ? lookup(spec, op.requestBody.$ref) : op.requestBody;
  const media = mediaOf(bodySpec?.content);
  const security = op.security ?? spec.security ?? [];
  const words = [method, path, op.summary, op.description, op.operationId, ...fieldNames(media?.schema)];
  return {
    hash: `#${method}${path}`,
    method,
    path,
    op,
    tag: op.tags?.[0] ?? "Other",
    title: (op.summary ?? op.description ?? op.operationId ?? path).split("\n")[0].replace(/\.$/, ""),
    params: [...params.values()],
    bodySpec,
    media,
    signedIn: security.length > 0 && !security.some((one) => Object.keys(one).length === 0),
    words: words.filter(Boolean).join(" ").toLowerCase(),
  };
}

function mediaOf(content) {
  if (!content) return null;
  const type = Object.keys(content).find((name) => /json/.test(name)) ?? Object.keys(content)[0];
  return type ? { type, ...content[type] } : null;
}

function fieldNames(schema, depth = 0) {
  if (!schema || depth > 2) return [];
  const fields = fieldsOf(spec, schema);
  return Object.entries(fields?.properties ?? {}).flatMap(([name, raw]) => [name, ...fieldNames(raw, depth + 1)]);
}

// ── the list ──

function tagsInOrder() {
  const declared = (spec.tags ?? []).map((tag) => tag.name);
  return [...new Set([...declared, ...operations.map((one) => one.tag)])];
}

function list() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = operations.filter((one) => words.every((word) => one.words.includes(word)));
  const groups = tagsInOrder()
    .map((tag) => [tag, found.filter((one) => one.tag === tag)])
    .filter(([, ops]) => ops.length)
    .map(([tag, ops], at) =>
      el(
        "section",
        { "aria-labelledby": `tag-${at}` },
        el("h2", { id: `tag-${at}` }, tag),
        el(
          "ul",
          {},
          ops.map((one) =>
            el(
              "li",
              {},
              el("a", { href: one.hash, title: one.title.replaceAll("`", ""), "aria-label": `${one.title.replaceAll("`", "")}: ${one.method.toUpperCase()} ${one.path}` }, methodTag(one.method), el("span", { class: "path" }, ...breakable(one.path))),
            ),
          ),
        ),
      ),
    );
  const nav = byId("operations");
  nav.replaceChildren(
    words.length ? "" : el("ul", {}, el("li", {}, el("a", { href: "#", class: "overview-link" }, "Overview"))),
    ...(groups.length ? groups : [el("p", { class: "empty" }, "Nothing matches. Fields of bodies are searched as well.")]),
  );
  nav.removeAttribute("aria-busy");
  setText(byId("found"), words.length ? `${found.length} of ${operations.length} operations` : "");
  mark();
}

const methodTag = (method) => el("span", { class: `method ${method}` }, method.toUpperCase());

/** A path that may wrap at its slashes. */
const breakable = (path) => path.split(/(?=\/)/).flatMap((part) => [el("wbr"), part]);

function mark() {
  const hash = decodeURIComponent(location.hash) || "#";
  for (const link of byId("operations").querySelectorAll("a")) {
    const on = decodeURIComponent(link.getAttribute("href")) === hash;
    if (on) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest" });
    } else link.removeAttribute("aria-current");
  }
}

byId("search").addEventListener("input", list);
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter") byId("operations").querySelector("section a")?.click();
  if (event.key === "Escape") {
    event.target.value = "";
    list();
  }
});
addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest?.("input, textarea, select")) {
    event.preventDefault();
    byId("search").focus();
  }
});

// ── one operation ──

let moved = false;

function show() {
  const hash = decodeURIComponent(location.hash);
  const one = operations.find((candidate) => candidate.hash === hash);
  main.dataset.view = one || moved ? "detail" : "list";
  detail.replaceChildren(one ? operation(one) : overview());
  detail.scrollTop = 0;
  document.title = `${one ? one.title.replaceAll("`", "") : "API reference"} · Hourkeep`;
  mark();
  if (moved) detail.querySelector("h1")?.focus({ preventScroll: true });
}

addEventListener("hashchange", () => {
  moved = true;
  show();
});

function backButton() {
  return el(
    "button",
    {
      type: "button",
      class: "back",
      on: {
        click: () => {
          main.dataset.view = "list";
          byId("operations").querySelector("[aria-current]")?.focus();
        },
      },
    },
    "← All operations",
  );
}

function overview() {
  const { info = {} } = spec;
  return el(
    "article",
    { class: "op" },
    backButton(),
    el("h1", { tabindex: "-1" }, info.title ?? "API", " ", el("span", { class: "tag" }, info.version ?? "")),
    ...prose(info.description),
    el(
      "p",
      {},
      `${operations.length} operations. The description itself: `,
      el("a", { href: "/v1/openapi.json" }, "/v1/openapi.json"),
      ".",
    ),
    ...tagsInOrder().map((name) => {
      const ops = operations.filter((one) => one.tag === name);
      if (!ops.length) return null;
      return el(
        "section",
        {},
        el("h2", {}, name),
        ...prose(spec.tags?.find((tag) => tag.name === name)?.description),
        el(
          "ul",
          { class: "op-table" },
          ops.map((one) => el("li", {}, el("a", { href: one.hash }, methodTag(one.method), el("span", { class: "path" }, ...breakable(one.path))), el("span", { class: "hint" }, ...inline(one.title)))),
        ),
      );
    }),
  );
}

function operation(one) {
  const { op } = one;
  const text = op.description && op.description.split("\n")[0].replace(/\.$/, "") === one.title && !op.summary ? op.description.split("\n").slice(1).join("\n") : op.description;
  return el(
    "article",
    { class: "op" },
    backButton(),
    el("h1", { tabindex: "-1" }, ...inline(one.title)),
    el("p", { class: "route" }, methodTag(one.method), el("code", {}, ...breakable(one.path)), op.deprecated && el("span", { class: "tag bad" }, "deprecated"), el("span", { class: "tag" }, one.signedIn ? "signed in" : "public")),
    ...prose(text),
    el("div", { class: "op-columns" }, el("div", {}, parameters(one), body(one), responses(one)), tryIt(one)),
  );
}

function parameters(one) {
  if (!one.params.length) return null;
  const order = { path: 0, query: 1, header: 2, cookie: 3 };
  const sorted = [...one.params].sort((a, b) => order[a.in] - order[b.in]);
  return el(
    "section",
    {},
    el("h2", {}, "Parameters"),
    el("dl", { class: "fields" }, sorted.flatMap((param) => fieldRow(param.name, { ...resolve(spec, param.schema), description: param.description ?? param.schema?.description }, param.required, param.in))),
  );
}

function body(one) {
  if (!one.media) return null;
  const sample = bodyExample(one);
  return el(
    "section",
    {},
    el("h2", {}, "Body ", el("span", { class: "hint" }, one.media.type)),
    ...prose(one.bodySpec?.description),
    schemaView(one.media.schema, 0),
    sample !== null && el("details", {}, el("summary", {}, "Example"), el("div", { class: "snippet" }, el("pre", { class: "code", tabindex: "0" }, sample), copyButton(sample))),
  );
}

function bodyExample(one) {
  if (!one.media) return null;
  const given = one.media.example ?? Object.values(one.media.examples ?? {})[0]?.value;
  const value = filled(given ?? example(spec, one.media.schema));
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** What the practice has, so that a form can be sent as it stands. */
async function learn() {
  const headers = { authorization: `Bearer ${await tokenFor(team[0].email)}` };
  const ask = async (path) => (await fetch(path, { headers })).json();
  const day = (days) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const [now, ...lists] = await Promise.all([readClock(), ...collections.map((name) => ask(`/v1/${name}`))]);
  collections.forEach((name, at) => {
    seenIds.set(name, new Map(lists[at].items.map((item) => [item.id, item.name ?? [item.first_name, item.last_name].filter(Boolean).join(" ")])));
  });
  Object.assign(soon, { local_start: `${day(2)}T10:00`, from: day(0), to: day(14) });
  const { items } = await ask(`/v1/calendar?from=${soon.from}&to=${soon.to}`);
  // Those first that can still be changed.
  items.sort((a, b) => (b.status === "scheduled") - (a.status === "scheduled"));
  seenIds.set("sessions", new Map(items.map((item) => [item.session_id, item.local_start])));
}

const collections = ["practitioners", "clients", "services", "rooms", "locations", "members"];
/** Times near the server's clock, by the name of their field. */
const soon = {};

/** An example with ids that exist and times that are yet to come. */
function filled(value, key = "") {
  if (Array.isArray(value)) return value.map((one) => filled(one, key)).filter((one) => one !== undefined);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner, name)]));
  if (soon[key]) return soon[key];
  if (value !== "string") return value;
  if (key === "time_zone") return "America/Vancouver";
  if (key === "id") return undefined;
  const ids = /_ids?$/.test(key) && seenIds.get(key.replace(/_ids?$/, "s"));
  return ids ? [...ids.keys()][0] : value;
}

function responses(one) {
  const entries = Object.entries(one.op.responses ?? {});
  if (!entries.length) return null;
  return el(
    "section",
    {},
    el("h2", {}, "Answers"),
    el(
      "ul",
      { class: "responses" },
      entries.map(([status, raw]) => {
        const response = raw.$ref ? lookup(spec, raw.$ref) : raw;
        const media = mediaOf(response?.content);
        const fields = media?.schema && fieldsOf(spec, media.schema);
        const head = [statusTag(status), ...inline(response?.description ?? "")];
        const headers = Object.keys(response?.headers ?? {});
        const extra = [
          headers.length ? el("p", { class: "hint" }, "Headers: ", headers.join(", ")) : null,
          media && el("p", { class: "hint" }, media.type, media.schema ? `, ${typeName(spec, media.schema)}` : ""),
          fields && schemaView(media.schema, 0),
        ].filter(Boolean);
        return el("li", {}, extra.length ? el("details", {}, el("summary", {}, ...head), ...extra) : el("p", { class: "plain" }, ...head));
      }),
    ),
  );
}

const statusTag = (status) => el("span", { class: `tag ${/^2/.test(status) ? "good" : /^[45]/.test(status) ? "bad" : ""}` }, String(status));

// ── schemas ──

function schemaView(raw, depth) {
  const schema = fieldsOf(spec, raw);
  if (!schema) return el("p", { class: "hint" }, typeName(spec, raw), ...limits(resolve(spec, raw)).map((limit) => `; ${limit}`));
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => fieldRow(name, field, required.has(name), null, depth));
  const choices = schema.oneOf ?? schema.anyOf ?? [];
  return el(
    "div",
    { class: "schema" },
    rows.length ? el("dl", { class: "fields" }, rows) : null,
    choices.length ? el("p", { class: "hint" }, rows.length ? "and one of" : "One of") : null,
    choices.map((choice) => {
      const inner = fieldsOf(spec, choice);
      const label = [el("code", {}, typeName(spec, choice)), resolve(spec, choice).description ? " " : "", ...inline(resolve(spec, choice).description ?? "")];
      return inner && depth < 6 ? lazy(label, () => schemaView(choice, depth + 1), true) : el("p", { class: "plain" }, ...label);
    }),
  );
}

function fieldRow(name, raw, required, place, depth = 0) {
  const schema = resolve(spec, raw);
  const inner = depth < 6 && fieldsOf(spec, raw);
  const notes = limits(schema);
  const samples = schema.example ?? schema.examples?.[0];
  if (samples !== undefined && typeof samples !== "object") notes.push(`e.g. ${JSON.stringify(samples)}`);
  return [
    el("dt", {}, el("code", {}, name), required && el("span", { class: "required" }, "required"), place && el("span", { class: "hint" }, place)),
    el(
      "dd",
      {},
      el("span", { class: "type" }, typeName(spec, raw)),
      ...prose(schema.description),
      notes.length ? el("p", { class: "hint" }, notes.join("; ")) : null,
      inner ? lazy(["Fields of ", el("code", {}, name)], () => schemaView(raw, depth + 1)) : null,
    ),
  ];
}

/** A fold whose content is made when it is first opened: schemas may nest without end. */
function lazy(label, make, open = false) {
  const fold = el("details", { class: "nested" }, el("summary", {}, ...label));
  const fill = () => {
    if (fold.open && fold.children.length === 1) fold.append(make());
  };
  fold.addEventListener("toggle", fill);
  if (open) {
    fold.open = true;
    fill();
  }
  return fold;
}

// ── prose: the small part of Markdown that descriptions use ──

function prose(text) {
  if (!text) return [];
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((block) => {
      const lines = block.split("\n");
      if (lines.every((line) => /^\s*[-*] |^\s{2,}/.test(line))) {
        const items = block.split(/\n(?=\s*[-*] )/);
        return el("ul", {}, items.map((item) => el("li", {}, ...inline(item.replace(/^\s*[-*] /, "")))));
      }
      if (/^```/.test(block)) return el("pre", { class: "code", tabindex: "0" }, block.replace(/^```.*\n|\n?```$/g, ""));
      const heading = /^#+ (.*)$/.exec(block);
      return heading ? el("p", {}, el("strong", {}, heading[1])) : el("p", {}, ...inline(block));
    });
}

function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\))/).map((part) => {
    if (/^`.+`$/.test(part)) return el("code", {}, part.slice(1, -1));
    if (/^\*\*.+\*\*$/.test(part)) return el("strong", {}, part.slice(2, -2));
    const link = /^\[([^\]]+)\]\((https?:[^)\s]+|\/[^)\s]*|#[^)\s]*)\)$/.exec(part);
    return link ? el("a", { href: link[2] }, link[1]) : part;
  });
}

// ── trying it ──

function tryIt(one) {
  const inputs = [];
  const labelled = (label, input, hint) => {
    input.id = `try-${inputs.length}-${label.replace(/[^A-Za-z]/g, "")}`;
    inputs.push(input);
    return el("div", { class: "field" }, el("label", { for: input.id }, label, hint ? el("span", { class: "hint" }, ` ${hint}`) : ""), input);
  };

  const as = el("select", {}, team.map((person) => el("option", { value: person.email }, `${person.name} (${roleName(person.role)})`)), el("option", { value: "" }, "nobody (no token)"));
  as.value = sessionStorage.getItem("as") ?? team[0]?.email ?? "";
  if (as.selectedIndex < 0) as.selectedIndex = 0;
  if (!one.signedIn) as.value = "";
  as.addEventListener("change", () => as.value && sessionStorage.setItem("as", as.value));

  const fields = one.params
    .filter((param) => param.in !== "cookie")
    .map((param) => {
      const schema = resolve(spec, param.schema);
      const choices = schema.enum ?? (schema.type === "boolean" ? [true, false] : null);
      const input = choices
        ? el("select", {}, el("option", { value: "" }, "–"), choices.map((value) => el("option", {}, String(value))))
        : el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
      const key = param.name.toLowerCase() === "idempotency-key";
      if (key) input.value = crypto.randomUUID();
      else if (!choices && param.in === "query" && param.required) input.value = String(soon[param.name] ?? param.example ?? schema.example ?? schema.examples?.[0] ?? "");
      const data = choices || key ? null : suggestions(one, param, input);
      const hint = [param.required ? "required" : "", param.in === "path" ? "" : param.in].filter(Boolean).join(", ");
      return { param, key, input, node: el("div", {}, labelled(param.name, input, hint), data) };
    });

  const sample = bodyExample(one);
  const text = one.media ? el("textarea", { class: "code", rows: String(Math.min(22, Math.max(4, (sample ?? "").split("\n").length + 1))), spellcheck: "false" }) : null;
  if (text) text.value = sample ?? "";

  const send = el("button", { type: "submit", class: "primary" }, "Send");
  const status = el("p", { class: "answer-status", role: "status" });
  const answer = el("div", { class: "answer" });
  const curl = el("pre", { class: "code", tabindex: "0" });
  const curlFold = el("details", {}, el("summary", {}, "As curl"), el("div", { class: "snippet" }, curl, copyButton(() => curl.textContent)));
  curlFold.addEventListener("toggle", () => curlFold.open && (curl.textContent = asCurl(request())));

  /** The request as the form says, without a token: method, address, headers, body. */
  function request() {
    let path = one.path;
    const query = new URLSearchParams();
    const headers = {};
    for (const { param, input } of fields) {
      const value = input.value.trim();
      if (param.in === "path") path = path.replace(`{${param.name}}`, encodeURIComponent(value));
      else if (value && param.in === "query") query.append(param.name, value);
      else if (value && param.in === "header") headers[param.name] = value;
    }
    if (text && text.value.trim()) headers["Content-Type"] = one.media.type;
    return { method: one.method.toUpperCase(), url: path + (query.size ? `?${query}` : ""), headers, body: text && text.value.trim() ? text.value : undefined };
  }

  const form = el(
    "form",
    { class: "try", novalidate: true, "aria-labelledby": "h-try" },
    el("h2", { id: "h-try" }, "Try it"),
    labelled("As", as),
    fields.map((field) => field.node),
    fields.some((field) => field.key) ? el("p", { class: "hint" }, "Each success makes a new key. Put an old one back to see its answer again.") : null,
    text && labelled("Body", text, one.media.type),
    el(
      "div",
      { class: "row tight" },
      send,
      text && el("button", { type: "button", on: { click: () => (text.value = sample ?? "") } }, "Reset body"),
    ),
    curlFold,
    status,
    answer,
  );

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const { input } of fields) input.removeAttribute("aria-invalid");
    const missing = fields.find(({ param, input }) => param.in === "path" && !input.value.trim());
    if (missing) {
      status.replaceChildren(`Fill in ${missing.param.name} first.`);
      missing.input.setAttribute("aria-invalid", "true");
      missing.input.focus();
      return;
    }
    const what = request();
    let broken = "";
    if (what.body && /json/.test(one.media.type)) {
      try {
        JSON.parse(what.body);
      } catch (error) {
        broken = ` The body is not JSON (${error.message}); it was sent as it stands.`;
      }
    }
    send.disabled = true;
    status.replaceChildren("Sending…");
    answer.replaceChildren();
    try {
      if (as.value) what.headers.Authorization = `Bearer ${await tokenFor(as.value)}`;
      const begun = performance.now();
      const got = await fetch(what.url, { method: what.method, headers: what.headers, body: what.body, redirect: "manual" });
      const content = await got.text();
      const took = Math.round(performance.now() - begun);
      status.replaceChildren(statusTag(got.status), ` ${got.statusText} in ${took} ms.${broken}`);
      answer.replaceChildren(...answerView(got, content));
      remember(one, got, content);
      if (got.ok) for (const { key, input } of fields) if (key) input.value = crypto.randomUUID();
    } catch (error) {
      status.replaceChildren(error instanceof TypeError ? "The server does not answer. Is it running?" : error.message);
    }
    send.disabled = false;
    (answer.firstElementChild ?? status).scrollIntoView({ block: "nearest" });
  });

  return form;
}

function answerView(got, content) {
  const headers = [...got.headers];
  let shown = content;
  try {
    shown = JSON.stringify(JSON.parse(content), null, 2);
  } catch {
    // Not JSON: shown as it came.
  }
  return [
    content ? el("div", { class: "snippet" }, el("pre", { class: "code", tabindex: "0", "aria-label": "Body of the answer" }, shown), copyButton(shown)) : el("p", { class: "hint" }, "No body."),
    el("details", {}, el("summary", {}, `Headers (${headers.length})`), el("pre", { class: "code", tabindex: "0" }, headers.map(([name, value]) => `${name}: ${value}`).join("\n"))),
  ];
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function asCurl({ method, url, headers, body }) {
  const lines = [`curl -s ${method === "GET" ? "" : `-X ${method} `}${quoted(location.origin + url)}`, `  -H "authorization: Bearer $TOKEN"`];
  for (const [name, value] of Object.entries(headers)) lines.push(`  -H ${quoted(`${name.toLowerCase()}: ${value}`)}`);
  if (body) lines.push(`  -d ${quoted(body)}`);
  return lines.join(" \\\n");
}

/** Keeps ids and the ETag of an answer, to offer them in the next form. */
function remember(one, got, content) {
  lastEtag = got.headers.get("etag") ?? lastEtag;
  if (!got.ok) return;
  let value;
  try {
    value = JSON.parse(content);
  } catch {
    return;
  }
  const collection = collectionOf(one.path);
  const keep = (name, id, label) => {
    if (typeof id !== "string" || !id) return;
    const ids = seenIds.get(name) ?? new Map();
    ids.delete(id);
    seenIds.set(name, new Map([[id, label ?? ids.get(id) ?? ""], ...ids].slice(0, 30)));
  };
  const walk = (at, depth, top) => {
    if (!at || typeof at !== "object" || depth > 4) return;
    if (Array.isArray(at)) return at.slice(0, 50).forEach((item) => walk(item, depth + 1, top));
    if (top && at.id) keep(collection, at.id, at.name ?? at.display_name ?? [at.first_name, at.last_name].filter(Boolean).join(" ") ?? at.local_start);
    for (const [name, inner] of Object.entries(at)) {
      if (name.endsWith("_id")) keep(`${name.slice(0, -3)}s`, inner);
      else if (name === "code") keep("codes", inner);
      else walk(inner, depth + 1, top && Array.isArray(inner) && ["items", collection].includes(name));
    }
  };
  walk(value, 0, true);
}

/** "/v1/sessions/{id}/cancel" is about sessions. */
const collectionOf = (path) => path.split("/").filter((part) => part && part !== "v1" && part !== "public" && !part.startsWith("{"))[0] ?? "";

function suggestions(one, param, input) {
  const name = param.name.toLowerCase();
  const before = param.in === "path" ? one.path.slice(0, one.path.indexOf(`{${param.name}}`)).split("/").filter(Boolean).at(-1) : null;
  const values = () => {
    if (name === "if-match") return lastEtag ? [[lastEtag, "the last one answered"]] : [];
    const key = name === "code" ? "codes" : name.endsWith("_id") ? `${name.slice(0, -3)}s` : before;
    return [...(seenIds.get(key) ?? [])];
  };
  const data = el("datalist", { id: `seen-${param.in}-${param.name}` });
  const fill = () => data.replaceChildren(...values().map(([value, label]) => el("option", { value, label: label || false })));
  input.setAttribute("list", data.id);
  input.addEventListener("focus", fill);
  if (param.in === "path") input.value = values()[0]?.[0] ?? "";
  return data;
}

start();
