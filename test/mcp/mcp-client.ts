/** A model's side of MCP: the SDK's own client, over HTTP or over the standard streams of `holdpoint mcp`. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

// biome-ignore lint/suspicious/noExplicitAny: a model reads answers without our types.
type Facts = any;

export interface Answer {
  /** What clients that read no structured content see. */
  readonly text: string;
  readonly facts: Facts;
  readonly failed: boolean;
}

export interface McpClient {
  readonly client: Client;
  call(tool: string, args?: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  onProgress?(message: string): void;
}

/** `query` is added to the path, such as `?permission_wait=1s`. */
export async function overHttp(url: string, key: string, query = ""): Promise<McpClient> {
  const transport = new StreamableHTTPClientTransport(new URL(`/mcp${query}`, url), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  });
  return connected(transport);
}

/** Starts `holdpoint mcp` as a process of its own. */
export async function overStdio(url: string, key: string): Promise<McpClient> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ["bin/holdpoint.js", "mcp"],
    env: { HOLDPOINT_URL: url, HOLDPOINT_KEY: key },
    stderr: "inherit",
  });
  return connected(transport);
}

async function connected(
  transport: StreamableHTTPClientTransport | StdioClientTransport,
): Promise<McpClient> {
  const client = new Client({ name: "a-coding-agent", version: "1.0.0" });
  await client.connect(transport);
  // From here on the client checks every answer against the tool's output schema.
  await client.listTools();
  return {
    client,
    async call(name, args = {}, { signal, onProgress } = {}) {
      const result = await client.callTool({ name, arguments: args }, undefined, {
        ...(signal ? { signal } : {}),
        ...(onProgress ? { onprogress: ({ message }) => onProgress(message ?? "") } : {}),
      });
      const [content] = result.content as { readonly type: string; readonly text: string }[];
      return {
        text: content?.text ?? "",
        facts: result.structuredContent ?? {},
        failed: result.isError === true,
      };
    },
    close: () => client.close(),
  };
}
