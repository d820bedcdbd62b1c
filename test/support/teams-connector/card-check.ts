/** What Teams would say against an Adaptive Card: elements it knows, what each needs, and nothing newer than 1.5. */
import { isJson, type Json } from "./json.ts";

/** Type → what it can't do without. Source: adaptivecards.io, schema 1.5; only what a bot may send. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: ["version"],
  RichTextBlock: ["inlines"],
  TextRun: ["text"],
  TextBlock: ["text"],
  Container: ["items"],
  ActionSet: ["actions"],
  "Input.Text": ["id", "label"],
  "Input.Number": ["id", "label"],
  "Input.Toggle": ["id", "label", "title"],
  "Input.ChoiceSet": ["id", "label", "choices"],
  "Action.Execute": ["title", "data", "fallback"],
  "Action.Submit": ["title", "data"],
  "Action.OpenUrl": ["url"],
  "Action.ShowCard": ["title", "card"],
};

const STYLES = [
  "default",
  "emphasis",
  "good",
  "attention",
  "warning",
  "accent",
  "positive",
  "destructive",
  "compact",
];
const MOST_ACTIONS = 6;

/** One sentence per fault; none where Teams would draw it whole. */
export function faultsIn(card: unknown): readonly string[] {
  if (!isJson(card) || card.type !== "AdaptiveCard") return ["it is no Adaptive Card"];
  const version = Number(card.version);
  const faults =
    version >= 1.2 && version <= 1.5 ? [] : [`version ${String(card.version)} is not drawn everywhere`];
  return [...faults, ...elementFaults(card, "card")];
}

function elementFaults(element: Json, path: string): readonly string[] {
  const type = String(element.type);
  const needs = NEEDS[type];
  if (needs === undefined) return [`${path}: nobody knows ${type}`];
  const missing = needs.filter((name) => element[name] === undefined || element[name] === "");
  return [
    ...missing.map((name) => `${path}: ${type} has no ${name}`),
    ...(element.isRequired === true && !element.errorMessage
      ? [`${path}: a required field says nothing when empty`]
      : []),
    ...(typeof element.style === "string" && !STYLES.includes(element.style)
      ? [`${path}: style ${element.style}`]
      : []),
    ...(type === "ActionSet" && children(element.actions).length > MOST_ACTIONS
      ? [`${path}: too many actions`]
      : []),
    ...["body", "items", "inlines", "actions"].flatMap((name) =>
      children(element[name]).flatMap((child, at) => elementFaults(child, `${path}.${name}[${at}]`)),
    ),
    ...(isJson(element.card) ? elementFaults(element.card, `${path}.card`) : []),
    ...(isJson(element.fallback) ? elementFaults(element.fallback, `${path}.fallback`) : []),
  ];
}

function children(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}
