/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/resume.h"

#define FIRST_DELAY_MS    1000
#define LONGEST_DELAY_MS  15000
#define MAX_AUTH_FAILURES 2

/**
 * floe_resume_reset:
 * @self: a policy
 *
 * The guest's picture is here: whatever went wrong before is forgotten.
 */
void
floe_resume_reset (FloeResume *self)
{
  *self = (FloeResume){ 0 };
}

/* Doubling from one second, and a quarter more or less, so that the terminals of a whole floor do
 * not come back to a restarted switch in step. */
static guint
delay_of (guint attempt, gdouble dice)
{
  guint shift = MIN (attempt, 10);
  guint delay = MIN (FIRST_DELAY_MS << shift, LONGEST_DELAY_MS);

  return (guint)(delay * (0.75 + 0.5 * CLAMP (dice, 0.0, 1.0)));
}

static FloeResumeStep
again (FloeResume *self, FloeResumeAction action, gboolean at_once, gdouble dice)
{
  FloeResumeStep step = { action, 0 };

  if (self->attempt >= FLOE_RESUME_ATTEMPTS)
    return (FloeResumeStep){ FLOE_RESUME_STOP, 0 };
  if (!at_once)
    step.delay_ms = delay_of (self->attempt, dice);
  self->attempt++;
  return step;
}

/**
 * floe_resume_after_end:
 * @self: a policy
 * @cause: why the SPICE session ended
 * @dice: between 0 and 1, where in the jitter's range this attempt lies
 *
 * Returns: what to do next, and after how long
 */
FloeResumeStep
floe_resume_after_end (FloeResume *self, FloeEndCause cause, gdouble dice)
{
  switch (cause)
    {
    case FLOE_END_CLOSED:
    case FLOE_END_NETWORK:
      /* The first question goes out at once: often the answer is that nothing is left to resume. */
      return again (self, FLOE_RESUME_ASK, self->attempt == 0, dice);
    case FLOE_END_AUTH:
      if (++self->auth_failures >= MAX_AUTH_FAILURES)
        return (FloeResumeStep){ FLOE_RESUME_STOP, 0 };
      return again (self, FLOE_RESUME_RETRY, TRUE, dice);
    case FLOE_END_REFUSED:
    case FLOE_END_UNREACHABLE:
    case FLOE_END_LINK:
    case FLOE_END_NO_ANSWER:
    case FLOE_END_NO_PICTURE:
      return again (self, FLOE_RESUME_ASK, FALSE, dice);
    case FLOE_END_NONE:
    case FLOE_END_ASKED:
    case FLOE_END_NAME:
    case FLOE_END_ADDRESS:
    case FLOE_END_PROXY:
    case FLOE_END_TLS:
    default:
      return (FloeResumeStep){ FLOE_RESUME_STOP, 0 };
    }
}

/**
 * floe_resume_after_silence:
 * @self: a policy
 * @dice: as for floe_resume_after_end()
 *
 * The broker itself could not be asked: not reached, busy, or too slow.
 *
 * Returns: to ask again after a while, or to stop
 */
FloeResumeStep
floe_resume_after_silence (FloeResume *self, gdouble dice)
{
  return again (self, FLOE_RESUME_ASK, FALSE, dice);
}

/**
 * floe_resume_is_welcome:
 * @desktop: what the broker says about the desktop after its session ended
 *
 * Coming back by itself is right only after an accident. Somebody who was sent away, or whose
 * desktop was taken over on another terminal, would throw the other one out in turn, for ever.
 *
 * Returns: %TRUE to reconnect without asking the person
 */
gboolean
floe_resume_is_welcome (const FloeDesktop *desktop)
{
  if (!desktop->can_reconnect)
    return FALSE;
  if (desktop->end == NULL)
    return TRUE;
  switch (desktop->end->reason)
    {
    case FLOE_END_REASON_NETWORK:
    case FLOE_END_REASON_HOST_LOST:
    case FLOE_END_REASON_UNKNOWN:
      return TRUE;
    case FLOE_END_REASON_TAKEN_OVER:
    case FLOE_END_REASON_POWERED_OFF:
    case FLOE_END_REASON_CRASHED:
    case FLOE_END_REASON_RELEASED:
    case FLOE_END_REASON_ADMIN:
    default:
      return FALSE;
    }
}
