/** The package an operator uploads is the one the app is built for, within what Teams accepts. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv-draft-04";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { teamsManifest } from "../../../src/chat/teams/manifest.ts";
import { FLAG_COMMAND } from "../../../src/chat/teams/parse.ts";
import { APP } from "./teams-stage.ts";

/** As Microsoft publishes it, in its own package; draft-04, which plain Ajv does not know. */
const SCHEMA = JSON.parse(
  readFileSync(
    new URL(
      "../../../node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.29/MicrosoftTeams.schema.json",
      import.meta.url,
    ),
    "utf8",
  ),
);
const validate = new Ajv.default({ strict: false, allErrors: true, validateFormats: false }).compile(SCHEMA);

function faultsIn(manifest: unknown): readonly string[] {
  validate(JSON.parse(JSON.stringify(manifest)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const folder = new URL("../../../manifests/teams/", import.meta.url);
const file = (name: string) => readFileSync(new URL(name, folder));

describe("the manifest", () => {
  const manifest = teamsManifest(APP, "https://holdpoint.example.com");

  it("is the one in manifests/teams, but for the id", () => {
    const kept = JSON.parse(file("manifest.json").toString("utf8"));
    expect(kept).toEqual(JSON.parse(JSON.stringify(teamsManifest(kept.id, "https://holdpoint.example.com"))));
  });

  it("is valid against Microsoft's schema 1.29", () => {
    expect(faultsIn(manifest)).toEqual([]);
    expect(manifest.manifestVersion).toBe("1.29");
    expect(manifest.$schema).toContain("/v1.29/");
  });

  it("suggests no more commands than Teams shows, and the schema would say so", () => {
    const [bot] = manifest.bots;
    const [list] = bot?.commandLists ?? [];
    const [command] = list?.commands ?? [];
    if (!bot || !list || !command) throw new Error("the manifest suggests no commands");
    expect(list.commands.length).toBeLessThanOrEqual(12);
    const commands = Array.from({ length: 13 }, () => command);
    const tooMany = { ...manifest, bots: [{ ...bot, commandLists: [{ ...list, commands }] }] };
    expect(faultsIn(tooMany)).toEqual(["/bots/0/commandLists/0/commands must NOT have more than 12 items"]);
  });

  it("names the bot everywhere by its app id, and the window on a message by what the app listens for", () => {
    expect([manifest.id, manifest.bots[0]?.botId, manifest.composeExtensions[0]?.botId]).toEqual([
      APP,
      APP,
      APP,
    ]);
    expect(manifest.composeExtensions[0]?.commands).toMatchObject([
      { id: FLAG_COMMAND, type: "action", fetchTask: true },
    ]);
  });

  it("asks for no right over what people say", () => {
    expect(manifest.permissions).toEqual(["identity", "messageTeamMembers"]);
    expect(JSON.stringify(manifest)).not.toMatch(
      /ChannelMessage|ChatMessage|webApplicationInfo|authorization/,
    );
  });
});

describe("the icons", () => {
  it.each([
    ["color.png", 192],
    ["outline.png", 32],
  ])("%s has the size Teams wants", (name, size) => {
    const png = file(name);
    expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  });
});

describe("holdpoint manifest teams", () => {
  const bin = new URL("../../../bin/holdpoint.js", import.meta.url).pathname;

  it("writes the zip to upload", () => {
    const out = mkdtempSync(join(tmpdir(), "holdpoint-"));
    try {
      const zip = join(out, "app.zip");
      const args = ["manifest", "teams", "--app-id", APP, "--url", "https://hold.example.com/", "--out", zip];
      execFileSync(process.execPath, [bin, ...args], { stdio: "pipe" });
      const files = unzipSync(readFileSync(zip));
      expect(Object.keys(files).toSorted()).toEqual(["color.png", "manifest.json", "outline.png"]);
      expect(JSON.parse(strFromU8(files["manifest.json"] ?? new Uint8Array()))).toMatchObject({
        id: APP,
        validDomains: ["hold.example.com"],
      });
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it("says what is missing", () => {
    expect(() => execFileSync(process.execPath, [bin, "manifest", "teams"], { stdio: "pipe" })).toThrow(
      /--app-id/,
    );
  });
});
