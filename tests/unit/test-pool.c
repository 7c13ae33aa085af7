/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/pool-schedule.h"
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
  subject = office ();
  g_strfreev (subject->helpdesk_groups);
  subject->helpdesk_groups = g_strsplit ("desk,", ",", -1);
  refuses (subject, "helpdesk_groups[1]:");
}

/* As many people as the wire contract lets through. */
static void
test_validate_subjects (void)
{
  FloePool *pool = office ();
  g_autoptr (GStrvBuilder) users = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 1024; i++)
    g_strv_builder_add (users, "dora");
  g_strfreev (pool->users);
  pool->users = g_strv_builder_end (users);
  g_assert_true (floe_pool_validate (pool, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 1025; i++)
    g_strv_builder_add (users, "dora");
  g_strfreev (pool->users);
  pool->users = g_strv_builder_end (users);
  refuses (pool, "entitlements.users: 1025 names, expected at most 1024");
}

/* A pool of a template with everything unlike floe_pool_new(). */
static FloePool *
made (void)
{
  static const FloeSpareWindow windows[] = { { 0x1f, 8 * 60 + 30, 10 * 60, 12 },
                                             { 0x40, 22 * 60, 2 * 60, 0 } };
  FloePool *pool = floe_pool_new ("office", FLOE_POOL_FLOATING);

  pool->description = g_strdup ("Desktops; \"of\" the office");
  g_strfreev (pool->helpdesk_groups);
  pool->helpdesk_groups = g_strsplit ("first;line|Zürich \\|uuid:1", "|", -1);
  pool->template = floe_template_new ("debian office", "floe", "office");
  pool->template->shared = TRUE;
  pool->template->minimum = 5;
  pool->template->maximum = 40;
  pool->template->canary_percent = 20;
  pool->template->personality = FLOE_PERSONALITY_AGENT;
  pool->template->first_boot = g_strdup (" \t#!/bin/sh\r\necho \"a;b\\c\" = [x] \xc3\xa9\n\n ");
  pool->template->last_words = g_strdup ("");
  pool->per_user = 2;
  pool->spares = 4;
  g_array_append_vals (pool->windows, windows, G_N_ELEMENTS (windows));
  pool->data_gib = 20;
  pool->grace_seconds = 60;
  pool->ready_seconds = 300;
  pool->host_loss_seconds = 600;
  pool->on_disconnect = FLOE_ACT_LOCK;
  pool->on_log_off = FLOE_ACT_RESET;
  pool->on_shut_down = FLOE_ACT_RESET;
  pool->on_account_end = FLOE_ACT_KEEP;
  pool->idle_seconds = 1800;
  pool->on_idle = FLOE_ACT_LOG_OFF;
  pool->limit_seconds = 36000;
  pool->on_limit = FLOE_ACT_SHUT_DOWN;
  g_strfreev (pool->actions);
  pool->actions = g_strsplit ("restart|force-off", "|", -1);
  pool->vnc = TRUE;
  pool->screenshots = TRUE;
  pool->closed = TRUE;
  pool->message = g_strdup (" Back; at \\noon\\ \xe2\x82\xac ");
  pool->drain = TRUE;
  return pool;
}

/* The same with one desktop for each user, as a data disk wants it. */
static FloePool *
alone (void)
{
  FloePool *pool = made ();

  pool->per_user = 1;
  return pool;
}

typedef struct
{
  gsize offset;
  guint value;
  FloePoolKind kind;
  const gchar *message;
} BadNumber;

#define POOL(field)     G_STRUCT_OFFSET (FloePool, field)
#define TEMPLATE(field) G_STRUCT_OFFSET (FloeTemplate, field)

