/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <glib/gi18n.h>

#include <string.h>

#include "api/error.h"
#include "ctl/domain.h"
#include "ctl/factor-calls.h"
#include "ctl/output.h"
#include "ctl/password.h"
#include "ctl/table.h"
#include "ctl/ticket-login.h"
#include "ctl/token-file.h"

static FloeSecret *
ask_password (FloeCtl *self, GError **error)
{
  g_autofree gchar *prompt = NULL;

  if (self->settings.password_file != NULL)
    return floe_password_from_file (self->settings.password_file, error);
  /* Translators: user name, then the broker's address */
  prompt = g_strdup_printf (_ ("Password of %s at %s: "), self->settings.user,
                            floe_broker_get_url (self->broker));
  return floe_password_from_terminal (prompt, error);
}

static FloeLogin *
log_in (FloeCtl *self, FloeSecret *password, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  floe_broker_log_in_async (self->broker, self->settings.user, password, NULL, floe_ctl_on_done,
                            &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_log_in_finish (self->broker, result, error);
}

static FloeLogin *
log_in_by_enrolling (FloeCtl *self, GError **error)
{
  g_autoptr (FloeFactorReceipt) receipt = floe_ctl_enrol (self, error);

  if (receipt != NULL && receipt->login == NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                           "the answer's field \"login\" is missing");
  return receipt != NULL ? g_steal_pointer (&receipt->login) : NULL;
}

/* With the password, or without one with a ticket, and with what the broker wants to know besides.
 */
static FloeLogin *
log_in_fully (FloeCtl *self, FloeSecret *password, GError **error)
{
  g_autoptr (GError) why = NULL;
  FloeLogin *login =
      password != NULL ? log_in (self, password, &why) : floe_ctl_log_in_with_ticket (self, &why);

  if (login != NULL)
    return login;
  if (floe_client_error_has_reason (why, "code-needed"))
    return floe_ctl_send_code (self, error);
  if (floe_client_error_has_reason (why, "enrolment-needed"))
    return log_in_by_enrolling (self, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

/* At the terminal, twice, since nobody sees what they type. */
static FloeSecret *
ask_new_password (GError **error)
{
  g_autoptr (FloeSecret) first = floe_password_from_terminal (_ ("New password: "), error);
  g_autoptr (FloeSecret) second = NULL;

  if (first != NULL)
    second = floe_password_from_terminal (_ ("New password again: "), error);
  if (second == NULL)
    return NULL;
  if (strcmp (floe_secret_get (first, NULL), floe_secret_get (second, NULL)) == 0)
    return g_steal_pointer (&first);
  floe_ctl_set_failed (error, _ ("the two new passwords are not the same"));
  return NULL;
}

static gboolean
run_password (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (FloeSecret) old = NULL;
  g_autoptr (FloeSecret) new = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 0, 0, error) || floe_ctl_get_broker (self, error) == NULL)
    return FALSE;
  if (self->settings.user == NULL)
    floe_ctl_set_usage (error, _ ("whose password? Give --user NAME, or set it in floectl.conf"));
  else if (floe_ctl_choose_domain (self, error))
    old = ask_password (self, error);
  if (old != NULL)
    new = ask_new_password (error);
  if (new == NULL)
    return FALSE;
  floe_broker_change_password_async (self->broker, self->settings.user, old, new, NULL,
                                     floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_change_password_finish (self->broker, result, error);
}

/* A token that cannot be kept is given back at once, so that it does not live on unused. */
static void
log_out_again (FloeCtl *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  floe_broker_log_out_async (self->broker, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  floe_broker_log_out_finish (self->broker, result, NULL);
}

static void
print_login (FloeCtl *self, const FloeLogin *login)
{
  g_autofree gchar *name = floe_tame (login->account->name);
  g_autofree gchar *shown = floe_tame (login->account->display_name);
  g_autofree gchar *role = floe_tame (login->account->role);
  g_autoptr (GDateTime) until =
      g_date_time_new_from_unix_local (login->expires_at / G_USEC_PER_SEC);
  g_autofree gchar *until_text =
      until != NULL ? g_date_time_format (until, "%F %H:%M") : g_strdup ("-");

  /* Translators: log-in name, full name, role, the broker's address, date and time */
  g_print (_ ("%s (%s, %s) is logged in at %s until %s\n"), name, shown, role,
           floe_broker_get_url (self->broker), until_text);
}

static gboolean
run_login (FloeCtl *self, GStrv args, GError **error)
{
  gboolean kerberos = FALSE;
  const GOptionEntry entries[] = { { "kerberos", 0, 0, G_OPTION_ARG_NONE, &kerberos, NULL, NULL },
                                   { NULL } };
  g_autoptr (FloeSecret) password = NULL;
  g_autoptr (FloeLogin) login = NULL;

  if (!floe_ctl_parse (self, &args, entries, 0, 0, error)
      || floe_ctl_get_broker (self, error) == NULL)
    return FALSE;
  if (!kerberos && self->settings.user == NULL)
    floe_ctl_set_usage (error, _ ("who logs in? Give --user NAME, or set it in floectl.conf"));
  else if (self->settings.token_file == NULL)
    floe_ctl_set_usage (error, _ ("XDG_RUNTIME_DIR is not set; "
                                  "give --token-file FILE for where to keep the log-in"));
  else if (!floe_token_file_is_free (self->settings.token_file, error))
    return FALSE;
  else if (kerberos)
    login = log_in_fully (self, NULL, error);
  else if (floe_ctl_choose_domain (self, error))
    password = ask_password (self, error);
  if (password != NULL)
    login = log_in_fully (self, password, error);
  if (login == NULL)
    return FALSE;
  if (!floe_token_file_save (self->settings.token_file, floe_broker_get_url (self->broker),
                             floe_broker_get_token (self->broker), error))
    {
      log_out_again (self);
      return FALSE;
    }
  if (!self->json)
    print_login (self, login);
  return TRUE;
}

static gboolean
run_logout (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 0, 0, error) || !floe_ctl_load_token (self, error))
    return FALSE;
  if (floe_broker_get_token (self->broker) == NULL)
    return TRUE;
  if (!floe_token_file_is_free (self->settings.token_file, error))
    return FALSE;
  floe_broker_log_out_async (self->broker, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_log_out_finish (self->broker, result, error)
         && floe_token_file_remove (self->settings.token_file, error);
}

static gboolean
run_whoami (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;
  g_autofree gchar *name = NULL;
  g_autofree gchar *shown = NULL;
  g_autofree gchar *role = NULL;
  JsonNode *user;

  if (!floe_ctl_parse (self, &args, NULL, 0, 0, error))
    return FALSE;
  answer = floe_ctl_call_as_user (self, "GET", "me", NULL, error);
  if (answer == NULL)
    return FALSE;
  if (self->json)
    {
      floe_print_json (answer);
      return TRUE;
    }
  user = floe_json_get (answer, "user");
  name = floe_json_get_shown (user, "name");
  shown = floe_json_get_shown (user, "display_name");
  role = floe_json_get_shown (user, "role");
  /* Translators: log-in name, full name, role, the broker's address */
  g_print (_ ("%s (%s, %s) at %s\n"), name, shown, role, floe_broker_get_url (self->broker));
  return TRUE;
}

static void
print_health (JsonNode *answer)
{
  g_autoptr (FloeTable) table = floe_table_new (_ ("PART"), _ ("STATE"), NULL);
  g_autofree gchar *status = floe_json_get_shown (answer, "status");
  g_autofree gchar *version = floe_json_get_shown (answer, "version");
  g_autofree gchar *broker = g_strdup_printf (_ ("%s, version %s"), status, version);

  floe_table_add (table, _ ("broker"));
  floe_table_add (table, broker);
  if (floe_json_get (answer, "directory") != NULL)
    {
      floe_table_add (table, _ ("directory"));
      floe_table_add (table, floe_json_get_text (answer, "directory"));
    }
  for (guint i = 0; i < floe_json_get_length (answer, "managers"); i++)
    {
      JsonNode *manager = floe_json_get_element (answer, "managers", i);
      g_autofree gchar *name = floe_json_get_shown (manager, "name");
      g_autofree gchar *part = g_strdup_printf (_ ("host %s"), name);

      floe_table_add (table, part);
      floe_table_add (table, floe_json_get_text (manager, "state"));
    }
  floe_table_print (table);
}

/* Works without a log-in, and without a good one: health is what one asks when nothing works. */
static JsonNode *
ask_health (FloeCtl *self, GError **error)
{
  g_autoptr (GError) why = NULL;
  JsonNode *answer = floe_ctl_call (self, "GET", "health", NULL, &why);

  if (answer == NULL && floe_client_error_is_log_in (why))
    {
      floe_broker_set_token (self->broker, NULL);
      return floe_ctl_call (self, "GET", "health", NULL, error);
    }
  if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return answer;
}

static gboolean
run_health (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 0, 0, error) || floe_ctl_get_broker (self, error) == NULL)
    return FALSE;
  floe_ctl_load_token (self, NULL);
  answer = ask_health (self, error);
  if (answer == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_health (answer);
  if (g_strcmp0 (floe_json_get_text (answer, "status"), "ok") == 0)
    return TRUE;
  floe_ctl_set_failed (error, _ ("the broker is not well; see its log"));
  return FALSE;
}

const FloeCtlCommand floe_ctl_session_commands[] = {
  { "login", "[--kerberos]", N_ ("Log in; asks for the password at the terminal"), run_login },
  { "password", "", N_ ("Change your own password; asks for it at the terminal"), run_password },
  { "logout", "", N_ ("Log out"), run_logout },
  { "whoami", "", N_ ("Show who is logged in"), run_whoami },
  { "health", "", N_ ("Show how the broker is; needs no log-in"), run_health },
  { NULL },
};
