/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "login/fleet.h"
#include "login/signing-key.h"

G_BEGIN_DECLS

/* The fleet is one object in three files: what is signed and sealed (fleet.c), how terminals are
 * (fleet-reports.c), codes of one use (fleet-unlock.c). */

struct _FloeFleet
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  FloeSealKeys *keys;      /* or NULL: nothing is signed, and there are no codes */
  FloeSigningKey *signing; /* once it was needed */
  GHashTable *reports;     /* fingerprint to FloeTerminalReport: not written yet */
  guint timer;             /* until they are */
};

/**
 * FloeFleetInput:
 * @caller: (nullable): a terminal that asks
 * @actor: (nullable): whoever of the staff asks
 * @keys: (nullable): for what is sealed
 * @name: (nullable): which terminal @actor means
 * @challenge: (nullable): what it shows, or showed
 * @signing: (nullable): a sealed signing key to be kept, unless there is one
 * @secret: (nullable): a terminal's new secret, sealed once it is known whose it is
 * @reports: (nullable) (element-type FloeTerminalReport): to be written
 * @ago: for how many seconds it has been unlocked
 * @now: microseconds since 1970 UTC
 *
 * What the fleet's transactions are given: an owned copy.
 */
typedef struct
{
  FloeCaller *caller;
  FloeIdentity *actor;
  FloeSealKeys *keys;
  gchar *name;
  gchar *challenge;
  gchar *signing;
  FloeSecret *secret;
  GPtrArray *reports;
  gint64 ago;
  gint64 now;
} FloeFleetInput;

FloeFleetInput *floe_fleet_input_new (FloeFleet *self, const FloeCaller *caller);
void floe_fleet_input_free (FloeFleetInput *self);
gboolean floe_fleet_has_certificate (GTask *task, const FloeCaller *caller);
gboolean floe_fleet_has_keys (FloeFleet *self, GTask *task);
FloeTerminal *floe_fleet_find_terminal (FloeTx *tx, const FloeFleetInput *in, GError **error);
FloeSecret *floe_fleet_open (const FloeSealKeys *keys, const gchar *sealed, const gchar *owner,
                             GError **error);
gchar *floe_fleet_secret_owner (const gchar *name);
gpointer floe_fleet_read_view (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
