/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-terminals.h"

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/permit.h"
#include "core/terminal-ends.h"
#include "core/terminal-view.h"

/* What came of a change: the terminal as it is now, and of its desktops. */
typedef struct
{
  GError *refusal; /* and the rest is unset */
  FloeTerminal *terminal;
  GPtrArray *changes;
} Deed;

static void
deed_free (Deed *deed)
{
  if (deed == NULL)
    return;
  g_clear_error (&deed->refusal);
  floe_terminal_free (deed->terminal);
  g_clear_pointer (&deed->changes, g_ptr_array_unref);
  g_free (deed);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deed, deed_free)

/* Takes @why: a refusal of permission is recorded, and anything else is @error. */
static Deed *
deed_new_failed (FloeTx *tx, const FloeAdminInput *input, const gchar *action, GError *why,
                 GError **error)
{
  g_autoptr (Deed) deed = g_new0 (Deed, 1);

  deed->refusal = why;
  if (!g_error_matches (why, FLOE_ERROR, FLOE_ERROR_DENIED))
    {
      g_propagate_error (error, g_steal_pointer (&deed->refusal));
      return NULL;
    }
  return floe_admin_put_outcome (tx, input, action, input->name, "denied", why->message, error)
             ? g_steal_pointer (&deed)
             : NULL;
}

static Deed *
deed_new (const FloeTerminal *terminal)
{
  Deed *deed = g_new0 (Deed, 1);

  deed->terminal = floe_terminal_copy (terminal);
  deed->changes = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
  return deed;
}

void
floe_terminal_code_free (FloeTerminalCode *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->code, floe_secret_unref);
  g_free (self);
}

/* Reading. */

