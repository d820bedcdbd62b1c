/** What Teams would say against an Adaptive Card: elements it knows, what each needs, and nothing newer than 1.5. */
import { everything, isJson, type Json } from "./json.ts";

/** Type → what it can't do without. Source: adaptivecards.io, schema 1.5; only what a bot may send. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: ["version"],
  RichTextBlock: ["inlines"],
  TextRun: ["text"],
  TextBlock: ["text"],
  Container: ["items"],
  ActionSet: ["actions"],
  Table: ["columns", "rows"],
  TableRow: ["cells"],
  TableCell: ["items"],
  // Teams' own addition to 1.5: whatever does not have it draws the fallback.
  "Chart.HorizontalBar": ["data", "fallback"],
  "Chart.VerticalBar": ["data", "fallback"],
  "Chart.Line": ["data", "fallback"],
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
  return [...faults, ...elementFaults(card, "card"), ...refreshFaults(card.refresh), ...idFaults(card)];
}

const MOST_OWN_VIEWS = 60;

function refreshFaults(refresh: unknown): readonly string[] {
  if (refresh === undefined) return [];
  const people = isJson(refresh) && Array.isArray(refresh.userIds) ? refresh.userIds : [];
  const action = isJson(refresh) && isJson(refresh.action) ? refresh.action : {};
  return [
    ...(action.type === "Action.Execute" ? [] : ["only an execution can refresh"]),
    ...(people.length > MOST_OWN_VIEWS ? ["too many people with a view of their own"] : []),
    ...(people.every((id) => /^29:./.test(String(id))) ? [] : ["somebody is not named by Teams' own id"]),
  ];
}

/** Phones refuse a card in which an id stands twice, wherever it stands. */
function idFaults(card: Json): readonly string[] {
  const ids = everything(card).flatMap(({ type, id }) =>
    String(type).startsWith("Input.") ? [String(id)] : [],
  );
  return ids.filter((id, at) => ids.indexOf(id) < at).map((id) => `the id ${id} stands twice`);
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
    ...figureFaults(element, path),
    ...["body", "items", "inlines", "actions", "rows", "cells"].flatMap((name) =>
      children(element[name]).flatMap((child, at) => elementFaults(child, `${path}.${name}[${at}]`)),
    ),
    ...(isJson(element.card) ? elementFaults(element.card, `${path}.card`) : []),
    ...(isJson(element.fallback) ? elementFaults(element.fallback, `${path}.fallback`) : []),
  ];
}

/** A table is as wide in every row; a chart has points, each with a place and a finite number. */
function figureFaults(element: Json, path: string): readonly string[] {
  const type = String(element.type);
  if (type === "Table") {
    const width = children(element.columns).length;
    return children(element.rows).every(({ cells }) => children(cells).length === width)
      ? []
      : [`${path}: a row is not as wide as the table`];
  }
  if (!type.startsWith("Chart.")) return [];
  const points =
    type === "Chart.Line"
      ? children(element.data).flatMap(({ values }) => children(values))
      : children(element.data);
  const drawn = points.every(({ x, y }) => typeof x === "string" && x !== "" && Number.isFinite(y));
  return points.length > 0 && drawn ? [] : [`${path}: a chart without points`];
}

function children(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}
