/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-bulk.h"

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/rehearsal.h"

/* Transactions that wait for the store at the same time: log-ins want to get between them. */
#define AT_ONCE 8

/* One after the other. */

typedef struct
{
  FloeTransaction func; /* of a FloeAdminInput, to a FloeBulkItem */
  gboolean dry_run;
  GPtrArray *inputs;  /* FloeAdminInput, those that have not begun */
  GPtrArray *results; /* FloeBulkItem, in the order that was asked for; NULL while it runs */
  guint begun;
  guint running;
} Batch;

typedef struct
{
  GTask *task;
  guint place;
  gchar *subject;
} Turn;

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_ptr_array_unref (batch->inputs);
  g_ptr_array_unref (batch->results);
  g_free (batch);
}

/* What it changed goes to whoever acts on it. */
static void
hand_over (FloeHelpdesk *self, const FloeBulkItem *item)
{
  if (item->change != NULL)
    {
      floe_keeper_note_timer (self->keeper, item->change->due);
      floe_keeper_handle (self->keeper, item->change);
    }
  for (guint i = 0; item->desktops != NULL && i < item->desktops->len; i++)
    hand_over (self, item->desktops->pdata[i]);
}

static void go_on (GTask *task);

static void
turn_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Turn *turn = data;
  g_autoptr (GTask) task = turn->task;
  g_autofree gchar *subject = turn->subject;
  Batch *batch = g_task_get_task_data (task);
  GError *error = NULL;
  FloeBulkItem *item = floe_rehearse_finish (result, &error);

  if (item == NULL)
    {
      item = floe_bulk_item_new (subject);
      item->refusal = error;
    }
  else if (!batch->dry_run)
    hand_over (g_task_get_source_object (task), item);
  batch->results->pdata[turn->place] = item;
  batch->running--;
  go_on (task);
}

static void
go_on (GTask *task)
{
  FloeHelpdesk *self = g_task_get_source_object (task);
  Batch *batch = g_task_get_task_data (task);

  while (batch->running < AT_ONCE && batch->begun < batch->inputs->len)
    {
      guint place = batch->begun++;
      FloeAdminInput *input = g_steal_pointer (&batch->inputs->pdata[place]);
      Turn *turn = g_new0 (Turn, 1);

      turn->task = g_object_ref (task);
      turn->place = place;
      turn->subject = g_strdup (input->name);
      batch->running++;
      floe_rehearse_async (self->store, batch->dry_run, batch->func, input,
                           (GDestroyNotify)floe_admin_input_free,
                           (GDestroyNotify)floe_bulk_item_free, turn_ended, turn);
    }
  if (batch->running == 0 && batch->func == floe_helpdesk_record_move && !batch->dry_run)
    floe_keeper_refresh_pools (self->keeper);
  if (batch->running == 0)
    g_task_return_pointer (task, g_ptr_array_ref (batch->results),
                           (GDestroyNotify)g_ptr_array_unref);
}

static void
free_input (gpointer input)
{
  if (input != NULL)
    floe_admin_input_free (input);
}

static void
run (FloeHelpdesk *self, const FloeIdentity *actor, const FloeBulkWish *wish, FloeTransaction func,
     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Batch *batch = g_new0 (Batch, 1);

  batch->func = func;
  batch->dry_run = wish->dry_run;
  batch->inputs = g_ptr_array_new_with_free_func (free_input);
  batch->results = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_bulk_item_free);
  for (guint i = 0; wish->subjects[i] != NULL; i++)
    {
      FloeAdminInput *input = floe_helpdesk_input_new (self, actor, wish->subjects[i]);

      input->deed = wish->deed;
      input->act = wish->act;
      input->how = wish->how;
      input->message = g_strdup (wish->message);
      input->minutes = wish->minutes;
      input->source = g_strdup (wish->from);
      input->target = g_strdup (wish->to);
      input->of_group = wish->of_group;
      input->drain = wish->release;
      input->reason = g_strdup (wish->reason);
      g_ptr_array_add (batch->inputs, input);
    }
  g_ptr_array_set_size (batch->results, (gint)batch->inputs->len);
  g_task_set_task_data (task, batch, batch_free);
  go_on (task);
}

/* Desktops. */

static FloeDeed *
do_deed (FloeTx *tx, const FloeAdminInput *input, GError **error)
{
  switch (input->deed)
    {
    case FLOE_BULK_RELEASE:
      return floe_helpdesk_record_release (tx, input, error);
    case FLOE_BULK_MESSAGE:
      return floe_helpdesk_record_message (tx, input, error);
    case FLOE_BULK_MAINTAIN:
      return floe_helpdesk_record_maintenance (tx, input, error);
    case FLOE_BULK_OPEN:
      return floe_helpdesk_record_desktop_opening (tx, input, error);
    case FLOE_BULK_ACT:
    default:
      return floe_helpdesk_record_act (tx, input, error);
    }
}

/* Whatever refuses does so before it writes anything, so this transaction can be kept. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_INVALID)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

static gpointer
record_one (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input->name, error);
  g_autoptr (FloeBulkItem) item = floe_bulk_item_new (input->name);
  g_autoptr (FloeDeed) deed = NULL;
  GError *why = NULL;

  if (desktop == NULL)
    return NULL;
  item->name = g_strdup (desktop->name);
  item->holder = g_strdup (desktop->lease != NULL ? desktop->lease->holder_name : NULL);
  deed = do_deed (tx, input, &why);
  if (deed != NULL)
    {
      item->refusal = g_steal_pointer (&deed->refusal);
      item->change = g_steal_pointer (&deed->change);
    }
  else if (is_refusal (why))
    item->refusal = why;
  else
    {
      g_propagate_error (error, why);
      return NULL;
    }
  return g_steal_pointer (&item);
}

/**
 * floe_helpdesk_bulk_async:
 * @wish: what is done with which desktops
 *
 * Does something to several desktops, to each in a transaction of its own: what is refused for one
 * stops none of the others. In a dry run each is played through and undone.
 */
void
floe_helpdesk_bulk_async (FloeHelpdesk *self, const FloeIdentity *actor, const FloeBulkWish *wish,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  run (self, actor, wish, record_one, callback, user_data);
}

/**
 * floe_helpdesk_log_off_async:
 * @wish: who is logged off, and how far
 *
 * Ends people's log-ins, and what they have open; each of them in a transaction of their own.
 */
void
floe_helpdesk_log_off_async (FloeHelpdesk *self, const FloeIdentity *actor,
                             const FloeBulkWish *wish, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  run (self, actor, wish, floe_helpdesk_record_log_off, callback, user_data);
}

/**
 * floe_helpdesk_move_async:
 * @wish: who, or which groups, from where and to where
 *
 * Moves entitlements from one pool to another; each in a transaction of its own.
 */
void
floe_helpdesk_move_async (FloeHelpdesk *self, const FloeIdentity *actor, const FloeBulkWish *wish,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  run (self, actor, wish, floe_helpdesk_record_move, callback, user_data);
}

/**
 * floe_helpdesk_bulk_finish:
 *
 * Returns: (transfer full) (element-type FloeBulkItem): what came of each, in the order asked for
 */
GPtrArray *
floe_helpdesk_bulk_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
