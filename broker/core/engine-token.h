/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeEngineToken:
 * @user_id: whose
 * @manager: at which engine
 * @sealed: the token, so that nobody who reads the store can use it
 *
 * What somebody's log-in got at an engine: there they are themselves.
 */
typedef struct
{
  gchar *user_id;
  gchar *manager;
  gchar *sealed;
} FloeEngineToken;

FloeEngineToken *floe_engine_token_new (const gchar *user_id, const gchar *manager,
                                        const gchar *sealed);
void floe_engine_token_free (FloeEngineToken *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeEngineToken, floe_engine_token_free)

G_END_DECLS
