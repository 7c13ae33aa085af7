/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

#include "kerberos/kerberos-negotiator.h"

/* Single sign-on, where the configuration has it. */

static void
load_of_negotiator (gpointer negotiator, FloeLoad *load)
{
  floe_kerberos_negotiator_get_load (negotiator, load);
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

  if (settings->kerberos_keytab == NULL)
    return;
  negotiator = floe_kerberos_negotiator_new (settings->kerberos_keytab,
                                             (const gchar *const *)settings->host_names);
  floe_login_set_negotiator (login, negotiator);
  floe_observer_add_queue (observer, "kerberos", NULL, load_of_negotiator,
                           g_object_ref (negotiator), g_object_unref);
}
