/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/api-token.h"

#include "core/date.h"
#include "core/error.h"
#include "core/pool.h"

#define TOKEN_BYTES 32
#define MAX_POOLS   64

FloeApiToken *
floe_api_token_new (const gchar *name, FloeRole role, const gchar *const *pools)
{
  FloeApiToken *self = g_new0 (FloeApiToken, 1);

  self->name = g_strdup (name);
  self->role = role;
  self->pools = g_strdupv ((gchar **)pools);
  return self;
}

FloeApiToken *
floe_api_token_copy (const FloeApiToken *self)
{
  FloeApiToken *copy =
      floe_api_token_new (self->name, self->role, (const gchar *const *)self->pools);

  copy->hash = g_strdup (self->hash);
  copy->by = g_strdup (self->by);
  copy->created = self->created;
  copy->ends = self->ends;
  copy->last_used = self->last_used;
  copy->last_address = g_strdup (self->last_address);
  return copy;
}

void
floe_api_token_free (FloeApiToken *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->hash);
  g_strfreev (self->pools);
  g_free (self->by);
  g_free (self->last_address);
  g_free (self);
}

static gboolean
invalid (GError **error, const gchar *what)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, what);
  return FALSE;
}

/**
 * floe_api_token_validate:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID naming the field and what is expected
 */
gboolean
floe_api_token_validate (const FloeApiToken *self, GError **error)
{
  if (!floe_pool_name_is_valid (self->name))
    return invalid (error, "name: expected 1 to 64 of a-z, 0-9 and -, not beginning with -");
  if (self->pools == NULL)
    return TRUE;
  if (self->role != FLOE_ROLE_HELPDESK)
    return invalid (error, "pools: only a token of the helpdesk can be for some pools");
  if (self->pools[0] == NULL || g_strv_length (self->pools) > MAX_POOLS)
    return invalid (error, "pools: expected 1 to 64 names");
  for (guint i = 0; self->pools[i] != NULL; i++)
    if (!floe_pool_name_is_valid (self->pools[i]))
      return invalid (error, "pools: expected names of pools");
  return TRUE;
}

/**
 * floe_api_token_describe:
 *
 * Returns: (transfer full): it in one line, for the audit trail
 */
gchar *
floe_api_token_describe (const FloeApiToken *self)
{
  g_autoptr (GString) out = g_string_new (floe_role_name (self->role));

  if (self->pools != NULL)
    {
      g_autofree gchar *pools = g_strjoinv (" ", self->pools);

      g_string_append_printf (out, " of %s", pools);
    }
  if (self->ends != 0)
    {
      g_autoptr (GDateTime) ends =
          g_date_time_new_from_unix_utc (floe_date_of (self->ends) / G_USEC_PER_SEC);
      g_autofree gchar *text = g_date_time_format_iso8601 (ends);

      g_string_append_printf (out, ", until %s", text);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * floe_api_token_new_secret:
 *
 * Returns: (transfer full): what a new token is
 */
FloeSecret *
floe_api_token_new_secret (void)
{
  return floe_secret_new_marked (FLOE_API_TOKEN_PREFIX, TOKEN_BYTES);
}

/**
 * floe_api_token_is_one:
 *
 * Returns: whether it says of itself that it is a token of the API, and not one of a log-in
 */
gboolean
floe_api_token_is_one (const FloeSecret *secret)
{
  return g_str_has_prefix (floe_secret_get (secret, NULL), FLOE_API_TOKEN_PREFIX);
}

/**
 * floe_api_token_new_identity:
 * @caller: from where it is used
 *
 * Returns: (transfer full): who uses it: nobody whom a directory knows
 */
FloeIdentity *
floe_api_token_new_identity (const FloeApiToken *self, const FloeCaller *caller)
{
  g_autofree gchar *id = g_strconcat (FLOE_API_TOKEN_USER, self->name, NULL);
  g_autoptr (FloeUser) user = floe_user_new (id, id, NULL, NULL);
  g_autoptr (FloeIdentity) identity =
      floe_identity_new (user, self->pools != NULL ? FLOE_ROLE_USER : self->role, id, caller);

  return floe_identity_copy_with_pools (identity, (const gchar *const *)self->pools);
}
