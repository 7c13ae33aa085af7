/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "check/code.h"
#include "ctl/command.h"

/* code CODE: what "floe --test" found on a terminal, as somebody read it on the phone. */
static gboolean
run_code (FloeCtl *self, GStrv args, GError **error)
{
  FloeCheckResult result;
  g_autofree gchar *code = NULL;
  const gchar *advice;

  if (!floe_ctl_parse (self, &args, NULL, 1, 3, error))
    return FALSE;
  code = g_strjoinv (" ", args + 1);
  if (!floe_check_decode (code, &result))
    {
      floe_ctl_set_usage (error, _ ("that is no code of a test: have it read again"));
      return FALSE;
    }
  for (guint i = 0; i < FLOE_CHECK_N_STEPS; i++)
    g_print ("%s: %s\n", floe_check_outcome_name (result.outcomes[i]), floe_check_step_name (i));
  g_print ("\n");
  if (result.reason != FLOE_REASON_FINE)
    g_print ("%s: ", floe_check_step_name (floe_check_reason_step (result.reason)));
  g_print ("%s\n", floe_check_reason_words (result.reason));
  advice = floe_check_reason_advice (result.reason);
  if (advice != NULL)
    g_print ("%s\n", advice);
  return TRUE;
}

const FloeCtlCommand floe_ctl_check_commands[] = {
  { "code", N_ ("CODE"), N_ ("Tell what a code of \"floe --test\" says"), run_code },
  { NULL },
};
