/** Joins what looks back on agents: the budgets they report, digests, and the owners' signatures under them. */
import { answerDigest } from "./application/answer-digest.ts";
import { drawDigest } from "./application/draw-digest.ts";
import { createLatestBudgets } from "./application/latest-budgets.ts";
import { lookBack } from "./application/look-back.ts";
import { makeDigest } from "./application/make-digest.ts";
import { reviewAgent } from "./application/review-agent.ts";
import type { DigestId } from "./domain/ids.ts";
import type { Parts } from "./parts.ts";
import { readCron } from "./schedule/cron.ts";

export function createReviews({ context, applyCharter }: Pick<Parts, "context" | "applyCharter">) {
  const budgets = createLatestBudgets(context.store.notes);
  const draw = drawDigest(context);
  const make = makeDigest(context, lookBack(context, budgets), readCron);
  return {
    ...{ budgets, make },
    answer: answerDigest(context, { make, draw }),
    agent: reviewAgent(context, applyCharter),
    /** Undefined where there is no such digest. */
    card: async (id: DigestId) => {
      const digest = await context.store.digests.find(id);
      return digest && draw(digest);
    },
  };
}
