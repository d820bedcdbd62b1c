/** npm run bench:peers: installs what else holds work until somebody decides, and has it accept the same requests beside us. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Load, startLoad } from "../load/load.ts";
import { spreadOf } from "../measure/figures.ts";
import { figure } from "../measure/report.ts";
import { prepareFleet } from "../processes/fleet.ts";
import { openPostgres, type PostgresServer } from "../processes/postgres.ts";
import { type ServerProcess, startServer } from "../processes/server.ts";
import { AGENTS, manyAgents } from "../processes/settings.ts";
import { PEERS, type Peer } from "./peers.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const CONNECTIONS = 64;
const ROOT = join(import.meta.dirname, "../..");

const folder = mkdtempSync(join(tmpdir(), "holdpoint-peers-"));
const fleet = await prepareFleet(manyAgents(AGENTS));
const load = startLoad(fleet.credentialsFile);
const ours = await startServer(fleet.serve.args, fleet.serve);
const wanted = PEERS.filter(({ name }) => values.only === undefined || values.only === name);
const needsPostgres = wanted.some((peer) => peer.needsPostgres);
const postgres = needsPostgres ? await openPostgres() : { missing: "nobody needs it" };
const lines: string[] = [];
try {
  for (const peer of wanted) lines.push(await beside(peer));
} finally {
  load.stop();
  await ours.stop();
  if ("stop" in postgres) await postgres.stop();
  fleet.remove();
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `\n1.5 KB JSON → durable → waiting, ${CONNECTIONS} connections; Holdpoint also checks, audits and publishes`,
);
console.log(lines.join("\n"));
process.exit();

/** One line: how many a second each of the two accepts, in turns. */
async function beside(peer: Peer): Promise<string> {
  try {
    console.error(`… ${peer.name}: installing ${peer.packages.join(", ")}`);
    const theirs = await start(peer, install(peer));
    try {
      const [we, they]: [number[], number[]] = [[], []];
      for (let round = -1; round < rounds; round++) {
        console.error(`… ${peer.name}: ${round < 0 ? "warming up" : `round ${round + 1}`}`);
        const mine = await accepted(load, ours, undefined);
        const other = await accepted(load, theirs, peer.path);
        if (round < 0) continue;
        we.push(mine);
        they.push(other);
      }
      const [mine, other] = [spreadOf(we).median, spreadOf(they).median];
      const ratio = mine / other;
      const mark = ratio >= peer.target ? "✓" : "✗";
      return `${mark} ${peer.name}: ${figure(mine)}/s ÷ ${figure(other)}/s = ${figure(ratio)} (target ≥ ${peer.target}); ${peer.job}`;
    } finally {
      await theirs.stop();
    }
  } catch (error) {
    const [first = ""] = String(error instanceof Error ? error.message : error).split("\n");
    return `– ${peer.name}: could not be run here: ${first}`;
  }
}

async function accepted(by: Load, server: ServerProcess, path: string | undefined): Promise<number> {
  const job = { kind: "escalate", url: server.url, connections: CONNECTIONS, seconds } as const;
  const { perSecond } = await by.run({ ...job, ...(path === undefined ? {} : { path }) });
  await server.idle();
  return perSecond;
}

/** Into a folder of its own. Install scripts run: some carry a binary. @throws in npm's words */
function install({ name, packages, script, like = [] }: Peer): string {
  const place = join(folder, name);
  mkdirSync(place);
  const overrides = Object.fromEntries(like.map((one) => [one, versionIn(ROOT, one)]));
  writeFileSync(join(place, "package.json"), JSON.stringify({ private: true, type: "module", overrides }));
  // Of packages that are released apart, the newest may not name each other yet.
  const args = ["install", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error", ...packages];
  try {
    execFileSync("npm", args, { cwd: place, stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    const said = String((error as { readonly stderr?: Buffer }).stderr ?? error);
    throw new Error(`npm install: ${said.split("\n").find((line) => line.includes("npm error")) ?? said}`);
  }
  for (const file of [script, "collected.mjs"])
    copyFileSync(join(import.meta.dirname, file), join(place, file));
  for (const one of packages) {
    const named = one.replace(/(?<=.)@.*/, "");
    console.error(`  ${named} ${versionIn(place, named)}`);
  }
  return place;
}

function versionIn(place: string, name: string): string {
  const file = join(place, "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}

async function start({ name, script, needsPostgres: needs }: Peer, cwd: string): Promise<ServerProcess> {
  const env = needs ? { PEER_POSTGRES: await databaseFor(name, postgres) } : {};
  return startServer([join(cwd, script)], { cwd, env });
}

async function databaseFor(name: string, server: typeof postgres): Promise<string> {
  if ("missing" in server) throw new Error(`there is no Postgres: ${server.missing}`);
  return (server satisfies PostgresServer).database(name.toLowerCase().replace(/\W/g, "_"));
}
