// SPDX-License-Identifier: GPL-3.0-or-later
// What each reader chooses for this browser: the language, and light or dark.

import { chooseLanguage, currentLanguage, LANGUAGES, t } from "./text.js";
import { html, icon } from "./view.js";

function chooseTheme() {
  const dark = document.documentElement.classList.contains("pf-v6-theme-dark");

  localStorage.setItem("floe-theme", dark ? "light" : "dark");
  window.dispatchEvent(new Event("floe-theme"));
}

/** The two choices. redraw: shows the page anew. */
export const preferences = (redraw) => html`<select class="floe-language" aria-label=${t("Language")}
  @change=${(event) => chooseLanguage(event.target.value).then(redraw)}>${
  Object.entries(LANGUAGES).map(([key, words]) => html`<option value=${key} lang=${key}
  ?selected=${key === currentLanguage()}>${words}</option>`)}</select><button type="button"
  class="pf-v6-c-button pf-m-plain" @click=${chooseTheme} aria-label=${t("Light or dark")}
  title=${t("Light or dark")}><span class="pf-v6-c-button__icon">${icon("asleep")}</span></button>`;
