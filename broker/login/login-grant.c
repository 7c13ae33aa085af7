/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include "core/date.h"
#include "login/login-token.h"

#include <string.h>

/* What whoever is let in is given. */

#define CHALLENGE_BYTES 32
/* How long a log-in waits for its code. */
#define CHALLENGE (300 * (gint64)G_USEC_PER_SEC)

void
floe_grant_free (FloeGrant *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->token, floe_secret_unref);
  floe_identity_free (self->identity);
  g_clear_pointer (&self->pools, g_ptr_array_unref);
  g_free (self);
}

/* When the password expires, if that is soon enough to be told; else 0. */
static gint64
expiry_to_tell (FloeLogin *self, const FloeUser *user)
{
  gint64 warning = (gint64)self->policy.password_warning * G_USEC_PER_SEC;

  if (warning == 0
      || user->password_expires - floe_date_of (floe_clock_now (self->clock)) > warning)
    return 0;
  return user->password_expires;
}

/**
 * floe_login_new_id:
 * @now: microseconds since 1970 UTC
 *
 * Begins with the time (RFC 9562, version 7), so that those of a rush stand side by side in the
 * store's index and not each in a page of its own. It is no secret.
 *
 * Returns: (transfer full): a UUID, for a log-in
 */
gchar *
floe_login_new_id (gint64 now)
{
  gchar *id = g_uuid_string_random ();
  guint64 ms = (guint64)now / G_TIME_SPAN_MILLISECOND;
  gchar *time = g_strdup_printf ("%08x-%04x-7", (guint32)(ms >> 16), (guint32)(ms & 0xffff));

  memcpy (id, time, strlen (time));
  g_free (time);
  return id;
}

/**
 * floe_login_make_grant:
 * @task: of a call whose token it is of
 * @record: what it takes from
 *
 * Returns: (transfer full): what to answer
 */
FloeGrant *
floe_login_make_grant (FloeLogin *self, GTask *task, FloeGrantRecord *record)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  FloeGrant *grant = g_new0 (FloeGrant, 1);

  grant->token = g_steal_pointer (&call->token);
  grant->expires = record->expires;
  grant->idle_seconds = self->policy.idle_seconds;
  grant->password_expires = expiry_to_tell (self, record->identity->user);
  grant->identity = g_steal_pointer (&record->identity);
  grant->pools = g_steal_pointer (&record->pools);
  return grant;
}

static void
grant_recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeLogin *self = g_task_get_source_object (task);
  FloeLoginCall *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (FloeGrantRecord) record = floe_store_finish (FLOE_STORE (source), result, &error);

  if (record == NULL)
    {
      g_prefix_error (&error, "log-in: ");
      floe_login_fail_at_once (self, task, error);
      return;
    }
  if (call->right == NULL)
    floe_login_tell_phase (self, FLOE_PHASE_TOTAL, call);
  if (record->demand != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&record->demand));
      return;
    }
  g_clear_pointer (&call->challenge, floe_secret_unref);
  floe_login_tell_end (self, call, NULL);
  if (call->right == NULL)
    {
      call->took[FLOE_PHASE_STORE] = call->took[FLOE_PHASE_TOTAL] - call->took[FLOE_PHASE_DIRECTORY]
                                     - call->took[FLOE_PHASE_GROUPS]
                                     - call->took[FLOE_PHASE_ENGINES];
      floe_login_tell_visit (self, call, record->identity->user->id);
    }
  g_task_return_pointer (task, floe_login_make_grant (self, task, record),
                         (GDestroyNotify)floe_grant_free);
}

/* Whether a code is needed is decided where the log-in is recorded. A session that goes on needs
 * none. */
static void
ask_for_more (FloeLogin *self, FloeLoginCall *call, FloeGrantInput *input)
{
  if (self->policy.factors == NULL || call->right != NULL
      || floe_factor_policy_exempts (self->policy.factors, call->caller->address))
    return;
  call->challenge = floe_secret_new_marked ("flc_", CHALLENGE_BYTES);
  input->factors = floe_factor_policy_ref (self->policy.factors);
  input->challenge = floe_secret_hash (call->challenge);
  input->challenge_ends = input->now + CHALLENGE;
}

/* Takes @task. A right to reconnect that was presented tells of which log-in it is. */
void
floe_login_grant (FloeLogin *self, GTask *task, const FloeUser *user)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  const FloeToken *right = call->right;
  gint64 now = floe_clock_now (self->clock);
  g_autofree gchar *login_id = right != NULL ? g_strdup (right->login_id) : floe_login_new_id (now);
  FloeGrantInput *input = g_new0 (FloeGrantInput, 1);

  call->token = floe_login_token_new (now);
  input->identity = floe_identity_new (user, floe_role_groups_find (self->policy.groups, user),
                                       login_id, call->caller);
  input->right = right != NULL ? g_strdup (right->hash) : NULL;
  input->hash = floe_login_token_key (call->token);
  input->now = now;
  input->expires = input->now + (gint64)self->policy.absolute_seconds * G_USEC_PER_SEC;
  input->action = call->action;
  input->detail = call->detail;
  ask_for_more (self, call, input);
  floe_store_note_async (self->store, floe_login_record_grant, input,
                         (GDestroyNotify)floe_grant_input_free,
                         (GDestroyNotify)floe_grant_record_free, grant_recorded, task);
}
