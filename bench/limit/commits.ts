/** How long one durable commit takes on this disk: the four rows of an escalation in a transaction of their own, again and again. */
import { parseArgs } from "node:util";
import { escalation } from "../load/escalation.ts";
import { fourRows } from "./four-rows.ts";

/** The first ones meet cold caches. */
const WARM_UP = 200;

const { values } = parseArgs({ options: { database: { type: "string" }, commits: { type: "string" } } });
const rows = fourRows(values.database ?? "");
const body = JSON.stringify(escalation("bench-0001"));
const times: number[] = [];
for (let number = 0; number < WARM_UP + Number(values.commits); number++) {
  const id = `esc_${String(number).padStart(26, "0")}`;
  const began = performance.now();
  rows.begin();
  rows.write({ id, agent: "bench-0001", trigger: "approval_required", now: 1, dueAt: 2, body });
  rows.commit();
  if (number >= WARM_UP) times.push(performance.now() - began);
}
console.log(JSON.stringify(times));
