/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "login/throttle.h"

G_BEGIN_DECLS

/* What the throttle does in the store, and what it decides. Inputs are owned copies. */

/**
 * FloeTryInput:
 * @uncounted: how many of that person's are under way of which the store does not know
 */
typedef struct
{
  FloeThrottlePolicy policy;
  gchar *name;
  gchar *like; /* see floe_throttle_name_like() */
  gchar *network;
  gchar *terminal; /* its certificate, or NULL */
  guint uncounted;
  gint64 now;
} FloeTryInput;

/**
 * FloeTryLeave:
 * @counts: what counted against it
 * @reserved: it is counted already
 * @refusal: (nullable): why it is not let through
 */
typedef struct
{
  FloeTryCounts counts;
  gboolean reserved;
  GError *refusal;
} FloeTryLeave;

typedef struct
{
  FloeTryOutcome outcome;
  gchar *name;
  gchar *like;
  gchar *network;
  gchar *terminal;   /* with floe_throttle_greet(): its certificate, or NULL */
  gchar *place;      /* else the terminal that it is, or NULL; see #FloeTryCounts */
  gchar *person;     /* whom the tries so far are counted for */
  gchar *user_id;    /* whose name it is, or NULL */
  gboolean reserved; /* it is counted already */
  gboolean met;
  gboolean loosely;
  gboolean stranger;
  gint64 now;
  gint64 since; /* see floe_throttle_policy_since() */
  gint64 network_since;
} FloeTrySettlement;

typedef struct
{
  gint64 before;
  gint64 unseen_since;
} FloeTryPrune;

gchar *floe_throttle_name_like (const gchar *name);
void floe_try_input_free (FloeTryInput *self);
void floe_try_leave_free (FloeTryLeave *self);
void floe_try_settlement_free (FloeTrySettlement *self);

gpointer floe_throttle_look (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_throttle_reserve (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_throttle_record (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_throttle_greet (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_throttle_forget (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTryLeave, floe_try_leave_free)

G_END_DECLS
