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
  g_autoptr (FloeConnectAnswer) answer = house_connect (house, grant->identity, "office", &error);
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
  house_advance (house, 61);
  g_assert_true (is_let_in (house, "eve"));
  g_assert_false (is_let_in (house, "alice"));
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

/* A group that is moved to another pool is the one that it was, whatever is called so by then. */
static void
test_moved (void)
{
  g_autoptr (House) house = house_with (MEANT);
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePoolReport) lab = NULL;
  const gchar *const subjects[] = { "Office", NULL };
  const FloeBulkWish wish = {
    .reason = "new desk", .from = "office", .to = "lab", .of_group = TRUE, .subjects = subjects
  };
  g_autoptr (FloePool) pool = house_new_pool ("lab", FLOE_POOL_FLOATING, "lab-*");

  g_strfreev (pool->groups);
  pool->groups = g_strsplit ("chemists", ",", -1);
  house_put_pool (house, pool);
  fake_directory_set_group (house->directory, "office", OTHER);
  floe_helpdesk_move_async (house->helpdesk, helen, &wish, house_answered, &result);
  house_wait (house, &result);
  items = floe_helpdesk_bulk_finish (house->helpdesk, result, &error);
  g_assert_no_error (error);
  g_assert_null (((FloeBulkItem *)items->pdata[0])->refusal);
  house_advance (house, 61);
  lab = house_get_pool (house, "lab");
  g_assert_cmpstr (floe_pool_get_bound (lab->pool, "Office"), ==, MEANT);
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
  g_test_add_func ("/group-binder/down", test_down);
  g_test_add_func ("/group-binder/crash", test_crash);
  g_test_add_func ("/group-binder/explained", test_explained);
  g_test_add_func ("/group-binder/moved", test_moved);
  return g_test_run ();
}
