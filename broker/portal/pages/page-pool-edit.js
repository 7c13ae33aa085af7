// SPDX-License-Identifier: GPL-3.0-or-later
// A pool's definition: as a form, and as the document that floectl applies. Both are views of one object.

import { get, path, Problem, put } from "./api.js";
import { ask } from "./dialog.js";
import { check, choice, line, lines, nameLine } from "./fields.js";
import { detail, explain } from "./reasons.js";
import { t } from "./text.js";
import { alert, button, card, go, head, html, name, nothing, place, reveal, section, trail } from "./view.js";
import { assignWay, END_ACTS, endAct, WAYS } from "./words.js";

const FRESH = { name: "", kind: "floating", manager: "libvirt", domains: { pattern: "" },
  entitlements: { groups: [], users: [] } };
// Where a pool's desktops come from: one of these members.
const SOURCES = ["template", "engine", "domains"];
// What the broker adds to a definition when it shows it.
const TOLD = ["counts", "engine_says", "problem", "keeper", "desktops", "revision", "tag"];

/* definition: of a pool that the broker showed, as it takes it; what is null there is left out */
function definition(pool) {
  const clean = (value) => (value === null || typeof value !== "object" || Array.isArray(value) ? value
    : Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null).map(([key, each]) => [key, clean(each)])));

  return clean(Object.fromEntries(Object.entries(pool).filter(([key]) => !TOLD.includes(key))));
}

function missing() {
  throw new Problem({ type: "not-found" }, 404);
}

const words = (text) => text.split("\n").map((each) => each.trim()).filter(Boolean);

/* at, with: a value inside the document by its path, and the document with another one there */
const at = (document_, key) => key.split(".").reduce((value, part) => value?.[part], document_);

function with_(document_, key, value) {
  const [first, ...rest] = key.split(".");
  const inside = rest.length > 0 ? with_(document_?.[first] ?? {}, rest.join("."), value) : value;
  const changed = { ...document_, [first]: inside };

  if (inside === undefined)
    delete changed[first];
  return changed;
}

function form(document_, change) {
  const text = (key, title, more) => line(key, title, at(document_, key), (value) => change(key, value || undefined), more);
  const digits = (key, title, more) => line(key, title, at(document_, key),
    (value) => change(key, value === "" ? undefined : Number(value)), { type: "number", min: 0, ...more });
  const list = (key, title, more) => lines(key, title, (at(document_, key) ?? []).join("\n"),
    (value) => change(key, words(value)), { help: t("One a line."), ...more });
  const one = (key, title, choices, fallback) => choice(key, title, at(document_, key) ?? fallback, choices,
    (value) => change(key, value));
  const yes = (key, title, fallback, more) => check(key, title, at(document_, key) ?? fallback, (value) => change(key, value), more);
  const source = SOURCES.find((each) => document_[each]) ?? "domains";
  const engine = source === "engine";
  const acts = END_ACTS.filter((act) => (act !== "reset" || document_.kind === "floating")
    && !(engine && ["lock", "log-off"].includes(act))).map((act) => [act, endAct(act)]);
  const usual = (act) => (engine ? "keep" : act);
  const accountEnd = engine ? (document_.kind === "floating" ? "reset" : "shut-down") : "lock";
  const kinds = [["floating", t("floating: anybody gets any, and it forgets")],
    ["dedicated", t("dedicated: theirs from the first use on")], ["static", t("static: given by the helpdesk")]];

  function changeSource(value) {
    SOURCES.forEach((each) => change(each, undefined));
    change("manager", value === "engine" ? "" : "libvirt");
    if (value === "engine" && document_.kind === "static")
      change("kind", "floating");
    change(value, { template: { domain: "", storage: "", prefix: document_.name }, domains: { pattern: "" },
      engine: { pool: "", assign: "as-user" } }[value]);
    for (const end of ["on_idle", "on_limit", "on_account_end"])
      change(end, undefined);
    if (value === "engine")
      change("spares", undefined);
  }

  return html`<div class="floe-cards">
    ${card(t("What it is"), html`<div class="pf-v6-c-form">
      ${text("description", t("Description"), { longest: 256 })}
      ${one("kind", t("Kind"), kinds.filter(([value]) => !engine || value !== "static"))}
      ${choice("source", t("Desktops"), source, [["template", t("made from a template")], ["domains", t("those that are there")],
        ["engine", t("of an engine's pool")]], changeSource)}
      ${source === "template" ? html`${text("template.domain", t("Domain of the template"), { required: true })}
        ${text("template.storage", t("Storage pool"), { required: true })}
        ${text("template.prefix", t("Names begin with"), { required: true })}
        ${digits("template.minimum", t("At least"))}${digits("template.maximum", t("At most"), { min: 1 })}
        ${digits("template.canary_percent", t("Percent on trial with a new revision"), { max: 100 })}
        ${yes("template.shared", t("All hosts share the storage"), false)}`
        : engine ? html`${text("manager", t("Engine"), { required: true, placeholder: "rhv" })}
        ${text("engine.pool", t("Pool at the engine"), { required: true })}
        ${one("engine.assign", t("Who asks the engine"), WAYS.map((way) => [way, assignWay(way)]))}`
        : text("domains.pattern", t("Their names"), { placeholder: "office-*" })}</div>`)}
    ${card(t("Who gets one"), html`<div class="pf-v6-c-form">
      ${list("entitlements.groups", t("Groups"))}${list("entitlements.users", t("People"))}
      ${digits("per_user", t("Each person has at most"), { min: 1, max: 100 })}
      ${list("helpdesk_groups", t("Groups of its helpdesk"))}
      ${list("from.networks", t("Only from these networks"))}
      ${list("from.terminal_groups", t("Only from these groups of terminals"))}</div>`)}
    ${card(t("Kept ready"), html`<div class="pf-v6-c-form">
      ${engine ? nothing : digits("spares", t("Spares"))}${digits("ready_seconds", t("Seconds until a start has failed"), { min: 1 })}
      ${digits("host_loss_seconds", t("Seconds until a lost host is given up"), { min: 1 })}
      ${document_.template && document_.kind === "floating" ? digits("data_gib", t("Data disk of each person, GiB"))
        : nothing}</div>`)}
    ${card(t("When somebody goes"), html`<div class="pf-v6-c-form">
      ${one("on_disconnect", t("After a disconnect"), acts, document_.kind === "floating" ? "reset" : "keep")}
      ${digits("grace_seconds", t("… after seconds"))}
      ${one("on_idle", t("Without input"), acts, usual("lock"))}${digits("idle_seconds", t("… after seconds (0: never)"))}
      ${one("on_limit", t("At the end of a session's time"), acts, usual("log-off"))}
      ${digits("limit_seconds", t("… after seconds (0: never)"))}
      ${one("on_account_end", t("When the account ends"), acts, accountEnd)}</div>`)}
    ${card(t("What may pass"), html`<div class="pf-v6-c-form">
      ${one("policy.clipboard", t("Clipboard"), [["both", t("both ways")], ["to-guest", t("into the desktop")],
        ["from-guest", t("out of the desktop")], ["none", t("not at all")]], "both")}
      ${one("policy.files", t("Files"), [["both", t("both ways")], ["to-guest", t("into the desktop")],
        ["none", t("not at all")]], "both")}
      ${one("policy.folder", t("Shared folder"), [["read-write", t("read and write")], ["read-only", t("read only")],
        ["none", t("not at all")]], "read-write")}
      ${yes("policy.usb.allowed", t("USB devices"), true)}${yes("policy.playback", t("Sound"), true)}
      ${yes("policy.record", t("Microphone"), true)}${yes("policy.smartcard", t("Smart cards"), true)}</div>`)}</div>`;
}

