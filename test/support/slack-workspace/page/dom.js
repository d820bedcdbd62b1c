/** Builds elements. Text always becomes a text node: nothing an app sends is ever parsed as HTML. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} properties attributes; `on…` are listeners, `true` sets, `false` and `undefined` leave out
 * @param {...(Node | string | false | undefined | null | readonly (Node | string)[])} children
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(
    ...children.flat().filter((child) => child !== false && child !== undefined && child !== null),
  );
  return element;
}

/** A button that opens a list of further buttons below itself; it closes with Escape and on a click elsewhere. `isNamed` shows the label instead of three dots. */
export function menu(label, items, isNamed = false) {
  const list = h("div", { class: "menu-list", role: "menu", hidden: true });
  const toggle = h(
    "button",
    {
      type: "button",
      class: isNamed ? "button" : "icon",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": isNamed ? undefined : label,
      title: isNamed ? undefined : label,
    },
    isNamed ? label : h("span", { "aria-hidden": "true" }, "⋯"),
  );
  const show = (isOpen) => {
    list.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) list.querySelector("button, a")?.focus();
  };
  toggle.addEventListener("click", () => show(list.hidden));
  list.append(
    ...items.map(({ text, note, act }) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          onclick: () => {
            show(false);
            act();
          },
        },
        text,
        note && h("small", {}, note),
      ),
    ),
  );
  const holder = h("span", { class: "menu" }, toggle, list);
  holder.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    show(false);
    toggle.focus();
  });
  holder.addEventListener("focusout", (event) => {
    if (!holder.contains(event.relatedTarget)) show(false);
  });
  return holder;
}

/** Addresses a person may follow; everything else stays text. */
export function safeLink(url) {
  return /^(https?:|mailto:|tel:)/i.test(url) ? url : undefined;
}
