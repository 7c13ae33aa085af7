/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadow-acts.h"

#include <string.h>

#include "core/error.h"
#include "core/permit.h"

/* How long one that is over can still be looked up. */
#define KEEP_FOR G_TIME_SPAN_DAY
/* In all, since each of them is pictures that pass through a broker. */
#define MOST_AT_ONCE 64

void
floe_shadow_input_free (FloeShadowInput *self)
{
  floe_identity_free (self->identity);
  g_clear_pointer (&self->groups, floe_role_groups_unref);
  g_free (self->id);
  g_free (self->desktop_id);
  g_free (self->reason);
  g_free (self->broker);
  g_free (self->instead_of);
  g_free (self);
}

void
floe_shadowed_free (FloeShadowed *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->refusal);
  floe_shadow_free (self->shadow);
  floe_change_free (self->change);
  g_free (self);
}

static gboolean
put_row (FloeTx *tx, const FloeIdentity *identity, gint64 now, const FloeShadow *shadow,
         const gchar *action, const gchar *outcome, const gchar *detail, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (now, action, shadow->desktop, outcome);

  if (identity != NULL)
    floe_audit_set_identity (row, identity);
  row->detail = g_strdup (detail);
  return floe_tx_put_audit (tx, row, error);
}

/* What is kept of it, with its timer; streams hear of it as of every change of the desktop, here
 * and at other brokers. */
static gboolean
save (FloeTx *tx, const FloeShadow *shadow, FloeChange *change, GError **error)
{
  if (!floe_tx_put_shadow (tx, shadow, error)
      || !floe_tx_put_feed (tx, "desktop", shadow->desktop_id, error))
    return FALSE;
  return floe_shadow_is_open (shadow)
             ? floe_change_set_timer (change, tx, FLOE_SHADOW_TIMER, shadow->due, error)
             : floe_tx_delete_timer (tx, FLOE_SHADOW_TIMER, shadow->desktop_id, error);
}

/* Asking. */

static gboolean
is_seen (const FloeDesktop *desktop)
{
  return desktop->lease != NULL && desktop->facts.console == FLOE_CONSOLE_CONNECTED;
}

static gboolean
check_free (FloeTx *tx, const FloeDesktop *desktop, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) before = floe_tx_list_shadows (tx, desktop->id, error);
  g_autoptr (GPtrArray) all = before != NULL ? floe_tx_list_shadows (tx, NULL, error) : NULL;

  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < before->len; i++)
    {
      const FloeShadow *other = before->pdata[i];

      if (!floe_shadow_is_open (other) || other->due <= now)
        continue;
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "shadowed",
                             "%s has asked to see desktop %s already", other->helper_name,
                             desktop->name);
      return FALSE;
    }
  if (all->len < MOST_AT_ONCE)
    return TRUE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_BUSY, "too many screens are looked at");
  return FALSE;
}

static gboolean
permit (FloeTx *tx, const FloeShadowInput *in, const FloeDesktop *desktop, GError **error)
{
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, desktop->pool, error);

  return pool != NULL && floe_permit_pool (in->identity, FLOE_MAY_SHADOW, pool, error)
         && floe_permit_reason (in->identity, in->reason, error)
         && floe_permit_holder (tx, in->identity, in->groups, pool, desktop, error);
}

static FloeShadow *
shadow_new (const FloeShadowInput *in, const FloeDesktop *desktop)
{
  const FloeUser *user = in->identity->user;
  FloeShadow *shadow = g_new0 (FloeShadow, 1);

  shadow->id = g_uuid_string_random ();
  shadow->desktop_id = g_strdup (desktop->id);
  shadow->desktop = g_strdup (desktop->name);
  shadow->pool = g_strdup (desktop->pool);
  shadow->holder = g_strdup (desktop->lease->holder);
  shadow->holder_name = g_strdup (desktop->lease->holder_name);
  shadow->helper = g_strdup (user->id);
  shadow->helper_login = g_strdup (in->identity->login_id);
  shadow->helper_name = g_strdup (user->display_name != NULL ? user->display_name : user->name);
  shadow->reason = g_strdup (in->reason);
  shadow->asked = in->now;
  shadow->due = in->now + FLOE_SHADOW_ASK_FOR;
  return shadow;
}

