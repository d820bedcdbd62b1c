/** The API document as one page to read: offline, without a script. */
import { createHash } from "node:crypto";
import { html } from "ghtml";
import type { ApiDocument, Operation } from "./openapi.ts";

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid currentColor; }
details { margin: .5rem 0; border: 1px solid #8886; border-radius: .4rem; padding: .5rem .75rem; }
summary { cursor: pointer; }
code, pre { font: .875rem/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; background: #8882; border-radius: .4rem; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
td, th { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; }
`;

/** The one style is allowed by its hash, so that the page works under a policy without inline code. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function docsPage(document: ApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return html`<h2>${tag}</h2>!${own.map((one) => entry(one.method, one.path, one.operation)).join("")}`;
  });
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdpoint API ${document.info.version}</title><style>!${STYLE}</style></head>
<body><main>
<h1>Holdpoint API</h1>
<p>${String(document.info.description)}</p>
<p>For machines: <a href="/openapi.json">openapi.json</a>.</p>
!${sections.join("")}
</main></body></html>`;
}

function entry(method: string, path: string, operation: Operation): string {
  const answers = Object.entries(operation.responses).map(
    ([status, { description }]) => html`<tr><td>${status}</td><td>${description}</td></tr>`,
  );
  return html`<details id="${operation.operationId}"><summary><span class="method">${method.toUpperCase()}</span> <code>${path}</code> ${operation.summary}</summary>
<p>${caller(operation)}</p>
!${parameters(operation)}!${operation.requestBody ? html`<h3>Body</h3><pre>${JSON.stringify(operation.requestBody, null, 2)}</pre>` : ""}
<h3>Answers</h3><table>!${answers.join("")}</table>
!${example(operation)}</details>`;
}

function caller({ security }: Operation): string {
  if (security.length === 0) return "Anybody may ask.";
  const names: Readonly<Record<string, string>> = {
    agentKey: "an agent's key",
    adminKey: "an administrator's key",
    webhookSignature: "a Standard Webhooks signature",
  };
  return `With ${security.flatMap((one) => Object.keys(one).map((name) => names[name] ?? name)).join(" or ")}.`;
}

function parameters(operation: Operation): string {
  if (operation.parameters.length === 0) return "";
  const rows = operation.parameters.map(
    (one) =>
      html`<tr><td><code>${String(one.name)}</code></td><td>${String(one.in)}</td><td><code>${JSON.stringify(one.schema)}</code></td><td>${String(one.description ?? "")}</td></tr>`,
  );
  return html`<h3>Parameters</h3><table>!${rows.join("")}</table>`;
}

function example(operation: Operation): string {
  const [good] = Object.entries(operation.responses).filter(([status]) => status.startsWith("2"));
  const content = good?.[1].content;
  return content ? html`<h3>Shape of ${good?.[0]}</h3><pre>${JSON.stringify(content, null, 2)}</pre>` : "";
}
