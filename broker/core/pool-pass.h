/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool-plan.h"
#include "core/transition.h"

G_BEGIN_DECLS

/* The two transactions of one pass over a pool: one reads what there is, off the way of those that
 * write; one records what the plan made of it. */

/**
 * FloePoolPicture:
 * @pool: (nullable): the pool; %NULL when there is none of that name any more
 * @counts: (element-type FloeDesktopCount): its desktops
 * @revisions: (element-type FloeRevision): of its template
 * @images: (element-type FloeImage): where they are
 * @hosts: (element-type FloeHostNote): what is noted of hosts
 * @state: what is remembered of it
 * @waiting: how many people stand in line for it
 * @canary: the revision that is tried; 0 for none
 * @needs: (element-type FloePlanNeed): which hosts some of them need, by name
 * @waits: (element-type FloeWait): keeps these names
 * @installation: (nullable): see floe_tx_get_installation()
 * @stuck: (element-type FloeDesktop): see floe_stuck_list()
 * @late: (element-type utf8): ids of desktops that should be ready and are not
 */
typedef struct
{
  FloePool *pool;
  GPtrArray *counts;
  GPtrArray *revisions;
  GPtrArray *images;
  GPtrArray *hosts;
  FloePoolState *state;
  guint waiting;
  guint canary;
  GArray *needs;
  GPtrArray *waits;
  gchar *installation;
  GPtrArray *stuck;
  GPtrArray *late;
} FloePoolPicture;

void floe_pool_picture_free (FloePoolPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePoolPicture, floe_pool_picture_free)

/**
 * FloePassInput:
 * @pool: its name
 * @now: microseconds since 1970 UTC
 * @steps: (nullable) (element-type FloeStep): what to record; owns the names in them
 * @names: (nullable): keeps those names
 * @canary: as in the picture
 * @late: (nullable) (element-type utf8): likewise
 * @note: (nullable): what the keeper says of the pool now
 * @foreign: (nullable): names that are taken, see floe_foreign_names_find()
 */
typedef struct
{
  gchar *pool;
  gint64 now;
  GArray *steps;
  GStringChunk *names;
  guint canary;
  GPtrArray *late;
  gchar *note;
  GHashTable *foreign;
} FloePassInput;

FloePassInput *floe_pass_input_new (const gchar *pool, gint64 now);
void floe_pass_input_add (FloePassInput *self, const FloeStep *step);
void floe_pass_input_free (FloePassInput *self);

gpointer floe_pass_read (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_pass_record (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_pass_list_pools (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