static gpointer
refuse (FloeTx *tx, const FloeShadowInput *in, const FloeDesktop *desktop, GError *why,
        GError **error)
{
  g_autoptr (FloeShadowed) self = g_new0 (FloeShadowed, 1);
  g_autoptr (FloeAudit) row = floe_audit_new (in->now, "shadow", desktop->name, "denied");

  if (!g_error_matches (why, FLOE_ERROR, FLOE_ERROR_DENIED))
    {
      g_propagate_error (error, why);
      return NULL;
    }
  self->refusal = why;
  floe_audit_set_identity (row, in->identity);
  row->detail = g_strdup (why->message);
  return floe_tx_put_audit (tx, row, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * floe_shadow_record_ask:
 * @input: a #FloeShadowInput
 *
 * Somebody of the staff asks whoever sits at a desktop whether they may look.
 *
 * Returns: a #FloeShadowed; or %NULL with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT (reasons
 *   "nobody-there", "shadowed"), %FLOE_ERROR_INVALID without a reason where one is needed,
 *   %FLOE_ERROR_BUSY or a store's error
 */
gpointer
floe_shadow_record_ask (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeShadowInput *in = input;
  FloeDesktop *desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloeShadowed) done = g_new0 (FloeShadowed, 1);
  g_autofree gchar *detail = NULL;
  GError *why = NULL;

  if (desktop == NULL)
    return NULL;
  done->change = floe_change_new (desktop);
  if (!permit (tx, in, desktop, &why))
    return refuse (tx, in, desktop, why, error);
  if (!is_seen (desktop))
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "nobody-there",
                             "nobody sits at desktop %s now", desktop->name);
      return NULL;
    }
  if (!floe_tx_prune_shadows (tx, in->now - KEEP_FOR, error)
      || !check_free (tx, desktop, in->now, error))
    return NULL;
  done->shadow = shadow_new (in, desktop);
  detail = g_strdup_printf ("asks %s%s%s", done->shadow->holder_name,
                            in->reason != NULL ? ": " : "", in->reason != NULL ? in->reason : "");
  if (!put_row (tx, in->identity, in->now, done->shadow, "shadow", "intent", detail, error)
      || !save (tx, done->shadow, done->change, error))
    return NULL;
  return g_steal_pointer (&done);
}

/* What becomes of it. */

static gboolean
is_holders (FloeShadowStep step)
{
  return step == FLOE_SHADOW_ALLOW || step == FLOE_SHADOW_REFUSE
         || step == FLOE_SHADOW_ALLOW_CONTROL || step == FLOE_SHADOW_DENY_CONTROL
         || step == FLOE_SHADOW_STOP;
}

static gboolean
say_none (GError **error)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such shadow");
  return FALSE;
}

/* Who lets somebody look sits there now, in the client that says so. */
static gboolean
check_holder (const FloeShadowInput *in, const FloeShadow *shadow, const FloeDesktop *desktop,
              GError **error)
{
  if (g_strcmp0 (shadow->holder, in->identity->user->id) != 0)
    return say_none (error);
  if (in->step != FLOE_SHADOW_ALLOW && in->step != FLOE_SHADOW_ALLOW_CONTROL)
    return TRUE;
  if (floe_desktop_is_held_by (desktop, shadow->holder) && is_seen (desktop)
      && g_strcmp0 (desktop->lease->login_id, in->identity->login_id) == 0)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-open-here",
                         "desktop %s is not open there", desktop->name);
  return FALSE;
}

