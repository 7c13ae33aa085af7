/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/webhooks.h"

#include <string.h>

#include "core/error.h"

#define SECRET_BYTES 32

struct _FloeWebhooks
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  FloeSealKeys *keys; /* NULL where there are none */
};

G_DEFINE_FINAL_TYPE (FloeWebhooks, floe_webhooks, G_TYPE_OBJECT)

typedef struct
{
  FloeIdentity *actor;
  FloeWebhook *hook;
  gint64 now;
} Change;

static Change *
change_new (FloeWebhooks *self, const FloeIdentity *actor, FloeWebhook *hook)
{
  Change *change = g_new0 (Change, 1);

  change->actor = floe_identity_copy (actor);
  change->hook = hook;
  change->now = floe_clock_now (self->clock);
  return change;
}

static void
change_free (Change *change)
{
  floe_identity_free (change->actor);
  floe_webhook_free (change->hook);
  g_free (change);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer value = floe_store_finish (FLOE_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, NULL);
}

static gpointer
read_all (FloeTx *tx, gconstpointer data, GError **error)
{
  return floe_tx_list_webhooks (tx, error);
}

void
floe_webhooks_list_async (FloeWebhooks *self, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_webhooks_list_async);
  floe_store_read_async (self->store, read_all, NULL, NULL, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, answered, task);
}

/**
 * floe_webhooks_list_finish:
 *
 * Returns: (transfer full) (element-type FloeWebhook): all, by name; or %NULL with a store's error
 */
GPtrArray *
floe_webhooks_list_finish (FloeWebhooks *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static const FloeWebhook *
find (GPtrArray *all, const gchar *name)
{
  for (guint i = 0; i < all->len; i++)
    if (strcmp (((const FloeWebhook *)all->pdata[i])->name, name) == 0)
      return all->pdata[i];
  return NULL;
}

static gboolean
put_row (FloeTx *tx, const Change *change, const gchar *action, const FloeWebhook *hook,
         GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (change->now, action, hook->name, "done");
  g_auto (GStrv) events = floe_hook_events_list (hook->events);
  g_autofree gchar *list = g_strjoinv (" ", events);

  floe_audit_set_identity (row, change->actor);
  row->detail = g_strdup_printf ("%s of %s", hook->url, list);
  return floe_tx_put_audit (tx, row, error);
}

static gboolean
check_room (GPtrArray *all, const gchar *name, GError **error)
{
  if (find (all, name) != NULL)
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "name-taken",
                             "there is a webhook \"%s\" already", name);
      return FALSE;
    }
  if (all->len < FLOE_MAX_WEBHOOKS)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "too-many-webhooks",
                         "there are %d webhooks already; remove one first", FLOE_MAX_WEBHOOKS);
  return FALSE;
}

/* What happened before is not told. */
static gboolean
find_end (FloeTx *tx, gint64 *end, GError **error)
{
  const FloeAuditFilter newest = { .limit = 1 };
  g_autoptr (GPtrArray) rows = floe_tx_list_audit (tx, &newest, error);

  if (rows == NULL)
    return FALSE;
  *end = rows->len > 0 ? ((const FloeAudit *)rows->pdata[0])->id : 0;
  return TRUE;
}

static gpointer
record_add (FloeTx *tx, gconstpointer data, GError **error)
{
  const Change *change = data;
  g_autoptr (FloeWebhook) hook = floe_webhook_copy (change->hook);
  g_autoptr (GPtrArray) all =
      floe_tx_lock_edits (tx, error) ? floe_tx_list_webhooks (tx, error) : NULL;

  hook->by = g_strdup (change->actor->user->name);
  hook->created = change->now;
  if (all == NULL || !check_room (all, hook->name, error) || !find_end (tx, &hook->told, error))
    return NULL;
  return floe_tx_put_webhook (tx, hook, error) && put_row (tx, change, "webhook", hook, error)
             ? g_steal_pointer (&hook)
             : NULL;
}

/* seal: makes its secret, which is kept sealed only */
static FloeSecret *
seal (FloeWebhooks *self, FloeWebhook *hook, GError **error)
{
  g_autofree gchar *owner = floe_webhook_owner (hook);
  g_autoptr (FloeSecret) secret = NULL;

  if (!floe_webhook_validate (hook, error))
    return NULL;
  if (self->keys == NULL)
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "no-webhook-key",
                             "the broker has no key_file in [webhooks]");
      return NULL;
    }
  secret = floe_secret_new_random (SECRET_BYTES);
  hook->sealed = floe_seal_keys_seal (self->keys, secret, owner, error);
  return hook->sealed != NULL ? g_steal_pointer (&secret) : NULL;
}

/**
 * floe_webhooks_add_async:
 * @hook: with a name, an address and events
 */
void
floe_webhooks_add_async (FloeWebhooks *self, const FloeIdentity *actor, const FloeWebhook *hook,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (FloeWebhook) sealed = floe_webhook_copy (hook);
  GError *error = NULL;
  FloeSecret *secret = seal (self, sealed, &error);

  g_task_set_source_tag (task, floe_webhooks_add_async);
  if (secret == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, secret, (GDestroyNotify)floe_secret_unref);
  floe_store_write_async (
      self->store, record_add, change_new (self, actor, g_steal_pointer (&sealed)),
      (GDestroyNotify)change_free, (GDestroyNotify)floe_webhook_free, answered, task);
}

