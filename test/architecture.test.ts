/** The rules of the house, checked on the files themselves: who may import whom, which words stand where, how a file looks. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const FORBIDDEN_NAMES = ["utils", "helpers", "common", "shared", "base", "manager", "misc", "lib"];
/** Lines; a test is a list of sentences and may run on for longer. */
const LONGEST = { src: 250, test: 400 };

/** From the inside out; every other folder is an edge, and the files directly in `src` join the parts. */
const INNER = ["domain", "cards", "application"];

/** What use-cases lean on: the outside world, what people do, and words and wiring that several of them need. */
const NO_USE_CASES = ["ports", "gesture", "context", "words", "args-schema", "changes", "hold-index"];

/** Where the words of a platform or an engine may stand outside quotes, and where its packages may be imported. */
const HOMES = [
  { word: /slack/i, packages: /^@slack\//, homes: ["src/chat/slack/"] },
  // Lower case by itself it is an English word, and Slack's own for its workspaces.
  { word: /Teams|\bteams[A-Z_]/, packages: /^(botbuilder|botframework-)/, homes: ["src/chat/teams/"] },
  { word: /sqlite/i, packages: /^better-sqlite3$/, homes: ["src/store/"] },
  { word: /postgres/i, packages: /^(pg|postgres)$/, homes: ["src/store/"] },
];

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly { readonly from: string; readonly type: boolean }[];
}

function filesUnder(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(".ts"))
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(ROOT, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

/** Imports and re-exports, dynamic and type-only ones included; relative ones as paths from the root. */
function importsOf(path: string, text: string): SourceFile["imports"] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const statements =
    /^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
  return [...code.matchAll(statements)].map(([, type, named, dynamic]) => {
    const from = named ?? dynamic ?? "";
    return {
      from: from.startsWith(".") ? normalize(join(dirname(path), from)) : from,
      type: type !== undefined,
    };
  });
}

