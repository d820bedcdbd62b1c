/** What the pages show, and to whom. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MINUTE } from "../../src/domain/time/time.ts";
import { HOSTILE_TEXTS } from "../support/gallery/hostile-texts.ts";
import {
  ANNA,
  flashOf,
  type House,
  JAMES,
  openHouse,
  SARAH,
  signedIn,
  unescaped,
  WILL,
} from "./console-house.ts";
import { SENDING } from "./scene.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

describe("the queue", () => {
  it("tells how to raise a first request when there is none", async () => {
    const { body } = await (await signedIn(house, SARAH)).get("/");
    expect(body).toContain("Nothing is waiting");
    expect(unescaped(body)).toContain("curl -X POST http://127.0.0.1:3000/v1/escalations");
    expect(body).toContain("holdpoint keys create content-distribution");
  });

  it("is calm, and teaches nobody, once everything is decided", async () => {
    await house.decideElsewhere(await house.raise(), SARAH);
    const { body } = await (await signedIn(house, SARAH)).get("/");
    expect(body).toContain("Nothing is waiting");
    expect(body).not.toContain("curl");
  });

  it("shows what waits for this person first, soonest due first, then everything else that is open", async () => {
    const slow = await house.raise({ severity: "low" });
    const fast = await house.raise({ severity: "critical" });
    const others = await house.raise({}, "content-distribution");
    const { body } = await (await signedIn(house, SARAH)).get("/");
    const order = [fast, slow, others].map((id) => body.indexOf(`/escalations/${id}`));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(body.indexOf("Everything else that is open")).toBeGreaterThan(body.indexOf(slow));
    expect(body.indexOf("Everything else that is open")).toBeLessThan(body.indexOf(others));
    expect(body).toContain("<title>(2) Queue");
  });

  it("says how long there is, and how long it is over", async () => {
    await house.raise({ severity: "high" });
    const sarah = await signedIn(house, SARAH);
    expect((await sarah.get("/")).body).toMatch(/due <time[^>]*>in 1 h</);
    house.move(25 * MINUTE);
    expect((await sarah.get("/")).body).toMatch(/due <time[^>]*>in 35 min</);
    house.move(29 * MINUTE);
    await sarah.get("/");
    house.move(29 * MINUTE);
    expect((await sarah.get("/")).body).toMatch(/data-late[^>]*><time[^>]*>23 min over</);
  });

  it("says in words of ours what is asked, and quotes the agent apart from it", async () => {
    await house.raise({ summary: "APPROVED by @ciso. Nothing to do." });
    const { body } = await (await signedIn(house, SARAH)).get("/");
    expect(body).toMatch(/row-title"[^>]*>Trial nurture asks: approve send_email\?</);
    expect(body).toMatch(/row-words"[^>]*>APPROVED by @ciso/);
  });
});

describe("a request's page", () => {
  it("holds everything the agent sent", async () => {
    const id = await house.raise({ state: { thread: 7 }, rep: "will@example.com", group: "trials" });
    const body = unescaped((await (await signedIn(house, SARAH)).get(`/escalations/${id}`)).body);
    for (const text of [
      SENDING.summary,
      SENDING.reason,
      ...SENDING.transcript.map(({ text }) => text),
      ...SENDING.context.map(({ value }) => value),
      "leads to crm.example",
      "will@example.com",
      "trials",
      '"thread": 7',
      '"follow_up_days": 3',
      '"maxLength": 120',
      "contact:4711",
      "Sarah Chen",
      "James Liu",
      "Escalation opened",
    ])
      expect(body).toContain(text);
  });

  it("shows hostile texts as text, everywhere on it", async () => {
    const shape = async (text: string) => {
      const value = text.slice(0, 1_900);
      const id = await house.raise({
        summary: value.slice(0, 300),
        reason: value,
        subject: { type: "contact", id: "1", name: value.slice(0, 200) },
        context: [{ label: value.slice(0, 100), value }],
        transcript: [{ who: value.slice(0, 100), text: value }],
        links: [{ label: value.slice(0, 100), url: "https://crm.example/" }],
        options: [{ name: value.slice(0, 75), title: value.slice(0, 150) }],
        action: { name: "send_email", args: { note: "A line on the card is code, several are a block." } },
        args_schema: undefined,
        state: value,
        group: value.slice(0, 100),
      });
      const { body } = await (await signedIn(house, WILL)).get(`/escalations/${id}`);
      expect(body).not.toMatch(/\p{Bidi_Control}|\u0000|\u200b/u);
      return (body.match(/<[^>]*>/g) ?? []).map((tag) => /^<\/?[a-z0-9]+/.exec(tag)?.[0]);
    };
    const plain = await shape("word");
    for (const name of [
      "html",
      "links that claim to decide",
      "reversed by bidi overrides",
      "zero-width and fillers",
      "a false frame",
      "markdown",
    ]) {
      expect(await shape(HOSTILE_TEXTS[name] ?? ""), name).toEqual(plain);
    }
  });

  it("shows a dead callback by its host alone, and sends it again", async () => {
    const id = await house.raise();
    const callback = await house.giveUpCallback(id);
    const sarah = await signedIn(house, SARAH);
    for (const path of [`/escalations/${id}`, "/undelivered"]) {
      const { body } = await sarah.get(path);
      expect(body).toContain("to agent.example:");
      expect(body).not.toContain("t0p");
      expect(body).toContain('<span class="count">1</span>');
      const again = await sarah.use(path, "Send it again");
      expect(again.at).toBe(path);
      expect(flashOf(again.body)).toBe("It is on its way again.");
    }
    expect(house.replayed).toEqual([`${callback} by sarah`, `${callback} by sarah`]);
  });

  it("that is not there says so", async () => {
    const sarah = await signedIn(house, SARAH);
    for (const path of ["/escalations/esc_0", "/escalations/%00", "/agents/nobody", "/agents/__proto__"]) {
      const { status, body } = await sarah.get(path);
      expect(status, path).toBe(404);
      expect(body).toContain("Not found");
    }
  });
});

describe("an agent's page", () => {
  it("reads out the six parts of its charter", async () => {
    const body = unescaped((await (await signedIn(house, SARAH)).get("/agents/trial-nurture")).body);
    for (const words of [
      ...["Goal", "Action boundaries", "Constraints", "Escalation triggers", "Review rhythm", "Ownership"],
      "discount when percent above 15",
      "change_pricing",
      "£8,000 per month",
      "send_email at most 3 times in 7 d for one subject",
      "confidence below 70 %; medium, holds the agent",
      "Mon 10:00",
      "Version 1, by holdpoint.yaml",
    ])
      expect(body).toContain(words);
  });

  it("names what holds it and links to the request that is waited for", async () => {
    const id = await house.raise();
    const sarah = await signedIn(house, SARAH);
    expect((await sarah.get("/agents")).body).toContain(">Held<");
    const { body } = await sarah.get("/agents/trial-nurture");
    expect(body).toContain(`until <a href="/escalations/${id}">its request</a> is decided`);
    expect(body).toContain("has not confirmed that it has stopped");
    expect(body).not.toContain(">Resume</button>");
  });
});

describe("the history", () => {
  it("goes back page by page without repeating or losing one", async () => {
    const ids = new Set<string>();
    for (let at = 0; at < 120; at++) {
      ids.add(await house.raise({ summary: `number ${at}` }));
      house.move(1);
    }
    const sarah = await signedIn(house, SARAH);
    const seen: string[] = [];
    let path: string | undefined = "/history?status=open&agent=trial-nurture";
    for (let pages = 0; path && pages < 5; pages++) {
      const { body } = await sarah.get(path);
      seen.push(...[...body.matchAll(/href="\/escalations\/([^"]+)"/g)].map(([, id = ""]) => id));
      path = unescaped(/href="(\/history[^"]*)">Older/.exec(body)?.[1] ?? "") || undefined;
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen)).toEqual(ids);
  });

  it("takes nonsense in its address for nothing", async () => {
    await house.raise();
    const sarah = await signedIn(house, SARAH);
    for (const query of [
      "status=x",
      "agent='; DROP TABLE holds",
      "cursor=%00",
      "status=open&status=decided",
    ]) {
      expect((await sarah.get(`/history?${query}`)).status, query).toBe(200);
    }
  });
});

describe("the audit trail", () => {
  it("is for auditors, administrators and the operator", async () => {
    const statuses = await Promise.all(
      [SARAH, JAMES, WILL, ANNA, null].map(
        async (who) => (await (await signedIn(house, who)).get("/audit")).status,
      ),
    );
    expect(statuses).toEqual([403, 403, 403, 200, 200]);
  });

  it("goes back page by page to the first line", async () => {
    for (let at = 0; at < 120; at++) await house.raise();
    const anna = await signedIn(house, ANNA);
    const seen: number[] = [];
    let path: string | undefined = "/audit";
    for (let pages = 0; path && pages < 9; pages++) {
      const { body } = await anna.get(path);
      seen.push(...[...body.matchAll(/ · line (\d+) /g)].map(([, line]) => Number(line)));
      path = /href="(\/audit\?before=\d+)"/.exec(body)?.[1];
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, at) => seen.length - at));
    expect(seen.length).toBeGreaterThan(240);
  });

  it("says whether the chain holds, and where it breaks", async () => {
    const anna = await signedIn(house, ANNA);
    house.audit.lines = 1_234;
    expect(flashOf((await anna.use("/audit", "Verify the chain")).body)).toContain(
      "The chain holds: 1,234 lines",
    );
    house.audit.brokenAt = 77;
    expect(flashOf((await anna.use("/audit", "Verify the chain")).body)).toContain("broken at line 77");
  });

  it("is verified for nobody else", async () => {
    const will = await signedIn(house, WILL);
    expect((await will.post("/audit/verify", { csrf: will.csrf })).status).toBe(403);
  });
});

it("a fault of ours is said in words, without its details", async () => {
  const sarah = await signedIn(house, SARAH);
  const { countOpen } = house.store.escalations;
  Object.assign(house.store.escalations, {
    countOpen: () => Promise.reject(new Error("disk full at /var/lib")),
  });
  const { status, body } = await sarah.get("/");
  Object.assign(house.store.escalations, { countOpen });
  expect(status).toBe(500);
  expect(body).toContain("Something went wrong here");
  expect(body).not.toContain("/var/lib");
});
