/** The permission tool that coding agents call before they run one of theirs: allow, perhaps with changed input, or deny. */
import { z } from "zod";
import { digestOf, stateOf } from "./acting-tools.ts";
import { type Desk, post, ToolProblem } from "./api.ts";
import { type Followed, judged } from "./shapes.ts";
import { ASKS, described, fitting, type Tool } from "./tool.ts";
import { untilSettled } from "./wait.ts";

type Input = Readonly<Record<string, unknown>>;

/** The two answers such clients know. `updatedInput` is required there, also where nothing was changed. */
export type Permission =
  | { readonly behavior: "allow"; readonly updatedInput: Input }
  | { readonly behavior: "deny"; readonly message: string };

/** Not strict, unlike all others: whoever calls it decides what it sends, and a new field must not deny everything. */
const input = z.object({
  tool_name: z.string().min(1).max(100).describe("The tool that is about to run"),
  input: z.record(z.string(), z.unknown()).describe("What it is about to be called with"),
  tool_use_id: z.string().optional().describe("The id of this one call"),
});

interface Asking {
  readonly name: string;
  readonly args: Input;
  readonly digest: string;
}

export const permissionTool: Tool = {
  described: described({
    name: "permission_prompt",
    title: "May this tool run?",
    description: `For the client, not for the model: name it as the permission tool (in Claude Code: --permission-prompt-tool mcp__<server>__permission_prompt). Asks the agent's charter and, where the charter wants that, a person; waits until they have decided, for an hour unless the operator of the client says otherwise. Answers with JSON: {"behavior":"allow","updatedInput":{…}} or {"behavior":"deny","message":"…"}. Without a decision it denies.`,
    input,
    annotations: ASKS,
  }),
  async call(args, desk) {
    // A failed tool call says less to such a client than a denial with the reason.
    const answer = await permission(args, desk).catch((error: unknown) => {
      if (error instanceof ToolProblem) return deny(`${UNDECIDED} ${error.message}`);
      throw error;
    });
    return { text: JSON.stringify(answer) };
  },
};

const UNDECIDED = "Nobody has decided this, so it may not run.";

/** The charter first: what it lets the agent do by itself disturbs nobody. */
async function permission(sent: unknown, desk: Desk): Promise<Permission> {
  const { tool_name: name, input: args, tool_use_id } = fitting(input, sent);
  const asking = { name, args, digest: digestOf({ name, args }) };
  const request = { signal: {}, action: { name, args } };
  const verdict = await post(desk, "/v1/signals", request, judged, repeatKey(tool_use_id));
  switch (verdict.verdict) {
    case "proceed":
      return unlessHeld(desk, name, args);
    case "hold":
      return decided(desk, asking, await untilSettled(desk, verdict.escalation.id, desk.permissionWait));
  }
}

function decided(desk: Desk, asking: Asking, request: Followed): Permission | Promise<Permission> {
  const { status, decision, id } = request;
  switch (status) {
    case "open":
      return deny(
        `Nobody has decided this yet, so it may not run now. The question stays open (${id}): try the very same call again later, and it is the same question.`,
      );
    case "expired":
      return deny(
        `${UNDECIDED} The people who were asked did not answer in time (${id}). It is no judgement of the call itself.`,
      );
    case "withdrawn":
      return deny(`${UNDECIDED} The request was withdrawn (${id}).`);
    case "decided":
      return decision ? ruled(desk, asking, decision) : deny(UNDECIDED);
  }
}

function ruled(
  desk: Desk,
  { name, args, digest }: Asking,
  {
    verdict,
    by,
    args: approved = args,
    action_digest,
    reason,
    option,
    response,
  }: NonNullable<Followed["decision"]>,
): Permission | Promise<Permission> {
  const words = response ?? reason ?? option;
  switch (verdict) {
    case "approve":
    case "edit": {
      // What was approved is what runs: the digest in the decision is of these very arguments, or nothing runs.
      const same = digestOf({ name, args: approved }) === action_digest;
      if (!same || (verdict === "approve" && action_digest !== digest))
        return deny("What was approved is not what is about to run, so it may not run. Tell the operator.");
      return unlessHeld(desk, name, approved);
    }
    case "reject":
      return deny(`${by.name} rejected this${words ? `: ${words}` : "."}`);
    case "respond":
      return deny(`${by.name} did not approve this, and answered${words ? `: ${words}` : "."}`);
    case "dismiss":
      return deny(`${by.name} set this aside without approving it.`);
  }
}

/** An approval of one action lifts no other hold: somebody may have paused the agent while it waited. */
async function unlessHeld(desk: Desk, name: string, args: Input): Promise<Permission> {
  const { state, holds } = await stateOf(desk, { capability: name, action: digestOf({ name, args }) });
  if (state === "running") return { behavior: "allow", updatedInput: args };
  const held = holds.map((hold) => `${hold.placed_by.name} holds ${hold.scope}: ${hold.reason}`).join("; ");
  return deny(`The agent is held, so this may not run until a person resumes it. ${held}`);
}

function deny(message: string): Permission {
  return { behavior: "deny", message };
}

/** A call that is asked about again is the same question. Ids that can't be a key ask anew. */
function repeatKey(toolUseId: string | undefined): string | null {
  return toolUseId !== undefined && /^[\x21-\x7e]{1,200}$/.test(toolUseId) ? `permission ${toolUseId}` : null;
}
