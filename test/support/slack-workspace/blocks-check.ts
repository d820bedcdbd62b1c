/** Blocks of messages, modals and home tabs: what Slack refuses is refused here, with a pointer to what is wrong. */
import {
  accessory,
  actionsElement,
  cardButtons,
  contextActionsElement,
  inputElement,
} from "./elements-check.ts";
import { figureProblems, figures } from "./figures-check.ts";
import { isList, type Json, listIn, objectIn } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { blockId, richText } from "./rich-text-check.ts";
import {
  byType,
  flag,
  list,
  may,
  must,
  object,
  type Problem,
  type Rule,
  string,
  unless,
  word,
} from "./shape.ts";
import { image, imageElement, marked, oneImageSource, plain, textObject } from "./texts-check.ts";

export type Surface = "message" | "modal" | "home";

const type = (name: string) => must(word(name));
const own = { block_id: blockId };

const card = object(
  {
    type: type("card"),
    ...own,
    hero_image: may(imageElement),
    icon: may(imageElement),
    title: may(marked(LIMITS.cardTitle)),
    subtitle: may(marked(LIMITS.cardSubtitle)),
    body: may(marked(LIMITS.cardBody)),
    actions: may(cardButtons),
  },
  unless(
    (value) => !["hero_image", "title", "actions", "body"].some((name) => name in value),
    "at least one of hero_image, title, actions and body is required",
  ),
);

const everywhere: Record<string, Rule> = {
  actions: object({
    type: type("actions"),
    ...own,
    elements: must(list(actionsElement, 1, LIMITS.actionsElements)),
  }),
  context: object({
    type: type("context"),
    ...own,
    elements: must(
      list(
        (value, at, problems) =>
          (objectIn(value).type === "image" ? imageElement : textObject(LIMITS.sectionText))(
            value,
            at,
            problems,
          ),
        1,
        LIMITS.contextElements,
      ),
    ),
  }),
  divider: object({ type: type("divider"), ...own }),
  header: object({ type: type("header"), ...own, text: must(plain(LIMITS.headerText)) }),
  image: object(
    {
      type: type("image"),
      ...own,
      ...image,
      alt_text: must(string({ min: 1, max: LIMITS.imageText })),
      title: may(plain(LIMITS.imageText)),
    },
    oneImageSource,
  ),
  input: object({
    type: type("input"),
    ...own,
    label: must(plain(LIMITS.inputLabel)),
    hint: may(plain(LIMITS.inputHint)),
    optional: may(flag),
    dispatch_action: may(flag),
    element: must(inputElement),
  }),
  rich_text: richText,
  section: object(
    {
      type: type("section"),
      ...own,
      text: may(textObject(LIMITS.sectionText)),
      fields: may(list(textObject(LIMITS.sectionFieldText), 1, LIMITS.sectionFields)),
      accessory: may(accessory),
      expand: may(flag),
    },
    unless(
      ({ text, fields }) => text === undefined && fields === undefined,
      "missing required field: text or fields",
    ),
  ),
};

const inMessagesOnly: Record<string, Rule> = {
  ...figures,
  card,
  carousel: object({
    type: type("carousel"),
    ...own,
    elements: must(list(byType({ card }), 1, LIMITS.carouselCards)),
  }),
  context_actions: object({
    type: type("context_actions"),
    ...own,
    elements: must(list(contextActionsElement, 1, LIMITS.contextActionsElements)),
  }),
  markdown: object({
    type: type("markdown"),
    ...own,
    text: must(string({ min: 1, max: LIMITS.markdownText })),
  }),
};

const container = object({
  type: type("container"),
  ...own,
  title: may(plain(LIMITS.headerText)),
  rich_text_title: may(richText),
  subtitle: may(textObject(LIMITS.headerText)),
  child_blocks: must(list(byType({ ...everywhere, table: figures.table }), 1, LIMITS.containerBlocks)),
  width: may(word("narrow", "standard", "wide", "full")),
  icon: may(imageElement),
  is_collapsible: may(flag),
  default_collapsed: may(flag),
  has_header_divider: may(flag),
});

const alert = object({
  type: type("alert"),
  ...own,
  text: must(textObject(LIMITS.sectionText)),
  level: may(word("default", "info", "warning", "error", "success")),
});

const blockOn: Record<Surface, Rule> = {
  message: byType({ ...everywhere, ...inMessagesOnly, container }),
  modal: byType({ ...everywhere, alert }),
  home: byType(everywhere),
};

/** All faults of a list of blocks; an empty answer means that Slack would take them. `at` is where the list stands in the payload. */
export function checkBlocks(blocks: Json, surface: Surface, at = "/blocks"): readonly Problem[] {
  const problems: Problem[] = [];
  const most = surface === "message" ? LIMITS.messageBlocks : LIMITS.viewBlocks;
  list(blockOn[surface], 0, most)(blocks, at, problems);
  if (!isList(blocks)) return problems;
  problems.push(...repeatedIds(blocks, at));
  problems.push(...figureProblems(blocks, at));
  return problems;
}

/** `block_id` is unique in a payload, `action_id` within its block: openly refused by Slack with these words. */
function repeatedIds(blocks: readonly Json[], at: string): Problem[] {
  const problems: Problem[] = [];
  const blockIds = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    const { block_id, elements } = objectIn(block);
    if (typeof block_id === "string") {
      if (blockIds.has(block_id))
        problems.push({
          pointer: `${at}/${index}/block_id`,
          message: `\`block_id\` "${block_id}" already exists`,
        });
      blockIds.add(block_id);
    }
    const actionIds = new Set<string>();
    for (const [place, element] of listIn(elements).entries()) {
      const { action_id } = objectIn(element);
      if (typeof action_id !== "string") continue;
      if (actionIds.has(action_id))
        problems.push({
          pointer: `${at}/${index}/elements/${place}/action_id`,
          message: `\`action_id\` "${action_id}" already exists`,
        });
      actionIds.add(action_id);
    }
  }
  return problems;
}
