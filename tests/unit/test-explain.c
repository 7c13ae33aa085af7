/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "house.h"
#include "logs.h"

static void
explained (GObject *source, GAsyncResult *result, gpointer data)
{
  *(FloeExplanation **)data = floe_helpdesk_explain_finish (FLOE_HELPDESK (source), result, NULL);
}

static FloeExplanation *
explain (House *house, const gchar *user)
{
  g_autoptr (FloeIdentity) actor = house_helen ();
  FloeExplanation *explanation = NULL;

  house_settle (house);
  floe_helpdesk_explain_async (house->helpdesk, actor, user, "office", NULL, explained,
                               &explanation);
  house_settle (house);
  g_assert_nonnull (explanation);
  return explanation;
}

static const FloeExplanationStep *
find (const FloeExplanation *self, const gchar *code)
{
  for (guint i = 0; i < self->steps->len; i++)
    if (strcmp (((FloeExplanationStep *)self->steps->pdata[i])->code, code) == 0)
      return self->steps->pdata[i];
  return NULL;
}

static void
assert_step (const FloeExplanation *self, const gchar *code, FloeMark mark, const gchar *part)
{
  const FloeExplanationStep *step = find (self, code);

  if (step == NULL)
    g_error ("there is no step %s", code);
  g_assert_cmpint (step->mark, ==, mark);
  if (strstr (step->text, part) == NULL)
    g_error ("\"%s\" is not in \"%s\"", part, step->text);
}

static void
test_free (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) G_GNUC_UNUSED alice = house_enter (house, "alice");
  g_autoptr (FloeExplanation) e = explain (house, "ALICE");

  assert_step (e, "user-known", FLOE_MARK_OK, "alice was last seen about ");
  assert_step (e, "groups", FLOE_MARK_INFO, "office");
  assert_step (e, "entitled-group", FLOE_MARK_OK, "office");
  assert_step (e, "pool-open", FLOE_MARK_OK, "open");
  assert_step (e, "slots", FLOE_MARK_INFO, "has 0 of the 1");
  assert_step (e, "free", FLOE_MARK_OK, "2 can be lent now");
  g_assert_cmpstr (e->conclusion, ==, "alice gets a free desktop of pool office.");
}

static void
test_nobody (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeExplanation) e = explain (house, "nobody");

  assert_step (e, "user-unknown", FLOE_MARK_NO, "nobody");
  g_assert_null (find (e, "slots"));
  g_assert_nonnull (strstr (e->conclusion, "they must log in once"));
}

/* In no group at all: what there is to be in is told. */
static void
test_no_group (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) mallory = NULL;
  g_autoptr (FloeExplanation) e = NULL;

  fake_directory_add (house->directory, "mallory", NULL);
  mallory = house_enter (house, "mallory");
  e = explain (house, mallory->identity->user->id);
  assert_step (e, "groups", FLOE_MARK_INFO, ": none");
  assert_step (e, "not-entitled", FLOE_MARK_NO, "groups: office; users: none");
  g_assert_nonnull (strstr (e->conclusion, "not entitled"));
}

static void
test_lent_and_line (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED a = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED b = house_get_in (house, bob);
  g_autoptr (FloeExplanation) waits = explain (house, "bob");
  g_autoptr (FloeExplanation) has = explain (house, "alice");

  assert_step (waits, "place", FLOE_MARK_INFO, "is number 1 in line since ");
  assert_step (waits, "lent", FLOE_MARK_INFO, "1 are lent: office-1 (to alice since ");
  assert_step (waits, "free", FLOE_MARK_NO, "0 can be lent now");
  g_assert_nonnull (strstr (waits->conclusion, "waits in the line"));
  assert_step (has, "held", FLOE_MARK_OK, "has office-1 on host host1 as number 1 since ");
  g_assert_cmpstr (has->conclusion, ==, "alice gets back the desktop that they have: office-1.");
}

