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
 * @key_file: (nullable): with the key that another broker has for this engine; one is made when it
 *   is empty, or %NULL and nobody can be asked
 * @client_id: (nullable): an SSO client that may log these people in; empty for none
 * @client_secret_file: (nullable): where its secret is
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
  gchar *key_file;
  gchar *client_id;
  gchar *client_secret_file;
  gchar *fingerprint;
  gchar *config;
  gchar *program;
} FloeManagerPlan;

gboolean floe_manager_add (FloeManagerPlan *plan, GError **error);
void floe_manager_plan_clear (FloeManagerPlan *plan);

G_END_DECLS
