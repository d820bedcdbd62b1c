/** LangGraph: a node asks with `interrupt()`, and the graph resumes with the person's answer. */
import { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import type { HumanInterrupt, HumanResponse } from "@langchain/langgraph/prebuilt";
import { createHoldpoint, HoldpointError } from "../../src/client/index.ts"; // "holdpoint/client"
import { invokeWithPeople } from "../../src/client/langgraph.ts"; // "holdpoint/langgraph"
import { fromEnvironment, OFFER, type Run, type Word } from "./scenario.ts";

const State = Annotation.Root({ word: Annotation<Word> });

function offer(): typeof State.Update {
  const request: HumanInterrupt = {
    action_request: { action: OFFER.name, args: OFFER.args },
    config: { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true },
    description: "Dana asked for a better price.",
  };
  const [response] = interrupt<HumanInterrupt[], HumanResponse[]>([request]);
  switch (response?.type) {
    case "accept":
      return { word: "approved" };
    case "edit":
      return { word: "edited" };
    case "response":
      // This protocol says a rejection and an answer with the same word; both are words for the model to read.
      return { word: response.args === "Offer the annual plan instead." ? "answered" : "rejected" };
    default:
      return { word: "held" };
  }
}

const graph = new StateGraph(State)
  .addNode("offer", offer)
  .addEdge(START, "offer")
  .addEdge("offer", END)
  .compile({ checkpointer: new MemorySaver() });

export default async function run({ url, key }: Run): Promise<Word> {
  const holdpoint = createHoldpoint({ url, key });
  const config = { configurable: { thread_id: crypto.randomUUID() } };
  try {
    return (await invokeWithPeople({ holdpoint, graph, Command }, {}, config)).word;
  } catch (error) {
    // Nobody decided: the graph stays where it is, and can be resumed another day.
    if (error instanceof HoldpointError && error.reason === "expired") return "expired";
    throw error;
  }
}

if (import.meta.main) console.log(await run(fromEnvironment()));
