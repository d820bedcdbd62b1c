/** Who the app is in Slack: asked once, when first needed, and asked again until Slack answers. */
import type { Log } from "../../application/ports.ts";
import { textAt } from "../payload.ts";
import type { Client } from "./client.ts";
import { failureWords } from "./failure-words.ts";

export interface Self {
  readonly team: string;
  readonly user: string;
  readonly bot: string | undefined;
  /** Undefined where Slack did not say. */
  readonly app: string | undefined;
}

export interface SelfKnowledge {
  /** Asks Slack unless it is known; undefined when Slack does not say. */
  ask(): Promise<Self | undefined>;
  /** What is known by now. */
  known(): Self | undefined;
  /** Goes on asking in the background until Slack has answered. */
  begin(): void;
  close(): void;
}

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;

export function createSelf(parts: { readonly client: Client; readonly log: Log }): SelfKnowledge {
  const { client, log } = parts;
  let self: Self | undefined;
  let asking: Promise<Self | undefined> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const find = async (): Promise<Self | undefined> => {
    const outcome = await client.call("auth.test", {});
    if (outcome.kind !== "ok") {
      const why =
        outcome.kind === "refused"
          ? failureWords(outcome.error)
          : "why" in outcome
            ? outcome.why
            : "Slack limits us.";
      log.error(
        { platform: "slack" },
        `Slack does not say who the app is, so no click can be trusted yet. ${why}`,
      );
      return undefined;
    }
    const team = textAt(outcome.data, "team_id");
    const user = textAt(outcome.data, "user_id");
    if (team === undefined || user === undefined) return undefined;
    const bot = textAt(outcome.data, "bot_id");
    self = { team, user, bot, app: textAt(outcome.data, "app_id") ?? (await appOf(bot)) };
    log.info({ platform: "slack", team, app: self.app }, "Slack is connected");
    return self;
  };

  /** The signing secret already tells apps apart; knowing the id as well refuses a payload that was mixed up on the way. */
  const appOf = async (bot: string | undefined): Promise<string | undefined> => {
    if (bot === undefined) return undefined;
    const outcome = await client.call("bots.info", { bot });
    return outcome.kind === "ok" ? textAt(outcome.data, "bot", "app_id") : undefined;
  };

  const ask = (): Promise<Self | undefined> => {
    if (self !== undefined) return Promise.resolve(self);
    asking ??= find().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  const again = async (wait: number): Promise<void> => {
    if (isClosed || (await ask()) !== undefined || isClosed) return;
    timer = setTimeout(() => void again(Math.min(wait * 2, LONGEST_WAIT_MS)), wait);
    timer.unref();
  };

  return {
    ask,
    known: () => self,
    begin: () => void again(FIRST_WAIT_MS),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
