/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/pool-path.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/url.h"
#include "ctl/command.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define NAME_BYTES 64

/* As the wire contract has it. */
static gboolean
is_pool_name (const gchar *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= NAME_BYTES && text[0] != '-'
         && strspn (text, NAME_CHARS) == length;
}

/**
 * floe_ctl_pool_path:
 * @pool: what somebody takes for a pool's name
 * @what: (nullable): what of the pool
 * @error: no pool can be called so; the broker would only say that there is no such path
 *
 * Returns: (transfer full) (nullable): the path behind /api/v1/
 */
gchar *
floe_ctl_pool_path (const gchar *pool, const gchar *what, GError **error)
{
  if (is_pool_name (pool))
    return floe_url_join (error, "admin", "pools", pool, what, NULL);
  floe_ctl_set_usage (error,
                      _ ("no pool can be called \"%s\": a name is 1 to %d of a-z, 0-9 and -, not "
                         "beginning with -"),
                      pool, NAME_BYTES);
  return NULL;
}
