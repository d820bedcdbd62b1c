/** The scripted person: finds each card in their messages, and presses what the scenario says. */
import { slackPerson } from "../../test/support/slack-person.ts";
import type { Message, View } from "../../test/support/slack-workspace/index.ts";
import type { Scenario } from "../clients/scenario.ts";
import type { Stage } from "./stage.ts";

export interface Person {
  /** From now on, this is how a client's owner decides. */
  plays(client: string, scenario: Scenario): void;
  /** Stops looking; throws what went wrong. */
  leave(): Promise<void>;
}

const LOOK_EVERY_MS = 50;

export function scriptedPerson(stage: Stage): Person {
  const scripts = new Map<string, Scenario>();
  /** Cards that were dealt with. */
  const seen = new Set<string>();
  /** Owners who have changed what was asked, and approve the changed call that follows. */
  const changed = new Set<string>();
  const faults: unknown[] = [];
  let leaving = false;

  async function decide(escalation: string, agent: string): Promise<void> {
    const account = stage.ownerOf(agent);
    const scenario = scripts.get(account);
    if (scenario === undefined || scenario === "timeout") return;
    const owner = slackPerson(stage.workspace, account);
    const card = await stage.workspace.until<Message | undefined>(
      () => owner.cards().find(({ blocks }) => JSON.stringify(blocks).includes(escalation)),
      `the card of ${escalation}`,
    );
    if (!card) return;
    switch (scenario) {
      case "approve":
        await owner.press("Approve", card);
        return;
      case "edit": {
        if (changed.has(account)) return void (await owner.press("Approve", card));
        changed.add(account);
        const percent = fieldCalled("percent", await owner.open("Edit and approve", card));
        await owner.send({ [percent]: "10" });
        return;
      }
      case "reject":
        await owner.fill("Reject", { reason: "Dana has the partner price." }, card);
        return;
      case "answer":
        await owner.fill("Answer", { response: "Offer the annual plan instead." }, card);
        return;
    }
  }

  const looking = (async () => {
    while (!leaving) {
      for (const { id, agent } of await stage.open()) {
        if (seen.has(id)) continue;
        seen.add(id);
        decide(id, agent).catch((fault) => faults.push(fault));
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();

  return {
    plays(client, scenario) {
      scripts.set(stage.ownerOf(client), scenario);
      changed.delete(stage.ownerOf(client));
    },
    async leave() {
      leaving = true;
      await looking;
      if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join("\n"));
    },
  };
}

interface LabelledBlock {
  readonly block_id?: string;
  readonly label?: { readonly text?: string };
}

/** The name of a field by what a person reads beside it. */
function fieldCalled(label: string, view: View): string {
  const blocks = (view.content.blocks ?? []) as readonly LabelledBlock[];
  const found = blocks.find((block) => block.label?.text?.toLowerCase().includes(label))?.block_id;
  if (found === undefined) throw new Error(`the form has no field called ${label}`);
  return found.replace(/^field:/, "");
}
