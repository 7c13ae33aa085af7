// SPDX-License-Identifier: GPL-3.0-or-later
// Who is logged in, and what their roles let them do: what they may not is not offered. The broker decides.

import { forget, get } from "./api.js";

const HELPDESK = "helpdesk", AUDITOR = "auditor", OPERATOR = "operator", ADMIN = "admin";

// As broker/core/roles.c has it.
const ALLOWED = {
  pools: [HELPDESK, AUDITOR, OPERATOR, ADMIN],
  hosts: [AUDITOR, OPERATOR, ADMIN],
  verify: [AUDITOR, ADMIN],
  trail: [HELPDESK, AUDITOR, OPERATOR, ADMIN],
  terminals: [HELPDESK, AUDITOR, OPERATOR, ADMIN],
  people: [HELPDESK, AUDITOR, OPERATOR, ADMIN],
  help: [HELPDESK, OPERATOR, ADMIN],
  shadow: [HELPDESK, OPERATOR, ADMIN],
  enrol: [HELPDESK, OPERATOR, ADMIN],
  operate: [OPERATOR, ADMIN],
  place: [OPERATOR, ADMIN],
  define: [ADMIN],
  tokens: [AUDITOR, ADMIN],
  issue: [ADMIN],
  hooks: [AUDITOR, ADMIN],
  hook: [ADMIN],
};

let user = null;

export const me = () => user;

/** Whether a role of theirs lets them do it somewhere. what: a key of ALLOWED. */
export const may = (what) => user !== null && ALLOWED[what].some((role) => user.roles.includes(role));

/** Whether they are of the staff at all. */
export const isStaff = () => may("pools");

/** Whether their roles ask for a reason with each act. */
export const owesReason = () => !user.roles.some((role) => [OPERATOR, ADMIN].includes(role));

/** Asks the broker who is logged in; nobody is no error. */
export async function findMe() {
  try {
    user = (await get("/me")).user;
  } catch (problem) {
    if (problem.status !== 401)
      throw problem;
    user = null;
  }
  return user;
}

const IDLE = 900; // seconds, where nobody told us

/** After how many milliseconds without a key or a click somebody is logged out: asking the broker is no use of theirs. */
export const idleTime = () => Number(sessionStorage.getItem("floe-idle") ?? IDLE) * 1000;

/** After a log-in: its answer. null: nobody any more. */
export function setMe(login) {
  user = login === null ? null : login.user;
  if (login !== null)
    sessionStorage.setItem("floe-idle", String(login.idle_seconds));
  forget();
}
