/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kerberos/gss-error.h"

#include <krb5.h>
#include <string.h>

#include "core/error.h"

static const gchar replayed[] = "this Kerberos token was used before";
static const gchar expired[] = "the Kerberos ticket has expired";
static const gchar skewed[] = "the clocks of client and broker are too far apart for Kerberos";
static const gchar unwritable[] = "used Kerberos tokens cannot be noted";

/* What is told; of everything else that can be wrong with a token nothing is. */
static const struct
{
  krb5_error_code code;
  FloeError kind;
  const gchar *reason;
  const gchar *text;
} refusals[] = {
  { KRB5KRB_AP_ERR_REPEAT, FLOE_ERROR_UNAUTHENTICATED, "replayed-ticket", replayed },
  { KRB5KRB_AP_ERR_TKT_EXPIRED, FLOE_ERROR_UNAUTHENTICATED, "expired-ticket", expired },
  { KRB5KRB_AP_ERR_SKEW, FLOE_ERROR_UNAUTHENTICATED, "clock-skew", skewed },
  { KRB5KRB_AP_ERR_TKT_NYV, FLOE_ERROR_UNAUTHENTICATED, "clock-skew", skewed },
  { KRB5_RC_IO, FLOE_ERROR_UNAVAILABLE, "kerberos-key", unwritable },
  { KRB5_RC_IO_PERM, FLOE_ERROR_UNAVAILABLE, "kerberos-key", unwritable },
  { KRB5_RC_IO_SPACE, FLOE_ERROR_UNAVAILABLE, "kerberos-key", unwritable },
  { KRB5_RC_IO_UNKNOWN, FLOE_ERROR_UNAVAILABLE, "kerberos-key", unwritable },
};

static void
append_status (GString *text, OM_uint32 code, int type, gss_OID mech)
{
  OM_uint32 more = 0;
  OM_uint32 minor;

  do
    {
      gss_buffer_desc words = GSS_C_EMPTY_BUFFER;

      if (GSS_ERROR (gss_display_status (&minor, code, type, mech, &more, &words)))
        return;
      if (text->len > 0)
        g_string_append (text, "; ");
      g_string_append_len (text, words.value, (gssize)words.length);
      gss_release_buffer (&minor, &words);
    }
  while (more != 0);
}

/**
 * floe_gss_describe:
 * @mech: (nullable): whose @minor is
 *
 * Returns: (transfer full): what the library says, for the log only: it names keys and what a
 *   client sent. Without control characters
 */
gchar *
floe_gss_describe (OM_uint32 major, OM_uint32 minor, gss_OID mech)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree gchar *valid = NULL;

  append_status (text, major, GSS_C_GSS_CODE, GSS_C_NO_OID);
  append_status (text, minor, GSS_C_MECH_CODE, mech);
  valid = g_utf8_make_valid (text->str, (gssize)text->len);
  return g_strescape (valid, NULL);
}

/**
 * floe_gss_set_refusal:
 * @minor: of a token that was not accepted
 * @description: the same in the library's words, by whose end a code is known that SPNEGO has given
 *   another number; in the middle stands what the client has sent
 *
 * Says why a token was refused, in words for whoever sent it.
 */
void
floe_gss_set_refusal (GError **error, OM_uint32 minor, const gchar *description)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (minor == (OM_uint32)refusals[i].code
        || g_str_has_suffix (description, error_message (refusals[i].code)))
      {
        floe_set_error_reason (error, refusals[i].kind, refusals[i].reason, "%s", refusals[i].text);
        return;
      }
  floe_set_error_reason (error, FLOE_ERROR_UNAUTHENTICATED, "wrong-ticket",
                         "the Kerberos token is not one for this broker");
}
