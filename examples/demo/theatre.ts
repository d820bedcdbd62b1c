/** Lets an agent ask and somebody decide: the person at the keyboard, or in --auto the hands of the script. */
import type { Leave } from "./agent.ts";
import { AGENTS, type AgentId, type CastMember } from "./cast.ts";
import type { Hands } from "./chat.ts";
import type { Narrator } from "./narrator.ts";
import type { Proofs } from "./proofs.ts";
import type { Stage } from "./stage.ts";
import type { Escalation } from "./wire.ts";

export interface Theatre {
  readonly stage: Stage;
  readonly narrator: Narrator;
  readonly hands: Hands;
  readonly proofs: Proofs;
  /** The script decides, and everything is checked. */
  readonly auto: boolean;
}

export interface Waiting {
  readonly agent: AgentId;
  /** Whose messages the card stands in. */
  readonly who: CastMember;
  /** What the person at the keyboard may do. */
  readonly hint: string;
  /** What the script does instead. */
  readonly script: (escalation: Escalation) => Promise<void>;
}

/** The agent asks; whoever is waited for decides; resolves with what the agent made of it. */
export async function whileHeld(
  theatre: Theatre,
  waiting: Waiting,
  ask: (onHeld: (escalation: Escalation) => void) => Promise<Leave>,
): Promise<Leave> {
  const { stage, narrator, proofs, auto } = theatre;
  const decided = Promise.withResolvers<void>();
  const leave = ask((escalation) => {
    const rule = escalation.rule ? `: ${escalation.rule}` : "";
    const held = escalation.hold?.scope === "agent" ? AGENTS[waiting.agent] : "this one action";
    narrator.says(
      "Holdpoint",
      `holds ${held}${rule} (${escalation.severity}), and asks ${escalation.owner.name}`,
    );
    if (!auto) {
      invite(theatre, waiting.who, waiting.hint);
      return decided.resolve();
    }
    proofs
      .held(waiting.agent, escalation.hold?.scope)
      .then(() => waiting.script(escalation))
      .then(decided.resolve, decided.reject);
  });
  // Where nothing was held, nobody is waited for.
  void leave.then(() => decided.resolve(), decided.reject);
  const [made] = await Promise.all([leave, decided.promise]);
  if (!auto && made.decision?.kept_held)
    invite(theatre, waiting.who, `type ${stage.chat.command(`resume ${waiting.agent}`)} when it may go on`);
  return made;
}

export function invite({ stage, narrator }: Theatre, who: CastMember, hint: string): void {
  narrator.waiting(`${who.name}: open ${stage.chat.pageOf(who)} and ${hint}`);
}
