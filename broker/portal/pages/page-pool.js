// SPDX-License-Identifier: GPL-3.0-or-later
// One pool: how it is, what it is, its desktops, and why somebody gets one of them or none.

import { get, path, post, Problem, remove } from "./api.js";
import { desktopActions, endFields, ending } from "./acts.js";
import { ask } from "./dialog.js";
import { check, line } from "./fields.js";
import { finder } from "./finder.js";
import { may } from "./me.js";
import { actable, holder } from "./page-desktops.js";
import { bar } from "./page-overview.js";
import { health } from "./page-pools.js";
import { detail, explain } from "./reasons.js";
import { lasting, number, t } from "./text.js";
import { alert, button, card, facts, go, head, html, icon, link, maintenance, moment, name, nothing, place, section, table, trail } from "./view.js";
import { assignWay, endAct, kind, state } from "./words.js";

function askClose(pool) {
  ask({
    title: t("Close the pool {name}?", { name: pool.name }), confirm: t("Close"), reason: false,
    values: { message: "", minutes: "", drain: false },
    preview: (values) => html`<p>${t("Nobody gets a desktop of it any more; whoever has one may come back to it.")}</p>${
      values.minutes ? html`<p>${t("{n} desktops that somebody has end then.", { n: pool.counts.held })}</p>` : nothing}`,
    fields: (values, change) => html`${endFields(values, change)}${check("drain", t("Drain it, too"), values.drain,
      (value) => change("drain", value), { help: t("Desktops that nobody has are switched off.") })}`,
    act: (values) => post(path(["admin", "pools", pool.name, "close"]),
      { drain: values.drain, ...ending(values) }),
    done: t("The pool is closed."),
  });
}

const askOpen = (pool) => ask({
  title: t("Open the pool {name}?", { name: pool.name }), confirm: t("Open"), reason: false,
  act: () => post(path(["admin", "pools", pool.name, "open"])), done: t("The pool is open."),
});

const askRenew = (pool) => ask({
  title: t("New revision of {name}?", { name: pool.name }), confirm: t("Make it"), reason: false,
  preview: () => t("The template is taken as it is now. Desktops that nobody has are made anew: a few first, and when those became ready, the others."),
  act: () => post(path(["admin", "pools", pool.name, "revisions"])), done: t("A new revision is being made."),
});

/* What stands there already is not sent. */
const engineEdit = (pool, values) => ({
  ...(Number(values.prestarted) === Number(pool.engine_says.prestarted) ? {} : { prestarted: Number(values.prestarted) }),
  ...(Number(values.per_user) === Number(pool.engine_says.per_user) ? {} : { per_user: Number(values.per_user) }),
  ...(values.group ? { group: values.group, entitled: !values.withdraw } : {}) });

const askEngine = (pool, refresh) => ask({
  title: t("Change {name} at its engine", { name: pool.name }), confirm: t("Change"), reason: false,
  values: { prestarted: pool.engine_says.prestarted, per_user: pool.engine_says.per_user, group: "", withdraw: false },
  fields: (values, change) => html`${line("prestarted", t("VMs that are kept running"), values.prestarted,
    (value) => change("prestarted", value), { type: "number", min: 0, max: 10000, required: true })}${
    line("per_user", t("VMs that one person may have"), values.per_user, (value) => change("per_user", value),
      { type: "number", min: 1, max: 10000, required: true })}${line("group", t("Group that may have some"), values.group,
      (value) => change("group", value), { longest: 256, help: t("As the engine calls it; empty: groups stay as they are.") })}${
    values.group ? check("withdraw", t("Take it away from that group"), values.withdraw, (value) => change("withdraw", value)) : nothing}`,
  act: async (values) => {
    await post(path(["admin", "pools", pool.name, "engine"]), engineEdit(pool, values));
    refresh();
  },
  done: t("The engine has done it."),
});

const askDelete = (pool) => ask({
  title: t("Delete the pool {name}?", { name: pool.name }), confirm: t("Delete"), danger: true, reason: false,
  preview: () => t("Its {n} desktops stay as they are at their manager; the broker forgets them.", { n: pool.counts.total }),
  act: async () => {
    await remove(path(["admin", "pools", pool.name]));
    location.hash = "#/pools";
  },
  done: t("The pool is gone."),
});

const actions = (pool, refresh) => html`${may("define") ? go(place("pool-edit", pool.name), t("Edit")) : nothing}${
  may("operate") ? html`${pool.closed ? button(t("Open"), () => askOpen(pool)) : button(t("Close"), () => askClose(pool))}${
  pool.template ? button(t("New revision"), () => askRenew(pool)) : nothing}` : nothing}${
  may("define") && pool.engine_says ? button(t("At the engine"), () => askEngine(pool, refresh)) : nothing}${
  may("define") ? button(t("Delete"), () => askDelete(pool), { kind: "danger" }) : nothing}`;

const desktops = (pool, rows) => table(t("Desktops"), [
  { name: t("Desktop"), cell: (desktop) => html`${link(place("desktop", desktop.id), desktop.name)}${
    desktop.refusal || desktop.problem ? html`<div class="floe-wrong">${desktop.refusal || desktop.problem}</div>` : nothing}` },
  { name: t("Whose"), cell: (desktop) => holder(desktop.holder) },
  { name: t("State"), cell: (desktop) => state(desktop.state) },
  { name: t("Since"), cell: (desktop) => moment(desktop.since) },
  { name: t("Reset"), cell: (desktop) => state(desktop.refusal ? "refused" : desktop.clean) },
  { name: t("Host"), cell: (desktop) => name(desktop.host ?? "–") },
  { name: "", cell: (desktop) => desktopActions(actable(desktop, { [pool.name]: pool.kind })) },
], rows);

