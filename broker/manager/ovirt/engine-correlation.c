/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-correlation.h"

#include <string.h>

/* An engine refuses an action whose id is longer, or has other characters (CORRELATION_ID_SIZE and
 * NO_SPECIAL_CHARACTERS in its sources). A UUID has 36, which leaves room for a tail. */
#define MAX_LENGTH  50
#define TAIL_LENGTH 12
#define ALLOWED     G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-"

/**
 * floe_engine_correlation_new:
 * @request: (nullable): the id of the request that it is done for; %NULL where the broker does it
 *   by itself
 * @doing: what is done
 * @object: with what
 *
 * Returns: (transfer full): that id, as an engine takes it; or else one that says that nobody asked
 *   for it, which is told in the log for developers
 */
gchar *
floe_engine_correlation_new (const gchar *request, const gchar *doing, const gchar *object)
{
  g_autofree gchar *random = NULL;
  gchar *own;

  if (request != NULL && *request != '\0')
    return g_strcanon (g_strndup (request, MAX_LENGTH), ALLOWED, '-');
  random = g_uuid_string_random ();
  own = g_strconcat ("floe-own-", random, NULL);
  g_debug ("%s of %s, for no request, is %s in the engine's log", doing, object, own);
  return own;
}

/**
 * floe_engine_correlation_new_single:
 *
 * Returns: (transfer full): one that begins with @correlation and that no other call has, by which
 *   the engine's event of this one call is found again
 */
gchar *
floe_engine_correlation_new_single (const gchar *correlation)
{
  g_autofree gchar *random = g_uuid_string_random ();

  return g_strdup_printf ("%.*s-%s", MAX_LENGTH - TAIL_LENGTH - 1, correlation,
                          random + strlen (random) - TAIL_LENGTH);
}
