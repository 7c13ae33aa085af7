// SPDX-License-Identifier: GPL-3.0-or-later
// What the helpdesk does with a desktop, wherever it is shown.

import { path, post, Problem } from "./api.js";
import { ask } from "./dialog.js";
import { line, lines } from "./fields.js";
import { may } from "./me.js";
import { explain } from "./reasons.js";
import { mark, t } from "./text.js";
import { button, html, icon, name, nothing } from "./view.js";

const at = (desktop, what) => path(["admin", "desktops", desktop.id, what]);

/** The reason that was given with a question, as the API takes it. */
export const because = (values) => (values.reason ? { reason: values.reason } : {});

const whose = (desktop) => (desktop.holder ? html`<p>${t("Somebody has it:")} ${
  name(desktop.holder_name || desktop.holder)}</p>` : nothing);

/* Each: its words, and what will happen. */
const POWER = {
  restart: [mark("Restart"), mark("The guest is asked to shut down, and starts again. What is not saved may be lost.")],
  "shut-down": [mark("Shut down"), mark("The guest is asked to shut down, and switched off when it does not answer.")],
  "force-off": [mark("Force off"), mark("The plug is pulled. What is not saved is lost."), true],
  reset: [mark("Reset"), mark("The lease ends, and all that was done in the desktop is forgotten."), true],
};

function askPower(desktop, action) {
  const [words, happens, danger] = POWER[action];

  ask({
    title: t("{act}: {name}", { act: t(words), name: desktop.name }), confirm: t(words), danger,
    preview: () => html`<p>${t(happens)}</p>${whose(desktop)}`,
    act: (values) => post(at(desktop, "actions"), { action, ...because(values) }), done: t("It has begun."),
  });
}

const RELEASED = {
  floating: mark("Its session ends, what is not saved is lost, and it is reset for the next one."),
  any: mark("Its session ends, and it is nobody's any more."),
};

const askRelease = (desktop) => ask({
  title: t("Take {name} back?", { name: desktop.name }), confirm: t("Take it back"), danger: true,
  preview: () => html`<p>${t(RELEASED[desktop.kind] ?? RELEASED.any)}</p>${whose(desktop)}`,
  act: (values) => post(at(desktop, "release"), because(values)), done: t("It is taken back."),
});

const askMessage = (desktop) => ask({
  title: t("Message to {name}", { name: desktop.holder_name || desktop.holder || desktop.name }), confirm: t("Send"),
  values: { text: "" },
  fields: (values, change) => lines("text", t("Message"), values.text, (value) => change("text", value),
    { required: true, longest: 1000, help: t("It shows over the desktop, with your name.") }),
  act: (values) => post(at(desktop, "message"), { text: values.text, ...because(values) }), done: t("It is on its way."),
});

const askAssign = (desktop) => ask({
  title: t("Give {name} to somebody", { name: desktop.name }), confirm: t("Give"), values: { user: "" },
  fields: (values, change) => line("user", t("Log-in name"), values.user, (value) => change("user", value),
    { required: true, longest: 256 }),
  act: (values) => post(at(desktop, "assign"), { user: values.user, ...because(values) }), done: t("It is theirs."),
});

/* one after the other, since each is a row of the audit trail and a call of a manager; what fails stops none of the others */
async function each(desktops, act) {
  const failed = [];

  for (const desktop of desktops)
    try {
      await act(desktop);
    } catch (problem) {
      failed.push(`${desktop.name}: ${explain(problem)}`);
    }
  if (failed.length > 0)
    throw new Problem({ type: "some", detail: failed.join(" ") });
}

function askAll(desktops, words, happens, danger, act) {
  const others = desktops.filter((desktop) => desktop.holder).length;

  ask({
    title: t("{act}: {n} desktops", { act: words, n: desktops.length }), confirm: words, danger,
    preview: () => html`<p>${happens}</p>${others > 0 ? html`<p>${t("{n} of them are somebody's.", { n: others })}</p>`
      : nothing}<ul class="floe-changes">${desktops.map((desktop) => html`<li>${name(desktop.name)}${
      desktop.holder ? html` – ${name(desktop.holder)}` : nothing}</li>`)}</ul>`,
    act: (values) => each(desktops, (desktop) => act(desktop, values)), done: t("It has begun."),
  });
}

/** What can be done with several desktops at once: [words, act]. Those for which it makes no sense are left alone. */
export function askMany(desktops) {
  const on = desktops.filter((desktop) => desktop.power !== "off");
  const held = desktops.filter((desktop) => desktop.holder);
  const list = [];

  if (on.length > 0)
    list.push(...["restart", "shut-down", "force-off"].map((action) => [t(POWER[action][0]), () => askAll(on,
      t(POWER[action][0]), t(POWER[action][1]), POWER[action][2], (desktop, values) => post(at(desktop, "actions"),
      { action, ...because(values) }))]));
  if (held.length > 0)
    list.push([t("Take back"), () => askAll(held, t("Take back"), t(RELEASED.any), true,
      (desktop, values) => post(at(desktop, "release"), because(values)))]);
  return list;
}

/* choices: [words, act] of what makes sense with a desktop as it is */
function choices(desktop) {
  const on = desktop.power !== "off";
  const list = [];

  if (desktop.console === "connected")
    list.push([t("Message"), () => askMessage(desktop)]);
  if (on)
    list.push(...["restart", "shut-down", "force-off"].map((act) => [t(POWER[act][0]), () => askPower(desktop, act)]));
  if (desktop.holder)
    list.push([t("Take back"), () => askRelease(desktop)]);
  if (!desktop.holder && ["dedicated", "static"].includes(desktop.kind))
    list.push([t("Give to somebody"), () => askAssign(desktop)]);
  // With a lease, taking it back resets it.
  if (!desktop.holder && desktop.clean === "broken")
    list.push([t("Reset"), () => askPower(desktop, "reset")]);
  return list;
}

/** A menu of what can be done with a desktop. desktop: id, name, pool, kind, power, console, clean, holder, holder_name. */
export function desktopActions(desktop) {
  const list = may("help") ? choices(desktop) : [];

  return list.length === 0 ? nothing : html`<details class="floe-menu" @toggle=${closeOthers}><summary
    class="pf-v6-c-button pf-m-secondary pf-m-small"><span class="pf-v6-c-button__text">${t("Do")} ${
    icon("floe-down")}</span><span class="pf-v6-screen-reader">${t("with {name}", { name: desktop.name })}</span></summary><ul
    class="floe-menu__list" role="list">${list.map(([words, act]) => html`<li><button type="button"
    class="floe-menu__item" @click=${(event) => { event.target.closest("details").open = false; act(); }}>${
    words}</button></li>`)}</ul></details>`;
}

/** The same as buttons in a row, where there is one desktop only. */
export const desktopButtons = (desktop) => (may("help") ? choices(desktop) : []).map(([words, act]) => button(words, act));

function closeOthers(event) {
  if (event.target.open)
    for (const other of document.querySelectorAll("details.floe-menu[open]"))
      if (other !== event.target)
        other.open = false;
}

// A menu ends when somebody goes on elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.floe-menu[open]"))
    if (!menu.contains(event.target))
      menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.floe-menu[open]");

  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
