/** Who may do what: every kind of person against every verb. */
import { describe, expect, it } from "vitest";
import { reassign } from "../../../src/domain/escalation/attend.ts";
import { authorize, deciders, type Verb } from "../../../src/domain/escalation/authorize.ts";
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import { type Actor, directory, type Standing } from "../../../src/domain/people.ts";
import { wording } from "../../../src/domain/refusal.ts";
import { DAY } from "../../../src/domain/time/time.ts";
import { actor, agent, allowed, changed, charter, NOW, open, people, person } from "../scene.ts";

const COLUMNS = "see approve edit reject respond dismiss acknowledge reassign flag pause resume audit replay";
const VERBS = COLUMNS.split(" ") as Verb[];

/** Raised for rita, who is the rep, at the wish of milo; so far only sarah was asked. */
const asked = open({ rep: "rita@example.com", requested_by: "milo@example.com" }).escalation;
const late: Escalation = { ...asked, stage: 2, asked: ["sarah", "james", "cmo"].map((id) => person(id).id) };
const passedOn = changed(allowed(reassign(asked, actor("sarah"), person("zoe"), NOW)));
const wished = (by: string): Escalation => ({ ...asked, request: { ...asked.request, requested_by: by } });

const under = charter();
const without = (change: object) => charter({ ownership: change });
const everybody = directory([...people.people, person("zoe")]);

/*
 * The matrix, one letter per verb: Y may, anything else may not. Not here, because other parts answer for them: an agent's
 * own key (the API), a session that is stale (the console), the second of two approvers (`quorum.test.ts`), and changing a
 * charter (an administrator's key).
 *
 * see approve edit reject respond dismiss acknowledge reassign flag pause resume audit replay
 */
const MATRIX: [who: string, cells: string, id: string, Escalation, charter?: typeof under][] = [
  ["the owner", "YYYYYYY Y YYY n Y", "sarah", asked],
  ["a deputy", "YYYYYYY n YYY n n", "james", asked],
  ["an approver", "YYYYYYY n YYn n n", "nina", asked],
  ["the rep, where the charter lets the rep decide", "YYYYYYY n YYn n n", "rita", asked],
  ["the rep, where it does not", "Ynnnnnn n YYn n n", "rita", asked, without({ approvers: [] })],
  [
    "the rep of a customer who asks for a person",
    "YYYYYYY Y YYn n n",
    "rita",
    customer(),
    without({ approvers: [] }),
  ],
  ["somebody of a later stage, before it is asked", "Ynnnnnn n YYn n n", "cmo", asked],
  ["somebody of a later stage, once it is asked", "YYYYYYY Y YYn n n", "cmo", late],
  ["somebody asked by reassignment", "YYYYYYY Y YYn n n", "zoe", passedOn],
  ["a deputy for some days, for what they were asked", "YYYYYYY n YYn n n", "zoe", standingIn("sarah")],
  ["a deputy for some days, for anything else", "Ynnnnnn n YYn n n", "zoe", asked],
  [
    "a deputy for some days of somebody who has left the charter",
    "Ynnnnnn n YYn n n",
    "zoe",
    standingIn("sarah"),
    without({ owner: "milo" }),
  ],
  [
    "a deputy for some days of somebody who might not decide either",
    "Ynnnnnn n YYn n n",
    "zoe",
    standingIn("otto"),
  ],
  ["a colleague whom nothing names", "Ynnnnnn n YYn n n", "zoe", asked],
  ["the requester", "YnnYnnn n YYn n n", "milo", asked],
  ["an approver who is the requester", "YnnYYYY n YYn n n", "nina", wished("nina")],
  ["an owner who is the requester", "YnnYYYY Y YYY n Y", "sarah", wished("SARAH@example.com")],
  ["an administrator", "Ynnnnnn Y YYY Y Y", "ada", asked],
  ["an administrator who owns the agent", "YYYYYYY Y YYY Y Y", "ada", asked, without({ owner: "ada" })],
  ["an auditor", "Ynnnnnn n YYn Y n", "otto", asked],
  [
    "an owner who was replaced since the card was posted",
    "Ynnnnnn n YYn n n",
    "sarah",
    asked,
    without({ owner: "milo" }),
  ],
  [
    "somebody who was asked and has left the charter since",
    "Ynnnnnn n YYn n n",
    "cmo",
    late,
    without({ escalate_to: [] }),
  ],
];

