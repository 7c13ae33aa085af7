/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/identity.h"
#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeAssignInput:
 * @actor: who does it
 * @desktop_id: which desktop of a dedicated or static pool
 * @user: to whom: a log-in name that was seen here, or a user's id
 * @reason: why, for the audit trail
 * @now: microseconds since 1970 UTC
 *
 * What an administrator decides; see floe_helpdesk_record_assignment().
 */
typedef struct
{
  FloeIdentity *actor;
  gchar *desktop_id;
  gchar *user;
  gchar *reason;
  gint64 now;
} FloeAssignInput;

FloeAssignInput *floe_assign_input_new (const FloeIdentity *actor, const gchar *desktop_id,
                                        const gchar *user, const gchar *reason, gint64 now);
void floe_assign_input_free (FloeAssignInput *self);

/**
 * FloeAssignment:
 * @refusal: (nullable): why it was not done; the refusal is recorded, and the rest is unset
 * @change: what became of the desktop
 *
 * What came of it.
 */
typedef struct
{
  GError *refusal;
  FloeChange *change;
} FloeAssignment;

void floe_assignment_free (FloeAssignment *self);
gpointer floe_helpdesk_record_assignment (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeAssignment, floe_assignment_free)

G_END_DECLS
