// SPDX-License-Identifier: GPL-3.0-or-later
// Questions before something is done: what will happen, why it is done, and a last chance not to.

import { html, nothing, render } from "./lit-html.js";
import { lines } from "./fields.js";
import { owesReason } from "./me.js";
import { explain, detail } from "./reasons.js";
import { t } from "./text.js";
import { alert, button } from "./view.js";

const REASON_LONGEST = 256;

let tellDone = () => {};

/** Calls function with a sentence when something was done. */
export function onDone(function_) {
  tellDone = function_;
}

/**
 * Asks, and does it.
 * title: the question; confirm: the word of the button; danger: something is lost by it;
 * preview: (values, tried) => what will happen; trial: (values) => a promise of what the broker says would happen, which
 * is given to preview, again whenever a choice is made; fields: (values, change) => fields, values: what is in them at first;
 * reason: whether one can be given; act: (values) => a promise; done: the sentence afterwards, or (answer) => what is
 * shown then in the dialog; next: (answer) => what comes instead.
 */
export function ask({ title, confirm, danger = false, preview, trial, fields, values = {}, reason = true, act, done, next,
  wide = false }) {
  const frame = document.createElement("dialog");
  const before = document.activeElement;
  const state = { values: { ...values }, problem: null, busy: false, answer: undefined, tried: undefined };
  let tries = 0;

  /* What is typed changes nothing of what happens; what is chosen may. */
  function change(key, value) {
    state.values[key] = value;
    draw();
    if (trial && !["reason", "text", "message", "minutes"].includes(key))
      tryIt();
  }

  async function tryIt() {
    const turn = tries += 1;

    try {
      const tried = await trial(state.values);

      if (turn !== tries)
        return;
      state.tried = tried;
      state.problem = null;
    } catch (problem) {
      if (turn !== tries)
        return;
      state.problem = problem;
    }
    draw();
  }

  async function submit(event) {
    event.preventDefault();
    if (state.busy)
      return;
    state.busy = true;
    draw();
    try {
      const answer = await act(state.values);

      if (next) {
        frame.close();
        next(answer);
      } else if (typeof done === "function") {
        state.answer = answer;
      } else {
        frame.close();
        tellDone(done);
      }
    } catch (problem) {
      state.problem = problem;
    }
    state.busy = false;
    draw();
  }

  const form = () => html`<form class="pf-v6-c-form" @submit=${submit}>
    ${state.problem ? alert("danger", explain(state.problem), detail(state.problem)) : nothing}
    ${preview ? html`<div class="floe-preview">${preview(state.values, state.tried)}</div>` : nothing}
    ${fields ? fields(state.values, change) : nothing}
    ${reason ? lines("reason", t("Reason"), state.values.reason, (value) => change("reason", value),
      { required: owesReason(), longest: REASON_LONGEST, rows: 2, help: t("It stands in the audit trail, for good.") }) : nothing}
    <div class="floe-buttons">${button(confirm, null, { kind: danger ? "danger" : "primary", type: "submit", busy: state.busy })}
    ${button(t("Cancel"), () => frame.close(), { kind: "link" })}</div></form>`;

  const told = () => html`<div class="floe-told">${done(state.answer)}<div class="floe-buttons">${
    button(t("Close"), () => frame.close(), { kind: "primary" })}</div></div>`;

  function draw() {
    render(html`<div class="pf-v6-c-modal-box ${wide ? "pf-m-lg" : "pf-m-md"}"><header
      class="pf-v6-c-modal-box__header"><div class="pf-v6-c-modal-box__header-main"><h1
      class="pf-v6-c-modal-box__title"><span
      class="pf-v6-c-modal-box__title-text">${title}</span></h1></div></header><div
      class="pf-v6-c-modal-box__body">${state.answer === undefined ? form() : told()}</div></div>`, frame);
  }

  if (trial)
    tryIt();
  frame.className = "floe-dialog";
  frame.ariaLabel = title;
  frame.addEventListener("close", () => {
    frame.remove();
    if (before?.isConnected)
      before.focus();
  });
  draw();
  document.body.append(frame);
  frame.showModal();
  frame.querySelector("textarea, input, select")?.focus();
}

/** Closes whatever is asked: the page behind it is another one. */
export function closeDialogs() {
  for (const frame of document.querySelectorAll("dialog[open]"))
    frame.close();
}
