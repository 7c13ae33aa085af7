/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/own-acts.h"

#include "core/claim.h"
#include "core/desktop-acts.h"
#include "core/error.h"

/* All but a fresh one, which is a claim. A restart is no end: the one who asked for it comes back
 * by themselves. */
static const struct
{
  FloeDesktopAct act;
  const gchar *end_reason;
} acts[] = {
  [FLOE_OWN_RESTART] = { FLOE_DESKTOP_RESTART, NULL },
  [FLOE_OWN_SHUT_DOWN] = { FLOE_DESKTOP_SHUT_DOWN, "powered-off" },
  [FLOE_OWN_FORCE_OFF] = { FLOE_DESKTOP_FORCE_OFF, "powered-off" },
};

FloeOwnActInput *
floe_own_act_input_new (const FloeIdentity *identity, const gchar *desktop_id, FloeOwnAct act,
                        gint64 now)
{
  FloeOwnActInput *self = g_new0 (FloeOwnActInput, 1);

  self->own = floe_own_input_new (identity, desktop_id, now);
  self->act = act;
  return self;
}

void
floe_own_act_input_free (FloeOwnActInput *self)
{
  floe_own_input_free (self->own);
  g_free (self);
}

void
floe_own_acted_free (FloeOwnActed *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->refusal);
  floe_change_free (self->change);
  floe_change_free (self->fresh);
  g_free (self);
}

/* The pool as it is now decides, and not what a client was told when it connected. */
static gboolean
check (FloeTx *tx, const FloeDesktop *desktop, const FloeOwnActInput *in, GError **error)
{
  g_autoptr (FloePool) pool = NULL;

  if (!floe_desktop_is_held_by (desktop, in->own->identity->user->id))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such desktop");
      return FALSE;
    }
  pool = floe_tx_get_pool (tx, desktop->pool, error);
  if (pool == NULL)
    return FALSE;
  if (g_strv_contains ((const gchar *const *)pool->actions, floe_own_act_name (in->act)))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "action-not-allowed",
                         "pool %s does not let its people do that", pool->name);
  return FALSE;
}

static gboolean
put_row (FloeTx *tx, const FloeOwnActInput *in, const FloeDesktop *desktop, const gchar *outcome,
         const gchar *detail, GError **error)
{
  const FloeCause cause = { .now = in->own->now, .identity = in->own->identity, .detail = detail };
  g_autofree gchar *action = g_strconcat ("desktop-", floe_own_act_name (in->act), NULL);
  g_autoptr (FloeAudit) row = floe_cause_audit (&cause, action, desktop->name, outcome);

  return floe_tx_put_audit (tx, row, error);
}

static gboolean
run_act (FloeTx *tx, const FloeOwnActInput *in, FloeOwnActed *acted, const FloeDesktop *desktop,
         GError **error)
{
  const FloeCause cause = { .now = in->own->now,
                            .identity = in->own->identity,
                            .end_reason = acts[in->act].end_reason };

  acted->change = floe_change_new (floe_desktop_copy (desktop));
  return floe_desktop_act_run (acted->change, tx, acts[in->act].act, &cause, error)
         && floe_change_save (acted->change, tx, error);
}

static gboolean
run (FloeTx *tx, const FloeOwnActInput *in, FloeOwnActed *acted, const FloeDesktop *desktop,
     GError **error)
{
  return in->act == FLOE_OWN_FRESH ? floe_claim_fresh (tx, desktop, in->own->identity, in->own->now,
                                                       &acted->change, &acted->fresh, error)
                                   : run_act (tx, in, acted, desktop, error);
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
}

/**
 * floe_own_act:
 * @input: a #FloeOwnActInput
 *
 * Returns: (transfer full): a #FloeOwnActed, whose refusal is %FLOE_ERROR_DENIED (reason
 *   "action-not-allowed", or "not-from-here" for a fresh one) or %FLOE_ERROR_EXHAUSTED (others
 *   stand in line for a fresh one, or the pool is closed); or %NULL with %FLOE_ERROR_NOT_FOUND,
 *   %FLOE_ERROR_CONFLICT when it does not fit what the desktop is doing, or a store's error
 */
gpointer
floe_own_act (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeOwnActInput *in = input;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, in->own->desktop_id, error);
  g_autoptr (FloeOwnActed) acted = g_new0 (FloeOwnActed, 1);
  g_autoptr (GError) why = NULL;

  if (desktop == NULL)
    return NULL;
  if (check (tx, desktop, in, &why) && run (tx, in, acted, desktop, &why))
    return put_row (tx, in, desktop, "done", NULL, error) ? g_steal_pointer (&acted) : NULL;
  if (!is_refusal (why))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return NULL;
    }
  if (!put_row (tx, in, desktop, "denied", why->message, error))
    return NULL;
  acted->refusal = g_steal_pointer (&why);
  return g_steal_pointer (&acted);
}
