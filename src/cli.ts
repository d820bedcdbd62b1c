/** The command line: holdpoint serve | doctor | mcp | keys | signin | charter | manifest | audit | migrate-store | help. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ConfigError, type ReadFile, readConfig } from "./config.ts";
import type { AgentId, PersonId } from "./domain/ids.ts";
import { parseDuration, SECOND } from "./domain/time/time.ts";
import { checkSettings } from "./settings.ts";

type Env = Readonly<Record<string, string | undefined>>;

const HELP = `holdpoint <command>

  serve                            run Holdpoint (also: npm start)
  doctor                           say what is wrong with this installation: store, audit trail, people, channels
  mcp                              an MCP server on standard input and output, for the Holdpoint at HOLDPOINT_URL
                                   (http://127.0.0.1:3000), as the agent whose key is in HOLDPOINT_KEY
  keys create <agent>              make a key for an agent; prints it as the only line
  signin [person]                  print a one-time link to the console, for a person or for you to choose
  charter check <file>             say what is missing or wrong in a holdpoint.yaml
  manifest slack [--url <https>]   print the app manifest to paste into Slack; without --url, for Socket Mode
  manifest teams --app-id <uuid> --url <https> [--out holdpoint-teams.zip]
                                   write the app package to upload to Teams
  audit verify                     check the hash chain of the audit trail
  migrate-store <from> <to>        copy a store: migrate-store sqlite:./data/holdpoint.db postgres://…
  help                             this text

Configuration comes from the environment and holdpoint.yaml: see the README.`;

/** Runs one command; resolves with the exit code once it is over (for \`serve\`: once it was told to stop). */
export async function cli(args: readonly string[], env: Env): Promise<number> {
  const [command = "help", ...rest] = args;
  try {
    switch (command) {
      case "serve":
        return await serve(env);
      case "doctor":
        return await doctor(env);
      case "mcp":
        return await mcp(env);
      case "keys":
        return await keys(rest, env);
      case "signin":
        return await signin(rest, env);
      case "charter":
        return charter(rest);
      case "manifest":
        return await manifest(rest);
      case "audit":
        return await audit(rest, env);
      case "migrate-store":
        return await (await import("./store/migrate-store.ts")).migrateStoreCommand(rest, process);
      case "help":
      case "--help":
      case "-h":
        console.log(HELP);
        return 0;
      default:
        return wrong(`there is no command "${command}"`);
    }
  } catch (error) {
    if (error instanceof ConfigError) {
      console.error(error.message);
      return 78; // EX_CONFIG
    }
    throw error;
  }
}

async function serve(env: Env): Promise<number> {
  const config = readConfig(env, readFile);
  const { start } = await import("./main.ts");
  const running = await start(config);
  // Standard output carries one line, for whoever waits for it; people read the rest on the same terminal.
  for (const line of running.report) console.error(line);
  console.log(`Holdpoint is ready ${running.url}`);
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  await running.close();
  return 0;
}

async function doctor(env: Env): Promise<number> {
  const { diagnose } = await import("./doctor.ts");
  const { lines, healthy } = await diagnose(readConfig(env, readFile));
  for (const line of lines) console.log(line);
  return healthy ? 0 : 1;
}

async function mcp(env: Env): Promise<number> {
  const { HOLDPOINT_URL: url = "http://127.0.0.1:3000", HOLDPOINT_KEY: key = "" } = env;
  const { PERMISSION_WAIT } = await import("./mcp/wait.ts");
  const permissionWait = parseDuration(env.HOLDPOINT_PERMISSION_WAIT || PERMISSION_WAIT);
  const problems: string[] = [];
  if (!key)
    problems.push(
      "HOLDPOINT_KEY is missing: set it to what `holdpoint keys create <agent>` printed for this agent",
    );
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    problems.push("HOLDPOINT_URL is no address: write it as https://your.host or http://127.0.0.1:3000");
  if (permissionWait === undefined)
    problems.push("HOLDPOINT_PERMISSION_WAIT is no duration: write it as 50s, 15m or 1h");
  if (permissionWait === undefined || problems.length > 0) throw new ConfigError(problems);
  const { serveStdio } = await import("./mcp/stdio.ts");
  const { VERSION } = await import("./version.ts");
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  process.once("SIGINT", () => stop.abort());
  await serveStdio({ url, key, version: VERSION, permissionWait: permissionWait / SECOND }, stop.signal);
  return 0;
}

