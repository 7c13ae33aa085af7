/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloePostKeys:
 *
 * The port for what letters between brokers are sealed with. An address is what others seal letters
 * with that only its owner opens, so nothing has to be set up for it. Who can only read the store
 * learns nothing; who can write to it could have letters sealed for themselves, as they could make
 * themselves anything.
 */
#define FLOE_TYPE_POST_KEYS (floe_post_keys_get_type ())
G_DECLARE_INTERFACE (FloePostKeys, floe_post_keys, FLOE, POST_KEYS, GObject)

struct _FloePostKeysInterface
{
  GTypeInterface parent_iface;

  const gchar *(*get_address) (FloePostKeys *self);
  gchar *(*seal) (FloePostKeys *self, const gchar *recipient, const FloeSecret *text,
                  GError **error);
  FloeSecret *(*open) (FloePostKeys *self, const gchar *sender, const gchar *sealed,
                       GError **error);
};

const gchar *floe_post_keys_get_address (FloePostKeys *self);
gchar *floe_post_keys_seal (FloePostKeys *self, const gchar *recipient, const FloeSecret *text,
                            GError **error);
FloeSecret *floe_post_keys_open (FloePostKeys *self, const gchar *sender, const gchar *sealed,
                                 GError **error);

/**
 * FloePost:
 *
 * Letters between the brokers of a store, by its table of them. It is looked into while something
 * is expected: every 40 ms for fifteen seconds after a letter came or went, four times a second
 * while this broker listens, and else not at all. A letter comes once at most, and none is kept for
 * a broker that is gone; two that are written at a time may change places.
 *
 * Signals, on the main thread:
 * - "letter" (const gchar *sender, FloeSecret *text): from another broker.
 * - "deaf" (const gchar *recipient): a letter to that address was seen to lie there for three
 *   seconds, and all to it are thrown away: its broker is gone, or stands still.
 */
#define FLOE_TYPE_POST (floe_post_get_type ())
G_DECLARE_FINAL_TYPE (FloePost, floe_post, FLOE, POST, GObject)

FloePost *floe_post_new (FloeStore *store, FloeClock *clock, FloePostKeys *keys);
void floe_post_stop (FloePost *self);
const gchar *floe_post_get_address (FloePost *self);
gboolean floe_post_send (FloePost *self, const gchar *recipient, const FloeSecret *text,
                         GError **error);
void floe_post_set_listening (FloePost *self, gboolean listening);

G_END_DECLS