static gpointer
drain_host (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeHostNote) note = floe_host_note_new ("host1");

  note->draining = TRUE;
  return floe_tx_put_host (tx, note, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* Each desktop that is no candidate says why. */
static void
test_reasons (void)
{
  g_autoptr (House) house = house_office (3, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  G_GNUC_UNUSED g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeExplanation) broken = NULL;
  g_autoptr (FloeExplanation) busy = NULL;
  g_autoptr (FloeExplanation) draining = NULL;
  g_autoptr (FloeExplanation) lost = NULL;

  fake_manager_fail_next_start (house->manager, FLOE_ERROR_INTERNAL, "no such disk");
  answer = house_get_in (house, alice);
  house_settle (house);
  broken = explain (house, "bob");
  assert_step (broken, "broken", FLOE_MARK_INFO, "1 are broken: office-1 (no such disk)");
  fake_manager_hold (house->manager, TRUE);
  g_assert_true (house_log_out (house, alice->identity, NULL));
  busy = explain (house, "bob");
  assert_step (busy, "busy", FLOE_MARK_INFO, "(reset since ");
  g_assert_nonnull (house_write (house, drain_host, NULL, NULL));
  draining = explain (house, "bob");
  assert_step (draining, "host-draining", FLOE_MARK_INFO, "(host1)");
  assert_step (draining, "free", FLOE_MARK_NO, "0 can be lent now");
  logs_expect ("*is lost*");
  fake_manager_lose_host (house->manager);
  lost = explain (house, "bob");
  assert_step (lost, "host-lost", FLOE_MARK_INFO, "3 are on a host that does not answer");
}

static gpointer
back_off (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloePoolState) state = floe_pool_state_new ("office");

  state->failures = 3;
  state->not_before = *(const gint64 *)input;
  state->problem = g_strdup ("storage is full");
  return floe_tx_put_pool_state (tx, state, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
test_closed_and_problem (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloeGrant) G_GNUC_UNUSED alice = house_enter (house, "alice");
  g_autoptr (FloeExplanation) e = NULL;
  gint64 until = floe_clock_now (FLOE_CLOCK (house->clock)) + G_TIME_SPAN_HOUR;

  pool->closed = TRUE;
  pool->message = g_strdup ("Back at noon.");
  pool->users = (g_strfreev (pool->users), g_strsplit ("Alice", ",", -1));
  house_put_pool (house, pool);
  g_assert_nonnull (house_write (house, back_off, &until, NULL));
  e = explain (house, "alice");
  assert_step (e, "entitled-user", FLOE_MARK_OK, "Alice");
  assert_step (e, "pool-closed", FLOE_MARK_NO, "Back at noon.");
  assert_step (e, "keeper-backs-off", FLOE_MARK_NO, "after 3 failures");
  g_assert_nonnull (strstr (e->conclusion, "it is closed"));
}

/* Hundreds are lent: ten of them are named. */
static void
test_many (void)
{
  g_autoptr (House) house = house_office (0, 12);
  g_autoptr (GPtrArray) grants = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_grant_free);
  g_autoptr (FloeExplanation) e = NULL;
  const FloeExplanationStep *step;
  guint named = 0;

  for (guint i = 0; i < 12; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("person%u", i);

      fake_directory_add (house->directory, name, "office");
      g_ptr_array_add (grants, house_enter (house, name));
      floe_connect_answer_free (house_get_in (house, grants->pdata[i]));
    }
  e = explain (house, "person3");
  step = find (e, "lent");
  for (const gchar *at = step->text; (at = strstr (at, "office-")) != NULL; at++)
    named++;
  g_assert_cmpuint (named, ==, 10);
  g_assert_true (g_str_has_suffix (step->text, "; and others"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/explain/free", test_free);
  g_test_add_func ("/explain/nobody", test_nobody);
  g_test_add_func ("/explain/no-group", test_no_group);
  g_test_add_func ("/explain/lent-and-line", test_lent_and_line);
  g_test_add_func ("/explain/reasons", test_reasons);
  g_test_add_func ("/explain/closed-and-problem", test_closed_and_problem);
  g_test_add_func ("/explain/many", test_many);
  return g_test_run ();
}
