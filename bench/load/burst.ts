/** A burst as its owners live through it in the loopback Slack: when the last is told, in how many messages, and when all is settled. */
import { slackPerson } from "../../test/support/slack-person.ts";
import { buttonsOn, type SlackWorkspace } from "../../test/support/slack-workspace/index.ts";
import type { Burst, Bursting, Settled, Settling } from "./clicks.ts";
import { press, signIn } from "./console.ts";
import { escalation } from "./escalation.ts";

/** Requests at once. */
const TOGETHER = 64;
/** When Slack has heard nothing for so long, all is said. Longer than it makes an app wait in one conversation. */
const QUIET_MS = 4_000;
/** One message a second in each conversation: nobody waits longer than for one message per request. */
const PATIENCE_MS = 120_000;

export async function burst(workspace: SlackWorkspace, { url, teams, count }: Bursting): Promise<Burst> {
  workspace.setEventsUrl(`${url}/slack/events`);
  const [first] = teams;
  if (first === undefined) throw new Error("nobody is there to be asked");
  // The first message to somebody opens the conversation, once and for all.
  await raise(url, first);
  await quiet(workspace);
  const person = slackPerson(workspace, first.account);
  await person.press("Approve");
  await quiet(workspace);
  const alone = await raise(url, first);
  await quiet(workspace);
  const lone = (lastMessage(workspace, [first.account]) - alone.at) / 1_000;

  const before = new Map(teams.map(({ account }) => [account, said(workspace, account).length]));
  const refusedBefore = refusals(workspace);
  const raised: Awaited<ReturnType<typeof raise>>[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) {
      const team = teams[next++ % teams.length];
      if (team) raised.push(await raise(url, team));
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, one));
  const accepted = Math.max(...raised.map(({ at }) => at));
  await quiet(workspace);
  const accounts = teams.map(({ account }) => account);
  const each = accounts.map((account) => said(workspace, account).length - (before.get(account) ?? 0));
  return {
    raised: [alone, ...raised],
    lastInformed: Math.max(0, lastMessage(workspace, accounts) - accepted) / 1_000,
    messagesEach: Math.max(...each),
    refused: refusals(workspace) - refusedBefore,
    lone: Math.max(0, lone),
  };
}

/** By the owners on the console: what they press there shows in Slack as well. */
export async function settle(
  workspace: SlackWorkspace,
  { url, decisions, signInPaths, seconds }: Settling,
  accounts: readonly string[],
): Promise<Settled> {
  const people = await Promise.all(signInPaths.map((path) => signIn(url, path)));
  const began = performance.now();
  const decided = decisions.map(async ({ token, by }, at) => {
    const due = began + (at * seconds * 1_000) / decisions.length;
    await pause(Math.max(0, due - performance.now()));
    const person = people[by];
    if (person) await press(url, person, token);
  });
  await Promise.all(decided);
  const last = Date.now();
  await quiet(workspace);
  const drawn = workspace.calls().filter(({ method }) => /^chat\.(update|postMessage)$/.test(method));
  const answered = workspace.responsePosts();
  const lastDrawn = Math.max(last, ...[...drawn, ...answered].map(({ at }) => at));
  const asking = accounts
    .flatMap((account) => said(workspace, account))
    .filter(({ blocks }) => buttonsOn(blocks).some(({ text }) => /^(Approve|Decide all)/.test(text)));
  return { seconds: (lastDrawn - last) / 1_000, left: asking.length };
}

async function raise(url: string, { agent, key }: Bursting["teams"][number]) {
  const answer = await fetch(`${url}/v1/escalations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(escalation(agent)),
  });
  if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { id, action_digest } = (await answer.json()) as {
    readonly id: string;
    readonly action_digest: string | null;
  };
  return { id, action_digest, agent, at: Date.now() };
}

/** When the newest message in any of the conversations was posted, by the clock of the machine. */
function lastMessage(workspace: SlackWorkspace, accounts: readonly string[]): number {
  const messages = accounts.flatMap((account) => said(workspace, account));
  return Math.max(...messages.map(({ ts }) => Number(ts) * 1_000));
}

/** What stands in a conversation by itself: in a message's thread stands only what did not fit on it. */
function said(workspace: SlackWorkspace, account: string) {
  return workspace.dm(account).filter(({ threadTs }) => threadTs === undefined);
}

function refusals(workspace: SlackWorkspace): number {
  return workspace.calls().filter(({ status }) => status === 429).length;
}

async function quiet(workspace: SlackWorkspace): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (let calls = -1; calls !== workspace.calls().length && performance.now() < until; ) {
    calls = workspace.calls().length;
    await pause(QUIET_MS);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
