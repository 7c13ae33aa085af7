/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/claim.h"

G_BEGIN_DECLS

/* Who was not heard of for so long has left the line, and within this time of being served they
 * must come; microseconds. */
#define FLOE_LINE_SILENCE (3 * 60 * G_USEC_PER_SEC)

/**
 * FloeLineInput:
 * @pool: whose line
 * @identity: (nullable): who leaves it
 * @heard: (nullable) (element-type utf8): the ids of those who are heard of right now
 * @now: microseconds since 1970 UTC
 *
 * What the line's transactions are given.
 */
typedef struct
{
  gchar *pool;
  FloeIdentity *identity;
  GHashTable *heard;
  gint64 now;
} FloeLineInput;

FloeLineInput *floe_line_input_new (const gchar *pool, gint64 now);
void floe_line_input_free (FloeLineInput *self);

/**
 * FloeLineServed:
 * @user_id: (nullable): who got a desktop; %NULL when nobody did
 * @change: (nullable): what became of that desktop
 * @gone: (array zero-terminated=1): ids of those who were ahead and had left, or may not have one
 *   any more
 * @more: there may be more to do: ask again
 *
 * What came of a desktop that may have become free.
 */
typedef struct
{
  gchar *user_id;
  FloeChange *change;
  GStrv gone;
  gboolean more;
} FloeLineServed;

void floe_line_served_free (FloeLineServed *self);

/* A claim looks at so many places at most, however long the line is. */
#define FLOE_LINE_CLAIM_LOOKS_AT 4

gboolean floe_line_must_wait (FloeTx *tx, const gchar *pool, const gchar *user_id, gint64 now,
                              gboolean *must, gboolean *in_line, GError **error);
gboolean floe_line_join (FloeTx *tx, const gchar *pool, const FloeIdentity *identity, gint64 now,
                         GError **error);
GPtrArray *floe_line_list (FloeTx *tx, const gchar *pool_name, guint limit, GError **error);
gpointer floe_line_serve (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_line_leave (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_line_read (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_line_read_desktop (FloeTx *tx, gconstpointer id, GError **error);
gpointer floe_line_hear (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_line_revive (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLineServed, floe_line_served_free)

G_END_DECLS
