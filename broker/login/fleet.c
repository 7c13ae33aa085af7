/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/fleet-private.h"

#include "core/error.h"
#include "login/totp.h"

/* The key that all brokers of one store sign with. */
#define SIGNING_KEY "terminal-settings"

G_DEFINE_FINAL_TYPE (FloeFleet, floe_fleet, G_TYPE_OBJECT)

void
floe_trust_free (FloeTrust *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->key);
  g_clear_pointer (&self->secret, floe_secret_unref);
  g_free (self);
}

FloeFleetInput *
floe_fleet_input_new (FloeFleet *self, const FloeCaller *caller)
{
  FloeFleetInput *in = g_new0 (FloeFleetInput, 1);

  in->caller = caller != NULL ? floe_caller_copy (caller) : NULL;
  in->keys = self->keys != NULL ? floe_seal_keys_ref (self->keys) : NULL;
  in->now = floe_clock_now (self->clock);
  return in;
}

void
floe_fleet_input_free (FloeFleetInput *self)
{
  g_clear_pointer (&self->caller, floe_caller_free);
  floe_identity_free (self->actor);
  g_clear_pointer (&self->keys, floe_seal_keys_unref);
  g_free (self->name);
  g_free (self->challenge);
  g_free (self->signing);
  g_clear_pointer (&self->secret, floe_secret_unref);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_free (self);
}

/* floe_fleet_has_certificate: takes @task when the caller has none */
gboolean
floe_fleet_has_certificate (GTask *task, const FloeCaller *caller)
{
  GError *error = NULL;

  if (caller->terminal != NULL)
    return TRUE;
  floe_set_error_reason (&error, FLOE_ERROR_NOT_FOUND, "no-certificate",
                         "this needs a terminal's certificate on the connection");
  g_task_return_error (task, error);
  g_object_unref (task);
  return FALSE;
}

/* floe_fleet_has_keys: takes @task when there are none */
gboolean
floe_fleet_has_keys (FloeFleet *self, GTask *task)
{
  GError *error = NULL;

  if (self->keys != NULL)
    return TRUE;
  floe_set_error_reason (&error, FLOE_ERROR_NOT_FOUND, "no-terminal-key",
                         "the broker has no key_file in [terminals], so it signs nothing and makes"
                         " no codes for terminals");
  g_task_return_error (task, error);
  g_object_unref (task);
  return FALSE;
}

/**
 * floe_fleet_find_terminal:
 *
 * Returns: (transfer full): the terminal that asks; or %NULL with %FLOE_ERROR_NOT_FOUND (reason
 *   "unknown-terminal") or a store's error
 */
FloeTerminal *
floe_fleet_find_terminal (FloeTx *tx, const FloeFleetInput *in, GError **error)
{
  g_autoptr (GError) why = NULL;
  FloeTerminal *terminal = floe_tx_find_terminal (tx, in->caller->terminal, &why);

  if (terminal != NULL)
    return terminal;
  if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "unknown-terminal",
                           "no terminal has this certificate");
  else
    g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

/* The owner that a terminal's secret is sealed for. */
gchar *
floe_fleet_secret_owner (const gchar *name)
{
  return g_strconcat (FLOE_TERMINAL_USER, name, NULL);
}

FloeSecret *
floe_fleet_open (const FloeSealKeys *keys, const gchar *sealed, const gchar *owner, GError **error)
{
  g_autoptr (GError) why = NULL;
  gboolean old;
  FloeSecret *plain = floe_seal_keys_open (keys, sealed, owner, &old, &why);

  if (plain == NULL)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "terminal-key",
                           "the key_file of [terminals] does not open it: %s", why->message);
  return plain;
}

/* The signing key. Each broker makes one when it first needs it, and goes by the one that is
 * kept. */

static gboolean
has_signing (FloeFleet *self, FloeFleetInput *in, GError **error)
{
  g_autoptr (FloeSecret) text = NULL;

  if (self->signing != NULL)
    return TRUE;
  text = floe_signing_key_make (error);
  if (text != NULL)
    in->signing = floe_seal_keys_seal (self->keys, text, SIGNING_KEY, error);
  return in->signing != NULL;
}