static void
test_validate_numbers (void)
{
  static const BadNumber rows[] = {
    { POOL (per_user), 0, FLOE_POOL_FLOATING, "per_user: expected a whole number from 1 to 100" },
    { POOL (per_user), 101, FLOE_POOL_FLOATING, "per_user: expected a whole number from 1 to 100" },
    { POOL (spares), 41, FLOE_POOL_FLOATING,
      "spares: 41, expected at most the template's maximum, 40" },
    { POOL (host_loss_seconds), 0, FLOE_POOL_FLOATING,
      "host_loss_seconds: expected 1 to 2592000 (30 days)" },
    { POOL (idle_seconds), 2592001, FLOE_POOL_FLOATING,
      "idle_seconds: expected 0 to 2592000 (30 days)" },
    { POOL (limit_seconds), 2592001, FLOE_POOL_FLOATING,
      "limit_seconds: expected 0 to 2592000 (30 days)" },
    { POOL (data_gib), 16385, FLOE_POOL_FLOATING,
      "data_gib: expected a whole number from 0 to 16384" },
    { POOL (data_gib), 1, FLOE_POOL_DEDICATED,
      "data_gib: expected 0: a dedicated desktop keeps its own disk anyway" },
    { POOL (data_gib), 1, FLOE_POOL_STATIC,
      "data_gib: expected 0: a static desktop keeps its own disk anyway" },
    { POOL (on_log_off), FLOE_ACT_LOCK, FLOE_POOL_FLOATING,
      "on_log_off: expected keep, shut-down or reset" },
    { POOL (on_shut_down), FLOE_ACT_SHUT_DOWN, FLOE_POOL_FLOATING,
      "on_shut_down: expected keep or reset" },
    { POOL (on_account_end), 5, FLOE_POOL_FLOATING,
      "on_account_end: expected keep, lock, log-off, shut-down or reset" },
    { POOL (on_idle), 5, FLOE_POOL_FLOATING,
      "on_idle: expected keep, lock, log-off, shut-down or reset" },
    { POOL (on_limit), (guint)-1, FLOE_POOL_FLOATING,
      "on_limit: expected keep, lock, log-off, shut-down or reset" },
    { POOL (closed), FALSE, FLOE_POOL_FLOATING,
      "drain: expected \"closed\": true with it: only a closed pool is drained" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FloePool *pool = alone ();

      pool->kind = rows[i].kind;
      G_STRUCT_MEMBER (guint, pool, rows[i].offset) = rows[i].value;
      refuses (pool, rows[i].message);
    }
}

static void
test_validate_template (void)
{
  static const BadNumber rows[] = {
    { TEMPLATE (minimum), 41, 0, "template.minimum: 41, expected at most the maximum, 40" },
    { TEMPLATE (maximum), 0, 0, "template.maximum: expected a whole number from 1 to 100000" },
    { TEMPLATE (maximum), 100001, 0, "template.maximum: expected a whole number from 1 to 100000" },
    { TEMPLATE (maximum), 11, 0, "schedule[0].spares: expected at most 11" },
    { TEMPLATE (canary_percent), 101, 0,
      "template.canary_percent: expected a whole number from 0 to 100" },
    { TEMPLATE (personality), 3, 0, "template.personality: expected none, cloud-init or agent" },
    { TEMPLATE (personality), 0, 0,
      "template.first_boot: expected a \"personality\" of cloud-init or agent, which runs it" },
  };
  static const struct
  {
    gsize offset;
    const gchar *text;
    const gchar *message;
  } texts[] = {
    { TEMPLATE (domain), NULL, "template.domain: expected the name of a domain" },
    { TEMPLATE (domain), "", "template.domain: expected the name of a domain" },
    { TEMPLATE (domain), "a/b", "template.domain: expected the name of a domain" },
    { TEMPLATE (storage), "a\nb", "template.storage: expected the name of a storage pool" },
    { TEMPLATE (storage), "\xff", "template.storage: expected the name of a storage pool" },
    { TEMPLATE (prefix), NULL, "template.prefix: expected 1 to 41 of a-z, 0-9 and -" },
    { TEMPLATE (prefix), "Office", "template.prefix: expected 1 to 41 of a-z, 0-9 and -" },
    { TEMPLATE (prefix), "-a", "template.prefix: expected 1 to 41 of a-z, 0-9 and -" },
    { TEMPLATE (prefix), "abcdefghijabcdefghijabcdefghijabcdefghijab",
      "template.prefix: expected 1 to 41 of a-z, 0-9 and -" },
    { TEMPLATE (last_words), "\xff", "template.last_words: expected a script of at most 16 KiB" },
  };
  g_autofree gchar *script = g_strnfill (16 * 1024 + 1, 'x');
  FloePool *pool = alone ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FloePool *one = alone ();

      G_STRUCT_MEMBER (guint, one->template, rows[i].offset) = rows[i].value;
      refuses (one, rows[i].message);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      FloePool *one = alone ();
      gchar **field = &G_STRUCT_MEMBER (gchar *, one->template, texts[i].offset);

      g_free (*field);
      *field = g_strdup (texts[i].text);
      refuses (one, texts[i].message);
    }
  g_free (pool->template->first_boot);
  pool->template->first_boot = g_steal_pointer (&script);
  refuses (pool, "template.first_boot: expected a script of at most 16 KiB");
  pool = alone ();
  pool->pattern = g_strdup ("office-*");
  refuses (pool, "template: expected either \"domains\" or \"template\", not both");
}

