// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens of the API, for scripts: which there are, and making and removing them.

import { get, path, post, remove } from "./api.js";
import { ask } from "./dialog.js";
import { choice, line, nameLine, wordsOf } from "./fields.js";
import { may } from "./me.js";
import { t } from "./text.js";
import { alert, button, empty, head, html, moment, name, nothing, section, table } from "./view.js";
import { role } from "./words.js";

const ROLES = ["helpdesk", "auditor", "operator", "admin"];
const DAYS = 365;

const fields = (values, change) => html`
  ${nameLine(values.name, (value) => change("name", value))}
  ${choice("role", t("Role"), values.role, ROLES.map((each) => [each, role(each)]), (value) => change("role", value))}
  ${values.role === "helpdesk" ? line("pools", t("Pools"), values.pools, (value) => change("pools", value),
    { help: t("With spaces between them; all pools when there is none.") }) : nothing}
  ${line("days", t("Days until it ends"), values.days, (value) => change("days", value),
    { type: "number", min: 1, max: 3650, help: t("It never ends when nothing stands here.") })}`;

function body(values) {
  const pools = values.role === "helpdesk" ? wordsOf(values.pools) : [];

  return { name: values.name, role: values.role, ...(pools.length > 0 ? { pools } : {}),
    ...(values.days === "" ? {} : { days: Number(values.days) }) };
}

const told = (answer) => html`${alert("warning", t("This is the token. It is not shown again."))}<p
  class="floe-secret"><code>${answer.token}</code></p><p>${t("Requests come with it as:")} <code>Authorization: Bearer …</code></p>`;

const askToken = (refresh) => ask({
  title: t("New token"), confirm: t("Make it"), reason: false, values: { name: "", role: ROLES[0], pools: "", days: DAYS }, fields,
  async act(values) {
    const answer = await post("/admin/tokens", body(values));

    refresh();
    return answer;
  },
  done: told,
});

const askEnd = (token) => ask({
  title: t("Remove the token {name}?", { name: token.name }), confirm: t("Remove"), danger: true, reason: false,
  preview: () => html`<p>${t("What uses it is refused from then on.")}</p>`,
  act: () => remove(path(["admin", "tokens", token.name])), done: t("It is removed."),
});

const ended = (token) => token.ends_at !== null && Date.parse(token.ends_at) <= Date.now();

const columns = () => [
  { name: t("Token"), cell: (token) => name(token.name) },
  { name: t("Role"), cell: (token) => role(token.role) },
  { name: t("Pools"), cell: (token) => (token.pools === null ? t("all") : name(token.pools.join(", "))) },
  { name: t("Ends"), cell: (token) => html`<span class=${ended(token) ? "floe-wrong" : ""}>${moment(token.ends_at)}</span>` },
  { name: t("Last used"), cell: (token) => html`${moment(token.last_used_at)}${token.last_address ? html`<div
    class="floe-about">${token.last_address}</div>` : nothing}` },
  { name: t("Made by"), cell: (token) => html`${name(token.by)}<div class="floe-about">${moment(token.created_at)}</div>` },
  ...(may("issue") ? [{ name: "", narrow: true, cell: (token) => button(t("Remove"), () => askEnd(token), { small: true }) }] : []),
];

export function tokens({ refresh }) {
  const now = { list: [] };

  return {
    title: () => t("Tokens"),
    async load(signal) { now.list = (await get("/admin/tokens", { signal })).items; },
    draw: () => html`${head(t("Tokens"), { about: t("For scripts: a token has one role, and is nobody's."),
      actions: may("issue") ? button(t("New token"), () => askToken(refresh), { kind: "primary" }) : nothing })}${section(
      now.list.length > 0 ? table(t("Tokens"), columns(), now.list) : empty(t("There is no token yet."), "", "key"))}`,
  };
}
