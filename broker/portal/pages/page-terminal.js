// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal.

import { get, path, post, remove } from "./api.js";
import { because } from "./acts.js";
import { ask } from "./dialog.js";
import { line } from "./fields.js";
import { may } from "./me.js";
import { askTerminal } from "./page-terminals.js";
import { shown } from "./page-settings.js";
import { lasting, t } from "./text.js";
import { alert, button, card, facts, go, head, html, moment, name, nothing, place, section, trail } from "./view.js";
import { state } from "./words.js";

const at = (terminal, ...more) => path(["admin", "terminals", terminal.name, ...more]);

const big = (code, until) => html`<p class="floe-code-big"><code>${code}</code></p>${
  until ? html`<p>${t("Good until:")} ${moment(until)}</p>` : nothing}`;

const askCode = (terminal) => ask({
  title: t("Code for {name}", { name: terminal.name }), confirm: t("Make a code"),
  preview: () => t("A machine at which it is entered becomes this terminal. An older code is good no more."),
  act: (values) => post(at(terminal, "code"), because(values)), done: (told) => big(told.code, told.ends_at),
});

const askUnlock = (terminal) => ask({
  title: t("Unlock {name}", { name: terminal.name }), confirm: t("Make a code"), reason: false, values: { challenge: "" },
  fields: (values, change) => line("challenge", t("What the terminal shows"), values.challenge,
    (value) => change("challenge", value), { required: true, pattern: "[0-9]{10}", inputmode: "numeric",
      help: t("Ten digits.") }),
  act: (values) => post(at(terminal, "unlock"), { challenge: values.challenge }), done: (told) => big(told.code),
});

const askDelete = (terminal) => ask({
  title: t("Delete the terminal {name}?", { name: terminal.name }), confirm: t("Delete"), danger: true, reason: false,
  preview: () => t("Its certificate counts no more, its sessions end, and floating desktops that it has itself are given back."),
  act: async () => {
    await remove(at(terminal));
    location.hash = "#/terminals";
  },
  done: t("The terminal is gone."),
});

const actions = (terminal) => html`${may("enrol") ? button(t("Enrol"), () => askCode(terminal)) : nothing}${
  may("place") ? html`${button(t("Change"), () => askTerminal(terminal))}${
  button(t("Unlock"), () => askUnlock(terminal))}${
  button(t("Delete"), () => askDelete(terminal), { kind: "danger" })}` : nothing}`;

const report = (told) => (told === null ? html`<p>${t("It never reported.")}</p>` : facts([
  [t("Reported"), moment(told.at)], [t("Address"), told.address], [t("Version"), told.version],
  [t("Runs for"), lasting(told.uptime_seconds)], [t("Screens"), told.monitors.join(", ")],
  [t("Last problem"), told.problem ? name(told.problem) : null]]));

export function terminal({ parts }) {
  let it = null;
  let settings = null;

  return {
    title: () => parts[0],
    async load(signal) {
      const there = ["admin", "terminals", parts[0]];

      [it, settings] = await Promise.all([get(path(there), { signal }), get(path([...there, "settings"]), { signal })]);
    },
    draw: () => html`${head(name(it.name), { above: trail([t("Terminals"), "#/terminals"], [it.name]),
      about: name(it.description ?? ""), actions: actions(it) })}${section(html`
      ${it.code_ends_at ? alert("info", t("A code was given out that nobody used yet."), html`${t("Good until:")} ${
        moment(it.code_ends_at)}`) : nothing}
      <div class="floe-cards">${card(t("What it is"), facts([[t("State"), state(it.state)],
        [t("Groups"), name(it.groups.join(", "))], [t("Anybody may use it"), it.public ? t("yes") : t("no")],
        [t("Enrolled"), it.enrolled_at ? moment(it.enrolled_at) : null], [t("Last seen"), it.seen_at ? moment(it.seen_at) : null],
        [t("Certificate"), it.fingerprint ? html`<code>${it.fingerprint}</code>` : null]]))}
      ${card(t("What it told"), report(it.report))}
      ${card(t("What counts there"), shown(settings.effective?.settings ?? settings.settings), { actions: go(
        place("settings", it.name, "terminal"), t("Settings"), { kind: "link" }) })}</div>`)}`,
  };
}
