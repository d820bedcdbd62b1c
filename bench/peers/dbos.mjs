/** DBOS: each request starts a workflow that waits for a message. */
import { randomUUID } from "node:crypto";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { serve } from "./collected.mjs";

const WEEK_S = 7 * 86_400;

const hold = DBOS.registerWorkflow(async (_request) => DBOS.recv("decision", WEEK_S), { name: "hold" });
DBOS.setConfig({ name: "hold", systemDatabaseUrl: process.env.PEER_POSTGRES, runAdminServer: false });
await DBOS.launch();

serve(async (request) => {
  const id = randomUUID();
  await DBOS.startWorkflow(hold, { workflowID: id })(request);
  return id;
});
