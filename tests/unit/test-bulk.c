/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/helpdesk-bulk.h"
#include "logs.h"
#include "one-desk.h"

/* What the staff does with several desktops or people at once, tried and done. */

static GPtrArray *
finish (OneDesk *f, GAsyncResult **result)
{
  house_wait (f->house, result);
  return floe_helpdesk_bulk_finish (f->house->helpdesk, *result, NULL);
}

static GPtrArray *
run (OneDesk *f, const FloeBulkWish *wish, const gchar *const *subjects)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  FloeBulkWish own = *wish;

  own.subjects = subjects;
  own.reason = "ticket 4711";
  floe_helpdesk_bulk_async (f->house->helpdesk, helen, &own, house_answered, &result);
  return finish (f, &result);
}

static GPtrArray *
log_off (OneDesk *f, const gchar *who, FloeLogOff how, gboolean dry_run)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  const gchar *const subjects[] = { who, NULL };
  const FloeBulkWish wish = {
    .how = how, .reason = "ticket 4711", .dry_run = dry_run, .subjects = subjects
  };

  floe_helpdesk_log_off_async (f->house->helpdesk, helen, &wish, house_answered, &result);
  return finish (f, &result);
}

static gboolean
is_logged_in (OneDesk *f)
{
  g_autoptr (FloeIdentity) identity = house_present (f->house, f->alice->token, NULL);

  return identity != NULL;
}

static const FloeBulkItem *
item_of (GPtrArray *items, guint i)
{
  g_assert_cmpuint (items->len, >, i);
  return items->pdata[i];
}

/* A dry run says for each what would happen, and nothing of it does. */
static void
test_dry_run (OneDesk *f, gconstpointer data)
{
  const gchar *const ids[] = { "id-nowhere", DESK, NULL };
  const FloeBulkWish dry = { .deed = FLOE_BULK_RELEASE, .dry_run = TRUE };
  const FloeBulkWish wet = { .deed = FLOE_BULK_RELEASE };
  g_autoptr (GPtrArray) tried = NULL;
  g_autoptr (GPtrArray) done = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GPtrArray) G_GNUC_UNUSED rows = NULL;

  one_desk_get_in (f);
  fake_manager_clear_log (f->house->manager);
  tried = run (f, &dry, ids);
  g_assert_error (item_of (tried, 0)->refusal, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_no_error (item_of (tried, 1)->refusal);
  g_assert_cmpstr (item_of (tried, 1)->name, ==, "office-1");
  g_assert_cmpstr (item_of (tried, 1)->holder, ==, "alice");
  g_assert_cmpint (item_of (tried, 1)->change->desktop->facts.lease, ==, FLOE_LEASE_NONE);
  one_desk_assert_held (f, TRUE);
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "");
  g_assert_cmpuint (house_count_audit (f->house, "release", "done"), ==, 0);
  done = run (f, &wet, ids);
  g_assert_error (item_of (done, 0)->refusal, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_no_error (item_of (done, 1)->refusal);
  one_desk_assert_ended (f, "admin");
  g_assert_cmpuint (house_count_audit (f->house, "release", "done"), ==, 1);
  again = run (f, &dry, ids);
  g_assert_error (item_of (again, 1)->refusal, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (item_of (again, 1)->refusal->message, ==, "desktop office-1 is lent to nobody");
}

/* A refusal that would be recorded is not, in a dry run. */
static void
test_denied (OneDesk *f, gconstpointer data)
{
  const gchar *const ids[] = { DESK, NULL };
  const FloeBulkWish wish = { .deed = FLOE_BULK_RELEASE, .dry_run = TRUE, .subjects = ids };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) items = NULL;

  one_desk_get_in (f);
  floe_helpdesk_bulk_async (f->house->helpdesk, f->alice->identity, &wish, house_answered, &result);
  items = finish (f, &result);
  g_assert_error (item_of (items, 0)->refusal, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpuint (house_count_audit (f->house, "release", "denied"), ==, 0);
}

/* More than are run at once: each is answered in its place. */
static void
test_many (OneDesk *f, gconstpointer data)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;
  const FloeBulkWish wish = { .act = FLOE_DESKTOP_RESTART };
  g_autoptr (GPtrArray) items = NULL;

  for (guint i = 0; i < 40; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("id-%u", i);

      g_strv_builder_add (builder, i == 23 ? DESK : id);
    }
  ids = g_strv_builder_end (builder);
  one_desk_get_in (f);
  items = run (f, &wish, (const gchar *const *)ids);
  g_assert_cmpuint (items->len, ==, 40);
  for (guint i = 0; i < 40; i++)
    {
      g_assert_cmpstr (item_of (items, i)->subject, ==, ids[i]);
      g_assert_true ((item_of (items, i)->refusal == NULL) == (i == 23));
    }
}

