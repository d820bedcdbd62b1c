/** Stands between Holdpoint and Playgrounds, one for each person: these sign nothing, so it signs what goes in, and asks for our token on the way out. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createTokens, ISSUER } from "./tokens.ts";

export interface Sitter {
  /** Entra object id of whoever sits before a Playground. */
  readonly id: string;
  readonly name: string;
}

export interface BridgeOptions {
  readonly people: readonly Sitter[];
  readonly appId: string;
  readonly tenantId: string;
  readonly password: string;
}

export interface Bridge {
  /** For TEAMS_CONNECTOR_URL. */
  readonly url: string;
  /** For the `--app-endpoint` of each Playground. */
  readonly endpoint: string;
  /** For its settings: the ids that everything in it has. */
  settings(person: string): object;
  /** What came before is let through now. `playgrounds`: their addresses by person. */
  join(ends: { readonly bot: string; readonly playgrounds: ReadonlyMap<string, string> }): void;
  close(): Promise<void>;
}

/** Who else is in the team: a Playground wants five others. */
const OTHERS = ["Dana Whitfield", "Noor Aziz", "Ben Okoye", "Lena Hoff", "Tom Aldridge"];

const CHAT = "a:";

export async function startPlaygroundBridge(options: BridgeOptions): Promise<Bridge> {
  const { people, appId, tenantId, password } = options;
  let url = "";
  const tokens = createTokens(appId, () => url);
  const joined = Promise.withResolvers<Parameters<Bridge["join"]>[0]>();
  /** Chats whose page is open in a browser: what is changed before that, a Playground never shows. */
  const open = new Set<string>();

  /** The Playground that a conversation is in; channels are in everybody's, and shown in the first. */
  const homeOf = async (conversation: string): Promise<string> => {
    const { playgrounds } = await joined.promise;
    const home = playgrounds.get(conversation.slice(CHAT.length)) ?? [...playgrounds.values()][0];
    if (home === undefined) throw new Error("nobody has joined");
    return `${home}/_connector`;
  };

  const passOn = async (request: IncomingMessage, to: string, body: string, authorization?: string) => {
    const method = request.method ?? "GET";
    const response = await fetch(to, {
      method,
      headers: { "content-type": "application/json", ...(authorization && { authorization }) },
      ...(method !== "GET" && method !== "HEAD" && { body }),
    });
    return { status: response.status, body: await response.text() };
  };

  /** From a Playground: signed as Microsoft signs, and as if it came from Microsoft's address. */
  const inward = async (request: IncomingMessage, body: string) => {
    const { bot } = await joined.promise;
    for (const { id } of people) if (body.includes(`"id":"${CHAT}${id}"`)) open.add(CHAT + id);
    const named = body.replace(/"serviceUrl":"[^"]*"/g, `"serviceUrl":"${url}"`);
    return passOn(request, bot, named, `Bearer ${tokens.toBot()}`);
  };

  /** From Holdpoint: to whoever's chat it is about. */
  const outward = async (request: IncomingMessage, path: string, body: string) => {
    if (path === "/v3/conversations") {
      const { members = [] } = JSON.parse(body) as { readonly members?: readonly { readonly id: string }[] };
      const [person] = members;
      if (person !== undefined) return json({ id: CHAT + person.id }, 201);
    }
    const conversation = decodeURIComponent(path.split("/")[3] ?? "");
    if (conversation.startsWith(CHAT) && !open.has(conversation)) return NOT_YET;
    // It knows nobody by their Entra object id, by which Teams knows them too.
    const known = path.replace(/\/members\/(?=[0-9a-f]{8}-)/, "/members/29%3A");
    return passOn(request, (await homeOf(conversation)) + known, body);
  };

  const answer = async (request: IncomingMessage, body: string): Promise<Reply> => {
    const path = request.url ?? "/";
    if (path === "/v1/.well-known/openidconfiguration")
      return json({ issuer: ISSUER, jwks_uri: `${url}v1/keys` });
    if (path === "/v1/keys") return json(tokens.jwks);
    if (path === "/oauth2/token") {
      const isOurs = new URLSearchParams(body).get("client_secret") === password;
      return isOurs ? json(tokens.issue(appId)) : { status: 401, body: "{}" };
    }
    if (path === "/api/messages")
      return request.method === "POST" ? inward(request, body) : { status: 200, body: "" };
    if (!tokens.holds(request.headers.authorization)) return { status: 401, body: "{}" };
    return outward(request, path, body);
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const reply = await answer(request, Buffer.concat(chunks).toString("utf8")).catch(() => NOWHERE);
    response
      .writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
      .end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  return {
    url,
    endpoint: `${url}api/messages`,
    settings(person) {
      const sitter = people.find(({ id }) => id === person) ?? { id: person, name: person };
      const others = [...people.filter(({ id }) => id !== person), ...OTHERS.map(invented)].slice(0, 5);
      return {
        version: "0.1.1",
        tenantId,
        bot: { id: `28:${appId}`, name: "Holdpoint" },
        currentUser: account(sitter),
        users: others.map(account),
        personalChat: { id: CHAT + person },
        groupChat: { id: "19:group@thread.v2", name: "Everybody" },
        team: {
          id: "19:team@thread.tacv2",
          name: "Agents",
          aadGroupId: "00000000-0000-4000-8000-000000000001",
          channels: [{ id: "19:review@thread.tacv2", name: "agent-review" }],
        },
      };
    },
    join: joined.resolve,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const NOWHERE: Reply = { status: 502, body: "" };
/** Whoever sends it tries again. */
const NOT_YET: Reply = { status: 429, body: "{}", headers: { "retry-after": "1" } };

function invented(name: string, at: number): Sitter {
  return { id: `00000000-0000-4000-9000-00000000000${at}`, name };
}

function account({ id, name }: Sitter) {
  const [givenName = "", surname = ""] = name.split(" ");
  const email = `${givenName.toLowerCase()}@example.com`;
  return { id: `29:${id}`, name, userPrincipleName: email, aadObjectId: id, givenName, surname, email };
}

function json(value: object, status = 200) {
  return { status, body: JSON.stringify(value) };
}
