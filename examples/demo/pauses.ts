/** The second part of the day: people stop agents by themselves. */
import { CAST } from "./cast.ts";
import { invite, type Theatre } from "./theatre.ts";

const { sarah, james, amara, elena } = CAST;

/** Pausing is easier than resuming: anybody may, and only the owner, a deputy or an administrator lifts it. */
export async function pauseForTwoHours(theatre: Theatre): Promise<void> {
  const { stage, narrator, hands, proofs, auto } = theatre;
  const resume = stage.chat.command("resume content-distribution");
  const command = "pause content-distribution for 2h tone check";
  if (hands.scripted) narrator.says(elena.name, `types ${stage.chat.command(command)}`);
  await hands.type(elena, command);
  const stopped = narrator.heard("Content distribution", /^is held by Elena Rossi/);
  const resumed = async () => {
    await stopped;
    if (!auto) return invite(theatre, james, `type ${resume}`);
    const refused = await hands.type(elena, "resume content-distribution");
    proofs.prove(
      /Only the owner \(James Liu\)/.test(refused),
      "she may pause; she is told who may resume",
      refused,
    );
    const why = await hands.type(james, "why content-distribution");
    const says = /tone check/.test(why) && /has confirmed that it stopped/.test(why);
    proofs.prove(
      says,
      `${stage.chat.command("why")}: who, until when and why; the agent has confirmed that it stopped`,
      why,
    );
    narrator.says(james.name, `types ${resume}`);
    await hands.type(james, "resume content-distribution");
  };
  await Promise.all([stage.content.publish("Ten things we learned from our churn"), resumed()]);
  if (auto) await proofs.running("content-distribution");
}

/** Somebody who owns no part of it sees a mail that reads wrong. High: the agent stops until its owner has looked. */
export async function somethingFeelsOff(theatre: Theatre): Promise<void> {
  const { stage, narrator, hands, proofs, auto } = theatre;
  const words = "Two of its mails today sound as if we were doing them a favour.";
  if (hands.scripted) narrator.says(amara.name, `says that something feels off: “${words}”`);
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
    const answer = "Thank you, you are right. I have changed the template.";
    await hands.answerFlag(sarah, words, { "Your answer": answer });
    await proofs.cardSays(words, { verdict: "respond", by: sarah }, null);
  };
  await Promise.all([stage.nurture.welcome(contact, 4), looked()]);
  if (auto) await proofs.running("trial-nurture");
}