/** Asked in the place of somebody who is away. */
function standingIn(of: string): Escalation {
  const zoe = person("zoe").id;
  const standIn = { person: zoe, for: person(of).id, until: NOW + DAY, since: NOW };
  return { ...asked, asked: [zoe], standIns: [standIn] };
}

function customer(): Escalation {
  return open({ trigger: "human_requested", rep: "rita@example.com" }).escalation;
}

describe.each(MATRIX)("%s (%s)", (_, cells, id, escalation, inForce = under) => {
  const letters = [...cells.replaceAll(" ", "")];
  it.each(VERBS.map((verb, at) => [letters[at] === "Y" ? "may" : "may not", verb] as const))(
    "%s %s",
    (may, verb) => {
      const refused = authorize(actor(everybody.find(id) ?? id), verb, {
        charter: inForce,
        people: everybody,
        escalation,
      });
      expect(refused === null ? "may" : "may not").toBe(may);
      expect(letters).toHaveLength(VERBS.length);
    },
  );
});

describe.each<Standing>(["guest", "stranger", "deactivated", "bot", "anonymous"])(
  "a %s account",
  (standing) => {
    it.each(VERBS)("may not %s, not even with the owner's own account", (verb) => {
      for (const who of [
        actor("sarah", { standing }),
        actor("ada", { standing }),
        actor("nobody", { standing }),
      ]) {
        expect(authorize(who, verb, { charter: under, people, escalation: asked })).toEqual({
          code: "no_standing",
          standing,
        });
      }
    });
  },
);

describe("a member whom the people list does not know", () => {
  it.each(VERBS)("may only stop things: %s", (verb) => {
    const refused = authorize(actor("newcomer"), verb, { charter: under, people, escalation: asked });
    expect(refused).toEqual(
      verb === "pause" || verb === "flag" ? null : { code: "not_in_directory", surface: "slack" },
    );
  });

  it("is no owner by bearing the owner's name", () => {
    const namesake: Actor = { ...actor("newcomer"), name: "Sarah" };
    expect(authorize(namesake, "approve", { charter: under, people, escalation: asked })?.code).toBe(
      "not_in_directory",
    );
  });
});

describe("a refusal", () => {
  const told = (id: string, verb: Verb, inForce = under) =>
    authorize(actor(id), verb, { charter: inForce, people, escalation: asked });

  it("names the owner, tells a later stage that it is asked later, and the requester that somebody else must", () => {
    expect(told("otto", "approve")).toEqual({ code: "not_yours", owner: "Sarah" });
    expect(told("cmo", "approve")).toEqual({ code: "not_yet_yours", owner: "Sarah" });
    expect(told("milo", "edit")).toEqual({ code: "own_request" });
    expect(told("nina", "resume")).toEqual({ code: "may_not_resume", owner: "Sarah" });
  });

  it("is worded for whoever hears it, and says what to do or that nothing changed", () => {
    const said = [
      told("otto", "approve"),
      told("cmo", "approve"),
      told("milo", "edit"),
      told("nina", "resume"),
    ];
    for (const refused of said) expect(refused && wording(refused, String)).toMatch(/Sarah|somebody else/);
  });
});

describe("an empty list of approvers", () => {
  const nobody = without({ owner: "ghost", deputies: ["ghost"], approvers: ["rep"], escalate_to: [] });
  const about = { charter: nobody, people, escalation: open({}, { agent: agent(nobody) }).escalation };

  it("means nobody: no verdict of anyone's counts", () => {
    expect(deciders(about)).toEqual([]);
    for (const one of people.people) {
      for (const verb of ["approve", "edit", "reject", "respond", "dismiss", "acknowledge"] as const) {
        expect(authorize(actor(one), verb, about)).toEqual({ code: "nobody_may_decide" });
      }
    }
  });

  it("means nobody for the requester too, who might otherwise stop it", () => {
    const requested = open({ requested_by: "milo" }, { agent: agent(nobody) }).escalation;
    expect(authorize(actor("milo"), "reject", { ...about, escalation: requested })?.code).toBe(
      "nobody_may_decide",
    );
  });

  it("is not empty while anybody in it is known, the rep of the request included", () => {
    expect(deciders({ charter: under, people }).map(({ id }) => id)).toEqual([
      "sarah",
      "james",
      "nina",
      "cmo",
    ]);
    expect(deciders({ ...about, escalation: asked }).map(({ id }) => id)).toEqual(["rita"]);
  });
});
