// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of pages, in PatternFly's markup. Data comes into markup by lit-html only, which never takes it for markup.

import { html, svg, nothing } from "./lit-html.js";
import { repeat } from "./repeat.js";
import { icons } from "./icons.js";
import { ago, t, time } from "./text.js";

export { html, nothing };

export function icon(name) {
  const [box, outline] = icons[name];

  return html`<svg class="pf-v6-svg" viewBox=${box} fill="currentColor" aria-hidden="true" role="presentation"
    >${svg`<path d=${outline}></path>`}</svg>`;
}

/** A name that somebody else gave: its direction ends with it. */
export const name = (text) => html`<bdi>${text}</bdi>`;

export const link = (href, text) => html`<a href=${href}>${name(text)}</a>`;

/** The address of a page: its name and what it is about. */
export const place = (...parts) => "#/" + parts.map(encodeURIComponent).join("/");

/** A moment, such as "3 minutes ago", with the exact one for whoever points at it. */
export const moment = (iso) =>
  iso ? html`<time datetime=${iso} title=${time(iso)}>${ago(iso)}</time>` : html`<span class="floe-none">–</span>`;

/** A word with a colour: blue, green, orange, red, grey, purple. */
export const label = (text, colour = "grey", symbol) => html`<span class="pf-v6-c-label ${
  colour === "grey" ? "" : "pf-m-" + colour} pf-m-compact"><span class="pf-v6-c-label__content">${
  symbol ? html`<span class="pf-v6-c-label__icon">${icon(symbol)}</span>` : nothing}<span
  class="pf-v6-c-label__text">${text}</span></span></span>`;

/** A button. kind: primary, secondary, danger, link, plain. act: what a click does. */
export const button = (text, act, { kind = "secondary", symbol, disabled = false, small = false, type = "button",
  busy = false } = {}) => html`<button type=${type} class="pf-v6-c-button pf-m-${kind} ${small ? "pf-m-small" : ""}"
  ?disabled=${disabled || busy} @click=${act}>${
  symbol ? html`<span class="pf-v6-c-button__icon pf-m-start">${icon(symbol)}</span>` : nothing}<span
  class="pf-v6-c-button__text">${text}</span></button>`;

/** The same for a link to another page. */
export const go = (href, text, { kind = "secondary" } = {}) => html`<a class="pf-v6-c-button pf-m-${kind}" href=${href}><span
  class="pf-v6-c-button__text">${text}</span></a>`;

const ALERTS = { danger: "error-circle-o", warning: "warning-triangle", info: "info", success: "ok" };

export const alert = (kind, title, body, more) => html`<div class="pf-v6-c-alert pf-m-${kind} pf-m-inline"
  role=${kind === "danger" ? "alert" : nothing}><div class="pf-v6-c-alert__icon">${icon(ALERTS[kind])}</div><p
  class="pf-v6-c-alert__title">${title}</p>${
  body ? html`<div class="pf-v6-c-alert__description"><p>${body}</p></div>` : nothing}${
  more ? html`<div class="pf-v6-c-alert__action-group">${more}</div>` : nothing}</div>`;

/** Shows what is wrong, wherever somebody has scrolled to. */
export const reveal = () => document.querySelector("main [role=alert]")?.scrollIntoView({ block: "center" });

/** That something is being worked on, as the API says it. */
export const maintenance = (it) => alert("warning", it.by ? t("{name} has put it into maintenance.", { name: it.by })
  : t("It is in maintenance."), html`${it.message ? html`${name(it.message)}<br>` : nothing}${it.ends
  ? html`${t("Sessions end:")} ${moment(it.ends)}` : nothing}`);

export const empty = (title, body, symbol = "search") => html`<div class="pf-v6-c-empty-state"><div
  class="pf-v6-c-empty-state__content"><div class="pf-v6-c-empty-state__header"><div
  class="pf-v6-c-empty-state__icon">${icon(symbol)}</div><div class="pf-v6-c-empty-state__title"><h2
  class="pf-v6-c-empty-state__title-text">${title}</h2></div></div>${
  body ? html`<div class="pf-v6-c-empty-state__body">${body}</div>` : nothing}</div></div>`;

