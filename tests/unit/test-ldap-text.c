/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-init.h"
#include "directory/ldap-member-filter.h"
#include "directory/ldap-text.h"

#include <string.h>

static void
test_name (void)
{
  g_autofree gchar *longest = g_strnfill (FLOE_LDAP_NAME_MAX, 'a');
  g_autofree gchar *too_long = g_strnfill (FLOE_LDAP_NAME_MAX + 1, 'a');
  g_autofree gchar *huge = g_strnfill (1 << 20, 'a');
  const gchar *const good[] = {
    "alice", "o(d*d)", "*", "a,b", "\\", "J\xc3\xbcrgen", " ", longest
  };
  const gchar *const bad[] = { "",      "a\nb",     "a\tb",         "\x7f",   "a\x01", "\xc3",
                               "a\xff", "\xc2\x85", "\xed\xa0\x80", too_long, huge };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (floe_ldap_name_is_acceptable (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (floe_ldap_name_is_acceptable (bad[i]));
}

static gboolean
password_ok (const gchar *bytes, gssize length)
{
  g_autoptr (FloeSecret) password = floe_secret_new (bytes, length);

  return floe_ldap_password_is_acceptable (password);
}

static void
test_password (void)
{
  g_autofree gchar *longest = g_strnfill (FLOE_LDAP_PASSWORD_MAX, 'p');
  g_autofree gchar *too_long = g_strnfill (FLOE_LDAP_PASSWORD_MAX + 1, 'p');

  g_assert_true (password_ok ("secret", -1));
  g_assert_true (password_ok (" ", -1));
  g_assert_true (password_ok ("\xff\xfe", -1));
  g_assert_true (password_ok (longest, -1));
  g_assert_false (password_ok ("", 0));
  g_assert_false (password_ok ("\0", 1));
  g_assert_false (password_ok ("\0abc", 4));
  g_assert_false (password_ok ("secret\0", 7));
  g_assert_false (password_ok (too_long, -1));
}

static void
test_filter_for_name (void)
{
  static const struct
  {
    const gchar *filter, *name, *expected;
  } cases[] = {
    { "(uid=%s)", "alice", "(uid=alice)" },
    { "(uid=%s)", "*", "(uid=\\2A)" },
    { "(uid=%s)", "a*(b)\\c", "(uid=a\\2A\\28b\\29\\5Cc)" },
    { "(uid=%s)", ")(uid=*", "(uid=\\29\\28uid=\\2A)" },
    { "(uid=%s)", "", "(uid=)" },
    { "(uid=%s)", "100%s", "(uid=100%s)" },
    { "(&(objectClass=person)(uid=%s))", "a,b", "(&(objectClass=person)(uid=a,b))" },
    { "(mail=%s@floe.test)", "bob", "(mail=bob@floe.test)" },
    { "(uid=alice)", "bob", NULL },
    { "(|(uid=%s)(mail=%s))", "b*", "(|(uid=b\\2A)(mail=b\\2A))" },
    { "(|(uid=%s)(mail=%d))", "bob", NULL },
    { "(uid=%d)", "bob", NULL },
    { "(cn=%n)(uid=%s)", "bob", NULL },
    { "(uid=%%s)", "bob", NULL },
    { "(uid=%", "bob", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *filter = floe_ldap_filter_for_name (cases[i].filter, cases[i].name);

      g_assert_cmpstr (filter, ==, cases[i].expected);
    }
}

static void
test_filter_for_id (void)
{
  g_autofree gchar *plain = floe_ldap_filter_for_id ("(uid=%s)", "entryUUID", "ab-1");
  g_autofree gchar *odd = floe_ldap_filter_for_id ("(uid=%s)", "entryUUID", "*");
  g_autofree gchar *extensible = floe_ldap_filter_for_id ("(uid:caseExactMatch:=%s)", "id", "1");
  g_autofree gchar *empty = floe_ldap_filter_for_id ("(uid=%s)", "id", "");

  g_assert_cmpstr (plain, ==, "(&(entryUUID=ab-1)(uid=*))");
  g_assert_cmpstr (odd, ==, "(&(entryUUID=\\2A)(uid=*))");
  g_assert_cmpstr (extensible, ==, "(id=1)");
  g_assert_null (empty);
}

static void
test_filter_for_guid (void)
{
  g_autofree gchar *guid =
      floe_ldap_filter_for_id ("(uid=%s)", "objectGUID", "6ccdf285-aadd-48f1-a6a5-25a943113e84");
  g_autofree gchar *odd = floe_ldap_filter_for_id ("(uid=%s)", "ObjectGUID", "*");
  g_autofree gchar *short_one = floe_ldap_filter_for_id ("(uid=%s)", "objectGUID", "6ccdf285");

  g_assert_cmpstr (guid, ==,
                   "(&(objectGUID=\\85\\f2\\cd\\6c\\dd\\aa\\f1\\48\\a6\\a5\\25\\a9\\43\\11\\3e\\84)"
                   "(uid=*))");
  g_assert_null (odd);
  g_assert_null (short_one);
}

static void
test_filter_for_either (void)
{
  g_autofree gchar *both = floe_ldap_filter_for_either ("(uid=%s)", "bob", "bob@floe.test");
  g_autofree gchar *same = floe_ldap_filter_for_either ("(uid=%s)", "bob", "bob");
  g_autofree gchar *none = floe_ldap_filter_for_either ("(uid=bob)", "bob", "x");

  g_assert_cmpstr (both, ==, "(|(uid=bob)(uid=bob@floe.test))");
  g_assert_cmpstr (same, ==, "(uid=bob)");
  g_assert_null (none);
}

static void
test_filter_is_valid (void)
{
  const gchar *const good[] = { "(uid=x)", "(&(objectClass=person)(!(employeeType=retired)))",
                                "(userAccountControl:1.2.840.113556.1.4.803:=2)", "(uid=a*)" };
  const gchar *const bad[] = { "",     "uid=x", "(uid=x",   "(&(uid=x)", "(uid=x))(",
                               "(=x)", "(uid)", "nonsense", "((uid=x)" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (floe_ldap_filter_is_valid (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (floe_ldap_filter_is_valid (bad[i]))
      g_error ("\"%s\" was taken for a filter", bad[i]);
}

/* Whatever is typed stays one value: escaped parentheses and asterisks never come back bare. */
static void
test_filter_random (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      gchar name[17];
      g_autofree gchar *filter = NULL;
      guint n = (guint)g_test_rand_int_range (1, 16);

      for (guint j = 0; j < n; j++)
        name[j] = "()*\\&|!=<>~a,\"; "[g_test_rand_int_range (0, 16)];
      name[n] = '\0';
      filter = floe_ldap_filter_for_name ("(uid=%s)", name);
      g_assert_null (strpbrk (filter + 1, "(*"));
      g_assert_true (strchr (filter, ')') == filter + strlen (filter) - 1);
      g_assert_true (floe_ldap_filter_is_valid (filter));
    }
}

static void
test_member_person (void)
{
  static const struct
  {
    const gchar *filter, *dn, *name, *expected;
  } cases[] = {
    { "(member=%d)", "cn=a,dc=b", "a", "(member=cn=a,dc=b)" },
    { "(memberUid=%u)", "cn=a,dc=b", "a", "(memberUid=a)" },
    { "(|(member=%d)(memberUid=%u))", "cn=*", "(", "(|(member=cn=\\2A)(memberUid=\\28))" },
    { "(member=%d)", "cn=a\\,b", "a", "(member=cn=a\\5C,b)" },
    { "(|(a=%d)(b=%u))", "cn=%u", "%d", "(|(a=cn=%u)(b=%d))" },
    { "(cn=all)", "cn=a", "a", NULL },
    { "(member=%s)", "cn=a", "a", NULL },
    { "(|(member=%d)(a=%%))", "cn=a", "a", NULL },
    { "(member=%", "cn=a", "a", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *filter =
          floe_ldap_member_filter_for_person (cases[i].filter, cases[i].dn, cases[i].name);

      g_assert_cmpstr (filter, ==, cases[i].expected);
    }
}

/* What holds whatever a name is, and nothing else. */
static void
test_member_groups (void)
{
  static const struct
  {
    const gchar *filter, *expected;
  } cases[] = {
    { "(member=%d)", "(member=cn=g)" },
    { "(memberUid=%u)", NULL },
    { "(cn=all)", NULL },
    { "(|(member=%d)(uniqueMember=%d)(memberUid=%u))", "(|(member=cn=g)(uniqueMember=cn=g))" },
    { "(&(objectClass=group)(|(memberUid=%u)(member=%d)))",
      "(&(objectClass=group)(|(member=cn=g)))" },
    { "(&(member=%d)(memberUid=%u))", NULL },
    { "(|(&(objectClass=a)(memberUid=%u))(&(objectClass=b)(member=%d)))",
      "(|(&(objectClass=b)(member=cn=g)))" },
    { "(&(member=%d)(!(owner=%u)))", NULL },
    { "(&(member=%d)(!(cn=old*)))", "(&(member=cn=g)(!(cn=old*)))" },
    { "(|(memberUid=%u)(&))", NULL },
    { "( | ( member=%d) (memberUid=%u) (& (a=b) (c=%d) ) )", "(|(member=cn=g)(&(a=b)(c=cn=g)))" },
    { "(member:1.2.840.113556.1.4.1941:=%d)", "(member:1.2.840.113556.1.4.1941:=cn=g)" },
    { "(|(memberUid=%u)(memberUid=x%u))", NULL },
  };
  gpointer dns[] = { (gpointer) "cn=g" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *filter = floe_ldap_member_filter_for_groups (cases[i].filter, dns, 1);

      g_assert_cmpstr (filter, ==, cases[i].expected);
      g_assert_true (filter == NULL || floe_ldap_filter_is_valid (filter));
    }
}

static void
test_member_bunch (void)
{
  gpointer dns[] = { (gpointer) "cn=a", (gpointer) "cn=(b)", (gpointer) "cn=%u" };
  g_autofree gchar *several =
      floe_ldap_member_filter_for_groups ("(|(member=%d)(memberUid=%u))", dns, G_N_ELEMENTS (dns));
  g_autofree gchar *none =
      floe_ldap_member_filter_for_groups ("(memberUid=%u)", dns, G_N_ELEMENTS (dns));

  g_assert_cmpstr (several, ==, "(|(|(member=cn=a))(|(member=cn=\\28b\\29))(|(member=cn=%u)))");
  g_assert_null (none);
}

/* Whatever is called what, a filter stays one, and a group's has nothing of a name. */
static void
test_member_random (void)
{
  const gchar *const filters[] = { "(|(member=%d)(memberUid=%u))",
                                   "(&(objectClass=group)(|(member=%d)(!(a=%u))))" };

  for (guint i = 0; i < 20000; i++)
    {
      gchar name[17];
      gpointer dns[] = { name };
      g_autofree gchar *person = NULL;
      g_autofree gchar *group = NULL;
      guint n = (guint)g_test_rand_int_range (1, 16);

      for (guint j = 0; j < n; j++)
        name[j] = "()*\\&|!=<>~%du,\""[g_test_rand_int_range (0, 16)];
      name[n] = '\0';
      person = floe_ldap_member_filter_for_person (filters[i % 2], name, name);
      group = floe_ldap_member_filter_for_groups (filters[i % 2], dns, 1);
      g_assert_true (floe_ldap_filter_is_valid (person));
      g_assert_true (floe_ldap_filter_is_valid (group));
      g_assert_null (strchr (person, '*'));
      g_assert_null (strstr (group, "memberUid"));
    }
}

static void
test_attribute (void)
{
  g_assert_true (floe_ldap_attribute_is_valid ("entryUUID"));
  g_assert_true (floe_ldap_attribute_is_valid ("msDS-User"));
  g_assert_true (floe_ldap_attribute_is_valid ("2.5.4.3"));
  g_assert_true (floe_ldap_attribute_is_valid ("cn;lang-de"));
  g_assert_false (floe_ldap_attribute_is_valid (NULL));
  g_assert_false (floe_ldap_attribute_is_valid (""));
  g_assert_false (floe_ldap_attribute_is_valid ("*"));
  g_assert_false (floe_ldap_attribute_is_valid ("uid=x)(a"));
  g_assert_false (floe_ldap_attribute_is_valid ("a b"));
}

int
main (int argc, char **argv)
{
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ldap-text/name", test_name);
  g_test_add_func ("/ldap-text/password", test_password);
  g_test_add_func ("/ldap-text/filter/name", test_filter_for_name);
  g_test_add_func ("/ldap-text/filter/id", test_filter_for_id);
  g_test_add_func ("/ldap-text/filter/guid", test_filter_for_guid);
  g_test_add_func ("/ldap-text/filter/either", test_filter_for_either);
  g_test_add_func ("/ldap-text/filter/valid", test_filter_is_valid);
  g_test_add_func ("/ldap-text/filter/random", test_filter_random);
  g_test_add_func ("/ldap-text/member/person", test_member_person);
  g_test_add_func ("/ldap-text/member/groups", test_member_groups);
  g_test_add_func ("/ldap-text/member/bunch", test_member_bunch);
  g_test_add_func ("/ldap-text/member/random", test_member_random);
  g_test_add_func ("/ldap-text/attribute", test_attribute);
  return g_test_run ();
}
