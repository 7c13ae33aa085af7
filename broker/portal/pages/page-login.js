// SPDX-License-Identifier: GPL-3.0-or-later
// Logging in, with all that can come between: a code, setting up a second factor, a password to change.

import { get, post } from "./api.js";
import { line, select } from "./fields.js";
import { codes, offer } from "./factor.js";
import { preferences } from "./preferences.js";
import { detail, explain } from "./reasons.js";
import { mark, t } from "./text.js";
import { alert, button, html, nothing } from "./view.js";

const OLD = ["must-change", "expired"];

const TITLES = { name: mark("Log in"), code: mark("Second factor"), enrol: mark("Set up a second factor"),
  codes: mark("Recovery codes"), change: mark("Change password") };

export function login({ redraw, enter, farewell }) {
  const state = { step: "name", name: "", password: "", fresh: "", again: "", code: "", challenge: "", domain: "",
    domains: [], offer: null, receipt: null, problem: null, told: "", busy: false };

  const set = (key) => (value) => { state[key] = value; redraw(); };

  function forgetSecrets() {
    Object.assign(state, { password: "", fresh: "", again: "", code: "" });
  }

  /* begin: what comes after a refusal that is no failure */
  async function follow(problem) {
    state.problem = null;
    if (problem.reason === "code-needed") {
      Object.assign(state, { step: "code", challenge: problem.challenge, password: "" });
    } else if (problem.reason === "enrolment-needed") {
      state.challenge = problem.challenge;
      state.password = "";
      state.offer = await post("/login/enrol", { challenge: state.challenge });
      state.step = "enrol";
    } else if (OLD.includes(problem.reason)) {
      state.step = "change";
      state.problem = problem;
    } else {
      throw problem;
    }
  }

  /** Runs what a form wants, once at a time, and says what went wrong. */
  const submit = (work) => async (event) => {
    event.preventDefault();
    if (state.busy)
      return;
    Object.assign(state, { busy: true, problem: null, told: "" });
    redraw();
    try {
      await work();
    } catch (problem) {
      try {
        await follow(problem);
      } catch (last) {
        if (!last.kind)
          throw last;
        state.problem = last;
        if (last.reason === "expired-challenge")
          begin();
      }
    }
    state.busy = false;
    redraw();
    document.querySelector("[autofocus]")?.focus();
  };

  function begin() {
    forgetSecrets();
    Object.assign(state, { step: "name", challenge: "", offer: null });
    redraw();
  }

  function who() {
    return state.domain ? { username: state.name, domain: state.domain } : { username: state.name };
  }

  async function sendName() {
    done(await post("/login", { ...who(), password: state.password }));
  }

  async function sendCode() {
    done(await post("/login/code", { challenge: state.challenge, code: state.code }));
  }

  async function sendFirstCode() {
    state.receipt = await post("/login/enrol/confirm", { challenge: state.challenge, code: state.code });
    forgetSecrets();
    state.step = "codes";
  }

  async function sendPassword() {
    if (state.fresh !== state.again) {
      state.told = t("The two new passwords differ.");
      return;
    }
    await post("/password", { ...who(), password: state.password, new_password: state.fresh });
    state.password = state.fresh;
    await sendName();
  }

  function done(answer) {
    forgetSecrets();
    enter(answer);
  }

  const go = (words) => html`<div class="pf-v6-c-form__group pf-m-action">${
    button(words, null, { kind: "primary", type: "submit", busy: state.busy })}${
    state.step === "name" ? nothing : button(t("Back"), begin, { kind: "link" })}</div>`;

  const steps = {
    name: () => html`<form class="pf-v6-c-form" @submit=${submit(sendName)}>
      ${line("username", t("Name"), state.name, set("name"), { required: true, autocomplete: "username", longest: 256 })}
      ${state.domains.length > 0 ? html`<div class="pf-v6-c-form__group">${select("domain", state.domain,
        state.domains.map((domain) => [domain, domain]), set("domain"), { title: t("Domain") })}</div>` : nothing}
      ${line("password", t("Password"), state.password, set("password"),
        { type: "password", required: true, autocomplete: "current-password", longest: 1024 })}
      ${go(t("Log in"))}</form>`,
    code: () => html`<form class="pf-v6-c-form" @submit=${submit(sendCode)}>
      <p>${t("Your app shows a code of six digits for this account. A recovery code does as well.")}</p>
      ${line("code", t("Code"), state.code, set("code"),
        { required: true, autocomplete: "one-time-code", longest: 64 })}${go(t("Log in"))}</form>`,
    enrol: () => html`<form class="pf-v6-c-form" @submit=${submit(sendFirstCode)}>
      <p>${t("This account needs a second factor. Scan the picture with an app for one-time passwords, and enter the code that it shows then.")}</p>
      ${offer(state.offer)}
      ${line("code", t("Code"), state.code, set("code"),
        { required: true, autocomplete: "one-time-code", inputmode: "numeric", longest: 64 })}${go(t("Continue"))}</form>`,
    codes: () => html`<div class="pf-v6-c-form">${codes(state.receipt.recovery_codes)}<div>${
      button(t("Continue"), () => done(state.receipt.login), { kind: "primary" })}</div></div>`,
    change: () => html`<form class="pf-v6-c-form" @submit=${submit(sendPassword)}>
      ${line("fresh", t("New password"), state.fresh, set("fresh"),
        { type: "password", required: true, autocomplete: "new-password", longest: 1024 })}
      ${line("again", t("New password, once more"), state.again, set("again"),
        { type: "password", required: true, autocomplete: "new-password", longest: 1024, wrong: state.told })}
      ${go(t("Change password"))}</form>`,
  };

  const title = () => t(TITLES[state.step]);

  async function load(signal) {
    try {
      const told = await get("/login", { signal });

      state.domains = told.domains;
      state.domain = told.default_domain ?? told.domains[0] ?? "";
    } catch (problem) {
      if (!problem.kind)
        throw problem; // somebody logs in without choosing, and is told then what is wrong
    }
  }

  return {
    title,
    load,
    every: 0,
    draw: () => html`<div class="pf-v6-c-login floe-login"><div class="pf-v6-c-login__container"><main
      class="pf-v6-c-login__main"><header class="pf-v6-c-login__main-header"><img src="./floe.svg" alt="" width="48" height="48"><h1
      class="pf-v6-c-title pf-m-3xl" tabindex="-1">${title()}</h1><p
      class="pf-v6-c-login__main-header-desc">${t("Floe, for the helpdesk")}</p></header><div
      class="pf-v6-c-login__main-body">${farewell && !state.problem ? alert("info", farewell) : nothing}${state.problem ? alert("danger", explain(state.problem),
        state.problem.reason ? "" : detail(state.problem)) : nothing}${steps[state.step]()}</div><footer class="pf-v6-c-login__main-footer floe-login__footer">${preferences(redraw)}</footer></main></div></div>`,
  };
}
