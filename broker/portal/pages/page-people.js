// SPDX-License-Identifier: GPL-3.0-or-later
// Finding somebody.

import { finder } from "./finder.js";
import { t } from "./text.js";
import { empty, head, html, link, moment, name, place, section, table } from "./view.js";

const columns = () => [
  { name: t("Name"), cell: (person) => link(place("person", person.name), person.display_name || person.name) },
  { name: t("Log-in name"), cell: (person) => name(person.name) },
  { name: t("Last seen"), cell: (person) => moment(person.seen_at) },
];

export function people({ refresh }) {
  const found = finder(["admin", "users"], { q: "" }, refresh);

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
    draw: () => html`${head(t("People"))}${section(html`<form class="floe-search" role="search" @submit=${open}>${found.field()}</form>${
      found.items.length > 0 ? table(t("People"), columns(), found.items)
        : empty(found.filters.q ? t("Nobody was seen here who is called so.") : t("Nobody was seen here yet."), "", "users")}${
      found.foot()}`)}`,
  };
}