/**
 * floe_webhooks_add_finish:
 * @secret: (out) (transfer full): what it is signed with, shown this once
 *
 * Returns: (transfer full): as it is now; or %NULL with %FLOE_ERROR_INVALID, %FLOE_ERROR_CONFLICT
 *   (reason "name-taken", "too-many-webhooks" or "no-webhook-key"), or a store's error
 */
FloeWebhook *
floe_webhooks_add_finish (FloeWebhooks *self, GAsyncResult *result, FloeSecret **secret,
                          GError **error)
{
  FloeWebhook *hook = g_task_propagate_pointer (G_TASK (result), error);

  if (hook != NULL)
    *secret = floe_secret_ref (g_task_get_task_data (G_TASK (result)));
  return hook;
}

static FloeWebhook *
find_copy (FloeTx *tx, const gchar *name, GError **error)
{
  g_autoptr (GPtrArray) all = floe_tx_list_webhooks (tx, error);
  const FloeWebhook *found = all != NULL ? find (all, name) : NULL;

  if (all != NULL && found == NULL)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no webhook \"%s\"", name);
  return found != NULL ? floe_webhook_copy (found) : NULL;
}

static gpointer
record_drop (FloeTx *tx, gconstpointer data, GError **error)
{
  const Change *change = data;
  g_autoptr (FloeWebhook) hook = find_copy (tx, change->hook->name, error);

  return hook != NULL && floe_tx_drop_webhook (tx, hook->name, error)
                 && put_row (tx, change, "webhook-drop", hook, error)
             ? g_steal_pointer (&hook)
             : NULL;
}

/* What is behind it waits no longer either. */
static gpointer
record_test (FloeTx *tx, gconstpointer data, GError **error)
{
  const Change *change = data;
  g_autoptr (FloeWebhook) hook = find_copy (tx, change->hook->name, error);

  if (hook == NULL)
    return NULL;
  hook->not_before = 0;
  return floe_tx_note_webhook (tx, hook, error) && put_row (tx, change, FLOE_HOOK_TEST, hook, error)
             ? g_steal_pointer (&hook)
             : NULL;
}

static void
change_async (FloeWebhooks *self, FloeTransaction func, const FloeIdentity *actor,
              const gchar *name, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  floe_store_write_async (
      self->store, func, change_new (self, actor, floe_webhook_new (name, "", 0)),
      (GDestroyNotify)change_free, (GDestroyNotify)floe_webhook_free, answered, task);
}

void
floe_webhooks_drop_async (FloeWebhooks *self, const FloeIdentity *actor, const gchar *name,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  change_async (self, record_drop, actor, name, callback, user_data);
}

/**
 * floe_webhooks_drop_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, or a store's error
 */
gboolean
floe_webhooks_drop_finish (FloeWebhooks *self, GAsyncResult *result, GError **error)
{
  g_autoptr (FloeWebhook) dropped = g_task_propagate_pointer (G_TASK (result), error);

  return dropped != NULL;
}

/**
 * floe_webhooks_test_async:
 *
 * Has it told something at once, by whichever broker tells it, on the way that everything takes;
 * what comes of it is in the webhook then.
 */
void
floe_webhooks_test_async (FloeWebhooks *self, const FloeIdentity *actor, const gchar *name,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  change_async (self, record_test, actor, name, callback, user_data);
}

/**
 * floe_webhooks_test_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, or a store's error
 */
gboolean
floe_webhooks_test_finish (FloeWebhooks *self, GAsyncResult *result, GError **error)
{
  return floe_webhooks_drop_finish (self, result, error);
}

/**
 * floe_webhooks_open:
 *
 * Returns: (transfer full): what it is signed with; or %NULL where no key opens it
 */
FloeSecret *
floe_webhooks_open (FloeWebhooks *self, const FloeWebhook *hook, GError **error)
{
  g_autofree gchar *owner = floe_webhook_owner (hook);
  gboolean old;

  if (self->keys != NULL)
    return floe_seal_keys_open (self->keys, hook->sealed, owner, &old, error);
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "no-webhook-key",
                         "the broker has no key_file in [webhooks]");
  return NULL;
}

static void
floe_webhooks_finalize (GObject *object)
{
  FloeWebhooks *self = FLOE_WEBHOOKS (object);

  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_clear_pointer (&self->keys, floe_seal_keys_unref);
  G_OBJECT_CLASS (floe_webhooks_parent_class)->finalize (object);
}

static void
floe_webhooks_class_init (FloeWebhooksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_webhooks_finalize;
}

static void
floe_webhooks_init (FloeWebhooks *self)
{
}

/**
 * floe_webhooks_new:
 * @keys: (nullable): what their secrets are sealed with
 *
 * Returns: (transfer full): them
 */
FloeWebhooks *
floe_webhooks_new (FloeStore *store, FloeClock *clock, FloeSealKeys *keys)
{
  FloeWebhooks *self = g_object_new (FLOE_TYPE_WEBHOOKS, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->keys = keys != NULL ? floe_seal_keys_ref (keys) : NULL;
  return self;
}
