// SPDX-License-Identifier: GPL-3.0-or-later
// Finding somebody.

import { askLogOff } from "./acts.js";
import { choosing } from "./choosing.js";
import { finder } from "./finder.js";
import { may } from "./me.js";
import { t } from "./text.js";
import { empty, head, html, link, moment, name, place, section, table } from "./view.js";

const columns = (boxes) => [
  ...(may("help") ? [boxes] : []),
  { name: t("Name"), cell: (person) => link(place("person", person.name), person.display_name || person.name) },
  { name: t("Log-in name"), cell: (person) => name(person.name) },
  { name: t("Last seen"), cell: (person) => moment(person.seen_at) },
];

export function people({ refresh, redraw }) {
  const found = finder(["admin", "users"], { q: "" }, refresh);
  const chosen = choosing((person) => person.name, (person) => person.display_name || person.name, redraw);

  function many() {
    const rows = chosen.of(found.items);

    return chosen.bar(t("{n} people are chosen.", { n: rows.length }), [[t("Log off"), () => askLogOff(rows)]]);
  }

  /** Who is alone on the list is meant. */
  async function open(event) {
    event.preventDefault();
    await found.load();
    if (found.items.length > 0)
      location.hash = place("person", found.items[0].name);
  }

  return {
    title: () => t("People"),
    load: found.load,
    focus: "#q",
    draw: () => html`${head(t("People"))}${section(html`<form class="floe-search" role="search" @submit=${open}>${found.field()}</form>${many()}${
      found.items.length > 0 ? table(t("People"), columns(chosen.column(found.items)), found.items)
        : empty(found.filters.q ? t("Nobody was seen here who is called so.") : t("Nobody was seen here yet."), "", "users")}${
      found.foot()}`)}`,
  };
}
