/** What people see, described once: blocks of text spans, buttons and forms, which each platform draws in its own way. */
import type { Intent } from "./intent.ts";

/** Text is spans, not markup: no renderer ever parses what an agent wrote. */
export type Span =
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "strong"; readonly text: string }
  | { readonly kind: "soft"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly url: string }
  /** A person of the directory; platforms where they have an account mention them, others write the name. */
  | {
      readonly kind: "person";
      readonly id: string;
      readonly name: string;
      readonly accounts: Readonly<Record<string, string>>;
    }
  /** An instant in milliseconds; platforms write it in the reader's own time where they can. */
  | { readonly kind: "time"; readonly at: number; readonly style: "clock" | "date" };

export type Text = readonly Span[];

export interface Fact {
  readonly label: string;
  readonly value: Text;
}

export interface Button {
  /** Words of ours, never of an agent. */
  readonly label: string;
  readonly tone: "go" | "stop" | "plain";
  readonly intent: Intent;
  /** Asked before it is done: a question in one sentence. */
  readonly confirm?: string;
}

export type Block =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: Text }
  /** Small print: who, when, digests. */
  | { readonly kind: "note"; readonly text: Text }
  | { readonly kind: "facts"; readonly facts: readonly Fact[] }
  /** Words of an agent or a customer: shown literally, set apart, at most `lines` of them. */
  | { readonly kind: "quote"; readonly text: string; readonly from?: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  | {
      readonly kind: "table";
      /** What its rows are, for whoever can't see it; the columns say it where it is missing. */
      readonly caption?: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | Chart
  | { readonly kind: "divider" }
  | { readonly kind: "buttons"; readonly buttons: readonly Button[] }
  /** Opens the console; a link never decides. */
  | { readonly kind: "open"; readonly label: string; readonly url: string };

/** Numbers drawn: every series has one value for each label. Labels differ, and have at most 20 characters, as series names do. */
export interface Chart {
  readonly kind: "chart";
  readonly shape: "bars" | "line";
  /** At most 50 characters. */
  readonly title: string;
  /** What the values are: "requests", "%". */
  readonly unit: string;
  /** At most 20. */
  readonly labels: readonly string[];
  /** At most 6, each under a name of its own. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** What the chart shows, in one sentence: its caption, and what stands for it where no chart is drawn. */
  readonly says: string;
}

export type Tone = "asking" | "urgent" | "good" | "bad" | "quiet";

export interface Card {
  /** One line of plain text: notifications, screen readers, and the whole card where nothing else fits. */
  readonly summary: string;
  readonly tone: Tone;
  readonly blocks: readonly Block[];
}

export function plain(text: string): Span {
  return { kind: "plain", text };
}

export function strong(text: string): Span {
  return { kind: "strong", text };
}

export function soft(text: string): Span {
  return { kind: "soft", text };
}

export function time(at: number, style: "clock" | "date" = "clock"): Span {
  return { kind: "time", at, style };
}
