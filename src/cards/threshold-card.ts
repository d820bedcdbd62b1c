/** Tells whoever applied a suggested threshold what is in force now, and what would undo it. */
import { type Card, plain, strong } from "./card.ts";
import { decimal } from "./digest/digest-words.ts";
import { agentName } from "./words.ts";

export function thresholdCard(applied: {
  readonly agent: { readonly name: string };
  readonly from: number;
  readonly to: number;
  /** The charter's version by now. */
  readonly version: number;
  /** The file that names this agent as well, and is put in force at every start. */
  readonly file: string | null;
}): Card {
  const title = `${agentName(applied.agent)} asks below ${decimal(applied.to)} now, instead of ${decimal(applied.from)}`;
  const kept = `Charter version ${applied.version}, under your name.`;
  const file = applied.file
    ? ` Write it into ${applied.file} as well: at the next start the file's charter is put in force again.`
    : "";
  return {
    summary: title,
    tone: "good",
    blocks: [
      { kind: "text", text: [strong(title)] },
      { kind: "note", text: [plain(`${kept}${file}`)] },
    ],
  };
}
