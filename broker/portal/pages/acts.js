// SPDX-License-Identifier: GPL-3.0-or-later
// What the helpdesk does with a desktop, wherever it is shown.

import { keyed } from "./keyed.js";
import { render } from "./lit-html.js";
import { open, path, post, Problem } from "./api.js";
import { ask } from "./dialog.js";
import { check, choice, line, lines } from "./fields.js";
import { may } from "./me.js";
import { explain } from "./reasons.js";
import { mark, t } from "./text.js";
import { button, html, icon, name, nothing, place } from "./view.js";

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
  "log-off": [mark("Log off"), mark("The guest logs off whoever is logged in to it; one without an agent is shut down."), true],
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

const askShadow = (desktop) => ask({
  title: t("Look at the screen of {name}?", { name: desktop.holder_name || desktop.holder || desktop.name }), confirm: t("Ask them"),
  preview: () => html`<p>${t("Whoever sits there is asked first, and told your name and your reason. They can end it at any time.")}</p>`,
  act: (values) => post(at(desktop, "shadow"), because(values)),
  next: (shadow) => { location.hash = place("shadow", shadow.id); },
});

/* A picture of the manager's, shown in the dialog. */
async function takePicture(desktop, values) {
  const answer = await open(at(desktop, "screenshot"), undefined, because(values));
  const picture = await window.createImageBitmap(await answer.blob());
  const canvas = Object.assign(document.createElement("canvas"), { className: "floe-screen", width: picture.width,
    height: picture.height, ariaLabel: t("Screen of {name}", { name: desktop.name }), role: "img" });

  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas;
}

const askPicture = (desktop) => ask({
  title: t("Picture of the screen of {name}?", { name: desktop.name }), confirm: t("Take it"), wide: true,
  preview: () => html`<p>${t("Nobody is asked. It stands in the audit trail that you saw it.")}</p>`,
  act: (values) => takePicture(desktop, values), done: (canvas) => html`${canvas}`,
});

const askAssign = (desktop) => ask({
  title: t("Give {name} to somebody", { name: desktop.name }), confirm: t("Give"), values: { user: "" },
  fields: (values, change) => line("user", t("Log-in name"), values.user, (value) => change("user", value),
    { required: true, longest: 256 }),
  act: (values) => post(at(desktop, "assign"), { user: values.user, ...because(values) }), done: t("It is theirs."),
});

/* What the broker says of each, done or tried: a list. */
const outcomes = (items) => html`<ul class="floe-changes">${items.map((item) => html`<li>${name(item.name ?? item.id)}${
  item.holder ? html` – ${name(item.holder)}` : nothing}${item.problem ? html`<div class="floe-wrong">${
  explain(problemOf(item.problem))} <span class="floe-about">${name(item.problem.detail)}</span></div>` : nothing}${
  item.desktops?.length > 0 ? outcomes(item.desktops) : nothing}</li>`)}</ul>`;

const problemOf = (body) => new Problem(body, body.status);

/* What is refused is no reason to keep quiet about the rest. */
function summary(items) {
  const refused = items.filter((item) => item.problem);

  return refused.length === 0 ? html`<p>${t("It has begun.")}</p>` : html`<p>${
    t("{done} of {all} have begun; these have not:", { done: items.length - refused.length, all: items.length })}</p>${
    outcomes(refused)}`;
}

/** Asks the broker to try something, and shows what would come of each; then does it. body: what POST /admin/bulk takes */
function askBulk({ title, confirm, danger, happens, body, redo, to = "/admin/bulk" }) {
  ask({
    title, confirm, danger, wide: true, values: redo?.values ?? {},
    trial: (values) => post(to, { ...body, ...redo?.more(values), reason: "?", dry_run: true }),
    preview: (values, tried) => html`<p>${happens}</p>${tried ? outcomes(tried.items) : html`<p>${t("One moment …")}</p>`}`,
    fields: redo?.fields,
    act: (values) => post(to, { ...body, ...redo?.more(values), ...because(values) }),
    done: (answer) => summary(answer.items),
  });
}

const askAll = (desktops, action, words, happens, danger) => askBulk({
  title: t("{act}: {n} desktops", { act: words, n: desktops.length }), confirm: words, danger, happens,
  body: { action, desktops: desktops.map((desktop) => desktop.id) },
});

/* Fields of everything that gives people a time: a message, and how long they have. */
export const endFields = (values, change) => html`${line("message", t("What people are told"), values.message,
  (value) => change("message", value), { longest: 256 })}${line("minutes", t("Minutes until sessions end"), values.minutes,
  (value) => change("minutes", value), { type: "number", min: 1, max: 10080, help: t("Empty: sessions go on.") })}`;
export const ending = (values) => ({ ...(values.message ? { message: values.message } : {}),
  ...(values.minutes ? { minutes: Number(values.minutes) } : {}) });

const MAINTAINED = mark("Nobody gets it any more, and it is not started. Whoever sits at it is told, and has to leave when the time is over.");

const askMaintenance = (desktops) => askBulk({
  title: desktops.length === 1 ? t("Maintenance of {name}?", { name: desktops[0].name })
    : t("{act}: {n} desktops", { act: t("Maintenance"), n: desktops.length }),
  confirm: t("Maintenance"), happens: t(MAINTAINED),
  body: { action: "maintenance", desktops: desktops.map((desktop) => desktop.id) },
  redo: { values: { message: "", minutes: "" }, more: ending, fields: endFields },
});

