/** LangGraph: each request is a thread of a graph that runs until it interrupts itself for a person. */
import { randomUUID } from "node:crypto";
import { Annotation, END, interrupt, START, StateGraph } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { serve } from "./collected.mjs";

const saver = SqliteSaver.fromConnString("langgraph.db");
saver.db.pragma("journal_mode = WAL");
// Its own setting would lose what it answered in a power cut.
saver.db.pragma("synchronous = FULL");

const State = Annotation.Root({ request: Annotation(), decision: Annotation() });
const graph = new StateGraph(State)
  .addNode("ask", ({ request }) => ({ decision: interrupt(request) }))
  .addEdge(START, "ask")
  .addEdge("ask", END)
  .compile({ checkpointer: saver });

serve(async (request) => {
  const id = randomUUID();
  await graph.invoke({ request }, { configurable: { thread_id: id }, durability: "sync" });
  return id;
});
