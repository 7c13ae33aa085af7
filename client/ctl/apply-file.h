/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "ctl/command.h"

G_BEGIN_DECLS

/**
 * FloeApplyKind:
 * @FLOE_APPLY_POOL: a pool's definition
 * @FLOE_APPLY_TERMINAL: a terminal
 * @FLOE_APPLY_SETTINGS: what is set for a group of terminals
 */
typedef enum
{
  FLOE_APPLY_POOL,
  FLOE_APPLY_TERMINAL,
  FLOE_APPLY_SETTINGS,
} FloeApplyKind;

/**
 * FloeApplyItem:
 * @kind: what it is
 * @name: its name
 * @file: where it is written
 * @body: as it is to be, without its name where that is in the path only
 *
 * One thing of those that files say how they are to be.
 */
typedef struct
{
  FloeApplyKind kind;
  gchar *name;
  gchar *file;
  JsonObject *body;
} FloeApplyItem;

void floe_apply_item_free (FloeApplyItem *self);
const gchar *floe_apply_kind_name (FloeApplyKind kind);
GPtrArray *floe_apply_files_read (const gchar *const *files, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeApplyItem, floe_apply_item_free)

G_END_DECLS