static gpointer
read_terminals (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  GPtrArray *list = floe_tx_list_terminals (tx, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    floe_terminal_judge (list->pdata[i], input->now);
  return list;
}

void
floe_helpdesk_list_terminals_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_list_terminals_async);
  floe_store_read_async (self->store, read_terminals, floe_helpdesk_input_new (self, actor, NULL),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_list_terminals_finish:
 *
 * Returns: (transfer full) (element-type FloeTerminal): all of them, by name
 */
GPtrArray *
floe_helpdesk_list_terminals_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
read_terminal (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  FloeTerminal *terminal = floe_tx_get_terminal (tx, input->name, error);

  if (terminal != NULL)
    floe_terminal_judge (terminal, input->now);
  return terminal;
}

void
floe_helpdesk_get_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_terminal_free, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_get_terminal_async);
  floe_store_read_async (self->store, read_terminal, floe_helpdesk_input_new (self, actor, name),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_terminal_free,
                         cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_get_terminal_finish:
 *
 * Returns: (transfer full): it; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeTerminal *
floe_helpdesk_get_terminal_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Changing. */

static FloeTerminal *
get_before (FloeTx *tx, const gchar *name, gboolean *ok, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeTerminal *terminal = floe_tx_get_terminal (tx, name, &local_error);

  *ok = terminal != NULL || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  if (!*ok)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return terminal;
}

static FloeCause
cause_of (const FloeAdminInput *input, const gchar *detail)
{
  return (FloeCause){
    .now = input->now, .identity = input->actor, .detail = detail, .end_reason = "admin"
  };
}

/* What only enrolling changes stays as it is. */
static FloeTerminal *
merge (const FloeTerminal *before, const FloeTerminal *wanted)
{
  FloeTerminal *after = floe_terminal_copy (wanted);

  if (before == NULL)
    return after;
  after->fingerprint = g_strdup (before->fingerprint);
  after->enrolled = before->enrolled;
  after->seen = before->seen;
  after->code = g_strdup (before->code);
  after->code_ends = before->code_ends;
  if (before->report != NULL)
    after->report = floe_terminal_report_copy (before->report);
  return after;
}

/* Of other groups it has other settings. */
static gboolean
follow_groups (FloeTx *tx, const FloeAdminInput *input, const FloeTerminal *before,
               const FloeTerminal *after, GError **error)
{
  return before == NULL
         || g_strv_equal ((const gchar *const *)before->groups, (const gchar *const *)after->groups)
         || floe_terminal_view_move (tx, after, input->now, error);
}

/* Returns: (transfer full): a Deed */
static gpointer
record_put (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  const FloeCause cause = cause_of (input, "the terminal is not public any more");
  gboolean ok = floe_tx_lock_edits (tx, error);
  g_autoptr (FloeTerminal) before = ok ? get_before (tx, input->name, &ok, error) : NULL;
  g_autoptr (FloeTerminal) after = NULL;
  g_autoptr (Deed) deed = NULL;
  g_auto (GStrv) changes = NULL;
  g_autofree gchar *detail = NULL;
  g_autofree gchar *tag = before != NULL ? floe_terminal_tag (before) : NULL;

  if (!ok)
    return NULL;
  after = merge (before, input->terminal);
  floe_terminal_judge (after, input->now);
  deed = deed_new (after);
  changes = floe_terminal_diff (before, after);
  if (changes[0] == NULL)
    return g_steal_pointer (&deed);
  if (!floe_permit_change (input->actor, tag, TRUE, error))
    return NULL;
  detail = g_strjoinv ("; ", changes);
  if (before != NULL && before->is_public && !after->is_public
      && !floe_terminal_end_session (tx, before, &cause, deed->changes, error))
    return NULL;
  if (!follow_groups (tx, input, before, after, error))
    return NULL;
  return floe_tx_put_terminal (tx, after, error)
                 && floe_admin_put_row (tx, input,
                                        before == NULL ? "terminal-create" : "terminal-change",
                                        input->name, detail, error)
             ? g_steal_pointer (&deed)
             : NULL;
}

/* Returns: (transfer full): a Deed; a refusal is recorded */
static gpointer
record_removal (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  const FloeCause cause = cause_of (input, "the terminal was removed");
  g_autoptr (FloeTerminal) terminal =
      floe_tx_lock_edits (tx, error) ? floe_tx_get_terminal (tx, input->name, error) : NULL;
  g_autofree gchar *tag = terminal != NULL ? floe_terminal_tag (terminal) : NULL;
  g_autoptr (Deed) deed = NULL;
  GError *why = NULL;

  if (terminal == NULL || !floe_permit_change (input->actor, tag, FALSE, error))
    return NULL;
  if (!floe_permit_terminal (tx, input->actor, input->groups, terminal, input->now, &why))
    return deed_new_failed (tx, input, "terminal-delete", why, error);
  deed = deed_new (terminal);
  return floe_terminal_end_certificate (tx, terminal, &cause, deed->changes, error)
                 && floe_tx_delete_terminal (tx, terminal->name, error)
                 && floe_tx_delete_terminal_settings (tx, FALSE, terminal->name, error)
                 && floe_admin_put_row (tx, input, "terminal-delete", terminal->name,
                                        terminal->fingerprint, error)
             ? g_steal_pointer (&deed)
             : NULL;
}

/* Terminals are no matter of one pool: whoever is the helpdesk of some may not. */
static gboolean
may_enrol (const FloeAdminInput *input, GError **error)
{
  if (input->actor->roles & floe_permission_get_roles (FLOE_MAY_ENROL))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "not-your-pool",
                         "%s is of the helpdesk of some pools only", input->actor->user->name);
  return FALSE;
}

/* Whoever is logged in there is logged out when it is used. */
static gboolean
may_issue (FloeTx *tx, const FloeAdminInput *input, const FloeTerminal *terminal, GError **error)
{
  return may_enrol (input, error) && floe_permit_reason (input->actor, input->reason, error)
         && floe_permit_terminal (tx, input->actor, input->groups, terminal, input->now, error);
}

/* Returns: (transfer full): a Deed; a refusal is recorded */
static gpointer
record_code (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeTerminal) terminal = floe_tx_get_terminal (tx, input->name, error);
  g_autoptr (Deed) deed = NULL;
  GError *why = NULL;

  if (terminal == NULL)
    return NULL;
  if (!may_issue (tx, input, terminal, &why))
    return deed_new_failed (tx, input, "terminal-code", why, error);
  deed = deed_new (terminal);
  g_free (terminal->code);
  terminal->code = g_strdup (input->terminal->code);
  terminal->code_ends = input->terminal->code_ends;
  return floe_tx_put_terminal (tx, terminal, error)
                 && floe_admin_put_row (tx, input, "terminal-code", terminal->name, input->reason,
                                        error)
             ? g_steal_pointer (&deed)
             : NULL;
}

/* deed_done: takes @task when there is none */
static Deed *
deed_done (GTask *task, GObject *store, GAsyncResult *result)
{
  FloeHelpdesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (Deed) deed = floe_store_finish (FLOE_STORE (store), result, &error);

  if (deed == NULL || deed->refusal != NULL)
    {
      g_task_return_error (task, deed != NULL ? g_steal_pointer (&deed->refusal) : error);
      g_object_unref (task);
      return NULL;
    }
  for (guint i = 0; i < deed->changes->len; i++)
    floe_keeper_handle (self->keeper, deed->changes->pdata[i]);
  return g_steal_pointer (&deed);
}

