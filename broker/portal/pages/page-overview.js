// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong now, the worst first; and all pools at a glance.

import { get } from "./api.js";
import { svg } from "./lit-html.js";
import { may } from "./me.js";
import { mark, number, t } from "./text.js";
import { alert, card, head, html, link, moment, nothing, place, section } from "./view.js";

/* problems: [kind of alert, sentence, more, address] of everything that is not as it should be */
function* problems({ health, pools, hosts }) {
  if (health.directory === "down")
    yield ["danger", t("The directory does not answer: nobody can log in."), "", null];
  for (const host of hosts)
    if (!host.up)
      yield ["danger", t("The host {name} does not answer.", { name: host.name }),
        t("{n} desktops on it are lent.", { n: host.held }), place("hosts")];
    else if (host.draining)
      yield ["info", t("The host {name} is being drained.", { name: host.name }), host.message, place("hosts")];
  for (const pool of pools)
    yield* poolProblems(pool);
}

function* poolProblems(pool) {
  const there = place("pool", pool.name);

  if (pool.problem)
    yield ["warning", t("The pool {name} has a problem.", { name: pool.name }), pool.problem, there];
  if (pool.keeper.failures > 0)
    yield ["danger", t("The pool {name} fails.", { name: pool.name }), pool.keeper.note, there];
  else if (pool.keeper.note)
    yield ["warning", t("The pool {name} is not filled.", { name: pool.name }), pool.keeper.note, there];
  if (pool.counts.broken > 0 && !pool.problem)
    yield ["warning", t("{n} desktops of the pool {name} are broken.", { n: pool.counts.broken, name: pool.name }), "", there];
  if (pool.counts.refused > 0 && !pool.problem)
    yield ["warning", t("{n} desktops of the pool {name} are refused.", { n: pool.counts.refused, name: pool.name }), "",
      there];
  if (pool.kind === "floating" && pool.counts.total > 0 && pool.counts.free === 0 && !pool.closed)
    yield ["warning", t("The pool {name} has none left: whoever comes waits.", { name: pool.name }), "", there];
  if (pool.closed)
    yield ["info", t("The pool {name} is closed.", { name: pool.name }), pool.message, there];
}

export const RARELY = 15000; // milliseconds between two looks at all pools: it takes the broker a look at everything

const WORST = ["danger", "warning", "info"];

const wrong = ([kind, title, more, address]) => html`<li>${alert(kind, title, more, address ? html`<a
  href=${address}>${t("Look at it")}</a>` : nothing)}</li>`;

const COUNTS = [["free", mark("free"), "green"], ["held", mark("lent"), "blue"],
  ["dirty", mark("used"), "grey"], ["broken", mark("broken"), "red"], ["refused", mark("refused"), "orange"]];

/** How many desktops of a pool are how, as a bar and in words. */
export function bar(counts) {
  const shares = COUNTS.filter(([key]) => counts[key] > 0);

  return html`<div class="floe-bar" aria-hidden="true"><svg viewBox="0 0 100 4" preserveAspectRatio="none">${
    stripes(counts, shares)}</svg></div><ul class="floe-counts">${
    COUNTS.filter(([key]) => counts[key] > 0 || key === "free" || key === "held").map(([key, words, colour]) => html`<li><span
    class="floe-dot floe-${colour}"></span>${number(counts[key])} ${t(words)}</li>`)}</ul>`;
}

function stripes(counts, shares) {
  const total = Math.max(1, shares.reduce((sum, [key]) => sum + counts[key], 0));
  let x = 0;

  return shares.map(([key, , colour]) => {
    const width = counts[key] * 100 / total;
    const from = x;

    x += width;
    return svg`<rect class="floe-${colour}" x=${from} y="0" width=${width} height="4"></rect>`;
  });
}

export function overview() {
  let now = null;

  return {
    title: () => t("Overview"),
    every: RARELY,
    async load(signal) {
      const [health, pools, hosts] = await Promise.all([get("/health", { signal }), get("/admin/pools", { signal }),
        may("hosts") ? get("/admin/hosts", { signal }) : { items: [] }]);

      now = { health, pools: pools.items, hosts: hosts.items };
    },
    draw() {
      const list = [...problems(now)].sort((a, b) => WORST.indexOf(a[0]) - WORST.indexOf(b[0]));

      return html`${head(t("Overview"))}${section(html`
        <h2 class="pf-v6-screen-reader">${t("What is wrong now")}</h2>
        ${list.length > 0 ? html`<ul class="floe-wrongs" role="list">${list.map(wrong)}</ul>`
          : alert("success", t("Nothing is wrong."))}`)}
        ${section(html`<div class="floe-cards">${now.pools.map((pool) => card(link(place("pool", pool.name), pool.name),
          html`<p class="floe-about">${pool.description}</p>${bar(pool.counts)}${
            pool.keeper.not_before ? html`<p>${t("Tried again:")} ${moment(pool.keeper.not_before)}</p>` : nothing}`))}</div>`)}`;
    },
  };
}
