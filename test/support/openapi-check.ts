/** Holds what the server answers against its own API document: paths, statuses, media types and bodies, by ajv. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

interface Answered {
  readonly method: string;
  /** With or without a query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

interface Described {
  readonly content?: Readonly<Record<string, unknown>>;
}
interface Operation {
  readonly responses: Readonly<Record<string, Described>>;
}
interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What an answer has that the document does not, one sentence each; empty when it is as described. */
export type OpenApiCheck = (answered: Answered) => readonly string[];

/** Paths that no agent calls: the console's, chat platforms', and those that do not exist are in no document. */
export async function openApiCheck(url: string): Promise<OpenApiCheck> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument;
  // Formats stand beside patterns that say the same; keywords of OpenAPI itself are not ajv's.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, "openapi");
  const validators = new Map<string, ValidateFunction>();
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    // A name in the path is more than a parameter: /v1/hooks/{agent}/n8n before any wider one.
    parameters: template.split("{").length,
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
  }));
  templates.sort((a, b) => a.parameters - b.parameters);

  function validator(pointer: string): ValidateFunction {
    const known = validators.get(pointer);
    if (known) return known;
    const made = ajv.compile({ $ref: `openapi#${pointer}` });
    validators.set(pointer, made);
    return made;
  }

  return ({ method, path, status, contentType, body }) => {
    const [plain = ""] = path.split("?", 1);
    const found = templates.find(({ pattern }) => pattern.test(plain));
    if (!found) return [];
    const { template } = found;
    const verb = method.toLowerCase() === "head" ? "get" : method.toLowerCase();
    const what = `${method} ${template} → ${status}`;
    const operation = document.paths[template]?.[verb];
    if (!operation) return status === 405 ? [] : [`${what}: the document has no such method`];
    const described = operation.responses[status];
    // What happens to any request, before it is one of this path.
    if (!described)
      return [408, 431, 500].includes(status) ? [] : [`${what}: the document has no such status`];
    if (body === "") return [];
    const [type = ""] = (contentType ?? "").split(";", 1);
    const media = described.content ?? {};
    if (!(type in media)) return [`${what}: the document has ${Object.keys(media).join(", ")}, not ${type}`];
    if (!/[/+]json$/.test(type)) return [];
    const parts = ["paths", template, verb, "responses", String(status), "content", type, "schema"];
    const validate = validator(parts.map((part) => `/${encodeURIComponent(escaped(part))}`).join(""));
    if (validate(JSON.parse(body))) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${what}: ${instancePath} ${message}`);
  };
}

/** RFC 6901. */
function escaped(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * Checks every answer to `fetch` that comes from a server, until `end`, which gives what was found. Streams are left alone.
 */
export async function checkAllFetches(url: string): Promise<{ readonly end: () => readonly string[] }> {
  const check = await openApiCheck(url);
  const real = globalThis.fetch;
  const found = new Set<string>();
  globalThis.fetch = async (input, init) => {
    const response = await real(input, init);
    const asked = new URL(input instanceof Request ? input.url : input);
    if (asked.origin !== new URL(url).origin) return response;
    const contentType = response.headers.get("content-type");
    if (contentType?.startsWith("text/event-stream")) return response;
    const body = await response.clone().text();
    const method = init?.method ?? (input instanceof Request ? input.method : "GET");
    const path = asked.pathname + asked.search;
    for (const one of check({ method, path, status: response.status, contentType, body })) found.add(one);
    return response;
  };
  return {
    end() {
      globalThis.fetch = real;
      return [...found];
    },
  };
}