export const card = (title, body, { actions = nothing } = {}) => html`<section
  class="pf-v6-c-card"><div class="pf-v6-c-card__header"><div class="pf-v6-c-card__header-main"><h2
  class="pf-v6-c-card__title-text">${title}</h2></div><div class="pf-v6-c-card__actions">${actions}</div></div><div
  class="pf-v6-c-card__body">${body}</div></section>`;

/** Facts about one thing: [[term, value], ...]; those without a value are left out. */
export const facts = (pairs) => html`<dl class="pf-v6-c-description-list pf-m-compact pf-m-horizontal floe-facts">${
  pairs.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([term, value]) => html`<div
  class="pf-v6-c-description-list__group"><dt class="pf-v6-c-description-list__term"><span
  class="pf-v6-c-description-list__text">${term}</span></dt><dd class="pf-v6-c-description-list__description"><div
  class="pf-v6-c-description-list__text">${value}</div></dd></div>`)}</dl>`;

const gap = (pixels, columns) => (pixels > 0 ? html`<tr class="floe-unseen" aria-hidden="true"><td colspan=${columns}
  height=${pixels}></td></tr>` : nothing);

/** A table. columns: [{name, cell: (row) => what is shown, narrow}]. On a phone each row is a block of its own. view: of a
 * long one, the part that is in the page (window.js); key: (row) => what names a row. */
export function table(caption, columns, rows, { view, key = (row) => row.id } = {}) {
  const part = view?.part(rows) ?? null;
  const shown = part?.rows ?? rows;
  const row = (each, index) => html`<tr class="pf-v6-c-table__tr" role="row"
    aria-rowindex=${part ? part.from + index + 2 : nothing}>${
    columns.map((column) => html`<td class="pf-v6-c-table__td ${column.name || column.head ? "" : "pf-v6-c-table__action"}"
    role="cell" data-label=${column.name}>${column.cell(each)}</td>`)}</tr>`;

  return html`<table class="pf-v6-c-table pf-m-compact floe-table" role="table"
    aria-label=${caption} aria-rowcount=${part ? rows.length + 1 : nothing}><thead class="pf-v6-c-table__thead"
    role="rowgroup"><tr class="pf-v6-c-table__tr" role="row">${
    columns.map((column) => html`<th class="pf-v6-c-table__th ${column.narrow ? "pf-m-fit-content" : ""}" scope="col"
    role="columnheader">${column.name || column.head || html`<span class="pf-v6-screen-reader">${t("Actions")}</span>`}</th>`)
    }</tr></thead><tbody class="pf-v6-c-table__tbody" role="rowgroup">${gap(part?.before ?? 0, columns.length)}${
    part ? repeat(shown, key, row) : shown.map(row)}${gap(part?.behind ?? 0, columns.length)}</tbody></table>`;
}

/** The head of a page: what it is, a line about it, and what can be done there. */
export const head = (title, { about = nothing, actions = nothing, above = nothing } = {}) => html`<section
  class="pf-v6-c-page__main-section floe-head"><div class="pf-v6-c-page__main-body">${above}<div
  class="floe-head__row"><h1 class="pf-v6-c-title pf-m-2xl" tabindex="-1">${title}</h1><div
  class="floe-actions">${actions}</div></div>${about === nothing ? nothing : html`<p
  class="floe-about">${about}</p>`}</div></section>`;

export const section = (body) => html`<section class="pf-v6-c-page__main-section"><div
  class="pf-v6-c-page__main-body">${body}</div></section>`;

/** Where we are: [[text, address], ...], the page itself last and without an address. */
export const trail = (...steps) => html`<nav class="floe-trail" aria-label=${t("Where this page is")}>${
  steps.map(([text, address]) => (address ? html`<a href=${address}>${name(text)}</a> / ` : html`<span
  aria-current="page">${name(text)}</span>`))}</nav>`;
