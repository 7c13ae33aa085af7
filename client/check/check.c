/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <glib/gi18n.h>

#include "check/steps.h"

static void
tell (FloeCheckRun *run, FloeCheckStep step, FloeCheckOutcome outcome, const gchar *text)
{
  g_autofree gchar *line = g_strdup_printf ("%s: %s: %s", floe_check_outcome_name (outcome),
                                            floe_check_step_name (step), text);

  run->plan->tell (line, run->plan->tell_data);
}

/**
 * floe_check_fine:
 * @run: the test
 * @step: what was looked at
 * @format: what it is like
 *
 * Notes that nothing is wrong with it.
 */
void
floe_check_fine (FloeCheckRun *run, FloeCheckStep step, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  run->result->outcomes[step] = FLOE_CHECK_OK;
  tell (run, step, FLOE_CHECK_OK, text);
}

/* The first problem counts most, since what follows may come from it; then the first warning. */
static void
weigh (FloeCheckResult *result, FloeCheckReason reason)
{
  FloeCheckOutcome outcome = floe_check_reason_outcome (reason);

  if (outcome == FLOE_CHECK_SKIPPED)
    return;
  if (result->reason == FLOE_REASON_FINE || floe_check_reason_outcome (result->reason) < outcome)
    result->reason = reason;
}

/**
 * floe_check_found:
 * @run: the test
 * @reason: what is wrong
 * @format: (nullable): what more is known
 *
 * Notes it, and says what to do.
 */
void
floe_check_found (FloeCheckRun *run, FloeCheckReason reason, const gchar *format, ...)
{
  FloeCheckStep step = floe_check_reason_step (reason);
  const gchar *advice = floe_check_reason_advice (reason);
  g_autofree gchar *detail = NULL;
  g_autofree gchar *text = NULL;
  va_list arguments;

  if (format != NULL)
    {
      va_start (arguments, format);
      detail = g_strdup_vprintf (format, arguments);
      va_end (arguments);
    }
  run->result->outcomes[step] = floe_check_reason_outcome (reason);
  weigh (run->result, reason);
  if (detail != NULL)
    text = g_strdup_printf ("%s (%s)", floe_check_reason_words (reason), detail);
  else
    text = g_strdup (floe_check_reason_words (reason));
  tell (run, step, floe_check_reason_outcome (reason), text);
  if (advice != NULL)
    {
      g_autofree gchar *line = g_strconcat ("    ", advice, NULL);

      run->plan->tell (line, run->plan->tell_data);
    }
}

static void
check_settings (FloeCheckRun *run)
{
  GPtrArray *problems = run->plan->settings_problems;
  const gchar *path = run->plan->managed_path;

  if (problems->len == 0 && run->plan->n_managed == 0)
    floe_check_fine (run, FLOE_CHECK_SETTINGS, _ ("all are this person's own"));
  else if (problems->len == 0)
    floe_check_fine (
        run, FLOE_CHECK_SETTINGS,
        g_dngettext (NULL, "%u is decided by %s", "%u are decided by %s", run->plan->n_managed),
        run->plan->n_managed, path);
  else
    floe_check_found (run, FLOE_REASON_BAD_SETTINGS, NULL);
  for (guint i = 0; i < problems->len; i++)
    {
      g_autofree gchar *line = g_strconcat ("    ", problems->pdata[i], NULL);

      run->plan->tell (line, run->plan->tell_data);
    }
}

/**
 * floe_check_run:
 * @plan: what is to be looked at
 * @result: (out): what came of it
 *
 * Looks at a terminal from here to the server. It waits for answers: a program that does nothing
 * else runs it.
 *
 * Returns: whether there is no problem; warnings are none
 */
gboolean
floe_check_run (const FloeCheckPlan *plan, FloeCheckResult *result)
{
  FloeCheckRun run = { plan, result };

  result->reason = FLOE_REASON_FINE;
  for (guint i = 0; i < FLOE_CHECK_N_STEPS; i++)
    result->outcomes[i] = FLOE_CHECK_SKIPPED;
  check_settings (&run);
  floe_check_server (&run);
  floe_check_display (&run);
  floe_check_session (&run);
  floe_check_usb (&run);
  floe_check_audio (&run);
  return floe_check_reason_outcome (result->reason) != FLOE_CHECK_PROBLEM;
}
