/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/user.h"
#include "directory/ldap-groups.h"

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ldap-groups/name/table", test_table);
  g_test_add_func ("/ldap-groups/name/of-entry", test_named);
  g_test_add_func ("/ldap-groups/name/user", test_user);
  return g_test_run ();
}
