/** A start puts the charters of holdpoint.yaml in force, and leaves alone what stands as it is written there. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import type { AgentId } from "../src/domain/ids.ts";
import { openParts } from "../src/parts.ts";

const NURTURE = "trial-nurture" as AgentId;
const FILE = `
people: [{ id: sarah, name: Sarah Chen }]
agents:
  - id: trial-nurture
    charter:
      goal: { outcome: More trials convert }
      actions: { may: [send_email], ask_first: [discount] }
      constraints: {}
      triggers: {}
      review: { daily: "09:00" }
      ownership: { owner: sarah }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-parts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const configOf = (file: string) =>
  readConfig({ DATABASE_URL: `sqlite:${join(folder, "holdpoint.db")}` }, () => file);

/** Who made each version of the agent's charter, oldest first, once a start with this file is over. */
async function madeBy(file: string): Promise<readonly string[]> {
  const parts = await openParts(configOf(file));
  const versions = await parts.store.agents.charterVersions(NURTURE);
  await parts.close();
  return versions.map(({ by }) => by);
}

it("a second start with the same file makes no new version", async () => {
  expect(await madeBy(FILE)).toEqual(["holdpoint.yaml"]);
  expect(await madeBy(FILE)).toEqual(["holdpoint.yaml"]);
});

it.each([
  ["charter", FILE.replace("[send_email]", "[send_email, schedule_call]")],
  ["name", FILE.replace("trial-nurture", "trial-nurture\n    name: Trials")],
  ["environment", FILE.replace("trial-nurture", "trial-nurture\n    environment: lab")],
  ["callback_url", FILE.replace("trial-nurture", "trial-nurture\n    callback_url: https://agent.example/h")],
])("a file with another %s makes the next version", async (_what, changed) => {
  await madeBy(FILE);
  expect(await madeBy(changed)).toEqual(["holdpoint.yaml", "holdpoint.yaml"]);
});

it("what was changed over the API since is put back as the unchanged file has it", async () => {
  await madeBy(FILE);
  const config = configOf(FILE);
  const parts = await openParts(config);
  const [settings] = config.agents;
  if (settings === undefined) throw new Error("the file names an agent");
  const by = { id: "admin", name: "Admin" };
  const applied = await parts.applyCharter({ settings: { ...settings, name: "Another name" }, by });
  await parts.close();
  expect(applied).toMatchObject({ ok: true, value: { changed: true } });

  expect(await madeBy(FILE)).toEqual(["holdpoint.yaml", "admin", "holdpoint.yaml"]);
});
