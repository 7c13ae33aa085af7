/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "logs.h"
#include "pool-house.h"

/* Data disks in storage that each host has for itself: whose data is on a host must be there, too.
 */

typedef struct
{
  const gchar *name;
  const gchar *host;
  gboolean made;
} Where;

static gpointer
put_disk (FloeTx *tx, gconstpointer input, GError **error)
{
  const Where *where = input;
  g_autofree gchar *id = g_strconcat ("uuid-", where->name, NULL);
  g_autofree gchar *volume = g_strdup_printf ("floe-data-%s.qcow2", where->name);
  g_autoptr (FloeDataDisk) disk = floe_data_disk_new ("office", id, volume);

  disk->host = g_strdup (where->host);
  disk->gib = 10;
  disk->made = where->made;
  return floe_tx_put_disk (tx, disk, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* Somebody who is logged in, and whose data is on @host, if on any. */
static FloeGrant *
enter (House *house, const gchar *name, const gchar *host)
{
  Where where = { name, host, TRUE };

  fake_directory_add (house->directory, name, "office");
  if (host != NULL)
    g_assert_nonnull (house_write (house, put_disk, &where, NULL));
  return house_enter (house, name);
}

static gpointer
get_disk (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_get_disk (tx, "office", input, error);
}

static FloeDataDisk *
disk_of (House *house, const FloeGrant *grant)
{
  return house_write (house, get_disk, grant->identity->user->id, NULL);
}

static gpointer
put_host (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_host (tx, input, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
drain (House *house, const gchar *host, gboolean draining)
{
  g_autoptr (FloeHostNote) note = floe_host_note_new (host);

  note->draining = draining;
  g_assert_nonnull (house_write (house, put_host, note, NULL));
  floe_pool_keeper_look_at_all (house->pool_keeper);
}

static void
put_pool (House *house, guint minimum, guint maximum, guint spares)
{
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, minimum, maximum, spares);

  pool->template->shared = FALSE;
  pool->data_gib = 10;
  house_put_pool (house, pool);
  pool_house_pass (house, 20);
}

/* Both hosts have the image before anything is made, so that they get the same share; or all is on
 * the one that is not drained then. */
static House *
new_filled (guint minimum, guint maximum, guint spares, const gchar *drained)
{
  House *house = pool_house_new ();

  put_pool (house, 0, 1, 0);
  if (drained != NULL)
    drain (house, drained, TRUE);
  put_pool (house, minimum, maximum, spares);
  if (drained != NULL)
    drain (house, drained, FALSE);
  return house;
}

/* Where they sit in the end, after all that their connect began. */
static gchar *
host_of (House *house, const FloeGrant *grant)
{
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, grant);

  return answer->connection != NULL ? g_strdup (answer->connection->desktop->host)
                                    : g_strdup ("nowhere");
}

static void
assert_sits (House *house, const FloeGrant *grant, const gchar *host)
{
  g_autofree gchar *there = host_of (house, grant);

  g_assert_cmpstr (there, ==, host);
}

static void
give_back (House *house, const FloeGrant *grant)
{
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, grant);

  g_assert_true (house_release (house, grant->identity, answer->connection->desktop->id, NULL));
}

/* Whatever is free elsewhere is passed over, and what they make is where they were. */
static void
test_claim (void)
{
  g_autoptr (House) house = new_filled (8, 8, 8, NULL);
  static const gchar *const hosts[] = { "host1", "host2", "host2", "host1" };
  FloeGrant *grants[G_N_ELEMENTS (hosts)];

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree gchar *name = g_strdup_printf ("person%u", i);
      g_autoptr (FloeConnectAnswer) answer = NULL;

      grants[i] = enter (house, name, hosts[i]);
      answer = house_get_in (house, grants[i]);
      g_assert_nonnull (answer->request);
    }
  pool_house_pass (house, 3);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    assert_sits (house, grants[i], hosts[i]);
  g_assert_cmpuint (house_count_audit (house, "connect", "queued"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    floe_grant_free (grants[i]);
}

/* Days of one person: it is always the host of the first day. */
static void
test_comes_back (void)
{
  g_autoptr (House) house = new_filled (4, 4, 4, NULL);
  g_autoptr (FloeGrant) alice = enter (house, "alice", NULL);
  g_autofree gchar *first = NULL;

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
      g_autofree gchar *host = NULL;

      pool_house_pass (house, 5);
      host = host_of (house, alice);
      if (first == NULL)
        first = g_strdup (host);
      g_assert_cmpstr (host, ==, first);
      give_back (house, alice);
      pool_house_pass (house, 5);
    }
}

/* Only the first of them may be made: what is not there later is not made in its place. */
static void
test_kept (void)
{
  g_autoptr (House) house = new_filled (4, 4, 4, NULL);
  g_autoptr (FloeGrant) alice = enter (house, "alice", NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = NULL;
      const gchar *attach;

      fake_manager_clear_log (house->manager);
      answer = house_get_in (house, alice);
      pool_house_pass (house, 5);
      attach = strstr (fake_manager_get_log (house->manager), "attach office-");
      g_assert_nonnull (attach);
      g_assert_cmpint (strstr (attach, ".qcow2 kept;") != NULL, ==, i == 1);
      give_back (house, alice);
      pool_house_pass (house, 5);
    }
}

/* A try that made no disk binds nobody to where it was. */
static void
test_not_made (void)
{
  g_autoptr (House) house = new_filled (2, 2, 2, "host1");
  g_autoptr (FloeGrant) alice = enter (house, "alice", NULL);
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDataDisk) disk = NULL;
  Where where = { "alice", "host1", FALSE };

  house_write (house, put_disk, &where, NULL);
  answer = house_get_in (house, alice);
  pool_house_pass (house, 3);
  assert_sits (house, alice, "host2");
  disk = disk_of (house, alice);
  g_assert_cmpstr (disk->host, ==, "host2");
  g_assert_true (disk->made);
}

