/** What Slack takes, in one table: every renderer and every call cuts by it. */

/**
 * Sizes count characters after `&`, `<` and `>` are escaped, unless the name says bytes.
 * Sources: docs.slack.dev (blocks, views, chat.update), the doc comments of `@slack/types`, and public reports where Slack documents nothing.
 */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** Undocumented: near 13,200 Slack answers `msg_blocks_too_long` (slackapi/bolt-js#2509). We stop well before. */
  blocksText: 11_000,
  /** chat.update refuses more escaped bytes than this (gitlab-org/gitlab!258898); chat.postMessage is held to the same. */
  textBytes: 4_000,
  /** One paragraph, quote or listing. Slack names no limit for rich text; this is the one of a section. */
  passage: 3_000,
  /** Lines of one list, table or block of facts: more can't be read on a card anyway. */
  lines: 50,
  /** One cell of a table. */
  cell: 40,
  /** Header included, columns, rows on a page, and characters over all cells of a message: "Data table block". */
  tableRows: 101,
  tableColumns: 20,
  tablePage: 100,
  cellsText: 10_000,
  /** Charts of a message, what one may hold, and its words: "Data visualization block". */
  charts: 2,
  chartSeries: 6,
  chartPoints: 20,
  chartLabel: 20,
  chartTitle: 50,
  header: 150,
  contextElements: 10,
  contextText: 2_000,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  id: 255,
  confirmText: 300,
  optionText: 75,
  optionValue: 75,
  options: 100,
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3_000,
  inputLabel: 2_000,
  inputText: 3_000,
} as const;

/**
 * How often each method is called: `burst` at once, then one every `everyMs` (docs.slack.dev, "Rate limits"). Slack counts the
 * tiers per minute and for the workspace as a whole, and tolerates bursts; posts it counts per channel, and promises no burst.
 */
export const RATES = {
  /** "1 per second per channel", with room for a call that is under way for longer than the next one. */
  "chat.postMessage": { per: "channel", everyMs: 1_200, burst: 1 },
  /** Tier 3, "50+ per minute". */
  "chat.update": { per: "workspace", everyMs: 1_250, burst: 40 },
  "conversations.history": { per: "workspace", everyMs: 1_250, burst: 40 },
  "conversations.replies": { per: "workspace", everyMs: 1_250, burst: 40 },
  "conversations.open": { per: "workspace", everyMs: 1_250, burst: 40 },
} as const;

export type PacedMethod = keyof typeof RATES;
