/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeManagerPlan:
 * @url: the engine's
 * @name: (nullable): what it is to be called here; asked for, as what follows, when %NULL
 * @account: (nullable): NAME@PROFILE
 * @password_file: (nullable): where its password is
 * @profile: (nullable): of the people at the engine
 * @fingerprint: (nullable): of the engine's authority
 * @config: (nullable): the broker's configuration, where it is not the usual one
 * @program: (nullable): the broker's program, likewise
 *
 * An engine that is to be set up.
 */
typedef struct
{
  gchar *url;
  gchar *name;
  gchar *account;
  gchar *password_file;
  gchar *profile;
  gchar *fingerprint;
  gchar *config;
  gchar *program;
} FloeManagerPlan;

gboolean floe_manager_add (FloeManagerPlan *plan, GError **error);
void floe_manager_plan_clear (FloeManagerPlan *plan);

G_END_DECLS
