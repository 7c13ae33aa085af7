/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl/command.h"

G_BEGIN_DECLS

/* What the commands about single desktops share: whose desktop it is, and why something is done. */

gboolean floe_ctl_parse_with_reason (FloeCtl *self, GStrv *args, guint n, gchar **reason,
                                     GError **error);
gchar *floe_ctl_make_body (const gchar *field, const gchar *value, const gchar *reason);
gchar *floe_ctl_find_desktop (FloeCtl *self, const gchar *pool, const gchar *desktop,
                              GError **error);
gboolean floe_ctl_post_desktop (FloeCtl *self, const gchar *id, const gchar *what,
                                const gchar *field, const gchar *value, const gchar *reason,
                                GError **error);
gboolean floe_ctl_release_desktop (FloeCtl *self, const gchar *pool, const gchar *desktop,
                                   const gchar *reason, GError **error);
gboolean floe_ctl_assign_desktop (FloeCtl *self, const gchar *pool, const gchar *desktop,
                                  const gchar *user, const gchar *reason, GError **error);

G_END_DECLS