/* When all hosts come to share their storage, nobody is bound any more. */
static void
test_shared (void)
{
  g_autoptr (House) house = new_filled (2, 2, 2, "host1");
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 2, 2, 2);
  g_autoptr (FloeGrant) alice = enter (house, "alice", "host1");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDataDisk) disk = NULL;

  pool->data_gib = 10;
  house_put_pool (house, pool);
  answer = house_get_in (house, alice);
  pool_house_pass (house, 3);
  assert_sits (house, alice, "host2");
  disk = disk_of (house, alice);
  g_assert_null (disk->host);
}

static void
assert_waits_for (FloeConnectRequest *request, const gchar *host, gboolean lost)
{
  g_assert_cmpint (floe_connect_request_get_state (request), ==, FLOE_REQUEST_QUEUED);
  g_assert_cmpstr (floe_connect_request_get_data_host (request), ==, host);
  g_assert_cmpint (floe_connect_request_is_data_lost (request), ==, lost);
}

/* Nothing is free on her host: she waits, is told for what, and whoever comes after her and can use
 * what is free elsewhere does not wait for her. */
static void
test_aside (void)
{
  g_autoptr (House) house = new_filled (2, 2, 2, NULL);
  g_autoptr (FloeGrant) bob = enter (house, "bob", "host2");
  g_autoptr (FloeGrant) alice = enter (house, "alice", "host2");
  g_autoptr (FloeGrant) dora = enter (house, "dora", "host2");
  g_autoptr (FloeGrant) carol = enter (house, "carol", "host1");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED b = house_get_in (house, bob);
  g_autoptr (FloeConnectAnswer) a = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) d = house_get_in (house, dora);
  g_autoptr (FloeConnectAnswer) c = NULL;

  house_settle (house);
  assert_waits_for (a->request, "host2", FALSE);
  floe_connect_request_hold (a->request);
  c = house_get_in (house, carol);
  pool_house_pass (house, 3);
  assert_sits (house, carol, "host1");
  assert_sits (house, bob, "host2");
  assert_waits_for (a->request, "host2", FALSE);
  g_assert_cmpuint (floe_connect_request_get_place (a->request), ==, 1);
  give_back (house, bob);
  pool_house_pass (house, 20);
  assert_sits (house, alice, "host2");
  g_assert_cmpint (floe_connect_request_get_state (d->request), ==, FLOE_REQUEST_QUEUED);
}

