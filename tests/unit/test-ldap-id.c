/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-group-cache.h"
#include "directory/ldap-id.h"

#include <string.h>

static const gchar guid[] = "\x85\xf2\xcd\x6c\xdd\xaa\xf1\x48\xa6\xa5\x25\xa9\x43\x11\x3e\x84";
static const gchar sid[] = "\x01\x05\0\0\0\0\0\x05\x15\0\0\0\xcd\x2b\xf1\xec\xc3\x99\xbc\xf1"
                           "\xa8\x86\x8c\x87\x65\x04\0\0";

static struct berval
bytes (const gchar *value, gsize length)
{
  return (struct berval){ length, (gchar *)value };
}

static void
test_guid (void)
{
  struct berval good = bytes (guid, 16);
  struct berval cut = bytes (guid, 15);
  g_autofree gchar *text = floe_ldap_id_read ("objectGUID", &good);
  g_autofree gchar *none = floe_ldap_id_read ("objectguid", &cut);
  g_autofree gchar *group = floe_ldap_group_id ("objectGUID", &good);

  g_assert_cmpstr (text, ==, "6ccdf285-aadd-48f1-a6a5-25a943113e84");
  g_assert_null (none);
  g_assert_cmpstr (group, ==, "uuid:6ccdf285-aadd-48f1-a6a5-25a943113e84");
}

static void
test_sid (void)
{
  struct berval good = bytes (sid, sizeof sid - 1);
  struct berval cut = bytes (sid, sizeof sid - 2);
  struct berval longer = bytes (sid, sizeof sid);
  struct berval empty = bytes ("", 0);
  struct berval builtin = bytes ("\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x21\x02\0\0", 16);
  struct berval world = bytes ("\x01\x01\0\0\0\0\0\x01\0\0\0\0", 12);
  struct berval many = bytes ("\x01\x10\0\0\0\0\0\x01\0\0\0\0", 12);
  struct berval other = bytes ("\x02\x01\0\0\0\0\0\x01\0\0\0\0", 12);
  g_autofree gchar *text = floe_ldap_sid_to_text (&good);
  g_autofree gchar *users = floe_ldap_group_id ("objectSid", &builtin);
  g_autofree gchar *everybody = floe_ldap_sid_to_text (&world);

  g_assert_cmpstr (text, ==, "S-1-5-21-3975228365-4055669187-2274133672-1125");
  g_assert_cmpstr (users, ==, "sid:s-1-5-32-545");
  g_assert_cmpstr (everybody, ==, "S-1-1-0");
  g_assert_null (floe_ldap_sid_to_text (&cut));
  g_assert_null (floe_ldap_sid_to_text (&longer));
  g_assert_null (floe_ldap_sid_to_text (&empty));
  g_assert_null (floe_ldap_sid_to_text (&many));
  g_assert_null (floe_ldap_sid_to_text (&other));
}

static void
test_text (void)
{
  struct berval good = bytes ("0F0D7A4E-26F4", 13);
  struct berval nul = bytes ("a\0b", 3);
  struct berval empty = bytes ("", 0);
  g_autofree gchar *text = floe_ldap_id_read ("entryUUID", &good);
  g_autofree gchar *group = floe_ldap_group_id ("ipaUniqueID", &good);

  g_assert_cmpstr (text, ==, "0f0d7a4e-26f4");
  g_assert_cmpstr (group, ==, "uuid:0f0d7a4e-26f4");
  g_assert_null (floe_ldap_id_read ("entryUUID", &nul));
  g_assert_null (floe_ldap_id_read ("entryUUID", &empty));
}

/* There and back, for any bytes. */
static void
test_filter_value (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      gchar random[16];
      struct berval value = bytes (random, sizeof random);
      g_autofree gchar *text = NULL;
      g_autofree gchar *escaped = NULL;
      g_autoptr (GString) expected = g_string_new (NULL);

      for (guint j = 0; j < sizeof random; j++)
        {
          random[j] = (gchar)g_test_rand_int_range (0, 256);
          g_string_append_printf (expected, "\\%02x", (guint8)random[j]);
        }
      text = floe_ldap_id_read ("objectGUID", &value);
      escaped = floe_ldap_id_filter_value ("objectGUID", text);
      g_assert_cmpstr (escaped, ==, expected->str);
    }
}

static gint64 now;

static gint64
fake_now (void)
{
  return now;
}

static void
test_cache_end (void)
{
  g_autoptr (FloeLdapGroupCache) cache = floe_ldap_group_cache_new (fake_now);
  const gchar *const names[] = { "staff", NULL };
  g_autoptr (FloeLdapGroup) group = floe_ldap_group_new (names, g_ptr_array_new ());
  g_autoptr (FloeLdapGroup) found = NULL;

  now = 0;
  floe_ldap_group_cache_put (cache, "s-1", group, 10);
  now = 10 * G_USEC_PER_SEC - 1;
  found = floe_ldap_group_cache_find (cache, "s-1");
  g_assert_cmpstr (found->names[0], ==, "staff");
  g_assert_null (floe_ldap_group_cache_find (cache, "s-2"));
  now++;
  g_assert_null (floe_ldap_group_cache_find (cache, "s-1"));
}

static void
test_cache_bound (void)
{
  g_autoptr (FloeLdapGroupCache) cache = floe_ldap_group_cache_new (fake_now);
  const gchar *const none[] = { NULL };
  g_autoptr (FloeLdapGroup) group = floe_ldap_group_new (none, g_ptr_array_new ());
  guint n = 0;

  for (guint i = 0; i < 3 * FLOE_LDAP_GROUP_CACHE_MAX; i++)
    {
      g_autofree gchar *key = g_strdup_printf ("%u", i);

      floe_ldap_group_cache_put (cache, key, group, 10);
    }
  for (guint i = 0; i < 3 * FLOE_LDAP_GROUP_CACHE_MAX; i++)
    {
      g_autofree gchar *key = g_strdup_printf ("%u", i);
      g_autoptr (FloeLdapGroup) found = floe_ldap_group_cache_find (cache, key);

      n += found != NULL;
    }
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (n, <=, FLOE_LDAP_GROUP_CACHE_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ldap-id/guid", test_guid);
  g_test_add_func ("/ldap-id/sid", test_sid);
  g_test_add_func ("/ldap-id/text", test_text);
  g_test_add_func ("/ldap-id/filter-value", test_filter_value);
  g_test_add_func ("/ldap-id/group-cache/end", test_cache_end);
  g_test_add_func ("/ldap-id/group-cache/bound", test_cache_bound);
  return g_test_run ();
}
