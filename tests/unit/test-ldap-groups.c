/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/user.h"
#include "directory/ldap-groups.h"

#include <string.h>

#define BASE "ou=groups,dc=floe,dc=test"

static GStrv
groups_of (const gchar *value, gssize length, const gchar *base)
{
  struct berval one = { length < 0 ? strlen (value) : (gsize)length, (char *)value };
  struct berval *values[] = { &one, NULL };

  return floe_ldap_groups (values, base);
}

typedef struct
{
  const gchar *value;
  const gchar *base;
  const gchar *dn;
  const gchar *plain;
} Case;

static const Case cases[] = {
  { "cn=VDI-Users," BASE, BASE, "cn=vdi-users," BASE, "vdi-users" },
  { "cn=vdi-users," BASE, NULL, "cn=vdi-users," BASE, NULL },
  { "CN=vdi-users,OU=Groups,DC=Floe,DC=test", BASE, "cn=vdi-users,ou=groups,dc=floe,dc=test",
    "vdi-users" },
  { "cn=deep,ou=more," BASE, BASE, "cn=deep,ou=more," BASE, "deep" },
  /* not below the base, only looking so */
  { "cn=vdi-admins,ou=evil,dc=floe,dc=test", BASE, "cn=vdi-admins,ou=evil,dc=floe,dc=test", NULL },
  { "cn=vdi-admins,xou=groups,dc=floe,dc=test", BASE, "cn=vdi-admins,xou=groups,dc=floe,dc=test",
    NULL },
  { "cn=vdi-admins\\,ou=groups\\,dc=floe\\,dc=test,dc=evil", BASE,
    "cn=vdi-admins\\,ou=groups\\,dc=floe\\,dc=test,dc=evil", NULL },
  { BASE, BASE, BASE, NULL },
  { "dc=test", BASE, "dc=test", NULL },
  /* a base that is spelled in another way */
  { "cn=a," BASE, "ou=Groups, dc=floe, dc=TEST", "cn=a," BASE, "a" },
  /* components of several parts name nothing */
  { "cn=a+ou=b," BASE, BASE, "cn=a+ou=b," BASE, NULL },
  /* escapes are taken out of the plain name */
  { "cn=Smith\\, J.," BASE, BASE, "cn=smith\\, j.," BASE, "smith, j." },
  { "cn=J\\C3\\BCrgen," BASE, BASE, "cn=j\\c3\\bcrgen," BASE, "j\xc3\xbcrgen" },
  { "cn=GRO\xc3\x9f," BASE, BASE, "cn=gross," BASE, "gross" },
  /* a plain name that is spelled like somebody else's DN */
  { "cn=cn\\3Dvdi-admins\\2Cou=x," BASE, BASE, "cn=cn\\3dvdi-admins\\2cou=x," BASE, NULL },
  /* a NUL in the value ends nothing */
  { "cn=vdi-admins\\00x," BASE, BASE, "cn=vdi-admins\\00x," BASE, NULL },
};

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) groups = groups_of (cases[i].value, -1, cases[i].base);

      g_test_message ("%s", cases[i].value);
      g_assert_cmpstr (groups[0], ==, cases[i].dn);
      g_assert_cmpstr (groups[1], ==, cases[i].plain);
      if (groups[1] != NULL)
        g_assert_null (groups[2]);
    }
}

static void
test_nonsense (void)
{
  static const gchar nul[] = "cn=vdi-admins\0x," BASE;
  g_auto (GStrv) with_nul = groups_of (nul, sizeof nul - 1, BASE);
  g_auto (GStrv) no_dn = groups_of ("vdi-admins", -1, BASE);
  g_auto (GStrv) empty = groups_of ("", -1, BASE);
  g_auto (GStrv) not_utf8 = groups_of ("cn=\xff," BASE, -1, BASE);
  g_auto (GStrv) none = floe_ldap_groups (NULL, BASE);

  g_assert_null (with_nul[0]);
  g_assert_null (no_dn[0]);
  g_assert_null (empty[0]);
  g_assert_null (not_utf8[0]);
  g_assert_null (none[0]);
}

/* What comes out is what FloeUser compares with. */
static void
test_user (void)
{
  g_auto (GStrv) groups = groups_of ("CN=Vdi-Users," BASE, -1, BASE);
  g_autoptr (FloeUser) user = floe_user_new ("1", "a", NULL, (const gchar *const *)groups);

  g_assert_true (floe_user_in_group (user, "VDI-users"));
  g_assert_true (floe_user_in_group (user, "cn=vdi-users,OU=groups,dc=floe,dc=test"));
  g_assert_false (floe_user_in_group (user, "vdi-admins"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ldap-groups/groups/table", test_table);
  g_test_add_func ("/ldap-groups/groups/nonsense", test_nonsense);
  g_test_add_func ("/ldap-groups/groups/user", test_user);
  return g_test_run ();
}
