/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "check/code.h"

G_BEGIN_DECLS

/**
 * FloeCheckPlan:
 * @broker: (nullable): the server's address as typed
 * @ca_file: (nullable): the certificate authority file for it
 * @display: (nullable): "HOST:PORT" of a desktop's display, or of what stands before it
 * @managed_path: the administrator's file
 * @n_managed: how many settings it decides
 * @settings_problems: (element-type utf8): what was wrong with it
 * @sound_dir: where the kernel has its sound devices
 * @tell: is told each line
 * @tell_data: for it
 *
 * What is to be looked at, and where.
 */
typedef struct
{
  const gchar *broker;
  const gchar *ca_file;
  const gchar *display;
  const gchar *managed_path;
  guint n_managed;
  GPtrArray *settings_problems;
  const gchar *sound_dir;
  void (*tell) (const gchar *line, gpointer data);
  gpointer tell_data;
} FloeCheckPlan;

gboolean floe_check_run (const FloeCheckPlan *plan, FloeCheckResult *result);

G_END_DECLS
