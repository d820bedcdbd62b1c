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
 * Calls that Slack promises to take. `capacity` is what may go out at once, `perMinute` what flows after; both stay under the
 * documented tier (docs.slack.dev, "Rate limits") because our clock and Slack's do not tick together.
 */
export const RATES = {
  /** "1 per second per channel", and no burst that is promised. */
  "chat.postMessage": { per: "channel", capacity: 1, perMinute: 57 },
  "chat.update": { per: "workspace", capacity: 40, perMinute: 48 },
  "conversations.history": { per: "workspace", capacity: 40, perMinute: 48 },
  "conversations.replies": { per: "workspace", capacity: 40, perMinute: 48 },
  "conversations.open": { per: "workspace", capacity: 40, perMinute: 48 },
} as const;

export type PacedMethod = keyof typeof RATES;
