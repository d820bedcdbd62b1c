/** Calls the Bot Connector exactly once each, and says in one word what is known of the outcome. */
import type { CloudAdapter, ConversationReference } from "botbuilder";
import { isObject, type JsonObject, objectAt, textAt } from "../payload.ts";
import { ISSUER } from "./authority.ts";

export type Outcome =
  | { readonly kind: "ok"; readonly data: JsonObject }
  /** A definite no; `code` is Microsoft's word, empty where it gave none. */
  | {
      readonly kind: "refused";
      readonly status: number | undefined;
      readonly code: string;
      readonly detail: string;
    }
  /** Not done; no sooner than in `after` milliseconds. `busy`: somebody else is changing it at this moment. */
  | { readonly kind: "limited"; readonly after: number; readonly busy: boolean }
  /** It never reached Microsoft. */
  | { readonly kind: "unsent"; readonly why: string }
  /** Nobody knows whether it was done. */
  | { readonly kind: "unknown"; readonly why: string };

/** One kind of call, whose name is also the connector's. */
export type Call =
  | { readonly do: "createConversation"; readonly parameters: JsonObject }
  | { readonly do: "sendToConversation"; readonly conversation: string; readonly activity: JsonObject }
  | {
      readonly do: "updateActivity";
      readonly conversation: string;
      readonly id: string;
      readonly activity: JsonObject;
    }
  | { readonly do: "getConversationMember"; readonly conversation: string; readonly member: string }
  | { readonly do: "getConversationPagedMembers"; readonly conversation: string };

export interface Client {
  /** Never throws, never repeats. `timeoutMs`: for the call as a whole. */
  call(serviceUrl: string, call: Call, timeoutMs: number): Promise<Outcome>;
}

/** Of the library's connector, what is used. */
interface Connector {
  readonly client: { readonly pipeline: { removePolicy(options: { readonly name: string }): unknown } };
  readonly conversations: Readonly<Record<Call["do"], (...args: readonly unknown[]) => Promise<unknown>>>;
}

/** Regions of one tenant; one more than any has. */
const MOST_CONNECTORS = 20;

export function createClient(parts: { readonly adapter: CloudAdapter; readonly appId: string }): Client {
  const { adapter, appId } = parts;
  const connectors = new Map<string, Promise<Connector>>();

  const connectorAt = (serviceUrl: string): Promise<Connector> => {
    const known = connectors.get(serviceUrl);
    if (known !== undefined) return known;
    if (connectors.size >= MOST_CONNECTORS) connectors.clear();
    const connector = connect(adapter, appId, serviceUrl);
    connectors.set(serviceUrl, connector);
    connector.catch(() => connectors.delete(serviceUrl));
    return connector;
  };

  return {
    async call(serviceUrl, call, timeoutMs) {
      const deadline = AbortSignal.timeout(timeoutMs);
      // A token may be slow to come, and asking for one can't be aborted: a call whose time is over is then not sent at all.
      const late = new Promise<Outcome>((resolve) =>
        deadline.addEventListener("abort", () =>
          resolve({ kind: "unknown", why: "Teams did not answer in time." }),
        ),
      );
      return Promise.race([late, once(connectorAt(serviceUrl), call, deadline)]);
    },
  };
}

async function once(connecting: Promise<Connector>, call: Call, abortSignal: AbortSignal): Promise<Outcome> {
  try {
    const { conversations } = await connecting;
    const data = await conversations[call.do](...argumentsOf(call), { abortSignal });
    return { kind: "ok", data: isObject(data) ? data : {} };
  } catch (error) {
    return outcomeOf(error);
  }
}

function argumentsOf(call: Call): readonly unknown[] {
  switch (call.do) {
    case "createConversation":
      return [call.parameters];
    case "sendToConversation":
      return [call.conversation, call.activity];
    case "updateActivity":
      return [call.conversation, call.id, call.activity];
    case "getConversationMember":
      return [call.conversation, call.member];
    case "getConversationPagedMembers":
      return [call.conversation];
  }
}