static void
test_validate_kinds (void)
{
  g_autoptr (FloePool) whole = alone ();
  g_autoptr (FloePool) own = floe_pool_new ("own", FLOE_POOL_STATIC);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *long_text = g_strnfill (257, 'x');
  FloePool *pool = office ();

  g_assert_true (floe_pool_validate (whole, &error));
  g_assert_no_error (error);
  own->template = floe_template_new ("debian", "floe", "own");
  g_assert_true (floe_pool_validate (own, &error));
  g_assert_no_error (error);
  pool->data_gib = 10;
  refuses (pool, "data_gib: expected a \"template\"");
  refuses (made (), "data_gib: expected \"per_user\": 1: a data disk is on one desktop at a time");
  refuses (with_text (POOL (message), long_text), "message: expected at most 256 bytes");
  refuses (with_text (POOL (message), "two\nlines"), "message: expected at most 256 bytes");
  for (FloePoolKind kind = FLOE_POOL_DEDICATED; kind <= FLOE_POOL_STATIC; kind++)
    {
      pool = floe_pool_new ("own", kind);
      pool->on_limit = FLOE_ACT_RESET;
      refuses (pool, kind == FLOE_POOL_STATIC
                         ? "on_limit: reset is for floating pools only; a static desktop"
                         : "on_limit: reset is for floating pools only; a dedicated desktop");
    }
}

