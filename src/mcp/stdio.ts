/** `holdpoint mcp`: the same tools over standard input and output, for a Holdpoint that runs elsewhere. */
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { type Api, ToolProblem, TREAT_AS_HELD } from "./api.ts";
import { createMcpServer } from "./mcp-server.ts";

export interface StdioOptions {
  /** Base URL of the running Holdpoint. */
  readonly url: string;
  /** The agent's own key. */
  readonly key: string;
  readonly version: string;
  /** Seconds that a client's permission tool may take. */
  readonly permissionWait: number;
}

/** Serves until the client closes standard input or `stop` is aborted. Standard output carries messages only. */
export async function serveStdio(
  { url, key, version, permissionWait }: StdioOptions,
  stop: AbortSignal,
): Promise<void> {
  const closing = new AbortController();
  const server = createMcpServer({
    ...{ version, permissionWait, closing: closing.signal, api: remoteApi(url, key) },
    onFault: (tool, error) => console.error(`holdpoint mcp: ${tool} failed:`, error),
  });
  const over = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
    stop.addEventListener("abort", () => resolve());
  });
  await server.connect(new StdioServerTransport());
  await over;
  closing.abort();
  await server.close();
}

/** Every failure is an answer in words; none is read as a yes. */
export function remoteApi(url: string, key: string): Api {
  const base = url.replace(/\/+$/, "");
  return async ({ method, path, body, repeatKey, within, signal }) => {
    try {
      const response = await fetch(base + path, {
        ...{ method, body },
        headers: {
          authorization: `Bearer ${key}`,
          ...(repeatKey === null ? {} : { "idempotency-key": repeatKey }),
          ...(body === null ? {} : { "content-type": "application/json" }),
        },
        // The key is for this server and for no other it may point at.
        redirect: "error",
        signal: AbortSignal.any([signal, AbortSignal.timeout(within)]),
      });
      return {
        status: response.status,
        text: await response.text(),
        retryAfter: response.headers.get("retry-after") ?? undefined,
      };
    } catch (error) {
      throw new ToolProblem(`Holdpoint cannot be reached at ${base} (${why(error)}). ${TREAT_AS_HELD}`);
    }
  };
}

function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : error.message;
}
