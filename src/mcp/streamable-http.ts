/** One message over streamable HTTP, without a session: any replica can answer any message. */
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { createMcpServer, type Serving } from "./mcp-server.ts";

export interface Exchange {
  readonly response: Response;
  /** Ends what is still under way for it. */
  close(): Promise<void>;
}

/** `message`: the parsed body of `request`. */
export async function exchange(serving: Serving, request: Request, message: unknown): Promise<Exchange> {
  const server = createMcpServer(serving);
  const transport = new WebStandardStreamableHTTPServerTransport();
  await server.connect(transport);
  const response = await transport.handleRequest(request, { parsedBody: message });
  return { response, close: () => server.close() };
}