/* Others of its helpdesk may end what somebody forgot, and no more. */
static gboolean
check_helper (FloeTx *tx, const FloeIdentity *identity, const FloeShadow *shadow,
              gboolean others_too, GError **error)
{
  g_autoptr (FloePool) pool = NULL;

  if (g_strcmp0 (shadow->helper_login, identity->login_id) == 0)
    return TRUE;
  if (!others_too)
    return say_none (error);
  pool = floe_tx_get_pool (tx, shadow->pool, error);
  return pool != NULL && floe_permit_pool (identity, FLOE_MAY_SHADOW, pool, error);
}

static gboolean
check (FloeTx *tx, const FloeShadowInput *in, const FloeShadow *shadow, const FloeDesktop *desktop,
       GError **error)
{
  if (in->identity == NULL)
    return TRUE;
  if (is_holders (in->step))
    return check_holder (in, shadow, desktop, error);
  return check_helper (tx, in->identity, shadow, in->step == FLOE_SHADOW_LEAVE, error);
}

static gchar *
describe_end (const FloeShadow *shadow, const gchar *why)
{
  gint64 seconds = shadow->granted > 0 ? (shadow->ended - shadow->granted) / G_USEC_PER_SEC : 0;

  return g_strdup_printf ("%s saw it for %" G_GINT64_FORMAT " s; ended by the %s%s%s",
                          shadow->helper_name, seconds, shadow->ended_by, why != NULL ? ": " : "",
                          why != NULL ? why : "");
}

/* What the audit trail has of a step; nothing of one that only goes on. */
static gboolean
put_step (FloeTx *tx, const FloeShadowInput *in, const FloeShadow *before, const FloeShadow *shadow,
          GError **error)
{
  g_autofree gchar *detail = NULL;
  const gchar *action = "shadow-control";
  const gchar *outcome = "done";

  if (before->state != shadow->state && shadow->state == FLOE_SHADOW_GRANTED)
    {
      action = "shadow";
      detail = g_strdup_printf ("lets %s look", shadow->helper_name);
    }
  else if (before->state != shadow->state && shadow->state == FLOE_SHADOW_REFUSED)
    {
      action = "shadow";
      outcome = "denied";
      detail =
          g_strdup_printf (in->identity != NULL ? "does not let %s look" : "%s was not answered",
                           shadow->helper_name);
    }
  else if (before->state != shadow->state)
    {
      action = "shadow-end";
      detail = describe_end (shadow, in->reason);
    }
  else if (before->control == shadow->control)
    return TRUE;
  else if (shadow->control == FLOE_CONTROL_ASKED)
    {
      outcome = "intent";
      detail = g_strdup_printf ("asks %s", shadow->holder_name);
    }
  else if (shadow->control == FLOE_CONTROL_GRANTED)
    detail = g_strdup_printf ("lets %s type", shadow->helper_name);
  else if (before->control == FLOE_CONTROL_ASKED)
    {
      outcome = "denied";
      detail = g_strdup_printf ("does not let %s type", shadow->helper_name);
    }
  else
    detail = g_strdup_printf ("%s types no more", shadow->helper_name);
  return put_row (tx, in->identity, in->now, shadow, action, outcome, detail, error);
}

/* A broker that stood still for a while hears that its shadows are another's now. */
static gboolean
check_broker (const FloeShadowInput *in, const FloeShadow *shadow, GError **error)
{
  if (in->identity != NULL || in->broker == NULL || shadow->broker == NULL
      || strcmp (in->broker, shadow->broker) == 0
      || (in->step == FLOE_SHADOW_KEEP && g_strcmp0 (in->instead_of, shadow->broker) == 0))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "elsewhere", "another broker has it");
  return FALSE;
}

