/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/resume.h"

#define MAX_AUTH_FAILURES 2

/* While the loss is fresh somebody looks at the frozen picture, so that it is tried in each second;
 * later ever less often, for as long as anybody may still come back to it. */
#define EAGER_MS         (2 * 60 * 1000)
#define EAGER_PACE_MS    1000
#define SLOWEST_PACE_MS  15000
#define GIVE_UP_MS       (60 * 60 * 1000)
#define GIVE_UP_FIRST_MS (10 * 60 * 1000)

/* A lost packet that opens a connection is sent again after one second, three, seven, fifteen. What
 * hangs is better begun anew than waited for: the network may be back long before the next one. */
#define EAGER_PATIENCE_MS 5000
#define PATIENCE_MS       15000

/* So long a broker that has nothing to say about an end is asked again before that is taken for an
 * accident: a guest that was just shut down must not be started anew by mistake. A host needs about
 * two seconds from a guest's last breath until it tells of it. A network that broke needs no such
 * patience: nobody knows of it but we. */
#define ASK_AGAIN_MS          500
#define UNEXPLAINED_MS        1000
#define UNEXPLAINED_CLOSED_MS 5000

/**
 * floe_resume_reset:
 * @self: a policy
 *
 * The guest's picture has stayed: whatever went wrong before is forgotten.
 */
void
floe_resume_reset (FloeResume *self)
{
  self->attempt = 0;
  self->auth_failures = 0;
}

static gint64
away (const FloeResume *self, gint64 now)
{
  return self->attempt == 0 ? 0 : now - self->lost_at;
}

/* From one try's start to the next, a quarter more or less, so that the terminals of a whole floor
 * do not come back to a restarted switch in step. */
static gint64
pace_of (const FloeResume *self, gint64 now, gdouble dice)
{
  gint64 beyond = away (self, now) - EAGER_MS;
  gint64 pace = CLAMP (beyond / 4, EAGER_PACE_MS, SLOWEST_PACE_MS);

  return MIN ((gint64)((gdouble)pace * (0.75 + 0.5 * CLAMP (dice, 0.0, 1.0))), SLOWEST_PACE_MS);
}

static FloeResumeStep
again (FloeResume *self, FloeResumeAction action, gboolean at_once, gint64 now, gdouble dice)
{
  gint64 next = now;

  if (away (self, now) >= (self->shown ? GIVE_UP_MS : GIVE_UP_FIRST_MS))
    return (FloeResumeStep){ FLOE_RESUME_STOP, 0 };
  if (self->attempt == 0)
    self->lost_at = self->tried_at = now;
  if (!at_once)
    next = MAX (now, self->tried_at + pace_of (self, now, dice));
  self->tried_at = next;
  self->attempt++;
  return (FloeResumeStep){ action, (guint)(next - now) };
}

/**
 * floe_resume_after_end:
 * @self: a policy
 * @cause: why the SPICE session ended
 * @now: the time, in milliseconds since whenever
 * @dice: between 0 and 1, where in the jitter's range this attempt lies
 *
 * Returns: what to do next, and after how long
 */
