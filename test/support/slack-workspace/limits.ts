/** Every limit the workspace enforces, in one place, each with where it comes from. */

/**
 * Sizes count characters after `&`, `<` and `>` have been escaped, unless the name says bytes.
 * Sources: docs.slack.dev (blocks, views, chat.update), the doc comments of @slack/types 3, and public reports where Slack documents nothing.
 */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** Undocumented; slackapi/bolt-js#2509 met `msg_blocks_too_long` here. */
  messageBlocksText: 13_200,
  /** chat.postMessage cuts what is longer. */
  messageText: 40_000,
  /** chat.update refuses more BYTES than this, counted after escaping (gitlab-org/gitlab!258898). */
  updateTextBytes: 4_000,
  sectionText: 3_000,
  sectionFieldText: 2_000,
  sectionFields: 10,
  headerText: 150,
  markdownText: 12_000,
  contextElements: 10,
  contextActionsElements: 5,
  actionsElements: 25,
  id: 255,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  optionValue: 75,
  selectOptions: 100,
  optionGroups: 100,
  overflowOptions: 5,
  choiceOptions: 10,
  placeholder: 150,
  inputLabel: 2_000,
  inputHint: 2_000,
  plainTextInput: 3_000,
  imageText: 2_000,
  tableRows: 100,
  tableColumns: 20,
  tablesPerMessage: 1,
  dataTableRows: 101,
  dataTablePageSize: 100,
  /** Over all cells of all tables of one message. */
  dataTableText: 10_000,
  chartTitle: 50,
  chartLabel: 20,
  chartPoints: 20,
  /** Slack's reference says 6; others have counted 12. */
  chartSeries: 6,
  chartsPerMessage: 2,
  cardTitle: 150,
  cardSubtitle: 150,
  cardBody: 200,
  carouselCards: 10,
  containerBlocks: 10,
  viewTitle: 24,
  viewSubmit: 24,
  viewClose: 24,
  privateMetadata: 3_000,
  viewBytes: 250_000,
  viewStack: 3,
  metadataBytes: 16_000,
  /** How long an app has to acknowledge, and how long a trigger lives. */
  acknowledgeMs: 3_000,
  triggerMs: 3_000,
  responseUrlUses: 5,
  responseUrlMs: 30 * 60_000,
  socketConnections: 10,
  historyPage: 999,
  /** What a commercially distributed app outside the Marketplace gets since 29 May 2025. */
  restrictedHistoryPage: 15,
} as const;

/** Calls per minute of each tier; Slack promises at least these, the workspace gives exactly these. */
export const TIERS = { t1: 1, t2: 20, t3: 50, t4: 100, special: 600 } as const;

export type Tier = keyof typeof TIERS;

/** `post` is the rule of its own for messages: one per second and channel. */
export const METHOD_RATES = {
  "apps.connections.open": "t3",
  "auth.test": "special",
  "chat.delete": "t3",
  "chat.getPermalink": "special",
  "chat.postEphemeral": "t4",
  "chat.postMessage": "post",
  "chat.update": "t3",
  "conversations.history": "t3",
  "conversations.info": "t3",
  "conversations.open": "t3",
  "conversations.replies": "t3",
  "reactions.add": "t3",
  "team.info": "t3",
  "users.info": "t4",
  "users.list": "t2",
  "users.lookupByEmail": "t3",
  "views.open": "t4",
  "views.publish": "t4",
  "views.push": "t4",
  "views.update": "t4",
} as const satisfies Record<string, Tier | "post">;

export type MethodName = keyof typeof METHOD_RATES;

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHOD_RATES, name);
}

const ENTITY = { "&": "&amp;", "<": "&lt;", ">": "&gt;" } as const;

/** Text that is shown as it stands (`plain_text`, `rich_text`): each of the three characters is stored escaped. */
export function escapeAll(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ENTITY[sign as keyof typeof ENTITY]);
}

/** Text with markup (`mrkdwn`, a message's `text`): entities and control sequences stay, the rest is escaped. */
export function escapeLoose(text: string): string {
  return text.replace(
    /&(?:amp|lt|gt);|<(?:[@#!]|https?:|mailto:|tel:)[^<>]*>|[&<>]/g,
    (sign) => ENTITY[sign as keyof typeof ENTITY] ?? sign,
  );
}

export function bytesOf(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
