/** Reads cron expressions with node-cron. */
import { validateDetailed } from "node-cron";
import { no, yes } from "../domain/result.ts";
import type { CronFields, ReadCron } from "../domain/review/review-schedule.ts";

/**
 * It reads and checks, and no more: it tells the next run only from the machine's clock, leaves out what falls into the gap
 * of a spring night and forgets across restarts, while a digest that is due is a row of the store.
 */
export const readCron: ReadCron = (expression) => {
  const known = readBefore.get(expression);
  if (known) return known;
  const result = read(expression);
  if (readBefore.size === KEPT) readBefore.clear();
  readBefore.set(expression, result);
  return result;
};

/** A thousand charters share a handful of rhythms, and each is read when it is checked and when it is planned. */
const readBefore = new Map<string, ReturnType<ReadCron>>();
const KEPT = 1_000;

function read(expression: string): ReturnType<ReadCron> {
  if (expression.split(/\s+/).length !== 5) return no("it has to have five fields");
  const { fields, errors } = validateDetailed(expression);
  if (!fields)
    return no(errors.map(({ message }) => message.replace(/\ba invalid/, "an invalid")).join("; "));
  const { minute, hour, dayOfMonth, month, dayOfWeek } = fields;
  const cron: CronFields = {
    ...{ minutes: minute, hours: hour, days: dayOfMonth, months: month, weekdays: dayOfWeek },
  };
  return yes(cron);
}
