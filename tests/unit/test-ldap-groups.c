/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/user.h"
#include "directory/ldap-groups.h"
#include "directory/ldap-walk.h"

#include <string.h>

#define BASE "ou=groups,dc=floe,dc=test"

typedef struct
{
  const gchar *value;
  const gchar *base;
  const gchar *plain;
} Case;

static const Case cases[] = {
  { "cn=VDI-Users," BASE, BASE, "vdi-users" },
  { "cn=vdi-users," BASE, NULL, NULL },
  { "CN=vdi-users,OU=Groups,DC=Floe,DC=test", BASE, "vdi-users" },
  { "cn=deep,ou=more," BASE, BASE, "deep" },
  /* not below the base, only looking so */
  { "cn=vdi-admins,ou=evil,dc=floe,dc=test", BASE, NULL },
  { "cn=vdi-admins,xou=groups,dc=floe,dc=test", BASE, NULL },
  { "cn=vdi-admins\\,ou=groups\\,dc=floe\\,dc=test,dc=evil", BASE, NULL },
  { BASE, BASE, NULL },
  { "dc=test", BASE, NULL },
  /* a base that is spelled in another way */
  { "cn=a," BASE, "ou=Groups, dc=floe, dc=TEST", "a" },
  /* components of several parts name nothing */
  { "cn=a+ou=b," BASE, BASE, NULL },
  /* escapes are taken out of the plain name */
  { "cn=Smith\\, J.," BASE, BASE, "smith, j." },
  { "cn=J\\C3\\BCrgen," BASE, BASE, "j\xc3\xbcrgen" },
  { "cn=GRO\xc3\x9f," BASE, BASE, "gross" },
  /* a plain name that is spelled like somebody else's DN, or like a lasting id */
  { "cn=cn\\3Dvdi-admins\\2Cou=x," BASE, BASE, NULL },
  { "cn=SID:S-1-5-21-1," BASE, BASE, NULL },
  { "cn=uuid:6ccdf285," BASE, BASE, NULL },
  /* a NUL in the value ends nothing */
  { "cn=vdi-admins\\00x," BASE, BASE, NULL },
  /* no DNs */
  { "vdi-admins", BASE, NULL },
  { "", BASE, NULL },
  { "cn=\xff," BASE, BASE, NULL },
};

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *name = floe_ldap_group_name (cases[i].value, cases[i].base);

      g_test_message ("%u", i);
      g_assert_cmpstr (name, ==, cases[i].plain);
    }
}

/* Where the name comes from another attribute than the DN's. */
static void
test_named (void)
{
  g_autofree gchar *plain = floe_ldap_group_named ("VDI-Users", "CN=other," BASE, BASE);
  g_autofree gchar *elsewhere = floe_ldap_group_named ("vdi-users", "cn=other,dc=evil", BASE);
  g_autofree gchar *imitated = floe_ldap_group_named ("Sid:s-1-5-21-1", "cn=other," BASE, BASE);

  g_assert_cmpstr (plain, ==, "vdi-users");
  g_assert_null (elsewhere);
  g_assert_null (imitated);
}

/* What comes out is what FloeUser compares with. */
static void
test_user (void)
{
  g_autofree gchar *name = floe_ldap_group_name ("CN=Vdi-Users," BASE, BASE);
  const gchar *const groups[] = { name, "sid:s-1-5-21-1-2-3-1104", NULL };
  g_autoptr (FloeUser) user = floe_user_new ("1", "a", NULL, groups);

  g_assert_true (floe_user_in_group (user, "VDI-users"));
  g_assert_true (floe_user_in_group (user, "sid:S-1-5-21-1-2-3-1104"));
  g_assert_false (floe_user_in_group (user, "sid:S-1-5-21-1-2-3-110"));
  g_assert_false (floe_user_in_group (user, "vdi-admins"));
}

/* --- the walk ----------------------------------------------------------------------------------*/

typedef struct
{
  FloeLdapGroupCache *cache;
  FloeLdapMembership call;
  FloeLdapWalk walk;
} WalkFixture;

static void
set_up (WalkFixture *f, gconstpointer way)
{
  f->cache = floe_ldap_group_cache_new (NULL);
  f->call.cache = f->cache;
  floe_ldap_walk_init (&f->walk, &f->call, (FloeLdapWay)GPOINTER_TO_INT (way));
}

static void
tear_down (WalkFixture *f, gconstpointer way)
{
  floe_ldap_walk_clear (&f->walk);
  floe_ldap_group_cache_free (f->cache);
}

