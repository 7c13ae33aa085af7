// SPDX-License-Identifier: GPL-3.0-or-later
// All pools.

import { get } from "./api.js";
import { may } from "./me.js";
import { bar, RARELY } from "./page-overview.js";
import { t } from "./text.js";
import { empty, go, head, html, label, link, nothing, place, section, table } from "./view.js";
import { kind } from "./words.js";

/** Whether a pool is well, in one word. */
export function health(pool) {
  if (pool.keeper.failures > 0)
    return label(t("fails"), "red", "error-circle-o");
  if (pool.closed)
    return label(pool.drain ? t("closed, draining") : t("closed"), "orange", "locked");
  if (pool.problem || pool.keeper.note || pool.counts.broken > 0)
    return label(t("look at it"), "orange", "warning-triangle");
  return label(t("well"), "green", "ok");
}

export function pools() {
  let list = [];
  const columns = () => [
    { name: t("Pool"), cell: (pool) => html`${link(place("pool", pool.name), pool.name)}<div
      class="floe-about">${pool.description}</div>` },
    { name: t("Kind"), cell: (pool) => kind(pool.kind) },
    { name: t("Desktops"), cell: (pool) => bar(pool.counts) },
    { name: t("State"), cell: health },
  ];

  return {
    title: () => t("Pools"),
    every: RARELY,
    async load(signal) { list = (await get("/admin/pools", { signal })).items; },
    draw: () => html`${head(t("Pools"), { actions: may("define") ? go("#/pool-edit", t("New pool"), { kind: "primary" })
      : nothing })}${
      section(list.length > 0 ? table(t("Pools"), columns(), list)
        : empty(t("There is no pool yet."), "", "resource-pool"))}`,
  };
}
