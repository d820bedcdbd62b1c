/** As a process of its own, the workspace tells in one line where it is and outlives the apps it serves. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { WebClient } from "@slack/web-api";
import { expect, it } from "vitest";

it("prints its addresses and secrets, takes calls, and stops when it is told to", async () => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("./run.ts", import.meta.url)), "--port", "0"],
    {
      env: { ...process.env, SLACK_BOT_TOKEN: "xoxb-from-outside" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  try {
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const { url, apiUrl, botToken } = JSON.parse(line) as Record<"url" | "apiUrl" | "botToken", string>;
    expect(botToken).toBe("xoxb-from-outside");
    const client = new WebClient(botToken, { slackApiUrl: apiUrl });
    await client.chat.postMessage({ channel: "U012ABCDEF", text: "still here?" });
    const log = (await (await fetch(`${url}inspect`)).json()) as { calls: readonly { method: string }[] };
    expect(log.calls.map(({ method }) => method)).toEqual(["chat.postMessage"]);
  } finally {
    child.kill("SIGTERM");
  }
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(0);
});
