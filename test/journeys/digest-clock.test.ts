/** Digests and the clock: summer time, and a process that was away when one was due. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { dailiesOf, digestsOf, review, until } from "../support/looking-back.ts";

let house: Holdpoint;
afterEach(() => house.end());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("when the clocks change", () => {
  /** The local dates and the instants of the daily digests of some days. */
  async function over(days: number, from: string, daily: string, timezone: string) {
    house = await startHoldpoint();
    house.clock.advance(Date.parse(from) - house.clock.now());
    await review(house, { daily, timezone });
    await house.pass(days * DAY);
    return (await digestsOf(house))
      .filter(({ schedule }) => schedule === `daily:person:sarah:${timezone}:${daily}`)
      .map(({ date, createdAt }) => `${date} ${new Date(createdAt).toISOString().slice(11, 16)}Z`)
      .toReversed();
  }

  it("in New York, a digest in the hour that is skipped comes right after it", async () => {
    expect(await over(3, "2027-03-12T12:00Z", "02:30", "America/New_York")).toEqual([
      ...["2027-03-13 07:30Z", "2027-03-14 07:00Z", "2027-03-15 06:30Z"],
    ]);
  });

  it("in New York, one in the hour that comes twice comes once", async () => {
    expect(await over(3, "2027-11-05T12:00Z", "01:30", "America/New_York")).toEqual([
      ...["2027-11-06 05:30Z", "2027-11-07 05:30Z", "2027-11-08 06:30Z"],
    ]);
  });

  it("in London, it comes at the same time on the wall", async () => {
    expect(await over(3, "2027-03-26T12:00Z", "01:30", "Europe/London")).toEqual([
      ...["2027-03-27 01:30Z", "2027-03-28 01:00Z", "2027-03-29 00:30Z"],
    ]);
  });

  it("on Lord Howe, where they change by half an hour, likewise", async () => {
    expect(await over(3, "2027-10-01T00:00Z", "02:15", "Australia/Lord_Howe")).toEqual([
      ...["2027-10-02 15:45Z", "2027-10-03 15:30Z", "2027-10-04 15:15Z"],
    ]);
  });
});

describe("after an absence of the process", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "holdpoint-digests-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Stopped on Monday at noon, back at an instant. */
  async function backAt(instant: string, settings?: (yaml: string) => string) {
    house = await startHoldpoint({ database: `sqlite:${join(folder, "holdpoint.db")}` });
    await until(house, "2026-11-16T12:00:00Z");
    // Nothing looks at the clock until it is stopped: what fell due meanwhile is found at the start.
    house.clock.advance(Date.parse(instant) - house.clock.now());
    house = await house.restart(settings);
    await house.settle();
  }

  it("of some hours, what was missed is sent once", async () => {
    await backAt("2026-11-17T14:30:00Z");
    expect(dailiesOf(house.sarah)).toHaveLength(1);
    await house.pass(HOUR);
    expect(dailiesOf(house.sarah)).toHaveLength(1);
    await until(house, "2026-11-18T09:01:00Z");
    expect(dailiesOf(house.sarah)).toHaveLength(2);
  });

  it("of longer, it is noted, and the next one comes on time", async () => {
    await backAt("2026-11-20T16:00:00Z");
    expect(dailiesOf(house.sarah)).toEqual([]);
    const noted = (await digestsOf(house)).filter(
      ({ schedule }) => schedule === "daily:person:sarah:Europe/London:09:00",
    );
    expect(noted.map(({ date }) => date).sort()).toEqual([
      ...["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"],
    ]);
    expect(noted.find(({ date }) => date === "2026-11-20")?.skipped).toContain("came back 7 h later");
    expect(house.log.some(({ words }) => words.includes("a digest was not sent"))).toBe(true);
    await until(house, "2026-11-21T09:01:00Z");
    expect(dailiesOf(house.sarah)).toHaveLength(1);
  });

  it("that ends with another charter, what was missed is sent all the same", async () => {
    await backAt("2026-11-17T10:00:00Z", (yaml) => yaml.replace("cap: 8000", "cap: 9000"));
    expect(dailiesOf(house.sarah)).toHaveLength(1);
  });
});
