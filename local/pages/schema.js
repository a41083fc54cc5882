// Reading JSON Schema as OpenAPI 3.1 uses it: references, names of types, fields, examples.

/** The schema meant: references followed, what stands beside a reference kept, `allOf` merged. */
export function resolve(spec, schema, seen = []) {
  if (!schema || typeof schema !== "object") return {};
  let out = schema;
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1);
    if (seen.includes(schema.$ref)) return { title: name, recursive: true };
    const { $ref, ...beside } = schema;
    const target = lookup(spec, $ref);
    out = { title: name, ...resolve(spec, target, [...seen, $ref]), ...beside };
  }
  if (out.allOf) {
    const { allOf, ...rest } = out;
    const merged = { properties: {}, required: [] };
    for (const part of [...allOf, rest]) {
      const one = resolve(spec, part, seen);
      Object.assign(merged, one, {
        properties: { ...merged.properties, ...one.properties },
        required: [...merged.required, ...(one.required ?? [])],
      });
    }
    if (Object.keys(merged.properties).length === 0) delete merged.properties;
    out = merged;
  }
  const choices = out.oneOf ?? out.anyOf;
  if (choices) {
    const real = choices.filter((choice) => choice.type !== "null");
    if (real.length === 1 && real.length < choices.length) {
      const { oneOf, anyOf, ...rest } = out;
      out = { ...resolve(spec, real[0], seen), ...rest, nullable: true };
    }
  }
  return out;
}

export function lookup(spec, ref) {
  return ref
    .replace(/^#\//, "")
    .split("/")
    .reduce((at, step) => at?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], spec);
}

export function types(schema) {
  const all = Array.isArray(schema.type) ? schema.type : schema.type ? [schema.type] : schema.properties ? ["object"] : [];
  return { names: all.filter((type) => type !== "null"), nullable: all.includes("null") || schema.nullable === true };
}

/** "array of Service", "string (date-time)", "integer or null". */
export function typeName(spec, raw) {
  const schema = resolve(spec, raw);
  const { names, nullable } = types(schema);
  let name;
  if (schema.const !== undefined) name = JSON.stringify(schema.const);
  else if (names.includes("array")) name = `array of ${schema.items ? typeName(spec, schema.items) : "anything"}`;
  else if ((schema.oneOf ?? schema.anyOf)?.length) name = schema.title ?? "one of several";
  else if (names.includes("object")) name = schema.title ?? (schema.additionalProperties ? `map of ${typeName(spec, schema.additionalProperties)}` : "object");
  else if (names.length) name = names.join(" or ") + (schema.format ? ` (${schema.format})` : "");
  else name = schema.title ?? "anything";
  return nullable ? `${name} or null` : name;
}

const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** What else a value must be, one short phrase each. */
export function limits(schema) {
  const out = [];
  if (schema.enum) out.push(`one of ${schema.enum.map((value) => JSON.stringify(value)).join(", ")}`);
  if (schema.default !== undefined) out.push(`default ${JSON.stringify(schema.default)}`);
  if (schema.minimum !== undefined) out.push(`at least ${schema.minimum}`);
  if (schema.exclusiveMinimum !== undefined) out.push(`more than ${schema.exclusiveMinimum}`);
  if (schema.maximum !== undefined) out.push(`at most ${schema.maximum}`);
  if (schema.minLength) out.push(`at least ${count(schema.minLength, "character")}`);
  if (schema.maxLength !== undefined) out.push(`at most ${count(schema.maxLength, "character")}`);
  if (schema.minItems) out.push(`at least ${count(schema.minItems, "entry", "entries")}`);
  if (schema.maxItems !== undefined) out.push(`at most ${count(schema.maxItems, "entry", "entries")}`);
  if (schema.pattern) out.push(`pattern ${schema.pattern}`);
  if (schema.readOnly) out.push("read only");
  if (schema.deprecated) out.push("deprecated");
  return out;
}

/** The schema whose fields are worth listing: the object itself, or the object inside arrays. */
export function fieldsOf(spec, raw) {
  let schema = resolve(spec, raw);
  while (types(schema).names.includes("array") && schema.items) schema = resolve(spec, schema.items);
  return schema.properties || schema.oneOf || schema.anyOf ? schema : null;
}

const formats = {
  "date-time": "2026-12-01T17:00:00Z",
  date: "2026-12-01",
  uuid: "3f2b7c1e-9a54-4d0e-8a7f-6f1c2f0f9b11",
  email: "robin@example.test",
  uri: "https://example.test/",
};

/** An example: the description's own, else one made from the types. */
export function example(spec, raw, depth = 0, seen = []) {
  if (raw?.$ref && seen.includes(raw.$ref)) return null;
  const trail = raw?.$ref ? [...seen, raw.$ref] : seen;
  const schema = resolve(spec, raw);
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.length) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  if (schema.enum) return schema.enum[0];
  const choices = schema.oneOf ?? schema.anyOf;
  const own = schema.properties ? fields(spec, schema, depth, trail) : null;
  if (choices?.length) {
    const first = example(spec, choices.find((choice) => choice.type !== "null"), depth, trail);
    return own && first && typeof first === "object" ? { ...own, ...first } : first;
  }
  if (own) return own;
  const { names } = types(schema);
  switch (names[0]) {
    case "object":
      return {};
    case "array":
      return schema.items && depth < 5 ? [example(spec, schema.items, depth + 1, trail)] : [];
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    case "string":
      return formats[schema.format] ?? "string";
    default:
      return null;
  }
}

function fields(spec, schema, depth, trail) {
  const required = new Set(schema.required ?? []);
  const out = {};
  for (const [name, raw] of Object.entries(schema.properties)) {
    const field = resolve(spec, raw);
    const telling = field.example !== undefined || field.examples?.length || field.default;
    if (required.has(name) || telling || (depth === 0 && required.size === 0)) out[name] = example(spec, raw, depth + 1, trail);
  }
  return out;
}
