/** How sure an agent was, and how often people agreed: a chart by band of confidence, and the threshold it speaks for. */
import type { AgentReport, Calibration, Digest, DigestKind } from "../../domain/review/digest.ts";
import { type Block, type Button, type Chart, type Fact, plain, strong } from "../card.ts";
import { onReport } from "../intent.ts";
import { short } from "../literal.ts";
import { agentName } from "../words.ts";
import { decimal, outOf, wholePercent } from "./digest-words.ts";

/** None where nobody decided on anything that came with a confidence. */
export function calibrationChart({ calibration }: AgentReport, kind: DigestKind): readonly Chart[] {
  const bands = decidedBands(calibration);
  if (bands.length === 0) return [];
  const all = bands.reduce((sum, { decided }) => sum + decided, 0);
  const unchanged = bands.reduce((sum, band) => sum + band.unchanged, 0);
  // A week is too short to tell: a weekly digest looks back further here than everywhere else.
  const since = kind === "weekly" ? "In the last four weeks" : "In this time";
  const counts = bands.map((band) => `${band.unchanged} of ${band.decided} at ${bandName(band)}`);
  return [
    {
      kind: "chart",
      shape: "bars",
      title: "Approved unchanged, by confidence",
      unit: "%",
      labels: bands.map(bandName),
      series: [
        {
          name: "Approved unchanged",
          values: bands.map((band) => wholePercent(band.unchanged, band.decided)),
        },
      ],
      says: `${since} people approved ${outOf(unchanged, all)} without a change: ${counts.join(", ")}.`,
    },
  ];
}

/** The same as a fact, where there is no room for a chart. */
export function calibrationFacts(report: AgentReport, kind: DigestKind): readonly Fact[] {
  return calibrationChart(report, kind).map(({ says }) => ({ label: "Confidence", value: [plain(says)] }));
}

function decidedBands(calibration: Calibration | null): Calibration["bands"] {
  return calibration?.bands.filter(({ decided }) => decided > 0) ?? [];
}

function bandName({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${decimal(from)}–${decimal(to)}`;
}

/** What the numbers speak for, in a sentence, and the button that does it. */
export function suggestionBlocks(digest: Digest, report: AgentReport): readonly Block[] {
  const { calibration } = report;
  const button = applyButtonFor(digest, report);
  if (!calibration?.suggested || !button) return [];
  const { threshold, because } = calibration.suggested;
  return [
    {
      kind: "text",
      text: [
        strong(`Suggested: ask below ${decimal(threshold)} instead of ${decimal(calibration.threshold)}.`),
        plain(` ${short(because, 400)}`),
      ],
    },
    { kind: "buttons", buttons: [button] },
  ];
}

/** Null where nothing is suggested. */
export function applyButtonFor(digest: Digest, report: AgentReport): Button | null {
  const { calibration } = report;
  if (!calibration?.suggested) return null;
  const [from, to] = [calibration.threshold, calibration.suggested.threshold];
  const more = to > from ? "more" : "less";
  return {
    label: `Apply ${decimal(to)}`,
    tone: "plain",
    intent: onReport("apply_threshold", digest.id, report.agent),
    confirm: `Change the charter of ${agentName(report)}? It will ask a person when its confidence is below ${decimal(to)} instead of ${decimal(from)}, so ${more} often than now.`,
  };
}
