/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "house.h"
#include "logs.h"

#include <string.h>

#define DAY ((gint64)86400 * G_USEC_PER_SEC)

static void
assert_failed (House *house, const gchar *name, const gchar *old, const gchar *new, FloeError code,
               const gchar *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (house_change_password (house, name, old, new, &error));
  g_assert_error (error, FLOE_ERROR, (gint)code);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
}

static void
test_change (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) before = house_enter (house, "alice");
  g_autoptr (FloeGrant) after = NULL;
  g_autoptr (FloeIdentity) still = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (house_change_password (house, "alice", "secret", "better", &error));
  g_assert_no_error (error);
  g_assert_null (house_log_in (house, "alice", "secret", "192.0.2.1", &error));
  g_clear_error (&error);
  after = house_log_in (house, "alice", "better", "192.0.2.1", &error);
  g_assert_no_error (error);
  /* Whoever is in stays in. */
  still = house_present (house, before->token, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (house_count_audit (house, "password", "done"), ==, 1);
}

static void
test_refused (void)
{
  g_autoptr (House) house = house_office (0, 1);

  assert_failed (house, "alice", "guess", "better", FLOE_ERROR_UNAUTHENTICATED,
                 "wrong-credentials");
  assert_failed (house, "nobody", "secret", "better", FLOE_ERROR_UNAUTHENTICATED,
                 "wrong-credentials");
  assert_failed (house, "alice", "secret", "weak", FLOE_ERROR_DENIED, "password-refused");
  g_assert_cmpuint (house_count_audit (house, "password", "denied"), ==, 3);
  fake_directory_set_down (house->directory, TRUE);
  assert_failed (house, "alice", "secret", "better", FLOE_ERROR_UNAVAILABLE, "directory-down");
  g_assert_cmpuint (house_count_audit (house, "password", "failed"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "password", "done"), ==, 0);
}

/* The trail tells who, from where and why, and no password, old, new or wrong. */
static void
test_audit (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GPtrArray) rows = NULL;
  guint found = 0;

  assert_failed (house, "alice", "my-guess", "my-choice", FLOE_ERROR_UNAUTHENTICATED,
                 "wrong-credentials");
  assert_failed (house, "alice", "secret", "weak", FLOE_ERROR_DENIED, "password-refused");
  rows = house_audit (house);
  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (!g_str_equal (row->action, "password"))
        continue;
      found++;
      g_assert_cmpstr (row->object, ==, "alice");
      g_assert_cmpstr (row->address, ==, "192.0.2.1");
      g_assert_true (g_str_equal (row->detail, "wrong name or password")
                     || g_str_equal (row->detail, "the new password is too short"));
    }
  g_assert_cmpuint (found, ==, 2);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (floe_login_change_password_finish (FLOE_LOGIN (source), result, &error));
  g_assert_nonnull (error);
  *(gboolean *)data = TRUE;
}

/* Whatever is refused is answered when a refused log-in would be. */
static void
test_grid (void)
{
  const gchar *const cases[][2] = { { "guess", "better" }, { "secret", "weak" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (House) house = house_office (0, 1);
      g_autoptr (FloeSecret) old = floe_secret_new (cases[i][0], -1);
      g_autoptr (FloeSecret) new = floe_secret_new (cases[i][1], -1);
      g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, NULL);
      gboolean done = FALSE;

      floe_login_change_password_async (house->login, &(FloeTypedName){ "alice", NULL }, old, new,
                                        caller, answered, &done);
      house_assert_on_grid (house, &done);
    }
}

static void
test_must_change (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) after = NULL;
  g_autoptr (GError) error = NULL;

  fake_directory_set_must_change (house->directory, "alice");
  g_assert_null (house_log_in (house, "alice", "secret", "192.0.2.1", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "must-change");
  g_clear_error (&error);
  g_assert_true (house_change_password (house, "alice", "secret", "better", &error));
  after = house_log_in (house, "alice", "better", "192.0.2.1", &error);
  g_assert_no_error (error);
}

static gint64
told (House *house, gint64 when)
{
  g_autoptr (FloeGrant) grant = NULL;

  fake_directory_set_expiry (house->directory, "alice", when);
  grant = house_enter (house, "alice");
  return grant->password_expires;
}

/* Within the warning, to the moment; and also when it is over already. */
static void
test_warning (void)
{
  g_autoptr (House) house = house_office (0, 1);
  gint64 now = floe_clock_now (FLOE_CLOCK (house->clock));

  g_assert_cmpint (told (house, 0), ==, 0);
  g_assert_cmpint (told (house, now + 14 * DAY + 1), ==, 0);
  g_assert_cmpint (told (house, now + 14 * DAY), ==, now + 14 * DAY);
  g_assert_cmpint (told (house, now + DAY), ==, now + DAY);
  g_assert_cmpint (told (house, now - 1), ==, now - 1);
}

/* Nobody is told where nobody is to be warned. */
static void
test_no_warning (void)
{
  g_autoptr (House) house = house_office (0, 1);
  static const gchar *const nobody[] = { NULL };
  g_autoptr (FloeRoleGroups) groups = floe_role_groups_new (nobody, nobody, nobody, nobody);
  FloeLoginPolicy policy = { 900, 43200, groups, 0 };
  gint64 now = floe_clock_now (FLOE_CLOCK (house->clock));

  g_object_unref (house->login);
  house->login = floe_login_new (FLOE_DIRECTORY (house->directory), house->counted, house->keeper,
                                 FLOE_CLOCK (house->clock), &policy);
  g_assert_cmpint (told (house, now + 1), ==, 0);
  g_assert_cmpint (told (house, now - 1), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/login-password/change", test_change);
  g_test_add_func ("/login-password/refused", test_refused);
  g_test_add_func ("/login-password/audit", test_audit);
  g_test_add_func ("/login-password/grid", test_grid);
  g_test_add_func ("/login-password/must-change", test_must_change);
  g_test_add_func ("/login-password/warning", test_warning);
  g_test_add_func ("/login-password/no-warning", test_no_warning);
  return g_test_run ();
}