/* The guest's agent is asked; the desktop stays its holder's, who has to log in again. */
static void
test_log_off (OneDesk *f, gconstpointer data)
{
  g_autoptr (GPtrArray) tried = NULL;
  g_autoptr (GPtrArray) done = NULL;

  one_desk_get_in (f);
  fake_manager_clear_log (f->house->manager);
  tried = log_off (f, "alice", FLOE_LOG_OFF_GUESTS, TRUE);
  g_assert_no_error (item_of (tried, 0)->refusal);
  g_assert_cmpuint (item_of (tried, 0)->desktops->len, ==, 1);
  g_assert_true (is_logged_in (f));
  g_assert_false (one_desk_was_asked (f, "log-off office-1"));
  done = log_off (f, "alice", FLOE_LOG_OFF_GUESTS, FALSE);
  g_assert_no_error (item_of (done, 0)->refusal);
  g_assert_false (is_logged_in (f));
  house_advance (f->house, 1);
  g_assert_true (one_desk_was_asked (f, "log-off office-1"));
  one_desk_assert_held (f, TRUE);
  g_assert_cmpuint (house_count_audit (f->house, "log-off", "done"), ==, 2); /* and the agent's */
  g_assert_cmpuint (house_count_audit (f->house, "desktop-log-off", "done"), ==, 1);
}

static void
test_log_off_keep (OneDesk *f, gconstpointer data)
{
  g_autoptr (GPtrArray) done = NULL;

  one_desk_get_in (f);
  fake_manager_clear_log (f->house->manager);
  done = log_off (f, "alice", FLOE_LOG_OFF_KEEP, FALSE);
  g_assert_cmpuint (item_of (done, 0)->desktops->len, ==, 0);
  g_assert_false (is_logged_in (f));
  house_advance (f->house, 1);
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "");
  one_desk_assert_held (f, TRUE);
}

