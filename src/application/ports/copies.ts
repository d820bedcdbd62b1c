/** Where cards stand, as the use-cases ask for it: by what they show, by their message, by the address they go to. */

import type { Severity } from "../../domain/charter/severity.ts";
import type { Address, Copy, MessageRef } from "../../domain/delivery/copy.ts";
import type { Escalation } from "../../domain/escalation/escalation.ts";
import type { CopyId, DigestId, EscalationId } from "../../domain/ids.ts";

export interface Copies {
  find(id: CopyId): Promise<Copy | undefined>;
  of(escalation: EscalationId): Promise<readonly Copy[]>;
  ofDigest(digest: DigestId): Promise<readonly Copy[]>;
  /** The copy that stands as this message; undefined for a message nobody recorded. */
  byRef(platform: string, ref: MessageRef): Promise<Copy | undefined>;
  /** Cards that wait to be posted at an address by themselves, oldest first, each with how grave it is. */
  waitingAt(
    address: Address,
    limit: number,
  ): Promise<readonly { readonly copy: Copy; readonly severity: Severity }[]>;
  /** Cards and queue cards that went to an address since an instant, newest first; rows of queue cards are among them. */
  recentAt(address: Address, since: number, limit: number): Promise<readonly Copy[]>;
  /** The newest queue card that waits to be posted at an address or, where none does, that was posted since an instant. */
  queueAt(address: Address, since: number): Promise<Copy | undefined>;
  /** The newest card that went to an address since an instant, of another open escalation of the same agent, trigger and group. */
  alikeAt(
    address: Address,
    like: Pick<Escalation, "id" | "agent" | "trigger"> & { readonly group: string },
    since: number,
  ): Promise<Copy | undefined>;
  /** Everything that names a queue card: its rows and its reminders, oldest first. */
  inQueue(queue: CopyId): Promise<readonly Copy[]>;
  /** How many rows a queue card has, and how many of them are open. */
  queueSize(queue: CopyId): Promise<{ readonly rows: number; readonly open: number }>;
}
