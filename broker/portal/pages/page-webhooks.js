// SPDX-License-Identifier: GPL-3.0-or-later
// Webhooks: who is told what happens, making, testing and removing them, and why one is not told.

import { get, path, post, remove } from "./api.js";
import { ask } from "./dialog.js";
import { check, line, nameLine } from "./fields.js";
import { may } from "./me.js";
import { mark, t } from "./text.js";
import { alert, button, empty, head, html, moment, name, nothing, section, table } from "./view.js";

const EVENTS = { assignment: mark("Desktops that are given, and taken back"), session: mark("Log-ins, log-outs and sessions"),
  pool: mark("Pools, and what is said to all"), alarm: mark("What failed, lost hosts and ended accounts") };

const REASONS = { status: mark("It answers, but does not take it."),
  certificate: mark("Its certificate is not good, so nothing is told to it."), unreachable: mark("Nobody can be reached there."),
  silent: mark("It does not answer in time."), key: mark("The broker's key does not open its secret. Remove it and make it anew."),
  address: mark("Its address is malformed.") };

const chosen = (values) => Object.keys(EVENTS).filter((event) => values[event]);

const fields = (values, change) => html`
  ${nameLine(values.name, (value) => change("name", value))}
  ${line("url", t("Address"), values.url, (value) => change("url", value),
    { required: true, type: "url", longest: 1024, placeholder: "https://", help: t("It begins with https://, and no password stands in it.") })}
  <fieldset class="floe-fieldset"><legend>${t("What it is told")}</legend>${
  Object.entries(EVENTS).map(([event, words]) => check(event, t(words), values[event], (value) => change(event, value)))}</fieldset>`;

const told = (answer) => html`${alert("warning", t("This is the secret that it is signed with. It is not shown again."))}<p
  class="floe-secret"><code>${answer.secret}</code></p><p>${t("What it is told has the field:")} <code>Floe-Signature: t=…,v1=…</code></p>`;

const askWebhook = (refresh) => ask({
  title: t("New webhook"), confirm: t("Make it"), reason: false,
  values: { name: "", url: "", assignment: true, session: false, pool: false, alarm: true }, fields,
  async act(values) {
    const answer = await post("/admin/webhooks", { name: values.name, url: values.url, events: chosen(values) });

    refresh();
    return answer;
  },
  done: told,
});

const at = (hook, ...more) => path(["admin", "webhooks", hook.name, ...more]);

const askTest = (hook) => ask({
  title: t("Test the webhook {name}?", { name: hook.name }), confirm: t("Test"), reason: false,
  preview: () => html`<p>${t("It is told something at once. Whether it took that shows in the list, where there are several brokers after a quarter of a minute.")}</p>`,
  act: () => post(at(hook, "test")), done: t("It is on its way."),
});

const askEnd = (hook) => ask({
  title: t("Remove the webhook {name}?", { name: hook.name }), confirm: t("Remove"), danger: true, reason: false,
  preview: () => html`<p>${t("It is told nothing any more. What it was not told yet is not told later.")}</p>`,
  act: () => remove(at(hook)), done: t("It is removed."),
});

const trouble = (hook) => (hook.problem === null ? nothing : html`<div class="floe-wrong">${
  t(REASONS[hook.reason] ?? REASONS.unreachable)}</div><div class="floe-about">${name(hook.problem)}</div><div
  class="floe-about">${t("{n} times in a row; again:", { n: hook.failures })} ${moment(hook.next_try_at)}</div>`);

const columns = () => [
  { name: t("Webhook"), cell: (hook) => html`${name(hook.name)}<div class="floe-about floe-words">${name(hook.url)}</div>` },
  { name: t("What it is told"), cell: (hook) => hook.events.map((event) => html`<div>${t(EVENTS[event] ?? event)}</div>`) },
  { name: t("Last told"), cell: (hook) => moment(hook.delivered_at) },
  { name: t("Trouble"), cell: (hook) => (hook.problem === null ? "–" : trouble(hook)) },
  { name: t("Made by"), cell: (hook) => html`${name(hook.by)}<div class="floe-about">${moment(hook.created_at)}</div>` },
  ...(may("hook") ? [{ name: "", narrow: true, cell: (hook) => html`<div class="floe-buttons">${
    button(t("Test"), () => askTest(hook), { small: true })}${
    button(t("Remove"), () => askEnd(hook), { small: true })}</div>` }] : []),
];

export function webhooks({ refresh }) {
  const now = { list: [] };

  return {
    title: () => t("Webhooks"),
    every: 2000, // the broker tells of no change here
    async load(signal) { now.list = (await get("/admin/webhooks", { signal })).items; },
    draw: () => html`${head(t("Webhooks"), { about: t("Other systems that are told what happens."),
      actions: may("hook") ? button(t("New webhook"), () => askWebhook(refresh), { kind: "primary" }) : nothing })}${section(
      now.list.length > 0 ? table(t("Webhooks"), columns(), now.list) : empty(t("There is no webhook yet."), "", "bell"))}`,
  };
}
