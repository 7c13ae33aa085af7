/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/resume.h"

static void
test_first_question_at_once (void)
{
  FloeResume resume = { 0 };
  FloeResumeStep step = floe_resume_after_end (&resume, FLOE_END_CLOSED, 0.5);

  g_assert_cmpint (step.action, ==, FLOE_RESUME_ASK);
  g_assert_cmpuint (step.delay_ms, ==, 0);
}

static void
test_backs_off (void)
{
  static const guint expected[] = { 1000, 2000, 4000, 8000, 15000, 15000, 15000 };
  FloeResume resume = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      FloeResumeStep step = floe_resume_after_end (&resume, FLOE_END_REFUSED, 0.5);

      g_assert_cmpint (step.action, ==, FLOE_RESUME_ASK);
      g_assert_cmpuint (step.delay_ms, ==, expected[i]);
    }
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

      g_assert_cmpuint (floe_resume_after_silence (&resume, rows[i].dice).delay_ms, ==,
                        rows[i].delay_ms);
    }
}

static void
test_gives_up (void)
{
  FloeResume resume = { 0 };

  for (guint i = 0; i < FLOE_RESUME_ATTEMPTS; i++)
    g_assert_cmpint (floe_resume_after_silence (&resume, 0.5).action, ==, FLOE_RESUME_ASK);
  g_assert_cmpint (floe_resume_after_silence (&resume, 0.5).action, ==, FLOE_RESUME_STOP);
  g_assert_cmpint (floe_resume_after_end (&resume, FLOE_END_NETWORK, 0.5).action, ==,
                   FLOE_RESUME_STOP);
  floe_resume_reset (&resume);
  g_assert_cmpint (floe_resume_after_silence (&resume, 0.5).action, ==, FLOE_RESUME_ASK);
}

static void
test_auth_twice (void)
{
  FloeResume resume = { 0 };
  FloeResumeStep step = floe_resume_after_end (&resume, FLOE_END_AUTH, 0.5);

  g_assert_cmpint (step.action, ==, FLOE_RESUME_RETRY);
  g_assert_cmpuint (step.delay_ms, ==, 0);
  g_assert_cmpint (floe_resume_after_end (&resume, FLOE_END_AUTH, 0.5).action, ==,
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

      g_assert_cmpint (floe_resume_after_end (&resume, rows[i].cause, 0.5).action, ==,
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
  { FLOE_DESKTOP_STATE_STARTING, FLOE_END_REASON_CRASHED, 9, FLOE_RESUME_ASK, FALSE },
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
      floe_resume_after_end (&resume, FLOE_END_CLOSED, 0.5);
      g_assert_cmpint (floe_resume_explains (&resume, &desktop), ==, row->explains);
      g_assert_cmpint (floe_resume_after_answer (&resume, &desktop).action, ==, row->action);
    }
}

/* A host that closed in good order has a reason, and is given the time to tell it. */
static void
test_patience (void)
{
  FloeDesktop desktop = { .state = FLOE_DESKTOP_STATE_IN_USE, .can_reconnect = TRUE };
  FloeResume resume = { 0 };
  guint closed = 0, network = 0;

  floe_resume_after_end (&resume, FLOE_END_CLOSED, 0.5);
  while (floe_resume_after_answer (&resume, &desktop).action == FLOE_RESUME_ASK)
    closed += 500;
  floe_resume_after_end (&resume, FLOE_END_NETWORK, 0.5);
  while (floe_resume_after_answer (&resume, &desktop).action == FLOE_RESUME_ASK)
    network += 500;
  g_assert_cmpuint (closed, >=, 4000);
  g_assert_cmpuint (closed, <=, 6000);
  g_assert_cmpuint (network, <=, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-resume/first-question-at-once", test_first_question_at_once);
  g_test_add_func ("/session-resume/backs-off", test_backs_off);
  g_test_add_func ("/session-resume/jitter", test_jitter);
  g_test_add_func ("/session-resume/gives-up", test_gives_up);
  g_test_add_func ("/session-resume/auth-twice", test_auth_twice);
  g_test_add_func ("/session-resume/actions", test_actions);
  g_test_add_func ("/session-resume/welcome", test_welcome);
  g_test_add_func ("/session-resume/answers", test_answers);
  g_test_add_func ("/session-resume/patience", test_patience);
  return g_test_run ();
}
