/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/checks.h"

#include "config/pem.h"
#include "core/network.h"

#include <gio/gio.h>
#include <pwd.h>
#include <string.h>

#define LETTERS G_CSET_A_2_Z G_CSET_a_2_z

/**
 * floe_check_refuse:
 * @why: (out): takes a copy of @text
 * @text: what is wrong
 *
 * Returns: %FALSE, so that a check can return it
 */
gboolean
floe_check_refuse (gchar **why, const gchar *text)
{
  *why = g_strdup (text);
  return FALSE;
}

/**
 * floe_check_account:
 *
 * The name of a user of this machine.
 */
gboolean
floe_check_account (const gchar *value, gchar **why)
{
  return getpwnam (value) != NULL || floe_check_refuse (why, "there is none of that name");
}

/**
 * floe_check_attribute:
 *
 * An LDAP attribute description without options (RFC 4512, 2.5): a name or an OID.
 */
gboolean
floe_check_attribute (const gchar *value, gchar **why)
{
  gsize length = strlen (value);

  if (g_ascii_isalpha (*value))
    return strspn (value, LETTERS G_CSET_DIGITS "-") == length;
  return g_ascii_isdigit (*value) && strspn (value, G_CSET_DIGITS ".") == length
         && strstr (value, "..") == NULL && value[length - 1] != '.';
}

/**
 * floe_check_certificates:
 *
 * The absolute path of a PEM file with at least one certificate and no private key.
 */
gboolean
floe_check_certificates (const gchar *value, gchar **why)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *pem = NULL;

  if (!g_path_is_absolute (value))
    return floe_check_refuse (why, "not an absolute path");
  pem = floe_pem_read_certificates (value, &error);
  return pem != NULL || floe_check_refuse (why, error->message);
}

/* A DN as RFC 4514 writes it, far enough to tell it from a plain name. */
static gboolean
is_rdn (const gchar *start, const gchar *end)
{
  const gchar *equals = memchr (start, '=', end - start);

  while (start < end && *start == ' ')
    start++;
  if (equals == NULL || equals <= start || !g_ascii_isalnum (*start))
    return FALSE;
  for (const gchar *p = start; p < equals; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.' && *p != ' ')
        return FALSE;
    }
  for (const gchar *p = equals + 1; p < end; p++)
    {
      if (*p != ' ')
        return TRUE;
    }
  return FALSE;
}

/**
 * floe_check_dn:
 *
 * A distinguished name with at least one part.
 */
gboolean
floe_check_dn (const gchar *value, gchar **why)
{
  const gchar *start = value;
  const gchar *p = value;

  for (; *p != '\0'; p++)
    {
      if (*p == '\\')
        {
          if (p[1] == '\0')
            return FALSE;
          p++;
        }
      else if (*p == ',')
        {
          if (!is_rdn (start, p))
            return FALSE;
          start = p + 1;
        }
    }
  return is_rdn (start, p);
}

static gboolean
is_label (const gchar *label)
{
  gsize length = strlen (label);

  return length >= 1 && length <= 63 && label[0] != '-' && label[length - 1] != '-'
         && strspn (label, LETTERS G_CSET_DIGITS "-") == length;
}

/**
 * floe_check_host:
 *
 * A host name or an address, without a port and without brackets.
 */
gboolean
floe_check_host (const gchar *value, gchar **why)
{
  g_auto (GStrv) labels = NULL;

  if (g_hostname_is_ip_address (value))
    return TRUE;
  if (strlen (value) > 253)
    return FALSE;
  labels = g_strsplit (value, ".", -1);
  for (guint i = 0; labels[i] != NULL; i++)
    {
      if (!is_label (labels[i]))
        return FALSE;
    }
  /* What is all digits and dots and yet no address is an address with a slip in it. */
  return value[strspn (value, G_CSET_DIGITS ".")] != '\0';
}

/**
 * floe_check_ldap_uri:
 *
 * `ldaps://HOST[:PORT]` or `ldap://HOST[:PORT]`, and nothing after it: the search base has a key of
 * its own.
 */
gboolean
floe_check_ldap_uri (const gchar *value, gchar **why)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  if (!g_str_equal (g_uri_get_scheme (uri), "ldaps")
      && !g_str_equal (g_uri_get_scheme (uri), "ldap"))
    return FALSE;
  if (!floe_check_host (g_uri_get_host (uri), why) || g_uri_get_port (uri) == 0)
    return FALSE;
  if (g_uri_get_userinfo (uri) != NULL)
    return floe_check_refuse (why, "no user belongs into it");
  if (!g_str_equal (g_uri_get_path (uri), "") && !g_str_equal (g_uri_get_path (uri), "/"))
    return floe_check_refuse (why, "the search base has a key of its own");
  return g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL;
}

