// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around all pages: which one is shown, how it is kept up to date, and what is around it.

import { render } from "./lit-html.js";
import { onLoggedOut, post } from "./api.js";
import { changes } from "./changes.js";
import { closeDialogs, onDone } from "./dialog.js";
import { findMe, idleTime, isStaff, may, me, setMe } from "./me.js";
import { account } from "./page-account.js";
import { audit } from "./page-audit.js";
import { capacity } from "./page-capacity.js";
import { desktop } from "./page-desktop.js";
import { desktops } from "./page-desktops.js";
import { hosts } from "./page-hosts.js";
import { login } from "./page-login.js";
import { overview } from "./page-overview.js";
import { people } from "./page-people.js";
import { person } from "./page-person.js";
import { poolEditor } from "./page-pool-edit.js";
import { pool } from "./page-pool.js";
import { pools } from "./page-pools.js";
import { sessions } from "./page-sessions.js";
import { terminalSettings } from "./page-settings.js";
import { shadow } from "./page-shadow.js";
import { terminal } from "./page-terminal.js";
import { terminals } from "./page-terminals.js";
import { tokens } from "./page-tokens.js";
import { webhooks } from "./page-webhooks.js";
import { preferences } from "./preferences.js";
import { detail, explain } from "./reasons.js";
import { loadTexts, mark, t } from "./text.js";
import { alert, button, head, html, icon, name, nothing, section } from "./view.js";

const PAGES = { "": overview, account, audit, capacity, desktop, desktops, hosts, people, person, pools, pool, "pool-edit": poolEditor,
  sessions, terminals, terminal, settings: terminalSettings, shadow, tokens, webhooks };

// What the navigation shows: [address, words, icon, what one must be allowed].
const NAVIGATION = [
  ["", mark("Overview"), "home", "pools"],
  ["people", mark("People"), "users", "people"],
  ["desktops", mark("Desktops"), "virtual-machine", "pools"],
  ["sessions", mark("Sessions"), "running", "pools"],
  ["pools", mark("Pools"), "resource-pool", "pools"],
  ["hosts", mark("Hosts"), "server", "hosts"],
  ["capacity", mark("Capacity"), "trend-up", "pools"],
  ["terminals", mark("Terminals"), "screen", "terminals"],
  ["tokens", mark("Tokens"), "key", "tokens"],
  ["webhooks", mark("Webhooks"), "bell", "hooks"],
  ["audit", mark("Audit trail"), "history", "trail"],
];
// Where a page that is not in the navigation belongs.
const PARENTS = { person: "people", desktop: "desktops", shadow: "desktops", pool: "pools", "pool-edit": "pools", terminal: "terminals", settings: "terminals" };

const EVERY = 5000; // milliseconds between two looks at what changed
const LIVE_EVERY = 30000; // the same while the broker tells of changes: some things it does not tell of
const PATIENCE = 250; // milliseconds before we say that we wait
const TOAST = 8000; // milliseconds for which a sentence stays

const root = document.getElementById("app");
const state = { page: null, where: "", loaded: false, waiting: false, problem: null, toasts: [], narrow: false, arrived: false, farewell: "" };
let looking = new AbortController();
let timer = 0;
/* Of what changes while the last look is under way, the next one knows. */
const live = changes(() => { if (state.page?.load && state.page.every === undefined) keepLooking(); });

