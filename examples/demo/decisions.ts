/** The first part of the day: what agents ask, and what people decide. */
import { CAST } from "./cast.ts";
import type { Hands } from "./chat.ts";
import { type Theatre, whileHeld } from "./theatre.ts";
import type { Contact } from "./three-agents.ts";

const { sarah, james, amara } = CAST;

const TRIALS: readonly Contact[] = [
  { id: "c-101", name: "Priya Nair", email: "priya@harbourclinic.example", company: "Harbour Clinic" },
  { id: "c-102", name: "Tom Aldridge", email: "tom@stellacare.example", company: "Stella Care" },
  { id: "c-103", name: "Ines Duarte", email: "ines@novamedica.example", company: "Nova Medica" },
];
const PROSPECT: Contact = {
  id: "c-204",
  name: "Maya Fischer",
  email: "maya@lakesidehealth.example",
  company: "Lakeside Health",
};
const ENTERPRISE: Contact = {
  id: "c-317",
  name: "Daniel Osei",
  email: "daniel@meridianbank.example",
  company: "Meridian Bank",
};
const BARGAINER: Contact = {
  id: "c-409",
  name: "Lucy Hart",
  email: "lucy@brightdental.example",
  company: "Bright Dental",
};
const ACCOUNT: Contact = {
  id: "a-77",
  name: "Northwind Clinics",
  email: "office@northwind.example",
  company: "Northwind Clinics",
};

const QUESTION = "Can your compliance module handle GDPR and HIPAA simultaneously?";
const ANSWER =
  "Yes. Both rule sets run side by side, and the stricter one wins for each record. I can show you on Thursday at ten.";
const DRAFT = {
  subject: "Still there?",
  body: "Hi Daniel, your trial ends soon. Shall we get the contract signed this week?",
};
const BETTER = "Hi Daniel, no hurry from us: if the export page left a question open, I am glad to help.";

export async function healthcareTrials({ stage, proofs, auto }: Theatre): Promise<void> {
  for (const [at, contact] of TRIALS.entries()) await stage.nurture.welcome(contact, at + 1);
  if (auto)
    proofs.prove(
      stage.happened.length === TRIALS.length,
      "three mails went out: the charter lets it, so nobody was asked",
    );
}

export async function complianceQuestion(theatre: Theatre): Promise<void> {
  const { stage, narrator, hands, proofs, auto } = theatre;
  narrator.says(PROSPECT.name, `asks: “${QUESTION}”`);
  const hint = "press Answer (or Carry on, Reject, Dismiss)";
  const script = ({ id }: { readonly id: string }) =>
    hands.fill({ who: sarah, label: "Answer" }, id, { "Your answer": ANSWER });
  const leave = await whileHeld(theatre, { agent: "trial-nurture", who: sarah, hint, script }, (onHeld) =>
    stage.nurture.reply(PROSPECT, QUESTION, onHeld),
  );
  if (!auto) return;
  await proofs.decided("trial-nurture", leave, { verdict: "respond", by: sarah });
  proofs.prove(
    stage.happened.at(-1)?.action.args.body === ANSWER,
    "what was sent is her answer, unchanged",
    stage.happened.at(-1),
  );
  await proofs.running("trial-nurture");
}

/** Owner and deputy see it at the same moment: James presses one button, Sarah another, and one of all clicks counts. */
export async function budget(theatre: Theatre): Promise<void> {
  const { stage, hands, proofs, narrator } = theatre;
  let race: ReturnType<Hands["race"]> | undefined;
  const script = async ({ id }: { readonly id: string }) => {
    narrator.says("James and Sarah", "press “Carry on” and “Dismiss” at the same moment");
    const his = { who: james, label: "Carry on" };
    const hers = { who: sarah, label: "Dismiss", command: "why content-distribution" };
    race = hands.race(id, his, hers);
    await race;
  };
  const hint = "press Carry on, Reject, or Reject, keep paused";
  const spent = { spent: 4_060, cap: 5_000, currency: "GBP" };
  const leave = await whileHeld(
    theatre,
    { agent: "content-distribution", who: james, hint, script },
    (onHeld) => stage.content.boost("What a quiet inbox costs", spent, onHeld),
  );
  if (!race || !leave.decision) return;
  const by = leave.decision.by.id === james.id ? james : sarah;
  await proofs.decided("content-distribution", leave, { verdict: by === james ? "approve" : "dismiss", by });
  const { clicks, late } = await race;
  const told = await late();
  proofs.prove(
    told === clicks - 1,
    `${by.name} was quicker; the other ${clicks - 1} of ${clicks} clicks were told so`,
    told,
  );
  await proofs.running("content-distribution");
}

