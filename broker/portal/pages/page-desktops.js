// SPDX-License-Identifier: GPL-3.0-or-later
// All desktops: searched, filtered, and acted on, one or many at once.

import { get } from "./api.js";
import { askMany, desktopActions } from "./acts.js";
import { choosing } from "./choosing.js";
import { choice } from "./fields.js";
import { finder } from "./finder.js";
import { may } from "./me.js";
import { t } from "./text.js";
import { empty, head, html, link, moment, name, nothing, place, section, table } from "./view.js";
import { rowWindow } from "./window.js";
import { state as word, stateWords } from "./words.js";

const STATES = ["making", "off", "starting", "ready", "in-use", "stopping", "moving", "resetting", "broken", "host-lost"];

const TERMINAL = "terminal:"; // and its name: it has a desktop of its own, without a person

/** Who has a desktop, of a row of the API. */
export const holder = (who) => (who === null ? "–" : who.name.startsWith(TERMINAL)
  ? link(place("terminal", who.name.slice(TERMINAL.length)), who.name.slice(TERMINAL.length))
  : link(place("person", who.name), who.name));

/** A row as acts take it. */
export const actable = (row, kinds) => ({ ...row, kind: kinds[row.pool] ?? "", holder: row.holder?.name ?? null });

export function desktops({ query, redraw, refresh }) {
  const found = finder(["admin", "desktops"], { q: query.get("q") ?? "", pool: query.get("pool") ?? "",
    host: query.get("host") ?? "", state: query.get("state") ?? "", assigned: query.get("assigned") ?? "" }, refresh);
  const view = rowWindow(redraw);
  const chosen = choosing((row) => row.id, (row) => row.name, redraw);
  let pools = [];
  let kinds = {};

  async function learnPools() {
    try {
      pools = (await get("/admin/pools")).items;
    } catch {
      return; // the next look asks again
    }
    kinds = Object.fromEntries(pools.map((pool) => [pool.name, pool.kind]));
    redraw();
  }

  const columns = () => [
    ...(may("help") ? [chosen.column(found.items)] : []),
    { name: t("Desktop"), cell: (row) => html`${link(place("desktop", row.id), row.name)}${
      row.refusal || row.problem ? html`<div class="floe-wrong">${name(row.refusal || row.problem)}</div>` : nothing}` },
    { name: t("Pool"), cell: (row) => link(place("pool", row.pool), row.pool) },
    { name: t("State"), cell: (row) => word(row.state) },
    { name: t("Whose"), cell: (row) => holder(row.holder) },
    { name: t("Since"), cell: (row) => moment(row.since) },
    { name: t("Where"), cell: (row) => name(row.terminal || row.address || "–") },
    { name: t("Host"), cell: (row) => name(row.host) },
    { name: "", cell: (row) => desktopActions(actable(row, kinds)) },
  ];

  const filters = () => html`<form class="floe-filters" role="search" @submit=${(event) => event.preventDefault()}>
    ${found.field()}
    ${choice("pool", t("Pool"), found.filters.pool, [["", t("all")], ...pools.map((pool) => [pool.name, pool.name])],
      (value) => found.set("pool", value))}
    ${choice("state", t("State"), found.filters.state, [["", t("all")], ...STATES.map((each) => [each, stateWords(each)])],
      (value) => found.set("state", value))}
    ${choice("assigned", t("Whose"), found.filters.assigned, [["", t("all")], ["true", t("somebody's")],
      ["false", t("nobody's")]], (value) => found.set("assigned", value))}</form>`;

  /** What is done with all that are chosen. */
  function many() {
    const rows = chosen.of(found.items).map((row) => actable(row, kinds));

    return chosen.bar(t("{n} desktops are chosen.", { n: rows.length }), askMany(rows));
  }

  return {
    title: () => t("Desktops"),
    async load(signal) {
      if (pools.length === 0)
        learnPools(); // nobody waits for these
      await found.load(signal);
    },
    draw: () => html`${head(t("Desktops"))}${section(html`${filters()}${many()}${
      found.items.length > 0 ? table(t("Desktops"), columns(), found.items, { view }) : empty(t("Nothing fits."))}${found.foot()}`)}`,
  };
}
