/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

#include <string.h>

#include "kerberos/kerberos-negotiator.h"

/* Single sign-on, where the configuration has it. */

static void
load_of_negotiator (gpointer negotiator, FloeLoad *load)
{
  floe_kerberos_negotiator_get_load (negotiator, load);
}

/* /tmp and /var/tmp are new ones with each start by systemd, and a token that was used before is
 * good for minutes yet. */
static gchar *
used_tokens (void)
{
  const gchar *state = g_getenv ("STATE_DIRECTORY");
  g_autofree gchar *first = NULL;

  if (state == NULL || g_getenv ("KRB5RCACHENAME") != NULL)
    return NULL;
  first = g_strndup (state, strcspn (state, ":"));
  return g_build_filename (first, "kerberos-tokens", NULL);
}

/**
 * floe_wire_kerberos:
 * @login: that offers it then
 * @observer: tells how busy it is
 */
void
floe_wire_kerberos (const FloeSettings *settings, FloeLogin *login, FloeObserver *observer)
{
  g_autoptr (FloeNegotiator) negotiator = NULL;
  g_autofree gchar *used = NULL;

  if (settings->kerberos_keytab == NULL)
    return;
  used = used_tokens ();
  negotiator = floe_kerberos_negotiator_new (settings->kerberos_keytab, used,
                                             (const gchar *const *)settings->host_names);
  floe_login_set_negotiator (login, negotiator);
  floe_observer_add_queue (observer, "kerberos", NULL, load_of_negotiator,
                           g_object_ref (negotiator), g_object_unref);
}
