/** Who gets in, for how long, and how they leave. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentId } from "../../src/domain/ids.ts";
import { HOUR, MINUTE } from "../../src/domain/time/time.ts";
import { flashOf, formWith, type House, JAMES, openHouse, SARAH, signedIn, WILL } from "./console-house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const ours = { origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000", "sec-fetch-site": "same-origin" };
const form = { ...ours, "content-type": "application/x-www-form-urlencoded" };

describe("a sign-in link", () => {
  it("signs nobody in by being opened: a button does", async () => {
    const link = await house.deps.signIn.linkFor(SARAH.id);
    for (const _ of [1, 2, 3]) {
      const opened = await house.app.inject({ method: "GET", url: link, headers: ours });
      expect(opened.statusCode).toBe(200);
      expect(opened.headers["set-cookie"]).toBeUndefined();
      expect(opened.body).toContain("Sign in as Sarah Chen");
    }
    const used = await house.app.inject({ method: "POST", url: link, headers: form });
    expect(used.statusCode).toBe(303);
    expect(String(used.headers["set-cookie"])).toMatch(
      /holdpoint_session=[\w-]{43};.*HttpOnly.*SameSite=Lax/,
    );
  });

  it("works once", async () => {
    const link = await house.deps.signIn.linkFor(SARAH.id);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => house.app.inject({ method: "POST", url: link, headers: form })),
    );
    expect(answers.map((answer) => answer.statusCode).toSorted()).toEqual([303, 410, 410, 410]);
  });

  it("works for fifteen minutes and no longer", async () => {
    const [soon, late] = [
      await house.deps.signIn.linkFor(SARAH.id),
      await house.deps.signIn.linkFor(SARAH.id),
    ];
    house.move(15 * MINUTE - 1);
    expect((await house.app.inject({ method: "POST", url: soon, headers: form })).statusCode).toBe(303);
    house.move(1);
    const refused = await house.app.inject({ method: "POST", url: late, headers: form });
    expect(refused.statusCode).toBe(410);
    expect(refused.body).toContain("Ask the operator for a link.");
  });

  it("outlives a restart, and only its hash is kept", async () => {
    const link = await house.deps.signIn.linkFor(SARAH.id);
    const code = link.slice("/signin/".length);
    expect(await house.store.notes.get(`console.link.${code}`)).toBeUndefined();
    const restarted = await house.serve();
    expect((await restarted.inject({ method: "POST", url: link, headers: form })).statusCode).toBe(303);
    await restarted.close();
  });

  it("is refused when nobody made it", async () => {
    for (const code of ["x", "..", "a".repeat(43), "%2e%2e%2f", "__proto__"]) {
      const answer = await house.app.inject({ method: "POST", url: `/signin/${code}`, headers: form });
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.headers["set-cookie"]).toBeUndefined();
    }
  });

  it("of the operator asks who one is, and a missing choice does not cost the link", async () => {
    const link = await house.deps.signIn.linkFor(null);
    const asked = await house.app.inject({ method: "GET", url: link, headers: ours });
    expect(asked.body).toContain("Who are you?");
    for (const payload of ["", "person=nobody"]) {
      const unclear = await house.app.inject({ method: "POST", url: link, headers: form, payload });
      expect(unclear.statusCode).toBe(422);
      expect(unclear.body).toContain("Choose who you are.");
    }
    const chosen = await house.app.inject({
      method: "POST",
      url: link,
      headers: form,
      payload: "person=sarah",
    });
    expect(chosen.statusCode).toBe(303);
  });

  it("of one person does not let them choose to be another", async () => {
    const link = await house.deps.signIn.linkFor(WILL.id);
    const answer = await house.app.inject({
      method: "POST",
      url: link,
      headers: form,
      payload: "person=sarah",
    });
    const cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
    const page = await house.app.inject({ method: "GET", url: "/", headers: { ...ours, cookie } });
    expect(page.body).toContain("Will Visitor");
  });

  it("leads on to the page one wanted to see", async () => {
    const wanted = `/escalations/${await house.raise()}`;
    const closed = await house.app.inject({ method: "GET", url: wanted, headers: ours });
    expect(closed.statusCode).toBe(401);
    const cookie = String(closed.headers["set-cookie"]).split(";")[0] ?? "";
    const link = await house.deps.signIn.linkFor(SARAH.id);
    const used = await house.app.inject({ method: "POST", url: link, headers: { ...form, cookie } });
    expect(used.headers.location).toBe(wanted);
  });

  it("is written into the audit trail when it is used", async () => {
    await signedIn(house, SARAH);
    const [line] = await house.store.audit.latest(1);
    expect(line).toMatchObject({
      kind: "console.signed_in",
      actor: { id: "sarah", account: "console:sarah" },
    });
  });
});

describe("a session", () => {
  it("carries the __Host- prefix and Secure over https", async () => {
    const secure = await openHouse({ publicUrl: "https://holdpoint.example" });
    const sarah = await signedIn(secure, SARAH);
    expect([...sarah.cookies.keys()]).toContain("__Host-holdpoint_session");
    expect(sarah.entered.status).toBe(200);
    expect(sarah.entered.headers["strict-transport-security"]).toMatch(/max-age/);
    await secure.close();
  });

  it("ends after half an hour without a request", async () => {
    const sarah = await signedIn(house, SARAH);
    for (const _ of [1, 2, 3]) {
      house.move(29 * MINUTE);
      expect((await sarah.get("/")).status).toBe(200);
    }
    house.move(30 * MINUTE);
    expect((await sarah.get("/")).status).toBe(401);
  });

  it("is not kept alive by a page that only keeps itself up to date", async () => {
    const sarah = await signedIn(house, SARAH);
    for (const _ of [1, 2, 3]) {
      house.move(10 * MINUTE);
      await sarah.get("/", { "x-holdpoint-live": "1" });
    }
    expect((await sarah.get("/")).status).toBe(401);
  });

  it("ends after twelve hours in any case", async () => {
    const sarah = await signedIn(house, SARAH);
    for (let passed = 0; passed < 12 * HOUR - 20 * MINUTE; passed += 20 * MINUTE) {
      house.move(20 * MINUTE);
      expect((await sarah.get("/")).status).toBe(200);
    }
    house.move(20 * MINUTE);
    expect((await sarah.get("/")).status).toBe(401);
  });

  it("outlives a restart", async () => {
    const sarah = await signedIn(house, SARAH);
    const restarted = await house.serve();
    const cookie = [...sarah.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    expect(
      (await restarted.inject({ method: "GET", url: "/", headers: { ...ours, cookie } })).statusCode,
    ).toBe(200);
    await restarted.close();
  });

  it("ends with signing out, for a stolen cookie too", async () => {
    const sarah = await signedIn(house, SARAH);
    const cookie = [...sarah.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const out = await sarah.post("/sign-out", formWith((await sarah.get("/")).body, "Sign out").hidden);
    expect(out.status).toBe(401);
    const stolen = await house.app.inject({ method: "GET", url: "/", headers: { ...ours, cookie } });
    expect(stolen.statusCode).toBe(401);
  });

  it("ends when the person is taken out of the directory", async () => {
    const sarah = await signedIn(house, SARAH);
    house.staff.splice(house.staff.indexOf(SARAH), 1);
    expect((await sarah.get("/")).status).toBe(401);
  });

  it("of the operator looks at everything, pauses, and decides nothing", async () => {
    const id = await house.raise();
    const operator = await signedIn(house, null);
    expect((await operator.get("/audit")).status).toBe(200);
    const page = await operator.get(`/escalations/${id}`);
    expect(page.body).not.toContain(">Approve</button>");
    expect(page.body).toContain("Holdpoint does not know your console account");
    const paused = await operator.use("/agents/content-distribution", "Pause", {
      "f.for": "2h",
      "f.reason": "strange posts",
    });
    expect(flashOf(paused.body)).toBe("Content distribution is paused");
  });

  it("of the operator is not that of a person who happens to be called so", async () => {
    const named = { ...WILL, id: "operator" as typeof WILL.id, name: "Olga Operator" };
    const other = await openHouse({ people: [SARAH, JAMES, named] });
    const operator = await signedIn(other, null);
    await operator.use("/agents/trial-nurture", "Pause", { "f.for": "open", "f.reason": "strange" });
    const [hold] = other.deps.holdIndex.of("trial-nurture" as AgentId).holds;
    expect(hold?.placedBy).toEqual({ id: "console:@operator", name: "Operator" });
    await other.close();
  });
});
