/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/own-act.h"
#include "core/own-desktops.h"

G_BEGIN_DECLS

/**
 * FloeOwnActInput:
 * @own: who, and with which desktop
 * @act: what
 */
typedef struct
{
  FloeOwnInput *own;
  FloeOwnAct act;
} FloeOwnActInput;

FloeOwnActInput *floe_own_act_input_new (const FloeIdentity *identity, const gchar *desktop_id,
                                         FloeOwnAct act, gint64 now);
void floe_own_act_input_free (FloeOwnActInput *self);

/**
 * FloeOwnActed:
 * @refusal: (nullable): why nothing was done, which is recorded; the rest is unset
 * @change: what became of the desktop
 * @fresh: (nullable): what became of the one that they have instead
 */
typedef struct
{
  GError *refusal;
  FloeChange *change;
  FloeChange *fresh;
} FloeOwnActed;

void floe_own_acted_free (FloeOwnActed *self);
gpointer floe_own_act (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeOwnActed, floe_own_acted_free)

G_END_DECLS
