// SPDX-License-Identifier: GPL-3.0-or-later
// The hosts: whether they answer, what is on them, and their maintenance.

import { get, path, post } from "./api.js";
import { because, endFields, ending } from "./acts.js";
import { ask } from "./dialog.js";
import { may } from "./me.js";
import { number, size, t } from "./text.js";
import { button, empty, head, html, label, moment, name, nothing, section, table } from "./view.js";

const askDrain = (host) => ask({
  title: t("Drain the host {name}?", { name: host.name }), confirm: t("Drain"), values: { message: "", minutes: "" },
  preview: (values) => html`<p>${t("Nothing new comes to it, and desktops that nobody has go elsewhere.")}</p><p>${
    values.minutes ? t("{n} desktops that somebody has end then.", { n: host.held })
      : t("{n} desktops that somebody has stay until they are given back.", { n: host.held })}</p>`,
  fields: endFields,
  act: (values) => post(path(["admin", "hosts", host.name, "drain"]), { ...ending(values), ...because(values) }),
  done: t("The host is being drained."),
});

const askOpen = (host) => ask({
  title: t("Use the host {name} again?", { name: host.name }), confirm: t("Use it"),
  act: (values) => post(path(["admin", "hosts", host.name, "open"]), because(values)),
  done: t("The host is used again."),
});

const condition = (host) => html`${host.up ? label(t("answers"), "green", "ok")
  : label(t("does not answer"), "red", "error-circle-o")} ${host.draining ? html`${
  label(t("draining"), "orange", "maintenance")}<div class="floe-about">${name(host.by ?? "")} ${moment(host.since)}${
  host.message ? html`: ${name(host.message)}` : nothing}${
  host.ends ? html`<br>${t("The rest ends:")} ${moment(host.ends)}` : nothing}</div>` : nothing}`;

const room = (capacity) => (capacity === null ? "–" : html`${
  t("{free} of {all} free", { free: size(capacity.free_mib), all: size(capacity.memory_mib) })}<div class="floe-about">${
  t("{n} processors", { n: capacity.cpus })}, ${number(capacity.load_percent)} %</div>`);

const columns = () => [
  { name: t("Host"), cell: (host) => name(host.name) },
  { name: t("State"), cell: condition },
  { name: t("Desktops"), cell: (host) => html`${number(host.desktops)}<div class="floe-about">${
    t("{n} lent", { n: host.held })}${host.broken > 0 ? html`, ${t("{n} broken", { n: host.broken })}` : nothing}${
    host.starting > 0 ? html`, ${t("{n} starting", { n: host.starting })}` : nothing}</div>` },
  { name: t("Memory"), cell: (host) => room(host.capacity) },
  { name: "", cell: (host) => (may("operate") ? host.draining
    ? button(t("Use again"), () => askOpen(host), { small: true })
    : button(t("Drain"), () => askDrain(host), { small: true }) : nothing) },
];

export function hosts() {
  let list = [];

  return {
    title: () => t("Hosts"),
    async load(signal) { list = (await get("/admin/hosts", { signal })).items; },
    draw: () => html`${head(t("Hosts"))}${section(list.length > 0 ? table(t("Hosts"), columns(), list)
      : empty(t("The configuration names no host."), "", "server"))}`,
  };
}
