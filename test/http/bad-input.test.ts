/** Bad input over real connections: always 4xx problem+json that says where, never a fault of ours, never stored. */
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHARTER, type House, openHouse, REQUEST } from "./house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const json = JSON.stringify;
const withField = (name: string, value: unknown) => json({ ...REQUEST, [name]: value });
/** The request with a raw piece of JSON for its arguments. */
const withArgs = (raw: string) => json({ ...REQUEST, action: { name: "a", args: "#" } }).replace('"#"', raw);
const utf8 = (text: string) => Buffer.from(text);

/** What it is, the body, the status, and where the problem is said to be. */
const BODIES: readonly (readonly [string, string | Buffer, number, string])[] = [
  ["an empty body", "", 400, ""],
  ["blanks", "   ", 400, ""],
  ["no JSON", "hello", 400, ""],
  ["half of a JSON text", '{"trigger":', 400, ""],
  ["two JSON texts", "{}{}", 400, ""],
  ["a JSON text with a comment", '{/* no */"trigger":"flag"}', 400, ""],
  ["an array", "[]", 422, ""],
  ["null", "null", 422, ""],
  ["a string", '"x"', 422, ""],
  ["a number", "42", 422, ""],
  ["a key that stands twice", '{"trigger":"flag","trigger":"budget"}', 422, "/trigger"],
  [
    "a key that stands twice, far down",
    withArgs('{"list":[1,{"a":{"b ":1,"\\u0062 ":2}}]}'),
    422,
    "/action/args/list/1/a/b ",
  ],
  [
    "10,000 levels",
    withArgs(`${"[".repeat(10_000)}${"]".repeat(10_000)}`),
    422,
    `/action/args${"/0".repeat(30)}`,
  ],
  [
    "33 levels",
    withArgs(`{"a":${"[".repeat(30)}${"]".repeat(30)}}`),
    422,
    `/action/args/a${"/0".repeat(29)}`,
  ],
  ["__proto__", withArgs('{"__proto__":{"admin":true}}'), 422, "/action/args/__proto__"],
  ["an escaped __proto__", withArgs('{"__pr\\u006fto__":1}'), 422, "/action/args/__proto__"],
  ["constructor", '{"constructor":{"prototype":{}}}', 422, "/constructor"],
  ["prototype", withArgs('{"a":{"prototype":1}}'), 422, "/action/args/a/prototype"],
  ["NaN", withArgs('{"a":NaN}'), 400, ""],
  ["1e400", withArgs('{"a":1e400}'), 422, "/action/args/a"],
  ["2^53 + 1", withArgs('{"a":[0,9007199254740993]}'), 422, "/action/args/a/1"],
  ["-2^53 - 1", withArgs('{"a":-9007199254740993}'), 422, "/action/args/a"],
  ["a number in place of text", withField("summary", 5), 422, "/summary"],
  ["text in place of a number", withField("signal", { confidence: "0.5" }), 422, "/signal/confidence"],
  ["an object in place of a list", withField("options", { name: "x" }), 422, "/options"],
  ["a list in place of an object", withField("action", []), 422, "/action"],
  ["null in place of text", withField("reason", null), 422, "/reason"],
  ["an unknown field", withField("sumary", "x"), 422, "/sumary"],
  ["an unknown field, far down", withField("options", [{ name: "a", titel: "b" }]), 422, "/options/0/titel"],
  ["an unknown field with / and ~ in its name", withField("a/b~c", 1), 422, "/a~1b~0c"],
  ["an agent in the body", withField("agent", "someone-else"), 422, "/agent"],
  ["no trigger", json({ summary: "x", reason: "y" }), 422, "/trigger"],
  ["no summary", json({ trigger: "flag", reason: "y" }), 422, "/summary"],
  ["a blank summary", withField("summary", " \n "), 422, "/summary"],
  ["a summary of 301 characters", withField("summary", "x".repeat(301)), 422, "/summary"],
  ["an unknown trigger", withField("trigger", "panic"), 422, "/trigger"],
  ["UTF-16", Buffer.from(json(REQUEST), "utf16le"), 400, ""],
  [
    "bytes that are not UTF-8",
    Buffer.concat([utf8('{"trigger":"'), Buffer.from([0xc3, 0x28]), utf8('"}')]),
    400,
    "",
  ],
  ["overlong UTF-8", Buffer.concat([utf8('{"trigger":"'), Buffer.from([0xc0, 0xaf]), utf8('"}')]), 400, ""],
  ["a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8(json(REQUEST))]), 400, ""],
  ["half of a surrogate pair", withField("summary", "#").replace("#", "\\ud83d"), 422, "/summary"],
  ["half of a surrogate pair in a key", withArgs('{"\\udfff":1}'), 422, "/action/args/\ufffd"],
  ["NUL", withField("summary", "#").replace("#", "a\\u0000b"), 422, "/summary"],
  ["a raw control character", '{"trigger":"a\u0001"}', 400, ""],
  [
    "a javascript: link",
    withField("links", [{ label: "x", url: "javascript:alert(1)" }]),
    422,
    "/links/0/url",
  ],
  [
    "a link with a password",
    withField("links", [{ label: "x", url: "https://a:b@c.example" }]),
    422,
    "/links/0/url",
  ],
  [
    "a link of 3,001 characters",
    withField("links", [{ label: "x", url: `https://a/${"x".repeat(2_991)}` }]),
    422,
    "/links/0/url",
  ],
  ["a callback over http", withField("callback_url", "http://127.0.0.1/"), 422, "/callback_url"],
  ["a schema that is none", withField("args_schema", { type: "string" }), 422, "/args_schema"],
  [
    "the 30th of February",
    withField("transcript", [{ who: "a", text: "b", at: "2027-02-30T10:00:00Z" }]),
    422,
    "/transcript/0/at",
  ],
  [
    "seconds as a time",
    withField("transcript", [{ who: "a", text: "b", at: 1_700_000_000 }]),
    422,
    "/transcript/0/at",
  ],
  ["a duration of zero", withField("respond_within", "0s"), 422, "/respond_within"],
  ["a negative duration", withField("respond_within", "-5m"), 422, "/respond_within"],
  ["an ISO duration", withField("respond_within", "PT1000000H"), 422, "/respond_within"],
  ["more state than 16 KB", withField("state", "x".repeat(16_385)), 422, "/state"],
  ["a rep that is no mail address", withField("rep", "sarah"), 422, "/rep"],
  ["two options of one name", withField("options", [{ name: "a" }, { name: "a" }]), 422, "/options"],
  ["no verdict allowed", withField("allow", []), 422, "/allow"],
  ["an unknown verdict", withField("allow", ["approve", "yolo"]), 422, "/allow/1"],
  ["a confidence of 1.1", withField("signal", { confidence: 1.1 }), 422, "/signal/confidence"],
  [
    "a budget without a cap",
    withField("signal", { budget: { spent: 1, currency: "GBP" } }),
    422,
    "/signal/budget/cap",
  ],
];

describe("a body", () => {
  it.each(BODIES)("that is or has %s is refused", async (_, body, status, pointer) => {
    const answer = await house.call("POST", "/v1/escalations", { body });
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect([answer.status, answer.json.errors[0].pointer]).toEqual([status, pointer]);
    expect(answer.json).toMatchObject({
      type: expect.stringMatching(/^urn:holdpoint:problem:/),
      title: expect.any(String),
      status,
    });
    expect(answer.json.errors[0].detail).toMatch(/^[A-Z].*[.!?]$/s);
    expect(await house.store.escalations.countOpen()).toBe(0);
  });

  it("never has its values repeated to whoever sent it", async () => {
    const secret = "xoxb-canary";
    const bodies = [
      withField("trigger", secret),
      withField("rep", secret),
      withField("signal", secret),
      `${secret}{`,
      withField("respond_within", secret),
    ];
    for (const body of bodies) {
      const answer = await house.call("POST", "/v1/escalations", { body });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toContain(secret);
    }
    expect(JSON.stringify(house.logged)).not.toContain(secret);
  });

  it("names every place at once", async () => {
    const answer = await house.call("POST", "/v1/escalations", {
      body: { trigger: "x", summary: "", extra: 1 },
    });
    const pointers = answer.json.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.toSorted()).toEqual(["/extra", "/reason", "/summary", "/trigger"]);
  });

  it.each([
    ["text/plain", 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/json; charset=utf-16", 415],
    ["application/json-patch+json", 415],
    ["garbage", 415],
  ])("called %s is refused with %i", async (type, status) => {
    const answer = await house.call("POST", "/v1/escalations", {
      body: json(REQUEST),
      headers: { "content-type": type },
    });
    expect([answer.status, answer.json.status]).toEqual([status, status]);
  });

  it("that is compressed is refused with 415", async () => {
    const headers = { "content-encoding": "gzip" };
    const answer = await house.call("POST", "/v1/escalations", { body: gzipSync(json(REQUEST)), headers });
    expect(answer.status).toBe(415);
  });

  it.each([256 * 1024 + 1, 10 * 1024 * 1024])("of %i bytes is refused with 413", async (bytes) => {
    const answer = await raw(
      `POST /v1/escalations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${house.agent.key}\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n{`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain("application/problem+json");
  });

  it("of 256 KB in chunks, and one more byte, is refused with 413", async () => {
    const chunk = `8000\r\n${" ".repeat(0x8000)}\r\n`;
    const answer = await raw(
      `POST /v1/escalations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${house.agent.key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(9)}0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });
});

describe("what is hard to read and not wrong", () => {
  it.each([
    ["32 levels", withArgs(`{"a":${"[".repeat(29)}${"]".repeat(29)}}`)],
    ["-0", withArgs('{"a":-0}')],
    ["2^53 - 1", withArgs('{"a":9007199254740991}')],
    [
      "strings full of quotation marks, backslashes and colons",
      withArgs(json({ 'a":"b': '\\":{"a":1,"a":2}\\\\', "\\": "\\\\" })),
    ],
    [
      "the same key in two objects",
      withArgs('[{"a":1},{"a":2}]').replace('"args":[', '"args":{"x":[').replace("]}", "]}}"),
    ],
    ["bidi overrides, zero-width and tag characters", withField("summary", "a\u202eb\u200bc\u{e0041}")],
    ["Zalgo", withField("summary", `a${"\u0301".repeat(250)}`)],
    ["10,000 newlines", withField("context", [{ label: "x", value: "\n".repeat(8_000) }])],
    [
      "card, Markdown and SQL as text",
      withField("summary", "<!channel> [x](y) {{z}} '; DROP TABLE escalations; -- =1+1"),
    ],
    ["an emoji", withField("summary", "\\ud83d\\ude00").replaceAll("\\\\u", "\\u")],
    ["a charset that JSON has anyway", json(REQUEST)],
  ])("is taken: %s", async (_, body) => {
    const answer = await house.call("POST", "/v1/escalations", {
      body,
      headers: { "content-type": "application/json; charset=utf-8" },
    });
    expect([answer.status, answer.json?.errors]).toEqual([202, undefined]);
  });
});

describe("a path", () => {
  it.each([
    "/v1/escalations/1",
    "/v1/escalations/esc_%2e%2e",
    "/v1/escalations/esc_01JHS%0d%0a00000000000000000",
    `/v1/escalations/esc_${"0".repeat(256)}`,
    "/v1/escalations/esc_01JHS000000000000000000000'--",
    "/v1/escalations/..%2f..%2fetc",
    "/v1/nothing",
    "/nothing",
  ])("that leads nowhere gets 404: %s", async (path) => {
    const answer = await house.call("GET", path);
    expect([answer.status, answer.json.status]).toEqual([404, 404]);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  });

  it("that cannot be decoded gets 4xx", async () => {
    const answer = await house.call("GET", "/v1/escalations/%ff%zz");
    expect([answer.status, answer.json.status]).toEqual([400, 400]);
  });

  it("with another method says which ones it takes", async () => {
    const answer = await house.call("PATCH", "/v1/escalations");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST, GET, HEAD"]);
    const other = await house.call("DELETE", "/v1/state");
    expect([other.status, other.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it.each(["__proto__", "constructor", "x".repeat(5_000)])(
    "with an unknown parameter is refused: %s",
    async (name) => {
      const answer = await house.call("GET", `/v1/state?${name}=1`);
      expect(answer.status).toBe(422);
    },
  );
});

describe("a charter", () => {
  const put = (body: object, id = "renewals") =>
    house.call("PUT", `/v1/agents/${id}`, { key: house.adminKey, body });
  it("is refused with what is missing, misspelt or unknown", async () => {
    const { goal: _, ...rest } = CHARTER;
    const answer = await put({
      charter: {
        ...rest,
        triggers: { low_confidense: {} },
        ownership: { owner: "sarah", respond_within: { high: "soon" } },
      },
    });
    const pointers = answer.json.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers).toEqual([
      "/charter/goal",
      "/charter/triggers/low_confidense",
      "/charter/ownership/respond_within/high",
    ]);
  });
  it("is refused where a condition has none of the allowed forms", async () => {
    const ask = [{ action: "discount", when: { percent: { abve: 15 } } }, 7];
    const answer = await put({ charter: { ...CHARTER, actions: { ask_first: ask } } });
    const pointers = answer.json.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers).toEqual([
      "/charter/actions/ask_first/0/when/percent/abve",
      "/charter/actions/ask_first/1",
    ]);
  });
  it("is refused under an id that has another meaning, or that is not the one in the body", async () => {
    expect((await put({ charter: CHARTER }, "admin")).json.errors[0].pointer).toBe("/id");
    expect((await put({ charter: CHARTER, id: "other" })).json.errors[0].pointer).toBe("/id");
  });
});

describe("what is no HTTP", () => {
  it.each([
    ["garbage", "hello\r\n\r\n", /^HTTP\/1.1 400 /],
    ["headers without end", `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
    [
      "two lengths",
      "POST /v1/escalations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      /^HTTP\/1.1 400 /,
    ],
    [
      "a length and chunks",
      "POST /v1/escalations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      /^HTTP\/1.1 400 /,
    ],
    ["no host", "GET /healthz HTTP/1.1\r\n\r\n", /^HTTP\/1.1 400 /],
  ])("gets 4xx: %s", async (_, text, status) => {
    expect(await raw(text)).toMatch(status);
  });
});

/** Everything the server says to these bytes until it hangs up, or has said its headers and fallen silent. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(house.url);
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on("data", (data) => {
      answer += data;
      if (answer.includes("\r\n\r\n")) socket.end();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", (error) => (answer ? resolve(answer) : reject(error)));
  });
}
