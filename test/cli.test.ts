/** The command line: keys, charters, manifests and the audit trail, and what it says when it is misused. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cli } from "../src/cli.ts";

const CONFIG = new URL("../examples/holdpoint.yaml", import.meta.url).pathname;
let folder: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-cli-"));
  env = { DATABASE_URL: `sqlite:${folder}/holdpoint.db`, HOLDPOINT_CONFIG: CONFIG };
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command and keeps what it printed. */
async function run(...args: string[]): Promise<{ code: number; out: string[]; err: string }> {
  const out = vi.spyOn(console, "log").mockImplementation(() => {});
  const err = vi.spyOn(console, "error").mockImplementation(() => {});
  const code = await cli(args, env);
  const said = { code, out: out.mock.calls.map(String), err: err.mock.calls.map(String).join("\n") };
  vi.restoreAllMocks();
  return said;
}

describe("holdpoint keys create", () => {
  it("prints one key as its only line on standard output", async () => {
    const { code, out } = await run("keys", "create", "trial-nurture");
    expect(code).toBe(0);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatch(/^hp_trial-nurture_[A-Za-z0-9_-]{43}$/);
  });

  it("says what to do about an agent nobody knows, and prints no key", async () => {
    const { code, out, err } = await run("keys", "create", "nobody");
    expect([code, out]).toEqual([64, []]);
    expect(err).toContain("put it into holdpoint.yaml");
  });
});

describe("holdpoint charter check", () => {
  it("counts the charters that are complete", async () => {
    expect(await run("charter", "check", CONFIG)).toMatchObject({
      code: 0,
      out: [expect.stringContaining("3 charters are complete")],
    });
  });

  it("names what is missing before anything is deployed", async () => {
    const file = join(folder, "holdpoint.yaml");
    writeFileSync(file, "agents: [{ id: a, charter: { goal: { outcome: x } } }]");
    const { code, err } = await run("charter", "check", file);
    expect(code).toBe(1);
    expect(err).toContain("ownership is missing: a charter has six parts");
  });
});

describe("holdpoint manifest slack", () => {
  it("prints a manifest for an address, and one for Socket Mode", async () => {
    const http = JSON.parse((await run("manifest", "slack", "--url", "https://hold.example")).out[0] ?? "");
    expect(http.settings.event_subscriptions.request_url).toBe("https://hold.example/slack/events");
    const socket = JSON.parse((await run("manifest", "slack")).out[0] ?? "");
    expect(socket.settings.socket_mode_enabled).toBe(true);
  });

  it("takes no address in the clear", async () => {
    expect((await run("manifest", "slack", "--url", "http://hold.example")).code).toBe(64);
  });
});

describe("holdpoint audit verify and signin", () => {
  it("says that the trail is whole, and how long it is", async () => {
    await run("keys", "create", "trial-nurture");
    expect((await run("audit", "verify")).out[0]).toMatch(/The audit trail is whole: \d+ lines/);
  });

  it("prints a link that signs somebody in", async () => {
    expect((await run("signin", "sarah")).out[0]).toMatch(/^http:\/\/127\.0\.0\.1:3000\/signin\/[\w-]{43}$/);
    expect((await run("signin", "nobody")).code).toBe(64);
  });
});

describe("a misused command", () => {
  it("shows the help and exits as misuse; wrong configuration says every problem and exits as such", async () => {
    expect(await run("fly")).toMatchObject({ code: 64, err: expect.stringContaining("holdpoint <command>") });
    env.PORT = "x";
    expect(await run("serve")).toMatchObject({
      code: 78,
      err: expect.stringContaining("PORT is not a port"),
    });
  });
});
