/** An agent whose tools come over MCP: it asks through Holdpoint's server and waits with bounded calls. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { fromEnvironment, OFFER, type Run, type Word } from "./scenario.ts";

export default async function run({ url, key, scenario }: Run): Promise<Word> {
  const client = new Client({ name: "mcp-example", version: "1.0.0" });
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url), { requestInit }));
  try {
    return scenario === "answer" ? await askAQuestion(client) : await askForApproval(client);
  } finally {
    await client.close();
  }
}

async function askForApproval(client: Client): Promise<Word> {
  const charter = await call(client, "check_signal", { action: OFFER });
  if (charter.verdict !== "hold") throw new Error("the charter should want a person for this");
  const { id } = charter.escalation;
  const { status, decision } = await settled(client, id);
  if (status !== "decided") return status === "expired" ? "expired" : "held";
  switch (decision.verdict) {
    case "approve":
    case "edit":
      offerDiscount(decision.args);
      await call(client, "report_outcome", { id, executed: true });
      return decision.verdict === "approve" ? "approved" : "edited";
    case "reject":
      if (!decision.reason) throw new Error("a rejection says why");
      return "rejected";
    default:
      return "answered";
  }
}

async function askAQuestion(client: Client): Promise<Word> {
  const asked = await call(client, "ask_human", { question: "Which discount may Dana have?", wait: 5 });
  const { decision } = asked.status === "pending" ? await settled(client, asked.id) : asked;
  if (!decision?.response) throw new Error("the answer should be there in words");
  return "answered";
}

/** Pending is neither a yes nor a no: ask again. */
async function settled(client: Client, id: string): Promise<Facts> {
  for (;;) {
    const now = await call(client, "await_decision", { id, wait: 50 });
    if (now.status !== "pending") return now;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what a tool answers is described by its output schema.
type Facts = any;

async function call(client: Client, name: string, args: Readonly<Record<string, unknown>>): Promise<Facts> {
  const { isError, content, structuredContent } = await client.callTool({ name, arguments: args });
  if (isError) throw new Error(`${name}: ${JSON.stringify(content)}`);
  return structuredContent;
}

/** What the agent does in the end, with the approved arguments and no others. */
function offerDiscount({ customer, percent }: { readonly customer: string; readonly percent: number }): void {
  console.error(`offered ${customer} ${percent} %`);
}

if (import.meta.main) console.log(await run(fromEnvironment()));