/* All spares are on the other host, and the pool is full: one of them makes way. */
static void
test_makes_room (void)
{
  g_autoptr (House) house = new_filled (2, 2, 2, "host2");
  g_autoptr (FloeGrant) alice = enter (house, "alice", "host2");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  answer = house_get_in (house, alice);
  g_assert_nonnull (answer->request);
  floe_connect_request_hold (answer->request);
  pool_house_pass (house, 30);
  assert_sits (house, alice, "host2");
}

/* Where there is room for more, nobody's spare goes. */
static void
test_makes_more (void)
{
  g_autoptr (House) house = new_filled (2, 8, 2, "host2");
  g_autoptr (FloeGrant) alice = enter (house, "alice", "host2");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_clear_log (house->manager);
  answer = house_get_in (house, alice);
  floe_connect_request_hold (answer->request);
  pool_house_pass (house, 30);
  assert_sits (house, alice, "host2");
  g_assert_null (strstr (fake_manager_get_log (house->manager), "remove"));
}

/* Rule 6: her host is lost, and so is her data for now. She waits and is told why; no spare is made
 * for her that is no use to her, and an administrator is told, too. */
static void
test_lost (void)
{
  g_autoptr (House) house = new_filled (4, 8, 2, NULL);
  g_autoptr (FloeGrant) alice = enter (house, "alice", "host2");
  g_autoptr (FloeGrant) carol = enter (house, "carol", NULL);
  g_autoptr (FloeConnectAnswer) a = NULL;
  g_autoptr (FloeConnectAnswer) c = NULL;
  g_autoptr (FloePoolState) state = NULL;

  logs_expect ("host host2 is lost*");
  fake_manager_lose (house->manager, "host2");
  pool_house_pass (house, 60);
  a = house_get_in (house, alice);
  floe_connect_request_hold (a->request);
  house_settle (house);
  assert_waits_for (a->request, "host2", TRUE);
  fake_manager_clear_log (house->manager);
  pool_house_pass (house, 60);
  g_assert_null (strstr (fake_manager_get_log (house->manager), "create"));
  state = pool_house_state (house);
  g_assert_cmpstr (state->note, ==,
                   "1 in line have their data on host host2, which does not answer");
  c = house_get_in (house, carol);
  pool_house_pass (house, 3);
  assert_sits (house, carol, "host1");
  fake_manager_list (house->manager);
  fake_manager_measure (house->manager, "host2", 64000, 60000);
  pool_house_pass (house, 40);
  assert_sits (house, alice, "host2");
}

static void
explained (GObject *source, GAsyncResult *result, gpointer data)
{
  *(FloeExplanation **)data = floe_helpdesk_explain_finish (FLOE_HELPDESK (source), result, NULL);
}

static gboolean
says (const FloeExplanation *self, const gchar *code, const gchar *text)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const FloeExplanationStep *step = self->steps->pdata[i];

      if (strcmp (step->code, code) == 0)
        return strstr (step->text, text) != NULL;
    }
  return FALSE;
}

static void
test_explain (void)
{
  g_autoptr (House) house = new_filled (2, 2, 2, "host2");
  g_autoptr (FloeGrant) G_GNUC_UNUSED alice = enter (house, "alice", "host2");
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (FloeExplanation) e = NULL;

  floe_helpdesk_explain_async (house->helpdesk, helen, "alice", "office", NULL, explained, &e);
  house_settle (house);
  g_assert_true (says (e, "data-host", "is on host host2, whose storage is not shared"));
  g_assert_true (
      says (e, "elsewhere", "2 are on another host than their data: office-001 (host1)"));
  g_assert_true (says (e, "free", "0 can be lent now"));
  g_assert_cmpstr (e->conclusion, ==,
                   "alice waits in the line of pool office: their data is on host host2, and no"
                   " desktop there is free.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/data-disks/claim", test_claim);
  g_test_add_func ("/data-disks/comes-back", test_comes_back);
  g_test_add_func ("/data-disks/kept", test_kept);
  g_test_add_func ("/data-disks/not-made", test_not_made);
  g_test_add_func ("/data-disks/shared", test_shared);
  g_test_add_func ("/data-disks/aside", test_aside);
  g_test_add_func ("/data-disks/makes-room", test_makes_room);
  g_test_add_func ("/data-disks/makes-more", test_makes_more);
  g_test_add_func ("/data-disks/lost", test_lost);
  g_test_add_func ("/data-disks/explain", test_explain);
  return g_test_run ();
}
