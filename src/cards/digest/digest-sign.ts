/** Who has signed a digest for which agent, and the buttons of those who have not yet. */
import type { AgentReport, Digest, Inspection } from "../../domain/review/digest.ts";
import { type Block, type Button, plain, strong, type Text, time } from "../card.ts";
import { onReport } from "../intent.ts";
import { counting, quoted, short } from "../literal.ts";
import { agentName } from "../words.ts";

/** Only what looks back a week or more is signed: a daily digest asks for nothing. */
export function isSigned(digest: Pick<Digest, "kind">): boolean {
  return digest.kind !== "daily";
}

/** Agents of a digest without a signature on it. */
export function unsignedOf(digest: Digest, inspections: readonly Inspection[]): readonly AgentReport[] {
  if (!isSigned(digest)) return [];
  const signed = new Set(inspections.map(({ agent }) => agent));
  return digest.agents.filter(({ agent }) => !signed.has(agent));
}

/** @param most buttons and signatures; the rest is counted, and stands in the console */
export function signBlocks(
  digest: Digest,
  inspections: readonly Inspection[],
  most: number,
): readonly Block[] {
  const unsigned = unsignedOf(digest, inspections);
  return [...signatures(digest, inspections, most), ...toSign(digest, unsigned, most)];
}

function signatures({ agents }: Digest, inspections: readonly Inspection[], most: number): readonly Block[] {
  const names = new Map(agents.map((report) => [report.agent, agentName(report)]));
  const shown = inspections.slice(0, most).map((inspection): Block => {
    const whose = agents.length > 1 ? (names.get(inspection.agent) ?? short(inspection.agent, 60)) : null;
    return { kind: "text", text: signatureText(inspection, whose) };
  });
  const rest = inspections.length - shown.length;
  return rest > 0
    ? [...shown, { kind: "note", text: [plain(`And ${counting(rest, "more signature")}.`)] }]
    : shown;
}

/** Who, when, and which charter was looked at. `agent`: its name where it is not clear which one is meant. */
export function signatureText(
  { by, at, charterVersion, note }: Inspection,
  agent: string | null = null,
): Text {
  return [
    strong(`Signed by ${short(by.name, 60)}`),
    plain(" · "),
    time(at, "date"),
    plain(` · ${agent === null ? "" : `${agent}, `}charter version ${charterVersion}`),
    plain(note === null ? "" : ` · ${quoted(note, 240)}`),
  ];
}

function toSign(digest: Digest, unsigned: readonly AgentReport[], most: number): readonly Block[] {
  if (unsigned.length === 0) return [];
  const shown = unsigned.slice(0, most);
  const owners = [...new Set(shown.map(({ owner }) => short(owner.name, 60)))].join(", ");
  const rest = unsigned.length - shown.length;
  const more = rest > 0 ? ` The other ${counting(rest, "agent")} can be signed in the console.` : "";
  return [
    {
      kind: "note",
      text: [plain(`To be signed by ${owners}. Signing says that you have looked at this.${more}`)],
    },
    { kind: "buttons", buttons: shown.map((report) => signButtonFor(digest, report)) },
  ];
}

/** Labels have at most 24 characters, as the narrowest platform's dialogs want their titles. */
export function signButtonFor({ id, agents }: Pick<Digest, "id" | "agents">, report: AgentReport): Button {
  return {
    label: agents.length === 1 ? "Sign" : short(`Sign ${labelName(report)}`, 24),
    tone: "go",
    intent: onReport("sign", id, report.agent),
  };
}

/** A label has no marks around it that would tell an agent's words from ours: a name in it is letters, or it is the id. */
function labelName({ name, agent }: AgentReport): string {
  return /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}]|[ '’.-](?=[\p{L}\p{N}]))*$/u.test(name) ? name : agent;
}
