/** What refuses to start, and what it says to set. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";

const nothing = () => undefined;
const SLACK = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "8f742231b10e8888abcd99yyyzzz85a5" };
const EXAMPLE = readFileSync(new URL("../examples/holdpoint.yaml", import.meta.url), "utf8");

function problems(env: Record<string, string>, file?: string): string {
  try {
    readConfig(env, () => file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join("\n");
    throw error;
  }
  return "";
}

describe("with nothing configured", () => {
  it("listens on loopback, keeps SQLite in ./data, and whoever runs it owns what it watches", () => {
    const config = readConfig({}, nothing);
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 3000,
      databaseUrl: "sqlite:./data/holdpoint.db",
    });
    expect(config.people.map((person) => person.name)).toEqual(["Operator"]);
    expect(config.slack).toBeNull();
  });
});

describe("an unsafe start is refused, and told what to set", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      "a bot token without a signing secret",
      { SLACK_BOT_TOKEN: "xoxb-1" },
      /SLACK_SIGNING_SECRET is missing: copy it/,
    ],
    ["an empty signing secret", { ...SLACK, SLACK_SIGNING_SECRET: "" }, /SLACK_SIGNING_SECRET is missing/],
    ["a signing secret that is none", { ...SLACK, SLACK_SIGNING_SECRET: "abc" }, /too short/],
    [
      "a signing secret without a bot token",
      { SLACK_SIGNING_SECRET: SLACK.SLACK_SIGNING_SECRET },
      /SLACK_BOT_TOKEN/,
    ],
    [
      "a user's token in the bot's place",
      { ...SLACK, SLACK_BOT_TOKEN: "xoxp-1" },
      /does not start with xoxb-/,
    ],
    ["an app token that is none", { ...SLACK, SLACK_APP_TOKEN: "xoxb-1" }, /xapp-/],
    ["a Slack API in the clear", { ...SLACK, SLACK_API_URL: "http://slack.example/api/" }, /SLACK_API_URL/],
    ["unauthenticated requests", { DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS: "1" }, /Remove it/],
    [
      "a phrase for a secret",
      { HOLDPOINT_SECRET: "correct horse battery staple" },
      /openssl rand -base64 32/,
    ],
    ["a secret of one byte", { HOLDPOINT_SECRET: Buffer.alloc(32, 7).toString("base64") }, /openssl rand/],
    ["a short secret", { HOLDPOINT_SECRET: Buffer.from("0123456789").toString("base64") }, /openssl rand/],
    ["an administrator's key of another shape", { HOLDPOINT_ADMIN_KEY: "admin" }, /hp_admin_/],
    ["plain http beyond this machine", { HOLDPOINT_PUBLIC_URL: "http://holdpoint.example" }, /Use https/],
    ["listening beyond this machine without an address", { HOST: "0.0.0.0" }, /set HOLDPOINT_PUBLIC_URL/],
    ["a public address with a query", { HOLDPOINT_PUBLIC_URL: "https://h.example/?a=1" }, /plain address/],
    ["a port that is none", { PORT: "http" }, /PORT is not a port/],
    ["a database nobody knows", { DATABASE_URL: "mysql://localhost/x" }, /DATABASE_URL/],
    [
      "Postgres without a shared secret",
      { DATABASE_URL: "postgres://localhost/x" },
      /HOLDPOINT_SECRET is required/,
    ],
    ["a configuration file that is not there", { HOLDPOINT_CONFIG: "/nowhere.yaml" }, /cannot be read/],
  ])("%s", (_, env, words) => {
    expect(problems(env)).toMatch(words);
  });

  it("says every problem at once", () => {
    expect(problems({ PORT: "x", HOLDPOINT_ADMIN_KEY: "y", HOLDPOINT_SECRET: "z" }).split("\n")).toHaveLength(
      3,
    );
  });
});

describe("holdpoint.yaml", () => {
  it("is read whole: people by their accounts, agents by their charters", () => {
    const config = readConfig({}, () => EXAMPLE);
    expect(config.people.find(({ id }) => id === "sarah")).toMatchObject({
      accounts: { slack: "U0SARAH" },
      roles: ["admin"],
    });
    expect(config.agents.map(({ id }) => id)).toEqual([
      "trial-nurture",
      "renewal-assistant",
      "content-distribution",
    ]);
  });

  it.each<[string, string, string, RegExp]>([
    ["an owner nobody knows", "owner: james,", "owner: jams,", /nobody in the people list has the id jams/],
    [
      "a missing part of a charter",
      '      review: { daily: "08:30"',
      '      reviews: { daily: "08:30"',
      /review is missing: a charter has six parts/,
    ],
    ["an account that two people share", "slack: U0JAMES", "slack: U0SARAH", /stands twice/],
    ["an agent twice", "id: renewal-assistant", "id: trial-nurture", /trial-nurture stands twice/],
    ["a person called rep", "id: cmo", "id: rep", /choose another id/],
    [
      "a trigger that is misspelt",
      "low_confidence: { below: 0.75 }",
      "low_confidance: { below: 0.75 }",
      /low_confidance/,
    ],
    ["a zone nobody knows", "timezone: Europe/London", "timezone: Europe/Londn", /IANA time zone/],
    [
      "a key written twice",
      "goal: { outcome: Renew",
      "goal: {}\n      goal: { outcome: Renew",
      /duplicated mapping key \(\d+:\d+\)/,
    ],
    ["two documents in one file", "people:", "---\na: 1\n---\npeople:", /more than one YAML document/],
  ])("is refused for %s", (_, good, bad, words) => {
    expect(EXAMPLE).toContain(good);
    expect(problems({}, EXAMPLE.replace(good, bad))).toMatch(words);
  });
});
