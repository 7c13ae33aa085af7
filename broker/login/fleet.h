/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/terminal-view.h"
#include "login/sealed-text.h"

G_BEGIN_DECLS

/* What a terminal's settings are signed as. */
#define FLOE_SETTINGS_PURPOSE "floe terminal settings 1"

/* A challenge that a terminal shows. */
#define FLOE_CHALLENGE_DIGITS 10

/**
 * FloeFleet:
 *
 * What the broker and its terminals have to say to each other beside log-ins: settings, how they
 * are, and codes that let an administrator out of a locked one. A terminal is known by its
 * certificate.
 */
#define FLOE_TYPE_FLEET (floe_fleet_get_type ())
G_DECLARE_FINAL_TYPE (FloeFleet, floe_fleet, FLOE, FLEET, GObject)

/**
 * FloeTrust:
 * @name: which terminal it is
 * @key: with what it verifies what the broker signed: the public half, as base64
 * @secret: what its codes are made from, in base32
 *
 * What a terminal keeps, so as to get along without the broker.
 */
typedef struct
{
  gchar *name;
  gchar *key;
  FloeSecret *secret;
} FloeTrust;

void floe_trust_free (FloeTrust *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTrust, floe_trust_free)

FloeFleet *floe_fleet_new (FloeStore *store, FloeClock *clock, FloeSealKeys *keys);
void floe_fleet_stop (FloeFleet *self);

void floe_fleet_trust_async (FloeFleet *self, const FloeCaller *caller,
                             GAsyncReadyCallback callback, gpointer user_data);
FloeTrust *floe_fleet_trust_finish (FloeFleet *self, GAsyncResult *result, GError **error);
void floe_fleet_view_async (FloeFleet *self, const FloeCaller *caller, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
FloeTerminalView *floe_fleet_view_finish (FloeFleet *self, GAsyncResult *result, GError **error);
gchar *floe_fleet_sign (FloeFleet *self, const FloeSecret *text, GError **error);

void floe_fleet_beat_async (FloeFleet *self, const FloeCaller *caller,
                            const FloeTerminalReport *report, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
FloeTerminalView *floe_fleet_beat_finish (FloeFleet *self, GAsyncResult *result, GError **error);

void floe_fleet_unlock_async (FloeFleet *self, const FloeIdentity *actor, const gchar *name,
                              const gchar *challenge, GAsyncReadyCallback callback,
                              gpointer user_data);
FloeSecret *floe_fleet_unlock_finish (FloeFleet *self, GAsyncResult *result, GError **error);
void floe_fleet_unlocked_async (FloeFleet *self, const FloeCaller *caller, const gchar *challenge,
                                gint64 seconds_ago, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean floe_fleet_unlocked_finish (FloeFleet *self, GAsyncResult *result, GError **error);

G_END_DECLS
