// SPDX-License-Identifier: GPL-3.0-or-later
// The terminals: which there are, and how they said they are.

import { get, path, put } from "./api.js";
import { ask } from "./dialog.js";
import { check, line, nameLine, wordsOf } from "./fields.js";
import { may } from "./me.js";
import { t } from "./text.js";
import { button, empty, go, head, html, link, moment, name, nothing, place, section, table } from "./view.js";
import { state } from "./words.js";

/** The fields of a terminal. */
const fields = (fresh) => (values, change) => html`
  ${fresh ? nameLine(values.name, (value) => change("name", value)) : nothing}
  ${line("description", t("Where it stands"), values.description, (value) => change("description", value), { longest: 256 })}
  ${line("groups", t("Groups"), values.groups, (value) => change("groups", value), { help: t("With spaces between them.") })}
  ${check("public", t("Anybody may use it"), values.public, (value) => change("public", value),
    { help: t("It gets a desktop without anybody logging in.") })}`;

/** Asks for a new terminal, or for other facts about one. */
export function askTerminal(terminal, after) {
  ask({
    title: terminal ? t("Change {name}", { name: terminal.name }) : t("New terminal"), confirm: t("Save"), reason: false,
    values: { name: terminal?.name ?? "", description: terminal?.description ?? "", groups: terminal?.groups.join(" ") ?? "",
      public: terminal?.public ?? false },
    fields: fields(!terminal),
    act: async (values) => {
      await put(path(["admin", "terminals", values.name]), {
        ...(values.description ? { description: values.description } : {}),
        groups: wordsOf(values.groups), public: values.public }, terminal?.tag);
      after?.(values.name);
    },
    done: t("It is saved."),
  });
}

const columns = () => [
  { name: t("Terminal"), cell: (terminal) => html`${link(place("terminal", terminal.name), terminal.name)}<div
    class="floe-about">${name(terminal.description ?? "")}</div>` },
  { name: t("State"), cell: (terminal) => html`${state(terminal.state)}${terminal.report?.problem
    ? html`<div class="floe-wrong">${name(terminal.report.problem)}</div>` : nothing}` },
  { name: t("Groups"), cell: (terminal) => name(terminal.groups.join(", ") || "–") },
  { name: t("Address"), cell: (terminal) => terminal.report?.address ?? "–" },
  { name: t("Version"), cell: (terminal) => terminal.report?.version ?? "–" },
  { name: t("Last seen"), cell: (terminal) => moment(terminal.seen_at) },
];

export function terminals({ redraw }) {
  const now = { list: [], wanted: "" };
  const fits = (terminal) => [terminal.name, terminal.description ?? "", ...terminal.groups, terminal.report?.address ?? ""]
    .some((text) => text.toLowerCase().includes(now.wanted.toLowerCase()));

  return {
    title: () => t("Terminals"),
    async load(signal) { now.list = (await get("/admin/terminals", { signal })).items; },
    draw() {
      const shown = now.list.filter(fits);

      return html`${head(t("Terminals"), { actions: html`${go("#/settings/all", t("Settings of all"))}${
        may("place") ? button(t("New terminal"), () => askTerminal(null), { kind: "primary" }) : nothing}` })}${section(html`
        <div class="floe-search">${line("wanted", t("Search"), now.wanted, (value) => { now.wanted = value; redraw(); },
          { type: "search" })}</div>
        ${shown.length > 0 ? table(t("Terminals"), columns(), shown)
          : empty(now.list.length > 0 ? t("Nothing fits.") : t("There is no terminal yet."), "", "screen")}`)}`;
    },
  };
}
