/** The server itself: health, metrics, the API document, chat platforms, plugins, faults, and an orderly end. */
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RawRequest, Route } from "../../src/application/ports.ts";
import { storeAway } from "../../src/application/store-away.ts";
import { DAY } from "../../src/domain/time/time.ts";
import { type HttpDoor, USUAL_LIMITS } from "../../src/http/door.ts";
import { CHARTER, type House, openHouse, REQUEST } from "./house.ts";

let house: House;
const open = async (changed: Partial<HttpDoor> = {}) => {
  await house?.close();
  house = await openHouse(changed);
};
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

describe("health", () => {
  it("is told to anybody", async () => {
    expect((await house.call("GET", "/healthz", { key: null })).json).toEqual({ alive: true });
    expect((await house.call("GET", "/readyz", { key: null })).json).toEqual({ ready: true, reasons: [] });
  });

  it("is bad when nothing can be stored; then requests are told to come back, and nothing is half done", async () => {
    house.breakStore();
    const ready = await house.call("GET", "/readyz", { key: null });
    expect([ready.status, ready.json.reasons]).toEqual([
      503,
      [expect.stringContaining("does not take writes")],
    ]);
    const raised = await house.call("POST", "/v1/escalations", { body: REQUEST });
    expect([raised.status, raised.headers.get("retry-after"), raised.json.status]).toEqual([503, "5", 503]);
    expect(raised.text).not.toContain("disk full");
    expect(await house.store.escalations.countOpen()).toBe(0);
    expect((await house.call("GET", "/v1/state")).status).toBe(200);
  });

  it("is bad when the worker has stopped", async () => {
    await open({ workerAlive: () => false });
    const ready = await house.call("GET", "/readyz", { key: null });
    expect([ready.status, ready.json.reasons]).toEqual([503, [expect.stringContaining("worker")]]);
  });

  it("is bad when something is overdue", async () => {
    await house.call("POST", "/v1/escalations", { body: REQUEST });
    house.move(DAY + USUAL_LIMITS.overdueMs);
    const ready = await house.call("GET", "/readyz", { key: null });
    expect([ready.status, ready.json.reasons]).toEqual([503, [expect.stringContaining("overdue")]]);
  });
});

it("answers 503 where the store was away, though it is back by now", async () => {
  const failing = async () => {
    throw storeAway("the database can't be reached", new Error("it closed the connection"));
  };
  await open({ useCases: { ...house.door.useCases, raiseEscalation: failing } });
  expect((await house.call("POST", "/v1/escalations", { body: REQUEST })).status).toBe(503);
});

it("answers a fault of ours with 500 and no details, and logs them", async () => {
  const failing = async () => {
    throw new Error("secret detail");
  };
  await open({ useCases: { ...house.door.useCases, raiseEscalation: failing } });
  const answer = await house.call("POST", "/v1/escalations", { body: REQUEST });
  expect([answer.status, answer.json.type]).toEqual([500, "urn:holdpoint:problem:fault"]);
  expect(answer.text).not.toContain("secret detail");
  expect(house.logged.at(-1)).toMatchObject({
    words: "a request failed",
    facts: {
      route: "/v1/escalations",
      agent: "trial-nurture",
      error: expect.stringContaining("secret detail"),
    },
  });
});

it("counts requests, escalations and holds for Prometheus", async () => {
  const { json } = await house.call("POST", "/v1/escalations", { body: REQUEST });
  await house.call("GET", "/v1/state", { key: "x" });
  await house.call("GET", "/v1/nothing");
  const { text, headers } = await house.call("GET", "/v1/metrics", { key: house.adminKey });
  expect(headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = text.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      'holdpoint_http_requests_total{method="POST",route="/v1/escalations",status="202"} 1',
      'holdpoint_http_requests_total{method="GET",route="/v1/state",status="401"} 1',
      'holdpoint_escalations_opened_total{trigger="low_confidence"} 1',
      "holdpoint_escalations_open 1",
      'holdpoint_holds_active{scope="agent"} 1',
      'holdpoint_holds_active{scope="fleet"} 0',
      "holdpoint_overdue 0",
      "holdpoint_callbacks_dead 0",
    ]),
  );
  expect(text).toContain("holdpoint_event_loop_lag_seconds ");
  expect(text).not.toContain(json.id);
});

it("counts a hold of the fleet once, however many agents it stops", async () => {
  await house.newAgent("renewals");
  await house.call("POST", "/v1/agents/all/holds", { key: house.adminKey, body: { reason: "Fire drill" } });
  const { text } = await house.call("GET", "/v1/metrics", { key: house.adminKey });
  expect(text.split("\n")).toContain('holdpoint_holds_active{scope="fleet"} 1');
});

