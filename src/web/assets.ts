/** The console's stylesheet, script and icon: read once, served under names that change with their content. */
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { sha256 } from "./signature.ts";

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

export const ASSETS = {
  style: asset("console.css", "text/css; charset=utf-8"),
  script: asset("console.js", "text/javascript; charset=utf-8"),
  icon: asset("icon.svg", "image/svg+xml"),
} as const;

function asset(file: string, type: string): Asset {
  const content = readFileSync(new URL(`./assets/${file}`, import.meta.url), "utf8");
  const [name, ending] = file.split(".");
  return { path: `/assets/${name}.${sha256(content).slice(0, 12)}.${ending}`, type, content };
}

export function serveAssets(app: FastifyInstance): void {
  for (const { path, type, content } of Object.values(ASSETS)) {
    app.get(path, (_request, reply) =>
      reply.type(type).header("cache-control", "public, max-age=31536000, immutable").send(content),
    );
  }
}
