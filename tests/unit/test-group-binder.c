/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-bulk.h"
#include "house.h"
#include "logs.h"

/* Which group a plain name in a pool stands for. "alice" is in the one that the pool "office"
 * means, and "eve" in another one that is called so, too, once there is one. */

#define MEANT "uuid:aaaa"
#define OTHER "uuid:eeee"

static House *
house_with (const gchar *ids)
{
  House *house = house_new ();

  fake_directory_set_group (house->directory, "office", ids);
  fake_directory_add (house->directory, "alice", "office," MEANT);
  fake_directory_add (house->directory, "eve", "office," OTHER);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  return house;
}

static gboolean
may (House *house, const gchar *name)
{
  g_autoptr (FloeGrant) grant = house_enter (house, name);

  for (guint i = 0; i < grant->pools->len; i++)
    if (strcmp (((const FloePoolView *)grant->pools->pdata[i])->pool->name, "office") == 0)
      return TRUE;
  return FALSE;
}

/* And with a connect, which looks for itself. */
static gboolean
is_let_in (House *house, const gchar *name)
{
  g_autoptr (FloeGrant) grant = house_enter (house, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer G_GNUC_UNUSED =
      house_connect (house, grant->identity, "office", &error);
  gboolean denied = g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND)
                    || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED);

  g_assert_true (denied != may (house, name));
  return !denied;
}

static void
put_again (House *house, const gchar *groups)
{
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");

  g_strfreev (pool->groups);
  pool->groups = g_strsplit (groups, ",", -1);
  house_put_pool (house, pool);
}

static void
test_bound (void)
{
  g_autoptr (House) house = house_with (MEANT);

  g_assert_true (is_let_in (house, "alice"));
  g_assert_false (is_let_in (house, "eve"));
  g_assert_cmpuint (house_count_audit (house, "pool-bind", "done"), ==, 1);
}

/* The group is called something else, and another one as it was. */
static void
test_renamed (void)
{
  g_autoptr (House) house = house_with (MEANT);

  fake_directory_add (house->directory, "alice", "clerks," MEANT);
  fake_directory_set_group (house->directory, "office", OTHER);
  put_again (house, "office,more");
  house_advance (house, 61);
  g_assert_true (is_let_in (house, "alice"));
  g_assert_false (is_let_in (house, "eve"));
  g_assert_cmpuint (house_count_audit (house, "pool-bind", "done"), ==, 1);
}

/* Who means the other one takes the name out and puts it in again. */
static void
test_taken_out (void)
{
  g_autoptr (House) house = house_with (MEANT);

  fake_directory_set_group (house->directory, "office", OTHER);
  put_again (house, "more");
  put_again (house, "office,more");
  g_assert_true (is_let_in (house, "eve"));
  g_assert_false (is_let_in (house, "alice"));
}

/* While nobody knows which one is meant, a name stands for all that are called so. */
static void
test_several (void)
{
  g_autoptr (House) house = NULL;

  logs_expect ("*several groups are called \"office\"*" MEANT ", " OTHER "*");
  house = house_with (MEANT "," OTHER);
  house_advance (house, 200);
  g_assert_true (is_let_in (house, "alice"));
  g_assert_true (is_let_in (house, "eve"));
  fake_directory_set_group (house->directory, "office", OTHER);
  house_advance (house, 60);
  g_assert_true (is_let_in (house, "alice")); /* it is not asked for all the time */
  house_advance (house, 600);
  g_assert_true (is_let_in (house, "eve"));
  g_assert_false (is_let_in (house, "alice"));
}

/* However it is written it is one name, and that of another directory's group, or of terminals, is
 * not looked for in this one. */
static void
test_case (void)
{
  g_autoptr (House) house = house_with (MEANT);
  g_autoptr (FloePoolReport) report = NULL;

  fake_directory_set_group (house->directory, "Terminals:kiosk", OTHER);
  fake_directory_set_group (house->directory, "terminals:kiosk", OTHER);
  put_again (house, "OFFICE,Terminals:kiosk,More");
  fake_directory_set_group (house->directory, "more", OTHER);
  house_advance (house, 700);
  report = house_get_pool (house, "office");
  g_assert_cmpstr (floe_pool_get_bound (report->pool, "OFFICE"), ==, MEANT);
  g_assert_cmpstr (floe_pool_get_bound (report->pool, "More"), ==, OTHER);
  g_assert_null (floe_pool_get_bound (report->pool, "Terminals:kiosk"));
}

/* A directory that was made anew: who runs the broker is told when it is started. */
static void
test_made_anew (void)
{
  g_autoptr (House) house = house_with (MEANT);

  house_crash (house);
  fake_directory_set_group (house->directory, "office", OTHER);
  logs_expect ("*the group \"office\" when that was " MEANT ", and it is " OTHER " now*");
  house_start (house);
  house_advance (house, 200);
  g_assert_false (is_let_in (house, "eve"));
}