static gboolean
check_libvirt_query (GUri *uri, gchar **why)
{
  const gchar *query = g_uri_get_query (uri);
  g_autoptr (GHashTable) parameters = NULL;
  const gchar *no_verify;

  if (query == NULL)
    return TRUE;
  parameters = g_uri_parse_params (query, -1, "&;", G_URI_PARAMS_NONE, NULL);
  if (parameters == NULL)
    return floe_check_refuse (why, "what follows the question mark cannot be read");
  no_verify = g_hash_table_lookup (parameters, "no_verify");
  if (no_verify != NULL && !g_str_equal (no_verify, "0"))
    return floe_check_refuse (why, "no_verify would trust any host");
  if (g_hash_table_contains (parameters, "command"))
    return floe_check_refuse (why, "command would run a program of its own");
  return TRUE;
}

static gboolean
check_libvirt_transport (GUri *uri, gchar **why)
{
  const gchar *transport = g_uri_get_scheme (uri) + strlen ("qemu");
  const gchar *host = g_uri_get_host (uri);
  gboolean has_host = host != NULL && *host != '\0';

  if (g_str_equal (transport, "") || g_str_equal (transport, "+unix"))
    return !has_host || g_str_equal (transport, "")
           || floe_check_refuse (why, "a Unix socket has no host");
  if (g_str_equal (transport, "+tcp"))
    return floe_check_refuse (why, "tickets would cross the network in the clear");
  if (!g_str_equal (transport, "+tls") && !g_str_equal (transport, "+ssh")
      && !g_str_equal (transport, "+libssh") && !g_str_equal (transport, "+libssh2"))
    return floe_check_refuse (why, "its transport is not known here");
  return has_host || floe_check_refuse (why, "it names no host");
}

/**
 * floe_check_libvirt_uri:
 *
 * A URI of libvirt's QEMU driver over a transport that can be trusted.
 */
gboolean
floe_check_libvirt_uri (const gchar *value, gchar **why)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const gchar *path;

  if (uri == NULL)
    return FALSE;
  if (!g_str_equal (g_uri_get_scheme (uri), "qemu")
      && !g_str_has_prefix (g_uri_get_scheme (uri), "qemu+"))
    return FALSE;
  if (g_uri_get_password (uri) != NULL)
    return floe_check_refuse (why, "no password belongs into it");
  path = g_uri_get_path (uri);
  if (!g_str_equal (path, "/system") && !g_str_equal (path, "/session")
      && !g_str_equal (path, "/embed"))
    return floe_check_refuse (why, "it ends neither in /system nor in /session");
  return check_libvirt_transport (uri, why) && check_libvirt_query (uri, why);
}

/**
 * floe_check_loopback:
 *
 * `ADDRESS:PORT` where nobody but this machine can reach it; a name could mean something else
 * tomorrow.
 */
gboolean
floe_check_loopback (const gchar *value, gchar **why)
{
  const gchar *colon = strrchr (value, ':');
  g_autofree gchar *host = NULL;
  g_autoptr (GInetAddress) address = NULL;
  guint64 port;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL))
    return FALSE;
  if (*value == '[' && colon > value && colon[-1] == ']')
    host = g_strndup (value + 1, colon - value - 2);
  else
    host = g_strndup (value, colon - value);
  if ((strchr (host, ':') != NULL) != (*value == '['))
    return FALSE;
  address = g_inet_address_new_from_string (host);
  if (address == NULL)
    return FALSE;
  return g_inet_address_get_is_loopback (address)
         || floe_check_refuse (why, "other machines could reach it, past the proxy");
}

/**
 * floe_check_network:
 *
 * `ADDRESS/BITS`, with nothing behind the network's bits: what else was meant is not known.
 */
gboolean
floe_check_network (const gchar *value, gchar **why)
{
  return strchr (value, '/') != NULL && floe_network_is_valid (value);
}

/**
 * floe_check_some_network:
 *
 * As floe_check_network(), but not all there is.
 */
gboolean
floe_check_some_network (const gchar *value, gchar **why)
{
  if (!floe_check_network (value, why))
    return FALSE;
  return !g_str_has_suffix (value, "/0") || floe_check_refuse (why, "that is every network");
}

/**
 * floe_check_issuer:
 *
 * What an app shows beside a name; a colon would end it.
 */
gboolean
floe_check_issuer (const gchar *value, gchar **why)
{
  glong length = g_utf8_strlen (value, -1);

  for (const gchar *at = value; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isalnum (g_utf8_get_char (at)) && strchr (" .-", *at) == NULL)
      return FALSE;
  return length <= 64;
}
