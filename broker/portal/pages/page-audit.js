// SPDX-License-Identifier: GPL-3.0-or-later
// The audit trail: who did what to what, newest first; as far as somebody's role reads it.

import { get, path } from "./api.js";
import { ask } from "./dialog.js";
import { choice, line } from "./fields.js";
import { may } from "./me.js";
import { mark, t, time } from "./text.js";
import { alert, button, empty, head, html, name, nothing, section, table } from "./view.js";
import { action, actions, state as word } from "./words.js";

const PAGE = 100;
const TURNS = 20; // pages that are asked for at once; most may be empty where few rows fit
const EXPORT_PAGE = 1000;
const EXPORT_MOST = 100000; // rows in one file

const COLUMNS = ["id", "at", "actor", "action", "object", "outcome", "detail", "address", "terminal", "request"];

/* quote: for a table program, which must not take what somebody wrote for a formula */
function quote(value) {
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;

  return '"' + safe.replaceAll('"', '""') + '"';
}

const FORMATS = {
  csv: { type: "text/csv", write: (rows) => [COLUMNS, ...rows.map((row) => COLUMNS.map((key) => row[key]))]
    .map((cells) => cells.map(quote).join(",") + "\r\n").join("") },
  jsonl: { type: "application/jsonl", write: (rows) => rows.map((row) => JSON.stringify(row) + "\n").join("") },
};

function save(text, type, file) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");

  anchor.href = address;
  anchor.download = file;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/* Verification. */

const FINDINGS = { removed: mark("Row {row} was removed."), altered: mark("Row {row} was altered."),
  added: mark("Row {row} was added."), "seal-missing": mark("Seal {seal} is missing."),
  "seal-broken": mark("Seal {seal} is not the one that was made."),
  "seal-unkeyed": mark("Seal {seal} was made without the key.") };

/* Page by page, since there may be very many rows. */
async function verifyAll(expected) {
  const sum = { rows: 0, findings: [], head: null, tail: null };
  let after;

  do {
    const page = await get(path(["admin", "audit", "verify"], { after, expect: after ? "" : expected.trim() }));

    sum.rows += page.rows;
    sum.findings.push(...page.findings);
    Object.assign(sum, { head: page.head, tail: page.tail });
    after = page.next;
  } while (after);
  return sum;
}

const verified = (sum) => html`${sum.findings.length > 0 ? alert("danger", t("The audit trail is not as it was written."))
  : alert("success", t("The audit trail is as it was written."))}<ul class="floe-changes">${
  sum.findings.slice(0, 100).map((each) => html`<li>${t(FINDINGS[each.what] ?? each.what, { row: each.row, seal: each.seal })}</li>`)}</ul><p>${
  t("Rows that are sealed: {sealed}. Not sealed yet: {tail}.", { sealed: sum.rows, tail: sum.tail.rows })}</p>${
  sum.head ? html`<p>${t("Note this elsewhere, for the next time:")} <code class="floe-code floe-words">${sum.head.number}:${
  sum.head.hash}</code></p>` : nothing}`;

const askVerify = () => ask({
  title: t("Is the audit trail as it was written?"), confirm: t("Look"), reason: false, wide: true, values: { expect: "" },
  preview: () => t("Each row is compared with the seal that was made over it."),
  fields: (values, change) => line("expect", t("What was noted the last time"), values.expect,
    (value) => change("expect", value), { longest: 120, help: t("It shows whether the end was cut off.") }),
  act: (values) => verifyAll(values.expect), done: verified,
});

const columns = () => [
  { name: t("When"), narrow: true, cell: (row) => html`<time datetime=${row.at}>${time(row.at)}</time>` },
  { name: t("Who"), cell: (row) => html`<a href=${"#/audit?" + new URLSearchParams({ user: row.actor })}>${name(row.actor)}</a>` },
  { name: t("What"), cell: (row) => html`${action(row.action)} ${word(row.outcome)}` },
  { name: t("To what"), cell: (row) => (row.object ? html`<bdi>${row.object}</bdi>` : "–") },
  { name: t("More"), cell: (row) => (row.detail ? html`<bdi class="floe-words">${row.detail}</bdi>` : "–") },
  { name: t("From where"), cell: (row) => row.address ?? "–" },
];

