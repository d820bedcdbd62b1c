/** Stands between Holdpoint and Microsoft's Agents Playground, which signs nothing: it signs what goes in, and asks for our token on the way out. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createTokens, ISSUER } from "./tokens.ts";

/** The Playground's own ids, which are no UUIDs. */
const PLAYGROUND = {
  person: "00000000-0000-0000-0000-0000000000020",
  tenant: "00000000-0000-0000-0000-0000000000001",
  bot: "00000000-0000-0000-0000-00000000000011",
} as const;

export interface BridgeOptions {
  /** Entra object id of whoever sits before the Playground. */
  readonly person: string;
  readonly appId: string;
  readonly tenantId: string;
  readonly password: string;
}

export interface Bridge {
  /** For TEAMS_CONNECTOR_URL. */
  readonly url: string;
  /** For the Playground's `--app-endpoint`. */
  readonly endpoint: string;
  join(ends: { readonly bot: string; readonly playground: string }): void;
  close(): Promise<void>;
}

export async function startPlaygroundBridge(options: BridgeOptions): Promise<Bridge> {
  let url = "";
  let ends = { bot: "", playground: "" };
  const tokens = createTokens(options.appId, () => url);
  const names: readonly (readonly [string, string])[] = [
    [PLAYGROUND.person, options.person],
    [PLAYGROUND.tenant, options.tenantId],
    [PLAYGROUND.bot, `28:${options.appId}`],
  ];
  const inward = (text: string) =>
    names
      .reduce((left, [theirs, ours]) => left.replaceAll(theirs, ours), text)
      .replace(/"serviceUrl":"[^"]*"/g, `"serviceUrl":"${url}"`);
  const outward = (text: string) =>
    names.reduce((left, [theirs, ours]) => left.replaceAll(ours, theirs), text);

  const passOn = async (
    request: IncomingMessage,
    to: string,
    body: string,
    authorization: string | undefined,
  ) => {
    const method = request.method ?? "GET";
    const response = await fetch(to, {
      method,
      headers: { "content-type": "application/json", ...(authorization && { authorization }) },
      ...(method !== "GET" && method !== "HEAD" && { body }),
    });
    return { status: response.status, body: await response.text() };
  };

  const answer = async (request: IncomingMessage, body: string) => {
    const path = decodeURIComponent(request.url ?? "/");
    if (path === "/v1/.well-known/openidconfiguration")
      return json({ issuer: ISSUER, jwks_uri: `${url}v1/keys` });
    if (path === "/v1/keys") return json(tokens.jwks);
    if (path === "/oauth2/token") {
      const isOurs = new URLSearchParams(body).get("client_secret") === options.password;
      return isOurs ? json(tokens.issue(options.appId)) : { status: 401, body: "{}" };
    }
    if (path === "/api/messages") {
      if (ends.bot === "") return { status: 503, body: "" };
      return passOn(request, ends.bot, inward(body), `Bearer ${tokens.toBot()}`);
    }
    if (!tokens.holds(request.headers.authorization)) return { status: 401, body: "{}" };
    const passed = await passOn(
      request,
      `${ends.playground}/_connector${outward(path)}`,
      outward(body),
      undefined,
    );
    return { ...passed, body: inward(passed.body) };
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { status, body } = await answer(request, Buffer.concat(chunks).toString("utf8")).catch(() => ({
      status: 502,
      body: "",
    }));
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    endpoint: `${url}api/messages`,
    join(given) {
      ends = given;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function json(value: object) {
  return { status: 200, body: JSON.stringify(value) };
}
