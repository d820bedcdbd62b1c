/** Draws a form's fields as HTML, and reads what came back. */
import type { Field, Filled, Form } from "../cards/form.ts";
import { textHtml } from "./card-html.ts";
import { type Html, html, NOTHING } from "./html.ts";

/** A form that came back with something wrong: what was typed is shown again, with what to mend. */
export interface Attempt {
  /** The verb of the form that was sent. */
  readonly verb: string;
  readonly filled: Filled;
  readonly problems: Readonly<Record<string, string>>;
}

/** More choices than this become a list that opens. */
const AT_A_GLANCE = 5;

export function formHtml(
  form: Form,
  sent: {
    readonly token: string;
    readonly csrf: string;
    readonly back: string;
    readonly tone: "go" | "stop" | "plain";
    readonly attempt: Attempt | null;
  },
): Html {
  const { verb, on } = form.intent;
  const attempt = sent.attempt?.verb === verb ? sent.attempt : null;
  const fields = form.fields.map((field, at) => fieldHtml(field, `${verb}-${on}-${at}`, attempt));
  const intro = form.intro.length > 0 ? html`<p class="words">${textHtml(form.intro)}</p>` : NOTHING;
  return html`<form method="post" action="/submit" class="form">
${hiddenFields({ csrf: sent.csrf, back: sent.back, token: sent.token, verb })}
${intro}${leftOver(form, attempt)}${fields}
<p><button class="button" data-tone="${sent.tone}">${form.send}</button></p>
</form>`;
}

export function hiddenFields(values: Readonly<Record<string, string>>): Html {
  return html`${Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;
}

/** Problems with fields that this form does not have, such as one that a changed schema no longer asks for. */
function leftOver(form: Form, attempt: Attempt | null): Html {
  const known = new Set(form.fields.map((field) => field.name));
  const rest = Object.entries(attempt?.problems ?? {}).filter(([name]) => !known.has(name));
  return html`${rest.map(([name, problem]) => html`<p class="problem">${name ? `${name}: ${problem}` : problem}</p>`)}`;
}

function fieldHtml(field: Field, id: string, attempt: Attempt | null): Html {
  const problem = attempt ? own(attempt.problems, field.name) : undefined;
  const typed = attempt ? own(attempt.filled, field.name) : field.value;
  const describedBy = [field.hint ? `${id}-hint` : "", problem ? `${id}-problem` : ""]
    .filter(Boolean)
    .join(" ");
  const about = html`${field.hint ? html`<p class="hint" id="${id}-hint">${field.hint}</p>` : NOTHING}${
    problem ? html`<p class="problem" id="${id}-problem">${problem}</p>` : NOTHING
  }`;
  const attributes = html`id="${id}" name="f.${field.name}"${describedBy ? html` aria-describedby="${describedBy}"` : NOTHING}${
    problem ? html` aria-invalid="true"` : NOTHING
  }${field.optional || field.kind === "tick" ? NOTHING : html` required`}`;
  const label = html`<label for="${id}" dir="auto">${field.label}${field.optional ? html` <span class="soft">(optional)</span>` : NOTHING}</label>`;
  const value = typed === undefined ? "" : String(typed);
  switch (field.kind) {
    case "line":
      return html`<div class="field">${label}${about}<input type="text" ${attributes}${most(field.max)} value="${value}" dir="auto" autocomplete="off"></div>`;
    case "lines":
      return html`<div class="field">${label}${about}${area(attributes, field.max, value, "")}</div>`;
    case "json":
      return html`<div class="field">${label}${about}${area(attributes, field.max, value, "code")}</div>`;
    case "number":
      return html`<div class="field">${label}${about}<input type="number" step="${field.whole ? "1" : "any"}"${
        field.min === undefined ? NOTHING : html` min="${field.min}"`
      }${field.max === undefined ? NOTHING : html` max="${field.max}"`} ${attributes} value="${value}" autocomplete="off"></div>`;
    case "tick":
      return html`<div class="field tick"><input type="hidden" name="tick" value="${field.name}"><input type="checkbox" ${attributes} value="true"${
        typed === true ? html` checked` : NOTHING
      }>${label}${about}</div>`;
    case "choice":
      return field.choices.length > AT_A_GLANCE
        ? html`<div class="field">${label}${about}<select ${attributes}><option value=""></option>${field.choices.map(
            (choice) =>
              html`<option value="${choice.value}"${choice.value === typed ? html` selected` : NOTHING}>${choice.label}</option>`,
          )}</select></div>`
        : choiceHtml(field, id, about, describedBy, typed);
  }
}

function choiceHtml(
  field: Extract<Field, { readonly kind: "choice" }>,
  id: string,
  about: Html,
  describedBy: string,
  typed: unknown,
): Html {
  const all = field.optional ? [{ value: "", label: "None of these" }, ...field.choices] : field.choices;
  const chosen = typed === undefined && field.optional ? "" : typed;
  const radios = all.map(
    (choice, at) =>
      html`<div class="tick"><input type="radio" id="${id}-${at}" name="f.${field.name}" value="${choice.value}"${
        choice.value === chosen ? html` checked` : NOTHING
      }${field.optional ? NOTHING : html` required`}><label for="${id}-${at}" dir="auto">${choice.label}</label></div>`,
  );
  return html`<fieldset class="field"${describedBy ? html` aria-describedby="${describedBy}"` : NOTHING}><legend dir="auto">${field.label}${
    field.optional ? html` <span class="soft">(optional)</span>` : NOTHING
  }</legend>${about}${radios}</fieldset>`;
}

/** The line break after the tag is the one that browsers drop: without it they would drop one of the text. */
function area(attributes: Html, max: number | undefined, value: string, kind: "code" | ""): Html {
  const rows = Math.min(14, Math.max(3, value.split("\n").length + 1));
  return html`<textarea ${attributes}${most(max)} rows="${rows}" dir="auto"${
    kind === "code" ? html` class="mono" spellcheck="false"` : NOTHING
  }>
${value}</textarea>`;
}

/** Arguments may be called `constructor`: only what was really sent counts. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function most(max: number | undefined): Html {
  return max === undefined ? NOTHING : html` maxlength="${max}"`;
}

/**
 * What was filled in. Browsers send line breaks as CRLF whatever was there before: they become LF again, so that text that
 * nobody touched stays the same text.
 */
export function filledIn(body: URLSearchParams): Filled {
  const entries = [...body].flatMap(([name, value]): [string, string][] =>
    name.startsWith("f.") && value !== "" ? [[name.slice(2), value.replaceAll("\r\n", "\n")]] : [],
  );
  const ticks = body
    .getAll("tick")
    .map((name): [string, boolean] => [name, body.get(`f.${name}`) === "true"]);
  return Object.fromEntries<string | boolean>([...entries, ...ticks]);
}