static gboolean
step (FloeTx *tx, const FloeShadowInput *in, FloeShadow *shadow, FloeChange *change, GError **error)
{
  g_autoptr (FloeShadow) before = floe_shadow_copy (shadow);

  if (!check_broker (in, shadow, error)
      || !floe_shadow_take_step (shadow, in->step, in->now, error))
    return FALSE;
  if (in->step == FLOE_SHADOW_ALLOW)
    {
      g_free (shadow->login_id);
      shadow->login_id = g_strdup (in->identity->login_id);
    }
  if (in->step == FLOE_SHADOW_ALLOW || in->step == FLOE_SHADOW_KEEP)
    {
      g_free (shadow->broker);
      shadow->broker = g_strdup (in->broker);
    }
  return put_step (tx, in, before, shadow, error) && save (tx, shadow, change, error);
}

/**
 * floe_shadow_record_step:
 * @input: a #FloeShadowInput
 *
 * Returns: a #FloeShadowed; or %NULL with the errors of floe_shadow_take_step(),
 *   %FLOE_ERROR_NOT_FOUND for one that is not the caller's, %FLOE_ERROR_CONFLICT (reason
 *   "not-open-here", or "elsewhere" for what a broker does that does not have it), or what a store
 *   says
 */
gpointer
floe_shadow_record_step (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeShadowInput *in = input;
  g_autoptr (FloeShadowed) done = g_new0 (FloeShadowed, 1);
  FloeDesktop *desktop;

  done->shadow = floe_tx_get_shadow (tx, in->id, error);
  if (done->shadow == NULL)
    return NULL;
  desktop = floe_tx_get_desktop (tx, done->shadow->desktop_id, error);
  if (desktop == NULL)
    return NULL;
  done->change = floe_change_new (desktop);
  if (!check (tx, in, done->shadow, desktop, error)
      || !step (tx, in, done->shadow, done->change, error))
    return NULL;
  return g_steal_pointer (&done);
}

/**
 * floe_shadow_come_due:
 * @change: of the desktop whose timer was due and is taken
 *
 * A question that nobody answered is refused; what no broker keeps is over.
 */
gboolean
floe_shadow_come_due (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  const FloeShadowInput in = { .step = FLOE_SHADOW_DUE, .now = now };
  g_autoptr (GPtrArray) all = floe_tx_list_shadows (tx, change->desktop->id, error);

  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      const FloeShadow *listed = all->pdata[i];
      g_autoptr (FloeShadow) shadow = NULL;

      if (!floe_shadow_is_open (listed))
        continue;
      shadow =
          floe_tx_get_shadow (tx, listed->id, error); /* for us alone, where there are others */
      if (shadow == NULL
          || (floe_shadow_is_open (shadow) && !step (tx, &in, shadow, change, error)))
        return FALSE;
    }
  return TRUE;
}

/* Looking. */

/**
 * floe_shadow_read:
 * @input: a #FloeShadowInput; without an identity for the broker itself
 *
 * Returns: a #FloeShadow, whole; or %NULL
 */
gpointer
floe_shadow_read (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeShadowInput *in = input;
  g_autoptr (FloeShadow) shadow = floe_tx_get_shadow (tx, in->id, error);

  if (shadow == NULL
      || (in->identity != NULL && !check_helper (tx, in->identity, shadow, TRUE, error)))
    return NULL;
  return g_steal_pointer (&shadow);
}

/**
 * floe_shadow_read_all:
 * @input: a #FloeShadowInput
 *
 * Returns: (element-type FloeShadow): those that are open in pools that the caller helps in, the
 *   newest first
 */
gpointer
floe_shadow_read_all (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeShadowInput *in = input;
  g_autoptr (GPtrArray) all = floe_tx_list_shadows (tx, NULL, error);

  for (guint i = all != NULL ? all->len : 0; i > 0; i--)
    {
      g_autoptr (GError) refusal = NULL;

      if (check_helper (tx, in->identity, all->pdata[i - 1], TRUE, &refusal))
        continue;
      if (!g_error_matches (refusal, FLOE_ERROR, FLOE_ERROR_DENIED)
          && !g_error_matches (refusal, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&refusal));
          return NULL;
        }
      g_ptr_array_remove_index (all, i - 1);
    }
  return g_steal_pointer (&all);
}
