// SPDX-License-Identifier: GPL-3.0-or-later
// What the broker names by keywords, in words and colours. A keyword that we do not know is shown as it is.

import { mark, t } from "./text.js";
import { label } from "./view.js";

const STATES = {
  // one word for a desktop
  making: [mark("being made"), "blue"], off: [mark("off"), "grey"], starting: [mark("starting"), "blue"],
  ready: [mark("ready"), "green"], "in-use": [mark("in use"), "green"], stopping: [mark("stopping"), "blue"],
  moving: [mark("moving"), "blue"], resetting: [mark("being reset"), "blue"], broken: [mark("broken"), "red"],
  "host-lost": [mark("host lost"), "red"],
  // power, guest, console, clean
  on: [mark("on"), "green"], paused: [mark("paused"), "orange"], crashed: [mark("crashed"), "red"],
  unknown: [mark("not known"), "grey"], booting: [mark("booting"), "blue"], "logged-in": [mark("logged in"), "green"],
  none: [mark("none"), "grey"], connecting: [mark("connecting"), "blue"], connected: [mark("connected"), "green"],
  lost: [mark("connection lost"), "orange"], clean: [mark("clean"), "green"], dirty: [mark("used"), "grey"],
  refused: [mark("refused"), "orange"],
  // terminals, revisions, the audit trail
  new: [mark("new"), "blue"], online: [mark("online"), "green"], silent: [mark("silent"), "grey"],
  old: [mark("replaced"), "grey"], canary: [mark("on trial"), "blue"], current: [mark("current"), "green"], failed: [mark("failed"), "red"],
  done: [mark("done"), "green"], denied: [mark("denied"), "orange"], intent: [mark("begun"), "blue"],
};

function coloured(table, keyword) {
  const [words, colour] = table[keyword] || [keyword, "grey"];

  return keyword ? label(t(words), colour) : "";
}

/** A keyword as a coloured word; nothing for none. */
export const state = (keyword) => coloured(STATES, keyword);

/** The same without a colour. */
export const stateWords = (keyword) => t(STATES[keyword]?.[0] ?? keyword);

const ENDS = { keep: mark("keep it"), lock: mark("lock it"), "log-off": mark("log off"), "shut-down": mark("shut down"),
  reset: mark("reset") };

/** What a pool may do with a desktop at the end of something. */
export const END_ACTS = Object.keys(ENDS);

export const endAct = (keyword) => t(ENDS[keyword] ?? keyword);

const KINDS = { floating: mark("floating"), dedicated: mark("dedicated"), static: mark("static") };

export const kind = (keyword) => t(KINDS[keyword] || keyword);

const ASSIGNED = { "as-user": mark("the person, by their log-in"), "on-behalf": mark("the broker, as the person"), "service-account": mark("the broker's own account") };

/** Who an engine is asked by for a desktop. */
export const WAYS = Object.keys(ASSIGNED);

export const assignWay = (keyword) => t(ASSIGNED[keyword] ?? keyword);

const PHASES = { directory: mark("directory"), groups: mark("groups"), engines: mark("log-in at engines"), store: mark("recorded"),
  claim: mark("desktop found"), queue: mark("in line"), wait: mark("waited for its start"), start: mark("started"),
  guest: mark("guest got ready"), ticket: mark("display opened"), picture: mark("first picture") };

/** Where the time of a log-in or a connect went. */
export const phase = (keyword) => t(PHASES[keyword] ?? keyword);

const QUALITIES = { good: [mark("good connection"), "green"], fair: [mark("fair connection"), "blue"],
  poor: [mark("poor connection"), "orange"], silent: [mark("no answer"), "red"] };

/** How good a connection is, as a client measured it. */
export const connection = (keyword) => coloured(QUALITIES, keyword);

const ROLES = { user: mark("user"), helpdesk: mark("helpdesk"), auditor: mark("auditor"), operator: mark("operator"),
  admin: mark("administrator") };

export const role = (keyword) => t(ROLES[keyword] || keyword);

const ACTIONS = {
  login: mark("log-in"), logout: mark("log-out"), challenge: mark("code asked for"), password: mark("password changed"),
  "account-ended": mark("account ended"), connect: mark("desktop opened"), ticket: mark("display opened"),
  release: mark("desktop given back"), assign: mark("desktop assigned"), message: mark("message"),
  shadow: mark("screen looked at"), screenshot: mark("picture of a screen"), "shadow-control": mark("control of a screen"), "shadow-end": mark("screen not looked at any more"),
  start: mark("start"), stop: mark("switched off"), reset: mark("reset"), create: mark("desktop made"),
  remove: mark("desktop removed"), move: mark("moved to another host"), attach: mark("data disk plugged in"),
  "desktop-restart": mark("restart"), "desktop-shut-down": mark("shut down"), "desktop-force-off": mark("force off"),
  "pool-move": mark("moved to another pool"), "desktop-maintain": mark("put into maintenance"), "desktop-open": mark("maintenance ended"), "desktop-log-off": mark("logged off"), "log-off": mark("logged off"), "desktop-reset": mark("reset"), "desktop-fresh": mark("a fresh desktop"),
  "pool-create": mark("pool made"), "pool-change": mark("pool changed"), "pool-close": mark("pool closed"), "pool-bind": mark("group found"),
  "pool-open": mark("pool opened"), "pool-drain": mark("pool drained"), "pool-delete": mark("pool deleted"),
  "pool-renew": mark("new revision asked for"), "pool-engine": mark("pool changed at its engine"), "revision-make": mark("revision made"),
  "host-drain": mark("host drained"), "host-open": mark("host opened"), "host-lost": mark("host lost"),
  webhook: mark("webhook made"), "webhook-drop": mark("webhook removed"), "webhook-test": mark("webhook tested"), token: mark("token made"), "token-drop": mark("token removed"),
  announcement: mark("announcement"), "announcement-drop": mark("announcement taken back"),
  "second-factor-begin": mark("second factor begun"), "second-factor-confirm": mark("second factor set up"),
  "second-factor-end": mark("second factor ended"), "second-factor-reset": mark("second factor reset"),
  "terminal-create": mark("terminal made"), "terminal-change": mark("terminal changed"),
  "terminal-delete": mark("terminal deleted"), "terminal-code": mark("code for a terminal"),
  "terminal-enrol": mark("terminal enrolled"), "terminal-settings": mark("terminal settings"),
  "terminal-trust": mark("terminal trusts the broker"), "terminal-unlock": mark("code to unlock a terminal"),
  "terminal-unlocked": mark("terminal unlocked"),
};

/** What was done, as the audit trail names it. */
export const action = (keyword) => (ACTIONS[keyword] ? t(ACTIONS[keyword]) : keyword);

/** All of them: [keyword, words], by their words; where two have the same, with the keyword. */
export function actions() {
  const all = Object.keys(ACTIONS).map((keyword) => [keyword, action(keyword)]);
  const twice = (words) => all.filter(([, other]) => other === words).length > 1;

  return all.map(([keyword, words]) => [keyword, twice(words) ? `${words} (${keyword})` : words])
    .sort(([, one], [, other]) => one.localeCompare(other));
}
