// SPDX-License-Identifier: GPL-3.0-or-later
// One desktop: its facts, who has it, what is planned, and what was done to it.

import { get, path } from "./api.js";
import { desktopButtons } from "./acts.js";
import { holder } from "./page-desktops.js";
import { mark, number, size, t, time } from "./text.js";
import { alert, card, facts, head, html, link, maintenance, moment, name, nothing, place, section, trail } from "./view.js";
import { action, kind, state as word } from "./words.js";

const FACTS = { power: mark("Power"), guest: mark("Guest"), console: mark("Session"), lease: mark("Lease"),
  clean: mark("Reset"), intent: mark("Under way") };
const PLANS = { grace: mark("the time to come back ends"), retry: mark("tried again"), ticket: mark("the ticket ends"),
  limit: mark("the session's time ends"), idle: mark("idle for too long"), "log-off": mark("logged off"), "asked-off": mark("logged off"),
  account: mark("account ended"), lost: mark("the host is given up"), maintenance: mark("maintenance ends its session"), restart: mark("restart"), drain: mark("drained"), collect: mark("not collected"),
  shadow: mark("an open question about its screen ends") };

const rows = (list) => (list.length === 0 ? html`<p>${t("nothing")}</p>` : html`<ul class="floe-list" role="list">${
  list.map((row) => html`<li><div>${action(row.action)} ${word(row.outcome)} <span class="floe-about">${
  name(row.actor)}, <time datetime=${row.at}>${time(row.at)}</time></span></div>${
  row.detail ? html`<div class="floe-about">${name(row.detail)}</div>` : nothing}</li>`)}</ul>`);

const lease = (it) => (it.lease === null ? html`<p>${t("Nobody has it.")}</p>` : facts([
  [t("Whose"), holder(it.lease.holder)], [t("Since"), moment(it.lease.since)],
  [t("Terminal"), it.lease.terminal ? name(it.lease.terminal) : null], [t("Address"), it.lease.address]]));

/* made with: what acts need to know */
const flat = (it) => ({ id: it.id, name: it.name, pool: it.pool, kind: it.kind, power: it.facts.power.value,
  console: it.facts.console.value, clean: it.facts.clean.value, maintained: it.in_maintenance, holder: it.lease?.holder.name ?? null });

export function desktop({ parts }) {
  let it = null;

  return {
    title: () => it?.name ?? parts[0],
    async load(signal) { it = await get(path(["admin", "desktops", parts[0]]), { signal }); },
    draw: () => html`${head(name(it.name), { above: trail([t("Desktops"), "#/desktops"], [it.name]),
      about: html`${word(it.state)} ${t("pool")} ${link(place("pool", it.pool), it.pool)} (${kind(it.kind)}) · ${t("host")} ${
        name(it.host)}`, actions: desktopButtons(flat(it)) })}${section(html`
      <div class="floe-wrongs">${it.problem ? alert("danger", t("Something went wrong with it."), it.problem) : nothing}
      ${it.maintenance ? maintenance(it.maintenance) : nothing}
      ${it.refusal ? alert("warning", t("It is never lent."), it.refusal) : nothing}</div>
      <div class="floe-cards">${card(t("Who has it"), lease(it))}
      ${card(t("How it is"), facts(Object.entries(FACTS).map(([key, words]) => [t(words), html`${word(it.facts[key].value)} <span
        class="floe-about">${it.facts[key].since ? moment(it.facts[key].since) : nothing}</span>`])))}
      ${card(t("What is to come"), it.planned.length > 0 ? facts(it.planned.map((plan) => [t(PLANS[plan.what] ?? plan.what),
        moment(plan.at)])) : html`<p>${t("nothing")}</p>`)}
      ${card(t("More about it"), facts([[t("Memory"), it.memory_mib > 0 ? size(it.memory_mib) : null],
        [t("Revision"), it.made ? number(it.made.revision) : null],
        [t("Seen on its host"), it.present ? t("yes") : t("no")],
        [t("Last session ended"), it.end ? html`${it.end.reason} ${moment(it.end.at)}` : null]]))}
      ${card(t("What went wrong"), rows(it.failures))}${card(t("What was done"), rows(it.trail))}</div>`)}`,
  };
}
