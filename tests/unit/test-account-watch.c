/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/account-watch.h"

#include "house.h"
#include "logs.h"

#define TOO_MANY "the directory says that*"

/* A house of people who are logged in: person-0 and so on, and what the watch told last. */
typedef struct
{
  House *house;
  GPtrArray *grants;
  guint doubted;
  guint told;
} Crowd;

static void
on_doubted (FloeLogin *login, guint n, Crowd *self)
{
  self->doubted = n;
  self->told++;
}

static Crowd *
crowd_new (guint n)
{
  Crowd *self = g_new0 (Crowd, 1);

  self->house = house_office (0, 1);
  self->grants = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_grant_free);
  g_signal_connect (self->house->login, "doubted", G_CALLBACK (on_doubted), self);
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("person-%u", i);

      fake_directory_add (self->house->directory, name, "office");
      g_ptr_array_add (self->grants, house_enter (self->house, name));
    }
  return self;
}

static void
crowd_free (Crowd *self)
{
  g_ptr_array_unref (self->grants);
  house_free (self->house);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Crowd, crowd_free)

static void
crowd_lose (Crowd *self, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("person-%u", i);

      fake_directory_remove (self->house->directory, name);
    }
}

static guint
crowd_count (Crowd *self)
{
  guint n = 0;

  for (guint i = 0; i < self->grants->len; i++)
    {
      const FloeGrant *grant = self->grants->pdata[i];
      g_autoptr (FloeIdentity) identity = house_present (self->house, grant->token, NULL);

      n += identity != NULL ? 1 : 0;
    }
  return n;
}

/* A minute, less what a directory's answers may be old and what it takes to ask for all of them. */
static void
crowd_pass (Crowd *self)
{
  house_advance (self->house, 46);
}

/* What the directory says of @gone of @n people is done; or, when @doubted, is not. */
static void
check (guint n, guint gone, gboolean doubted)
{
  g_autoptr (Crowd) crowd = crowd_new (n);
  g_autoptr (GPtrArray) heard = house_hear_login (crowd->house);

  if (doubted)
    logs_expect (TOO_MANY);
  crowd_lose (crowd, gone);
  crowd_pass (crowd);
  g_assert_cmpuint (crowd_count (crowd), ==, doubted ? n : n - gone);
  g_assert_cmpuint (crowd->doubted, ==, doubted ? gone : 0);
  g_assert_cmpuint (house_count_audit (crowd->house, "account-ended", "done"), ==,
                    doubted ? 0 : gone);
  g_assert_cmpuint (heard->len, ==, doubted ? 0 : gone); /* each was told */
  if (doubted)
    logs_assert_expected ();
}

/* More than five and more than half: each alone is none. */
static void
test_boundary (void)
{
  check (1, 1, FALSE);
  check (5, 5, FALSE);
  check (6, 6, TRUE);
  check (11, 6, TRUE);
  check (12, 6, FALSE);
  check (13, 7, TRUE);
  check (13, 6, FALSE);
}

/* One warning, however long it takes; then what is true is done. */
static void
test_recovers (void)
{
  g_autoptr (Crowd) crowd = crowd_new (10);

  logs_expect (TOO_MANY);
  crowd_lose (crowd, 10);
  crowd_pass (crowd);
  logs_assert_expected ();
  crowd_pass (crowd); /* another warning would fail the test */
  g_assert_cmpuint (crowd_count (crowd), ==, 10);
  g_assert_cmpuint (crowd->told, ==, 1);
  fake_directory_set_down (crowd->house->directory, TRUE); /* which says nothing to the contrary */
  crowd_pass (crowd);
  fake_directory_set_down (crowd->house->directory, FALSE);
  g_assert_cmpuint (crowd->doubted, ==, 10);
  for (guint i = 2; i < 10; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("person-%u", i);

      fake_directory_add (crowd->house->directory, name, "office");
    }
  crowd_pass (crowd);
  g_assert_cmpuint (crowd->doubted, ==, 0);
  g_assert_cmpuint (crowd_count (crowd), ==, 8);
}

/* Those of whom nothing was said are not counted among the people that are there. */
static void
test_silence (void)
{
  g_autoptr (Crowd) crowd = crowd_new (10);

  fake_directory_set_down (crowd->house->directory, TRUE);
  crowd_lose (crowd, 10);
  crowd_pass (crowd);
  g_assert_cmpuint (crowd->doubted, ==, 0);
  g_assert_cmpuint (crowd_count (crowd), ==, 10);
}

/* Whoever comes back after a drop is looked up by themselves, and under the same guard. */
static void
test_reconnect (void)
{
  g_autoptr (Crowd) crowd = crowd_new (10);
  g_autoptr (FloeConnectAnswer) answer = house_get_in (crowd->house, crowd->grants->pdata[0]);
  FloeSecret *right = answer->connection->reconnect_token;
  g_autoptr (FloeGrant) fresh = NULL;
  g_autoptr (GError) error = NULL;

  logs_expect (TOO_MANY);
  crowd_lose (crowd, 10);
  /* Nothing is known yet: refused, and found out about at once. */
  g_assert_null (house_reconnect (crowd->house, right, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  house_settle (crowd->house);
  logs_assert_expected ();
  g_assert_cmpuint (crowd_count (crowd), ==, 10);
  fresh = house_reconnect (crowd->house, right, NULL, NULL);
  g_assert_nonnull (fresh);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/account-watch/guard/boundary", test_boundary);
  g_test_add_func ("/account-watch/guard/recovers", test_recovers);
  g_test_add_func ("/account-watch/guard/silence", test_silence);
  g_test_add_func ("/account-watch/guard/reconnect", test_reconnect);
  return g_test_run ();
}