FloeResumeStep
floe_resume_after_end (FloeResume *self, FloeEndCause cause, gint64 now, gdouble dice)
{
  switch (cause)
    {
    case FLOE_END_CLOSED:
    case FLOE_END_NETWORK:
      self->host_closed = cause == FLOE_END_CLOSED;
      self->ended_at = now;
      /* The first question goes out at once: often the answer is that nothing is left to resume. */
      return again (self, FLOE_RESUME_ASK, self->attempt == 0, now, dice);
    case FLOE_END_AUTH:
      if (++self->auth_failures >= MAX_AUTH_FAILURES)
        return (FloeResumeStep){ FLOE_RESUME_STOP, 0 };
      return again (self, FLOE_RESUME_RETRY, TRUE, now, dice);
    case FLOE_END_REFUSED:
    case FLOE_END_UNREACHABLE:
    case FLOE_END_LINK:
    case FLOE_END_NO_ANSWER:
    case FLOE_END_NO_PICTURE:
      return again (self, FLOE_RESUME_ASK, FALSE, now, dice);
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
 * @now: as for floe_resume_after_end()
 * @dice: likewise
 *
 * The broker itself could not be asked: not reached, busy, or too slow.
 *
 * Returns: to ask again after a while, or to stop
 */
FloeResumeStep
floe_resume_after_silence (FloeResume *self, gint64 now, gdouble dice)
{
  return again (self, FLOE_RESUME_ASK, FALSE, now, dice);
}

/**
 * floe_resume_get_patience:
 * @self: a policy
 * @now: as for floe_resume_after_end()
 *
 * Returns: for how many milliseconds one try may hang before the next one is better. It grows from
 *   try to try, so that a slow network, too, gets its chance.
 */
guint
floe_resume_get_patience (const FloeResume *self, gint64 now)
{
  if (!self->shown || away (self, now) >= EAGER_MS)
    return PATIENCE_MS;
  return MIN (2000 + self->attempt * 1000, EAGER_PATIENCE_MS);
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
    case FLOE_END_REASON_IDLE:
    case FLOE_END_REASON_LIMIT:
    case FLOE_END_REASON_LOGGED_OFF:
    case FLOE_END_REASON_DRAINED:
    default:
      return FALSE;
    }
}

/**
 * floe_resume_begin_picture:
 * @self: a policy
 *
 * The guest's picture came: an end that the broker tells of next is an old one.
 */
void
floe_resume_begin_picture (FloeResume *self)
{
  self->shown = TRUE;
  self->heard = FALSE;
}

/**
 * floe_resume_note:
 * @self: a policy
 * @desktop: what the broker says while the picture is there
 *
 * The first one only says how things stood when the picture came.
 */
void
floe_resume_note (FloeResume *self, const FloeDesktop *desktop)
{
  if (!self->heard && desktop->end != NULL)
    self->old_end_at = desktop->end->at;
  self->heard = TRUE;
}

/* A desktop that runs has not been off since it was switched on again. */
static gboolean
is_outlived (const FloeDesktop *desktop)
{
  gboolean runs = desktop->state == FLOE_DESKTOP_STATE_STARTING
                  || desktop->state == FLOE_DESKTOP_STATE_READY
                  || desktop->state == FLOE_DESKTOP_STATE_IN_USE;

  return runs
         && (desktop->end->reason == FLOE_END_REASON_POWERED_OFF
             || desktop->end->reason == FLOE_END_REASON_CRASHED);
}

static gboolean
has_fresh_end (const FloeResume *self, const FloeDesktop *desktop)
{
  return desktop->end != NULL && desktop->end->at != self->old_end_at && !is_outlived (desktop);
}

/**
 * floe_resume_is_over:
 * @self: a policy
 * @desktop: what the broker says
 *
 * Returns: %TRUE if coming back by itself is not to be
 */
gboolean
floe_resume_is_over (const FloeResume *self, const FloeDesktop *desktop)
{
  if (!desktop->can_reconnect)
    return TRUE;
  if (desktop->state == FLOE_DESKTOP_STATE_OFF || desktop->state == FLOE_DESKTOP_STATE_RESETTING)
    return TRUE;
  return has_fresh_end (self, desktop) && !floe_resume_is_welcome (desktop);
}

/**
 * floe_resume_explains:
 * @self: a policy
 * @desktop: what the broker says after a session ended
 *
 * Returns: %TRUE if that says why it did
 */
gboolean
floe_resume_explains (const FloeResume *self, const FloeDesktop *desktop)
{
  return floe_resume_is_over (self, desktop) || has_fresh_end (self, desktop)
         || desktop->state == FLOE_DESKTOP_STATE_STARTING;
}

/**
 * floe_resume_after_answer:
 * @self: a policy
 * @desktop: what the broker says after a session ended
 * @now: as for floe_resume_after_end()
 *
 * Returns: to stop, since that is why; to connect; or to ask again, since it says nothing yet
 */
FloeResumeStep
floe_resume_after_answer (FloeResume *self, const FloeDesktop *desktop, gint64 now)
{
  gint64 limit = self->host_closed ? UNEXPLAINED_CLOSED_MS : UNEXPLAINED_MS;

  /* Of a session that never showed anything the broker knows no end: that is of one before. */
  if (!self->shown && !self->heard)
    floe_resume_note (self, desktop);
  if (floe_resume_is_over (self, desktop))
    return (FloeResumeStep){ FLOE_RESUME_STOP, 0 };
  if (!floe_resume_explains (self, desktop) && self->ended_at != 0 && now - self->ended_at < limit)
    return (FloeResumeStep){ FLOE_RESUME_ASK, ASK_AGAIN_MS };
  return (FloeResumeStep){ FLOE_RESUME_RETRY, 0 };
}
