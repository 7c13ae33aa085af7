// SPDX-License-Identifier: GPL-3.0-or-later
// Long lists: what is searched for in them, and how much of them is shown. The broker searches; this only asks.

import { list } from "./api.js";
import { line } from "./fields.js";
import { t } from "./text.js";
import { button, html, nothing } from "./view.js";

const FIRST = 50; // rows at first
const MORE = [200, 1000]; // and when somebody asks for more
const REST = 200; // milliseconds without a key before we search

/** One list and its filters. parts: of its path; filters: by name, empty ones are none; refresh: looks again; steps: how many
 * rows are shown when somebody asks for more, again and again. */
export function finder(parts, filters, refresh, steps = MORE) {
  const self = { filters, items: [], more: false };
  let most = FIRST;
  let timer = 0;

  self.load = async (signal) => {
    const found = await list(parts, self.filters, most, signal);

    Object.assign(self, found);
  };

  /** Another filter; at once, or when somebody has done typing. */
  self.set = (key, value, typing = false) => {
    self.filters = { ...self.filters, [key]: value };
    most = FIRST;
    clearTimeout(timer);
    timer = setTimeout(refresh, typing ? REST : 0);
  };

  /** The field for names. */
  self.field = () => line("q", t("Name, or the beginning of one"), self.filters.q, (value) => self.set("q", value, true),
    { type: "search", longest: 256 });

  self.foot = () => {
    const next = steps.find((each) => each > most);

    if (!self.more)
      return nothing;
    return html`<p class="floe-more">${next ? button(t("Show more"), () => { most = next; refresh(); })
      : t("There are more; search for what you need.")}</p>`;
  };
  return self;
}
