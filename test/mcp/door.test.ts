/** `/mcp` as a door: who may come in, from where, with what, and that nothing of it is loaded before somebody does. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Holdpoint, PUBLIC_URL, startHoldpoint } from "../support/holdpoint.ts";

let house: Holdpoint;
let key: string;
beforeAll(async () => {
  house = await startHoldpoint({ alone: true });
  ({ key } = await house.agent());
});
afterAll(() => house.end());

const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };

const tool = (name: string, args: object) => ({
  ...LIST,
  method: "tools/call",
  params: { name, arguments: args },
});

async function post(body: unknown, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal) {
  const response = await fetch(`${house.url}/mcp`, {
    ...(signal ? { signal } : {}),
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const data = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  return { status: response.status, headers: response.headers, body: data === "" ? null : JSON.parse(data) };
}

describe("who calls", () => {
  it("is the agent whose key it is; anybody else gets the API's own answer", async () => {
    expect((await post(LIST)).body.result.tools).toHaveLength(9);
    const unknown = await post(LIST, { authorization: `Bearer hp_trial-nurture_${"x".repeat(43)}` });
    expect(unknown).toMatchObject({ status: 401, body: { type: "urn:holdpoint:problem:unauthorized" } });
    expect(unknown.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect((await post(LIST, { authorization: "" })).status).toBe(401);
    expect((await post(LIST, { authorization: "Basic YTpi" })).status).toBe(401);
  });

  it("is no administrator", async () => {
    const issued = await house.admin("POST", "/v1/agents/trial-nurture/keys");
    const { id, key: other } = issued.body;
    expect((await post(LIST, { authorization: `Bearer ${other}` })).status).toBe(200);
    await house.admin("DELETE", `/v1/agents/trial-nurture/keys/${id}`);
    expect((await post(LIST, { authorization: `Bearer ${other}` })).status).toBe(401);
    const { text, status } = await house.admin("POST", "/mcp", LIST);
    expect(status, text).toBe(403);
  });

  it("is found out before the body is looked at", async () => {
    const large = "x".repeat(300 * 1024);
    expect((await post(large, { authorization: "" })).status).toBe(401);
    expect((await post(large)).status).toBe(413);
  });

  it("is no page of another origin", async () => {
    expect((await post(LIST, { origin: PUBLIC_URL })).status).toBe(200);
    for (const origin of ["https://evil.example", "null", house.url, `${PUBLIC_URL}.evil.example`]) {
      const refused = await post(LIST, { origin });
      expect(refused.status, origin).toBe(403);
      expect(refused.body.error.message).toContain(PUBLIC_URL);
    }
  });
});

describe("a message", () => {
  it("comes alone, as JSON, and in a form the protocol knows", async () => {
    expect(await post([LIST, LIST])).toMatchObject({ status: 400, body: { error: { code: -32600 } } });
    expect(await post("{")).toMatchObject({ status: 400, body: { error: { code: -32700 } } });
    expect(await post("")).toMatchObject({ status: 400, body: { error: { code: -32700 } } });
    expect((await post({ hello: "there" })).status).toBe(400);
    expect((await post(LIST, { accept: "application/json" })).status).toBe(406);
    expect((await post(LIST, { "content-type": "text/plain" })).status).toBe(415);
  });

  it("needs no session and no greeting before it, so that any replica can answer it", async () => {
    const { headers, body } = await post(tool("get_state", {}));
    expect(body.result.structuredContent).toMatchObject({ state: "running" });
    expect(headers.get("mcp-session-id")).toBeNull();
    expect((await post({ jsonrpc: "2.0", method: "notifications/initialized" })).status).toBe(202);
  });

  it("may be nested as deep as it likes without harm", async () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const call = (args: string) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"request_decision","arguments":${args}}}`;
    const nested = await post(
      call(`{"summary":"s","reason":"r","action":{"name":"a","args":{"deep":${deep}}}}`),
    );
    expect(nested.body.result ?? nested.body.error).toBeDefined();
    expect(nested.body.result?.isError ?? true).toBe(true);
    expect((await post(LIST)).status).toBe(200);
  });

  it("for a tool nobody knows is told which there are", async () => {
    const { body } = await post({ ...LIST, method: "tools/call", params: { name: "approve" } });
    expect(body.error).toMatchObject({ code: -32602, message: expect.stringContaining("request_decision") });
  });

  it("with a wait that is none is refused", async () => {
    const response = await fetch(`${house.url}/mcp?permission_wait=soon&permission_wait=1h`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(LIST),
    });
    expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(/duration/)]);
  });
});

describe("the protocol's revision", () => {
  const initialize = (protocolVersion: string) => ({
    ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
    params: { protocolVersion, capabilities: {}, clientInfo: { name: "client", version: "1" } },
  });

  it("is the client's, back to the first; a newer client is offered 2025-11-25", async () => {
    for (const version of ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]) {
      expect((await post(initialize(version))).body.result.protocolVersion).toBe(version);
      expect((await post(LIST, { "mcp-protocol-version": version })).status).toBe(200);
    }
    expect((await post(initialize("2026-07-28"))).body.result.protocolVersion).toBe("2025-11-25");
  });

  it("that is newer than what was offered is refused with the ones there are, so that the client can step back", async () => {
    const { status, body } = await post(LIST, { "mcp-protocol-version": "2026-07-28" });
    expect(status).toBe(400);
    expect(body.error.message).toContain("2025-11-25");
  });
});

it("takes POST only: it says nothing unasked, and keeps no session to delete", async () => {
  for (const method of ["GET", "DELETE"]) {
    const response = await fetch(`${house.url}/mcp`, { method, headers: { authorization: `Bearer ${key}` } });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  }
});

it("lets go of a waiting call whose client has gone", async () => {
  const raised = await post(tool("request_decision", { summary: "s", reason: "r" }));
  const { id } = raised.body.result.structuredContent;
  const gone = new AbortController();
  const waiting = post(tool("await_decision", { id, wait: 55 }), {}, gone.signal);
  await house.somebodyWaits();
  gone.abort();
  await expect(waiting).rejects.toThrow(/abort/);
  await expect
    .poll(async () => (await house.admin("GET", "/v1/metrics")).text)
    .toMatch(/^holdpoint_long_polls 0$/m);
});

it("counts what agents write over it among what they write at all", async () => {
  const answers = await Promise.all(Array.from({ length: 520 }, () => post(tool("flag", { words: "?" }))));
  const refused = answers.filter(({ body }) => body.result.isError);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.body.result.content[0].text).toMatch(/writes a second.*Call again in \d+ s/);
});

it("is loaded with the first call and not before", () => {
  const script = `
    import { registerHooks } from "node:module";
    let loaded = 0;
    registerHooks({ load(url, context, next) { if (url.includes("@modelcontextprotocol")) loaded++; return next(url, context); } });
    const { start } = await import("./src/main.ts");
    const { readConfig } = await import("./src/config.ts");
    const { readFileSync } = await import("node:fs");
    const env = { PORT: "0", DATABASE_URL: "sqlite::memory:", HOLDPOINT_CONFIG: "examples/holdpoint.yaml", LOG_LEVEL: "silent" };
    const running = await start(readConfig(env, (path) => { try { return readFileSync(path, "utf8"); } catch {} }));
    const issued = await running.parts.issueKey.forAgent("trial-nurture", { id: "o", name: "O" });
    const before = loaded;
    const stranger = await fetch(running.url + "/mcp", { method: "POST" });
    const afterStranger = loaded;
    const headers = { authorization: "Bearer " + issued.value.key, accept: "application/json, text/event-stream", "content-type": "application/json" };
    const { status } = await fetch(running.url + "/mcp", { method: "POST", headers, body: ${JSON.stringify(JSON.stringify(LIST))} });
    console.log(JSON.stringify({ before, stranger: stranger.status, afterStranger, status, after: loaded }));
    await running.close();
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  const told = JSON.parse(stdout || `{"stderr": ${JSON.stringify(stderr)}}`);
  expect(told).toMatchObject({ before: 0, stranger: 401, afterStranger: 0, status: 200 });
  expect(told.after).toBeGreaterThan(5);
});
