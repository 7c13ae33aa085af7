// SPDX-License-Identifier: GPL-3.0-or-later
// What went wrong, in plain words: by the problem's reason where we have words for it, else by its type.

import { mark, t } from "./text.js";

const REASONS = {
  "wrong-credentials": mark("The name or the password is wrong."),
  "wrong-code": mark("The code is wrong, or was used before."),
  "expired-challenge": mark("That took too long. Please log in again."),
  "too-many-tries": mark("There were too many wrong tries. Please wait a few minutes."),
  "must-change": mark("The password has to be changed first."),
  expired: mark("The password has expired."),
  disabled: mark("The account is disabled."),
  "account-expired": mark("The account has expired."),
  "not-now": mark("The directory does not let this account in at this time."),
  "not-here": mark("The directory does not let this account in from here."),
  locked: mark("The account is locked."),
  "directory-down": mark("The directory does not answer."),
  "unknown-person": mark("The directory does not know this person."),
  "unknown-domain": mark("There is no such domain."),
  "second-factor-required": mark("A second factor is required for this account."),
  "second-factor-key": mark("What the second factor was sealed with is not there any more. An administrator has to look."),
  "already-enrolled": mark("A second factor is set up already."),
  "not-enrolled": mark("No second factor is set up."),
  "second-factor-off": mark("This broker has no second factor."),
  "role-needed": mark("Your role does not allow that."),
  "not-your-pool": mark("That is not one of your pools."),
  "higher-role": mark("That person has a higher role than you."),
  "reason-needed": mark("Your role asks for a reason."),
  "another-group": mark("The two pools mean different groups of that name."),
  "by-group": mark("They are entitled by a group, not by name."),
  maintenance: mark("That desktop is in maintenance."),
  engine: mark("That desktop is given out by its engine."),
  "nobody-there": mark("Nobody sits at that desktop now."),
  shadowed: mark("Somebody looks at that screen already, or has asked to."),
  "shadow-over": mark("That is over."),
  "not-granted": mark("They have not said yes."),
  "screenshots-off": mark("Somebody has that desktop, and its pool allows no pictures then."),
  "no-control": mark("You may look, and not type."),
  "people-only": mark("Only people may do that, and no program."),
  "not-entitled": mark("That person is not entitled to this pool."),
  "limit-reached": mark("That person has as many desktops of this pool as they may have."),
  "unknown-user": mark("Nobody of that name was ever seen here."),
  floating: mark("Desktops of a floating pool are not given to anybody for good."),
  lent: mark("Somebody has that desktop."),
  "not-ended": mark("The session before has not been seen to end yet."),
  refused: mark("That desktop is not lent: it is refused."),
  "not-held": mark("Nobody has that desktop any more."),
  "not-running": mark("That desktop does not run."),
  "host-down": mark("The host of that desktop does not answer."),
  "console-taken": mark("Somebody else has looked at that screen: the desktop has to be restarted first."),
  "engine-login": mark("The engine does not know that person, or has forgotten them. They log in again."),
  "engine-rights": mark("The engine does not allow that to them, or to the broker."),
  "engine-busy": mark("The engine is doing something else there. Please try again in a moment."),
  "no-host": mark("The engine has no host with room for it."),
  quota: mark("The engine's quota is used up."),
  "changed-meanwhile": mark("Somebody else changed it meanwhile, so yours is not saved. Please look at it again."),
  "under-way": mark("That was asked for a moment ago already."),
  "outcome-unknown": mark("Nobody knows what came of it. Please look at it."),
  "no-unlock-secret": mark("That terminal never asked for a secret to unlock it with."),
  "no-terminal-key": mark("This broker has no key for terminals."),
  "name-taken": mark("There is one of that name already."),
  "too-many-webhooks": mark("There are as many webhooks as there can be. Remove one first."),
  "no-webhook-key": mark("The broker has no key for webhooks. An administrator gives it one in its configuration."),
  "desktop-gone": mark("That desktop is not there any more."),
};

const KINDS = {
  "no-network": mark("The broker cannot be reached."),
  unauthenticated: mark("Please log in."),
  "expired-token": mark("You were logged out, since nothing was done for a while."),
  denied: mark("That is not allowed."),
  "not-found": mark("That is not there, or not any more."),
  "precondition-required": mark("That is there already. Please look at it again."),
  conflict: mark("That does not fit with how things are now."),
  busy: mark("The broker is busy. Please try again in a moment."),
  unavailable: mark("Something that the broker needs does not answer."),
  "timed-out": mark("That took too long."),
  exhausted: mark("There is none left."),
  internal: mark("The broker made a mistake. Its log says which."),
};

/** The sentence for a reason that is no problem of ours, such as an account's state; "" for one without. */
export const reasonWords = (reason) => (Object.hasOwn(REASONS, reason) ? t(REASONS[reason]) : "");

/** One sentence for whoever reads the page. */
export function explain(problem) {
  const words = REASONS[problem.reason] || KINDS[problem.kind];

  return words ? t(words) : t("It was not done: {detail}", { detail: problem.message });
}

/** What stands behind it, for who wants to know more: "" where that is nothing new. */
export const detail = (problem) => problem.message || "";
