/** The composition root: builds every part once, joins them, and runs until told to stop. */
import { argsSchemaProblem } from "./application/args-schema.ts";
import { ANYTHING, createChanges, topicsOf } from "./application/changes.ts";
import { createHoldIndex } from "./application/hold-index.ts";
import type { CallbackSender, Clock, Log } from "./application/ports.ts";
import type { Auditor } from "./auditor.ts";
import { type AllowList, parseAllowList } from "./callbacks/allow-list.ts";
import { checkCallbackUrl } from "./callbacks/destination.ts";
import { verifyWebhook } from "./callbacks/standard-webhooks.ts";
import { createPlatforms, platformLines } from "./chat/platforms.ts";
import { answerSenders, createCompat } from "./compat/index.ts";
import type { Config } from "./config.ts";
import { createConsole } from "./console.ts";
import { freePort } from "./free-port.ts";
import { USUAL_LIMITS } from "./http/door.ts";
import { createServer } from "./http/server.ts";
import { createLog } from "./log.ts";
import { createMcp } from "./mcp/index.ts";
import { openParts, type Parts, systemClock } from "./parts.ts";
import { createUpkeep } from "./upkeep.ts";
import { createUseCases } from "./use-cases.ts";
import { VERSION } from "./version.ts";
import { createWorker } from "./worker.ts";

export { openParts } from "./parts.ts";

export interface Running {
  /** Where it listens. */
  readonly url: string;
  /** What is on, what is off and how to turn it on: for whoever reads the terminal. */
  readonly report: readonly string[];
  /** For commands and tests in the same process. */
  readonly parts: Parts;
  readonly worker: ReturnType<typeof createWorker>;
  readonly auditor: Auditor;
  /** Takes no more work, ends what is under way, and closes. */
  close(): Promise<void>;
}

/** Starts everything that is configured; resolves when it can serve. */
export async function start(
  given: Config,
  clock: Clock = systemClock,
  log: Log = createLog(given.logLevel),
): Promise<Running> {
  if (given.port !== 0) return startOn(given, clock, log);
  for (let tries = 1; ; tries++) {
    try {
      return await startOn({ ...given, port: await freePort(given.host) }, clock, log);
    } catch (error) {
      // Somebody took it between looking and listening.
      if (tries === 5 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

async function startOn(config: Config, clock: Clock, log: Log): Promise<Running> {
  const parts = await openParts(config, clock, log);
  const { store, context, seal } = parts;
  const changes = createChanges();
  const index = await createHoldIndex(store);
  const allow = parseAllowList(config.callbackAllow);
  const callbacks = callbacksOnDemand(allow);
  const useCases = createUseCases(parts, index, answerSenders(callbacks));
  const { publicUrl } = context;
  const platforms = await createPlatforms(config, {
    ...{ seal, clock, log, publicUrl },
    notes: store.notes,
    paces: store.paces,
    receive: useCases.receive,
    lookBehind: useCases.lookBehind,
  });
  const upkeep = await createUpkeep(config, parts, useCases.reviews.budgets);
  const worker = createWorker({ store, clock, ids: context.ids, log }, useCases.handlers(platforms));
  store.onCommit((step) => changes.announce(topicsOf(step)));
  // After the hold index, which listens for longer: whoever is woken asks it.
  store.onElsewhere((news) => changes.announce(news === "anything" ? [ANYTHING] : news.topics));

  const server = await createServer({
    ...{
      store,
      changes,
      clock,
      log,
      holds: index,
      useCases: useCases.agents,
      limits: USUAL_LIMITS,
      version: VERSION,
    },
    routes: platforms.flatMap((platform) => platform.routes),
    agentRoutes: createCompat({
      ...{ store, clock, holds: index, hurry: useCases.hurry, checkArgsSchema: argsSchemaProblem },
      senderSecrets: (sender, agent) => config.senderSecrets.get(`${sender}/${agent}`) ?? [],
    }),
    plugins: [
      createConsole(parts, { changes, index, useCases }),
      createMcp({ publicUrl, log, version: VERSION }),
    ],
    verifyWebhook: (headers, rawBody, secrets) =>
      verifyWebhook({ headers, rawBody, secrets, nowMs: clock.now() }),
    signingSecrets: parts.signingSecrets,
    checkCallbackUrl: (text) => {
      const checked = checkCallbackUrl(text, { allow });
      return checked.ok ? null : checked.why;
    },
    checkArgsSchema: argsSchemaProblem,
    noteMismatch: parts.noteMismatch,
    workerAlive: () => worker.alive(),
    flaws: () => upkeep.auditor.flaws(),
  });
  const url = await server.listen(config.host, config.port).catch(async (error: unknown) => {
    await Promise.all([server.close(), callbacks.close(), upkeep.stop()]);
    await parts.close();
    throw error;
  });
  const digests = await parts.planDigests(await store.agents.all());
  if (digests.length > 0) await store.save({ jobs: digests, audit: [] });
  const adminKey = await parts.issueKey.forAdmin(config.adminKey);
  await Promise.all(platforms.map((platform) => platform.start()));
  worker.start();
  upkeep.start();

  return {
    url,
    parts,
    worker,
    auditor: upkeep.auditor,
    report: [
      ...platformLines(config, config.publicUrl ?? url),
      `Console  on    ${config.publicUrl ?? url}${await parts.signIn.linkFor(null)}  (sign in once, within 15 minutes; later: holdpoint signin)`,
      agentsLine(config.agents.map(({ id }) => id)),
      ...(adminKey ? [`Admin    key   ${adminKey}  (shown once; HOLDPOINT_ADMIN_KEY sets your own)`] : []),
    ],
    async close() {
      await server.close();
      await Promise.all(platforms.map((platform) => platform.close()));
      await worker.stop();
      await upkeep.stop();
      await callbacks.close();
      await parts.close();
    },
  };
}

/** Loaded with the first callback: its HTTP client is 7 MB that a start need not wait for. */
function callbacksOnDemand(allow: AllowList): CallbackSender & { close(): Promise<void> } {
  let loading: Promise<ReturnType<typeof import("./callbacks/index.ts").createCallbacks>> | undefined;
  return {
    async send(callback) {
      loading ??= import("./callbacks/index.ts").then(({ createCallbacks }) => createCallbacks(allow));
      return (await loading).send(callback);
    },
    close: async () => (await loading)?.close(),
  };
}

/** The first ten by name: whoever has more knows them from elsewhere. */
function agentsLine(ids: readonly string[]): string {
  if (ids.length === 0) return "Agents   0     name them in holdpoint.yaml, or PUT /v1/agents/{agent}";
  const rest = ids.length > 10 ? ` and ${ids.length - 10} more` : "";
  return `Agents   ${String(ids.length).padEnd(5)} ${ids.slice(0, 10).join(", ")}${rest}`;
}