static void
test_log_off_release (OneDesk *f, gconstpointer data)
{
  g_autoptr (GPtrArray) done = NULL;
  g_autoptr (GPtrArray) unknown = NULL;

  one_desk_get_in (f);
  done = log_off (f, "alice", FLOE_LOG_OFF_RELEASE, FALSE);
  g_assert_cmpuint (item_of (done, 0)->desktops->len, ==, 1);
  g_assert_false (is_logged_in (f));
  one_desk_assert_ended (f, "admin");
  unknown = log_off (f, "nobody", FLOE_LOG_OFF_KEEP, FALSE);
  g_assert_error (item_of (unknown, 0)->refusal, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

/* One that is off has nobody in it: that is said, and nothing else is. */
static void
test_log_off_of_one_that_is_off (OneDesk *f, gconstpointer data)
{
  const gchar *const ids[] = { DESK, NULL };
  const FloeBulkWish off = { .act = FLOE_DESKTOP_FORCE_OFF };
  const FloeBulkWish wish = { .act = FLOE_DESKTOP_LOG_OFF };
  g_autoptr (GPtrArray) stopped = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) person = NULL;

  one_desk_get_in (f);
  stopped = run (f, &off, ids);
  items = run (f, &wish, ids);
  g_assert_error (item_of (items, 0)->refusal, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (floe_error_reason (item_of (items, 0)->refusal), ==, "not-running");
  person = log_off (f, "alice", FLOE_LOG_OFF_GUESTS, FALSE);
  g_assert_no_error (item_of (person, 0)->refusal);
  g_assert_error (item_of (item_of (person, 0)->desktops, 0)->refusal, FLOE_ERROR,
                  FLOE_ERROR_CONFLICT);
  g_assert_false (is_logged_in (f));
}

/* Two of the helpdesk act at once: one does it, the other one reads why not. */
static void
test_two_at_once (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  const gchar *const ids[] = { DESK, NULL };
  const FloeBulkWish wish = { .act = FLOE_DESKTOP_RESTART, .reason = "hangs", .subjects = ids };
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GPtrArray) done = NULL;
  g_autoptr (GPtrArray) refused = NULL;

  one_desk_get_in (f);
  floe_helpdesk_bulk_async (f->house->helpdesk, helen, &wish, house_answered, &first);
  floe_helpdesk_bulk_async (f->house->helpdesk, helen, &wish, house_answered, &second);
  while (first == NULL || second == NULL)
    g_main_context_iteration (NULL, TRUE);
  done = finish (f, &first);
  refused = finish (f, &second);
  g_assert_no_error (item_of (done, 0)->refusal);
  g_assert_error (item_of (refused, 0)->refusal, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (item_of (refused, 0)->refusal->message, ==,
                   "desktop office-1: something is under way already: stop");
  g_assert_cmpuint (house_count_audit (f->house, "desktop-restart", "done"), ==, 1);
}

/* Both entitlements, and what they have in the old pool, at once; or nothing of it. */
static GPtrArray *
move (OneDesk *f, const gchar *who, gboolean of_group, gboolean dry_run)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  const gchar *const subjects[] = { who, NULL };
  const FloeBulkWish wish = { .reason = "new desk",
                              .dry_run = dry_run,
                              .from = "office",
                              .to = "lab",
                              .of_group = of_group,
                              .release = TRUE,
                              .subjects = subjects };

  floe_helpdesk_move_async (f->house->helpdesk, helen, &wish, house_answered, &result);
  return finish (f, &result);
}

static void
assert_named (OneDesk *f, const gchar *pool, const gchar *user, gboolean is)
{
  g_autoptr (FloePoolReport) report = house_get_pool (f->house, pool);

  g_assert_cmpint (g_strv_contains ((const gchar *const *)report->pool->users, user), ==, is);
}

static void
test_move (OneDesk *f, gconstpointer data)
{
  g_autoptr (GPtrArray) by_group = NULL;
  g_autoptr (GPtrArray) tried = NULL;
  g_autoptr (GPtrArray) done = NULL;
  g_autoptr (GPtrArray) again = NULL;
  gchar *named[] = { "Alice", NULL };

  house_add_pool (f->house, "lab", FLOE_POOL_FLOATING, "lab-*");
  by_group = move (f, "alice", FALSE, TRUE);
  g_assert_error (item_of (by_group, 0)->refusal, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (floe_error_reason (item_of (by_group, 0)->refusal), ==, "by-group");
  g_strfreev (f->pool->users);
  f->pool->users = g_strdupv (named);
  g_strfreev (f->pool->groups);
  f->pool->groups = g_strsplit ("", ",", -1);
  one_desk_apply (f);
  one_desk_get_in (f);
  tried = move (f, "alice", FALSE, TRUE);
  g_assert_no_error (item_of (tried, 0)->refusal);
  g_assert_cmpuint (item_of (tried, 0)->desktops->len, ==, 1);
  assert_named (f, "office", "Alice", TRUE);
  one_desk_assert_held (f, TRUE);
  done = move (f, "alice", FALSE, FALSE);
  g_assert_no_error (item_of (done, 0)->refusal);
  assert_named (f, "office", "Alice", FALSE);
  assert_named (f, "lab", "alice", TRUE);
  one_desk_assert_ended (f, "admin");
  g_assert_cmpuint (house_count_audit (f->house, "pool-move", "done"), ==, 2);
  again = move (f, "alice", FALSE, FALSE);
  g_assert_cmpstr (floe_error_reason (item_of (again, 0)->refusal), ==, "not-entitled");
}

static void
test_move_group (OneDesk *f, gconstpointer data)
{
  g_autoptr (GPtrArray) done = NULL;
  g_autoptr (FloePoolReport) old = NULL;
  g_autoptr (FloePoolReport) new = NULL;

  house_add_pool (f->house, "lab", FLOE_POOL_FLOATING, "lab-*");
  one_desk_get_in (f);
  done = move (f, f->pool->groups[0], TRUE, FALSE);
  g_assert_no_error (item_of (done, 0)->refusal);
  g_assert_cmpuint (item_of (done, 0)->desktops->len, ==, 1);
  old = house_get_pool (f->house, "office");
  new = house_get_pool (f->house, "lab");
  g_assert_null (old->pool->groups[0]);
  g_assert_true (g_strv_contains ((const gchar *const *)new->pool->groups, f->pool->groups[0]));
  one_desk_assert_ended (f, "admin");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/bulk/" name, OneDesk, NULL, one_desk_set_up, func, one_desk_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("dry-run", test_dry_run);
  ADD ("denied", test_denied);
  ADD ("many", test_many);
  ADD ("log-off", test_log_off);
  ADD ("log-off/keep", test_log_off_keep);
  ADD ("log-off/release", test_log_off_release);
  ADD ("log-off/is-off", test_log_off_of_one_that_is_off);
  ADD ("move", test_move);
  ADD ("move/group", test_move_group);
  ADD ("two-at-once", test_two_at_once);
  return g_test_run ();
}
