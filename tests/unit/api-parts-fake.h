/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/routes.h"
#include "core/error.h"

G_BEGIN_DECLS

/*
 * Login, assigner, helpdesk, keeper and scraper as a test wants them: they stand in for the real
 * ones by having their names, so a program that links this has none of those. Each call is written
 * down; what it answers is what the test put in the queue.
 */

/* Tokens that are good. */
#define PARTS_USER_TOKEN  "flt_uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"
#define PARTS_ADMIN_TOKEN "flt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PARTS_OTHER_TOKEN "flt_ooooooooooooooooooooooooooooooooooooooooooo"

void parts_set_up (FloeApiParts *parts);
void parts_tear_down (FloeApiParts *parts);

void parts_answer (gpointer result);
void parts_fail (FloeError code, const gchar *reason, const gchar *text);
void parts_hold (gboolean hold);
guint parts_get_held (void);
void parts_revoke (const gchar *token);
void parts_set_request (FloeConnectRequest *request);
void parts_set_outlook (gint64 limit_at, gint64 ends_at, const gchar *notice);
void parts_set_message (const gchar *text);
void parts_set_shadow (const FloeShadow *shadow);
gchar *parts_take_log (void);
FloeIdentity *parts_identity_new (const gchar *name, FloeRole role);
void parts_emit_desktop (FloeApiParts *parts, FloeDesktop *desktop);

G_END_DECLS
