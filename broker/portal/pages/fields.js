// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of forms. Each has an id of its own, a label, and a line of help or of what is wrong.

import { html, nothing } from "./lit-html.js";
import { live } from "./live.js";
import { t } from "./text.js";
import { icon } from "./view.js";

const group = (id, title, input, { help, wrong, required } = {}) => html`<div class="pf-v6-c-form__group"><div
  class="pf-v6-c-form__group-label"><label class="pf-v6-c-form__label" for=${id}><span
  class="pf-v6-c-form__label-text">${title}</span>${required ? html`&nbsp;<span class="pf-v6-c-form__label-required"
  aria-hidden="true">*</span>` : nothing}</label></div><div class="pf-v6-c-form__group-control">${input}${
  help || wrong ? html`<div class="pf-v6-c-form__helper-text"><div class="pf-v6-c-helper-text" id="${id}-help"><div
  class="pf-v6-c-helper-text__item ${wrong ? "pf-m-error" : ""}"><span
  class="pf-v6-c-helper-text__item-text">${wrong || help}</span></div></div></div>` : nothing}</div></div>`;

/** A line of text. type: as of HTML's input. change: called with the value at each key. */
export const line = (id, title, value, change, more = {}) => group(id, title, html`<span
  class="pf-v6-c-form-control ${more.wrong ? "pf-m-error" : ""}"><input id=${id} name=${id} type=${more.type || "text"}
  .value=${live(value ?? "")} ?required=${more.required} ?disabled=${more.disabled} min=${more.min ?? nothing}
  max=${more.max ?? nothing} maxlength=${more.longest ?? nothing} pattern=${more.pattern ?? nothing}
  autocomplete=${more.autocomplete || "off"} inputmode=${more.inputmode || nothing} spellcheck="false" autocapitalize="off"
  placeholder=${more.placeholder || nothing} aria-describedby=${more.help || more.wrong ? id + "-help" : nothing}
  aria-invalid=${more.wrong ? "true" : nothing} @input=${(event) => change(event.target.value)}></span>`, more);

/** Lines of text. */
export const lines = (id, title, value, change, more = {}) => group(id, title, html`<span
  class="pf-v6-c-form-control pf-m-textarea pf-m-resize-vertical ${more.wrong ? "pf-m-error" : ""}"><textarea id=${id}
  name=${id} rows=${more.rows || 3} .value=${live(value ?? "")} ?required=${more.required} ?disabled=${more.disabled}
  maxlength=${more.longest ?? nothing} spellcheck=${more.code ? "false" : "true"} class=${more.code ? "floe-code" : ""}
  aria-describedby=${more.help || more.wrong ? id + "-help" : nothing}
  @input=${(event) => change(event.target.value)}></textarea></span>`, more);

/** One of several. choices: [[value, text], ...]. */
export const choice = (id, title, value, choices, change, more = {}) => group(id, title, select(id, value, choices, change,
  more), more);

/** The same without a label of its own: title is read to whoever does not see where it stands. */
export const select = (id, value, choices, change, more = {}) => html`<span class="pf-v6-c-form-control"><select id=${id}
  name=${id} aria-label=${more.title || nothing} ?disabled=${more.disabled}
  aria-describedby=${more.help ? id + "-help" : nothing} @change=${(event) => change(event.target.value)}>${
  choices.map(([key, text]) => html`<option value=${key} .selected=${live(key === value)}>${text}</option>`)
  }</select><span class="pf-v6-c-form-control__utilities"><span class="pf-v6-c-form-control__toggle-icon">${
  icon("floe-down")}</span></span></span>`;

/** The name of something that is made: a part of its address, so that it is plain. */
export const nameLine = (value, change) => line("name", t("Name"), value, change,
  { required: true, pattern: "[a-z0-9][a-z0-9\\-]{0,63}", help: t("Small letters, digits and hyphens.") });

/** The words of a line with spaces between them. */
export const wordsOf = (text) => text.split(/\s+/).filter(Boolean);

/** Yes or no. */
export const check = (id, title, value, change, more = {}) => html`<div class="pf-v6-c-form__group"><div
  class="pf-v6-c-form__group-control"><div class="pf-v6-c-check"><input class="pf-v6-c-check__input" type="checkbox"
  id=${id} name=${id} .checked=${live(Boolean(value))} ?disabled=${more.disabled}
  aria-describedby=${more.help ? id + "-help" : nothing} @change=${(event) => change(event.target.checked)}><label
  class="pf-v6-c-check__label" for=${id}>${title}</label>${more.help ? html`<span class="pf-v6-c-check__description"
  id="${id}-help">${more.help}</span>` : nothing}</div></div></div>`;