static gboolean
take_signing (FloeFleet *self, const gchar *sealed, GError **error)
{
  g_autoptr (FloeSecret) text = NULL;

  if (self->signing != NULL)
    return TRUE;
  text = floe_fleet_open (self->keys, sealed, SIGNING_KEY, error);
  if (text != NULL)
    self->signing = floe_signing_key_new (text, error);
  return self->signing != NULL;
}

/* Giving a terminal what it keeps. */

typedef struct
{
  gchar *name;
  gchar *signing;
} Given;

static void
given_free (Given *given)
{
  if (given == NULL)
    return;
  g_free (given->name);
  g_free (given->signing);
  g_free (given);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Given, given_free)

static gboolean
put_trust_row (FloeTx *tx, const FloeFleetInput *in, const FloeTerminal *terminal, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (in->now, "terminal-trust", terminal->name, "done");

  floe_audit_set_caller (row, in->caller);
  g_free (row->actor);
  row->actor = g_strconcat (FLOE_TERMINAL_USER, terminal->name, NULL);
  return floe_tx_put_audit (tx, row, error);
}

/* Returns: (transfer full): a Given */
static gpointer
record_trust (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeFleetInput *in = input;
  g_autoptr (FloeTerminal) terminal = floe_fleet_find_terminal (tx, in, error);
  g_autoptr (Given) given = g_new0 (Given, 1);
  g_autofree gchar *owner = NULL;
  g_autofree gchar *sealed = NULL;

  if (terminal == NULL)
    return NULL;
  given->name = g_strdup (terminal->name);
  given->signing = floe_tx_keep_sealed (tx, SIGNING_KEY, in->signing, error);
  owner = floe_fleet_secret_owner (terminal->name);
  sealed = floe_seal_keys_seal (in->keys, in->secret, owner, error);
  return given->signing != NULL && sealed != NULL
                 && floe_tx_put_unlock_secret (tx, terminal->name, sealed, error)
                 && put_trust_row (tx, in, terminal, error)
             ? g_steal_pointer (&given)
             : NULL;
}

static void
trusted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeFleet *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (Given) given = floe_store_finish (FLOE_STORE (source), result, &error);
  FloeTrust *trust;

  if (given == NULL || !take_signing (self, given->signing, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  trust = g_new0 (FloeTrust, 1);
  trust->name = g_strdup (given->name);
  trust->key = g_strdup (floe_signing_key_get_public (self->signing));
  trust->secret = floe_totp_to_base32 (g_task_get_task_data (task));
  g_task_return_pointer (task, trust, (GDestroyNotify)floe_trust_free);
}

/**
 * floe_fleet_trust_async:
 *
 * Gives a terminal what it verifies settings with, and a new secret for codes: those that came from
 * an older one are good no more. Once begun it goes on to its end, whether anybody waits or not.
 */
void
floe_fleet_trust_async (FloeFleet *self, const FloeCaller *caller, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeFleetInput *in;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_fleet_trust_async);
  if (!floe_fleet_has_certificate (task, caller) || !floe_fleet_has_keys (self, task))
    return;
  in = floe_fleet_input_new (self, caller);
  in->secret = floe_totp_new_secret ();
  g_task_set_task_data (task, floe_secret_ref (in->secret), (GDestroyNotify)floe_secret_unref);
  if (!has_signing (self, in, &error))
    {
      floe_fleet_input_free (in);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  floe_store_write_async (self->store, record_trust, in, (GDestroyNotify)floe_fleet_input_free,
                          (GDestroyNotify)given_free, trusted, task);
}

/**
 * floe_fleet_trust_finish:
 *
 * Returns: (transfer full): what it keeps; or %NULL with %FLOE_ERROR_NOT_FOUND (reason
 *   "no-certificate", "unknown-terminal" or "no-terminal-key"), %FLOE_ERROR_UNAVAILABLE
 *   ("terminal-key") or a store's error
 */
FloeTrust *
floe_fleet_trust_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Settings. */

/**
 * floe_fleet_read_view:
 * @input: a #FloeFleetInput
 *
 * Returns: (transfer full): the #FloeTerminalView of the terminal that asks
 */
gpointer
floe_fleet_read_view (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeTerminal) terminal = floe_fleet_find_terminal (tx, input, error);

  return terminal != NULL ? floe_terminal_view_read (tx, terminal, error) : NULL;
}