export async function unsureDraft(theatre: Theatre): Promise<void> {
  const { stage, hands, proofs, auto } = theatre;
  const script = ({ id }: { readonly id: string }) =>
    hands.fill({ who: sarah, label: "Edit and approve" }, id, {
      ...{ body: BETTER, subject: "A question about the export?" },
    });
  const hint = "press Edit and approve (or Approve, Answer, Reject, Dismiss)";
  const leave = await whileHeld(theatre, { agent: "trial-nurture", who: sarah, hint, script }, (onHeld) =>
    stage.nurture.nudge(ENTERPRISE, DRAFT, onHeld),
  );
  if (!auto) return;
  await proofs.decided("trial-nurture", leave, { verdict: "edit", by: sarah });
  await proofs.digests(leave, stage.happened.at(-1)?.action);
  proofs.prove(
    stage.happened.at(-1)?.action.args.body === BETTER,
    "what was sent is what she wrote",
    stage.happened.at(-1),
  );
  await proofs.running("trial-nurture");
}

/** 31 % below the baseline is beyond the 25 % of the charter; its owner wants to look first, and keeps it paused. */
export async function engagementDrop(theatre: Theatre): Promise<void> {
  const { stage, narrator, hands, proofs, auto } = theatre;
  const reason = "The spring series may be at fault. I want to read it first.";
  const script = ({ id }: { readonly id: string }) =>
    hands.fill({ who: james, label: "Reject, keep paused" }, id, { Reason: reason });
  const hint = "press Reject, keep paused (or Carry on, Reject, Answer, Dismiss)";
  const metric = { name: "engaged_reads", baseline: 1_200, current: 828, window: "48h" };
  const leave = await whileHeld(
    theatre,
    { agent: "content-distribution", who: james, hint, script },
    (onHeld) => stage.content.measure(metric, onHeld),
  );
  if (auto) await proofs.decided("content-distribution", leave, { verdict: "reject", by: james });
  const stopped = narrator.heard("Content distribution", /^is held by/);
  const resumed = async () => {
    await stopped;
    const { state } = await stage.stateOf("content-distribution");
    proofs.prove(state === "held", "kept paused: it publishes nothing", state);
    narrator.says(james.name, `has read it, and types ${stage.chat.command("resume content-distribution")}`);
    await hands.type(james, "resume content-distribution");
  };
  await Promise.all([stage.content.publish("Spring, in five charts"), auto && resumed()]);
  if (auto) await proofs.running("content-distribution");
}

export async function termsForTwo(theatre: Theatre): Promise<void> {
  const { stage, narrator, hands, proofs, auto } = theatre;
  const script = async ({ id }: { readonly id: string }) => {
    const counted = narrator.heard("Renewal assistant", /1 of 2 approvals/);
    await hands.press({ who: amara, label: "Approve" }, id);
    await counted;
    await hands.press({ who: james, label: "Approve" }, id);
  };
  const hint = `press Approve; then be James Liu (${stage.chat.pageOf(james)}), who has the same card, and press Approve there`;
  const leave = await whileHeld(theatre, { agent: "renewal-assistant", who: amara, hint, script }, (onHeld) =>
    stage.renewal.offer(ACCOUNT, onHeld),
  );
  if (!auto) return;
  await proofs.decided("renewal-assistant", leave, { verdict: "approve", by: james });
  await proofs.digests(leave, stage.happened.at(-1)?.action);
  await proofs.running("renewal-assistant");
}

export async function discount(theatre: Theatre): Promise<void> {
  const { stage, hands, proofs, auto } = theatre;
  const before = stage.happened.length;
  const script = ({ id }: { readonly id: string }) =>
    hands.fill({ who: sarah, label: "Reject" }, id, {
      Reason: "Bright Dental renews in May; we talk about price then.",
    });
  const hint = "press Reject and say why (or Approve, Edit and approve, Answer)";
  const leave = await whileHeld(theatre, { agent: "trial-nurture", who: sarah, hint, script }, (onHeld) =>
    stage.nurture.discount(BARGAINER, 20, onHeld),
  );
  if (!auto) return;
  await proofs.decided("trial-nurture", leave, { verdict: "reject", by: sarah });
  proofs.prove(stage.happened.length === before, "no discount was booked");
}