static void
changed (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  g_autoptr (Deed) deed = deed_done (task, source, result);

  if (deed == NULL)
    return;
  g_task_return_pointer (task, g_steal_pointer (&deed->terminal),
                         (GDestroyNotify)floe_terminal_free);
  g_object_unref (task);
}

/* Takes @input. */
static void
run (FloeHelpdesk *self, FloeTransaction func, FloeAdminInput *input, GAsyncReadyCallback done,
     GTask *task)
{
  floe_store_write_async (self->store, func, input, (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)deed_free, done, task);
}

/**
 * floe_helpdesk_put_terminal_async:
 * @terminal: as it is to be; its certificate and its code are not looked at, and stay
 *
 * Makes or changes a terminal. One that is not public any more is logged out by that.
 */
void
floe_helpdesk_put_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const FloeTerminal *terminal, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeAdminInput *input;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_helpdesk_put_terminal_async);
  if (!floe_terminal_validate (terminal, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  input = floe_helpdesk_input_new (self, actor, terminal->name);
  input->terminal = floe_terminal_new (terminal->name);
  input->terminal->description = g_strdup (terminal->description);
  g_strfreev (input->terminal->groups);
  input->terminal->groups = g_strdupv (terminal->groups);
  input->terminal->is_public = terminal->is_public;
  run (self, record_put, input, changed, task);
}

/**
 * floe_helpdesk_put_terminal_finish:
 *
 * Returns: (transfer full): as it is now; or %NULL with %FLOE_ERROR_INVALID or a store's error
 */
FloeTerminal *
floe_helpdesk_put_terminal_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_helpdesk_delete_terminal_async:
 *
 * Takes a terminal away: its certificate is nobody's from now on, and what was logged in with it
 * has ended. Nobody who is logged in there may be above the actor.
 */
void
floe_helpdesk_delete_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *name, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_delete_terminal_async);
  run (self, record_removal, floe_helpdesk_input_new (self, actor, name), changed, task);
}

/**
 * floe_helpdesk_delete_terminal_finish:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_DENIED (reason "higher-role")
 *   or a store's error
 */
gboolean
floe_helpdesk_delete_terminal_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  g_autoptr (FloeTerminal) gone = g_task_propagate_pointer (G_TASK (result), error);

  return gone != NULL;
}

static void
issued (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeTerminalCode *code = g_task_get_task_data (task);
  g_autoptr (Deed) deed = deed_done (task, source, result);
  FloeTerminalCode *answer;

  if (deed == NULL)
    return;
  answer = g_new0 (FloeTerminalCode, 1);
  answer->code = floe_secret_ref (code->code);
  answer->ends = code->ends;
  g_task_return_pointer (task, answer, (GDestroyNotify)floe_terminal_code_free);
  g_object_unref (task);
}

/**
 * floe_helpdesk_issue_code_async:
 * @name: of which terminal
 * @reason: (nullable): why
 *
 * Makes a code with which a machine becomes this terminal, once, in the next quarter of an hour. An
 * older code is good no more. The machine that is the terminal now stays it until then;
 * nobody who is logged in there may be above the actor.
 */
void
floe_helpdesk_issue_code_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                const gchar *reason, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, name);
  FloeTerminalCode *code = g_new0 (FloeTerminalCode, 1);

  g_task_set_source_tag (task, floe_helpdesk_issue_code_async);
  input->reason = g_strdup (reason);
  code->code = floe_terminal_code_new ();
  code->ends = input->now + FLOE_TERMINAL_CODE_SECONDS * (gint64)G_USEC_PER_SEC;
  input->terminal = floe_terminal_new (name);
  input->terminal->code = floe_terminal_code_hash (code->code);
  input->terminal->code_ends = code->ends;
  g_task_set_task_data (task, code, (GDestroyNotify)floe_terminal_code_free);
  run (self, record_code, input, issued, task);
}

/**
 * floe_helpdesk_issue_code_finish:
 *
 * Returns: (transfer full): the code; or %NULL with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_INVALID
 *   (reason "reason-needed"), %FLOE_ERROR_DENIED ("not-your-pool", "higher-role") or a store's
 * error
 */
FloeTerminalCode *
floe_helpdesk_issue_code_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
