/** Loaded before Holdpoint: counts the boundaries at which the world outside changes, and kills the process at the one it is told. */
import { subscribe } from "node:diagnostics_channel";
import { writeSync } from "node:fs";
import { ServerResponse } from "node:http";
import Database from "better-sqlite3";

/** What waits out a time, such as an uncertain post, need not be waited for: each start is further ahead. */
const ahead = Number(process.env.CRASH_CLOCK_AHEAD_MS ?? 0);
const realNow = Date.now;
Date.now = () => realNow() + ahead;

/** The n-th time that a boundary of this name is passed; `nth` 0: never. */
export interface Boundary {
  readonly name: string;
  readonly nth: number;
}

/** Undefined until the process is armed: then boundaries count. */
let deadly: Boundary | undefined;
let passed: string[] = [];
let passedAt = 0;

function boundary(name: string): void {
  if (deadly === undefined) return;
  passed.push(name);
  passedAt = performance.now();
  if (name !== deadly.name || passed.filter((one) => one === name).length !== deadly.nth) return;
  writeSync(2, `killed ${name} (${deadly.nth})\n`);
  process.kill(process.pid, "SIGKILL");
}

const prepare = Database.prototype.prepare;
Database.prototype.prepare = function (this: Database.Database, source: string) {
  const statement = prepare.call(this, source);
  if (!/^commit$/i.test(source)) return statement;
  const run = statement.run.bind(statement);
  statement.run = (...values: [object]) => {
    boundary("before COMMIT");
    const result = run(...values);
    boundary("after COMMIT");
    return result;
  };
  return statement;
} as typeof prepare;

// Both the runtime's own `fetch` and the package undici tell of themselves here.
const outbound = (when: string) => (message: unknown) => {
  const { request } = message as { readonly request: { readonly path: string } };
  boundary(`${when} ${request.path}`);
};
subscribe("undici:request:create", outbound("before"));
subscribe("undici:request:bodySent", outbound("sent"));
subscribe("undici:request:headers", outbound("answered"));

const writeHead = ServerResponse.prototype.writeHead;
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...head: unknown[]) {
  // Reading changes nothing, and how often an agent asks is chance.
  if (this.req.method === "POST") boundary(`before the answer to ${this.req.url}`);
  return Reflect.apply(writeHead, this, head);
} as typeof writeHead;

export type Order = { readonly arm: Boundary } | { readonly quiet: number };

process.on("message", (order: Order) => {
  if ("arm" in order) {
    deadly = order.arm;
    passed = [];
    process.send?.({ armed: true });
  } else void whenQuiet(order.quiet);
});
// Who waits for orders may still be told to stop.
process.channel?.unref();

/** Answers once no boundary has been passed for so many milliseconds. */
async function whenQuiet(ms: number): Promise<void> {
  for (let left = ms; left > 0; left = passedAt + ms - performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, left));
  }
  process.send?.({ passed });
}
