/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/account.h"

#include "core/error.h"
#include "core/helpdesk-people.h"
#include "core/helpdesk-transactions.h"
#include "core/terminal.h"
#include "login/login-private.h"

/* Somebody waits for it on the telephone. */
#define PATIENCE (3 * G_USEC_PER_SEC)

/* One question; the directory may answer when nobody waits any more. */
typedef struct
{
  GTask *task; /* NULL once it is answered */
  FloeClock *clock;
  guint deadline;
} Question;

void
floe_account_free (FloeAccount *self)
{
  if (self == NULL)
    return;
  g_free (self->state);
  g_free (self->text);
  floe_standing_free (self->standing);
  g_free (self);
}

static FloeAccount *
account_new (FloeClock *clock, const gchar *state, const gchar *text)
{
  FloeAccount *self = g_new0 (FloeAccount, 1);

  self->state = g_strdup (state);
  self->text = g_strdup (text);
  self->at = floe_clock_now (clock);
  return self;
}

/* answer: takes @account */
static void
answer (Question *self, FloeAccount *account)
{
  floe_clock_clear_timeout (self->clock, &self->deadline);
  g_task_return_pointer (self->task, account, (GDestroyNotify)floe_account_free);
  g_clear_object (&self->task);
}

static gboolean
on_deadline (gpointer data)
{
  Question *self = data;

  self->deadline = 0;
  answer (self, account_new (self->clock, "unknown", "the directory does not answer in time"));
  return G_SOURCE_REMOVE;
}

static const gchar *
state_without (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND) ? "gone" : "unknown";
}

/* Takes @standing. */
static FloeAccount *
account_new_with (FloeClock *clock, FloeStanding *standing)
{
  const gchar *reason = standing->reasons[0];
  FloeAccount *self = account_new (clock, reason != NULL ? reason : "usable",
                                   reason != NULL ? floe_standing_words (reason) : NULL);

  self->standing = standing;
  return self;
}

static void
examined (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeStanding) standing =
      floe_directory_examine_finish (FLOE_DIRECTORY (source), result, &error);

  if (self->task != NULL && standing != NULL)
    answer (self, account_new_with (self->clock, g_steal_pointer (&standing)));
  else if (self->task != NULL)
    answer (self, account_new (self->clock, state_without (error), error->message));
  g_object_unref (self->clock);
  g_free (self);
}

static void
found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeLogin *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloePerson) person = floe_store_finish (FLOE_STORE (source), result, &error);
  Question *question;

  if (person == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (floe_user_is_terminal (person->user))
    {
      g_task_return_pointer (task, account_new (self->clock, "terminal", NULL),
                             (GDestroyNotify)floe_account_free);
      return;
    }
  question = g_new0 (Question, 1);
  question->task = g_steal_pointer (&task);
  question->clock = g_object_ref (self->clock);
  question->deadline = floe_clock_add_timeout (self->clock, PATIENCE, on_deadline, question, NULL);
  floe_directory_examine_async (self->directory, person->user->id, NULL, examined, question);
}

/**
 * floe_login_get_account_async:
 * @actor: who asks
 * @user: a log-in name that was seen here, or an id
 *
 * Asks the directory about somebody, for three seconds at most.
 */
void
floe_login_get_account_async (FloeLogin *self, const FloeIdentity *actor, const gchar *user,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  FloeAdminInput *input = g_new0 (FloeAdminInput, 1);

  g_task_set_source_tag (task, floe_login_get_account_async);
  input->actor = floe_identity_copy (actor);
  input->name = g_strdup (user);
  floe_store_read_async (self->store, floe_helpdesk_find_person, input,
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_person_free,
                         cancellable, found, task);
}

/**
 * floe_login_get_account_finish:
 *
 * Returns: (transfer full): what it says; or %NULL with the errors of
 *   floe_helpdesk_get_person_finish()
 */
FloeAccount *
floe_login_get_account_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
