// SPDX-License-Identifier: GPL-3.0-or-later
// One's own account: password and second factor.

import { post, Problem } from "./api.js";
import { ask } from "./dialog.js";
import { codes, offer } from "./factor.js";
import { line } from "./fields.js";
import { isStaff, me } from "./me.js";
import { t } from "./text.js";
import { role } from "./words.js";
import { alert, button, card, facts, head, html, name, nothing, section } from "./view.js";

function askPassword() {
  const field = (key, title, values, change, autocomplete) => line(key, title, values[key], (value) => change(key, value),
    { type: "password", required: true, autocomplete, longest: 1024 });

  ask({
    title: t("Change password"), confirm: t("Change"), reason: false, values: { old: "", fresh: "", again: "" },
    fields: (values, change) => html`${field("old", t("Password"), values, change, "current-password")}
      ${field("fresh", t("New password"), values, change, "new-password")}
      ${field("again", t("New password, once more"), values, change, "new-password")}`,
    act: async (values) => {
      if (values.fresh !== values.again)
        throw new Problem({ type: "differ", detail: t("The two new passwords differ.") });
      await post("/password", { username: me().name, password: values.old, new_password: values.fresh });
    },
    done: t("The new password counts from now on."),
  });
}

function askFactor() {
  ask({
    title: t("Set up a second factor"), confirm: t("Continue"), reason: false,
    preview: () => t("From then on you are asked for a code of your app with each log-in."),
    act: () => post("/second-factor/begin"),
    next: (offered) => askCode(t("Set up a second factor"), t("Continue"), "/second-factor/confirm",
      (receipt) => codes(receipt.recovery_codes), { above: html`<p>${
        t("Scan the picture with an app for one-time passwords, and enter the code that it shows then.")}</p>${offer(offered)}` }),
  });
}

function askCode(title, confirm, path, done, { danger = false, above } = {}) {
  ask({
    title, confirm, danger, reason: false, values: { code: "" }, preview: above && (() => above),
    fields: (values, change) => line("code", t("Code"), values.code, (value) => change("code", value),
      { required: true, autocomplete: "one-time-code", longest: 64 }),
    act: (values) => post(path, { code: values.code }),
    done,
  });
}

const endFactor = () => askCode(t("Do without a second factor"), t("Do without"), "/second-factor/end",
  t("You are asked for no code any more."), { danger: true });

export function account({ logOut }) {
  return {
    title: () => t("Your account"),
    draw: () => html`${head(t("Your account"), { actions: button(t("Log out"), logOut) })}${section(html`
      ${isStaff() ? nothing : alert("info", t("These pages are for the helpdesk; your account has no role there."))}
      <div class="floe-cards">${card(t("Who you are"), facts([
        [t("Name"), name(me().name)], [t("Called"), name(me().display_name)],
        [t("Roles"), me().roles.map(role).join(", ")],
        [t("Helpdesk of pools"), me().helpdesk_pools?.join(", ")]]))}
      ${card(t("Password"), html`<p>${t("It is the directory's, and counts everywhere.")}</p>`,
        { actions: button(t("Change"), askPassword) })}
      ${card(t("Second factor"), html`<p>${t("An app for one-time passwords, on a telephone.")}</p>`,
        { actions: html`${button(t("Set up"), askFactor)} ${button(t("Do without"), endFactor, { kind: "link" })}` })}
      </div>`)}`,
  };
}
