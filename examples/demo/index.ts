/**
 * npm run demo: a day of three agents with Holdpoint between them and their people. With --auto it decides by itself and checks
 * everything; with --teams the people sit in Microsoft's Agents Playground instead of a Slack workspace.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { browserHands } from "./browser-hands.ts";
import type { Chat } from "./chat.ts";
import {
  budget,
  complianceQuestion,
  discount,
  engagementDrop,
  healthcareTrials,
  termsForTwo,
  unsureDraft,
} from "./decisions.ts";
import { createNarrator } from "./narrator.ts";
import { pauseForTwoHours, somethingFeelsOff } from "./pauses.ts";
import { insist, proofsFor } from "./proofs.ts";
import { openSlackChat } from "./slack-chat.ts";
import { openStage, type Stage } from "./stage.ts";
import { openTeamsChat } from "./teams-chat.ts";
import type { Theatre } from "./theatre.ts";
import { yourHands } from "./your-hands.ts";

const DAY: readonly (readonly [title: string, scene: (theatre: Theatre) => Promise<void>])[] = [
  ["Healthcare trials get their sequence", healthcareTrials],
  ["A prospect asks about GDPR and HIPAA", complianceQuestion],
  ["The content budget passes 80 % of £5,000", budget],
  ["Confidence drops to 58 % for an enterprise trial", unsureDraft],
  ["Engagement falls 31 % below its baseline", engagementDrop],
  ["A renewal offer that takes two people", termsForTwo],
  ["A discount of 20 %", discount],
  ["Somebody pauses an agent", pauseForTwoHours],
  ["Something feels off", somethingFeelsOff],
];

const { values } = parseArgs({
  options: { auto: { type: "boolean", default: false }, teams: { type: "boolean", default: false } },
});
const { auto } = values;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const narrator = createNarrator(process.stdout, process.env);
const began = performance.now();
let stage: Stage | undefined;
let stopping = false;

/** Seconds that --auto may take before something must have got stuck. */
const PATIENCE = 20;

/** Resolves when somebody presses Ctrl-C. */
const interrupted = new Promise<"interrupted">((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve("interrupted"));
});

async function play(opened: Stage): Promise<"over"> {
  const { hands } = opened.chat;
  const theatre: Theatre = {
    stage: opened,
    narrator,
    hands,
    proofs: proofsFor({ stage: opened, hands, narrator }),
    auto,
  };
  introduce(opened);
  for (const [title, scene] of DAY) {
    narrator.scene(title);
    await (auto ? Promise.race([scene(theatre), stuck(title)]) : scene(theatre));
  }
  await closing(theatre);
  return "over";
}

function stuck(title: string): Promise<never> {
  return new Promise((_, reject) => {
    const words = `“${title}” had not ended after ${PATIENCE} s: something that was waited for never came.`;
    setTimeout(() => reject(new Error(words)), PATIENCE * 1_000).unref();
  });
}

function openChat(): Promise<Chat> {
  if (!values.teams) return openSlackChat();
  narrator.line("Microsoft's Agents Playground is started through npx, once for each person.");
  return openTeamsChat({
    hands: async (pageOf) => (auto ? browserHands(CHROMIUM, pageOf) : yourHands(narrator, pageOf)),
  });
}

function introduce({ chat, consoleLink }: Stage): void {
  narrator.line("Holdpoint: a day of three agents. Everything runs on this machine, and is gone afterwards.");
  narrator.line();
  for (const place of chat.places) narrator.line(`   ${place}`);
  narrator.line(`   Console           ${consoleLink}`);
  if (!auto) {
    narrator.line();
    narrator.line(`   ${chat.beingOthers} Ctrl-C ends it.`);
  }
}

/** What holds for the whole day, and not for one decision only. */
async function closing({ stage: opened, proofs }: Theatre): Promise<void> {
  narrator.scene("The end of the day");
  const { whole, lines } = await opened.auditIsWhole();
  proofs.prove(whole, `${lines} lines of audit trail, and their hash chain is whole`);
  if (!auto) {
    narrator.line();
    const command = opened.chat.command("list");
    narrator.line(`   Holdpoint keeps running: look around in the console, try ${command}. Ctrl-C ends it.`);
    await interrupted;
    return;
  }
  insist(opened.inbox.refused() === 0, "every callback was signed", opened.inbox.refused());
  proofs.prove(true, `${opened.chat.closing()}; every callback signed`);
}

async function run(): Promise<"over" | "interrupted"> {
  const chat = await openChat();
  stage = await openStage(narrator, chat).catch(async (error: unknown) => {
    await chat.close();
    throw error;
  });
  return Promise.race([play(stage), interrupted]);
}

try {
  const blind = values.teams && auto && !existsSync(CHROMIUM);
  if (blind)
    narrator.line(
      `Skipped: --teams --auto clicks in a browser, and there is none at ${CHROMIUM} (CHROMIUM names another).`,
    );
  const ended = blind ? undefined : await run();
  stopping = true;
  if (ended !== undefined) narrator.line();
  if (ended === undefined) process.exitCode = 0;
  else if (auto && ended === "over")
    narrator.line(`All of it held, in ${((performance.now() - began) / 1_000).toFixed(1)} s.`);
  else narrator.line("Stopped; nothing is left behind.");
} catch (error) {
  if (!stopping) {
    narrator.line();
    narrator.line(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
} finally {
  await stage?.close();
}