/** parts: the pool's name; none for a new one. */
export function poolEditor({ parts, redraw }) {
  const fresh = !parts[0];
  const state = { document: FRESH, view: "form", text: "", wrong: "", problem: null };
  const title = () => (fresh ? t("New pool") : t("Edit {name}", { name: parts[0] }));

  function change(key, value) {
    state.document = with_(state.document, key, value);
    redraw();
  }

  function edit(text) {
    state.text = text;
    state.wrong = "";
    try {
      state.document = JSON.parse(text);
    } catch (error) {
      state.wrong = t("This is not JSON: {why}", { why: error.message });
    }
    redraw();
  }

  function look(view) {
    if (state.wrong)
      return;
    state.view = view;
    state.text = JSON.stringify(state.document, null, 2);
    redraw();
  }

  /** What the broker would change is the question's preview. */
  async function save(event) {
    event.preventDefault();
    if (state.wrong)
      return;
    state.problem = null;
    const target = state.document.name;
    const document_ = state.document;

    try {
      const { changes } = await put(path(["admin", "pools", target], { dry_run: "true" }), document_, state.tag);

      ask({
        title: t("Save the pool {name}?", { name: target }), confirm: t("Save"), reason: false, wide: true,
        preview: () => (changes.length === 0 ? t("Nothing changes.") : html`<p>${t("This changes:")}</p><ul
          class="floe-changes">${changes.map((each) => html`<li><code>${name(each)}</code></li>`)}</ul>`),
        act: async () => {
          await put(path(["admin", "pools", target]), document_, state.tag);
          location.hash = place("pool", target);
        },
        done: t("The pool is saved."),
      });
    } catch (problem) {
      if (!problem.kind)
        throw problem;
      state.problem = problem;
    }
    redraw();
    if (state.problem)
      reveal();
  }

  const tab = (view, words_) => html`<div class="pf-v6-c-toggle-group__item"><button type="button"
    class="pf-v6-c-toggle-group__button ${state.view === view ? "pf-m-selected" : ""}"
    aria-pressed=${state.view === view} @click=${() => look(view)}><span
    class="pf-v6-c-toggle-group__text">${words_}</span></button></div>`;

  return {
    title,
    every: 0,
    async load(signal) {
      if (fresh)
        return;
      const told = (await get("/admin/pools", { signal })).items.find((each) => each.name === parts[0]) ?? missing();

      Object.assign(state, { document: definition(told), tag: told.tag });
    },
    draw: () => html`${head(title(), { above: trail([t("Pools"), "#/pools"], ...(fresh ? [[t("New pool")]]
      : [[parts[0], place("pool", parts[0])], [t("Edit")]])), actions: html`<div class="pf-v6-c-toggle-group" role="group"
      aria-label=${t("How it is shown")}>${tab("form", t("Form"))}${tab("text", t("Document"))}</div>` })}${
      section(html`<form @submit=${save}>
      ${fresh && state.view === "form" ? html`<div class="pf-v6-c-form floe-narrow floe-gap">${
        nameLine(state.document.name, (value) => change("name", value))}</div>` : nothing}
      ${state.view === "form" ? form(state.document, change) : html`<div class="pf-v6-c-form">${lines("document", t("Document"),
        state.text, edit, { rows: 30, code: true, wrong: state.wrong,
          help: t("As floectl pool apply takes it.") })}</div>`}
      ${state.problem ? alert("danger", explain(state.problem), detail(state.problem)) : nothing}
      <div class="floe-buttons">${button(t("Save …"), null, { kind: "primary", type: "submit", disabled: Boolean(state.wrong) })}
      ${go(fresh ? "#/pools" : place("pool", parts[0]), t("Cancel"), { kind: "link" })}</div></form>`)}`,
  };
}
