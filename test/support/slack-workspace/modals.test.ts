/** Modals open, complain, change and close as Slack's do, with a real Bolt app behind them. */
import type { App } from "@slack/bolt";
import { afterEach, describe, expect, it } from "vitest";
import { type MovableClock, movableClock, type SlackWorkspace } from "./index.ts";
import {
  clientOf,
  plainText,
  postCard,
  reasonModal,
  SARAH,
  section,
  startApp,
  startSample,
} from "./sample.ts";

let workspace: SlackWorkspace;
let clock: MovableClock;
let app: App;

async function start(options: Parameters<typeof startSample>[0] = {}) {
  clock = movableClock();
  workspace = await startSample({ clock, enforceRates: false, ...options });
  app = await startApp(workspace);
}
afterEach(async () => {
  await app.stop();
  await workspace.close();
});

const cardForSarah = () => postCard(workspace, SARAH);

/** The one modal in front of Sarah. */
function modal() {
  const [view] = workspace.views(SARAH).slice(-1);
  if (view === undefined) throw new Error("No modal is open");
  return view;
}

describe("modals", () => {
  /** Opens a modal on Reject and keeps the triggers it saw. */
  function openOnReject(triggers: string[], view = reasonModal()) {
    app.action("reject", async ({ ack, body, client }) => {
      const trigger_id = "trigger_id" in body ? String(body.trigger_id) : "";
      triggers.push(trigger_id);
      await client.views.open({ trigger_id, view });
      await ack();
    });
  }

  it("open once per click, and within three seconds of it", async () => {
    await start();
    const triggers: string[] = [];
    openOnReject(triggers);
    const place = await cardForSarah();
    await workspace.press(SARAH, place, "Reject");
    expect(modal().content.title).toMatchObject({ text: "Reject" });
    const again = clientOf(workspace).views.open({ trigger_id: triggers[0] ?? "", view: reasonModal() });
    await expect(again).rejects.toMatchObject({ data: { error: "exchanged_trigger_id" } });
    app.action("approve", async ({ ack, body }) => {
      triggers.push("trigger_id" in body ? String(body.trigger_id) : "");
      await ack();
    });
    await workspace.press(SARAH, place, "Approve");
    clock.advance(3_001);
    const late = clientOf(workspace).views.open({ trigger_id: triggers[1] ?? "", view: reasonModal() });
    await expect(late).rejects.toMatchObject({ data: { error: "expired_trigger_id" } });
  });

  it.each([
    [
      "a long title",
      { title: plainText("x".repeat(25)) },
      "must be less than 25 characters [json-pointer:/view/title/text]",
    ],
    [
      "long private metadata",
      { private_metadata: "x".repeat(3_001) },
      "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ],
    ["an input without submit", { submit: undefined }, "missing required field: submit [json-pointer:/view]"],
    [
      "101 blocks",
      { blocks: Array.from({ length: 101 }, () => ({ type: "divider" })) },
      "no more than 100 items allowed [json-pointer:/view/blocks]",
    ],
  ])("refuse %s", async (_, change, wording) => {
    await start();
    const view = { ...reasonModal(), ...change };
    const opened = clientOf(workspace).apiCall("views.open", { trigger_id: "1", view });
    await expect(opened).rejects.toMatchObject({
      data: {
        error: "invalid_arguments",
        response_metadata: { messages: expect.arrayContaining([`[ERROR] ${wording}`]) },
      },
    });
  });

  it("refuse more than 250 kB", async () => {
    await start();
    const view = reasonModal({ blocks: Array.from({ length: 90 }, () => section("x".repeat(2_900))) });
    const opened = clientOf(workspace).apiCall("views.open", { trigger_id: "1", view });
    await expect(opened).rejects.toMatchObject({ data: { error: "view_too_large" } });
  });

  it("keep an incomplete form back, show the app's errors, and close when it is content", async () => {
    await start();
    openOnReject([]);
    const heard: unknown[] = [];
    app.view("reject", async ({ ack, view }) => {
      const reason = view.state.values.reason?.text?.value ?? "";
      heard.push(reason);
      if (reason.includes("because")) await ack();
      else await ack({ response_action: "errors", errors: { reason: "Say why." } });
    });
    await workspace.press(SARAH, await cardForSarah(), "Reject");
    const { id } = modal();
    expect(await workspace.submitView(SARAH, id)).toMatchObject({
      outcome: "withheld",
      errors: { reason: "Please complete this required field." },
    });
    expect(await workspace.submitView(SARAH, id, { reason: "no" })).toMatchObject({
      errors: { reason: "Please enter at least 3 characters." },
    });
    expect(await workspace.submitView(SARAH, id, { reason: { text: "just so" } })).toMatchObject({
      outcome: "acknowledged",
      errors: { reason: "Say why." },
    });
    expect(workspace.views(SARAH)).toHaveLength(1);
    expect(await workspace.submitView(SARAH, id, { text: "because of the price" })).toMatchObject({
      errors: {},
    });
    expect(workspace.views(SARAH)).toEqual([]);
    expect(heard).toEqual(["just so", "because of the price"]);
  });

  it("are pushed, replaced and cleared by the answer to a submission", async () => {
    await start();
    openOnReject([]);
    const step = (callback_id: string) =>
      reasonModal({ callback_id, title: plainText(callback_id), blocks: [section(callback_id)] }) as never;
    app.view("reject", async ({ ack }) => ack({ response_action: "push", view: step("second") }));
    app.view("second", async ({ ack }) => ack({ response_action: "update", view: step("third") }));
    app.view("third", async ({ ack }) => ack({ response_action: "clear" }));
    await workspace.press(SARAH, await cardForSarah(), "Reject");
    await workspace.submitView(SARAH, modal().id, { reason: "too dear" });
    expect(workspace.views(SARAH).map(({ content }) => content.callback_id)).toEqual(["reject", "second"]);
    await workspace.submitView(SARAH, modal().id);
    expect(workspace.views(SARAH).map(({ content }) => content.callback_id)).toEqual(["reject", "third"]);
    await workspace.submitView(SARAH, modal().id);
    expect(workspace.views(SARAH)).toEqual([]);
  });

  it("tell the person when the answer is no use", async () => {
    await start();
    openOnReject([]);
    app.view("reject", async ({ ack }) => ack({ response_action: "errors", errors: { elsewhere: "?" } }));
    await workspace.press(SARAH, await cardForSarah(), "Reject");
    await workspace.submitView(SARAH, modal().id, { reason: "too dear" });
    expect(workspace.seen(SARAH)).toMatchObject([{ problem: "invalid_answer" }]);
    expect(workspace.views(SARAH)).toHaveLength(1);
  });

  it("are updated only by who knows the latest hash, keep what was typed, and report that they were closed", async () => {
    await start();
    openOnReject([], { ...reasonModal(), notify_on_close: true } as never);
    const closed: string[] = [];
    app.view({ callback_id: "reject", type: "view_closed" }, async ({ ack, view }) => {
      closed.push(view.id);
      await ack();
    });
    await workspace.press(SARAH, await cardForSarah(), "Reject");
    const { id: view_id, hash } = modal();
    await workspace.submitView(SARAH, view_id, { reason: "no" });
    const client = clientOf(workspace);
    const view = { ...reasonModal(), notify_on_close: true, title: plainText("Refuse") } as never;
    await client.views.update({ view_id, hash, view });
    await expect(client.views.update({ view_id, hash, view })).rejects.toMatchObject({
      data: { error: "hash_conflict" },
    });
    expect(modal().values).toMatchObject({ reason: { text: { value: "no" } } });
    await workspace.closeView(SARAH, view_id);
    expect(closed).toEqual([view_id]);
    await expect(client.views.update({ view_id, view })).rejects.toMatchObject({
      data: { error: "not_found" },
    });
  });
});