/* What can be asked for. */
const FILTERS = ["user", "desktop", "action", "since", "until"];

/* asked: a filter as the broker takes it: its times with their zone */
function asked(filter) {
  const time = (text) => (text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : "");

  return { ...filter, since: time(filter.since), until: time(filter.until) };
}

export function audit({ query, redraw }) {
  const filter = Object.fromEntries(FILTERS.map((key) => [key, query.get(key) ?? ""]));
  const wanted = asked(filter); // what is typed counts when it is searched for
  const state = { rows: [], next: null, busy: false };
  const ask = (more, signal) => get(path(["admin", "audit"], { ...wanted, ...more }), { signal });

  function search(event) {
    event.preventDefault();
    const pairs = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));

    location.hash = "#/audit" + (pairs.size > 0 ? "?" + pairs : "");
  }

  /* The next rows, and where they end. */
  async function some(cursor, signal) {
    const items = [];
    let next = cursor;
    let turns = 0;

    do {
      const page = await ask({ limit: PAGE - items.length, cursor: next }, signal);

      items.push(...page.items);
      next = page.next;
      turns += 1;
    } while (next && items.length < PAGE && turns < TURNS);
    return { items, next };
  }

  async function more() {
    const page = await some(state.next);

    state.rows = [...state.rows, ...page.items];
    state.next = page.next;
    redraw();
  }

  async function take(format) {
    const rows = [];
    let cursor;

    state.busy = true;
    redraw();
    do {
      const page = await ask({ limit: EXPORT_PAGE, cursor });

      rows.push(...page.items);
      cursor = page.next;
    } while (cursor && rows.length < EXPORT_MOST);
    save(FORMATS[format].write(rows), FORMATS[format].type, `floe-audit.${format}`);
    state.busy = false;
    redraw();
  }

  const filters = () => html`<form class="floe-filters" @submit=${search}>
    ${line("user", t("Who"), filter.user, (value) => { filter.user = value; }, { longest: 256 })}
    ${line("desktop", t("Desktop"), filter.desktop, (value) => { filter.desktop = value; }, { longest: 256 })}
    ${choice("action", t("What"), filter.action, [["", t("all")], ...actions()], (value) => { filter.action = value; })}
    ${line("since", t("Not before"), filter.since, (value) => { filter.since = value; }, { type: "datetime-local" })}
    ${line("until", t("Before"), filter.until, (value) => { filter.until = value; }, { type: "datetime-local" })}
    ${button(t("Search"), null, { type: "submit" })}</form>`;

  return {
    title: () => t("Audit trail"),
    async load(signal) {
      const page = await some(undefined, signal);
      const last = page.items.at(-1)?.id ?? 0;

      // What was shown further down stays, unless so much came that there is a gap between.
      if (state.rows.length > 0 && last <= state.rows[0].id) {
        state.rows = [...page.items, ...state.rows.filter((row) => row.id < last)];
      } else {
        state.rows = page.items;
        state.next = page.next;
      }
    },
    draw() {
      return html`${head(t("Audit trail"), { actions: html`${
        may("verify") ? button(t("Verify"), askVerify) : nothing}${button("CSV", () => take("csv"), { symbol: "export", busy: state.busy })}${
        button("JSON", () => take("jsonl"), { symbol: "export", busy: state.busy })}` })}${section(html`${filters()}
        ${state.rows.length > 0 ? table(t("Audit trail"), columns(), state.rows) : empty(t("Nothing fits."))}
        ${state.next ? html`<p class="floe-more">${button(t("Show older"), more)}</p>` : nothing}`)}`;
    },
  };
}