/**
 * The library's own connector for an address. It would send a message up to four times, whatever its options say: its retry
 * policy is taken out, and so is the one that follows redirects with our token in hand.
 */
async function connect(adapter: CloudAdapter, appId: string, serviceUrl: string): Promise<Connector> {
  let connector: Connector | undefined;
  const somewhere = { serviceUrl, conversation: { id: "none" }, channelId: "msteams" };
  await adapter.continueConversationAsync(
    appId,
    somewhere as Partial<ConversationReference> as ConversationReference,
    ISSUER,
    async (context) => {
      connector = context.turnState.get(adapter.ConnectorClientKey);
    },
  );
  if (connector === undefined) throw new Error("botbuilder made no connector");
  for (const name of ["defaultRetryPolicy", "redirectPolicy"])
    connector.client.pipeline.removePolicy({ name });
  return connector;
}

/** What fails before a byte is sent. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_INVALID_URL",
]);
/** Without a hint from Microsoft. */
const LIMITED_FOR_MS = 5_000;
const BUSY_FOR_MS = 2_000;

function outcomeOf(error: unknown): Outcome {
  const status = isError(error) && typeof error.statusCode === "number" ? error.statusCode : undefined;
  if (status !== undefined) return outcomeOfStatus(status, error);
  // The sign-in library's word: without a token nothing is sent.
  const signIn = textAt(error, "errorCode");
  if (signIn !== undefined)
    return /^(?:invalid_client|unauthorized_client|invalid_request|7000\d+)$/.test(signIn)
      ? { kind: "refused", status: 401, code: signIn, detail: "" }
      : { kind: "unsent", why: `Microsoft gave no token (${signIn}).` };
  const code = codeOf(error);
  if (code !== undefined && NEVER_SENT.has(code))
    return { kind: "unsent", why: `Teams can't be reached (${code}).` };
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError") return { kind: "unknown", why: "Teams did not answer in time." };
  return { kind: "unknown", why: `The connection to Teams failed (${code ?? (name || "unknown")}).` };
}

/** 412 is "somebody else is changing this conversation" (learn.microsoft.com, "Rate limiting for bots"). */
function outcomeOfStatus(status: number, error: unknown): Outcome {
  if (status === 429) return { kind: "limited", after: retryAfter(error) ?? LIMITED_FOR_MS, busy: false };
  if (status === 412) return { kind: "limited", after: BUSY_FOR_MS, busy: true };
  if (status >= 500 || status === 408)
    return { kind: "unknown", why: `Teams, or a proxy before it, answered ${status}.` };
  const told = toldBy(error);
  const code =
    textAt(told, "innerHttpError", "body", "subCode") ?? textAt(told, "subCode") ?? textAt(told, "code");
  const fallback = status === 401 ? "Unauthorized" : status === 413 ? "MessageSizeTooBig" : "";
  return { kind: "refused", status, code: code ?? fallback, detail: textAt(told, "message") ?? "" };
}

/** The library reads the body of some calls as an error, and of others as what it would have been. */
function toldBy(error: unknown): JsonObject | undefined {
  const read = objectAt(error, "details", "body") ?? objectAt(error, "details");
  return objectAt(read, "error") ?? read;
}

function retryAfter(error: unknown): number | undefined {
  const headers = objectAt(error, "response", "headers");
  const get = headers?.get;
  const text: unknown = typeof get === "function" ? get.call(headers, "retry-after") : undefined;
  const seconds = Number(text);
  return typeof text === "string" && text !== "" && seconds >= 0 ? seconds * 1_000 : undefined;
}

function isError(error: unknown): error is Error & { readonly statusCode?: unknown } {
  return error instanceof Error;
}

function codeOf(error: unknown): string | undefined {
  for (let here = error; here instanceof Error; here = here.cause) {
    if ("code" in here && typeof here.code === "string") return here.code;
  }
  return undefined;
}
