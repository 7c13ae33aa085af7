/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kerberos/pac.h"

#include <string.h>

/* As a domain controller writes it for alice. */

#define FIXED    236 /* the head, and the structure */
#define STRINGS  68
#define USER_ID  120
#define GROUPS   132
#define SERVER   156
#define DOMAIN   164
#define DOMAINID 172

static const guint8 domain_sid[] = { 1, 4, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0,
                                     1, 2, 3, 4, 5, 6, 7, 8, 9,  8, 7, 6 };
static const guint8 sid[] = { 1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0,    0,    1, 2,
                              3, 4, 5, 6, 7, 8, 9, 8, 7,  6, 0x51, 0x04, 0, 0 };

static void
put_32 (guint8 *at, guint32 value)
{
  for (guint i = 0; i < 4; i++)
    at[i] = (guint8)(value >> 8 * i);
}

static void
add_32 (GByteArray *info, guint32 value)
{
  guint8 bytes[4];

  put_32 (bytes, value);
  g_byte_array_append (info, bytes, sizeof bytes);
}

/* In UTF-16, made whole words; @at is its pointer in the structure. */
static void
add_string (GByteArray *info, gsize at, const gchar *text)
{
  gsize length = strlen (text);

  put_32 (info->data + at + 4, 0x20000 + (guint32)at);
  add_32 (info, (guint32)length);
  add_32 (info, 0);
  add_32 (info, (guint32)length);
  for (gsize i = 0; i < length + length % 2; i++)
    g_byte_array_append (info, (const guint8[]){ i < length ? (guint8)text[i] : 0, 0 }, 2);
}

static void
add_groups (GByteArray *info, guint n)
{
  put_32 (info->data + GROUPS, 0x20010);
  add_32 (info, n);
  for (guint i = 0; i < 2 * n; i++)
    add_32 (info, 513 + i);
}

static GByteArray *
info_new (void)
{
  GByteArray *info = g_byte_array_new ();

  g_byte_array_set_size (info, FIXED);
  memset (info->data, 0, FIXED);
  put_32 (info->data + USER_ID, 0x451);
  add_string (info, STRINGS, "alice");
  add_string (info, STRINGS + 8, "Alice Test");
  /* no script and no profile: those two are null */
  add_string (info, STRINGS + 32, "");
  add_string (info, STRINGS + 40, "x");
  add_groups (info, 3);
  add_string (info, SERVER, "DC1");
  add_string (info, DOMAIN, "ADTEST");
  put_32 (info->data + DOMAINID, 0x20020);
  add_32 (info, domain_sid[1]);
  g_byte_array_append (info, domain_sid, sizeof domain_sid);
  return info;
}

static GBytes *
parse (const GByteArray *info, gsize length)
{
  /* A copy of its own, so that reading beyond its end is seen. */
  g_autofree guint8 *bytes = g_memdup2 (info->data, length);

  return floe_pac_parse_sid (bytes, length);
}

static void
test_right (void)
{
  g_autoptr (GByteArray) info = info_new ();
  g_autoptr (GBytes) found = parse (info, info->len);
  gsize length;
  gconstpointer bytes = g_bytes_get_data (found, &length);

  g_assert_cmpmem (bytes, length, sid, sizeof sid);
}

/* Of another domain; without one; and with numbers that do not fit. */
static void
test_none (void)
{
  static const struct
  {
    gsize at;
    guint32 value;
  } rows[] = {
    { USER_ID, 0 },
    { DOMAINID, 0 },
    { FIXED + 8, 0xffffffff },  /* of so many characters is the first name */
    { FIXED + 8, 0x80000001 },  /* which twice is few */
    { FIXED + 8, 4 },           /* and everything behind it is elsewhere */
    { STRINGS + 8 * 2 + 4, 1 }, /* a string that is not there */
    { GROUPS, 0 },              /* groups that are, and are not pointed to */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GByteArray) info = info_new ();
      g_autoptr (GBytes) found = NULL;

      put_32 (info->data + rows[i].at, rows[i].value);
      found = parse (info, info->len);
      g_assert_null (found);
    }
}

static void
test_cut (void)
{
  g_autoptr (GByteArray) info = info_new ();

  for (gsize length = 0; length < info->len; length++)
    {
      g_autoptr (GBytes) found = parse (info, length);

      g_assert_null (found);
    }
}

/* Whatever the bytes are: no byte beyond the end is read, and nothing is longer than a SID. */
static void
test_random (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GByteArray) info = info_new ();
      g_autoptr (GBytes) found = NULL;

      for (gint n = g_test_rand_int_range (1, 6); n > 0; n--)
        info->data[g_test_rand_int_range (0, (gint32)info->len)] =
            (guint8)g_test_rand_int_range (0, 256);
      found = parse (info, (gsize)g_test_rand_int_range (0, (gint32)info->len + 1));
      g_assert_true (found == NULL || g_bytes_get_size (found) <= 68);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pac/right", test_right);
  g_test_add_func ("/pac/none", test_none);
  g_test_add_func ("/pac/cut", test_cut);
  g_test_add_func ("/pac/random", test_random);
  return g_test_run ();
}
