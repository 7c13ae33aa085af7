/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/sessions.h"
#include "logs.h"
#include "one-desk.h"

/* What the holder of a desktop does with it. */

typedef struct
{
  gboolean done;
  gboolean ok;
  GError *error;
} Reply;

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->ok = floe_sessions_act_finish (FLOE_SESSIONS (source), result, &reply->error);
  reply->done = TRUE;
}

static gboolean
act (House *house, FloeSessions *sessions, const FloeGrant *grant, const gchar *id, FloeOwnAct what,
     GError **error)
{
  Reply reply = { 0 };

  floe_sessions_act_async (sessions, grant->identity, id, what, on_acted, &reply);
  while (!reply.done)
    g_main_context_iteration (NULL, TRUE);
  house_settle (house);
  if (reply.error != NULL)
    g_propagate_error (error, reply.error);
  return reply.ok;
}

static gboolean
act_on_desk (OneDesk *f, FloeOwnAct what, GError **error)
{
  return act (f->house, f->sessions, f->alice, DESK, what, error);
}

static void
allow (OneDesk *f, const gchar *actions)
{
  g_strfreev (f->pool->actions);
  f->pool->actions = g_strsplit (actions, " ", -1);
  one_desk_apply (f);
}

static void
assert_row (House *house, const gchar *action, const gchar *outcome, const gchar *actor)
{
  g_autoptr (GPtrArray) rows = house_audit (house);

  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (g_str_equal (row->action, action))
        {
          g_assert_cmpstr (row->outcome, ==, outcome);
          g_assert_cmpstr (row->actor, ==, actor);
          return;
        }
    }
  g_assert_not_reached ();
}

/* Nothing is allowed that the pool does not name. */
static void
test_not_allowed (OneDesk *f, gconstpointer data)
{
  for (FloeOwnAct what = FLOE_OWN_RESTART; what <= FLOE_OWN_FRESH; what++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree gchar *action = g_strconcat ("desktop-", floe_own_act_name (what), NULL);

      if (what == FLOE_OWN_RESTART)
        one_desk_get_in (f);
      fake_manager_clear_log (f->house->manager);
      g_assert_false (act_on_desk (f, what, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
      g_assert_cmpstr (floe_error_reason (error), ==, "action-not-allowed");
      g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "");
      assert_row (f->house, action, "denied", "alice");
    }
  one_desk_assert_held (f, TRUE);
}

static void
test_not_theirs (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeGrant) bob = house_enter (f->house, "bob");
  g_autoptr (GError) error = NULL;

  allow (f, "restart force-off");
  one_desk_get_in (f);
  g_assert_false (act (f->house, f->sessions, bob, DESK, FLOE_OWN_FORCE_OFF, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  one_desk_assert_held (f, TRUE);
}

/* It stays theirs, and nobody tells them that it ended. */
static void
test_restart (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  allow (f, "restart");
  one_desk_get_in (f);
  fake_manager_clear_log (f->house->manager);
  g_assert_true (act_on_desk (f, FLOE_OWN_RESTART, NULL));
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "shut-down office-1;on office-1;");
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_ON);
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
  g_assert_null (desktop->end);
  assert_row (f->house, "desktop-restart", "done", "alice");
}

static void
test_off (OneDesk *f, gconstpointer data)
{
  FloeOwnAct what = GPOINTER_TO_UINT (data);
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  allow (f, "shut-down force-off");
  one_desk_get_in (f);
  g_assert_true (act_on_desk (f, what, NULL));
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
  g_assert_cmpstr (desktop->end->reason, ==, "powered-off");
  g_assert_cmpstr (desktop->end->by, ==, "alice");
  /* It is off already. */
  g_assert_false (act_on_desk (f, what, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  again = house_get_in (f->house, f->alice);
  house_settle (f->house);
  g_clear_pointer (&desktop, floe_desktop_free);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_ON);
}

/* A fresh one. */

typedef struct
{
  House *house;
  FloeSessions *sessions;
  FloeGrant *alice;
  gchar *hers;        /* the desktop that she was given, of those that are alike */
  const gchar *spare; /* the other one, where there are two */
} Office;

static Office *
office_new (guint n_on)
{
  Office *self = g_new0 (Office, 1);
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  self->house = house_office (0, n_on);
  g_strfreev (pool->actions);
  pool->actions = g_strsplit ("fresh", " ", -1);
  house_put_pool (self->house, pool);
  self->sessions = floe_sessions_new (self->house->counted, self->house->keeper,
                                      FLOE_CLOCK (self->house->clock));
  self->alice = house_enter (self->house, "alice");
  answer = house_get_in (self->house, self->alice);
  self->hers = g_strdup (answer->connection->desktop->id);
  self->spare = strcmp (self->hers, "id-office-1") == 0 ? "id-office-2" : "id-office-1";
  house_settle (self->house);
  return self;
}

static void
office_free (Office *self)
{
  g_object_unref (self->sessions);
  floe_grant_free (self->alice);
  house_free (self->house);
  g_free (self->hers);
  g_free (self);
}

static gboolean
ask_for_fresh (Office *self, GError **error)
{
  return act (self->house, self->sessions, self->alice, self->hers, FLOE_OWN_FRESH, error);
}

static void
assert_holder (House *house, const gchar *id, const gchar *user)
{
  g_autoptr (FloeDesktop) desktop = house_get_desktop (house, id);

  g_assert_cmpstr (desktop->lease != NULL ? desktop->lease->holder : NULL, ==, user);
}

static void
test_fresh (void)
{
  Office *office = office_new (2);
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) old = NULL;

  assert_holder (office->house, office->hers, "uuid-alice");
  fake_manager_hold (office->house->manager, TRUE);
  g_assert_true (ask_for_fresh (office, NULL));
  assert_holder (office->house, office->hers, NULL);
  assert_holder (office->house, office->spare, "uuid-alice");
  assert_row (office->house, "desktop-fresh", "done", "alice");
  fake_manager_hold (office->house->manager, FALSE);
  house_settle (office->house);
  old = house_get_desktop (office->house, office->hers);
  g_assert_cmpint (old->facts.clean, ==, FLOE_CLEAN_CLEAN);
  answer = house_get_in (office->house, office->alice);
  g_assert_cmpstr (answer->connection->desktop->id, ==, office->spare);
  g_assert_cmpstr (answer->connection->actions[0], ==, "fresh");
  office_free (office);
}