/** The code without what it quotes: strings, templates, patterns, keys of data, and whatever comments put in quotes. */
function unquoted(text: string): string {
  const comment = /\/\*[\s\S]*?\*\/|\/\/.*/.source;
  const quoted =
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^`\\])*`/.source;
  const pattern = /(?<=[=(,:[!&|?]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/.source;
  return text
    .replace(new RegExp(`(${comment})|${pattern}|${quoted}`, "g"), (_, words?: string) =>
      words ? words.replace(/`[^`]*`|"[^"]*"|“[^”]*”/g, "") : "",
    )
    .replace(/\b(?:slack|teams|sqlite|postgres)\s*:/g, "");
}

/** `domain`, `chat/slack`, `http` …; empty for the files directly in `src`, which may import everything. */
function layerOf(path: string): string {
  const [, first = "", second = "", third] = path.split("/");
  if (second === "") return "";
  if (first !== "chat" || third !== undefined) return first === "chat" ? `chat/${second}` : first;
  // The list of platforms joins the platforms, as `main.ts` joins the parts; what stands beside it serves each of them.
  return second === "platforms.ts" ? "" : "chat";
}

function mayImport(from: string, to: string): boolean {
  if (from === "" || from === to) return true;
  if (to === "chat") return from.startsWith("chat/");
  const inner = INNER.indexOf(to);
  return inner >= 0 && (INNER.includes(from) ? inner < INNER.indexOf(from) : true);
}

const sources = filesUnder("src");
const everything = [...sources, ...filesUnder("test")];
const inside = (...layers: string[]) => sources.filter(({ path }) => layers.includes(layerOf(path)));
const isOurs = (from: string) => from.startsWith("src/");
/** One line per breach: an empty list passes, and a failure prints each with what to do. */
const breaches = <Item>(items: readonly Item[], breach: (item: Item) => readonly string[]) =>
  items.flatMap(breach);

describe("imports", () => {
  it("point inward: domain ← cards ← application ← each edge ← main; and never from one edge to another", () => {
    const found = breaches(sources, ({ path, imports }) =>
      imports
        .filter(({ from }) => isOurs(from) && !mayImport(layerOf(path), layerOf(from)))
        .map(
          ({ from }) => `${path} imports ${from}: take it as an argument, or move what both need further in`,
        ),
    );
    expect(found.join("\n")).toBe("");
  });

  it("of the domain are its own files and zod; of the cards, files only", () => {
    const found = breaches(inside("domain", "cards"), ({ path, imports }) =>
      imports
        .filter(({ from }) => !isOurs(from) && !(from === "zod" && layerOf(path) === "domain"))
        .map(({ from }) => `${path} imports ${from}: hand in what it does as an argument`),
    );
    expect(found.join("\n")).toBe("");
  });

  it("between use-cases are of types only: one that needs another gets it handed in", () => {
    const isUseCase = (path: string) =>
      path.startsWith("src/application/") && !NO_USE_CASES.some((name) => path.endsWith(`/${name}.ts`));
    const found = breaches(
      sources.filter(({ path }) => isUseCase(path)),
      ({ path, imports }) =>
        imports
          .filter(({ from, type }) => isUseCase(from) && !type)
          .map(({ from }) => `${path} calls ${from}: take it as a dependency and import its type`),
    );
    expect(found.join("\n")).toBe("");
  });

  it("make no circle, types included", () => {
    const targets = new Map(everything.map(({ path, imports }) => [path, imports.map(({ from }) => from)]));
    const done = new Set<string>();
    function circle(path: string, above: readonly string[]): readonly string[] {
      if (above.includes(path)) return [[...above.slice(above.indexOf(path)), path].join(" → ")];
      if (done.has(path)) return [];
      const found = (targets.get(path) ?? []).flatMap((next) => circle(next, [...above, path]));
      done.add(path);
      return found;
    }
    expect(breaches([...targets.keys()], (path) => circle(path, [])).join("\n")).toBe("");
  });

  it("of a platform's or an engine's packages stay at its home", () => {
    const found = breaches(sources, ({ path, imports }) =>
      HOMES.flatMap(({ packages, homes }) =>
        imports
          .filter(({ from }) => packages.test(from) && !homes.some((home) => path.startsWith(home)))
          .map(({ from }) => `${path} imports ${from}: only ${homes} may`),
      ),
    );
    expect(found.join("\n")).toBe("");
  });
});

describe("words", () => {
  it("of a platform or an engine stand at its home, where the parts are joined, and elsewhere only as data", () => {
    const found = breaches(
      sources.filter(({ path }) => layerOf(path) !== ""),
      ({ path, text }) =>
        HOMES.filter(
          ({ word, homes }) => !homes.some((home) => path.startsWith(home)) && word.test(unquoted(text)),
        ).map(
          ({ word, homes }) =>
            `${path} says ${word} outside quotes: move that to ${homes}, or name it for what it means`,
        ),
    );
    expect(found.join("\n")).toBe("");
  });

  it("that ask the machine for time or chance do not stand in domain, cards and application", () => {
    const machine = /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\s*\)|\bperformance\.now\b|\brandomUUID\b/;
    const found = breaches(inside(...INNER), ({ path, text }) => {
      const word = machine.exec(unquoted(text))?.[0];
      return word ? [`${path} calls ${word}: take the instant, or the id, as an argument`] : [];
    });
    expect(found.join("\n")).toBe("");
  });

  it("that read the environment stand in main.ts and cli.ts", () => {
    const found = breaches(sources, ({ path, text }) =>
      /\bprocess\.env\b/.test(unquoted(text)) && !["src/main.ts", "src/cli.ts"].includes(path)
        ? [`${path} reads process.env: let config.ts read it from what main.ts passes`]
        : [],
    );
    expect(found.join("\n")).toBe("");
  });
});

describe("a file", () => {
  it("has a name that says what is in it, in kebab-case", () => {
    const found = breaches(everything, ({ path }) => {
      const name =
        path
          .split("/")
          .at(-1)
          ?.replace(/(\.test)?\.ts$/, "") ?? "";
      if (FORBIDDEN_NAMES.includes(name)) return [`${path}: name it for what is in it`];
      return /^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name) ? [] : [`${path}: write its name in kebab-case`];
    });
    expect(found.join("\n")).toBe("");
  });

  it("opens with one sentence that says what it is", () => {
    const found = breaches(everything, ({ path, text }) =>
      /^(#!.*\n)?\/\*\* \S.*[.!?] \*\/\n/.test(text) ? [] : [`${path}: begin with /** One sentence. */`],
    );
    expect(found.join("\n")).toBe("");
  });

  it(`has at most ${LONGEST.src} lines, a test at most ${LONGEST.test}`, () => {
    const found = breaches(everything, ({ path, text }) => {
      const lines = text.split("\n").length - 1;
      return lines > (path.startsWith("src/") ? LONGEST.src : LONGEST.test)
        ? [`${path} has ${lines} lines: look for the seam along which it is two files`]
        : [];
    });
    expect(found.join("\n")).toBe("");
  });
});
