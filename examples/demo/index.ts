/** npm run demo: a day of three agents with Holdpoint between them and their people. With --auto it decides by itself and checks everything. */
import { parseArgs } from "node:util";
import {
  budget,
  complianceQuestion,
  discount,
  engagementDrop,
  healthcareTrials,
  termsForTwo,
  unsureDraft,
} from "./decisions.ts";
import { handsIn } from "./hands.ts";
import { createNarrator } from "./narrator.ts";
import { pauseForTwoHours, somethingFeelsOff } from "./pauses.ts";
import { insist, proofsFor } from "./proofs.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Theatre } from "./theatre.ts";

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

const { values } = parseArgs({ options: { auto: { type: "boolean", default: false } } });
const auto = values.auto;
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
  const hands = handsIn(opened.workspace);
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

function introduce({ workspace, consoleLink }: Stage): void {
  narrator.line("Holdpoint: a day of three agents. Everything runs on this machine, and is gone afterwards.");
  narrator.line();
  narrator.line(`   Slack workspace   ${workspace.url}?user=U0SARAH`);
  narrator.line(`   Console           ${consoleLink}`);
  if (!auto) {
    narrator.line();
    narrator.line(
      "   You are all of its people: change who you are at the top right of the workspace. Ctrl-C ends it.",
    );
  }
}

/** What holds for the whole day, and not for one decision only. */
async function closing({ stage: opened, proofs }: Theatre): Promise<void> {
  narrator.scene("The end of the day");
  const { whole, lines } = await opened.auditIsWhole();
  proofs.prove(whole, `${lines} lines of audit trail, and their hash chain is whole`);
  if (!auto) {
    narrator.line();
    narrator.line("   Holdpoint keeps running: look around in the console, try /agent list. Ctrl-C ends it.");
    await interrupted;
    return;
  }
  insist(
    opened.workspace.violations().length === 0,
    "no call went beyond Slack's rates",
    opened.workspace.violations(),
  );
  insist(opened.inbox.refused() === 0, "every callback was signed", opened.inbox.refused());
  proofs.prove(
    true,
    `${opened.workspace.calls().length} calls to Slack, none of them beyond its rates; every callback signed`,
  );
}

try {
  stage = await openStage(narrator);
  const ended = await Promise.race([play(stage), interrupted]);
  stopping = true;
  narrator.line();
  if (auto && ended === "over")
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
