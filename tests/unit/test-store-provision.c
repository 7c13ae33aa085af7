/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "any-store.h"
#include "core/error.h"
#include "store/sqlite-db.h"
#include "store/sqlite-migrations.h"
#include "store/sqlite-tx.h"

/* The rows of pools that run themselves, in one transaction. */

typedef struct
{
  AnyTx *any;
  FloeTx *tx;
} Base;

static void
set_up (Base *base, gconstpointer data)
{
  g_autoptr (FloePool) pool = floe_pool_new ("office", FLOE_POOL_STATIC);
  g_autoptr (FloeUser) user = floe_user_new ("u1", "alice", "Alice", NULL);
  g_autoptr (GError) error = NULL;

  base->any = any_tx_new ();
  base->tx = base->any->tx;
  floe_tx_put_pool (base->tx, pool, &error);
  g_assert_no_error (error);
  floe_tx_put_user (base->tx, user, 1, &error);
  g_assert_no_error (error);
}

static void
tear_down (Base *base, gconstpointer data)
{
  any_tx_free (base->any);
}

static void
test_revision (Base *base, gconstpointer data)
{
  g_autoptr (FloeRevision) revision = floe_revision_new ("office", 3);
  g_autoptr (FloeRevision) back = NULL;
  g_autoptr (FloeImage) image = floe_image_new ("office", 3, "beta");
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) images = NULL;
  g_autoptr (GError) error = NULL;

  revision->state = FLOE_REVISION_CANARY;
  revision->host = g_strdup ("alpha");
  revision->volume = g_strdup ("floe-office-r3.qcow2");
  revision->sha256 = g_strdup ("abc");
  revision->xml = g_strdup ("<domain/>");
  revision->memory_mib = 2048;
  revision->since = 5;
  revision->tries = 7;
  revision->failures = 2;
  revision->problem = g_strdup ("why");
  image->not_before = 9;
  image->problem = g_strdup ("full");
  g_assert_true (floe_tx_put_revision (base->tx, revision, NULL));
  g_assert_true (floe_tx_put_image (base->tx, image, NULL));
  image->there = TRUE;
  g_assert_true (floe_tx_put_image (base->tx, image, NULL));
  back = floe_tx_get_revision (base->tx, "office", 3, &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->state, ==, FLOE_REVISION_CANARY);
  g_assert_cmpstr (back->volume, ==, "floe-office-r3.qcow2");
  g_assert_cmpstr (back->xml, ==, "<domain/>");
  g_assert_cmpuint (back->memory_mib, ==, 2048);
  g_assert_cmpuint (back->tries, ==, 7);
  g_assert_cmpuint (back->failures, ==, 2);
  g_assert_cmpstr (back->problem, ==, "why");
  images = floe_tx_list_images (base->tx, "office", NULL);
  g_assert_cmpuint (images->len, ==, 1);
  g_assert_true (((FloeImage *)images->pdata[0])->there);
  g_assert_cmpstr (((FloeImage *)images->pdata[0])->problem, ==, "full");
  g_assert_true (floe_tx_delete_revision (base->tx, "office", 3, NULL));
  list = floe_tx_list_revisions (base->tx, "office", NULL);
  g_assert_cmpuint (list->len, ==, 0);
  g_assert_null (floe_tx_get_revision (base->tx, "office", 3, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

static void
test_host (Base *base, gconstpointer data)
{
  g_autoptr (FloeHostNote) host = floe_host_note_new ("alpha");
  g_autoptr (GPtrArray) list = NULL;
  const FloeHostNote *back;

  host->draining = TRUE;
  host->since = 3;
  host->by = g_strdup ("root");
  host->message = g_strdup ("new disks");
  host->ends = 4;
  host->lost_since = 5;
  g_assert_true (floe_tx_put_host (base->tx, host, NULL));
  g_assert_true (floe_tx_put_host (base->tx, host, NULL));
  list = floe_tx_list_hosts (base->tx, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  back = list->pdata[0];
  g_assert_true (back->draining);
  g_assert_cmpstr (back->by, ==, "root");
  g_assert_cmpstr (back->message, ==, "new disks");
  g_assert_cmpint (back->since + back->ends + back->lost_since, ==, 12);
}

static void
test_terminal (Base *base, gconstpointer data)
{
  const gint64 hour = 3600 * (gint64)G_USEC_PER_SEC;
  g_autoptr (FloeTerminal) one = floe_terminal_new ("b-1");
  g_autoptr (FloeTerminal) two = floe_terminal_new ("a-1");
  g_autoptr (FloeTerminal) back = NULL;
  g_autoptr (FloeTerminal) seen = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  g_strfreev (one->groups);
  one->groups = g_strsplit ("x,y", ",", -1);
  one->is_public = TRUE;
  one->fingerprint = g_strdup ("ff");
  one->enrolled = 2;
  one->seen = 3;
  one->code = g_strdup ("hash");
  one->code_ends = 4;
  g_assert_true (floe_tx_put_terminal (base->tx, one, NULL));
  g_assert_true (floe_tx_put_terminal (base->tx, two, NULL));
  g_assert_true (floe_tx_put_terminal (base->tx, one, NULL));
  list = floe_tx_list_terminals (base->tx, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((FloeTerminal *)list->pdata[0])->name, ==, "a-1");
  back = floe_tx_find_terminal_of_code (base->tx, "hash", NULL);
  g_assert_cmpstr (back->name, ==, "b-1");
  g_assert_cmpstr (back->groups[1], ==, "y");
  g_assert_true (back->is_public);
  g_assert_cmpint (back->enrolled + back->seen + back->code_ends, ==, 9);
  g_assert_true (floe_tx_touch_terminal (base->tx, "ff", hour + 3, NULL)); /* too soon */
  g_assert_true (floe_tx_touch_terminal (base->tx, "ff", hour + 4, NULL));
  seen = floe_tx_find_terminal (base->tx, "ff", NULL);
  g_assert_cmpint (seen->seen, ==, hour + 4);
  g_assert_true (floe_tx_delete_terminal (base->tx, "a-1", NULL));
  g_assert_null (floe_tx_get_terminal (base->tx, "a-1", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

/* Each once, whatever they have there, and as long as it is good. */
static void
test_users_of_terminal (Base *base, gconstpointer data)
{
  static const gchar *const hashes[] = { "h1", "h2" };
  static const struct
  {
    const gchar *fingerprint;
    gint64 now;
    guint n;
  } rows[] = { { "ff", 9, 1 }, { "ff", 10, 0 }, { "gg", 9, 0 } };
  g_autoptr (FloeUser) user = floe_user_new ("u1", "alice", "Alice", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      const FloeToken token = { .hash = (gchar *)hashes[i],
                                .kind = FLOE_TOKEN_ACCESS,
                                .login_id = (gchar *)hashes[i],
                                .user = user,
                                .terminal = (gchar *)"ff",
                                .ends = 10 };

      g_assert_true (floe_tx_put_token (base->tx, &token, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) users =
          floe_tx_list_users_of_terminal (base->tx, rows[i].fingerprint, rows[i].now, NULL);

      g_assert_cmpuint (users->len, ==, rows[i].n);
      if (users->len > 0)
        g_assert_cmpstr (((const FloeUser *)users->pdata[0])->name, ==, "alice");
    }
}

static void
test_wait (Base *base, gconstpointer data)
{
  g_autoptr (FloeWait) wait = floe_wait_new ("office", "u1", "alice", "l1", 10);
  g_autoptr (FloeWait) again = floe_wait_new ("office", "u1", "alice", "l2", 99);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) none = NULL;
  const FloeWait *back;

  g_assert_true (floe_tx_put_wait (base->tx, wait, NULL));
  g_assert_true (floe_tx_put_wait (base->tx, again, NULL));
  list = floe_tx_list_waits (base->tx, "office", 10, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  back = list->pdata[0];
  g_assert_cmpint (back->since, ==, 10); /* keeps their place */
  g_assert_cmpint (back->seen, ==, 99);
  g_assert_cmpstr (back->login_id, ==, "l2");
  g_assert_true (floe_tx_delete_wait (base->tx, "office", "u1", NULL));
  none = floe_tx_list_waits (base->tx, NULL, 10, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

/* A place says where that person's data is in that pool, and whether the host answers. */
static void
test_wait_data (Base *base, gconstpointer data)
{
  g_autoptr (FloeWait) wait = floe_wait_new ("office", "u1", "alice", "l1", 10);
  g_autoptr (FloeDataDisk) disk = floe_data_disk_new ("office", "u1", "floe-data-1.qcow2");
  g_autoptr (FloeHostNote) host = floe_host_note_new ("host-a");

  disk->host = g_strdup ("host-a");
  host->lost_since = 5;
  g_assert_true (floe_tx_put_wait (base->tx, wait, NULL));
  g_assert_true (floe_tx_put_disk (base->tx, disk, NULL));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GPtrArray) list =
          floe_tx_list_waits (base->tx, i == 1 ? NULL : "office", 10, NULL);
      const FloeWait *back = list->pdata[0];

      g_assert_cmpuint (list->len, ==, 1);
      g_assert_cmpstr (back->data_host, ==, i == 0 ? NULL : "host-a"); /* it must have been made */
      g_assert_cmpint (back->data_lost, ==, i == 2);
      disk->made = TRUE;
      g_assert_true (floe_tx_put_disk (base->tx, disk, NULL));
      if (i == 1)
        g_assert_true (floe_tx_put_host (base->tx, host, NULL));
    }
}

/* It is chosen once. */
static void
test_installation (Base *base, gconstpointer data)
{
  g_autofree gchar *none = NULL;
  g_autofree gchar *id = NULL;

  g_assert_true (floe_tx_get_installation (base->tx, &none, NULL));
  g_assert_null (none);
  g_assert_true (floe_tx_put_installation (base->tx, "first", NULL));
  g_assert_true (floe_tx_put_installation (base->tx, "second", NULL));
  g_assert_true (floe_tx_get_installation (base->tx, &id, NULL));
  g_assert_cmpstr (id, ==, "first");
}

/* Rule 1 for data: a desktop has one disk at most, and a disk one desktop. */
static void
test_disk (Base *base, gconstpointer data)
{
  g_autoptr (FloeDataDisk) mine = floe_data_disk_new ("office", "u1", "floe-data-1.qcow2");
  g_autoptr (FloeDataDisk) other = floe_data_disk_new ("office", "u2", "floe-data-2.qcow2");
  g_autoptr (FloeDataDisk) back = NULL;
  g_autoptr (GError) error = NULL;

  mine->desktop_id = g_strdup ("d1");
  mine->gib = 20;
  mine->made = TRUE;
  g_assert_true (floe_tx_put_disk (base->tx, mine, NULL));
  back = floe_tx_find_disk_of_desktop (base->tx, "d1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->user_id, ==, "u1");
  g_assert_cmpuint (back->gib, ==, 20);
  g_assert_true (back->made);
  g_assert_true (floe_tx_delete_disk (base->tx, "office", "u1", NULL));
  g_assert_null (floe_tx_get_disk (base->tx, "office", "u1", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (floe_tx_put_disk (base->tx, mine, NULL));
  other->desktop_id = g_strdup ("d1");
  /* A store may tell with the next answer, and then the whole transaction has failed. */
  g_assert_false (floe_tx_put_disk (base->tx, other, &error)
                  && floe_tx_find_disk_of_desktop (base->tx, "d1", &error) != NULL);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
}

static void
test_pool_state (Base *base, gconstpointer data)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (base->tx, "office", NULL);
  g_autoptr (FloePoolState) back = NULL;

  g_assert_cmpuint (state->failures, ==, 0);
  state->failures = 3;
  state->not_before = 8;
  state->problem = g_strdup ("full");
  state->renew = TRUE;
  g_assert_true (floe_tx_put_pool_state (base->tx, state, NULL));
  back = floe_tx_get_pool_state (base->tx, "office", NULL);
  g_assert_cmpuint (back->failures, ==, 3);
  g_assert_cmpint (back->not_before, ==, 8);
  g_assert_cmpstr (back->problem, ==, "full");
  g_assert_true (back->renew);
}

static void
put_desktop (Base *base, guint number, FloePower power, guint revision)
{
  g_autofree gchar *id = g_strdup_printf ("d%u", number);
  g_autoptr (FloeDesktop) desktop = floe_desktop_new (id, id, "office");
  g_autoptr (GError) error = NULL;

  desktop->host = g_strdup ("alpha");
  desktop->present = TRUE;
  desktop->made = TRUE;
  desktop->number = number;
  desktop->revision = revision;
  desktop->memory_mib = 100;
  desktop->facts.power = power;
  desktop->facts.intent = FLOE_INTENT_NONE;
  desktop->target = g_strdup ("beta");
  floe_tx_put_desktop (base->tx, desktop, &error);
  g_assert_no_error (error);
}

static void
refuse (Base *base, gboolean refused)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (base->tx, "d1", NULL);

  g_free (desktop->refusal);
  desktop->refusal = refused ? g_strdup ("no ticketing") : NULL;
  g_assert_true (floe_tx_put_desktop (base->tx, desktop, NULL));
}

static void
test_desktops (Base *base, gconstpointer data)
{
  FloeDesktopFilter filter = { .pool = "office",
                               .powers = 1u << FLOE_POWER_OFF | 1u << FLOE_POWER_CRASHED,
                               .leases = 1u << FLOE_LEASE_NONE,
                               .made = TRUE,
                               .not_revision = 2,
                               .now = 5,
                               .limit = 10 };
  guint number = 0;
  g_autoptr (FloeDesktop) one = NULL;
  g_autoptr (GPtrArray) counts = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) usable = NULL;
  g_autoptr (FloeDesktop) same = floe_desktop_new ("d9", "d9", "office");
  g_autoptr (GError) error = NULL;

  put_desktop (base, 1, FLOE_POWER_OFF, 1);
  put_desktop (base, 2, FLOE_POWER_OFF, 1);
  put_desktop (base, 3, FLOE_POWER_ON, 1);
  put_desktop (base, 4, FLOE_POWER_OFF, 2);
  one = floe_tx_get_desktop (base->tx, "d3", NULL);
  g_assert_true (one->made);
  g_assert_cmpuint (one->number, ==, 3);
  g_assert_cmpuint (one->memory_mib, ==, 100);
  g_assert_cmpstr (one->target, ==, "beta");
  g_assert_cmpint (one->kind, ==, FLOE_POOL_STATIC);
  list = floe_tx_list_desktops (base->tx, &filter, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  refuse (base, TRUE);
  all = floe_tx_list_desktops (base->tx, &filter, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  filter.usable = TRUE;
  usable = floe_tx_list_desktops (base->tx, &filter, NULL);
  g_assert_cmpuint (usable->len, ==, 1);
  refuse (base, FALSE);
  counts = floe_tx_count_desktops (base->tx, "office", 5, NULL);
  g_assert_cmpuint (counts->len, ==, 3);
  for (guint i = 0; i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];
      gboolean pair = count->facts.power == FLOE_POWER_OFF && count->revision == 1;

      g_assert_cmpuint (count->n, ==, pair ? 2 : 1);
      g_assert_cmpuint (count->memory_mib, ==, pair ? 200 : 100);
      g_assert_true (count->usable);
      g_assert_false (count->resting);
    }
  g_assert_true (floe_tx_find_free_number (base->tx, "office", 0, &number, NULL));
  g_assert_cmpuint (number, ==, 5);
  g_assert_true (floe_tx_delete_desktop (base->tx, "d2", NULL));
  g_assert_true (floe_tx_find_free_number (base->tx, "office", 0, &number, NULL));
  g_assert_cmpuint (number, ==, 2);
  g_assert_true (floe_tx_find_free_number (base->tx, "office", 2, &number, NULL));
  g_assert_cmpuint (number, ==, 5);
  g_assert_true (floe_tx_find_free_number (base->tx, "office", 7, &number, NULL));
  g_assert_cmpuint (number, ==, 8);
  /* A number is given once in a pool: two keepers cannot both make number 3. */
  same->host = g_strdup ("alpha");
  same->number = 3;
  g_assert_false (floe_tx_put_desktop (base->tx, same, &error)
                  && floe_tx_list_desktops (base->tx, &filter, &error) != NULL);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
}

/* Whatever a desktop differs in, it is counted apart; alike ones need not follow each other. */
static void
test_counts (Base *base, gconstpointer data)
{
  g_autoptr (GPtrArray) counts = NULL;
  guint n_pairs = 0;

  for (guint i = 1; i <= 18; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("d%02u", i);
      g_autoptr (FloeDesktop) desktop = floe_desktop_new (id, id, "office");
      FloeFacts *facts = &desktop->facts;
      guint what = (i - 1) % 9; /* each difference twice */

      desktop->host = g_strdup (what == 0 ? "beta" : "alpha");
      desktop->present = what != 1;
      desktop->not_before = what == 2 ? 6 : 5;
      desktop->revision = what == 3 ? 2 : 1;
      desktop->memory_mib = i;
      facts->power = what == 4 ? FLOE_POWER_ON : FLOE_POWER_OFF;
      facts->guest = what == 5 ? FLOE_GUEST_READY : FLOE_GUEST_UNKNOWN;
      facts->clean = what == 6 ? FLOE_CLEAN_BROKEN : FLOE_CLEAN_CLEAN;
      facts->intent = what == 7 ? FLOE_INTENT_START : FLOE_INTENT_NONE;
      g_assert_true (floe_tx_put_desktop (base->tx, desktop, NULL));
    }
  counts = floe_tx_count_desktops (base->tx, "office", 5, NULL);
  g_assert_cmpuint (counts->len, ==, 9);
  for (guint i = 0; i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];

      n_pairs += count->n == 2;
      if (!count->usable)
        g_assert_cmpuint (count->memory_mib, ==, 2 + 11);
      if (count->resting)
        g_assert_cmpuint (count->memory_mib, ==, 3 + 12);
    }
  g_assert_cmpuint (n_pairs, ==, 9);
  g_ptr_array_unref (g_steal_pointer (&counts));
  counts = floe_tx_count_desktops (base->tx, "none", 5, NULL);
  g_assert_cmpuint (counts->len, ==, 0);
}

static void
test_lead (Base *base, gconstpointer data)
{
  gint64 epoch = 0;

  g_assert_true (floe_tx_take_lead (base->tx, "a", 1, &epoch, NULL));
  g_assert_cmpint (epoch, ==, 1);
  g_assert_true (floe_tx_take_lead (base->tx, "a", 1, &epoch, NULL));
  g_assert_cmpint (epoch, ==, 1);
  g_assert_true (floe_tx_take_lead (base->tx, "b", 1, &epoch, NULL));
  g_assert_cmpint (epoch, ==, 2);
}

static void
put_engine_token (FloeTx *tx, const gchar *user, const gchar *sealed, gint64 at)
{
  g_autoptr (FloeEngineToken) token = floe_engine_token_new (user, "rhv", sealed);
  g_autoptr (GError) error = NULL;

  floe_tx_put_engine_token (tx, token, at, &error);
  g_assert_no_error (error);
}

static void
test_engine_tokens (Base *base, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeUser) user = floe_user_new ("u1", "alice", "Alice", NULL);
  FloeToken token = { .hash = (gchar *)"h",
                      .kind = FLOE_TOKEN_ACCESS,
                      .login_id = (gchar *)"l1",
                      .user = user,
                      .issued = 1,
                      .last_used = 1,
                      .ends = 1000 };
  g_autoptr (FloeEngineToken) old = floe_engine_token_new ("u1", "rhv", "old");
  g_autoptr (FloeEngineToken) back = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) due = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GPtrArray) idle = NULL;

  put_engine_token (base->tx, "u1", "old", 10);
  put_engine_token (base->tx, "u1", "sealed", 20);
  put_engine_token (base->tx, "u2", "other", 30);
  back = floe_tx_get_engine_token (base->tx, "u1", "rhv", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->sealed, ==, "sealed");
  g_assert_null (floe_tx_get_engine_token (base->tx, "u1", "other", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  /* Each is renewed by one only. */
  due = floe_tx_renew_engine_tokens (base->tx, 25, 100, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (due->len, ==, 1);
  g_assert_cmpstr (((FloeEngineToken *)due->pdata[0])->user_id, ==, "u1");
  again = floe_tx_renew_engine_tokens (base->tx, 25, 101, 10, &error);
  g_assert_cmpuint (again->len, ==, 0);
  /* What is said of an older one of theirs changes nothing. */
  floe_tx_confirm_engine_token (base->tx, old, 5, &error);
  floe_tx_delete_engine_token (base->tx, old, &error);
  g_assert_no_error (error);
  g_clear_pointer (&again, g_ptr_array_unref);
  again = floe_tx_renew_engine_tokens (base->tx, 25, 101, 10, &error);
  g_assert_cmpuint (again->len, ==, 0);
  floe_tx_confirm_engine_token (base->tx, back, 5, &error);
  g_clear_pointer (&again, g_ptr_array_unref);
  again = floe_tx_renew_engine_tokens (base->tx, 25, 101, 10, &error);
  g_assert_cmpuint (again->len, ==, 1);
  /* Whoever is logged in keeps it. */
  floe_tx_put_token (base->tx, &token, &error);
  g_assert_no_error (error);
  none = floe_tx_take_idle_engine_tokens (base->tx, "u1", 1000, &error);
  g_assert_cmpuint (none->len, ==, 0);
  idle = floe_tx_take_idle_engine_tokens (base->tx, NULL, 1000, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (idle->len, ==, 1);
  g_assert_cmpstr (((FloeEngineToken *)idle->pdata[0])->sealed, ==, "other");
  floe_tx_delete_engine_token (base->tx, back, &error);
  g_assert_no_error (error);
  g_assert_null (floe_tx_get_engine_token (base->tx, "u1", "rhv", NULL));
}

/* What the first release wrote is all there, and still tied together. */
static void
test_migration (void)
{
  g_autofree gchar *source =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "tests", "data", "store", "sqlite-1.sql", NULL);
  g_autofree gchar *directory = g_dir_make_tmp ("floe-store-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (directory, "floe.db", NULL);
  g_autofree gchar *sql = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (FloePool) pool = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *plain;
  g_autoptr (FloeSqliteDb) db = NULL;
  g_autoptr (FloeSqliteTx) tx = NULL;
  gint64 n;

  g_assert_true (g_file_get_contents (source, &sql, NULL, NULL));
  g_assert_cmpint (sqlite3_open (path, &plain), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (plain, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (plain);
  db = floe_sqlite_db_open (path, TRUE, &error);
  g_assert_no_error (error);
  floe_sqlite_migrate (db, path, &error);
  g_assert_no_error (error);
  tx = floe_sqlite_tx_new (db);
  desktop = floe_tx_get_desktop (FLOE_TX (tx), "d1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (desktop->lease->holder, ==, "u1");
  g_assert_cmpuint (desktop->lease->slot, ==, 1);
  g_assert_false (desktop->made);
  pool = floe_tx_get_pool (FLOE_TX (tx), "office", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pool->groups[0], ==, "Staff");
  g_assert_cmpuint (pool->grace_seconds, ==, 600);
  g_assert_cmpuint (pool->per_user, ==, 1); /* the defaults of what it did not have */
  g_assert_true (floe_sqlite_db_get_int (db, "PRAGMA foreign_keys", &n, NULL));
  g_assert_cmpint (n, ==, 1);
  g_assert_true (
      floe_sqlite_db_get_int (db, "SELECT count (*) FROM pragma_foreign_key_check", &n, NULL));
  g_assert_cmpint (n, ==, 0);
  g_assert_true (floe_tx_delete_pool (FLOE_TX (tx), "office", &error));
  g_assert_true (floe_sqlite_db_get_int (db, "SELECT count (*) FROM entitlements", &n, NULL));
  g_assert_cmpint (n, ==, 0); /* references follow the new table */
  g_clear_object (&tx);
  g_clear_pointer (&db, floe_sqlite_db_close);
  for (guint i = 0; i < 3; i++)
    {
      static const gchar *const ends[] = { "", "-wal", "-shm" };
      g_autofree gchar *file = g_strconcat (path, ends[i], NULL);

      g_unlink (file);
    }
  g_rmdir (directory);
}

static void
test_timer (Base *base, gconstpointer data)
{
  g_autoptr (FloeTimer) timer = floe_timer_new ("limit", "d1", 42);
  gint64 due = -1;

  g_assert_true (floe_tx_get_timer (base->tx, "limit", "d1", &due, NULL));
  g_assert_cmpint (due, ==, 0);
  g_assert_true (floe_tx_put_timer (base->tx, timer, NULL));
  g_assert_true (floe_tx_get_timer (base->tx, "limit", "d1", &due, NULL));
  g_assert_cmpint (due, ==, 42);
  g_assert_true (floe_tx_get_timer (base->tx, "limit", "d2", &due, NULL));
  g_assert_cmpint (due, ==, 0);
  g_assert_true (floe_tx_get_timer (base->tx, "grace", "d1", &due, NULL));
  g_assert_cmpint (due, ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const gchar *path;
    void (*func) (Base *base, gconstpointer data);
  } cases[] = {
    { "/store/provision/revision", test_revision },
    { "/store/provision/host", test_host },
    { "/store/provision/terminal", test_terminal },
    { "/store/provision/users-of-terminal", test_users_of_terminal },
    { "/store/provision/wait", test_wait },
    { "/store/provision/wait-data", test_wait_data },
    { "/store/provision/installation", test_installation },
    { "/store/provision/disk", test_disk },
    { "/store/provision/pool-state", test_pool_state },
    { "/store/provision/desktops", test_desktops },
    { "/store/provision/counts", test_counts },
    { "/store/provision/lead", test_lead },
    { "/store/provision/timer", test_timer },
    { "/store/provision/engine-tokens", test_engine_tokens },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Base, NULL, set_up, cases[i].func, tear_down);
  if (!any_store_is_postgres ())
    g_test_add_func ("/store/migration/from-1", test_migration);
  return g_test_run ();
}