typedef struct
{
  FloeTerminalView *view;
  gchar *signing;
} Seen;

static void
seen_free (Seen *seen)
{
  if (seen == NULL)
    return;
  floe_terminal_view_free (seen->view);
  g_free (seen->signing);
  g_free (seen);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seen, seen_free)

/* Returns: (transfer full): a Seen */
static gpointer
read_signed (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (Seen) seen = g_new0 (Seen, 1);
  g_autoptr (GError) why = NULL;

  seen->view = floe_fleet_read_view (tx, input, error);
  if (seen->view == NULL)
    return NULL;
  seen->signing = floe_tx_keep_sealed (tx, SIGNING_KEY, NULL, &why);
  if (seen->signing != NULL)
    return g_steal_pointer (&seen);
  if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_set_error_reason (
        error, FLOE_ERROR_NOT_FOUND, "no-trust",
        "no terminal has what it verifies settings with; it asks for that first");
  else
    g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

static void
viewed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeFleet *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (Seen) seen = floe_store_finish (FLOE_STORE (source), result, &error);

  if (seen == NULL || !take_signing (self, seen->signing, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&seen->view),
                           (GDestroyNotify)floe_terminal_view_free);
}

/**
 * floe_fleet_view_async:
 *
 * Tells a terminal what it is to go by, which floe_fleet_sign() can then sign.
 */
void
floe_fleet_view_async (FloeFleet *self, const FloeCaller *caller, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_fleet_view_async);
  if (floe_fleet_has_certificate (task, caller) && floe_fleet_has_keys (self, task))
    floe_store_read_async (self->store, read_signed, floe_fleet_input_new (self, caller),
                           (GDestroyNotify)floe_fleet_input_free, (GDestroyNotify)seen_free,
                           cancellable, viewed, task);
}

/**
 * floe_fleet_view_finish:
 *
 * Returns: (transfer full): what it goes by; or %NULL as floe_fleet_trust_finish()
 */
FloeTerminalView *
floe_fleet_view_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_fleet_sign:
 * @text: settings that were made from what floe_fleet_view_finish() returned
 *
 * Returns: (transfer full): the signature as base64; or %NULL with %FLOE_ERROR_INTERNAL
 */
gchar *
floe_fleet_sign (FloeFleet *self, const FloeSecret *text, GError **error)
{
  gsize length;
  const gchar *bytes = floe_secret_get (text, &length);

  return floe_signing_key_sign (self->signing, FLOE_SETTINGS_PURPOSE, bytes, length, error);
}

static void
floe_fleet_finalize (GObject *object)
{
  FloeFleet *self = FLOE_FLEET (object);

  floe_clock_clear_timeout (self->clock, &self->timer);
  g_hash_table_unref (self->reports);
  g_clear_pointer (&self->signing, floe_signing_key_free);
  g_clear_pointer (&self->keys, floe_seal_keys_unref);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_fleet_parent_class)->finalize (object);
}

static void
floe_fleet_class_init (FloeFleetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_fleet_finalize;
}

static void
floe_fleet_init (FloeFleet *self)
{
  self->reports = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify)floe_terminal_report_free);
}

/**
 * floe_fleet_new:
 * @keys: (nullable): what the store's secrets are sealed with
 *
 * Returns: (transfer full): the fleet
 */
FloeFleet *
floe_fleet_new (FloeStore *store, FloeClock *clock, FloeSealKeys *keys)
{
  FloeFleet *self = g_object_new (FLOE_TYPE_FLEET, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->keys = keys != NULL ? floe_seal_keys_ref (keys) : NULL;
  return self;
}
