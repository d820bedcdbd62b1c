/** The one path Teams calls: what speaks against a request is said, the library checks its signature, and the answer waits for us. */
import { ActivityTypes, type CloudAdapter } from "botbuilder";
import type { Log, RawRequest, RawResponse, Route } from "../../application/ports.ts";
import { isObject, type JsonObject } from "../payload.ts";
import { type Expected, objection, tenantOf } from "./claims.ts";
import type { Handle } from "./handle.ts";

/** Teams' own activities stay far below, attachments being links. */
const MOST_BYTES = 256 * 1024;

export interface Door {
  readonly adapter: CloudAdapter;
  readonly handle: Handle;
  readonly expected: Expected;
}

export function createRoute({ adapter, handle: take, expected }: Door, log: Log): Route {
  const refuse = (status: number, words: string): RawResponse => {
    log.warn({ platform: "teams", status }, `A request was refused. ${words}`);
    return answer(status, { error: words });
  };

  const handle = async (request: RawRequest): Promise<RawResponse> => {
    if (request.body.length > MOST_BYTES) return refuse(413, "The body is larger than anything Teams sends.");
    // Whoever is nobody is told so before anything of theirs is read.
    if (!request.headers.authorization) return refuse(401, "The request carries no bearer token.");
    const activity = activityIn(request.body);
    if (activity === undefined) return refuse(400, "The body is no activity.");
    const no = objection(activity, request, expected);
    if (no !== undefined) return refuse(no.status, no.words);
    const heard = await hear(adapter, request, activity, async () =>
      take(activity, tenantOf(activity) ?? ""),
    );
    if (heard === undefined)
      return refuse(401, "The token's signature, time or key is not one that Microsoft stands behind.");
    return heard;
  };

  return { method: "POST", path: "/api/messages", handle };
}

/**
 * The library's own way in, which checks the token and calls `take` when it holds. Undefined when it does not: the library
 * answers 401 or, for a key that is not Microsoft's, 500; to whoever knocks it is the same.
 */
async function hear(
  adapter: CloudAdapter,
  { headers }: RawRequest,
  activity: JsonObject,
  take: () => Promise<JsonObject | undefined>,
): Promise<RawResponse | undefined> {
  let isIn = false;
  let status = 200;
  let body: unknown;
  const response = {
    socket: undefined,
    status: (code: number) => {
      status = code;
    },
    header: () => {},
    send: (sent?: unknown) => {
      body = sent;
    },
    end: () => {},
  };
  // It turns times into dates in place: what is handled stays as it came.
  const given = { method: "POST", headers: { ...headers }, body: structuredClone(activity) };
  await adapter.process(given, response, async (context) => {
    isIn = true;
    const taken = await take();
    if (activity.type === "invoke")
      await context.sendActivity({
        type: ActivityTypes.InvokeResponse,
        value: taken === undefined ? { status: 501 } : { status: 200, body: taken },
      });
  });
  return isIn ? answer(status, body) : undefined;
}

function activityIn(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isObject(value) && typeof value.type === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function answer(status: number, body: unknown): RawResponse {
  return body === undefined
    ? { status, headers: {}, body: "" }
    : {
        status,
        headers: { "content-type": "application/json; charset=utf-8" },
        body: JSON.stringify(body),
      };
}
