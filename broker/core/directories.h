/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/directory.h"

G_BEGIN_DECLS

/**
 * FloeDirectories:
 *
 * Several directories side by side behind the one port. Each person is of one of them, which the
 * domain in their log-in name tells; a password is tried at no other. What the directories call
 * the same is not: people and groups of all but the first carry their directory's name, so that
 * nobody who runs one of them can make somebody of another, or a member of its groups.
 */
#define FLOE_TYPE_DIRECTORIES (floe_directories_get_type ())
G_DECLARE_FINAL_TYPE (FloeDirectories, floe_directories, FLOE, DIRECTORIES, GObject)

FloeDirectories *floe_directories_new (FloeDirectory *first, const gchar *const *domains);
void floe_directories_add (FloeDirectories *self, const gchar *name, FloeDirectory *directory,
                           const gchar *const *domains);
gboolean floe_directories_set_usual (FloeDirectories *self, const gchar *domain);
const gchar *floe_directories_get_usual (FloeDirectories *self);
GStrv floe_directories_list_domains (FloeDirectories *self);
gchar *floe_directories_place (FloeDirectories *self, const gchar *name, const gchar *domain,
                               GError **error);
guint floe_directories_find (FloeDirectories *self, const gchar *name);
FloeUser *floe_directories_name_outside (FloeDirectories *self, guint nth, const FloeUser *user);

G_END_DECLS
