/** Tables and charts in messages, by Slack's references of the table, data table and data visualization blocks. */
import { type Json, listIn, objectIn } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { blockId, richText } from "./rich-text-check.ts";
import {
  byType,
  flag,
  integer,
  list,
  may,
  must,
  number,
  object,
  type Problem,
  type Rule,
  string,
  word,
} from "./shape.ts";
import { textInBlocks } from "./text-size.ts";

const type = (name: string) => must(word(name));
const own = { block_id: blockId };

const cell = byType({
  raw_text: object({ type: type("raw_text"), text: must(string({ min: 1 })) }),
  raw_number: object({
    type: type("raw_number"),
    value: must(number),
    text: must(string({ min: 1 })),
  }),
  rich_text: richText,
});
const row = list(cell, 1, LIMITS.tableColumns);

/** All rows are as wide as the header, whose cells are plain. */
const dataRows: Rule = (value, at, problems) => {
  list(row, 2, LIMITS.dataTableRows)(value, at, problems);
  const [head, ...others] = listIn(value).map(listIn);
  if (head?.some((one) => objectIn(one).type === "rich_text"))
    problems.push({ pointer: `${at}/0`, message: "rich_text is not allowed in the header" });
  if (others.some((one) => one.length !== head?.length))
    problems.push({ pointer: at, message: "all rows must have the same number of cells" });
};

const series = object({
  name: must(string({ min: 1, max: LIMITS.chartLabel })),
  data: must(
    list(
      object({ label: must(string({ min: 1, max: LIMITS.chartLabel })), value: must(number) }),
      1,
      LIMITS.chartPoints,
    ),
  ),
});

/** Bars, lines and areas: series under names of their own, each with one value for every category. */
const plotted = (name: string) =>
  object(
    {
      type: type(name),
      series: must(list(series, 1, LIMITS.chartSeries)),
      axis_config: must(
        object({
          categories: must(list(string({ min: 1, max: LIMITS.chartLabel }), 1, LIMITS.chartPoints)),
          x_label: may(string({ max: LIMITS.chartTitle })),
          y_label: may(string({ max: LIMITS.chartTitle })),
        }),
      ),
    },
    (value, at, problems) => {
      const { series: drawn, axis_config } = objectIn(value);
      const categories = listIn(objectIn(axis_config).categories);
      const names = listIn(drawn).map((one) => objectIn(one).name);
      if (new Set(names).size < names.length)
        problems.push({ pointer: `${at}/series`, message: "series names must be unique" });
      for (const [index, one] of listIn(drawn).entries()) {
        const labels = listIn(objectIn(one).data).map((point) => objectIn(point).label);
        if (
          labels.length !== categories.length ||
          labels.some((label) => !categories.includes(label ?? null))
        )
          problems.push({
            pointer: `${at}/series/${index}/data`,
            message: "labels must match the categories",
          });
      }
    },
  );

export const figures = {
  data_table: object({
    type: type("data_table"),
    ...own,
    caption: must(string({ min: 1 })),
    rows: must(dataRows),
    page_size: may(integer(1, LIMITS.dataTablePageSize)),
    row_header_column_index: may(integer(0, LIMITS.tableColumns - 1)),
  }),
  data_visualization: object({
    type: type("data_visualization"),
    ...own,
    title: must(string({ min: 1, max: LIMITS.chartTitle })),
    chart: must(
      byType({
        bar: plotted("bar"),
        line: plotted("line"),
        area: plotted("area"),
        pie: object({
          type: type("pie"),
          segments: must(
            list(
              object({ label: must(string({ min: 1, max: LIMITS.chartLabel })), value: must(number) }),
              1,
              LIMITS.chartSeries,
            ),
          ),
        }),
      }),
    ),
  }),
  table: object({
    type: type("table"),
    ...own,
    rows: must(list(row, 1, LIMITS.tableRows)),
    column_settings: may(
      list(
        (value, at, problems) => {
          if (value !== null)
            object({ align: may(word("left", "center", "right")), is_wrapped: may(flag) })(
              value,
              at,
              problems,
            );
        },
        0,
        LIMITS.tableColumns,
      ),
    ),
  }),
} satisfies Record<string, Rule>;

/** What a message may have of them altogether. */
export function figureProblems(blocks: readonly Json[], at: string): readonly Problem[] {
  const ofType = (name: string) => blocks.filter((block) => objectIn(block).type === name);
  const cells = ofType("data_table").map((block) => objectIn(block).rows ?? null);
  return [
    ...(ofType("table").length > LIMITS.tablesPerMessage
      ? [{ pointer: at, message: "only_one_table_allowed" }]
      : []),
    ...(ofType("data_visualization").length > LIMITS.chartsPerMessage
      ? [{ pointer: at, message: `no more than ${LIMITS.chartsPerMessage} charts allowed` }]
      : []),
    ...(textInBlocks(cells) > LIMITS.dataTableText
      ? [{ pointer: at, message: "tables hold too many characters" }]
      : []),
  ];
}
