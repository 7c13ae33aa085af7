/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/password-words.h"

#include <glib/gi18n.h>

/* What the broker says of a password that the directory refused, and what people read. */
static const struct
{
  const gchar *said;
  const gchar *words;
} refusals[] = {
  { "the new password is too short", N_ ("The new password is too short.") },
  { "the new password is too simple",
    N_ ("The new password is too simple. Mix small and capital letters, digits and signs.") },
  { "the new password was used before",
    N_ ("You have used this password before. Choose another one.") },
  { "the password was changed only a short while ago",
    N_ ("Your password was changed only a short while ago. Try again later, or ask your "
        "helpdesk.") },
  { "people may not change this password themselves",
    N_ ("You may not change this password yourself. Ask your helpdesk.") },
  { "the directory's rules do not allow this password",
    N_ ("Your company's rules do not allow this password: it may be too short, too simple, or one "
        "that you had before.") },
};

/**
 * floe_password_refusal:
 * @error: of a change, with the reason "password-refused"
 *
 * Returns: (transfer full): why the directory did not take it; where that is not known here, in the
 *   directory's own words
 */
gchar *
floe_password_refusal (const GError *error)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (error->message, refusals[i].said))
      return g_strdup (_ (refusals[i].words));
  /* TRANSLATORS: the argument is what the company's directory said, in its own language */
  return g_strdup_printf (_ ("The new password was not accepted: “%s”"), error->message);
}

/**
 * floe_password_warning:
 * @expires: when the password does, microseconds since 1970 UTC; 0 if nobody is to be warned
 * @now: likewise
 *
 * Returns: (transfer full) (nullable): what to tell its owner
 */
gchar *
floe_password_warning (gint64 expires, gint64 now)
{
  gint64 days = (expires - now) / G_TIME_SPAN_DAY;

  if (expires == 0)
    return NULL;
  if (expires <= now)
    return g_strdup (
        _ ("Your password has expired. You can log in with it only a few more times."));
  if (days == 0)
    return g_strdup (_ ("Your password expires in less than a day."));
  /* TRANSLATORS: the argument is a number of days */
  return g_strdup_printf (
      ngettext ("Your password expires in %d day.", "Your password expires in %d days.", days),
      (gint)days);
}
