/** Restate: its server takes each request for a workflow, and this process serves the workflow, which waits for a promise. */
import { spawn } from "node:child_process";
import { createServer } from "node:http2";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as restate from "@restatedev/restate-sdk";

const hold = restate.workflow({
  name: "hold",
  handlers: {
    run: async (context, _request) => context.promise("decision"),
    decide: async (context, decision) => context.promise("decision").resolve(decision),
  },
});

const handler = restate.endpoint().bind(hold).http2Handler();
const service = createServer(handler);
await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));

const [ingress, admin, node] = await Promise.all([freePort(), freePort(), freePort()]);
const packageJson = createRequire(import.meta.url).resolve("@restatedev/restate-server/package.json");
const { bin } = createRequire(import.meta.url)(packageJson);
const command = join(dirname(packageJson), typeof bin === "string" ? bin : bin["restate-server"]);
const server = spawn(command, ["--base-dir", "restate-data"], {
  // Its command starts the server itself: the group of both is ended together.
  detached: true,
  stdio: ["ignore", "ignore", "inherit"],
  env: {
    ...process.env,
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
    RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
    RESTATE_LOG_FILTER: "error",
  },
});
process.once("exit", () => process.kill(-server.pid, "SIGKILL"));
process.once("SIGTERM", () => process.exit(0));

const deployment = { uri: `http://127.0.0.1:${service.address().port}`, force: true };
await until(async () => {
  const answer = await fetch(`http://127.0.0.1:${admin}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(deployment),
  });
  return answer.ok;
});
console.log(`ready http://127.0.0.1:${ingress}`);

async function until(holds) {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("Restate did not take the deployment");
}

async function freePort() {
  const { createServer } = await import("node:net");
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
