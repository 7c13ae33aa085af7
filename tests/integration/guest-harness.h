/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "libvirt-harness.h"

G_BEGIN_DECLS

/* Guests with an agent, made by the scripts of tests/fixtures; @script names one of these. */

/* An emulated machine on a busy computer. */
#define BOOT_SECONDS 600

gchar *guest_image_dir (const gchar *script);
gchar *guest_fixture (const gchar *script, const gchar *first, ...) G_GNUC_NULL_TERMINATED;
void guest_publish (Test *test, const gchar *script);
FloeJob *guest_job (FloeJobKind kind, const gchar *id);
FloeJob *guest_create_job (Test *test, const gchar *id, const gchar *name);
gchar *guest_tell (Test *test, const gchar *id, const gchar *said);
gchar *guest_run (Test *test, const gchar *id, const gchar *command);
gboolean guest_agent_is_there (Test *test, const gchar *id);
gboolean guest_is_ready (Test *test, const gchar *id);
const gchar *guest_get_boot_problem (Test *test, const gchar *id);
void guest_look (void);
void guest_wait (Test *test, const gchar *id, gboolean (*is_so) (Test *test, const gchar *id));
void guest_attach_disk (Test *test, const gchar *id);
gchar *guest_read_disk (Test *test);

G_END_DECLS
