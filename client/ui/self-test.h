/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "settings/settings.h"

G_BEGIN_DECLS

/**
 * FloeSelfTest:
 * @broker: (nullable): the server that the command line names
 * @ca_file: (nullable): and its certificate authority file
 * @display: (nullable): a display to be tried, "HOST:PORT"
 * @managed_path: the administrator's file
 */
typedef struct
{
  const gchar *broker;
  const gchar *ca_file;
  const gchar *display;
  const gchar *managed_path;
} FloeSelfTest;

gint floe_self_test (const FloeSelfTest *what, FloeManaged *managed, GSettings *settings);

G_END_DECLS
