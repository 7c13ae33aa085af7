/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/engine-ca.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/engine-ca.h"
#include "ctl/command.h"
#include "ctl/password.h"

#define ON_ENGINE "openssl x509 -noout -fingerprint -sha256 -in /etc/pki/ovirt-engine/ca.pem"

/* The first sight of an engine's authority. What is fetched here is public, and counts for nothing
 * before a person has compared its fingerprint; then the engine's own certificate is checked
 * against it. */

static GTlsCertificate *
fetch (const gchar *url, GTlsCertificate **peer, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GError) why = NULL;
  GTlsCertificate *ca;

  if (uri == NULL || g_strcmp0 (g_uri_get_scheme (uri), "https") != 0
      || g_uri_get_host (uri) == NULL)
    {
      floe_ctl_set_usage (error, _ ("\"%s\" is not like https://HOST/ovirt-engine"), url);
      return NULL;
    }
  ca = floe_engine_ca_fetch (url, peer, &why);
  if (ca == NULL && *peer != NULL)
    floe_ctl_set_failed (error, _ ("%s is no engine, or it does not tell its authority"), url);
  else if (ca == NULL)
    floe_ctl_set_failed (error, _ ("the engine cannot be reached: %s"), why->message);
  return ca;
}

static gboolean
check_peer (const gchar *url, GTlsCertificate *peer, GTlsCertificate *ca, GError **error)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_parse_uri (url, 443, NULL);
  GTlsCertificateFlags flags = peer != NULL && identity != NULL
                                   ? g_tls_certificate_verify (peer, identity, ca)
                                   : G_TLS_CERTIFICATE_GENERIC_ERROR;

  if (flags == 0)
    return TRUE;
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    floe_ctl_set_failed (error,
                         _ ("its web certificate is signed by another authority than its own; "
                            "get that one's file from whoever set it up"));
  else if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    floe_ctl_set_failed (error, _ ("its certificate is for another name than that in %s"), url);
  else
    floe_ctl_set_failed (error, _ ("its certificate is not valid now"));
  return FALSE;
}

static gchar *
hash (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  g_autofree gchar *digits = NULL;
  GString *text = g_string_new (NULL);

  g_object_get (certificate, "certificate", &der, NULL);
  digits = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  for (gsize i = 0; digits[i] != '\0'; i++)
    {
      if (i > 0 && i % 2 == 0)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (digits[i]));
    }
  return g_string_free (text, FALSE);
}

/* Its digits alone. */
static gchar *
strip (const gchar *fingerprint)
{
  GString *digits = g_string_new (fingerprint);

  g_string_replace (digits, ":", "", 0);
  g_string_replace (digits, " ", "", 0);
  return g_string_free (digits, FALSE);
}

static gboolean
is_same (const gchar *given, const gchar *found)
{
  g_autofree gchar *one = strip (given);
  g_autofree gchar *other = strip (found);

  return g_ascii_strcasecmp (one, other) == 0;
}

static gboolean
confirm (GTlsCertificate *ca, const gchar *given, GError **error)
{
  g_autofree gchar *found = hash (ca);
  g_autofree gchar *subject = g_tls_certificate_get_subject_name (ca);
  g_autofree gchar *answer = NULL;

  if (given != NULL && !is_same (given, found))
    floe_ctl_set_failed (error, _ ("its authority has another fingerprint: %s"), found);
  if (given != NULL)
    return is_same (given, found);
  g_print ("%s\n%s\n\n%s\n  %s\n", subject != NULL ? subject : "", found,
           _ ("Compare this with what the engine itself says:"), ON_ENGINE);
  answer = floe_line_from_terminal (_ ("Is it the same? Type yes or no: "));
  if (answer == NULL)
    floe_ctl_set_usage (error, _ ("there is no terminal to ask at: give %s"),
                        "--fingerprint SHA256");
  else if (g_ascii_strcasecmp (answer, "yes") != 0 && strcmp (answer, _ ("yes")) != 0)
    floe_ctl_set_failed (error, _ ("it is not trusted, and nothing was written"));
  else
    return TRUE;
  return FALSE;
}

/**
 * floe_engine_ca_trust:
 * @url: the engine's
 * @file: where its authority is written to, in PEM
 * @fingerprint: (nullable): the authority's SHA-256, in hex; %NULL to ask at the terminal
 *
 * Returns: whether it is trusted now
 */
gboolean
floe_engine_ca_trust (const gchar *url, const gchar *file, const gchar *fingerprint, GError **error)
{
  g_autoptr (GTlsCertificate) peer = NULL;
  g_autoptr (GTlsCertificate) ca = fetch (url, &peer, error);
  g_autofree gchar *pem = NULL;
  g_autoptr (GError) why = NULL;

  if (ca == NULL || !check_peer (url, peer, ca, error) || !confirm (ca, fingerprint, error))
    return FALSE;
  g_object_get (ca, "certificate-pem", &pem, NULL);
  if (g_file_set_contents_full (file, pem, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &why))
    return TRUE;
  floe_ctl_set_failed (error, "%s", why->message);
  return FALSE;
}
