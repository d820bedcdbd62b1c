/** The second part of the day: people stop agents by themselves. */
import { wordsOn } from "../../test/support/slack-workspace/index.ts";
import { CAST } from "./stage.ts";
import { invite, type Theatre } from "./theatre.ts";

const { sarah, james, amara, elena } = CAST;

/** Pausing is easier than resuming: anybody may, and only the owner, a deputy or an administrator lifts it. */
export async function pauseForTwoHours(theatre: Theatre): Promise<void> {
  const { stage, narrator, hands, proofs, auto } = theatre;
  const command = "pause content-distribution for 2h tone check";
  narrator.says(elena.name, `types /agent ${command}`);
  await hands.type(elena, command);
  const stopped = narrator.heard("Content distribution", /^is held by Elena Rossi/);
  const resumed = async () => {
    await stopped;
    if (!auto) return invite(theatre, james, "type /agent resume content-distribution");
    const refused = wordsOn((await hands.type(elena, "resume content-distribution")).blocks);
    proofs.prove(
      /Only the owner \(James Liu\)/.test(refused),
      "she may pause; she is told who may resume",
      refused,
    );
    const why = wordsOn((await hands.type(james, "why content-distribution")).blocks);
    const says = /tone check/.test(why) && /has confirmed that it stopped/.test(why);
    proofs.prove(says, "/agent why: who, until when and why; the agent has confirmed that it stopped", why);
    narrator.says(james.name, "types /agent resume content-distribution");
    await hands.type(james, "resume content-distribution");
  };
  await Promise.all([stage.content.publish("Ten things we learned from our churn"), resumed()]);
  if (auto) await proofs.running("content-distribution");
}

/** Somebody who owns no part of it sees a mail that reads wrong. High: the agent stops until its owner has looked. */
export async function somethingFeelsOff(theatre: Theatre): Promise<void> {
  const { stage, narrator, hands, proofs, auto } = theatre;
  const words = "Two of its mails today sound as if we were doing them a favour.";
  narrator.says(amara.name, `uses the shortcut “Something feels off”: “${words}”`);
  await hands.flag(amara, {
    "Which agent?": "trial-nurture",
    "How bad is it?": "high",
    "What feels off?": words,
  });
  const stopped = narrator.heard("Trial nurture", /^is held by Amara Okafor/);
  const contact = {
    id: "c-510",
    name: "Omar Haddad",
    email: "omar@cedarward.example",
    company: "Cedar Ward",
  };
  const looked = async () => {
    await stopped;
    if (!auto) return invite(theatre, sarah, "press Answer or Dismiss on the flag");
    const card = await stage.workspace.until(
      () => stage.workspace.dm(sarah.slack).find(({ blocks }) => wordsOn(blocks).includes(words)),
      "the flag in Sarah's messages",
    );
    await hands.press(sarah, card, "Answer");
    await hands.send(sarah, { "Your answer": "Thank you, you are right. I have changed the template." });
    const after = await stage.workspace.until(() => {
      const now = stage.workspace.message(card);
      return now && /Answered by @U0SARAH/.test(wordsOn(now.blocks)) ? now : undefined;
    }, "the flag's card, answered");
    const left = hands.labelsOn(after).filter((label) => label !== "Open in the console");
    proofs.prove(left.length === 0, "card: “Answered by Sarah Chen” and when; nothing left to press", left);
  };
  await Promise.all([stage.nurture.welcome(contact, 4), looked()]);
  if (auto) await proofs.running("trial-nurture");
}
