/** The loopback Slack workspace in a process of its own, and the people in it: each presses Approve on what they are asked. */
import { Agent, get } from "node:http";
import manifest from "../../manifests/slack.json" with { type: "json" };
import { slackPerson } from "../../test/support/slack-person.ts";
import { type Message, startSlackWorkspace } from "../../test/support/slack-workspace/index.ts";
import { burst, settle } from "./burst.ts";
import type { Clicking, ClickTimes, WorkplaceEnv, WorkplaceJob } from "./clicks.ts";
import { escalation } from "./escalation.ts";

const accounts = process.argv.slice(2);
const workspace = await startSlackWorkspace({
  manifest,
  users: accounts.map((id) => ({ id, name: id.toLowerCase(), real_name: id })),
  channels: ["C0REVIEW", "C0AGENTS"].map((id) => ({ id, name: id.toLowerCase(), members: accounts })),
});
const env: WorkplaceEnv = {
  SLACK_BOT_TOKEN: workspace.botToken,
  SLACK_SIGNING_SECRET: workspace.signingSecret,
  SLACK_API_URL: workspace.apiUrl,
};
const connections = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

process.on("message", (job: WorkplaceJob) => {
  work(job).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
  );
});

async function work(job: WorkplaceJob): Promise<object> {
  switch (job.do) {
    case "introduce":
      return { env };
    case "click":
      return { times: await click(job) };
    case "burst":
      return { burst: await burst(workspace, job) };
    case "settle":
      return { settled: await settle(workspace, job, accounts) };
  }
}

/** Longer than Slack's second between two messages in a conversation. */
const BETWEEN_CARDS_MS = 1_500;
/** The fifth request for one person within a minute would be a row of a queue card: this many in a row, and then a minute. */
const TURNS_BEFORE_A_CROWD = 4;
const CROWD_IS_OVER_MS = 61_000;

/** How often everybody was asked so far: no two cards have the same words. */
let turns = 0;

interface Asked {
  readonly id: string;
  readonly key: string;
  readonly summary: string;
  readonly owner: string;
}

async function click(clicking: Clicking): Promise<readonly ClickTimes[]> {
  const { url, teams, rounds, perSecond, waiting } = clicking;
  workspace.setEventsUrl(`${url}/slack/events`);
  for (let at = 0; at < waiting; at++)
    void keepWaiting(`${url}/v1/state?wait=60`, teams[at % teams.length]?.idleKey ?? "");

  const times: ClickTimes[] = [];
  for (let round = 0; round < rounds; round++) {
    // One by one, so that nobody's requests share a card: a conversation takes one message a second.
    const number = ++turns;
    const crowded = number > 1 && number % TURNS_BEFORE_A_CROWD === 1;
    await new Promise((resolve) => setTimeout(resolve, crowded ? CROWD_IS_OVER_MS : BETWEEN_CARDS_MS));
    const asked = await Promise.all(teams.map((team) => ask(url, team, number)));
    await workspace.until(() => asked.every(cardOf), "a card for every request", 120_000);
    const cards = new Map(asked.map((one) => [one, cardOf(one)]));
    const began = performance.now();
    const clicks = asked.map(async (one, at) => {
      await new Promise((resolve) =>
        setTimeout(resolve, Math.max(0, began + (at * 1_000) / perSecond - performance.now())),
      );
      return approve(url, one, cards.get(one));
    });
    const both = await Promise.all(clicks);
    times.push({
      acknowledged: both.map(({ acknowledged }) => acknowledged),
      answered: both.map(({ answered }) => answered),
    });
  }
  return times;
}

async function ask(
  url: string,
  { agent, key, account }: Clicking["teams"][number],
  number: number,
): Promise<Asked> {
  const summary = `Request ${number} of ${agent} about an agreement`;
  const response = await fetch(`${url}/v1/escalations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ ...escalation(agent), summary }),
  });
  if (response.status !== 202)
    throw new Error(`${agent} was answered with ${response.status}: ${await response.text()}`);
  const { id } = (await response.json()) as { readonly id: string };
  return { id, key, summary, owner: account };
}

/** By its one line: the card of another request may name this one, as what its agent still waits for. */
function cardOf({ owner, summary }: Asked): Message | undefined {
  return slackPerson(workspace, owner)
    .cards()
    .find(({ text }) => text.includes(summary));
}

/** From the press on: milliseconds to its acknowledgement, and to the answer of the agent's long-poll. */
async function approve(url: string, asked: Asked, card: Message | undefined) {
  if (card === undefined) throw new Error(`${asked.owner} has no card about "${asked.summary}"`);
  const poll = getText(`${url}/v1/escalations/${asked.id}?wait=60`, asked.key).then((text) => ({
    text,
    at: performance.now(),
  }));
  await new Promise((resolve) => setTimeout(resolve, 20)); // the poll is there before the press
  const pressed = performance.now();
  const [answer, { text, at }] = await Promise.all([
    slackPerson(workspace, asked.owner).press("Approve", card),
    poll,
  ]);
  if (answer.outcome !== "acknowledged")
    throw new Error(`a press was ${answer.outcome}: ${JSON.stringify(answer.body)}`);
  const { status } = JSON.parse(text) as { readonly status: string };
  if (status !== "decided") throw new Error(`${asked.id} is ${status} after its approval`);
  return { acknowledged: answer.ms, answered: at - pressed };
}

/** An agent with nothing to do: it asks again whenever it is answered. */
async function keepWaiting(url: string, key: string): Promise<void> {
  for (;;) {
    try {
      await getText(url, key);
    } catch {
      return; // the server has ended
    }
  }
}

function getText(url: string, key: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = get(
    url,
    { agent: connections, headers: { authorization: `Bearer ${key}` } },
    (response) => {
      response.setEncoding("utf8");
      let text = "";
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    },
  );
  request.on("error", reject);
  return promise;
}
