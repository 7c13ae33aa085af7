/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/checks.h"

#include <string.h>

#define ENGINE_PATH "/ovirt-engine"

/**
 * floe_check_manager_type:
 *
 * A kind of manager that owns its pools.
 */
gboolean
floe_check_manager_type (const gchar *value, gchar **why)
{
  return g_str_equal (value, "ovirt");
}

/**
 * floe_check_engine_url:
 *
 * Where an engine is, over TLS; its API and its log-in are below that.
 */
gboolean
floe_check_engine_url (const gchar *value, gchar **why)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  if (g_str_equal (g_uri_get_scheme (uri), "http"))
    return floe_check_refuse (why, "passwords would cross the network in the clear");
  if (!g_str_equal (g_uri_get_scheme (uri), "https"))
    return FALSE;
  if (g_uri_get_userinfo (uri) != NULL)
    return floe_check_refuse (why, "no user belongs into it");
  if (!floe_check_host (g_uri_get_host (uri), why) || g_uri_get_port (uri) == 0)
    return FALSE;
  if (!g_str_equal (g_uri_get_path (uri), ENGINE_PATH))
    return floe_check_refuse (why, "it does not end in " ENGINE_PATH);
  return g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL;
}

/**
 * floe_check_engine_name:
 *
 * One word, as an engine has for profiles and clients.
 */
gboolean
floe_check_engine_name (const gchar *value, gchar **why)
{
  if (strlen (value) > 255 || strchr (value, '@') != NULL)
    return FALSE;
  for (const gchar *p = value; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

/**
 * floe_check_engine_user:
 *
 * NAME@PROFILE; a name may have an "@" of its own.
 */
gboolean
floe_check_engine_user (const gchar *value, gchar **why)
{
  const gchar *at = strrchr (value, '@');

  if (at == NULL || at == value || at[1] == '\0')
    return floe_check_refuse (why, "the profile that it is of belongs to it");
  return floe_check_engine_name (at + 1, why);
}