function readPlace() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");

  return { parts: path.split("/").map(decode), query: new URLSearchParams(query) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/* Masthead and navigation. */

/* Somebody is at work, in this window or another one. */
function touch() {
  localStorage.setItem("floe-touched", String(Date.now()));
}

const isIdle = () => me() !== null && Date.now() - Number(localStorage.getItem("floe-touched")) > idleTime();

async function logOut() {
  try {
    await post("/logout");
  } catch {
    // The broker has forgotten us already, or will by itself.
  }
  leave();
}

const masthead = () => html`<header class="pf-v6-c-masthead pf-m-display-inline"><div class="pf-v6-c-masthead__main">${
  isStaff() ? html`<span class="pf-v6-c-masthead__toggle floe-toggle"><button type="button"
  class="pf-v6-c-button pf-m-plain" aria-label=${t("Navigation")} aria-expanded=${state.narrow} aria-controls="navigation"
  @click=${() => { state.narrow = !state.narrow; draw(); }}><span
  class="pf-v6-c-button__icon">${icon("floe-menu")}</span></button></span>` : nothing}<div
  class="pf-v6-c-masthead__brand"><a class="pf-v6-c-masthead__logo floe-logo" href="#/" aria-label="Floe"><img src="./floe.svg" alt="" width="32"
  height="32"><span class="floe-wide">Floe</span></a></div></div><div class="pf-v6-c-masthead__content"><div class="floe-masthead"><span
  class="floe-wide">${preferences(draw)}</span><a
  class="pf-v6-c-button pf-m-plain floe-me" href="#/account" title=${t("Your account")}><span
  class="pf-v6-c-button__icon pf-m-start">${icon("user")}</span><span class="pf-v6-c-button__text floe-wide">${
  name(me().display_name || me().name)}</span></a><span
  class="floe-wide">${button(t("Log out"), logOut, { kind: "link" })}</span></div></div></header>`;

function navigation() {
  const here = PARENTS[state.where] ?? state.where;

  return html`<div class="pf-v6-c-page__sidebar ${state.narrow ? "pf-m-expanded" : ""}" id="navigation"><div
    class="pf-v6-c-page__sidebar-main"><div class="pf-v6-c-page__sidebar-body"><nav class="pf-v6-c-nav"
    aria-label=${t("Navigation")}><ul class="pf-v6-c-nav__list" role="list">${
    NAVIGATION.filter((entry) => may(entry[3])).map(([address, words, symbol]) => html`<li
    class="pf-v6-c-nav__item"><a href=${"#/" + address} class="pf-v6-c-nav__link ${here === address ? "pf-m-current" : ""}"
    aria-current=${here === address ? "page" : nothing}><span class="pf-v6-c-nav__link-icon">${icon(symbol)}</span><span
    class="pf-v6-c-nav__link-text">${t(words)}</span></a></li>`)}</ul><div class="floe-slim">${
    preferences(draw)}</div></nav></div></div></div>`;
}

const toasts = () => html`<ul class="pf-v6-c-alert-group pf-m-toast" role="list" aria-live="polite">${
  state.toasts.map((words) => html`<li class="pf-v6-c-alert-group__item">${alert("success", words)}</li>`)}</ul>`;

/* The page itself. */

function content() {
  if (!state.page)
    return section(alert("warning", t("There is no such page.")));
  if (state.loaded)
    return html`${state.problem ? section(alert("warning", t("This is not up to date: {why}",
      { why: explain(state.problem) }))) : nothing}${state.page.draw()}`;
  if (state.problem)
    return html`${head(state.page.title())}${section(alert("danger", explain(state.problem), detail(state.problem)))}`;
  return html`${head(state.page.title())}${state.waiting ? section(html`<p role="status">${t("One moment …")}</p>`) : nothing}`;
}

function draw() {
  const inside = me() !== null;

  document.title = state.page ? `${state.page.title()} – Floe` : "Floe";
  if (!inside)
    render(state.page ? html`${state.page.draw()}${toasts()}` : nothing, root);
  else
    render(html`<div class="pf-v6-c-page"><a class="pf-v6-c-skip-to-content pf-v6-c-button pf-m-primary" href="#main"
      @click=${skip}>${t("Skip to content")}</a>${masthead()}${isStaff() ? navigation() : nothing}<div
      class="pf-v6-c-page__main-container" tabindex="-1"><main class="pf-v6-c-page__main" id="main" tabindex="-1"
      aria-busy=${!state.loaded}>${content()}</main></div></div>${toasts()}`, root);
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

async function look() {
  looking.abort();
  looking = new AbortController();
  const { signal } = looking;
  const patience = setTimeout(() => { state.waiting = true; draw(); }, PATIENCE);

  try {
    await state.page.load?.(signal);
    if (signal.aborted)
      return signal;
    state.loaded = true;
    state.problem = null;
  } catch (problem) {
    if (signal.aborted)
      return signal;
    if (!(problem.kind))
      throw problem;
    state.problem = problem;
  } finally {
    clearTimeout(patience);
  }
  state.waiting = false;
  draw();
  return signal;
}

/** For the first time since the page was chosen: whoever reads it is told where they are. */
function arrive() {
  if (state.arrived || !state.loaded)
    return;
  state.arrived = true;
  performance.mark("floe-shown"); // for tests/bench
  document.querySelector(state.page.focus ?? "h1")?.focus({ preventScroll: true });
}

async function keepLooking() {
  clearTimeout(timer);
  if (isIdle()) {
    await logOut();
    return;
  }
  const signal = await look();

  if (signal.aborted)
    return;
  arrive();
  // What is not there, or not ours, is not asked for again and again.
  if (state.page?.load && state.page.every !== 0 && ![403, 404].includes(state.problem?.status))
    timer = setTimeout(() => (document.hidden ? wait(signal) : keepLooking()), state.page.every || (live.live ? LIVE_EVERY : EVERY));
}

/** Nobody looks: we ask nothing until somebody does, and an open stream must not keep the log-in alive. */
function wait(signal) {
  live.end();
  document.addEventListener("visibilitychange", () => {
    live.start();
    keepLooking();
  }, { once: true, signal });
}

function show(create, where, parts, query) {
  state.page?.leave?.();
  looking.abort();
  clearTimeout(timer);
  closeDialogs();
  Object.assign(state, { page: null, where, loaded: false, waiting: false, problem: null, narrow: false, arrived: false });
  state.page = create ? create({ parts, query, redraw: draw, refresh: keepLooking, enter,
    logOut,
    farewell: state.farewell }) : null;
  state.loaded = !state.page?.load;
  draw();
  if (state.page)
    keepLooking();
}

function route() {
  const { parts, query } = readPlace();

  if (me() === null) {
    // What has been typed there stays, and so does a log-in on its way, when the address is another one.
    if (!(state.where === "login" && state.page))
      show(login, "login", [], query);
  } else if (!isStaff())
    show(account, "account", [], query);
  else
    show(Object.hasOwn(PAGES, parts[0]) ? PAGES[parts[0]] : null, parts[0], parts.slice(1), query);
}

function enter(answer) {
  touch();
  state.farewell = "";
  setMe(answer);
  if (isStaff())
    live.start();
  route();
}

function leave() {
  if (me() === null)
    return;
  state.farewell = isIdle() ? t("You were logged out, since nothing was done for a while.") : "";
  live.end();
  setMe(null);
  route();
}

function tell(words) {
  state.toasts = [...state.toasts, words];
  setTimeout(() => { state.toasts = state.toasts.slice(1); draw(); }, TOAST);
  keepLooking();
}

/* What nobody sees holds no stream open: a browser has six connections to a host, and other tabs of ours need them, as does
 * the page that comes after this one. What was missed is told when it goes on. */
function rest() {
  window.addEventListener("pagehide", live.end);
  document.addEventListener("visibilitychange", () => (document.hidden ? live.end() : goOn()));
  window.addEventListener("pageshow", (event) => { if (event.persisted) goOn(); });
}

function goOn() {
  if (isStaff())
    live.start();
}

async function start() {
  onLoggedOut(leave);
  onDone(tell);
  window.addEventListener("pagehide", () => state.page?.leave?.());
  for (const event of ["pointerdown", "keydown", "wheel"])
    window.addEventListener(event, touch, { passive: true });
  rest();
  await loadTexts();
  window.addEventListener("hashchange", route);
  try {
    if (await findMe())
      touch();
    if (isStaff())
      live.start();
    route();
  } catch (problem) {
    render(alert("danger", explain(problem), detail(problem)), root);
  }
}

start();
