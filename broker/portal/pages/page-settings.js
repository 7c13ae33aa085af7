// SPDX-License-Identifier: GPL-3.0-or-later
// What is set for a terminal, a group of them, or all.

import { get, path, put } from "./api.js";
import { check, choice, line } from "./fields.js";
import { may } from "./me.js";
import { detail, explain } from "./reasons.js";
import { mark, number, t } from "./text.js";
import { alert, button, facts, head, html, name, nothing, place, reveal, section, trail } from "./view.js";

const PARTS = { language: mark("Language"), keyboard: mark("Keyboard"), accessibility: mark("Accessibility"),
  volume: mark("Volume"), network: mark("Network"), power: mark("Switching off") };
const TITLES = { idle_minutes: mark("Minutes until nobody's session ends"), pool: mark("Pool that opens by itself"),
  domain: mark("Domain"), language: mark("Language"), keyboard: mark("Keyboard"), monitors: mark("Screens"), volume: mark("Volume"),
  login_parts: mark("Beside the log-in"), unlock: mark("A code ends the kiosk") };

function words(key, value) {
  if (key === "login_parts")
    return value.map((part) => t(PARTS[part] ?? part)).join(", ") || t("nothing");
  if (key === "monitors")
    return value === "all" ? t("all") : t("one");
  if (key === "unlock")
    return value === "end" ? t("yes") : t("no");
  return typeof value === "number" ? number(value) : name(value);
}

/** What is set, as facts. */
export const shown = (settings) => (Object.keys(settings).length === 0 ? html`<p>${t("Nothing is set.")}</p>`
  : facts(Object.entries(settings).map(([key, value]) => [t(TITLES[key] ?? key), words(key, value)])));

const whole = (text) => (text === "" ? undefined : Number(text));

function form(settings, change) {
  const text = (key, more) => line(key, t(TITLES[key]), settings[key], (value) => change(key, value || undefined), more);
  const digits = (key, max) => line(key, t(TITLES[key]), settings[key], (value) => change(key, whole(value)),
    { type: "number", min: 0, max });
  const toggle = (part) => (on) => change("login_parts", Object.keys(PARTS).filter((each) => (each === part ? on
    : settings.login_parts?.includes(each))));

  return html`${digits("idle_minutes", 1440)}${text("pool", { pattern: "[a-z0-9\\-]{1,64}" })}
    ${text("domain", { pattern: "[A-Za-z0-9_.\\-]{1,253}", placeholder: "ad.example.org" })}
    ${text("language", { longest: 32, placeholder: "de_DE.UTF-8" })}${text("keyboard", { longest: 64 })}
    ${choice("monitors", t(TITLES.monitors), settings.monitors ?? "", [["", t("not set")], ["all", t("all")],
      ["one", t("one")]], (value) => change("monitors", value || undefined))}
    ${digits("volume", 100)}
    ${choice("unlock", t(TITLES.unlock), settings.unlock ?? "", [["", t("not set")], ["end", t("yes")], ["never", t("no")]],
      (value) => change("unlock", value || undefined))}
    <fieldset class="floe-fieldset"><legend>${t(TITLES.login_parts)}</legend>
    ${check("parts", t("Set what is shown"), settings.login_parts !== undefined,
      (on) => change("login_parts", on ? [] : undefined))}
    ${settings.login_parts === undefined ? nothing : Object.entries(PARTS).map(([part, title]) => check("part-" + part,
      t(title), settings.login_parts.includes(part), toggle(part)))}</fieldset>`;
}

/** parts: the name, and "terminal" behind it where it is one; else it is a group, or "all". */
export function terminalSettings({ parts, redraw }) {
  const single = parts[1] === "terminal";
  const there = path(["admin", single ? "terminals" : "terminal-groups", parts[0], "settings"]);
  const state = { told: null, settings: {}, problem: null, saved: false, groups: [] };
  const title = () => (single ? parts[0] : parts[0] === "all" ? t("All terminals") : t("Terminals of the group {name}",
    { name: parts[0] }));

  function change(key, value) {
    state.settings = { ...state.settings, [key]: value };
    state.saved = false;
    redraw();
  }

  function take(told) {
    state.told = told;
    state.settings = told.settings;
  }

  async function save(event) {
    event.preventDefault();
    Object.assign(state, { problem: null, saved: false });
    try {
      take(await put(there, { revision: state.told.revision, settings: state.settings }));
      state.saved = true;
    } catch (problem) {
      state.problem = problem;
    }
    redraw();
    if (state.problem)
      reveal();
  }

  return {
    title,
    every: 0, // nobody's typing is to be overwritten
    async load(signal) {
      const [told, groups] = await Promise.all([get(there, { signal }), get("/admin/terminal-groups", { signal })]);

      take(told);
      state.groups = groups.items;
    },
    draw: () => html`${head(title(), { above: trail([t("Terminals"), "#/terminals"], ...(single ? [[parts[0],
      place("terminal", parts[0])]] : []), [t("Settings")]),
      about: single || state.groups.length === 0 ? nothing : html`${t("Groups with settings of their own:")} ${state.groups.map((group) => html`<a
      href=${place("settings", group.name)}>${name(group.name === "all" ? t("All terminals") : group.name)}</a> `)}` })}${
      section(html`<form class="pf-v6-c-form floe-narrow" @submit=${save}>
      ${state.problem ? alert("danger", explain(state.problem), detail(state.problem)) : nothing}
      ${state.saved ? alert("success", t("It is saved.")) : nothing}
      <fieldset class="floe-fieldset" ?disabled=${!may("place")}>${form(state.settings, change)}</fieldset>
      ${may("place") ? html`<div>${button(t("Save"), null, { kind: "primary", type: "submit" })}</div>` : nothing}</form>`)}`,
  };
}
