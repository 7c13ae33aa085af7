/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/resume.h"

#define MINUTE (60 * 1000)

static void
test_first_question_at_once (void)
{
  FloeResume resume = { 0 };
  FloeResumeStep step = floe_resume_after_end (&resume, FLOE_END_CLOSED, 5000, 0.5);

  g_assert_cmpint (step.action, ==, FLOE_RESUME_ASK);
  g_assert_cmpuint (step.delay_ms, ==, 0);
}

/* try_for: tries that fail at once, for a while; returns how many, and the longest time between */
static guint
try_for (FloeResume *resume, gint64 *now, gint64 until, gint64 *longest)
{
  guint n = 0;

  *longest = 0;
  while (*now < until)
    {
      FloeResumeStep step = floe_resume_after_silence (resume, *now, 0.5);

      g_assert_cmpint (step.action, ==, FLOE_RESUME_ASK);
      *longest = MAX (*longest, step.delay_ms);
      *now += step.delay_ms;
      n++;
    }
  return n;
}

/* Each second for two minutes, then ever less often, and never less than every 15 seconds. */
static void
test_paces (void)
{
  FloeResume resume = { .shown = TRUE };
  gint64 now = 7777, longest;

  g_assert_cmpuint (try_for (&resume, &now, 7777 + 2 * MINUTE, &longest), ==, 120);
  g_assert_cmpint (longest, ==, 1000);
  g_assert_cmpuint (try_for (&resume, &now, 7777 + 3 * MINUTE, &longest), <, 20);
  g_assert_cmpint (longest, >, 5000);
  g_assert_cmpuint (try_for (&resume, &now, 7777 + 5 * MINUTE, &longest), ==, 8);
  g_assert_cmpint (longest, ==, 15000);
}

/* A second from the start of one try to that of the next, not from its end. */
static void
test_slow_tries (void)
{
  FloeResume resume = { .shown = TRUE };

  g_assert_cmpuint (floe_resume_after_end (&resume, FLOE_END_NETWORK, 0, 0.5).delay_ms, ==, 0);
  g_assert_cmpuint (floe_resume_after_silence (&resume, 300, 0.5).delay_ms, ==, 700);
  g_assert_cmpuint (floe_resume_after_silence (&resume, 5000, 0.5).delay_ms, ==, 0);
  g_assert_cmpuint (floe_resume_after_silence (&resume, 5000, 0.5).delay_ms, ==, 1000);
}

