/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sso/gss-token.h"

#include <gssapi/gssapi_krb5.h>
#include <string.h>

#include "api/error.h"

/* One token in the making. */
typedef struct
{
  gss_cred_id_t credentials;
  gss_name_t owner;
  gss_name_t service;
  gss_ctx_id_t context;
} Call;

static void
call_clear (Call *call)
{
  OM_uint32 minor;

  gss_delete_sec_context (&minor, &call->context, GSS_C_NO_BUFFER);
  gss_release_name (&minor, &call->service);
  gss_release_name (&minor, &call->owner);
  gss_release_cred (&minor, &call->credentials);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

static gboolean
fail (GError **error, const gchar *what, OM_uint32 major, OM_uint32 minor)
{
  gss_buffer_desc words = GSS_C_EMPTY_BUFFER;
  OM_uint32 more = 0, ignored;
  g_autofree gchar *text = NULL;

  if (gss_display_status (&ignored, minor != 0 ? minor : major,
                          minor != 0 ? GSS_C_MECH_CODE : GSS_C_GSS_CODE, gss_mech_krb5, &more,
                          &words)
      == GSS_S_COMPLETE)
    text = g_strndup (words.value, words.length);
  gss_release_buffer (&ignored, &words);
  floe_client_error_set (error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, "no-ticket", "%s: %s", what,
                         text != NULL ? text : "unknown");
  return FALSE;
}

/* Whoever has no ticket, or one that has ended, is told so without a word to the network. */
static gboolean
take_credentials (Call *call, GError **error)
{
  gss_OID_set_desc mechs = { 1, gss_mech_krb5 };
  OM_uint32 minor = 0, lifetime = 0;
  OM_uint32 major = gss_acquire_cred (&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs,
                                      GSS_C_INITIATE, &call->credentials, NULL, NULL);

  if (!GSS_ERROR (major))
    major = gss_inquire_cred (&minor, call->credentials, &call->owner, &lifetime, NULL, NULL);
  if (!GSS_ERROR (major) && lifetime == 0)
    major = GSS_S_CREDENTIALS_EXPIRED;
  return !GSS_ERROR (major) || fail (error, "no ticket of Kerberos", major, minor);
}

static gboolean
name_service (Call *call, const gchar *host, GError **error)
{
  g_autofree gchar *service = g_strconcat ("HTTP@", host, NULL);
  gss_buffer_desc text = { strlen (service), service };
  OM_uint32 minor = 0;
  OM_uint32 major = gss_import_name (&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &call->service);

  return !GSS_ERROR (major) || fail (error, "no service of that name", major, minor);
}

/* Of Kerberos alone: there is nothing to negotiate. Who the broker is, TLS shows; and nothing is
 * handed on to it. */
static FloeSecret *
make_token (Call *call, GError **error)
{
  gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor = 0, ignored;
  OM_uint32 major = gss_init_sec_context (&minor, call->credentials, &call->context, call->service,
                                          gss_mech_krb5, 0, 0, GSS_C_NO_CHANNEL_BINDINGS,
                                          GSS_C_NO_BUFFER, NULL, &token, NULL, NULL);
  FloeSecret *secret = NULL;
  gchar *text;

  if (GSS_ERROR (major) || token.length == 0)
    fail (error, "no ticket for the broker", major, minor);
  else
    {
      text = g_base64_encode (token.value, token.length);
      secret = floe_secret_new_take (text, strlen (text));
    }
  floe_wipe (token.value, token.length);
  gss_release_buffer (&ignored, &token);
  return secret;
}

static gchar *
name_owner (const Call *call)
{
  gss_buffer_desc words = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor;
  gchar *text = NULL;

  if (gss_display_name (&minor, call->owner, &words, NULL) == GSS_S_COMPLETE)
    text = g_utf8_make_valid (words.value, (gssize)words.length);
  gss_release_buffer (&minor, &words);
  return text != NULL ? text : g_strdup ("");
}

/**
 * floe_gss_token_new:
 * @host: which broker it is for
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED, reason "no-ticket"
 *
 * Blocks on the key distribution centre, if there is a ticket of this user's at all.
 *
 * Returns: (transfer full): what to log in with
 */
FloeTicket *
floe_gss_token_new (const gchar *host, GError **error)
{
  g_auto (Call) call = { GSS_C_NO_CREDENTIAL, GSS_C_NO_NAME, GSS_C_NO_NAME, GSS_C_NO_CONTEXT };
  FloeSecret *token;
  FloeTicket *ticket;

  if (!take_credentials (&call, error) || !name_service (&call, host, error))
    return NULL;
  token = make_token (&call, error);
  if (token == NULL)
    return NULL;
  ticket = g_new0 (FloeTicket, 1);
  ticket->owner = name_owner (&call);
  ticket->token = token;
  return ticket;
}
