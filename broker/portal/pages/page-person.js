// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody at a glance: what the directory says, what they have, what they may open and why, and what went wrong.

import { get, path, post } from "./api.js";
import { askLogOff, askMove, because, desktopButtons } from "./acts.js";
import { ask } from "./dialog.js";
import { may } from "./me.js";
import { explanation } from "./page-pool.js";
import { detail, explain, reasonWords } from "./reasons.js";
import { span, t, time } from "./text.js";
import { alert, button, card, facts, go, head, html, icon, label, link, moment, name, nothing, place, section,
  trail } from "./view.js";
import { action, connection, kind, phase, role, state as word } from "./words.js";

const ACCOUNT_EVERY = 30000; // milliseconds: the directory is asked each time

const askReset = (person) => ask({
  title: t("Reset the second factor of {name}?", { name: person.display_name || person.name }), confirm: t("Reset"),
  danger: true,
  preview: () => t("The app counts no more. Where a second factor is required, they set up another one with the next log-in."),
  act: (values) => post(path(["admin", "users", person.name, "second-factor", "reset"]), because(values)),
  done: t("The second factor is reset."),
});

const NEW_PASSWORD = ["must-change", "expired"];

/* Why the directory keeps them out: all of it, since whoever unlocks an account wants to know what comes next. */
const accountReasons = (account) => [account.state, ...account.also].map((reason) =>
  (reason === "locked" && account.locked_until
    ? t("The account is locked until {time}.", { time: time(account.locked_until) }) : reasonWords(reason) || account.text));

function accountState(account) {
  if (account.state === "usable")
    return label(t("can log in"), "green", "ok");
  if (account.state === "unknown")
    return label(t("the directory does not answer"), "orange", "unknown");
  return html`${NEW_PASSWORD.includes(account.state) ? label(t("needs a new password"), "orange", "locked")
    : label(t("cannot log in"), "red", "locked")}${account.state === "gone"
    ? html`<div class="floe-wrong">${t("The directory does not know this person.")}</div>`
    : accountReasons(account).map((words) => html`<div class="floe-wrong">${words}</div>`)}`;
}

const who = (person, account, wrong) => facts([
  [t("Account"), account ? accountState(account) : wrong ? html`<span class="floe-wrong">${explain(wrong)}</span>` : "…"],
  [t("Log-in name"), name(person.name)], [t("Role"), role(person.role)],
  [t("Second factor"), person.second_factor ? t("set up") : t("none")],
  [t("Account ends"), account?.account_expires ? moment(account.account_expires) : null],
  [t("Password ends"), account?.password_expires ? moment(account.password_expires) : null],
  [t("Last seen"), moment(person.seen_at)],
]);

const where = (desktop) => [desktop.terminal && t("terminal {name}", { name: desktop.terminal }), desktop.address]
  .filter(Boolean).join(", ");

/* How good their connection to it is, as their client measured. */
function quality(it) {
  return html` ${connection(it.quality)} <span class="floe-about">${t("round trip {time}", { time: span(it.rtt_ms) })}${
    it.retransmits > 0 ? html`, ${t("{n} sent again", { n: it.retransmits })}` : nothing}, ${moment(it.at)}</span>`;
}

const one = (desktop) => html`<li class="floe-own"><div><strong>${link(place("desktop", desktop.id), desktop.name)}</strong> ${
  word(desktop.state)}${desktop.connection ? quality(desktop.connection) : nothing}</div><div class="floe-about">${t("pool")} ${link(place("pool", desktop.pool), desktop.pool)} · ${
  t("host")} ${name(desktop.host)} · ${t("since")} ${moment(desktop.since)}${
  where(desktop) ? html` · ${name(where(desktop))}` : nothing}</div>${
  desktop.problem || desktop.refusal ? html`<div class="floe-wrong">${name(desktop.problem || desktop.refusal)}</div>` : nothing}<div
  class="floe-actions">${desktopButtons(desktop)}</div></li>`;

/* How long something took, and where the time went. */
const visit = (title, it) => (it === null ? nothing : html`<div><strong>${title}</strong> ${moment(it.at)}${
  it.pool ? html`, ${link(place("pool", it.pool), it.pool)} ${name(it.desktop)}` : nothing}: ${span(it.ms)}</div>${
  facts(it.phases.map((each) => [phase(each.phase), span(each.ms)]))}`);

const visits = (person) => (person.last_login === null && person.last_connect === null
  ? html`<p>${t("Nothing is known of it yet.")}</p>`
  : html`${visit(t("Log-in"), person.last_login)}${visit(t("Desktop opened"), person.last_connect)}`);