static void
meet (WalkFixture *f, const gchar *group, const gchar *name)
{
  const gchar *const names[] = { name, NULL };
  const FloeLdapParent parent = { (gchar *)group, (GStrv)names };

  floe_ldap_walk_meet (&f->walk, &parent);
}

static void
assert_names (WalkFixture *f, const gchar *expected)
{
  g_auto (GStrv) names = floe_ldap_walk_sorted_names (&f->walk);
  g_autofree gchar *joined = g_strjoinv (" ", names);

  g_assert_cmpstr (joined, ==, expected);
}

/* Each group once, however it is spelled; what it is called counts when its level begins. */
static void
test_walk_once (WalkFixture *f, gconstpointer way)
{
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;

  meet (f, "cn=A,dc=x", "a");
  meet (f, "CN=a,DC=x", "b");
  assert_names (f, "");
  first = floe_ldap_walk_rise (&f->walk);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_cmpstr (first->pdata[0], ==, "cn=A,dc=x");
  assert_names (f, "a");
  meet (f, "cn=a,dc=x", "c");
  second = floe_ldap_walk_rise (&f->walk);
  g_assert_cmpuint (second->len, ==, 0);
  assert_names (f, "a");
}

/* What the server told of a group is not asked again, and leads on with its names. */
static void
test_walk_known (WalkFixture *f, gconstpointer way)
{
  const gchar *const none[] = { NULL };
  const gchar *const names[] = { "outer", NULL };
  GPtrArray *parents = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_ldap_parent_free);
  g_autoptr (FloeLdapGroup) told = floe_ldap_group_new (none, parents);
  g_autofree gchar *key = floe_ldap_walk_key (&f->walk, "cn=inner");
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;

  g_ptr_array_add (parents, floe_ldap_parent_new ("cn=outer", names));
  floe_ldap_group_cache_put (f->cache, key, told, 10);
  meet (f, "cn=inner", "inner");
  first = floe_ldap_walk_rise (&f->walk);
  g_assert_cmpuint (first->len, ==, 0);
  assert_names (f, "inner");
  second = floe_ldap_walk_rise (&f->walk);
  g_assert_cmpuint (second->len, ==, 1);
  assert_names (f, "inner outer");
}

static void
test_walk_bound (WalkFixture *f, gconstpointer way)
{
  g_autoptr (GPtrArray) asked = NULL;
  g_auto (GStrv) names = NULL;

  for (guint i = 0; i < FLOE_LDAP_GROUPS_MAX + 10; i++)
    {
      g_autofree gchar *group = g_strdup_printf ("cn=%u", i);

      g_assert_cmpint (f->call.cut, ==, i > FLOE_LDAP_GROUPS_MAX);
      meet (f, group, group);
    }
  asked = floe_ldap_walk_rise (&f->walk);
  names = floe_ldap_walk_sorted_names (&f->walk);
  g_assert_cmpuint (asked->len, ==, FLOE_LDAP_GROUPS_MAX);
  g_assert_cmpuint (g_strv_length (names), ==, FLOE_LDAP_GROUPS_MAX);
}

/* What an entry told of a group, and what a search told, are two things. */
static void
test_walk_keys (WalkFixture *f, gconstpointer way)
{
  FloeLdapWalk other;
  g_autofree gchar *one = floe_ldap_walk_key (&f->walk, "CN=a");
  g_autofree gchar *two = NULL;

  floe_ldap_walk_init (&other, &f->call, FLOE_LDAP_WAY_ATTRIBUTE);
  two = floe_ldap_walk_key (&other, "CN=a");
  g_assert_cmpstr (one, !=, two);
  floe_ldap_walk_clear (&other);
}

#define ADD_WALK(path, func)                                                                       \
  g_test_add (path, WalkFixture, GINT_TO_POINTER (FLOE_LDAP_WAY_FILTER), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ldap-groups/name/table", test_table);
  g_test_add_func ("/ldap-groups/name/of-entry", test_named);
  g_test_add_func ("/ldap-groups/name/user", test_user);
  ADD_WALK ("/ldap-groups/walk/once", test_walk_once);
  ADD_WALK ("/ldap-groups/walk/known", test_walk_known);
  ADD_WALK ("/ldap-groups/walk/bound", test_walk_bound);
  ADD_WALK ("/ldap-groups/walk/keys", test_walk_keys);
  return g_test_run ();
}