const seconds = (value) => (value > 0 ? lasting(value) : t("never"));

const settings = (pool) => facts([
  [t("Kind"), kind(pool.kind)],
  [t("Template"), pool.template ? name(pool.template.domain) : null],
  [t("Desktops"), pool.template ? `${number(pool.template.minimum)} – ${number(pool.template.maximum)}` : null],
  [t("Engine"), pool.engine ? name(pool.manager) : null],
  [t("Pool at the engine"), pool.engine ? name(pool.engine.pool) : null],
  [t("VMs of the engine"), pool.engine_says ? t("{n}, of which {m} are kept running", { n: pool.engine_says.size,
    m: number(pool.engine_says.prestarted) }) : null],
  [t("Who asks the engine"), pool.engine ? assignWay(pool.engine.assign) : null],
  [t("Domains"), pool.domains ? name(pool.domains.pattern ?? pool.domains.names?.join(", ") ?? t("by their metadata")) : null],
  [t("Groups"), pool.entitlements.groups.map((each) => html`<div>${name(each)}</div>`)],
  [t("People"), pool.entitlements.users.length > 0 ? name(pool.entitlements.users.join(", ")) : null],
  [t("Spares"), number(pool.spares)], [t("Each person has"), number(pool.per_user)],
  [t("After a disconnect"), html`${endAct(pool.on_disconnect)}, ${seconds(pool.grace_seconds)}`],
  [t("Without input"), pool.idle_seconds > 0 ? html`${endAct(pool.on_idle)}, ${seconds(pool.idle_seconds)}` : null],
  [t("Longest session"), pool.limit_seconds > 0 ? html`${endAct(pool.on_limit)}, ${seconds(pool.limit_seconds)}` : null],
]);

const keeper = (pool) => facts([
  [t("Spares wanted"), number(pool.keeper.spares_wanted)], [t("Spares ready"), number(pool.keeper.spares_ready)],
  [t("Starting"), number(pool.keeper.starting)], [t("Being made"), number(pool.keeper.making)],
  [t("Failures in a row"), pool.keeper.failures > 0 ? number(pool.keeper.failures) : null],
  [t("Tried again"), pool.keeper.not_before ? moment(pool.keeper.not_before) : null],
  [t("Revisions"), pool.keeper.revisions.length > 0 ? pool.keeper.revisions.map((revision) => html`<div>${
    number(revision.number)} ${state(revision.state)} ${moment(revision.since)}${
    revision.problem ? html`<div class="floe-wrong">${revision.problem}</div>` : nothing}</div>`) : null],
]);

const MARKS = { ok: ["ok", "floe-green"], no: ["error-circle-o", "floe-red"], info: ["info", "floe-blue"] };

/** What the broker answers to "why". */
export const explanation = (told) => html`<ol class="floe-steps" role="list">${told.steps.map((step) => html`<li><span
  class=${MARKS[step.mark]?.[1] ?? ""}>${icon(MARKS[step.mark]?.[0] ?? "unknown")}</span> ${step.text}</li>`)}</ol><p><strong>${
  told.conclusion}</strong></p>`;

export function pool({ parts, redraw, refresh }) {
  const found = finder(["admin", "desktops"], { pool: parts[0] }, refresh);
  const state_ = { pool: null, who: "", told: null, problem: null };

  async function why(event) {
    event.preventDefault();
    Object.assign(state_, { told: null, problem: null });
    try {
      state_.told = await get(path(["admin", "pools", parts[0], "explain"], { user: state_.who }));
    } catch (problem) {
      state_.problem = problem;
    }
    redraw();
  }

  const whyForm = () => html`<form class="pf-v6-c-form" @submit=${why}>${line("who", t("Log-in name"), state_.who,
    (value) => { state_.who = value; }, { required: true, longest: 256 })}<div>${
    button(t("Ask"), null, { type: "submit" })}</div></form>${
    state_.problem ? alert("danger", explain(state_.problem), detail(state_.problem)) : nothing}${
    state_.told ? explanation(state_.told) : nothing}`;

  function draw() {
    const { pool: it } = state_;

    return html`${head(name(it.name), { above: trail([t("Pools"), "#/pools"], [it.name]), about: it.description,
      actions: actions(it, refresh) })}${section(html`
      <div class="floe-wrongs">${it.problem ? alert("warning", t("The pool has a problem."), it.problem) : nothing}
      ${it.keeper.note ? alert(it.keeper.failures > 0 ? "danger" : "warning", t("The pool is not filled."), it.keeper.note)
        : nothing}
      ${it.maintenance ? maintenance(it.maintenance) : nothing}
      ${it.closed && it.message && !it.maintenance ? alert("info", t("People are told:"), it.message) : nothing}</div>
      <div class="floe-cards">${card(t("Desktops"), html`<p>${health(it)}</p>${bar(it.counts)}`)}
      ${it.engine ? nothing : card(t("Kept ready"), keeper(it))}${card(t("How it is defined"), settings(it))}
      ${card(t("Why does somebody get a desktop, or none?"), whyForm())}</div>`)}
      ${section(html`${desktops(it, found.items)}${found.foot()}`)}`;
  }

  return {
    title: () => parts[0],
    async load(signal) {
      // One pool alone is answered with all of its desktops, of which there may be very many.
      const [all] = await Promise.all([get("/admin/pools", { signal }), found.load(signal)]);
      const one = all.items.find((each) => each.name === parts[0]);

      if (!one)
        throw new Problem({ type: "not-found" }, 404);
      state_.pool = one;
    },
    draw,
  };
}
