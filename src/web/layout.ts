/** The frame of every page: header, what was just answered, the page itself. */
import type { Hold } from "../domain/hold.ts";
import { ASSETS } from "./assets.ts";
import { type Html, html, NOTHING } from "./html.ts";
import type { Session } from "./session.ts";
import { clock } from "./when.ts";

/** What a gesture was answered with, said on the next page. */
export interface Flash {
  readonly kind: "done" | "refused";
  readonly words: string;
}

export interface Frame {
  readonly session: Session;
  readonly path: string;
  readonly flash: Flash | null;
  /** Holds on every agent. */
  readonly fleet: readonly Hold[];
  /** Callbacks that were given up. */
  readonly dead: number;
  /** Whether asking for the same path again shows this page, so that it can be kept up to date. */
  readonly live: boolean;
}

const PLACES = [
  { path: "/", label: "Queue" },
  { path: "/agents", label: "Agents" },
  { path: "/digests", label: "Digests" },
  { path: "/history", label: "History" },
  { path: "/audit", label: "Audit" },
  { path: "/undelivered", label: "Undelivered" },
] as const;

export function layout(title: string, frame: Frame, main: Html): Html {
  const { session, path, dead } = frame;
  const places = PLACES.map((place) => {
    const here = place.path === "/" ? path === "/" : path.startsWith(place.path);
    const count =
      place.path === "/undelivered" && dead > 0 ? html` <span class="count">${dead}</span>` : NOTHING;
    return html`<li><a href="${place.path}"${here ? html` aria-current="page"` : NOTHING}>${place.label}${count}</a></li>`;
  });
  const header = html`<header class="top"><div class="bar">
<a class="brand" href="/">${mark()}Holdpoint</a>
<nav aria-label="Main"><ul>${places}</ul></nav>
<form method="post" action="/sign-out" class="who"><input type="hidden" name="csrf" value="${session.csrf}"><span>${session.identity.name}</span><button class="plain">Sign out</button></form>
</div></header>`;
  const stopped = frame.fleet.map(
    (hold) =>
      html`<p class="stopped"><strong>Every agent is paused</strong> by ${hold.placedBy.name} since ${clock(hold.placedAt)}${
        hold.until === null ? NOTHING : html`, until ${clock(hold.until)}`
      }: ${hold.reason}</p>`,
  );
  const body = html`<a class="skip" href="#main">Skip to content</a>${header}
<div class="notices">${frame.flash ? flashHtml(frame.flash) : NOTHING}
<div id="live-bar" class="flash" data-kind="news" role="status" hidden></div></div>
<main id="main"${frame.live ? html` data-live` : NOTHING}><div class="banners">${stopped}</div>${main}</main>`;
  return page(title, body);
}

/** A page for somebody who is not signed in. */
export function door(title: string, main: Html): Html {
  const header = html`<header class="top"><div class="bar"><span class="brand">${mark()}Holdpoint</span></div></header>`;
  return page(title, html`${header}<main id="main" class="door">${main}</main>`);
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Holdpoint</title>
<link rel="icon" href="${ASSETS.icon.path}" type="image/svg+xml">
<link rel="stylesheet" href="${ASSETS.style.path}">
<script src="${ASSETS.script.path}" defer></script>
</head>
<body>
${body}
</body>
</html>
`;
}

/** Refusals interrupt a screen reader; a confirmation waits its turn. */
function flashHtml({ kind, words }: Flash): Html {
  return html`<div class="flash" data-kind="${kind}" role="${kind === "refused" ? "alert" : "status"}"><p>${words}</p></div>`;
}

function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M7.8 2h8.4L22 7.8v8.4L16.2 22H7.8L2 16.2V7.8z"/><path class="bars" d="M9.5 7.5v9M14.5 7.5v9"/></svg>`;
}
