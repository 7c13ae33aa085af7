/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kerberos-client.h"

#include <string.h>

void
kerberos_answer_clear (KerberosAnswer *self)
{
  g_clear_pointer (&self->principal, floe_principal_free);
  g_clear_error (&self->error);
}

static void
accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  KerberosAnswer *answer = data;

  answer->answers++;
  answer->principal =
      floe_negotiator_accept_finish (FLOE_NEGOTIATOR (source), result, &answer->error);
  g_assert_true ((answer->principal != NULL) == (answer->error == NULL));
}

void
kerberos_begin (FloeNegotiator *negotiator, FloeSecret *token, KerberosAnswer *answer)
{
  floe_negotiator_accept_async (negotiator, token, NULL, accepted, answer);
  g_assert_cmpuint (answer->answers, ==, 0);
}

void
kerberos_wait (KerberosAnswer *answer)
{
  while (answer->answers == 0)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * kerberos_accept:
 *
 * Returns: (transfer full): who sent a token that has to be good
 */
FloePrincipal *
kerberos_accept (FloeNegotiator *negotiator, FloeSecret *token)
{
  KerberosAnswer answer = { 0 };

  kerberos_begin (negotiator, token, &answer);
  kerberos_wait (&answer);
  g_assert_no_error (answer.error);
  return answer.principal;
}

void
kerberos_assert_in (FloeNegotiator *negotiator, FloeSecret *token, const gchar *principal)
{
  g_autoptr (FloePrincipal) found = kerberos_accept (negotiator, token);

  g_assert_cmpstr (found->name, ==, principal);
}

void
kerberos_assert_out (FloeNegotiator *negotiator, FloeSecret *token, FloeError code,
                     const gchar *reason)
{
  g_auto (KerberosAnswer) answer = { 0 };

  kerberos_begin (negotiator, token, &answer);
  kerberos_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, (gint)code);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, reason);
  /* What the library says of keys and files is for the log. */
  g_assert_null (strchr (answer.error->message, '/'));
  g_assert_null (strstr (answer.error->message, "HTTP"));
}

void
kerberos_assert_wrong (FloeNegotiator *negotiator, FloeSecret *token)
{
  kerberos_assert_out (negotiator, token, FLOE_ERROR_UNAUTHENTICATED, "wrong-ticket");
}

void
kerberos_assert_replayed (FloeNegotiator *negotiator, FloeSecret *token)
{
  kerberos_assert_out (negotiator, token, FLOE_ERROR_UNAUTHENTICATED, "replayed-ticket");
}
