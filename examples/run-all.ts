/** Runs every client of examples/clients against a server with a scripted person, and prints who learned what. Run it with: npm run examples */
import { SCENARIOS, type Scenario } from "./clients/scenario.ts";
import { clientFiles } from "./runner/client-files.ts";
import { scriptedPerson } from "./runner/person.ts";
import { openStage } from "./runner/stage.ts";

/** What a client may say; `unsupported` where its protocol has no word for it, `missing` where the machine lacks its interpreter. */
const RIGHT: Readonly<Record<Scenario, readonly string[]>> = {
  approve: ["approved"],
  edit: ["edited"],
  reject: ["rejected"],
  answer: ["answered"],
  timeout: ["expired", "held"],
};
const NOT_HERE = ["unsupported", "missing"];

const files = clientFiles(process.argv.slice(2));
const stage = await openStage(files.map(({ name }) => name));
const person = scriptedPerson(stage);
const problems: string[] = [];

/** Clients run side by side, each through one scenario after the other. */
const rows = await Promise.all(
  files.map(async (file) => {
    const words: string[] = [];
    for (const scenario of SCENARIOS) {
      person.plays(file.name, scenario);
      const told = { url: stage.url, key: await stage.keyFor(file.name, scenario), scenario };
      const word = await file.run(told).catch((error: unknown) => {
        problems.push(`${file.name}, ${scenario}: ${error instanceof Error ? error.stack : String(error)}`);
        return "failed";
      });
      const fine = [...RIGHT[scenario], ...NOT_HERE].includes(word);
      if (!fine && word !== "failed")
        problems.push(
          `${file.name}, ${scenario}: it said “${word}” instead of ${RIGHT[scenario].join(" or ")}`,
        );
      words.push(NOT_HERE.includes(word) ? "–" : word);
    }
    return [file.name, ...words];
  }),
);
await person.leave().catch((error: unknown) => problems.push(String(error)));
await stage.close();

const header = ["client", ...SCENARIOS];
const widths = header.map((_, at) => Math.max(...[header, ...rows].map((row) => row[at]?.length ?? 0)));
const line = (row: readonly string[]) =>
  row
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join("  ")
    .trimEnd();
console.log([line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n"));
if (problems.length > 0) console.error(`\n${problems.join("\n\n")}`);
process.exitCode = problems.length > 0 ? 1 : 0;
