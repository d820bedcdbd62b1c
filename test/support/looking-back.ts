/** Digests as a test meets them: in the channel and in direct messages, in the store, and in an agent's charter. */
import { expect } from "vitest";
import type { Digest } from "../../src/domain/review/digest.ts";
import { type Holdpoint, REVIEW } from "./holdpoint.ts";
import { cardsIn, read, type SlackPerson } from "./slack-person.ts";

/** The latest weekly digest in the review channel. */
export function weeklyIn(house: Holdpoint) {
  const card = cardsIn(house.slack.channel(REVIEW)).findLast((one) => read(one).includes("Weekly digest"));
  if (!card) throw new Error("there is no weekly digest");
  return card;
}

/** The words of somebody's daily digests, oldest first. */
export function dailiesOf(person: SlackPerson): readonly string[] {
  return person
    .cards()
    .map(read)
    .filter((card) => card.includes("Daily digest"));
}

/** Lets time pass until an instant, doing on the way what falls due. */
export function until(house: Holdpoint, instant: string): Promise<void> {
  return house.pass(Date.parse(instant) - house.clock.now());
}

/** Everything that was kept of digests, newest first. */
export function digestsOf(house: Holdpoint): Promise<readonly Digest[]> {
  return house.app.parts.store.digests.page({ limit: 200 });
}

/** Puts an agent under a charter with another review part. */
export async function review(house: Holdpoint, part: object, id = "trial-nurture"): Promise<void> {
  const { charter, name } = (await house.admin("GET", `/v1/agents/${id}`)).body;
  const put = await house.admin("PUT", `/v1/agents/${id}`, {
    name,
    charter: { ...charter, review: { timezone: "Europe/London", channel: `slack:${REVIEW}`, ...part } },
  });
  expect(put.status, put.text).toBe(200);
}
