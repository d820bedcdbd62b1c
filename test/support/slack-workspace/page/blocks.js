/** Draws blocks, on messages, in modals and on the home tab alike. */
import { h } from "./dom.js";
import { element } from "./elements.js";
import { markup, plain, richText, text } from "./texts.js";

function image(block) {
  return h(
    "figure",
    {},
    block.title && h("figcaption", {}, plain(block.title.text)),
    h("img", { src: block.image_url, alt: block.alt_text, loading: "lazy" }),
  );
}

function cell(world, item, tag, settings) {
  const inside = item.type === "rich_text" ? richText(world, item) : item.text;
  return h(tag, { class: settings?.align ?? (item.type === "raw_number" ? "right" : undefined) }, inside);
}

function table(world, block) {
  const [head, ...rows] = block.rows;
  return h(
    "div",
    { class: "table", tabindex: "0" },
    h(
      "table",
      {},
      block.caption && h("caption", {}, block.caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((item, index) => cell(world, item, "th", block.column_settings?.[index])),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((item, index) => cell(world, item, "td", block.column_settings?.[index])),
          ),
        ),
      ),
    ),
  );
}

/** The numbers of a chart as lines of bars: what is drawn, not how Slack draws it. */
function chart(block) {
  const series = block.chart.series ?? [{ name: block.title, data: block.chart.segments }];
  const top = Math.max(1, ...series.flatMap(({ data }) => data.map(({ value }) => value)));
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, block.title),
    series.map(({ name, data }) =>
      h(
        "div",
        {},
        series.length > 1 && h("small", {}, name),
        data.map(({ label, value }) =>
          h(
            "label",
            {},
            `${label} ${value} `,
            h("meter", { min: "0", max: String(top), value: String(value) }),
          ),
        ),
      ),
    ),
  );
}

let inputs = 0;

function input(world, block, hands) {
  inputs += 1;
  const id = `input-${inputs}`;
  const control = element(world, block, block.element, hands);
  const error = hands.errors?.[block.block_id];
  const isGroup = control.classList.contains("choices");
  if (isGroup) control.setAttribute("aria-labelledby", `${id}-label`);
  else control.id = id;
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  if (described) control.setAttribute("aria-describedby", described);
  if (error) control.setAttribute("aria-invalid", "true");
  return h(
    "div",
    { class: error ? "field wrong" : "field" },
    h(
      isGroup ? "p" : "label",
      { class: "label", id: `${id}-label`, for: isGroup ? undefined : id },
      plain(block.label.text),
      block.optional && h("small", { class: "label-note" }, " (optional)"),
    ),
    control,
    error && h("p", { class: "error", id: `${id}-error`, role: "alert" }, error),
    block.hint && h("p", { class: "hint", id: `${id}-hint` }, plain(block.hint.text)),
  );
}

const draw = {
  section: (world, block, hands) =>
    h(
      "div",
      { class: "section" },
      h(
        "div",
        { class: "section-text" },
        text(world, block.text),
        block.fields &&
          h(
            "div",
            { class: "fields" },
            block.fields.map((one) => h("div", {}, text(world, one))),
          ),
      ),
      block.accessory && h("div", { class: "accessory" }, element(world, block, block.accessory, hands)),
    ),
  header: (_, block) => h("h2", { class: "block-header" }, plain(block.text.text)),
  divider: () => h("hr"),
  rich_text: (world, block) => h("div", { class: "rich" }, richText(world, block)),
  markdown: (world, block) => h("div", { class: "rich" }, markup(world, block.text)),
  context: (world, block) =>
    h(
      "div",
      { class: "context" },
      block.elements.map((item) =>
        item.type === "image"
          ? h("img", { class: "tiny", src: item.image_url, alt: item.alt_text })
          : h("span", {}, text(world, item)),
      ),
    ),
  actions: (world, block, hands) =>
    h(
      "div",
      { class: "row actions" },
      block.elements.map((item) => element(world, block, item, hands)),
    ),
  context_actions: (world, block, hands) =>
    h(
      "div",
      { class: "row" },
      block.elements.map((item) => element(world, block, item, hands)),
    ),
  image: (_, block) => image(block),
  input: (world, block, hands) => input(world, block, hands),
  table: (world, block) => table(world, block),
  data_table: (world, block) => table(world, block),
  data_visualization: (_, block) => chart(block),
  alert: (world, block) =>
    h("div", { class: `alert ${block.level ?? ""}`, role: "note" }, text(world, block.text)),
  card: (world, block, hands) =>
    h(
      "div",
      { class: "card" },
      block.title && h("strong", {}, text(world, block.title)),
      block.subtitle && h("small", {}, text(world, block.subtitle)),
      text(world, block.body),
      block.actions &&
        h(
          "div",
          { class: "row" },
          block.actions.map((item) => element(world, block, item, hands)),
        ),
    ),
  carousel: (world, block, hands) => h("div", { class: "row" }, blocks(world, block.elements, hands)),
  container: (world, block, hands) =>
    h(
      "section",
      { class: "card" },
      block.rich_text_title
        ? richText(world, block.rich_text_title)
        : block.title && h("strong", {}, plain(block.title.text)),
      block.subtitle && h("small", {}, text(world, block.subtitle)),
      blocks(world, block.child_blocks, hands),
    ),
};

export function blocks(world, list, hands) {
  return list.map((block) =>
    draw[block.type]
      ? draw[block.type](world, block, hands)
      : h("p", { class: "hint" }, `A ${block.type} block is not drawn here.`),
  );
}
