/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/fleet-private.h"

#include <string.h>

#include "core/error.h"
#include "login/totp.h"

/*
 * A locked terminal shows a challenge, and whoever may open it has a code made from that, which the
 * terminal checks by itself: HOTP (RFC 4226) with the challenge as the counter. A challenge is used
 * once, so that is its code, and nobody has to keep count on both sides.
 */
#define CODE_DIGITS 8

static gboolean
is_challenge (const gchar *text, GError **error)
{
  if (strlen (text) == FLOE_CHALLENGE_DIGITS
      && strspn (text, G_CSET_DIGITS) == FLOE_CHALLENGE_DIGITS)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
               "challenge: expected the %u digits that the terminal shows", FLOE_CHALLENGE_DIGITS);
  return FALSE;
}

static FloeSecret *
make_code (const FloeSecret *secret, const gchar *challenge, GError **error)
{
  gchar code[CODE_DIGITS + 1];
  FloeSecret *made = NULL;

  if (floe_totp_make (secret, g_ascii_strtoll (challenge, NULL, 10), CODE_DIGITS, code))
    made = floe_secret_new (code, CODE_DIGITS);
  else
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "a code was not made");
  floe_wipe (code, sizeof code);
  return made;
}

static FloeSecret *
open_secret (FloeTx *tx, const FloeFleetInput *in, GError **error)
{
  g_autofree gchar *owner = floe_fleet_secret_owner (in->name);
  g_autoptr (GError) why = NULL;
  g_autofree gchar *sealed = floe_tx_get_unlock_secret (tx, in->name, &why);

  if (sealed != NULL)
    return floe_fleet_open (in->keys, sealed, owner, error);
  if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "no-unlock-secret",
                           "terminal %s has no secret for codes yet; it asks for one when it is "
                           "locked and reaches the broker",
                           in->name);
  else
    g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

/* Returns: (transfer full): the code, which the trail knows of now */
static gpointer
record_unlock (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeFleetInput *in = input;
  g_autoptr (FloeTerminal) terminal = floe_tx_get_terminal (tx, in->name, error);
  g_autoptr (FloeSecret) secret = terminal != NULL ? open_secret (tx, in, error) : NULL;
  g_autoptr (FloeSecret) code = NULL;
  g_autoptr (FloeAudit) row = NULL;

  if (secret != NULL)
    code = make_code (secret, in->challenge, error);
  if (code == NULL)
    return NULL;
  row = floe_audit_new (in->now, "terminal-unlock", in->name, "done");
  floe_audit_set_identity (row, in->actor);
  row->detail = g_strconcat ("challenge ", in->challenge, NULL);
  return floe_tx_put_audit (tx, row, error) ? g_steal_pointer (&code) : NULL;
}

static void
unlocked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloeSecret *code = floe_store_finish (FLOE_STORE (source), result, &error);

  if (code != NULL)
    g_task_return_pointer (task, code, (GDestroyNotify)floe_secret_unref);
  else
    g_task_return_error (task, error);
}

/**
 * floe_fleet_unlock_async:
 * @name: which terminal
 * @challenge: what it shows
 *
 * Makes the code that opens it.
 */
void
floe_fleet_unlock_async (FloeFleet *self, const FloeIdentity *actor, const gchar *name,
                         const gchar *challenge, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeFleetInput *in;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_fleet_unlock_async);
  if (!floe_fleet_has_keys (self, task))
    return;
  if (!is_challenge (challenge, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  in = floe_fleet_input_new (self, NULL);
  in->actor = floe_identity_copy (actor);
  in->name = g_strdup (name);
  in->challenge = g_strdup (challenge);
  floe_store_write_async (self->store, record_unlock, in, (GDestroyNotify)floe_fleet_input_free,
                          (GDestroyNotify)floe_secret_unref, unlocked, task);
}

/**
 * floe_fleet_unlock_finish:
 *
 * Returns: (transfer full): 8 digits; or %NULL with %FLOE_ERROR_INVALID, %FLOE_ERROR_NOT_FOUND
 *   (also reason "no-terminal-key"), %FLOE_ERROR_CONFLICT ("no-unlock-secret"),
 *   %FLOE_ERROR_UNAVAILABLE ("terminal-key") or a store's error
 */
FloeSecret *
floe_fleet_unlock_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What a terminal tells of it later. */

static gpointer
record_unlocked (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeFleetInput *in = input;
  g_autoptr (FloeTerminal) terminal = floe_fleet_find_terminal (tx, in, error);
  g_autoptr (FloeAudit) row = NULL;

  if (terminal == NULL)
    return NULL;
  row = floe_audit_new (in->now, "terminal-unlocked", terminal->name, "done");
  floe_audit_set_caller (row, in->caller);
  g_free (row->actor);
  row->actor = g_strconcat (FLOE_TERMINAL_USER, terminal->name, NULL);
  row->detail =
      g_strdup_printf ("challenge %s, %" G_GINT64_FORMAT " s ago", in->challenge, in->ago);
  return floe_tx_put_audit (tx, row, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
noted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * floe_fleet_unlocked_async:
 * @challenge: of the code that was used there
 * @seconds_ago: since when
 *
 * Notes that a terminal was opened.
 */
void
floe_fleet_unlocked_async (FloeFleet *self, const FloeCaller *caller, const gchar *challenge,
                           gint64 seconds_ago, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeFleetInput *in;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_fleet_unlocked_async);
  if (!floe_fleet_has_certificate (task, caller))
    return;
  if (!is_challenge (challenge, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  in = floe_fleet_input_new (self, caller);
  in->challenge = g_strdup (challenge);
  in->ago = seconds_ago;
  floe_store_write_async (self->store, record_unlocked, in, (GDestroyNotify)floe_fleet_input_free,
                          NULL, noted, task);
}

/**
 * floe_fleet_unlocked_finish:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID, %FLOE_ERROR_NOT_FOUND (reason
 *   "no-certificate" or "unknown-terminal") or a store's error
 */
gboolean
floe_fleet_unlocked_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
