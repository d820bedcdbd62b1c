/** What `holdpoint doctor` says of an installation, against a loopback Slack workspace. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { diagnose } from "../src/doctor.ts";
import { startSlackWorkspace } from "./support/slack-workspace/index.ts";

const EXAMPLE = readFileSync(new URL("../examples/holdpoint.yaml", import.meta.url), "utf8");

const user = (id: string, more: object = {}) => ({ id, name: id.toLowerCase(), real_name: id, ...more });
const everybody = ["U0SARAH", "U0JAMES", "U0AMARA"].map((id) => user(id));
let slack: Awaited<ReturnType<typeof startSlackWorkspace>>;
const workspace = async (elena: object, members: readonly string[]) => {
  await slack?.close();
  slack = await startSlackWorkspace({
    users: [...everybody, user("U0ELENA", elena)],
    channels: [
      { id: "C0REVIEW", name: "review", members: [...members] },
      { id: "C0AGENTS", name: "agents", members: [...members] },
    ],
  });
};
beforeEach(() => workspace({}, []));
afterEach(() => slack.close());

function configured(on: boolean) {
  const env = {
    DATABASE_URL: "sqlite::memory:",
    HOLDPOINT_CONFIG: "holdpoint.yaml",
    HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
    ...(on && {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
    }),
  };
  return readConfig(env, () => EXAMPLE);
}

it("finds nothing wrong where everybody whom a charter names can be reached", async () => {
  const { lines, healthy } = await diagnose(configured(true));
  expect(lines.filter((line) => line.startsWith("TROUBLE"))).toEqual([]);
  expect(lines).toContain("ok       Sarah Chen (slack)");
  expect(lines).toContain("ok       channel C0REVIEW (slack)");
  expect(healthy).toBe(true);
});

it("names whoever is a guest there", async () => {
  await workspace({ is_restricted: true }, []);
  const { lines, healthy } = await diagnose(configured(true));
  expect(lines.filter((line) => line.startsWith("TROUBLE"))).toEqual([
    expect.stringMatching(/^TROUBLE {2}Elena Rossi \(slack\): .*guest/),
  ]);
  expect(healthy).toBe(false);
});

it("says which channels are on a platform that is off", async () => {
  const { lines, healthy } = await diagnose(configured(false));
  expect(lines).toContainEqual(
    expect.stringMatching(/^TROUBLE {2}channel C0REVIEW \(slack\): slack is not on/),
  );
  expect(healthy).toBe(false);
});
