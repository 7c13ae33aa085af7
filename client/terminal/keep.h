/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker-terminal.h"

G_BEGIN_DECLS

/* What a terminal keeps from one start to the next, in files of a directory that only its user can
 * read: "terminal-trust", "terminal-settings" and "terminal-unlock". */

gchar *floe_keep_dir (void);
FloeSecret *floe_keep_read (const gchar *dir, const gchar *name);
gboolean floe_keep_write (const gchar *dir, const gchar *name, const FloeSecret *text,
                          GError **error);
void floe_keep_remove (const gchar *dir, const gchar *name);

void floe_keep_forget (const gchar *dir);

FloeTrust *floe_keep_read_trust (const gchar *dir, const gchar *fingerprint);
gboolean floe_keep_write_trust (const gchar *dir, const gchar *fingerprint, const FloeTrust *trust,
                                GError **error);

G_END_DECLS
