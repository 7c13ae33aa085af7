/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "any-store.h"
#include "core/error.h"
#include "core/trail-check.h"
#include "core/trail-sealer.h"
#include "house.h"
#include "logs.h"

/* The seal of the audit trail, on a real database: what is removed, altered, added and cut off
 * shows, and is named. */

typedef struct
{
  House *house;
  FloeTrailKey *key;
  FloeTrailSealer *sealer;
} Trail;

static void
set_up (Trail *self, gconstpointer data)
{
  g_autoptr (FloeSecret) text = floe_secret_new (HOUSE_SEAL_KEY, -1);
  const gchar *kind = data;

  self->house = house_new ();
  self->key = floe_trail_key_new (g_strcmp0 (kind, "bare") == 0 ? NULL : text, NULL);
  self->sealer =
      floe_trail_sealer_new (self->house->counted, FLOE_CLOCK (self->house->clock), self->key);
  floe_trail_sealer_start (self->sealer);
}

static void
tear_down (Trail *self, gconstpointer data)
{
  floe_trail_sealer_stop (self->sealer);
  house_settle (self->house);
  g_assert_finalize_object (self->sealer);
  floe_trail_key_unref (self->key);
  house_free (self->house);
}

static gpointer
put_row (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_audit (tx, input, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
put (Trail *self, const gchar *detail)
{
  FloeAudit *row = floe_audit_new (floe_clock_now (FLOE_CLOCK (self->house->clock)), "release",
                                   "office-1", "done");
  g_autoptr (GError) error = NULL;

  row->detail = g_strdup (detail);
  house_write (self->house, put_row, row, &error);
  g_assert_no_error (error);
  floe_audit_free (row);
}

/* put_some: rows, and time for them to be sealed */
static void
put_some (Trail *self, guint n)
{
  for (guint i = 0; i < n; i++)
    put (self, i % 2 == 0 ? "it hangs" : NULL);
  house_advance (self->house, 2);
}

static FloeTrailCheck *
check_after (Trail *self, gint64 after, gint64 number, const gchar *hash)
{
  const FloeTrailQuestion question = {
    .key = self->key, .after = after, .expected = (gchar *)hash, .expected_number = number
  };
  g_autoptr (GError) error = NULL;
  FloeTrailCheck *check = house_write (self->house, floe_trail_check, (gpointer)&question, &error);

  g_assert_no_error (error);
  return check;
}

static void
assert_found (Trail *self, const gchar *wanted)
{
  g_autoptr (FloeTrailCheck) check = check_after (self, 0, 0, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < check->findings->len; i++)
    {
      const FloeTrailFinding *finding = check->findings->pdata[i];

      g_string_append_printf (text, "%s %d/%d;", finding->what, (gint)finding->row,
                              (gint)finding->seal);
    }
  g_assert_cmpstr (text->str, ==, wanted);
}

/* tamper: what somebody does who can write the database */
static void
tamper (Trail *self, const gchar *sql)
{
  any_place_exec (self->house->place, sql);
}

static void
test_whole (Trail *self, gconstpointer data)
{
  g_autoptr (FloeTrailCheck) empty = check_after (self, 0, 0, NULL);
  g_autoptr (FloeTrailCheck) sealed = NULL;
  g_autoptr (FloeTrailCheck) tail = NULL;

  g_assert_null (empty->head);
  put_some (self, 5);
  put_some (self, 3);
  sealed = check_after (self, 0, 0, NULL);
  g_assert_cmpuint (sealed->rows, ==, 8);
  g_assert_cmpuint (sealed->seals, ==, 2);
  g_assert_cmpuint (sealed->keyed, ==, g_strcmp0 (data, "bare") == 0 ? 0 : 2);
  g_assert_cmpint (sealed->next, ==, 0);
  g_assert_cmpint (sealed->tail_rows, ==, 0);
  assert_found (self, "");
  put (self, "not sealed yet");
  tail = check_after (self, 0, 0, NULL);
  g_assert_cmpint (tail->tail_rows, ==, 1);
  g_assert_cmpint (tail->tail_first, ==, 9);
  g_assert_cmpint (tail->tail_last, ==, 9);
  assert_found (self, "");
}

static void
test_altered (Trail *self, gconstpointer data)
{
  put_some (self, 5);
  put_some (self, 5);
  tamper (self, "UPDATE audit SET detail = 'it was me' WHERE id = 3");
  tamper (self, "UPDATE audit SET at = at + 1 WHERE id = 7");
  assert_found (self, "altered 3/1;altered 7/2;");
}

static void
test_removed (Trail *self, gconstpointer data)
{
  put_some (self, 5);
  put_some (self, 5);
  tamper (self, "DELETE FROM audit WHERE id IN (2, 4, 10)");
  assert_found (self, "removed 2/1;removed 4/1;removed 10/2;");
}

static void
test_added (Trail *self, gconstpointer data)
{
  put_some (self, 2);
  tamper (self, "DELETE FROM audit WHERE id = 2");
  tamper (self,
          "INSERT INTO audit (id, at, actor, action, outcome) VALUES (2, 1, 'dora', 'x', 'y')");
  put_some (self, 1);
  assert_found (self, "altered 2/1;");
}

/* Whoever changes the seals along with the rows breaks the chain. */
static void
test_seals (Trail *self, gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    put_some (self, 2);
  tamper (self, "UPDATE audit_seals SET marks = replace (marks, '3:', '33:') WHERE number = 2");
  assert_found (self, "seal-broken 0/2;added 3/2;removed 33/2;");
  tamper (self, "DELETE FROM audit_seals WHERE number = 2");
  assert_found (self, "seal-missing 0/2;seal-broken 0/3;");
}

/* What was cut off at the end shows only to whoever noted the last seal elsewhere. */
static void
test_cut_off (Trail *self, gconstpointer data)
{
  g_autoptr (FloeTrailCheck) noted = NULL;
  g_autoptr (FloeTrailCheck) expected = NULL;
  g_autoptr (FloeTrailCheck) other = NULL;

  put_some (self, 3);
  put_some (self, 3);
  noted = check_after (self, 0, 0, NULL);
  tamper (self, "DELETE FROM audit WHERE id > 3");
  tamper (self, "DELETE FROM audit_seals WHERE number > 1");
  assert_found (self, "");
  expected = check_after (self, 0, noted->head->number, noted->head->hash);
  g_assert_cmpuint (expected->findings->len, ==, 1);
  g_assert_cmpstr (((FloeTrailFinding *)expected->findings->pdata[0])->what, ==, "seal-missing");
  put_some (self, 3);
  house_advance (self->house, 60); /* the places that were cut off might be filled yet */
  house_advance (self->house, 2);
  other = check_after (self, 0, noted->head->number, noted->head->hash);
  g_assert_cmpuint (other->findings->len, ==, 1);
  g_assert_cmpstr (((FloeTrailFinding *)other->findings->pdata[0])->what, ==, "seal-broken");
}

/* Nothing is made anew without the key. */
static void
test_other_key (Trail *self, gconstpointer data)
{
  g_autoptr (FloeTrailKey) right = g_steal_pointer (&self->key);

  put_some (self, 1);
  self->key = floe_trail_key_new (NULL, NULL);
  assert_found (self, "seal-broken 0/1;altered 1/1;");
  floe_trail_key_unref (self->key);
  self->key = g_steal_pointer (&right);
  assert_found (self, "");
}

/* A place that is still empty may be filled by a transaction that is slow to commit: it is waited
 * for as long as one can take. */
static void
test_gap (Trail *self, gconstpointer data)
{
  g_autoptr (FloeTrailCheck) waits = NULL;
  g_autoptr (FloeTrailCheck) late = NULL;
  g_autofree gchar *sql = NULL;
  gint64 now = floe_clock_now (FLOE_CLOCK (self->house->clock));

  put (self, "before");
  sql = g_strdup_printf ("INSERT INTO audit (id, at, actor, action, outcome) VALUES"
                         " (3, %" G_GINT64_FORMAT ", 'dora', 'x', 'y')",
                         now);
  tamper (self, sql);
  house_advance (self->house, 3);
  waits = check_after (self, 0, 0, NULL);
  g_assert_cmpint (waits->head->last, ==, 1);
  g_assert_cmpint (waits->tail_rows, ==, 1);
  tamper (self,
          "INSERT INTO audit (id, at, actor, action, outcome) VALUES (2, 1, 'otto', 'x', 'y')");
  house_advance (self->house, 3);
  assert_found (self, "");
  tamper (self, "UPDATE audit SET id = 5 WHERE id = 5"); /* 4 never comes */
  sql = (g_free (sql), g_strdup_printf ("INSERT INTO audit (id, at, actor, action, outcome) VALUES"
                                        " (5, %" G_GINT64_FORMAT ", 'dora', 'x', 'y')",
                                        now));
  tamper (self, sql);
  house_advance (self->house, 60);
  house_advance (self->house, 2);
  late = check_after (self, 0, 0, NULL);
  g_assert_cmpint (late->head->last, ==, 5);
  assert_found (self, "");
}

/* More than is sealed at once, and more seals than are looked at at once. */
static void
test_long (Trail *self, gconstpointer data)
{
  g_autoptr (FloeTrailCheck) first = NULL;
  g_autoptr (FloeTrailCheck) second = NULL;

  for (guint i = 0; i < 60; i++)
    put_some (self, 1);
  first = check_after (self, 0, 0, NULL);
  g_assert_cmpint (first->next, ==, 50);
  g_assert_cmpuint (first->rows, ==, 50);
  g_assert_cmpuint (first->findings->len, ==, 0);
  second = check_after (self, first->next, 0, NULL);
  g_assert_cmpint (second->next, ==, 0);
  g_assert_cmpuint (second->rows, ==, 10);
  g_assert_cmpuint (second->findings->len, ==, 0);
}

/* What is asked for. */

#define N_ROWS 12000
#define BEGUN  (G_GINT64_CONSTANT (1795392000) * G_USEC_PER_SEC)

/* One row a second, one in five thousand of which is something else. */
static gpointer
put_many (FloeTx *tx, gconstpointer input, GError **error)
{
  for (guint i = 0; i < N_ROWS; i++)
    {
      g_autoptr (FloeAudit) row = floe_audit_new (BEGUN + (gint64)i * G_USEC_PER_SEC,
                                                  i % 5000 == 100 ? "assign" : "release",
                                                  i % 2 == 0 ? "office-1" : "office-2", "done");

      if (!floe_tx_put_audit (tx, row, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

/* walk: through all pages; says when, in seconds after the first row, the first and the last were
 */
static guint
walk (Trail *self, FloeTrailQuery query, gint64 *first, gint64 *last, guint *n_pages)
{
  g_autoptr (FloeIdentity) actor = house_helen ();
  guint n = 0;

  query.limit = 700;
  *n_pages = 0;
  do
    {
      g_autoptr (FloePage) page = house_search_trail (self->house, actor, &query);
      guint len = page->items->len;

      if (n == 0 && len > 0)
        *first = (((const FloeAudit *)page->items->pdata[0])->at - BEGUN) / G_USEC_PER_SEC;
      if (len > 0)
        *last = (((const FloeAudit *)page->items->pdata[len - 1])->at - BEGUN) / G_USEC_PER_SEC;
      n += len;
      (*n_pages)++;
      g_strfreev (query.after);
      query.after = g_steal_pointer (&page->next);
    }
  while (query.after != NULL);
  return n;
}

static void
test_search (Trail *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 first, last;
  guint n_pages;

  house_write (self->house, put_many, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (walk (self, (FloeTrailQuery){ .object = "office-2" }, &first, &last, &n_pages),
                    ==, N_ROWS / 2);
  g_assert_cmpint (first, ==, N_ROWS - 1);
  g_assert_cmpint (last, ==, 1);
  g_assert_cmpuint (walk (self, (FloeTrailQuery){ .action = "assign" }, &first, &last, &n_pages),
                    ==, 3);
  g_assert_cmpint (first, ==, 10100);
  g_assert_cmpint (last, ==, 100);
  g_assert_cmpuint (n_pages, ==, 2); /* the first one had looked at enough */
  g_assert_cmpuint (walk (self,
                          (FloeTrailQuery){ .action = "release",
                                            .since = BEGUN + 100 * G_USEC_PER_SEC,
                                            .until = BEGUN + 111 * G_USEC_PER_SEC },
                          &first, &last, &n_pages),
                    ==, 10);
  g_assert_cmpint (first, ==, 110);
  g_assert_cmpint (last, ==, 101);
  g_assert_cmpuint (n_pages, ==, 1);
  g_assert_cmpuint (walk (self, (FloeTrailQuery){ .until = BEGUN + 2000 * G_USEC_PER_SEC }, &first,
                          &last, &n_pages),
                    ==, 2000);
  g_assert_cmpint (first, ==, 1999);
  g_assert_cmpuint (n_pages, ==, 3);
  g_assert_cmpuint (walk (self, (FloeTrailQuery){ .until = BEGUN }, &first, &last, &n_pages), ==,
                    0);
  g_assert_cmpuint (walk (self,
                          (FloeTrailQuery){ .since = BEGUN + (gint64)N_ROWS * G_USEC_PER_SEC },
                          &first, &last, &n_pages),
                    ==, 0);
  g_assert_cmpuint (n_pages, ==, 1);
}

static void
test_bad_key (void)
{
  g_autoptr (FloeSecret) text = floe_secret_new ("too short", -1);
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_trail_key_new (text, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
}

#define ADD(name, kind, func) g_test_add ("/trail/" name, Trail, kind, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("whole", NULL, test_whole);
  ADD ("whole/bare", "bare", test_whole);
  ADD ("altered", NULL, test_altered);
  ADD ("altered/bare", "bare", test_altered);
  ADD ("removed", NULL, test_removed);
  ADD ("added", NULL, test_added);
  ADD ("seals", NULL, test_seals);
  ADD ("cut-off", NULL, test_cut_off);
  ADD ("other-key", NULL, test_other_key);
  ADD ("gap", NULL, test_gap);
  ADD ("long", NULL, test_long);
  ADD ("search", NULL, test_search);
  g_test_add_func ("/trail/bad-key", test_bad_key);
  return g_test_run ();
}