/* An id needs no directory, and a name waits until there is one again. */
static void
test_down (void)
{
  g_autoptr (House) house = house_new ();

  fake_directory_set_group (house->directory, "office", MEANT);
  fake_directory_add (house->directory, "alice", "office," MEANT);
  fake_directory_add (house->directory, "eve", "office," OTHER);
  fake_directory_set_down (house->directory, TRUE);
  put_again (house, "office");
  house_advance (house, 61);
  g_assert_cmpuint (house_count_audit (house, "pool-bind", "done"), ==, 0);
  fake_directory_set_down (house->directory, FALSE);
  g_assert_true (is_let_in (house, "eve"));
  house_advance (house, 61);
  g_assert_false (is_let_in (house, "eve"));
  g_assert_true (is_let_in (house, "alice"));
}

/* A crash between a pool and its binding. */
static void
test_crash (void)
{
  g_autoptr (House) house = house_new ();

  put_again (house, "office");
  house_crash (house);
  fake_directory_set_group (house->directory, "office", MEANT);
  fake_directory_add (house->directory, "eve", "office," OTHER);
  house_start (house);
  house_settle (house);
  g_assert_false (is_let_in (house, "eve"));
}

static void
explained (GObject *source, GAsyncResult *result, gpointer data)
{
  *(FloeExplanation **)data = floe_helpdesk_explain_finish (FLOE_HELPDESK (source), result, NULL);
}

static gchar *
explain (House *house, const gchar *name, const gchar *code)
{
  g_autoptr (FloeGrant) G_GNUC_UNUSED grant = house_enter (house, name);
  g_autoptr (FloeIdentity) actor = house_helen ();
  g_autoptr (FloeExplanation) explanation = NULL;

  floe_helpdesk_explain_async (house->helpdesk, actor, name, "office", NULL, explained,
                               &explanation);
  house_settle (house);
  for (guint i = 0; i < explanation->steps->len; i++)
    if (strcmp (((FloeExplanationStep *)explanation->steps->pdata[i])->code, code) == 0)
      return g_strdup (((FloeExplanationStep *)explanation->steps->pdata[i])->text);
  g_error ("%s was not told %s", name, code);
}

static void
test_explained (void)
{
  g_autoptr (House) house = house_with (MEANT);
  g_autofree gchar *hers = explain (house, "alice", "entitled-group");
  g_autofree gchar *others = explain (house, "eve", "another-group");

  g_assert_cmpstr (hers, ==, "entitled by group: office (" MEANT ")");
  g_assert_nonnull (strstr (others, "which is " MEANT));
}

static FloeBulkItem *
move (House *house, const gchar *name)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *const subjects[] = { name, NULL };
  const FloeBulkWish wish = {
    .reason = "new desk", .from = "office", .to = "lab", .of_group = TRUE, .subjects = subjects
  };

  floe_helpdesk_move_async (house->helpdesk, helen, &wish, house_answered, &result);
  house_wait (house, &result);
  items = floe_helpdesk_bulk_finish (house->helpdesk, result, &error);
  g_assert_no_error (error);
  g_ptr_array_set_free_func (items, NULL);
  return items->pdata[0];
}

static void
add_lab (House *house, const gchar *group)
{
  g_autoptr (FloePool) pool = house_new_pool ("lab", FLOE_POOL_FLOATING, "lab-*");

  g_strfreev (pool->groups);
  pool->groups = g_strsplit (group, ",", -1);
  house_put_pool (house, pool);
}

/* A group that is moved to another pool is the one that it was, whatever is called so by then. */
static void
test_moved (void)
{
  g_autoptr (House) house = house_with (MEANT);
  g_autoptr (FloeBulkItem) item = NULL;
  g_autoptr (FloePoolReport) lab = NULL;

  add_lab (house, "chemists");
  fake_directory_set_group (house->directory, "office", OTHER);
  item = move (house, "Office");
  g_assert_no_error (item->refusal);
  house_advance (house, 61);
  lab = house_get_pool (house, "lab");
  g_assert_cmpstr (floe_pool_get_bound (lab->pool, "Office"), ==, MEANT);
}

/* Nor is it mixed up with the one that the other pool has of that name. */
static void
test_moved_to_another (void)
{
  g_autoptr (House) house = house_with (MEANT);
  g_autoptr (FloeBulkItem) item = NULL;

  fake_directory_set_group (house->directory, "office", OTHER);
  add_lab (house, "OFFICE");
  item = move (house, "office");
  g_assert_error (item->refusal, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (floe_error_reason (item->refusal), ==, "another-group");
  g_assert_true (is_let_in (house, "alice"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/group-binder/bound", test_bound);
  g_test_add_func ("/group-binder/renamed", test_renamed);
  g_test_add_func ("/group-binder/taken-out", test_taken_out);
  g_test_add_func ("/group-binder/several", test_several);
  g_test_add_func ("/group-binder/case", test_case);
  g_test_add_func ("/group-binder/made-anew", test_made_anew);
  g_test_add_func ("/group-binder/down", test_down);
  g_test_add_func ("/group-binder/crash", test_crash);
  g_test_add_func ("/group-binder/explained", test_explained);
  g_test_add_func ("/group-binder/moved", test_moved);
  g_test_add_func ("/group-binder/moved-to-another", test_moved_to_another);
  return g_test_run ();
}
