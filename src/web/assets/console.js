/** Live pages and local times. Everything else on the console works without this script. */

const LIVE = { headers: { "x-holdpoint-live": "1" } };
const MINUTE = 60_000;

const clock = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const inFull = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** As the server writes it: `45 min`, `1 h 30 min`, `2 d 4 h`. */
function duration(ms) {
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${Math.floor(hours / 24)} d`;
}

function distance(at, isDue) {
  const away = at - Date.now();
  if (Math.abs(away) < MINUTE) return away > 0 || isDue ? "within a minute" : "just now";
  if (away > 0) return `in ${duration(away)}`;
  return isDue ? `${duration(-away)} over` : `${duration(-away)} ago`;
}

function showTimes() {
  for (const time of document.querySelectorAll("time[data-shows]")) {
    const at = Date.parse(time.dateTime);
    const { shows } = time.dataset;
    const words =
      shows === "clock"
        ? clock.format(at)
        : shows === "date"
          ? date.format(at)
          : distance(at, shows === "due");
    if (time.textContent !== words) time.textContent = words;
    time.title = inFull.format(at);
  }
}

/** What a page says, whatever the time and whatever is open: two of the same need no redrawing. */
function says(main) {
  const copy = main.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.replaceChildren();
  for (const time of copy.querySelectorAll("time")) time.removeAttribute("title");
  for (const details of copy.querySelectorAll("details")) details.removeAttribute("open");
  return copy.innerHTML;
}

/** Something was typed or chosen and not sent yet. */
function isBeingFilledIn(main) {
  return [...main.querySelectorAll("input, textarea, select")].some((field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field instanceof HTMLSelectElement)
      return [...field.options].some(
        (option, at) =>
          option.selected !== (option.defaultSelected || (at === 0 && !field.querySelector("[selected]"))),
      );
    return field.value !== field.defaultValue;
  });
}

function swap(main, fresh) {
  const open = new Set([...main.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key));
  for (const details of fresh.querySelectorAll("details[data-key]"))
    details.open = open.has(details.dataset.key);
  const focused = main.contains(document.activeElement) ? wayTo(main, document.activeElement) : undefined;
  main.replaceWith(document.adoptNode(fresh));
  if (focused) fresh.querySelector(focused)?.focus({ preventScroll: true });
}

/** How the focused element is found again after a swap: by its id, its address or the disclosure it opens. */
function wayTo(main, element) {
  if (element.id && element !== main) return `#${CSS.escape(element.id)}`;
  if (element.matches("a[href]")) return `a[href="${CSS.escape(element.getAttribute("href"))}"]`;
  const details = element.closest("details[data-key]");
  return details ? `details[data-key="${CSS.escape(details.dataset.key)}"] > summary` : undefined;
}

function tell(words, label, href) {
  const bar = document.getElementById("live-bar");
  const link = document.createElement("a");
  link.href = href;
  link.textContent = label;
  bar.replaceChildren(words, " ", link);
  bar.hidden = false;
}

function watch(start) {
  let main = start;
  let said = says(main);
  let asking = false;
  let askAgain = false;

  async function refresh() {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    try {
      const response = await fetch(location.href, LIVE);
      if (response.status === 401) return tell("You were signed out.", "Sign in again", location.href);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("main[data-live]");
      if (!fresh || says(fresh) === said) return;
      if (isBeingFilledIn(main))
        return tell(
          "This page has changed while you were writing. What you wrote is still here.",
          "Reload",
          location.href,
        );
      said = says(fresh);
      swap(main, fresh);
      main = fresh;
      document.title = page.title;
      showTimes();
      document.querySelector("header nav")?.replaceWith(document.adoptNode(page.querySelector("header nav")));
    } catch {
      // Not reachable for now: the stream says when it is again, and then the page is asked for again.
    } finally {
      asking = false;
      if (askAgain) {
        askAgain = false;
        refresh();
      }
    }
  }

  const stream = new EventSource("/live");
  stream.addEventListener("open", refresh);
  stream.addEventListener("changed", refresh);
  stream.addEventListener("signed-out", () => {
    stream.close();
    tell("You were signed out.", "Sign in again", location.href);
  });
  addEventListener("pagehide", () => stream.close());
}

showTimes();
setInterval(showTimes, 20_000);

const live = document.querySelector("main[data-live]");
if (live) watch(live);
