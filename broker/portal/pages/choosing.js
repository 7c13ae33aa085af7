// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing several rows of a list, for something that is done with all of them.

import { t } from "./text.js";
import { button, html, nothing } from "./view.js";

const box = (title, on, change) => html`<input type="checkbox" class="floe-box" aria-label=${title} .checked=${on}
  @change=${(event) => change(event.target.checked)}>`;

/** What is chosen. key: of a row; label: of a row, for whoever does not see it; redraw: shows a change. */
export function choosing(key, label, redraw) {
  const chosen = new Set();

  function set(rows, on) {
    for (const row of rows)
      if (on)
        chosen.add(key(row));
      else
        chosen.delete(key(row));
    redraw();
  }

  return {
    /** The column of boxes, for rows as they are shown. */
    column: (rows) => ({ name: "", narrow: true, head: box(t("Choose all that are shown"), rows.length > 0
      && rows.every((row) => chosen.has(key(row))), (on) => set(rows, on)),
    cell: (row) => box(t("Choose {name}", { name: label(row) }), chosen.has(key(row)), (on) => set([row], on)) }),
    /** Those of rows that are chosen. */
    of: (rows) => rows.filter((row) => chosen.has(key(row))),
    /** The bar over the list. words: how many; acts: [words, act]. */
    bar: (words, acts) => (chosen.size === 0 ? nothing : html`<div class="floe-many" role="status"><span>${words}</span>${
      acts.map(([text, act]) => button(text, act, { small: true }))}${
      button(t("None"), () => { chosen.clear(); redraw(); }, { kind: "link", small: true })}</div>`),
  };
}
