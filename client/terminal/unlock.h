/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/secret.h"

G_BEGIN_DECLS

/**
 * FloeUnlockOutcome:
 * @FLOE_UNLOCK_RIGHT: the code fits; it is used now
 * @FLOE_UNLOCK_WRONG: it does not
 * @FLOE_UNLOCK_PAUSED: it was not looked at
 */
typedef enum
{
  FLOE_UNLOCK_RIGHT,
  FLOE_UNLOCK_WRONG,
  FLOE_UNLOCK_PAUSED,
} FloeUnlockOutcome;

/**
 * FloeUnlock:
 *
 * The way out of a locked terminal that needs no network: it shows a challenge, and takes the code
 * that an administrator made from it. Wrong codes cost time, also across restarts.
 */
typedef struct _FloeUnlock FloeUnlock;

FloeUnlock *floe_unlock_new (const gchar *dir);
void floe_unlock_free (FloeUnlock *self);

void floe_unlock_begin (FloeUnlock *self);
const gchar *floe_unlock_get_challenge (const FloeUnlock *self);
guint floe_unlock_get_pause (const FloeUnlock *self, gint64 now);
FloeUnlockOutcome floe_unlock_try (FloeUnlock *self, const FloeSecret *secret, const gchar *code,
                                   gint64 now);

const gchar *floe_unlock_get_used (const FloeUnlock *self, gint64 *at);
void floe_unlock_forget_used (FloeUnlock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeUnlock, floe_unlock_free)

G_END_DECLS