static void
test_validate_schedule (void)
{
  static const struct
  {
    FloeSpareWindow windows[2];
    const gchar *message; /* NULL where they are right */
  } rows[] = {
    { { { 0x1f, 60, 120, 1 }, { 0x1f, 120, 180, 2 } }, NULL },
    { { { 0x1f, 60, 120, 1 }, { 0x01, 90, 100, 1 } }, NULL },
    { { { 0x01, 60, 120, 1 }, { 0x02, 60, 120, 2 } }, NULL },
    { { { 0x01, 60, 120, 1 }, { 0, 60, 120, 1 } },
      "schedule[1].days: expected at least one of mon" },
    { { { 0x01, 60, 120, 1 }, { 0x80, 60, 120, 1 } }, "schedule[1].days: expected at least one" },
    { { { 0x01, 1440, 120, 1 }, { 0 } }, "schedule[0].from: expected a time from 00:00 to 23:59" },
    { { { 0x01, 60, 1440, 1 }, { 0 } }, "schedule[0].to: expected a time from 00:00 to 23:59" },
    { { { 0x01, 60, 60, 1 }, { 0 } },
      "schedule[0].to: expected another time than \"from\": this one never opens" },
    { { { 0x01, 60, 120, 100001 }, { 0 } }, "schedule[0].spares: expected at most 100000" },
    { { { 0x1f, 60, 120, 1 }, { 0x04, 119, 180, 2 } },
      "schedule[1]: expected no other number than schedule[0] has at wed 01:59" },
    /* Sunday's reaches into Monday. */
    { { { 0x40, 1380, 60, 1 }, { 0x01, 30, 90, 2 } },
      "schedule[1]: expected no other number than schedule[0] has at mon 00:30" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FloePool *pool = office ();
      g_autoptr (GError) error = NULL;

      g_array_append_vals (pool->windows, rows[i].windows, 2);
      if (rows[i].message != NULL)
        {
          refuses (pool, rows[i].message);
          continue;
        }
      g_assert_true (floe_pool_validate (pool, &error));
      g_assert_no_error (error);
      floe_pool_free (pool);
    }
}

static void
test_pack (void)
{
  g_autoptr (FloePool) before = made ();
  g_autoptr (FloePool) after = floe_pool_new ("office", FLOE_POOL_FLOATING);
  g_autoptr (FloePool) plain = floe_pool_new ("office", FLOE_POOL_DEDICATED);
  g_autoptr (FloePool) taken = floe_pool_new ("other", FLOE_POOL_STATIC);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *taken_text = NULL;
  g_autofree gchar *text = NULL;
  g_autofree gchar *plain_text = floe_pool_pack (plain);
  g_auto (GStrv) changes = NULL;
  g_auto (GStrv) back = NULL;

  before->policy->clipboard = FLOE_WAY_TO_GUEST;
  before->policy->files = FLOE_WAY_NONE;
  before->policy->folder = FLOE_FOLDER_READ_ONLY;
  before->policy->usb = FALSE;
  before->policy->usb_filter = g_strdup ("-1,-1,-1,-1,1|3,-1,-1,-1,0");
  before->policy->record = FALSE;
  text = floe_pool_pack (before);
  g_assert_true (floe_pool_unpack (after, text, &error));
  g_assert_no_error (error);
  /* These are columns of the store's. */
  after->description = g_strdup (before->description);
  after->grace_seconds = before->grace_seconds;
  after->ready_seconds = before->ready_seconds;
  after->closed = before->closed;
  changes = floe_pool_diff (before, after);
  g_assert_cmpstr (changes[0], ==, NULL);
  g_assert_cmpstr (after->message, ==, before->message);
  g_assert_cmpstr (after->template->first_boot, ==, before->template->first_boot);
  g_assert_cmpstr (after->template->last_words, ==, "");
  floe_pool_take_settings (taken, after);
  taken_text = floe_pool_pack (taken);
  g_assert_cmpstr (taken_text, ==, text);
  /* What a pool of nothing special says replaces what was there. */
  g_clear_pointer (&plain->message, g_free);
  g_assert_true (floe_pool_unpack (plain, plain_text, &error));
  g_assert_no_error (error);
  floe_pool_take_settings (taken, plain);
  g_free (taken_text);
  taken_text = floe_pool_pack (taken);
  g_assert_cmpstr (taken_text, ==, plain_text);
  back = floe_pool_diff (NULL, plain);
  g_assert_cmpuint (g_strv_length (back), ==, 2);
  g_assert_cmpstr (back[1], ==, "domains: (none) -> by metadata");
}

/* Whatever is damaged or of a newer Floe is told, and never read as something else. */
static void
test_unpack_bad (void)
{
  static const struct
  {
    const gchar *text;
    const gchar *message; /* behind "the settings of pool office: "; NULL where it is right */
  } rows[] = {
    { "", NULL },
    { "[pool]\n", NULL },
    { "[pool]\nspares=7\n", NULL },
    { "x", "Key file contains line" },
    { "[pool]\nspares=-1\n", "pool.spares: no number" },
    { "[pool]\nspares=7 \n", "pool.spares: no number" },
    { "[pool]\nspares=4294967296\n", "pool.spares: no number" },
    { "[pool]\nspares=\n", "pool.spares: no number" },
    { "[pool]\nspare=7\n", "pool.spare: unknown key" },
    { "[pool]\ndomain=a\n", "pool.domain: unknown key" },
    { "[pool]\non_idle=explode\n", "pool.on_idle: unknown" },
    { "[pool]\ndrain=perhaps\n", "pool.drain: neither true nor false" },
    { "[pool]\nmessage=\\q\n", "pool.message: no text" },
    { "[pool]\nmessage=\xff\n", "pool.message: no text" },
    { "[pool]\nhelpdesk_groups=a;b;\n", NULL },
    { "[pool]\nhelpdesk_groups=\xff\n", "pool.helpdesk_groups: no list" },
    { "[pool]\nwindows=31 510 600 12;1 2 3;\n", "pool.windows: no window of four numbers" },
    { "[pool]\nwindows=128 510 600 12;\n", "pool.windows: no window of four numbers" },
    { "[pool]\nwindows=1 1440 600 12;\n", "pool.windows: no window of four numbers" },
    { "[pool]\nwindows=1 0 600 x;\n", "pool.windows: no window of four numbers" },
    { "[template]\n", "template.domain, storage and prefix: one is missing" },
    { "[template]\ndomain=a\nstorage=b\nprefix=c\n", NULL },
    { "[template]\ndomain=a\nstorage=b\nprefix=c\nspares=1\n", "template.spares: unknown key" },
    { "[template]\ndomain=a\nstorage=b\nprefix=c\nmaximum=1e3\n", "template.maximum: no number" },
    { "[template]\ndomain=a\nstorage=b\nprefix=c\nshared=2\n",
      "template.shared: neither true nor false" },
    { "[template]\ndomain=a\nstorage=b\nprefix=c\npersonality=new\n",
      "template.personality: unknown" },
    { "[policy]\nclipboard=none\nusb=false\n", NULL },
    { "[policy]\nclipboard=out\n", "policy.clipboard: unknown" },
    { "[policy]\nusb=no\n", "policy.usb: unknown" },
    { "[policy]\nprinter=true\n", "policy.printer: unknown" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FloePool) pool = office ();
      g_autoptr (GError) error = NULL;
      g_autofree gchar *wanted =
          g_strconcat ("the settings of pool office: ", rows[i].message, NULL);

      g_assert_cmpint (floe_pool_unpack (pool, rows[i].text, &error), ==, rows[i].message == NULL);
      if (rows[i].message == NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
      if (!g_str_has_prefix (error->message, wanted))
        g_error ("row %u: %s", i, error->message);
    }
}

/* Any single byte that is lost or turned over gives a pool or an error, and never harm. */
static void
test_unpack_damaged (void)
{
  g_autoptr (FloePool) whole = made ();
  g_autofree gchar *text = floe_pool_pack (whole);
  gsize length = strlen (text);
  guint refused = 0;

  for (gsize i = 0; i < length; i++)
    for (guint k = 0; k < 3; k++)
      {
        g_autoptr (FloePool) pool = office ();
        g_autofree gchar *damaged = g_strdup (text);

        damaged[i] = (gchar)(k == 0 ? 0 : damaged[i] ^ (k == 1 ? 0x80 : 0x01));
        if (!floe_pool_unpack (pool, damaged, NULL))
          refused++;
        else
          {
            g_autofree gchar *again = floe_pool_pack (pool);

            g_assert_nonnull (again);
          }
      }
  g_assert_cmpuint (refused, >, length);
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

static void
test_diff_all (void)
{
  static const gchar *const wanted[] = {
    "description: (none) -> Desktops; \"of\" the office",
    "domains: office-* -> by template",
    "template.domain: (none) -> debian office",
    "template.storage: (none) -> floe",
    "template.shared: no -> yes",
    "template.prefix: (none) -> office",
    "template.minimum: 0 -> 5",
    "template.maximum: 10 -> 40",
    "template.canary_percent: 10 -> 20",
    "template.personality: none -> agent",
    "template.first_boot: new, 37 bytes",
    "template.last_words: new, 0 bytes",
    "entitlements.groups: - Vdi-Users",
    "entitlements.users: - Dora",
    "helpdesk_groups: + first;line",
    "helpdesk_groups: + Zürich \\",
    "helpdesk_groups: + uuid:1",
    "per_user: 1 -> 2",
    "spares: 0 -> 4",
    "schedule: + mon,tue,wed,thu,fri 08:30-10:00 12",
    "schedule: + sun 22:00-02:00 0",
    "data_gib: 0 -> 20",
    "grace_seconds: 14400 -> 60",
    "ready_seconds: 120 -> 300",
    "host_loss_seconds: 900 -> 600",
    "on_disconnect: reset -> lock",
    "on_log_off: keep -> reset",
    "on_shut_down: keep -> reset",
    "on_account_end: lock -> keep",
    "idle_seconds: 0 -> 1800",
    "on_idle: lock -> log-off",
    "limit_seconds: 0 -> 36000",
    "on_limit: log-off -> shut-down",
    "actions: + restart",
    "actions: + force-off",
    "vnc: no -> yes",
    "screenshots: no -> yes",
    "closed: no -> yes",
    "message: (none) ->  Back; at \\noon\\ \xe2\x82\xac ",
    "drain: no -> yes",
  };
  g_autoptr (FloePool) before = office ();
  g_autoptr (FloePool) after = made ();
  g_autoptr (FloePool) third = made ();
  g_auto (GStrv) changes = floe_pool_diff (before, after);
  g_auto (GStrv) back = floe_pool_diff (after, before);
  g_auto (GStrv) script = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_cmpstr (changes[i], ==, wanted[i]);
  g_assert_null (changes[G_N_ELEMENTS (wanted)]);
  g_assert_true (g_strv_contains ((const gchar *const *)back, "domains: by template -> office-*"));
  g_assert_true (g_strv_contains ((const gchar *const *)back, "template: debian office -> (none)"));
  g_assert_true (g_strv_contains ((const gchar *const *)back, "schedule: - sun 22:00-02:00 0"));
  g_clear_pointer (&third->template->last_words, g_free);
  g_free (third->template->first_boot);
  third->template->first_boot = g_strdup ("secret");
  script = floe_pool_diff (after, third);
  g_assert_cmpstr (script[0], ==, "template.first_boot: changed, 6 bytes");
  g_assert_cmpstr (script[1], ==, "template.last_words: removed");
  g_assert_null (script[2]);
}

static void
test_keeps_data (void)
{
  g_autoptr (FloePool) pool = office ();

  g_assert_false (floe_pool_keeps_data (pool));
  pool->data_gib = 1;
  g_assert_true (floe_pool_keeps_data (pool));
  pool->data_gib = 0;
  pool->kind = FLOE_POOL_STATIC;
  g_assert_true (floe_pool_keeps_data (pool));
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
  g_test_add_func ("/pool/diff/all", test_diff_all);
  g_test_add_func ("/pool/keeps-data", test_keeps_data);
  g_test_add_func ("/pool/pack", test_pack);
  g_test_add_func ("/pool/unpack/bad", test_unpack_bad);
  g_test_add_func ("/pool/unpack/damaged", test_unpack_damaged);
  g_test_add_func ("/pool/validate/subjects", test_validate_subjects);
  g_test_add_func ("/pool/validate/kinds", test_validate_kinds);
  g_test_add_func ("/pool/validate/numbers", test_validate_numbers);
  g_test_add_func ("/pool/validate/schedule", test_validate_schedule);
  g_test_add_func ("/pool/validate/template", test_validate_template);
  return g_test_run ();
}
