/** Blocks and texts that Slack refuses are refused, with a pointer to what is wrong. */
import type { WebClient } from "@slack/web-api";
import { afterEach, describe, expect, it } from "vitest";
import type { SlackWorkspace } from "./index.ts";
import { AGENTS, button, clientOf, plainText, refused, section, startSample } from "./sample.ts";

let workspace: SlackWorkspace;
let client: WebClient;

async function start() {
  workspace = await startSample({ enforceRates: false });
  client = clientOf(workspace);
}
afterEach(() => workspace.close());

const post = (blocks: readonly unknown[]) =>
  client.apiCall("chat.postMessage", { channel: AGENTS, text: "card", blocks });

describe("sizes and shapes", () => {
  const confirm = {
    title: plainText("?"),
    text: plainText("sure"),
    confirm: plainText("yes"),
    deny: plainText("no"),
  };
  const actions = (...elements: unknown[]) => [{ type: "actions", elements }];
  const rich = (...elements: unknown[]) => [
    { type: "rich_text", elements: [{ type: "rich_text_section", elements }] },
  ];

  const chart = (series: object = {}) => ({
    type: "data_visualization",
    title: "Requests",
    chart: {
      type: "bar",
      series: [{ name: "Requests", data: [{ label: "Mon", value: 1 }], ...series }],
      axis_config: { categories: ["Mon"] },
    },
  });
  const dataTable = (rows: readonly (readonly string[])[]) => ({
    type: "data_table",
    caption: "Agents",
    rows: rows.map((row) => row.map((text) => ({ type: "raw_text", text }))),
  });

  it.each<[string, readonly unknown[], string]>([
    [
      "51 blocks",
      Array.from({ length: 51 }, () => ({ type: "divider" })),
      "no more than 50 items allowed [json-pointer:/blocks]",
    ],
    [
      "a long section",
      [section("x".repeat(3_001))],
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "a section that is long once escaped",
      [section("<".repeat(751))],
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    ["an empty section", [section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"],
    [
      "eleven fields",
      [{ type: "section", fields: Array.from({ length: 11 }, () => plainText("x")) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ],
    [
      "a long header",
      [{ type: "header", text: plainText("x".repeat(151)) }],
      "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "a long button",
      actions(button("x".repeat(76), "a")),
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ],
    [
      "a long value",
      actions(button("a", "a", { value: "x".repeat(2_001) })),
      "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ],
    [
      "a long action id",
      actions(button("a", "x".repeat(256))),
      "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ],
    [
      "an action id used twice",
      actions(button("a", "a"), button("b", "a")),
      '`action_id` "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      "a block id used twice",
      [
        { type: "divider", block_id: "b" },
        { type: "divider", block_id: "b" },
      ],
      '`block_id` "b" already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      "a long question",
      actions(button("a", "a", { confirm: { ...confirm, confirm: plainText("x".repeat(31)) } })),
      "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]",
    ],
    ["an unknown block", [{ type: "chart" }], "unsupported type: chart [json-pointer:/blocks/0/type]"],
    [
      "an alert, which is for modals",
      [{ type: "alert", text: plainText("x") }],
      "unsupported type: alert [json-pointer:/blocks/0/type]",
    ],
    ["a missing field", [{ type: "header" }], "missing required field: text [json-pointer:/blocks/0]"],
    [
      "a field too many",
      [{ type: "divider", colour: "red" }],
      "invalid additional property: colour [json-pointer:/blocks/0]",
    ],
    [
      "markup in plain text",
      [{ type: "header", text: { type: "mrkdwn", text: "x" } }],
      "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ],
    [
      "empty rich text",
      rich({ type: "text", text: "" }),
      "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
    ],
    [
      "an unknown style",
      rich({ type: "text", text: "x", style: { red: true } }),
      "invalid additional property: red [json-pointer:/blocks/0/elements/0/elements/0/style]",
    ],
    [
      "an unknown date format",
      rich({ type: "date", timestamp: 1, format: "{year}" }),
      "must match a regexp pattern [json-pointer:/blocks/0/elements/0/elements/0/format]",
    ],
    [
      "a list of bare text",
      [
        {
          type: "rich_text",
          elements: [{ type: "rich_text_list", style: "bullet", elements: [{ type: "text", text: "x" }] }],
        },
      ],
      "unsupported type: text [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ],
    ["three charts", [chart(), chart(), chart()], "no more than 2 charts allowed [json-pointer:/blocks]"],
    [
      "a chart with a point at no category",
      [chart({ data: [{ label: "Tue", value: 1 }] })],
      "labels must match the categories [json-pointer:/blocks/0/chart/series/0/data]",
    ],
    [
      "a chart with a long label",
      [chart({ name: "x".repeat(21) })],
      "must be less than 21 characters [json-pointer:/blocks/0/chart/series/0/name]",
    ],
    [
      "a data table with rows of two widths",
      [dataTable([["a", "b"], ["c"]])],
      "all rows must have the same number of cells [json-pointer:/blocks/0/rows]",
    ],
    [
      "a data table without rows",
      [dataTable([["a", "b"]])],
      "no less than 2 items required [json-pointer:/blocks/0/rows]",
    ],
    [
      "tables of more than 10,000 characters",
      [0, 1].map(() => dataTable([["a"], ...Array.from({ length: 60 }, () => ["x".repeat(100)])])),
      "tables hold too many characters [json-pointer:/blocks]",
    ],
    [
      "two tables",
      Array.from({ length: 2 }, () => ({ type: "table", rows: [[{ type: "raw_text", text: "x" }]] })),
      "only_one_table_allowed [json-pointer:/blocks]",
    ],
  ])("refuses %s and points at it", async (_, blocks, wording) => {
    await start();
    expect(await refused(post(blocks))).toMatchObject({
      error: "invalid_blocks",
      errors: expect.arrayContaining([wording]),
      response_metadata: { messages: expect.arrayContaining([`[ERROR] ${wording}`]) },
    });
  });

  it("takes what is exactly as large as allowed", async () => {
    await start();
    const blocks = [...Array.from({ length: 49 }, () => ({ type: "divider" })), section("<".repeat(750))];
    expect((await post(blocks)).ok).toBe(true);
  });

  it("refuses 13,201 characters of text over all blocks", async () => {
    await start();
    const four = Array.from({ length: 4 }, () => section("x".repeat(3_000)));
    expect((await post([...four, section("x".repeat(1_200))])).ok).toBe(true);
    expect(await refused(post([...four, section("x".repeat(1_201))]))).toMatchObject({
      error: "msg_blocks_too_long",
    });
  });

  it("counts an update's text in bytes after escaping", async () => {
    await start();
    const { ts = "" } = await client.chat.postMessage({ channel: AGENTS, text: "open" });
    const update = (text: string) => client.chat.update({ channel: AGENTS, ts, text });
    expect((await update("x".repeat(4_000))).ok).toBe(true);
    expect(await refused(update("x".repeat(4_001)))).toMatchObject({ error: "msg_too_long" });
    expect((await update("<".repeat(1_000))).ok).toBe(true);
    expect(await refused(update("<".repeat(1_001)))).toMatchObject({ error: "msg_too_long" });
    expect(await refused(update("€".repeat(1_334)))).toMatchObject({ error: "msg_too_long" });
  });
});
