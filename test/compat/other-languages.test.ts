/** The examples that are not TypeScript: each is started as its reader would start it, and a person decides. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";

const FOLDER = join(import.meta.dirname, "../../examples/clients");

const examples = [
  { file: "python-agent.py", by: "python3", needs: ["python3"] },
  { file: "curl.sh", by: "bash", needs: ["bash", "curl"] },
];

let house: Holdpoint;
afterEach(() => house?.end());

async function begin(file: string, by: string) {
  house = await startHoldpoint({
    settings: (yaml) => yaml.replaceAll(/( +)owner: sarah\n/g, "$1owner: sarah\n$1on_silence: expire\n"),
  });
  const { key } = await house.agent();
  const child = spawn(by, [join(FOLDER, file)], {
    env: { ...process.env, HOLDPOINT_URL: house.url, HOLDPOINT_KEY: key },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let complained = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  child.stderr.on("data", (chunk) => (complained += chunk));
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve(said.trim().split("\n").at(-1) ?? "")
        : reject(new Error(`${code}: ${complained}`)),
    );
  });
  // So that one which ends too early is told of here, and not as a rejection nobody heard.
  const waits = house.somebodyWaits();
  await Promise.race([waits, ended.then(() => Promise.reject(new Error("it did not wait")))]);
  await house.settle();
  return { lastWord: () => ended };
}

describe.each(examples)("$file", ({ file, by, needs }) => {
  const missing = needs.filter((program) => spawnSync(program, ["--version"]).error !== undefined);
  const told = missing.length > 0 ? ` (not run: ${missing.join(" and ")} is not on this machine)` : "";
  const here = it.skipIf(missing.length > 0);

  here(`acts when a person approves, and reports it${told}`, async () => {
    const example = await begin(file, by);
    await house.sarah.press("Approve");
    expect(await example.lastWord()).toBe("approved");
    const [only] = (await house.admin("GET", "/v1/escalations")).body.escalations;
    expect(only.outcome).toMatchObject({ executed: true, detail: expect.stringContaining("20 %") });
  });

  here(`acts with the arguments that a person changed${told}`, async () => {
    const example = await begin(file, by);
    await house.sarah.fill("Edit and approve", { arg1: 10 });
    expect(await example.lastWord()).toBe("edited");
  });

  here(`does nothing when a person rejects${told}`, async () => {
    const example = await begin(file, by);
    await house.sarah.fill("Reject", { reason: "Too much." });
    expect(await example.lastWord()).toBe("rejected");
  });

  here(`reads an answer in words${told}`, async () => {
    const example = await begin(file, by);
    await house.sarah.fill("Answer", { response: "Ten." });
    expect(await example.lastWord()).toBe("answered");
  });

  here(`holds when nobody decides${told}`, async () => {
    const example = await begin(file, by);
    await house.pass(7 * 24 * 3_600_000);
    expect(await example.lastWord()).toBe("expired");
  });
});
