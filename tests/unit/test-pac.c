/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kerberos/pac.h"

#include <string.h>

/* As Samba writes it for alice: her names and her domain's in UTF-16, each at a multiple of eight,
 * and her SID behind them. */
#define SID_AT 32

static const guint8 sid[] = { 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 33, 2, 0, 0 };

typedef struct
{
  guint8 bytes[SID_AT + sizeof sid];
} Info;

static Info
info_new (guint8 flags, guint length, guint offset)
{
  Info info = { { 4, 0, 24, 0, 4, 0, 28, 0, flags, 0, 0, 0, 4, 0, 24, 0 } };

  info.bytes[16] = (guint8)(length & 0xff);
  info.bytes[17] = (guint8)(length >> 8);
  info.bytes[18] = (guint8)(offset & 0xff);
  info.bytes[19] = (guint8)(offset >> 8);
  memcpy (info.bytes + SID_AT, sid, sizeof sid);
  return info;
}

static void
test_right (void)
{
  const Info info = info_new (2, sizeof sid, SID_AT);
  g_autoptr (GBytes) found = floe_pac_parse_sid (info.bytes, sizeof info.bytes);
  gsize length;
  gconstpointer bytes = g_bytes_get_data (found, &length);

  g_assert_cmpmem (bytes, length, sid, sizeof sid);
}

static void
assert_none (const Info *info, gsize length)
{
  /* A copy of its own, so that reading beyond its end is seen. */
  g_autofree guint8 *bytes = g_memdup2 (info->bytes, length);

  g_assert_null (floe_pac_parse_sid (bytes, length));
}

static void
test_none (void)
{
  static const struct
  {
    guint8 flags;
    guint length;
    guint offset;
  } rows[] = {
    { 0, sizeof sid, SID_AT },     { 1, sizeof sid, SID_AT },     { 2, 0, SID_AT },
    { 2, sizeof sid, SID_AT + 1 }, { 2, sizeof sid + 1, SID_AT }, { 2, 0xffff, 0xffff },
    { 2, sizeof sid, 0 },          { 2, sizeof sid, 19 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Info info = info_new (rows[i].flags, rows[i].length, rows[i].offset);

      assert_none (&info, sizeof info.bytes);
    }
}

static void
test_cut (void)
{
  const Info info = info_new (2, sizeof sid, SID_AT);

  for (gsize length = 0; length < sizeof info.bytes; length++)
    assert_none (&info, length);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pac/right", test_right);
  g_test_add_func ("/pac/none", test_none);
  g_test_add_func ("/pac/cut", test_cut);
  return g_test_run ();
}