const through = (entry) => {
  const [what, ...rest] = entry.split(" ");

  return html`${what === "group" ? t("through the group") : t("named in the pool")} ${
    what === "group" ? name(rest.join(" ")) : nothing}`;
};

/* Ids of groups, by which entitlements may name them, stand behind their names. */
const isId = (group) => /^(uuid|sid):/.test(group);

export function person({ parts, redraw }) {
  const state = { person: null, account: null, accountWrong: null, asked: 0, why: null, whyPool: "" };
  const there = ["admin", "users", parts[0]];

  async function askAccount() {
    state.asked = Date.now();
    try {
      state.account = await get(path([...there, "account"]));
      state.accountWrong = null;
    } catch (problem) {
      state.accountWrong = problem.kind ? problem : null;
    }
    redraw();
  }

  async function why(pool) {
    state.whyPool = pool;
    try {
      state.why = explanation(await get(path(["admin", "pools", pool, "explain"], { user: state.person.name })));
    } catch (problem) {
      state.why = alert("danger", explain(problem), detail(problem));
    }
    redraw();
  }

  /* The pools that name them, and all that there are. */
  async function move() {
    const named = state.person.entitlements.filter((entry) => entry.through.some((each) => each.startsWith("user ")));

    askMove(state.person, named.map((entry) => entry.pool), (await get("/admin/pools")).items.map((pool) => pool.name));
  }

  const isNamed = (list) => list.some((entry) => entry.through.some((each) => each.startsWith("user ")));

  const entitlements = (list) => (list.length === 0 ? html`<p>${t("They may open no pool.")}</p>` : html`<ul
    class="floe-list" role="list">${list.map((entry) => html`<li><div>${link(place("pool", entry.pool), entry.pool)} ${
    label(kind(entry.kind))} ${entry.closed ? label(t("closed"), "orange") : nothing} ${
    button(t("Why?"), () => why(entry.pool), { kind: "link", small: true })}</div><div class="floe-about">${
    entry.through.map((each, i) => html`${i > 0 ? ", " : ""}${through(each)}`)}</div>${
    state.whyPool === entry.pool ? state.why : nothing}</li>`)}</ul>`);

  const failures = (list) => (list.length === 0 ? html`<p>${t("Nothing went wrong lately.")}</p>` : html`<ul
    class="floe-list" role="list">${list.map((row) => html`<li><div>${icon("warning-triangle")} ${action(row.action)} ${
    word(row.outcome)} <time class="floe-about" datetime=${row.at}>${time(row.at)}</time></div><div class="floe-about">${
    name(row.detail ?? "")}</div></li>`)}</ul>`);

  function draw() {
    const it = state.person;
    // The list of desktops does not say of which kind their pools are; what they may open does.
    const kinds = Object.fromEntries(it.entitlements.map((entry) => [entry.pool, entry.kind]));
    const own = it.desktops.map((desktop) => ({ ...desktop, kind: kinds[desktop.pool] ?? "floating",
      connection: it.connections.find((each) => each.desktop === desktop.id),
      holder: it.name, holder_name: it.display_name }));

    return html`${head(name(it.display_name || it.name), { above: trail([t("People"), "#/people"], [it.name]),
      actions: html`${may("help") ? button(t("Log off"), () => askLogOff([it])) : nothing}${
      may("help") && it.second_factor ? button(t("Reset the second factor"), () => askReset(it)) : nothing}${
      go("#/audit?" + new URLSearchParams({ user: it.name }), t("What they did"))}` })}${section(html`<div class="floe-cards floe-cards--wide">
      ${card(t("Desktops"), own.length > 0 ? html`<ul class="floe-list" role="list">${own.map(one)}</ul>`
        : html`<p>${t("They have no desktop.")}</p>`)}
      ${card(t("Account"), who(it, state.account, state.accountWrong))}
      ${card(t("What they may open"), entitlements(it.entitlements), { actions: may("help") && isNamed(it.entitlements)
        ? button(t("Move"), move, { small: true }) : nothing })}
      ${card(t("What went wrong"), failures(it.failures))}
      ${card(t("How the last log-in went"), visits(it))}
      ${card(t("Groups"), it.groups.length > 0 ? html`<ul class="floe-list" role="list">${[...it.groups].sort((a, b) => isId(a) - isId(b)).map((group) => html`<li
        class=${isId(group) ? "floe-about" : ""}>${name(group)}</li>`)}</ul>` : html`<p>${t("None that the directory told.")}</p>`)}</div>`)}`;
  }

  return {
    title: () => state.person?.display_name || parts[0],
    async load(signal) {
      if (Date.now() - state.asked > ACCOUNT_EVERY)
        askAccount();
      state.person = await get(path(there), { signal });
    },
    draw,
  };
}