static void
test_jitter (void)
{
  static const struct
  {
    gdouble dice;
    guint delay_ms;
  } rows[] = { { 0.0, 750 }, { 0.5, 1000 }, { 1.0, 1250 }, { -3.0, 750 }, { 7.0, 1250 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FloeResume resume = { 0 };
      FloeResume late = { .shown = TRUE, .attempt = 9 };

      g_assert_cmpuint (floe_resume_after_silence (&resume, 0, rows[i].dice).delay_ms, ==,
                        rows[i].delay_ms);
      late.tried_at = 10 * MINUTE;
      g_assert_cmpuint (floe_resume_after_silence (&late, 10 * MINUTE, rows[i].dice).delay_ms, <=,
                        15000);
    }
}

static void
check_gives_up (FloeResume *resume, gint64 after)
{
  g_assert_cmpint (floe_resume_after_silence (resume, 0, 0.5).action, ==, FLOE_RESUME_ASK);
  g_assert_cmpint (floe_resume_after_silence (resume, after - 1, 0.5).action, ==, FLOE_RESUME_ASK);
  g_assert_cmpint (floe_resume_after_silence (resume, after, 0.5).action, ==, FLOE_RESUME_STOP);
  g_assert_cmpint (floe_resume_after_end (resume, FLOE_END_NETWORK, after, 0.5).action, ==,
                   FLOE_RESUME_STOP);
  floe_resume_reset (resume);
  g_assert_cmpint (floe_resume_after_silence (resume, after, 0.5).action, ==, FLOE_RESUME_ASK);
}

/* Who has seen their desktop waits longer for it than who has not. */
static void
test_gives_up (void)
{
  FloeResume first = { 0 };
  FloeResume shown = { .shown = TRUE };

  check_gives_up (&first, 10 * MINUTE);
  check_gives_up (&shown, 60 * MINUTE);
}

/* A try that hangs makes room for the next one, but each is given more time. */
static void
test_patience_with_a_try (void)
{
  FloeResume resume = { 0 };
  guint last = 0;

  g_assert_cmpuint (floe_resume_get_patience (&resume, 0), ==, 15000);
  floe_resume_begin_picture (&resume);
  for (guint i = 0; i < 5; i++)
    {
      guint patience = floe_resume_get_patience (&resume, 0);

      g_assert_cmpuint (patience, >=, MAX (last, 2000));
      g_assert_cmpuint (patience, <=, 5000);
      last = patience;
      floe_resume_after_silence (&resume, 0, 0.5);
    }
  g_assert_cmpuint (last, ==, 5000);
  g_assert_cmpuint (floe_resume_get_patience (&resume, 3 * MINUTE), ==, 15000);
}

static void
test_auth_twice (void)
{
  FloeResume resume = { 0 };
  FloeResumeStep step = floe_resume_after_end (&resume, FLOE_END_AUTH, 0, 0.5);

  g_assert_cmpint (step.action, ==, FLOE_RESUME_RETRY);
  g_assert_cmpuint (step.delay_ms, ==, 0);
  g_assert_cmpint (floe_resume_after_end (&resume, FLOE_END_AUTH, 0, 0.5).action, ==,
                   FLOE_RESUME_STOP);
}

typedef struct
{
  FloeEndCause cause;
  FloeResumeAction action;
} ActionRow;

static void
test_actions (void)
{
  static const ActionRow rows[] = {
    { FLOE_END_NONE, FLOE_RESUME_STOP },     { FLOE_END_ASKED, FLOE_RESUME_STOP },
    { FLOE_END_CLOSED, FLOE_RESUME_ASK },    { FLOE_END_NETWORK, FLOE_RESUME_ASK },
    { FLOE_END_REFUSED, FLOE_RESUME_ASK },   { FLOE_END_UNREACHABLE, FLOE_RESUME_ASK },
    { FLOE_END_NAME, FLOE_RESUME_STOP },     { FLOE_END_ADDRESS, FLOE_RESUME_STOP },
    { FLOE_END_PROXY, FLOE_RESUME_STOP },    { FLOE_END_LINK, FLOE_RESUME_ASK },
    { FLOE_END_AUTH, FLOE_RESUME_RETRY },    { FLOE_END_TLS, FLOE_RESUME_STOP },
    { FLOE_END_NO_ANSWER, FLOE_RESUME_ASK }, { FLOE_END_NO_PICTURE, FLOE_RESUME_ASK },
    { FLOE_END_LAST + 1, FLOE_RESUME_STOP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FloeResume resume = { 0 };

      g_assert_cmpint (floe_resume_after_end (&resume, rows[i].cause, 0, 0.5).action, ==,
                       rows[i].action);
    }
}

static void
test_welcome (void)
{
  static const struct
  {
    FloeEndReason reason;
    gboolean welcome;
  } rows[] = {
    { FLOE_END_REASON_NETWORK, TRUE },      { FLOE_END_REASON_HOST_LOST, TRUE },
    { FLOE_END_REASON_UNKNOWN, TRUE },      { FLOE_END_REASON_TAKEN_OVER, FALSE },
    { FLOE_END_REASON_POWERED_OFF, FALSE }, { FLOE_END_REASON_CRASHED, FALSE },
    { FLOE_END_REASON_RELEASED, FALSE },    { FLOE_END_REASON_ADMIN, FALSE },
    { FLOE_END_REASON_IDLE, FALSE },        { FLOE_END_REASON_LIMIT, FALSE },
    { FLOE_END_REASON_LOGGED_OFF, FALSE },  { FLOE_END_REASON_DRAINED, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FloeDesktopEnd end = { .reason = rows[i].reason };
      FloeDesktop desktop = { .end = &end, .can_reconnect = TRUE };

      g_assert_cmpint (floe_resume_is_welcome (&desktop), ==, rows[i].welcome);
      desktop.can_reconnect = FALSE;
      g_assert_false (floe_resume_is_welcome (&desktop));
      desktop.end = NULL;
      g_assert_false (floe_resume_is_welcome (&desktop));
      desktop.can_reconnect = TRUE;
      g_assert_true (floe_resume_is_welcome (&desktop));
    }
}

typedef struct
{
  FloeDesktopState state;
  FloeEndReason reason;
  gint64 at; /* 0: it tells of no end */
  FloeResumeAction action;
  gboolean explains;
} AnswerRow;

/* The end of the time before the picture came is at 5. */
static const AnswerRow answers[] = {
  { FLOE_DESKTOP_STATE_READY, FLOE_END_REASON_UNKNOWN, 0, FLOE_RESUME_ASK, FALSE },
  { FLOE_DESKTOP_STATE_IN_USE, FLOE_END_REASON_TAKEN_OVER, 5, FLOE_RESUME_ASK, FALSE },
  { FLOE_DESKTOP_STATE_IN_USE, FLOE_END_REASON_TAKEN_OVER, 9, FLOE_RESUME_STOP, TRUE },
  { FLOE_DESKTOP_STATE_IN_USE, FLOE_END_REASON_POWERED_OFF, 9, FLOE_RESUME_ASK, FALSE },
  { FLOE_DESKTOP_STATE_STARTING, FLOE_END_REASON_CRASHED, 9, FLOE_RESUME_RETRY, TRUE },
  { FLOE_DESKTOP_STATE_STARTING, FLOE_END_REASON_UNKNOWN, 0, FLOE_RESUME_RETRY, TRUE },
  { FLOE_DESKTOP_STATE_OFF, FLOE_END_REASON_POWERED_OFF, 9, FLOE_RESUME_STOP, TRUE },
  { FLOE_DESKTOP_STATE_OFF, FLOE_END_REASON_UNKNOWN, 0, FLOE_RESUME_STOP, TRUE },
  { FLOE_DESKTOP_STATE_BROKEN, FLOE_END_REASON_CRASHED, 9, FLOE_RESUME_STOP, TRUE },
  { FLOE_DESKTOP_STATE_READY, FLOE_END_REASON_NETWORK, 9, FLOE_RESUME_RETRY, TRUE },
  { FLOE_DESKTOP_STATE_READY, FLOE_END_REASON_NETWORK, 5, FLOE_RESUME_ASK, FALSE },
  { FLOE_DESKTOP_STATE_RESETTING, FLOE_END_REASON_UNKNOWN, 0, FLOE_RESUME_STOP, TRUE },
};

static void
test_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      const AnswerRow *row = &answers[i];
      FloeDesktopEnd old = { .reason = FLOE_END_REASON_TAKEN_OVER, .at = 5 };
      FloeDesktopEnd end = { .reason = row->reason, .at = row->at };
      FloeDesktop before = { .state = FLOE_DESKTOP_STATE_IN_USE, .end = &old };
      FloeDesktop desktop = { .state = row->state,
                              .end = row->at != 0 ? &end : NULL,
                              .can_reconnect = TRUE };
      FloeResume resume = { 0 };

      floe_resume_begin_picture (&resume);
      floe_resume_note (&resume, &before);
      floe_resume_after_end (&resume, FLOE_END_CLOSED, 1, 0.5);
      g_assert_cmpint (floe_resume_explains (&resume, &desktop), ==, row->explains);
      g_assert_cmpint (floe_resume_after_answer (&resume, &desktop, 1).action, ==, row->action);
    }
}

/* The helpdesk ended the session before this one, whose display refuses us. */
static void
test_end_of_one_before (void)
{
  FloeDesktopEnd old = { .reason = FLOE_END_REASON_ADMIN, .at = 5 };
  FloeDesktopEnd fresh = { .reason = FLOE_END_REASON_ADMIN, .at = 9 };
  FloeDesktop desktop = { .state = FLOE_DESKTOP_STATE_READY, .end = &old, .can_reconnect = TRUE };
  FloeResume resume = { 0 };

  floe_resume_after_end (&resume, FLOE_END_REFUSED, 1000, 0.5);
  g_assert_cmpint (floe_resume_after_answer (&resume, &desktop, 1000).action, ==,
                   FLOE_RESUME_RETRY);
  /* nor is it this one's when it is lost before the broker has said anything */
  floe_resume_begin_picture (&resume);
  floe_resume_after_end (&resume, FLOE_END_NETWORK, 2000, 0.5);
  g_assert_cmpint (floe_resume_after_answer (&resume, &desktop, 2000).action, ==, FLOE_RESUME_ASK);
  desktop.end = &fresh;
  g_assert_cmpint (floe_resume_after_answer (&resume, &desktop, 2100).action, ==, FLOE_RESUME_STOP);
}

/* unexplained_for: for how long a broker that says nothing is asked again after an end at 1000 */
static gint64
unexplained_for (FloeResume *resume, FloeEndCause cause)
{
  FloeDesktop desktop = { .state = FLOE_DESKTOP_STATE_IN_USE, .can_reconnect = TRUE };
  gint64 now = 1000;

  floe_resume_after_end (resume, cause, now, 0.5);
  for (;;)
    {
      FloeResumeStep step = floe_resume_after_answer (resume, &desktop, now);

      if (step.action == FLOE_RESUME_RETRY)
        return now - 1000;
      g_assert_cmpint (step.action, ==, FLOE_RESUME_ASK);
      now += step.delay_ms;
    }
}

/* A host that closed in good order has a reason, and is given the time to tell it; a display that
 * was not even reached has none. */
static void
test_patience (void)
{
  FloeResume resume = { .shown = TRUE };
  FloeDesktop desktop = { .state = FLOE_DESKTOP_STATE_IN_USE, .can_reconnect = TRUE };

  g_assert_cmpint (unexplained_for (&resume, FLOE_END_CLOSED), ==, 5000);
  g_assert_cmpint (unexplained_for (&resume, FLOE_END_NETWORK), ==, 1000);
  floe_resume_after_end (&resume, FLOE_END_REFUSED, 9000, 0.5);
  g_assert_cmpint (floe_resume_after_answer (&resume, &desktop, 9000).action, ==,
                   FLOE_RESUME_RETRY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-resume/first-question-at-once", test_first_question_at_once);
  g_test_add_func ("/session-resume/paces", test_paces);
  g_test_add_func ("/session-resume/slow-tries", test_slow_tries);
  g_test_add_func ("/session-resume/jitter", test_jitter);
  g_test_add_func ("/session-resume/gives-up", test_gives_up);
  g_test_add_func ("/session-resume/patience-with-a-try", test_patience_with_a_try);
  g_test_add_func ("/session-resume/auth-twice", test_auth_twice);
  g_test_add_func ("/session-resume/actions", test_actions);
  g_test_add_func ("/session-resume/welcome", test_welcome);
  g_test_add_func ("/session-resume/answers", test_answers);
  g_test_add_func ("/session-resume/end-of-one-before", test_end_of_one_before);
  g_test_add_func ("/session-resume/patience", test_patience);
  return g_test_run ();
}
