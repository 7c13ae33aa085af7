// SPDX-License-Identifier: GPL-3.0-or-later
// A second factor's secret as a picture, and the codes for the day when the app is lost.

import qrcode from "./qrcode.js";
import { svg } from "./lit-html.js";
import { t } from "./text.js";
import { alert, html } from "./view.js";

const QUIET = 4; // modules of white around a code, as its standard has it

function picture(text) {
  const code = qrcode(0, "M");
  const squares = [];

  code.addData(text);
  code.make();
  const n = code.getModuleCount();

  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++)
      if (code.isDark(row, column))
        squares.push(`M${column + QUIET} ${row + QUIET}h1v1h-1z`);
  return html`<svg class="floe-qr" viewBox="0 0 ${n + 2 * QUIET} ${n + 2 * QUIET}" role="img"
    aria-label=${t("QR code with the secret")} shape-rendering="crispEdges">${
    svg`<rect width="100%" height="100%" fill="#fff"></rect><path d=${squares.join("")} fill="#000"></path>`}</svg>`;
}

/** What is to be scanned. offer: of the API. */
export const offer = (offered) => html`${picture(offered.uri)}<p>${t("Or enter this secret there:")} <code
  class="floe-secret">${offered.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code></p>`;

/** The recovery codes, shown this once. */
export const codes = (list) => html`${alert("warning", t("Keep these codes where only you find them."),
  t("Each opens this account once, when the app is not there. They are shown this once."))}<ul class="floe-codes">${
  list.map((code) => html`<li><code>${code}</code></li>`)}</ul>`;
