/** The MCP server itself: lists the tools and calls them. Imports the protocol's SDK, so only what speaks MCP may import it. */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { actingTools } from "./acting-tools.ts";
import { type Api, type Desk, ToolProblem, TREAT_AS_HELD } from "./api.ts";
import { askingTools } from "./asking-tools.ts";
import { permissionTool } from "./permission-tool.ts";
import type { Tool } from "./tool.ts";

const TOOLS = new Map<string, Tool>(
  [...askingTools, ...actingTools, permissionTool].map((tool) => [tool.described.name, tool]),
);
const LISTED = [...TOOLS.values()].map((tool) => tool.described);

/** The SDK would make one for every server, and every request has a server of its own. */
const jsonSchemaValidator = new AjvJsonSchemaValidator();

const INSTRUCTIONS = `Holdpoint is where people decide about what you do. Before an action that may need a person, call check_signal or request_decision; before any action, call get_state. While a request is pending you are on hold: pending is neither a yes nor a no. No answer, an error or a timeout is never an approval. Do exactly what was approved, with the arguments in the decision, once.`;

export interface Serving {
  readonly api: Api;
  readonly version: string;
  readonly closing: AbortSignal;
  /** Seconds that a client's permission tool may take. */
  readonly permissionWait: number;
  /** Told of what went wrong on our side; the model only learns that something did. */
  onFault(tool: string, error: unknown): void;
}

export function createMcpServer({ api, version, closing, permissionWait, onFault }: Serving): Server {
  const server = new Server(
    { name: "holdpoint", title: "Holdpoint", version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS, jsonSchemaValidator },
  );

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: LISTED }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const tool = TOOLS.get(params.name);
    if (!tool)
      throw new McpError(
        ErrorCode.InvalidParams,
        `There is no such tool. There are: ${[...TOOLS.keys()].join(", ")}`,
      );
    const { progressToken } = params._meta ?? {};
    let turns = 0;
    const desk: Desk = {
      api,
      closing,
      permissionWait,
      gone: signal,
      stillWaiting(message) {
        if (progressToken === undefined) return;
        const progress = { progressToken, progress: ++turns, message };
        // Nobody listens any more: the call itself finds out.
        sendNotification({ method: "notifications/progress", params: progress }).catch(() => {});
      },
    };
    try {
      const { text, facts } = await tool.call(params.arguments, desk);
      return { content: [{ type: "text", text }], ...(facts ? { structuredContent: facts } : {}) };
    } catch (error) {
      if (error instanceof ToolProblem) return failure(error.message);
      if (!signal.aborted) onFault(params.name, error);
      return failure(`Something went wrong on Holdpoint's side. ${TREAT_AS_HELD}`);
    }
  });
  return server;
}

function failure(text: string) {
  return { isError: true, content: [{ type: "text" as const, text }] };
}