describe("the API document", () => {
  it("has every path and method that the server has", async () => {
    const served: string[] = [];
    const plain = new Set(["GET", "POST", "PUT", "DELETE"]);
    await open({
      plugins: [
        async (app) => {
          // Each line of the tree ends in one segment and its methods: enough to count them.
          for (const [, methods = ""] of app
            .printRoutes({ commonPrefix: false })
            .matchAll(/ \(([A-Z, ]+)\)$/gm)) {
            served.push(...methods.split(", ").filter((method) => plain.has(method)));
          }
        },
      ],
    });
    const { json } = await house.call("GET", "/openapi.json", { key: null });
    const documented = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        url: path.replace(/\{(\w+)\}/g, ":$1"),
      })),
    );
    expect(documented.length).toBeGreaterThan(20);
    expect(
      documented.filter((route) => !house.server.app.hasRoute(route as { method: "GET"; url: string })),
    ).toEqual([]);
    expect(served.length).toBe(documented.length);
  });

  it("is OpenAPI 3.1 whose references lead somewhere, whose names are unique and whose parameters are declared", async () => {
    const { json, text } = await house.call("GET", "/openapi.json", { key: null });
    expect(json.openapi).toBe("3.1.0");
    const operations = Object.entries<Record<string, Operation>>(json.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, ...operation })),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, parameters, responses, security } of operations) {
      const declared = parameters.filter((one) => one.in === "path").map((one) => `{${one.name}}`);
      expect(declared).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(Object.keys(responses).some((status) => status.startsWith("2"))).toBe(true);
      for (const scheme of security.flatMap(Object.keys))
        expect(json.components.securitySchemes).toHaveProperty(scheme);
    }
    for (const [, reference = ""] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      expect(json).toHaveProperty(reference.split("/"));
    }
    const body = json.paths["/v1/escalations"].post.requestBody.content["application/json"].schema;
    expect(body).toMatchObject({ required: ["trigger", "summary", "reason"], additionalProperties: false });
    expect(json.paths["/v1/escalations"].post.responses["422"].content).toHaveProperty([
      "application/problem+json",
    ]);
  });

  it("can be read as a page without scripts, under a policy that allows none", async () => {
    const page = await house.call("GET", "/docs", { key: null });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.text).toContain("/v1/escalations/{id}/withdraw");
    expect(page.text).not.toMatch(/<script|\son\w+=|\sstyle=/);
  });
});

it("answers HEAD as GET, without a body", async () => {
  const answer = await fetch(`${house.url}/healthz`, { method: "HEAD" });
  expect([answer.status, await answer.text()]).toEqual([200, ""]);
});

it("lets no browser guess, frame or keep what the API says", async () => {
  for (const path of ["/v1/agents", "/v1/nothing", "/openapi.json"]) {
    const { headers } = await house.call("GET", path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
  }
});

it("hands chat platforms the very bytes that came, and sends what they answer", async () => {
  const seen: RawRequest[] = [];
  const route: Route = {
    method: "POST",
    path: "/slack/events",
    handle: async (request) => {
      seen.push(request);
      return { status: 201, headers: { "content-type": "text/plain", "x-mark": "1" }, body: "thanks" };
    },
  };
  await open({ routes: [route] });
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x00, 0x7b]);
  const headers = { "content-type": "application/x-www-form-urlencoded", "X-Slack-Signature": "v0=1" };
  const answer = await house.call("POST", "/slack/events", { key: null, body: bytes, headers });
  expect([answer.status, answer.text, answer.headers.get("x-mark")]).toEqual([201, "thanks", "1"]);
  expect(seen[0]?.body).toEqual(bytes);
  expect(seen[0]?.headers["x-slack-signature"]).toBe("v0=1");
});

it("lets plugins live on the same port with parsers and headers of their own", async () => {
  await open({
    plugins: [
      async (app) => {
        app.addContentTypeParser("text/csv", { parseAs: "string" }, (_request, body, done) =>
          done(null, `csv:${body}`),
        );
        app.post("/form", async (request, reply) =>
          reply.header("content-security-policy", "default-src 'self'").send(request.body),
        );
      },
    ],
  });
  const answer = await house.call("POST", "/form", {
    key: null,
    body: "a,b",
    headers: { "content-type": "text/csv" },
  });
  expect([answer.text, answer.headers.get("content-security-policy")]).toEqual([
    "csv:a,b",
    "default-src 'self'",
  ]);
});

describe("closing", () => {
  it("lets a request that runs end, and hangs up on connections that do nothing", async () => {
    const { promise: gate, resolve: go } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { raiseEscalation } = house.door.useCases;
    const slow: typeof raiseEscalation = async (input) => {
      begin();
      await gate;
      return raiseEscalation(input);
    };
    const second = await openHouse({
      store: house.store,
      useCases: { ...house.door.useCases, raiseEscalation: slow },
    });
    const idle = connect(Number(new URL(second.url).port), "127.0.0.1");
    const hungUp = new Promise((resolve) => idle.on("close", resolve));
    const running = second.call("POST", "/v1/escalations", { key: house.agent.key, body: REQUEST });
    await begun;
    const closed = second.server.close();
    await hungUp;
    go();
    expect((await running).status).toBe(202);
    await closed;
  });

  it("waits no longer than it is allowed to", async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const stuck = () => {
      begin();
      return new Promise<never>(() => {});
    };
    const second = await openHouse({
      store: house.store,
      limits: { ...USUAL_LIMITS, drainMs: 200 },
      useCases: { ...house.door.useCases, raiseEscalation: stuck },
    });
    const running = second
      .call("POST", "/v1/escalations", { key: house.agent.key, body: REQUEST })
      .catch(() => "cut off");
    await begun;
    const before = performance.now();
    await second.server.close();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(await running).toBe("cut off");
  });
});

it("takes a charter of the shape the configuration file has", async () => {
  const answer = await house.call("PUT", "/v1/agents/renewals", {
    key: house.adminKey,
    body: { id: "renewals", charter: CHARTER },
  });
  expect(answer.status).toBe(201);
});

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security: readonly object[];
}
