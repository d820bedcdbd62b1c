/** Teams as a chat platform: cards as Adaptive Cards, clicks over HTTP, everything of botbuilder in this folder. */
import { CloudAdapter } from "botbuilder";
import type { ChatPlatform, Clock, Log, LookBehind, Notes, Paces, Receive } from "../../application/ports.ts";
import type { Intent } from "../../cards/intent.ts";
import type { JsonObject } from "../payload.ts";
import { createAnswer } from "./answer.ts";
import { type Account, createAuthority } from "./authority.ts";
import { checkAddress } from "./check.ts";
import { createClient } from "./client.ts";
import { createConversations } from "./conversations.ts";
import { createFind } from "./find.ts";
import { createHandle } from "./handle.ts";
import { createRoute } from "./http.ts";
import { createIdentify } from "./identity.ts";
import { createMessages } from "./messages.ts";
import { createOnce } from "./once.ts";
import { createPace } from "./pace.ts";
import { createServiceUrls } from "./service-urls.ts";
import { createUserIds } from "./user-ids.ts";
import { createViews } from "./views.ts";

export interface TeamsOptions extends Account {
  readonly receive: Receive;
  readonly lookBehind: LookBehind;
  readonly notes: Notes;
  readonly paces: Paces;
  /** `Seal.token`: what a button carries. */
  readonly token: (intent: Intent) => string;
  /** `Seal.intent`: what a button meant. */
  readonly intent: (token: string) => Intent | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The console's address, for the card that fits nowhere else; null where there is none. */
  readonly publicUrl: string | null;
  /** How long `receive` may take before the person is told that it is not confirmed (2,500 ms). */
  readonly patienceMs?: number;
}

/** Teams, ready to start. Makes no call by itself; throws when the app id is empty, or the stand-in is not on this machine. */
export function createTeams(options: TeamsOptions): ChatPlatform {
  const { appId, tenantId, receive, lookBehind, notes, clock, log, token } = options;
  const serviceUrls = createServiceUrls(options.connectorUrl);
  const adapter = new CloudAdapter(createAuthority(options));
  const client = createClient({ adapter, appId });
  const pace = createPace(options.paces, clock);
  const conversations = createConversations({ client, notes, pace, serviceUrls, appId, tenantId });
  const consoleUrl = options.publicUrl;
  const userIds = createUserIds({ client, conversations });
  const views = createViews({ token, consoleUrl, lookBehind, userIds });
  const show = (pressed: string) => {
    const on = options.intent(pressed)?.on;
    return on?.startsWith("esc_") ? token({ verb: "show", on, revision: 0, digest: null }) : undefined;
  };
  const answer = createAnswer({ client, conversations, receive, token, consoleUrl, views, show, log });
  const identify = createIdentify({ client, clock, tenantId });
  const patienceMs = options.patienceMs ?? 2_500;
  const once = createOnce<JsonObject | undefined>(clock);
  const handle = createHandle({ receive, identify, answer, conversations, once, show, log, patienceMs });

  return {
    name: "teams",
    routes: [
      createRoute(
        { adapter, handle, expected: { appId, tenants: [tenantId.toLowerCase()], serviceUrls } },
        log,
      ),
    ],
    ...createMessages({ client, conversations, pace, views, tenantId, appId, log }),
    find: createFind(clock),
    check: (address) => checkAddress({ client, conversations, tenantId }, address),
    async start() {},
    async close() {},
  };
}
