/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/standing.h"

void
floe_standing_free (FloeStanding *self)
{
  if (self == NULL)
    return;
  floe_user_free (self->user);
  g_strfreev (self->reasons);
  g_free (self);
}

gboolean
floe_standing_has (const FloeStanding *self, const gchar *reason)
{
  return g_strv_contains ((const gchar *const *)self->reasons, reason);
}

/**
 * floe_standing_words:
 * @reason: one of a #FloeStanding
 *
 * Returns: (nullable): the same in words; %NULL for one that is none of them
 */
const gchar *
floe_standing_words (const gchar *reason)
{
  static const struct
  {
    const gchar *reason;
    const gchar *words;
  } known[] = {
    { "disabled", "the account is disabled" },
    { "account-expired", "the account has expired" },
    { "locked", "the account is locked" },
    { "not-now", "not at this time of day" },
    { "not-here", "not from this computer" },
    { "must-change", "the password has to be changed first" },
    { "expired", "the password has expired" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].reason, reason))
      return known[i].words;
  return NULL;
}
