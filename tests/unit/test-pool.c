/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/pool.h"

#include <string.h>

static FloePool *
office (void)
{
  FloePool *pool = floe_pool_new ("office", FLOE_POOL_FLOATING);

  pool->pattern = g_strdup ("office-*");
  g_strfreev (pool->groups);
  pool->groups = g_strsplit ("Vdi-Users", ",", -1);
  g_strfreev (pool->users);
  pool->users = g_strsplit ("Dora", ",", -1);
  return pool;
}

static void
test_names (void)
{
  static const gchar *const good[] = { "a", "office", "2nd-floor", "a-" };
  static const gchar *const bad[] = { "", "-a", "Office", "a b", "a/b", "..", "bür", "a\n" };
  g_autofree gchar *longest = g_strnfill (64, 'a');
  g_autofree gchar *too_long = g_strnfill (65, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (floe_pool_name_is_valid (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (floe_pool_name_is_valid (bad[i]));
  g_assert_true (floe_pool_name_is_valid (longest));
  g_assert_false (floe_pool_name_is_valid (too_long));
}

static void
refuses (FloePool *pool, const gchar *field)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (floe_pool_validate (pool, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, field));
  floe_pool_free (pool);
}

static FloePool *
with_text (gsize offset, const gchar *text)
{
  FloePool *pool = office ();
  gchar **field = G_STRUCT_MEMBER_P (pool, offset);

  g_free (*field);
  *field = g_strdup (text);
  return pool;
}

static FloePool *
with_number (gsize offset, guint number)
{
  FloePool *pool = office ();

  G_STRUCT_MEMBER (guint, pool, offset) = number;
  return pool;
}

static void
test_validate (void)
{
  g_autoptr (FloePool) good = office ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *long_text = g_strnfill (600, 'x');
  FloePool *subject = office ();

  g_assert_true (floe_pool_validate (good, &error));
  g_assert_no_error (error);
  refuses (with_text (G_STRUCT_OFFSET (FloePool, name), "Bad Name"), "name:");
  refuses (with_text (G_STRUCT_OFFSET (FloePool, description), long_text), "description:");
  refuses (with_text (G_STRUCT_OFFSET (FloePool, manager), "vmware"), "manager:");
  refuses (with_text (G_STRUCT_OFFSET (FloePool, pattern), ""), "domains.pattern:");
  refuses (with_number (G_STRUCT_OFFSET (FloePool, grace_seconds), 2592001), "grace_seconds:");
  refuses (with_number (G_STRUCT_OFFSET (FloePool, ready_seconds), 0), "ready_seconds:");
  refuses (with_number (G_STRUCT_OFFSET (FloePool, ready_seconds), 3601), "ready_seconds:");
  g_free (subject->groups[0]);
  subject->groups[0] = g_strdup (long_text);
  refuses (subject, "entitlements.groups[0]:");
}

static void
test_domains (void)
{
  g_autoptr (FloePool) by_name = office ();
  g_autoptr (FloePool) by_metadata = floe_pool_new ("office", FLOE_POOL_FLOATING);
  g_autoptr (FloeDomain) plain = floe_domain_new ("1", "office-1", "host1");
  g_autoptr (FloeDomain) other = floe_domain_new ("2", "database", "host1");
  g_autoptr (FloeDomain) marked = floe_domain_new ("3", "office-3", "host1");
  g_autoptr (FloeDomain) elsewhere = floe_domain_new ("4", "office-4", "host1");

  marked->pool = g_strdup ("office");
  elsewhere->pool = g_strdup ("lab");
  g_assert_true (floe_pool_has_domain (by_name, plain));
  g_assert_false (floe_pool_has_domain (by_name, other));
  g_assert_false (floe_pool_has_domain (by_name, marked));
  g_assert_false (floe_pool_has_domain (by_name, elsewhere));
  g_assert_false (floe_pool_has_domain (by_metadata, plain));
  g_assert_true (floe_pool_has_domain (by_metadata, marked));
  g_assert_false (floe_pool_has_domain (by_metadata, elsewhere));
}

static void
test_entitlement (void)
{
  static const gchar *const groups[] = { "vdi-users", NULL };
  static const gchar *const others[] = { "vdi-users-2", NULL };
  g_autoptr (FloePool) pool = office ();
  g_autoptr (FloeUser) member = floe_user_new ("1", "alice", NULL, groups);
  g_autoptr (FloeUser) outsider = floe_user_new ("2", "mallory", NULL, others);
  g_autoptr (FloeUser) by_name = floe_user_new ("3", "DORA", NULL, NULL);

  g_assert_true (floe_pool_entitles (pool, member));
  g_assert_false (floe_pool_entitles (pool, outsider));
  g_assert_true (floe_pool_entitles (pool, by_name));
}

static void
test_diff (void)
{
  g_autoptr (FloePool) before = office ();
  g_autoptr (FloePool) after = office ();
  g_auto (GStrv) nothing = floe_pool_diff (before, after);
  g_auto (GStrv) fresh = floe_pool_diff (NULL, after);
  g_auto (GStrv) changes = NULL;
  g_autofree gchar *all = NULL;

  g_assert_cmpuint (g_strv_length (nothing), ==, 0);
  g_assert_cmpstr (fresh[0], ==, "new floating pool");
  after->closed = TRUE;
  after->grace_seconds = 60;
  g_free (after->groups[0]);
  after->groups[0] = g_strdup ("staff");
  changes = floe_pool_diff (before, after);
  all = g_strjoinv ("\n", changes);
  g_assert_cmpstr (all, ==,
                   "entitlements.groups: + staff\nentitlements.groups: - Vdi-Users\n"
                   "grace_seconds: 14400 -> 60\nclosed: no -> yes");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/names", test_names);
  g_test_add_func ("/pool/validate", test_validate);
  g_test_add_func ("/pool/domains", test_domains);
  g_test_add_func ("/pool/entitlement", test_entitlement);
  g_test_add_func ("/pool/diff", test_diff);
  return g_test_run ();
}
