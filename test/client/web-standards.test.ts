/** What agents import runs wherever there is fetch: no package, no Node module, nothing of the server. */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** Every file that is loaded with an entry, types left out, and everything else that is imported on the way. */
function loadedWith(entry: string) {
  const files = new Set<string>();
  const others = new Set<string>();
  const load = (path: string) => {
    if (files.has(path)) return;
    files.add(path);
    const imports = readFileSync(path, "utf8").matchAll(
      /^(?:import\s+|(?:import|export)\s+(?!type\b)[\w\s{},*]*?\bfrom\s+)"([^"]+)";/gm,
    );
    for (const [, from = ""] of imports) {
      if (from.startsWith(".")) load(join(dirname(path), from));
      else others.add(from);
    }
  };
  load(join(SRC, entry));
  return { files: [...files].map((path) => relative(SRC, path)), others: [...others] };
}

it.each(["index.ts", "langgraph.ts", "openai-agents.ts", "ai.ts"])("%s loads nothing else", (name) => {
  const { files, others } = loadedWith(`client/${name}`);
  expect(files.length).toBeGreaterThan(3);
  expect(others).toEqual([]);
  expect(files.filter((file) => !file.startsWith("client/"))).toEqual(["domain/escalation/action-digest.ts"]);
});

it("names nothing that only Node has", () => {
  for (const file of loadedWith("client/index.ts").files) {
    const code = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect(code, file).not.toMatch(
      /\b(Buffer|process|require|setImmediate|withResolvers|AbortSignal\.any)\b/,
    );
  }
});
