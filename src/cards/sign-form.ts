/** The form with which an owner signs what a digest says of an agent, and what it means once it is filled in. */
import type { AgentReport, Digest } from "../domain/review/digest.ts";
import { FUTURES, type Future } from "../domain/review/inspection.ts";
import { plain } from "./card.ts";
import { kindWords, periodWords } from "./digest/digest-words.ts";
import type { Field, Filled, Form } from "./form.ts";
import { onReport } from "./intent.ts";
import { agentName } from "./words.ts";

const LONGEST_NOTE = 1_000;

const FUTURE_WORDS: Readonly<Record<Future, string>> = {
  keep: "Keep it as it is",
  change: "Change it: the note says what",
  retire: "Retire it",
};

/** A quarterly audit ends in a verdict on the agent; what is signed more often ends in a note. */
export function signForm(digest: Digest, report: AgentReport): Form {
  const future: Field = {
    ...{ kind: "choice", name: "future", label: "Keep, change or retire?", optional: false },
    choices: FUTURES.map((value) => ({ value, label: FUTURE_WORDS[value] })),
  };
  const asks = digest.kind === "quarterly";
  const what = `${kindWords(digest.kind).name} of ${agentName(report)}, ${periodWords(digest)}`;
  return {
    title: "Sign",
    send: "Sign",
    intent: onReport("sign", digest.id, report.agent),
    intro: [
      plain(`${what}, charter version ${report.charterVersion}. Your name, the time and your note are kept.`),
    ],
    fields: [
      ...(asks ? [future] : []),
      {
        kind: "lines",
        name: "note",
        label: "Note",
        hint: "what you saw, what will change",
        optional: true,
        max: LONGEST_NOTE,
      },
    ],
  };
}

export type Signed =
  | { readonly ok: true; readonly note: string | null; readonly future: Future | null }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

export function readSigned(filled: Filled, kind: Digest["kind"]): Signed {
  const text = (name: string) => {
    const value = Object.hasOwn(filled, name) ? filled[name] : undefined;
    return typeof value === "string" ? value.trim() : "";
  };
  const note = text("note").slice(0, LONGEST_NOTE) || null;
  if (kind !== "quarterly") return { ok: true, note, future: null };
  const future = FUTURES.find((one) => one === text("future"));
  if (future === undefined) return { ok: false, problems: { future: "Choose one of the list." } };
  if (future === "change" && note === null)
    return { ok: false, problems: { note: "Say in a sentence what is to change." } };
  return { ok: true, note, future };
}