/* Nothing else is there: they get the same one, once it was reset. */
static void
test_fresh_only_one (void)
{
  Office *office = office_new (1);
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_hold (office->house->manager, TRUE);
  g_assert_true (ask_for_fresh (office, NULL));
  assert_holder (office->house, office->hers, NULL);
  answer = house_get_in (office->house, office->alice);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_QUEUED);
  fake_manager_hold (office->house->manager, FALSE);
  house_settle (office->house);
  assert_holder (office->house, office->hers, "uuid-alice");
  g_assert_cmpuint (house_count_audit (office->house, "reset", "done"), ==, 1);
  office_free (office);
}

/* Who has one keeps it, rather than lose it to those who stand in line. */
static void
test_fresh_in_line (void)
{
  Office *office = office_new (1);
  g_autoptr (FloeGrant) bob = house_enter (office->house, "bob");
  g_autoptr (FloeConnectAnswer) queued = house_get_in (office->house, bob);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (queued->request);
  g_assert_false (ask_for_fresh (office, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_cmpstr (floe_error_reason (error), ==, "no-desktop-free");
  assert_holder (office->house, office->hers, "uuid-alice");
  assert_row (office->house, "desktop-fresh", "denied", "alice");
  office_free (office);
}

static void
test_fresh_closed (void)
{
  Office *office = office_new (2);
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (GError) error = NULL;

  g_strfreev (pool->actions);
  pool->actions = g_strsplit ("fresh", " ", -1);
  pool->closed = TRUE;
  house_put_pool (office->house, pool);
  house_settle (office->house);
  g_assert_false (ask_for_fresh (office, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "pool-closed");
  assert_holder (office->house, office->hers, "uuid-alice");
  office_free (office);
}

static void
test_pool_file (void)
{
  static const struct
  {
    FloePoolKind kind;
    const gchar *actions;
    const gchar *message;
  } rows[] = {
    { FLOE_POOL_FLOATING, "restart shut-down force-off fresh", NULL },
    { FLOE_POOL_DEDICATED, "restart shut-down force-off", NULL },
    { FLOE_POOL_DEDICATED, "restart fresh", "actions[1]: \"fresh\" is for floating pools only" },
    { FLOE_POOL_FLOATING, "reset",
      "actions[0]: expected \"restart\", \"shut-down\", \"force-off\" or \"fresh\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FloePool) pool = house_new_pool ("office", rows[i].kind, "office-*");
      g_autoptr (GError) error = NULL;

      g_strfreev (pool->actions);
      pool->actions = g_strsplit (rows[i].actions, " ", -1);
      g_assert_true (floe_pool_validate (pool, &error) == (rows[i].message == NULL));
      if (rows[i].message != NULL)
        g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

static void
add (const gchar *path, gconstpointer data, void (*test) (OneDesk *f, gconstpointer data))
{
  g_test_add (path, OneDesk, data, one_desk_set_up, test, one_desk_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  add ("/own-acts/not-allowed", NULL, test_not_allowed);
  add ("/own-acts/not-theirs", NULL, test_not_theirs);
  add ("/own-acts/restart", NULL, test_restart);
  add ("/own-acts/shut-down", GUINT_TO_POINTER (FLOE_OWN_SHUT_DOWN), test_off);
  add ("/own-acts/force-off", GUINT_TO_POINTER (FLOE_OWN_FORCE_OFF), test_off);
  g_test_add_func ("/own-acts/fresh", test_fresh);
  g_test_add_func ("/own-acts/fresh-only-one", test_fresh_only_one);
  g_test_add_func ("/own-acts/fresh-in-line", test_fresh_in_line);
  g_test_add_func ("/own-acts/fresh-closed", test_fresh_closed);
  g_test_add_func ("/own-acts/pool", test_pool_file);
  return g_test_run ();
}
