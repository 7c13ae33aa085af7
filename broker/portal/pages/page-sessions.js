// SPDX-License-Identifier: GPL-3.0-or-later
// Who is connected to which desktop.

import { desktopActions } from "./acts.js";
import { finder } from "./finder.js";
import { holder } from "./page-desktops.js";
import { t } from "./text.js";
import { empty, head, html, link, moment, name, place, section, table } from "./view.js";
import { rowWindow } from "./window.js";
import { connection } from "./words.js";

const STEPS = [200, 1000, 10000]; // rows when somebody asks for more: all of a big house, to be watched

const columns = () => [
  { name: t("Who"), cell: (row) => holder(row.user) },
  { name: t("Desktop"), cell: (row) => link(place("desktop", row.desktop.id), row.desktop.name) },
  { name: t("Pool"), cell: (row) => link(place("pool", row.desktop.pool), row.desktop.pool) },
  { name: t("Terminal"), cell: (row) => name(row.terminal ?? "–") },
  { name: t("Address"), cell: (row) => row.address ?? "–" },
  { name: t("Since"), cell: (row) => moment(row.since) },
  { name: t("Connection"), cell: (row) => (row.quality ? connection(row.quality) : "–") },
  { name: t("Host"), cell: (row) => name(row.desktop.host) },
  { name: "", cell: (row) => desktopActions({ ...row.desktop, kind: "", power: "on", console: "connected", clean: "dirty",
    holder: row.user?.name ?? null }) },
];

export function sessions({ refresh, redraw }) {
  const found = finder(["admin", "sessions"], { q: "" }, refresh, STEPS);
  const view = rowWindow(redraw);

  return {
    title: () => t("Sessions"),
    load: found.load,
    draw: () => html`${head(t("Sessions"))}${section(html`<form class="floe-search" role="search"
      @submit=${(event) => event.preventDefault()}>${found.field()}</form>${
      found.items.length > 0 ? table(t("Sessions"), columns(), found.items,
        { view, key: (row) => row.desktop.id })
        : empty(t("Nobody is connected."), "", "running")}${found.foot()}`)}`,
  };
}
