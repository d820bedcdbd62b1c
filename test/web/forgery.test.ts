/** Requests that another site, another sign-in or nobody at all has made: each is refused and changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EscalationId } from "../../src/domain/ids.ts";
import { formWith, type House, JAMES, openHouse, SARAH, signedIn } from "./console-house.ts";

let house: House;
let id: EscalationId;
let cookie: string;
let approve: { readonly action: string; readonly hidden: Readonly<Record<string, string>> };
let foreignCsrf: string;

beforeAll(async () => {
  house = await openHouse();
  id = await house.raise();
  const sarah = await signedIn(house, SARAH);
  approve = formWith((await sarah.get(`/escalations/${id}`)).body, "Approve");
  cookie = [...sarah.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  foreignCsrf = (await signedIn(house, JAMES)).csrf;
});
afterAll(() => house.close());

const origin = "http://127.0.0.1:3000";
const host = "127.0.0.1:3000";
const type = "application/x-www-form-urlencoded";
const good = { origin, host, "sec-fetch-site": "same-origin", "content-type": type };

/** What differs from the request that would be taken. */
const FORGED: readonly (readonly [
  string,
  {
    headers?: Record<string, string | undefined>;
    fields?: Record<string, string>;
    url?: string;
    method?: "GET" | "POST";
    payload?: string;
  },
  number,
])[] = [
  ["from another site", { headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" } }, 403],
  [
    "from another site, in a browser that says only the origin",
    { headers: { origin: "https://evil.example", "sec-fetch-site": undefined } },
    403,
  ],
  ["from another site that hides its origin", { headers: { origin: "null" } }, 403],
  ["from a sandboxed frame", { headers: { origin: "null", "sec-fetch-site": "cross-site" } }, 403],
  [
    "from a sibling host",
    { headers: { origin: "http://evil.127.0.0.1:3000", "sec-fetch-site": "same-site" } },
    403,
  ],
  [
    "from another port of this machine",
    { headers: { origin: "http://127.0.0.1:9999", "sec-fetch-site": "same-site" } },
    403,
  ],
  [
    "from another port, in a browser that says only the origin",
    { headers: { origin: "http://127.0.0.1:9999", "sec-fetch-site": undefined } },
    403,
  ],
  ["from the same name over another scheme", { headers: { origin: "https://127.0.0.1:3000" } }, 403],
  [
    "by a host name that was bent to this machine",
    { headers: { origin: "http://evil.example:3000", host: "evil.example:3000" } },
    403,
  ],
  ["by typing an address", { headers: { "sec-fetch-site": "none" } }, 403],
  [
    "by a client that says nothing of where it comes from",
    { headers: { origin: undefined, "sec-fetch-site": undefined } },
    403,
  ],
  [
    "with an origin that only begins like ours",
    { headers: { origin: "http://127.0.0.1:3000.evil.example" } },
    403,
  ],
  ["without the form's token", { fields: { csrf: "" } }, 403],
  ["with a token that is one character off", { fields: { csrf: "A".repeat(43) } }, 403],
  ["with the token of another sign-in", { fields: { csrf: "foreign" } }, 403],
  ["with the token in the address", { fields: { csrf: "" }, url: "/press?csrf=own" }, 403],
  ["without a cookie", { headers: { cookie: undefined } }, 401],
  ["with a cookie nobody was given", { headers: { cookie: `holdpoint_session=${"A".repeat(43)}` } }, 401],
  [
    "as text, the way a script of another site could send it",
    { headers: { "content-type": "text/plain" } },
    415,
  ],
  ["as JSON", { headers: { "content-type": "application/json" }, payload: "{}" }, 415],
  ["as a file upload", { headers: { "content-type": "multipart/form-data; boundary=x" } }, 415],
  ["by GET", { method: "GET" }, 404],
  [
    "with a button of our making on another thing",
    { fields: { token: "approve.esc_0.1.x.AAAAAAAAAAAAAAAA" } },
    303,
  ],
];

describe("a request that is not ours", () => {
  it.each(FORGED)("is refused: %s", async (_, change, status) => {
    const csrf = approve.hidden.csrf ?? "";
    const fields = { ...approve.hidden, ...change.fields };
    if (fields.csrf === "foreign") fields.csrf = foreignCsrf;
    const payload = change.payload ?? new URLSearchParams(fields).toString();
    const url = (change.url ?? approve.action).replace("own", csrf);
    const headers = Object.fromEntries(
      Object.entries({ ...good, cookie, ...change.headers }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    const method = change.method ?? "POST";
    const answer = await house.app.inject({
      method,
      url,
      headers,
      ...(method === "POST" ? { payload } : {}),
    });
    expect(answer.statusCode).toBe(status);
    expect((await house.store.escalations.find(id))?.status).toBe("open");
  });

  it("is told from the one that is: with nothing changed it decides", async () => {
    const payload = new URLSearchParams(approve.hidden).toString();
    const answer = await house.app.inject({
      method: "POST",
      url: approve.action,
      headers: { ...good, cookie },
      payload,
    });
    expect(answer.statusCode).toBe(303);
    expect((await house.store.escalations.find(id))?.status).toBe("decided");
  });
});

describe("every page", () => {
  const pages = ["/", "/agents", "/history", "/undelivered", "/agents/trial-nurture", "/signin/x"];
  it.each(pages)("may be framed by nobody and runs nothing inline: %s", async (path) => {
    const answer = await house.app.inject({ method: "GET", url: path, headers: { cookie, host } });
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.body).not.toMatch(/<script(?! src)|<style|\son\w+=|\sstyle=/);
  });
});
