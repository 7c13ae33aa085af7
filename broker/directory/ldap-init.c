/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-init.h"

#include <ldap.h>
#include <stdlib.h>

static gpointer
init_once (gpointer unused)
{
  LDAP *ld = NULL;
  int client = 0;

  setenv ("LDAPNOINIT", "1", TRUE);
  /* Has libldap read its environment, and initialise TLS, while there is only one thread. */
  if (ldap_create (&ld) == LDAP_SUCCESS)
    {
      ldap_set_option (ld, LDAP_OPT_X_TLS_NEWCTX, &client);
      ldap_unbind_ext (ld, NULL, NULL);
    }
  return NULL;
}

/**
 * floe_ldap_init:
 *
 * Keeps libldap from reading ldap.conf, .ldaprc and LDAP* variables, any of which could name
 * another CA or switch the certificate check off. To be called first thing in main(), before there
 * is a second thread, since it changes the environment. main() must ignore SIGPIPE, too: libldap
 * writes to connections that the server has closed.
 */
void
floe_ldap_init (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, init_once, NULL);
}
