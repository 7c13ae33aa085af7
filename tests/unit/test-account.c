/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "house.h"
#include "login/account.h"

/* Alice was here once, so that the helpdesk finds her. */
static House *
house_of_alice (void)
{
  House *house = house_office (0, 1);
  g_autoptr (FloeGrant) grant G_GNUC_UNUSED = house_enter (house, "alice");

  return house;
}

static FloeAccount *
take (House *house, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  FloeAccount *account = floe_login_get_account_finish (house->login, result, &error);

  g_assert_no_error (error);
  return account;
}

static FloeAccount *
ask (House *house, const gchar *name)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;

  floe_login_get_account_async (house->login, helen, name, NULL, house_answered, &result);
  house_wait (house, &result);
  return take (house, result);
}

static void
assert_state (House *house, const gchar *state, const gchar *text)
{
  g_autoptr (FloeAccount) account = ask (house, "alice");

  g_assert_cmpstr (account->state, ==, state);
  g_assert_cmpstr (account->text, ==, text);
}

static void
test_states (void)
{
  static const gchar *const reasons[] = { "disabled", "account-expired", "locked",
                                          "not-now",  "not-here",        "expired" };
  g_autoptr (House) house = house_of_alice ();

  assert_state (house, "usable", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      const gchar *words = floe_standing_words (reasons[i]);

      g_assert_nonnull (words);
      fake_directory_set_reason (house->directory, "alice", reasons[i]);
      assert_state (house, reasons[i], words);
    }
  g_assert_null (floe_standing_words ("usable"));
  fake_directory_set_down (house->directory, TRUE);
  assert_state (house, "unknown", "as told");
  fake_directory_set_down (house->directory, FALSE);
  fake_directory_remove (house->directory, "alice");
  assert_state (house, "gone", "wrong name or password");
}

/* The weightiest first; what comes after it is told, too. */
static void
test_several (void)
{
  g_autoptr (House) house = house_of_alice ();
  g_autoptr (FloeAccount) account = NULL;
  g_autofree gchar *all = NULL;

  fake_directory_set_must_change (house->directory, "alice");
  assert_state (house, "must-change", "the password has to be changed first");
  fake_directory_set_reason (house->directory, "alice", "locked");
  account = ask (house, "alice");
  all = g_strjoinv (" ", account->standing->reasons);
  g_assert_cmpstr (account->state, ==, "locked");
  g_assert_cmpstr (all, ==, "locked must-change");
  g_assert_cmpint (account->standing->locked_until, ==, FAKE_DIRECTORY_UNLOCKS);
  g_assert_cmpstr (account->standing->user->name, ==, "alice");
}

/* Nobody is kept waiting on the telephone. */
static void
test_deadline (void)
{
  g_autoptr (House) house = house_of_alice ();
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeAccount) account = NULL;

  fake_directory_hold (house->directory, TRUE);
  floe_login_get_account_async (house->login, helen, "alice", NULL, house_answered, &result);
  house_advance (house, 2);
  g_assert_null (result);
  house_advance (house, 1);
  g_assert_nonnull (result);
  account = take (house, result);
  g_assert_cmpstr (account->state, ==, "unknown");
  g_assert_null (account->standing);
  fake_directory_hold (house->directory, FALSE);
  house_settle (house);
}

/* Whoever is in stays in: only a log-in is refused. */
static void
test_watch (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) grant = house_enter (house, "alice");
  g_autoptr (FloeIdentity) still = NULL;
  g_autoptr (GError) error = NULL;

  fake_directory_set_must_change (house->directory, "alice");
  fake_directory_set_reason (house->directory, "alice", "locked");
  house_advance (house, 120);
  still = house_present (house, grant->token, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (house_count_audit (house, "account-ended", "done"), ==, 0);
}

/* Of the last time that an action was refused. */
static gchar *
last_detail (House *house, const gchar *action)
{
  g_autoptr (GPtrArray) rows = house_audit (house);
  gchar *detail = NULL;
  gint64 last = -1;

  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (!g_str_equal (row->action, action) || !g_str_equal (row->outcome, "denied")
          || row->at < last)
        continue;
      last = row->at;
      g_free (detail);
      detail = g_strdup (row->detail);
    }
  return detail;
}

static void
assert_same (const GError *one, const GError *other)
{
  g_assert_cmpint (one->code, ==, other->code);
  g_assert_cmpstr (one->message, ==, other->message);
  g_assert_cmpstr (floe_error_reason (one), ==, floe_error_reason (other));
}

/* The trail tells what the directory said; whoever tries is told what they are told of a wrong
 * password, and at the same time. */
static void
test_trail (void)
{
  g_autoptr (House) house = house_of_alice ();
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) locked = NULL;
  g_autoptr (GError) unchanged = NULL;
  g_autofree gchar *wrong_row = NULL;
  g_autofree gchar *locked_row = NULL;
  g_autofree gchar *unchanged_row = NULL;

  g_assert_null (house_log_in (house, "alice", "guess", "192.0.2.1", &wrong));
  wrong_row = last_detail (house, "login");
  house_advance (house, 1);
  fake_directory_set_reason (house->directory, "alice", "locked");
  g_assert_null (house_log_in (house, "alice", "secret", "192.0.2.1", &locked));
  locked_row = last_detail (house, "login");
  g_assert_false (house_change_password (house, "alice", "secret", "better", &unchanged));
  unchanged_row = last_detail (house, "password");
  assert_same (locked, wrong);
  assert_same (unchanged, wrong);
  g_assert_cmpstr (wrong_row, ==, "wrong name or password");
  g_assert_cmpstr (locked_row, ==, "wrong name or password (the account is locked)");
  g_assert_cmpstr (unchanged_row, ==, locked_row);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_login_log_in_finish (FLOE_LOGIN (source), result, NULL, &error));
  *(gboolean *)data = TRUE;
}

static void
test_grid (void)
{
  g_autoptr (House) house = house_of_alice ();
  g_autoptr (FloeSecret) password = floe_secret_new ("secret", -1);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, NULL);
  gboolean done = FALSE;

  fake_directory_set_reason (house->directory, "alice", "locked");
  floe_login_log_in_async (house->login, &(FloeTypedName){ "alice", NULL }, password, caller, NULL,
                           answered, &done);
  house_assert_on_grid (house, &done);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/states", test_states);
  g_test_add_func ("/account/several", test_several);
  g_test_add_func ("/account/deadline", test_deadline);
  g_test_add_func ("/account/watch", test_watch);
  g_test_add_func ("/account/trail", test_trail);
  g_test_add_func ("/account/grid", test_grid);
  return g_test_run ();
}