async function keys([verb, agent]: readonly string[], env: Env): Promise<number> {
  if (verb !== "create" || !agent) return wrong("write: holdpoint keys create <agent>");
  const { openParts } = await import("./main.ts");
  const parts = await openParts(readConfig(env, readFile));
  const issued = await parts.issueKey.forAgent(agent as AgentId, { id: "operator", name: "Operator" });
  await parts.close();
  if (!issued.ok)
    return wrong(`there is no agent "${agent}": put it into holdpoint.yaml, or PUT /v1/agents/${agent}`);
  console.log(issued.value.key);
  console.error("Shown once. The agent sends it as: Authorization: Bearer <key>");
  return 0;
}

async function signin([person]: readonly string[], env: Env): Promise<number> {
  const { openParts } = await import("./main.ts");
  const config = readConfig(env, readFile);
  const parts = await openParts(config);
  if (person && !config.people.some(({ id }) => id === person)) {
    await parts.close();
    return wrong(`nobody in the people list has the id "${person}"`);
  }
  const base = config.publicUrl ?? `http://${config.host}:${config.port}`;
  console.log(base + (await parts.signIn.linkFor((person as PersonId | undefined) ?? null)));
  await parts.close();
  return 0;
}

function charter([verb, file]: readonly string[]): number {
  if (verb !== "check" || !file) return wrong("write: holdpoint charter check <file>");
  const text = readFile(file);
  if (text === undefined) return wrong(`${file} cannot be read`);
  const { problems, agents } = checkSettings(text);
  if (problems.length === 0) {
    console.log(`${file}: ${agents.length} ${agents.length === 1 ? "charter is" : "charters are"} complete.`);
    return 0;
  }
  for (const problem of problems) console.error(`${file}: ${problem}`);
  return 1;
}

async function manifest(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { url: { type: "string" }, "app-id": { type: "string" }, out: { type: "string" } },
  });
  const [platform] = positionals;
  if (platform !== "slack" && platform !== "teams")
    return wrong(
      "write: holdpoint manifest slack, or: holdpoint manifest teams --app-id <uuid> --url <https>",
    );
  if (values.url !== undefined && !/^https:\/\/[^/]/.test(values.url))
    return wrong("--url starts with https://: chat platforms deliver to nothing else");
  const url = values.url?.replace(/\/+$/, "") ?? null;
  const { slackManifest, teamsManifest, teamsPackage } = await import("./chat/platforms.ts");
  if (platform === "slack") {
    console.log(JSON.stringify(slackManifest(url), null, 2));
    return 0;
  }
  const appId = values["app-id"] ?? "";
  if (url === null || !/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(appId))
    return wrong("write: holdpoint manifest teams --app-id <MicrosoftAppId> --url https://your.host");
  const icon = (name: string) => readFileSync(new URL(`../manifests/teams/${name}.png`, import.meta.url));
  const out = values.out ?? "holdpoint-teams.zip";
  writeFileSync(
    out,
    teamsPackage(teamsManifest(appId, url), { color: icon("color"), outline: icon("outline") }),
  );
  console.error(`${out}: upload it in the Teams admin center → Manage apps → Upload new app.`);
  return 0;
}

async function audit([verb]: readonly string[], env: Env): Promise<number> {
  if (verb !== "verify") return wrong("write: holdpoint audit verify");
  const { openParts } = await import("./main.ts");
  const parts = await openParts(readConfig(env, readFile));
  const verified = await parts.verifyAudit();
  await parts.close();
  if (verified.whole) {
    console.log(`The audit trail is whole: ${verified.lines} lines.`);
    return 0;
  }
  console.error(
    `The audit trail is broken at line ${verified.brokenAt}: it was changed after it was written.`,
  );
  return 1;
}

function wrong(words: string): number {
  console.error(`holdpoint: ${words}\n\n${HELP}`);
  return 64; // EX_USAGE
}

const readFile: ReadFile = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};
