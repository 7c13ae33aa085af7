/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/claim-parts.h"

#include <string.h>

#include "core/error.h"

/* What claims are made of, how they are run, and what somebody has already. */

/* The reconnect right ends with its lease; this is only its last resort. */
#define RECONNECT_SECONDS (7 * 24 * 3600)
/* Two connects of one person at two brokers may meet at a unique index: who loses looks again. */
#define MAX_TRIES 3

/**
 * floe_claim_new_reconnect_token:
 *
 * Returns: (transfer full): 256 bits, marked as what they are
 */
FloeSecret *
floe_claim_new_reconnect_token (void)
{
  return floe_secret_new_marked ("flr_", 32);
}

/**
 * floe_claim_input_new:
 * @wish: (nullable): %NULL for no particular one
 *
 * Returns: (transfer full): what floe_claim() wants
 */
FloeClaimInput *
floe_claim_input_new (const FloeIdentity *identity, const gchar *pool, const FloeConnectWish *wish,
                      gint64 now, const FloeTicket *ticket, const FloeSecret *reconnect)
{
  FloeClaimInput *input = g_new0 (FloeClaimInput, 1);

  if (wish != NULL)
    {
      input->another = wish->another;
      input->desktop_id = g_strdup (wish->desktop_id);
    }
  input->identity = floe_identity_copy (identity);
  input->pool = g_strdup (pool);
  input->now = now;
  input->ticket_until = ticket->valid_until;
  input->reconnect_hash = floe_secret_hash (reconnect);
  input->reconnect_ends = now + (gint64)RECONNECT_SECONDS * G_USEC_PER_SEC;
  return input;
}

void
floe_claim_input_free (FloeClaimInput *self)
{
  floe_identity_free (self->identity);
  g_free (self->pool);
  g_free (self->desktop_id);
  g_free (self->reconnect_hash);
  floe_domain_free (self->domain);
  g_free (self);
}

void
floe_claim_free (FloeClaim *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->refusal);
  floe_pool_free (self->asks_engine);
  g_strfreev (self->held);
  g_free (self->engine_token);
  floe_change_free (self->change);
  g_strfreev (self->actions);
  floe_policy_free (self->policy);
  g_free (self);
}

/**
 * floe_claim_list_held:
 *
 * Returns: (transfer full) (element-type FloeDesktop): those that somebody has in this pool: as
 *   many as it allows one person, a handful; or %NULL
 */
GPtrArray *
floe_claim_list_held (FloeTx *tx, const FloePool *pool, const gchar *user_id, GError **error)
{
  GPtrArray *desktops = floe_tx_list_desktops_of_user (tx, user_id, error);

  for (guint i = desktops != NULL ? desktops->len : 0; i > 0; i--)
    if (strcmp (((FloeDesktop *)desktops->pdata[i - 1])->pool, pool->name) != 0)
      g_ptr_array_remove_index (desktops, i - 1);
  return desktops;
}

static gboolean
has_slot (GPtrArray *held, guint slot)
{
  for (guint i = 0; i < held->len; i++)
    if (((FloeDesktop *)held->pdata[i])->lease->slot == slot)
      return TRUE;
  return FALSE;
}

/**
 * floe_claim_find_slot:
 * @held: (element-type FloeDesktop): what they have of it
 * @error: %FLOE_ERROR_CONFLICT (reason "limit-reached")
 *
 * Returns: the first of their slots that is free; 0 when they have as many as the pool allows
 */
guint
floe_claim_find_slot (const FloePool *pool, GPtrArray *held, GError **error)
{
  guint slot = 1;

  if (held->len >= MAX (pool->per_user, 1))
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "limit-reached",
                             "pool %s allows a user %u desktops, and they have %u", pool->name,
                             MAX (pool->per_user, 1), held->len);
      return 0;
    }
  while (has_slot (held, slot))
    slot++;
  return slot;
}

typedef struct
{
  FloeTransaction func;
  FloeClaimInput *input;
  guint tries;
} Claiming;

static void
claiming_free (gpointer data)
{
  Claiming *claiming = data;

  floe_claim_input_free (claiming->input);
  g_free (claiming);
}

static void claim_once (FloeStore *store, GTask *task);

static void
claimed_once (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Claiming *claiming = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  FloeClaim *claim = floe_store_finish (FLOE_STORE (source), result, &error);

  if (claim != NULL)
    g_task_return_pointer (task, claim, (GDestroyNotify)floe_claim_free);
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT)
           && ++claiming->tries < MAX_TRIES)
    claim_once (FLOE_STORE (source), task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
claim_once (FloeStore *store, GTask *task)
{
  Claiming *claiming = g_task_get_task_data (task);

  /* The task keeps the input until the store has answered. */
  floe_store_write_async (store, claiming->func, claiming->input, NULL,
                          (GDestroyNotify)floe_claim_free, claimed_once, g_object_ref (task));
}

/**
 * floe_claim_run_async:
 * @func: makes a claim out of @input
 * @input: (transfer full): who asks for what
 *
 * Runs it, again when another claim was faster: it then sees what that one took.
 */
void
floe_claim_run_async (FloeStore *store, FloeTransaction func, FloeClaimInput *input,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, NULL, callback, user_data);
  Claiming *claiming = g_new0 (Claiming, 1);

  claiming->func = func;
  claiming->input = input;
  g_task_set_source_tag (task, floe_claim_run_async);
  g_task_set_task_data (task, claiming, claiming_free);
  claim_once (store, task);
}

/**
 * floe_claim_async:
 * @store: where
 * @input: (transfer full): who asks for what
 *
 * Runs floe_claim(), again when another claim was faster: it then sees what that one took.
 */
void
floe_claim_async (FloeStore *store, FloeClaimInput *input, GAsyncReadyCallback callback,
                  gpointer user_data)
{
  floe_claim_run_async (store, floe_claim, input, callback, user_data);
}

/**
 * floe_claim_finish:
 *
 * Returns: (transfer full): as floe_claim() does
 */
FloeClaim *
floe_claim_finish (FloeStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
