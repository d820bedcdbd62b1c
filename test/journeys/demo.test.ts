/** The demo as its reader runs it: by itself with --auto, and with somebody at the keyboard who decides otherwise. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-test-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** What the demo has put down and not taken away: Node and npm keep caches of their own there. */
const leftBehind = () => readdirSync(folder).filter((name) => name.startsWith("holdpoint"));

/** The demo with a folder of its own for temporary files, and what it has printed so far. */
function run(command: string, args: readonly string[]) {
  const started = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  let printed = "";
  let read = 0;
  const lookers = new Set<() => void>();
  const took = (chunk: Buffer) => {
    printed += chunk.toString("utf8");
    for (const look of [...lookers]) look();
  };
  started.stdout.on("data", took);
  started.stderr.on("data", took);
  const ended = new Promise<number | null>((resolve) => started.once("close", resolve));
  return {
    ended,
    printed: () => printed,
    stop: () => started.kill("SIGINT"),
    /** Once it has printed this, after what was waited for before; how lines are broken does not count. */
    until: (words: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          const text = printed.replace(/\s+/g, " ");
          const at = text.indexOf(words, read);
          if (at < 0) return;
          read = at + words.length;
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        void ended.then((code) => reject(new Error(`it ended with ${code} before “${words}”:\n${printed}`)));
        look();
      }),
  };
}

it("decides by itself with --auto, prints every step, proves every outcome, and exits 0", async () => {
  const demo = run("npm", ["run", "demo", "--", "--auto"]);
  const began = performance.now();
  expect(await demo.ended, demo.printed()).toBe(0);
  expect(performance.now() - began).toBeLessThan(20_000);
  const steps = [
    "Healthcare trials get their sequence",
    "Can your compliance module handle GDPR and HIPAA simultaneously?",
    "✓ what was sent is her answer, unchanged",
    "✓ what was sent is what she wrote",
    "the other 49 of 50 clicks were told so",
    "✓ kept paused: it publishes nothing",
    "counts 1 of 2 approvals (Amara Okafor)",
    "✓ no discount was booked",
    "/agent pause content-distribution for 2h tone check",
    "Something feels off",
    "their hash chain is whole",
    "All of it held",
  ];
  for (const step of steps) expect(demo.printed()).toContain(step);
  expect(demo.printed().match(/✓ callback: the same decision/g)).toHaveLength(6);
  expect(demo.printed(), "colours are for terminals").not.toContain("\u001b[");
  expect(leftBehind(), "temporary files").toEqual([]);
});

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

// A card that is redrawn while its form is filled in may close it once too often for the hands in the browser.
const SOMETIMES_TOO_QUICK = { retry: 2, timeout: 120_000 };

it(
  "decides in Microsoft's Playground with --teams --auto, by clicking in a browser",
  SOMETIMES_TOO_QUICK,
  async ({ skip }) => {
    if (!existsSync(CHROMIUM)) return skip(`there is no browser at ${CHROMIUM}; set CHROMIUM to one`);
    const demo = run(process.execPath, ["examples/demo/index.ts", "--teams", "--auto"]);
    const ended = await demo.ended;
    if (demo.printed().includes("npx can't get")) return skip("npx can't get the Playground");
    expect(ended, demo.printed()).toBe(0);
    const steps = [
      "✓ long-poll: answered by Sarah Chen, in Teams",
      "the other 1 of 2 clicks were told so",
      "✓ kept paused: it publishes nothing",
      "✓ no discount was booked",
      "types pause content-distribution for 2h tone check",
      "All of it held",
    ];
    for (const step of steps) expect(demo.printed()).toContain(step);
    expect(demo.printed().match(/✓ callback: the same decision/g)).toHaveLength(6);
    expect(leftBehind(), "temporary files").toEqual([]);
  },
);

it("says in one line that it needs a browser where --teams --auto has none", async () => {
  const demo = run("env", [
    "CHROMIUM=/nowhere",
    process.execPath,
    "examples/demo/index.ts",
    "--teams",
    "--auto",
  ]);
  expect(await demo.ended).toBe(0);
  expect(demo.printed().trim().split("\n")).toEqual([
    expect.stringMatching(/^Skipped: .* there is none at \/nowhere/),
  ]);
});

it("follows whoever is at the keyboard, whatever they decide, and ends cleanly on Ctrl-C", async () => {
  const demo = run(process.execPath, ["examples/demo/index.ts"]);
  await demo.until("Ctrl-C ends it.");
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+\//.exec(demo.printed()) ?? [];
  const [sarah, james] = ["U0SARAH", "U0JAMES"].map(visitorOf(url)) as [Visitor, Visitor];

  await demo.until("waiting for Sarah Chen: open");
  await sarah.press("Carry on");
  await demo.until("carries on with its sequence; the question stays with the team");

  await demo.until("waiting for James Liu: open");
  await james.press("Reject, keep paused");
  await james.send("the invoice first");
  await demo.until("boosts nothing more this month: the invoice first");
  await demo.until("type /agent resume content-distribution when it may go on");

  await demo.until("waiting for Sarah Chen: open");
  await sarah.press("Dismiss");
  await demo.until("sends nothing: the request was dismissed");

  await demo.until("Content distribution is held by James Liu");
  await james.type("resume content-distribution");
  await demo.until("is free again, and goes on");

  demo.stop();
  expect(await demo.ended, demo.printed()).toBe(0);
  expect(demo.printed()).toContain("Stopped; nothing is left behind.");
  expect(leftBehind(), "temporary files").toEqual([]);
});

interface Block {
  readonly type: string;
  readonly block_id: string;
  readonly elements?: readonly { readonly text?: { readonly text?: string } }[];
}
interface OnPage {
  readonly channels: readonly { readonly id: string; readonly kind: string }[];
  readonly messages: readonly {
    readonly channel: string;
    readonly ts: string;
    readonly blocks: readonly Block[];
  }[];
  readonly modal?: { readonly id: string; readonly blocks: readonly Block[] };
}

/** Somebody on the workspace's page, by the requests that the page makes. */
function visitorOf(url: string) {
  return (user: string) => {
    const act = async (what: object) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}act`, {
        method: "POST",
        headers,
        body: JSON.stringify({ user, ...what }),
      });
      expect(response.status, await response.text()).toBe(200);
    };
    /** Looks again after each change, as the page does. */
    async function seen<Found>(look: (page: OnPage) => Found | undefined): Promise<Found> {
      const live = await fetch(`${url}live`);
      for await (const _ of live.body ?? []) {
        const page = (await (await fetch(`${url}state?user=${user}`)).json()) as OnPage;
        const found = look(page);
        if (found !== undefined) return found;
      }
      throw new Error("the page stopped");
    }
    return {
      async press(label: string) {
        const place = await seen(({ messages }) =>
          messages.findLast(({ blocks }) =>
            blocks.some(({ elements }) => elements?.some(({ text }) => text?.text === label)),
          ),
        );
        await act({ do: "press", channel: place.channel, ts: place.ts, target: label });
      },
      /** Fills in the first field of the form in front of them, and sends it. */
      async send(words: string) {
        const modal = await seen((page) => page.modal);
        const field = modal.blocks.find(({ type }) => type === "input");
        await act({ do: "submit", view: modal.id, values: { [field?.block_id ?? ""]: { input: words } } });
      },
      async type(text: string) {
        const channel = await seen(({ channels }) => channels.find(({ kind }) => kind === "im")?.id);
        await act({ do: "slash", command: "/agent", text, channel });
      },
    };
  };
}
type Visitor = ReturnType<ReturnType<typeof visitorOf>>;
