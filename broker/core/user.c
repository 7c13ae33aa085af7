/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/user.h"

/**
 * floe_user_new:
 * @id: see #FloeUser
 * @name: the log-in name
 * @display_name: (nullable): the person's name; @name when %NULL
 * @groups: (nullable) (array zero-terminated=1): case-folded group strings
 *
 * Returns: (transfer full): a user
 */
FloeUser *
floe_user_new (const gchar *id, const gchar *name, const gchar *display_name,
               const gchar *const *groups)
{
  FloeUser *self = g_new0 (FloeUser, 1);
  static const gchar *const none[] = { NULL };

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->display_name = g_strdup (display_name != NULL ? display_name : name);
  self->groups = g_strdupv ((gchar **)(groups != NULL ? groups : none));
  return self;
}

FloeUser *
floe_user_copy (const FloeUser *self)
{
  FloeUser *copy =
      floe_user_new (self->id, self->name, self->display_name, (const gchar *const *)self->groups);

  copy->password_expires = self->password_expires;
  copy->groups_took = self->groups_took;
  return copy;
}

void
floe_user_free (FloeUser *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->display_name);
  g_strfreev (self->groups);
  g_free (self);
}

/**
 * floe_user_in_group:
 * @self: a user
 * @group: a group's name or its lasting id, as #FloeUser has them, in any case
 *
 * Returns: whether the directory said that they belong to it
 */
gboolean
floe_user_in_group (const FloeUser *self, const gchar *group)
{
  g_autofree gchar *folded = g_utf8_casefold (group, -1);

  return g_strv_contains ((const gchar *const *)self->groups, folded);
}

/**
 * floe_user_in_any_group:
 * @groups: (nullable) (array zero-terminated=1): as for floe_user_in_group()
 *
 * Returns: whether they belong to one of them
 */
gboolean
floe_user_in_any_group (const FloeUser *self, GStrv groups)
{
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    if (floe_user_in_group (self, groups[i]))
      return TRUE;
  return FALSE;
}
