/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/directories.h"

G_BEGIN_DECLS

/* Several directories are one object in two files: which one somebody is of
 * (directories-choice.c), and asking that one (directories.c). */

struct _FloeDirectories
{
  GObject parent_instance;

  GPtrArray *members; /* FloeDirectoriesMember */
  guint usual;        /* whose people have no domain to type */
};

typedef struct
{
  gchar *name; /* NULL for the first */
  FloeDirectory *directory;
  GStrv domains;
} FloeDirectoriesMember;

const FloeDirectoriesMember *floe_directories_choose (FloeDirectories *self, const gchar *name);
const FloeDirectoriesMember *floe_directories_choose_by_id (FloeDirectories *self, const gchar *id);
gboolean floe_directories_has_prefix (const gchar *text, const gchar *name);

G_END_DECLS
