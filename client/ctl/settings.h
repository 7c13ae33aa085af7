/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeCtlSettings:
 * @broker: (nullable): the broker's address
 * @ca: (nullable): a file with certificates in PEM
 * @user: (nullable): who logs in
 * @domain: (nullable): of which directory they are
 * @password_file: (nullable): where the password is read from
 * @code_file: (nullable): where a code of the second factor is read from
 * @token_file: (nullable): where the log-in is kept
 * @terminal_key: (nullable): a file with the key and the certificate of this terminal
 *
 * What was given on the command line, then in the environment, then in the files.
 */
typedef struct
{
  gchar *broker;
  gchar *ca;
  gchar *user;
  gchar *domain;
  gchar *password_file;
  gchar *code_file;
  gchar *token_file;
  gchar *terminal_key;
} FloeCtlSettings;

void floe_ctl_settings_clear (FloeCtlSettings *self);
gboolean floe_ctl_settings_fill (FloeCtlSettings *self, GError **error);
gboolean floe_ctl_settings_fill_from (FloeCtlSettings *self, const gchar *file, GError **error);

G_END_DECLS