const askMessages = (desktops) => askBulk({
  title: t("{act}: {n} desktops", { act: t("Message"), n: desktops.length }), confirm: t("Send"),
  happens: t("It shows over the desktop, with your name."), body: { action: "message",
    desktops: desktops.map((desktop) => desktop.id) },
  redo: { values: { text: "" }, more: (values) => ({ text: values.text || "…" }),
    fields: (values, change) => lines("text", t("Message"), values.text, (value) => change("text", value),
      { required: true, longest: 500 }) },
});

const HOW = [["log-off", mark("They are logged off in their desktops, too.")],
  ["keep", mark("Their desktops stay as they are.")], ["release", mark("Their desktops are taken back.")]];

/** Logs people off. people: of the API */
export const askLogOff = (people) => askBulk({
  title: people.length === 1 ? t("Log off {name}?", { name: people[0].display_name || people[0].name })
    : t("{act}: {n} people", { act: t("Log off"), n: people.length }),
  confirm: t("Log off"), danger: true, happens: t("All their log-ins end, wherever they are."),
  body: { action: "log-off", users: people.map((person) => person.name) },
  redo: { values: { how: "log-off" }, more: (values) => ({ their_desktops: values.how }),
    fields: (values, change) => choice("how", t("Desktops"), values.how, HOW.map(([key, words]) => [key, t(words)]),
      (value) => change("how", value)) },
});

const OPENED = mark("They are lent and started again. What was planned for their sessions is called off.");

/** Moves somebody to another pool. from: pools that name them; all: names of all pools. */
export const askMove = (person, from, all) => askBulk({
  title: t("Move {name} to another pool?", { name: person.display_name || person.name }), confirm: t("Move"), to: "/admin/moves",
  happens: t("They may not open the one any more, and may open the other. Under each name is what is taken back."),
  body: { users: [person.name] },
  redo: { values: { from: from[0], to: all.find((pool) => pool !== from[0]) ?? "", release: true },
    more: ({ from: old, to: other, release }) => ({ from: old, to: other, release }),
    fields: (values, change) => html`${choice("from", t("From"), values.from, from.map((pool) => [pool, pool]),
      (value) => change("from", value))}${choice("to", t("To"), values.to, all.map((pool) => [pool, pool]),
      (value) => change("to", value))}${check("release", t("Take back what they have in the old one"), values.release,
      (value) => change("release", value))}` },
});

/** What can be done with several desktops at once: [words, act]. The question says for which of them it makes no sense. */
export const askMany = (desktops) => [[t("Message"), () => askMessages(desktops)],
  ...Object.entries(POWER).map(([action, [words, happens, danger]]) => [t(words),
    () => askAll(desktops, action, t(words), t(happens), danger)]),
  [t("Maintenance"), () => askMaintenance(desktops)],
  [t("End the maintenance"), () => askAll(desktops, "open", t("End the maintenance"), t(OPENED), false)],
  [t("Take back"), () => askAll(desktops, "release", t("Take back"), t(RELEASED.any), true)]];

/* choices: [words, act] of what makes sense with a desktop as it is */
function choices(desktop) {
  const on = desktop.power !== "off";
  const list = [];

  if (desktop.console === "connected")
    list.push([t("Message"), () => askMessage(desktop)]);
  if (desktop.console === "connected" && may("shadow"))
    list.push([t("Look at the screen"), () => askShadow(desktop)]);
  if (desktop.power === "on" && may("shadow"))
    list.push([t("Picture of its screen"), () => askPicture(desktop)]);
  if (on)
    list.push(...["restart", "shut-down", "force-off"].map((act) => [t(POWER[act][0]), () => askPower(desktop, act)]));
  if (desktop.holder && desktop.power === "on")
    list.push([t("Log off"), () => askPower(desktop, "log-off")]);
  if (desktop.holder)
    list.push([t("Take back"), () => askRelease(desktop)]);
  if (!desktop.holder && ["dedicated", "static"].includes(desktop.kind))
    list.push([t("Give to somebody"), () => askAssign(desktop)]);
  if (desktop.maintained)
    list.push([t("End the maintenance"), () => askAll([desktop], "open", t("End the maintenance"), t(OPENED), false)]);
  else
    list.push([t("Maintenance"), () => askMaintenance([desktop])]);
  // With a lease, taking it back resets it.
  if (!desktop.holder && desktop.clean === "broken")
    list.push([t("Reset"), () => askPower(desktop, "reset")]);
  return list;
}

const items = (list) => list.map(([words, act]) => html`<li><button type="button" class="floe-menu__item"
  @click=${(event) => { event.target.closest("details").open = false; act(); }}>${words}</button></li>`);

/* What is in a menu is made when somebody opens it: there may be ten thousand. */
function toggle(event, list) {
  const menu = event.target;

  if (menu.open)
    closeOthers(menu);
  render(menu.open ? items(list()) : nothing, menu.querySelector("ul"));
}

/** A menu of what can be done with a desktop; another one's is another menu, and not open. desktop: id, name, pool, kind, power,
 * console, clean, holder, holder_name. */
export const desktopActions = (desktop) => (may("help") ? keyed(desktop.id, html`<details class="floe-menu"
  @toggle=${(event) => toggle(event, () => choices(desktop))}><summary
  class="pf-v6-c-button pf-m-secondary pf-m-small" aria-label="${t("Do")} ${t("with {name}", { name: desktop.name })}"><span
  class="pf-v6-c-button__text">${t("Do")} ${icon("floe-down")}</span></summary><ul class="floe-menu__list"
  role="list"></ul></details>`) : nothing);

/** The same as buttons in a row, where there is one desktop only. */
export const desktopButtons = (desktop) => (may("help") ? choices(desktop) : []).map(([words, act]) => button(words, act));

function closeOthers(menu) {
  for (const other of document.querySelectorAll("details.floe-menu[open]"))
    if (other !== menu)
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
