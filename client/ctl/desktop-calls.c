/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/desktop-calls.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/body.h"
#include "ctl/listing.h"
#include "ctl/output.h"

/**
 * floe_ctl_parse_with_reason:
 * @self: the run
 * @args: (inout): the words behind the command; the options are taken out
 * @n: how many words must remain
 * @reason: (out) (transfer full) (nullable): the text behind --reason; whether there must be one is
 *   the broker's to say
 * @error: what does not fit
 *
 * Returns: %TRUE if they fit
 */
gboolean
floe_ctl_parse_with_reason (FloeCtl *self, GStrv *args, guint n, gchar **reason, GError **error)
{
  const GOptionEntry entries[] = { { "reason", 0, 0, G_OPTION_ARG_STRING, reason, NULL, NULL },
                                   { NULL } };

  return floe_ctl_parse (self, args, entries, n, n, error);
}

/* The ids of those that are called @desktop, among what is found by it. */
static gboolean
collect_ids (FloeCtl *self, const gchar *pool, const gchar *desktop, GPtrArray *ids, GError **error)
{
  g_autoptr (GString) path = g_string_new ("admin/desktops?limit=500");
  g_autoptr (JsonNode) answer = NULL;

  floe_ctl_add_query (path, "q", desktop);
  floe_ctl_add_query (path, "pool", pool);
  answer = floe_ctl_list (self, path->str, 0, error);
  if (answer == NULL)
    return FALSE;
  for (guint i = 0; i < floe_json_get_length (answer, "items"); i++)
    {
      JsonNode *one = floe_json_get_element (answer, "items", i);
      const gchar *id = floe_json_get_text (one, "id");

      if (id != NULL && g_strcmp0 (floe_json_get_text (one, "name"), desktop) == 0)
        g_ptr_array_add (ids, g_strdup (id));
    }
  return TRUE;
}

/* Names are unique on a host only. */
static void
set_several (const gchar *desktop, GPtrArray *ids, GError **error)
{
  g_autofree gchar *list = NULL;

  g_ptr_array_add (ids, NULL);
  list = g_strjoinv (", ", (GStrv)ids->pdata);
  floe_ctl_set_failed (error, _ ("several desktops are called %s; give the id of one: %s"), desktop,
                       list);
}

/**
 * floe_ctl_find_desktop:
 * @self: the run
 * @pool: (nullable): in which pool; %NULL for any
 * @desktop: its name, as people know it, or its id
 * @error: there is none, or there are several
 *
 * Returns: (transfer full) (nullable): its id
 */
gchar *
floe_ctl_find_desktop (FloeCtl *self, const gchar *pool, const gchar *desktop, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (g_uuid_string_is_valid (desktop))
    return g_strdup (desktop);
  if (!collect_ids (self, pool, desktop, ids, error))
    return NULL;
  if (ids->len == 1)
    return g_strdup (ids->pdata[0]);
  if (ids->len > 1)
    set_several (desktop, ids, error);
  else if (pool != NULL)
    floe_ctl_set_failed (error, _ ("pool %s has no desktop %s"), pool, desktop);
  else
    floe_ctl_set_failed (error, _ ("there is no desktop %s; see \"floectl desktop list\""),
                         desktop);
  return NULL;
}

/**
 * floe_ctl_make_body:
 * @field: (nullable): what it says beside the reason
 * @value: (nullable): its value
 * @reason: (nullable): why
 *
 * Returns: (transfer full): the JSON
 */
gchar *
floe_ctl_make_body (const gchar *field, const gchar *value, const gchar *reason)
{
  g_autoptr (JsonBuilder) body = floe_body_new ();

  floe_body_add_text (body, field, value);
  floe_body_add_text (body, "reason", reason);
  return floe_body_end (body);
}

/**
 * floe_ctl_post_desktop:
 * @self: the run
 * @id: (nullable): a desktop's id; %NULL when it was not found, and @error is set
 * @what: the end of the path
 * @field: (nullable): what the body says beside the reason
 * @value: (nullable): its value
 * @reason: (nullable): why
 * @error: where the error goes
 *
 * Returns: %TRUE if the broker agreed
 */
gboolean
floe_ctl_post_desktop (FloeCtl *self, const gchar *id, const gchar *what, const gchar *field,
                       const gchar *value, const gchar *reason, GError **error)
{
  g_autofree gchar *path =
      id != NULL ? floe_url_join (error, "admin", "desktops", id, what, NULL) : NULL;
  g_autofree gchar *body = floe_ctl_make_body (field, value, reason);
  g_autoptr (JsonNode) answer = NULL;

  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "POST", path, body, error);
  return answer != NULL;
}

gboolean
floe_ctl_release_desktop (FloeCtl *self, const gchar *pool, const gchar *desktop,
                          const gchar *reason, GError **error)
{
  g_autofree gchar *id = floe_ctl_find_desktop (self, pool, desktop, error);

  return floe_ctl_post_desktop (self, id, "release", NULL, NULL, reason, error);
}

/**
 * floe_ctl_assign_desktop:
 *
 * Gives a desktop to somebody, and says so.
 */
gboolean
floe_ctl_assign_desktop (FloeCtl *self, const gchar *pool, const gchar *desktop, const gchar *user,
                         const gchar *reason, GError **error)
{
  g_autofree gchar *id = floe_ctl_find_desktop (self, pool, desktop, error);

  if (!floe_ctl_post_desktop (self, id, "assign", "user", user, reason, error))
    return FALSE;
  if (!self->json)
    /* Translators: a desktop and a log-in name */
    g_print (_ ("%s: assigned to %s\n"), desktop, user);
  return TRUE;
}
