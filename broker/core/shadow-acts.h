/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/shadow.h"
#include "core/store.h"
#include "core/transition.h"

G_BEGIN_DECLS

/* The kind of a shadow's timer, whose subject is the desktop: there is one open at each at most. */
#define FLOE_SHADOW_TIMER "shadow"

/**
 * FloeShadowInput:
 * @identity: (nullable): who does it; %NULL for the broker
 * @groups: what makes somebody what
 * @id: (nullable): of the shadow
 * @desktop_id: (nullable): whose screen it is about, where one is asked for
 * @reason: (nullable): why
 * @step: what becomes of it
 * @broker: (nullable): the address of the broker that does it, where there may be others
 * @instead_of: (nullable): of %FLOE_SHADOW_KEEP: of the broker that is gone, and had it before
 * @now: microseconds since 1970 UTC
 *
 * What the transactions below are given: an owned copy.
 */
typedef struct
{
  FloeIdentity *identity;
  FloeRoleGroups *groups;
  gchar *id;
  gchar *desktop_id;
  gchar *reason;
  FloeShadowStep step;
  gchar *broker;
  gchar *instead_of;
  gint64 now;
} FloeShadowInput;

/**
 * FloeShadowed:
 * @refusal: (nullable): why it was not done; the refusal is recorded, and the rest is unset
 * @shadow: as it is now
 * @change: of its desktop: nothing but the timer, so that all are told
 */
typedef struct
{
  GError *refusal;
  FloeShadow *shadow;
  FloeChange *change;
} FloeShadowed;

void floe_shadow_input_free (FloeShadowInput *self);
void floe_shadowed_free (FloeShadowed *self);

gpointer floe_shadow_record_ask (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_shadow_record_step (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_shadow_read (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_shadow_read_all (FloeTx *tx, gconstpointer input, GError **error);
gboolean floe_shadow_come_due (FloeChange *change, FloeTx *tx, gint64 now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeShadowed, floe_shadowed_free)

G_END_DECLS
