/** The API document (OpenAPI 3.1), drawn from the endpoints themselves, so that it cannot fall behind them. */
import { z } from "zod";
import { problemSchema } from "./answer-schemas.ts";
import { type AnswerKind, type Endpoint, NO_BODY } from "./endpoint.ts";

type Json = Readonly<Record<string, unknown>>;

/** As much of an operation as the readable page shows. */
export interface Operation {
  readonly summary: string;
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly Json[];
  readonly parameters: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Described>>;
}

interface Described {
  readonly description: string;
  readonly content?: Json;
}

export interface ApiDocument {
  readonly openapi: "3.1.0";
  readonly info: Json & { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly servers: readonly Json[];
  readonly components: Json;
}

export function apiDocument(endpoints: readonly Endpoint[], version: string): ApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Holdpoint",
      version,
      description:
        "Hold points for AI agents. Times are RFC 3339 UTC with milliseconds, durations are 90s, 15m, 4h or 2d, errors are application/problem+json (RFC 9457). Bodies: 256 KB and 32 levels at most; unknown fields are refused.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, "output") },
      securitySchemes: {
        agentKey: { type: "http", scheme: "bearer", description: "hp_<agent>_<43 base64url characters>" },
        adminKey: { type: "http", scheme: "bearer", description: "hp_admin_<43 base64url characters>" },
        webhookSignature: {
          type: "apiKey",
          in: "header",
          name: "webhook-signature",
          description:
            "Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature, with the agent's whsec_ secret.",
        },
      },
    },
  };
}

function operation(endpoint: Endpoint): Operation {
  const { summary, who, body, method } = endpoint;
  return {
    summary,
    operationId: camel(summary),
    tags: [tag(endpoint)],
    security: SECURITY[who],
    parameters: [
      ...pathParameters(endpoint.path),
      ...queryParameters(endpoint.query),
      ...headerParameters(endpoint),
    ],
    ...(method !== "GET" && body !== NO_BODY ? { requestBody: jsonBody(body) } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(endpoint.answers).map(([status, kind]) => [status, response(kind)]),
      ),
      ...Object.fromEntries(problemStatuses(endpoint).map((status) => [status, problem(status, endpoint)])),
    },
  };
}

const SECURITY: Readonly<Record<Endpoint["who"], readonly Json[]>> = {
  agent: [{ agentKey: [] }],
  admin: [{ adminKey: [] }],
  either: [{ agentKey: [] }, { adminKey: [] }],
  signed: [{ webhookSignature: [] }],
  hook: [{ agentKey: [] }, { webhookSignature: [] }],
  anybody: [],
};

function tag({ who, path }: Endpoint): string {
  if (!path.startsWith("/v1/")) return "Operations";
  return who === "admin" ? "Administration" : "Agents";
}

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: "path", required: true, schema: { type: "string" } },
  }));
}

function queryParameters(query: z.ZodType): readonly Json[] {
  const { properties = {} } = jsonSchema(query, "input") as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: false, schema }));
}

function headerParameters({ keepsAnswers, answers, who }: Endpoint): readonly Json[] {
  const header = (name: string, description: string, required = false) => ({
    ...{ name, in: "header", required, description, schema: { type: "string" } },
  });
  const signature = ["webhook-id", "webhook-timestamp"].map((name) =>
    header(name, "Standard Webhooks", true),
  );
  const key = header(
    "Idempotency-Key",
    "1 to 255 printable characters. The same key and body get the same answer for 30 days.",
  );
  return [
    ...(who === "signed" ? signature : []),
    ...(keepsAnswers && who !== "signed" ? [key] : []),
    ...(304 in answers ? [header("If-None-Match", "The ETag of the answer the caller has.")] : []),
  ];
}

function jsonBody(schema: z.ZodType): Json {
  return { required: true, content: { "application/json": { schema: jsonSchema(schema, "input") } } };
}

function response({ says, schema, type }: AnswerKind): Described {
  if (!schema)
    return { description: says, ...(type ? { content: { [type]: { schema: { type: "string" } } } } : {}) };
  return {
    description: says,
    content: { [type ?? "application/json"]: { schema: jsonSchema(schema, "output") } },
  };
}

const SAYS = {
  400: "The request cannot be read.",
  401: "Credentials are missing or not valid.",
  403: "This kind of key may not do this.",
  404: "There is no such thing, or it is another agent's.",
  409: "Not possible as things stand; with Retry-After, repeat it.",
  413: "The body is larger than 256 KB.",
  415: "The body is not application/json.",
  422: "Not as described here: `errors` points at each place.",
  429: "Too many: Retry-After says when to come back.",
  503: "Not possible right now: Retry-After says when to come back.",
} as const;

type ProblemStatus = keyof typeof SAYS;

function problem(status: ProblemStatus, { wordsNo }: Endpoint): Described {
  if (wordsNo)
    return { description: SAYS[status], content: { "application/json": { schema: { type: "object" } } } };
  const schema = { $ref: "#/components/schemas/Problem" };
  return { description: SAYS[status], content: { "application/problem+json": { schema } } };
}

function problemStatuses({ method, who, path, body, answers }: Endpoint): readonly ProblemStatus[] {
  const writes = method !== "GET";
  const wanted: Readonly<Record<ProblemStatus, boolean>> = {
    // A path with a parameter in it can be one that no decoder takes.
    400: writes || path.includes("{"),
    401: who !== "anybody",
    403: who === "agent" || who === "admin" || who === "hook",
    404: path.includes("{"),
    409: writes,
    413: writes,
    415: writes && body !== NO_BODY,
    422: true,
    429: writes,
    503: who !== "anybody",
  };
  const all = Object.keys(SAYS).map(Number) as ProblemStatus[];
  return all.filter((status) => wanted[status] && !(status in answers));
}

/** Ask the charter about a signal → askTheCharterAboutASignal. */
function camel(words: string): string {
  return words.toLowerCase().replace(/[^a-z0-9]+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `input`: before defaults and conversions, as a caller writes it. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  // Inside the document a schema is OpenAPI 3.1's own dialect, which is this one.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
