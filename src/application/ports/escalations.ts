/** Escalations, as the use-cases ask for them: one, those of a page, those of a rule, those of a queue card. */

import type { Trigger } from "../../domain/charter/trigger.ts";
import type { Escalation, Status } from "../../domain/escalation/escalation.ts";
import type { AgentId, CopyId, EscalationId } from "../../domain/ids.ts";

export interface EscalationFilter {
  readonly status?: Status;
  readonly agent?: AgentId;
  /** The id of the last row of the page before. */
  readonly cursor?: EscalationId;
  /** 1..200 */
  readonly limit: number;
}

export interface Escalations {
  find(id: EscalationId): Promise<Escalation | undefined>;
  /** Those that are rows of a queue card, oldest first. */
  inQueue(queue: CopyId): Promise<readonly Escalation[]>;
  /** Newest first, by keyset. */
  page(filter: EscalationFilter): Promise<readonly Escalation[]>;
  /** The newest escalation under the same rule since an instant, whatever became of it. */
  latestByRule(
    agent: AgentId,
    trigger: Trigger,
    rule: string,
    since: number,
  ): Promise<Escalation | undefined>;
  /** Open escalations of one agent and trigger: what a signal may join. */
  openByTrigger(agent: AgentId, trigger: Trigger): Promise<readonly Escalation[]>;
  countOpen(): Promise<number>;
  countOpenOf(agent: AgentId): Promise<number>;
}
