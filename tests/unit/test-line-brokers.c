/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "house.h"
#include "logs.h"
#include "store/sqlite-tx.h"

/* The line of a pool at which people stand by two brokers. The second one is a keeper and an
 * assigner on the house's store. What they tell each other is carried by the test, so that each of
 * them knows nothing by itself. */

static GMutex lock;
static GPtrArray *entries; /* guarded: FloeFeedEntry */

/* A file has no feed of its own. */
static gboolean
put_feed (FloeTx *tx, const gchar *kind, const gchar *subject, GError **error)
{
  g_mutex_lock (&lock);
  g_ptr_array_add (entries, floe_feed_entry_new (entries->len + 1, kind, subject));
  g_mutex_unlock (&lock);
  return TRUE;
}

static GPtrArray *
list_feed (FloeTx *tx, gint64 after, guint limit, GError **error)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_feed_entry_free);

  g_mutex_lock (&lock);
  for (guint i = (guint)after; i < entries->len; i++)
    {
      const FloeFeedEntry *entry = entries->pdata[i];

      g_ptr_array_add (list, floe_feed_entry_new (entry->seq, entry->kind, entry->subject));
    }
  g_mutex_unlock (&lock);
  return list;
}

static void
give_files_a_feed (void)
{
  FloeTxInterface *iface =
      g_type_interface_peek (g_type_class_ref (FLOE_TYPE_SQLITE_TX), FLOE_TYPE_TX);

  entries = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_feed_entry_free);
  iface->put_feed = put_feed;
  iface->list_feed = list_feed;
}

/* Two brokers. */

typedef struct
{
  House *house; /* leads */
  FloeKeeper *keeper;
  FloeAssigner *assigner;
  gint64 heard; /* the place in the feed up to which both know everything */
} Pair;

static gpointer
read_feed (FloeTx *tx, gconstpointer after, GError **error)
{
  return floe_tx_list_feed (tx, *(const gint64 *)after, 1000, error);
}

static GPtrArray *
read_news (Pair *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *news;

  house_settle (self->house);
  news = house_write (self->house, read_feed, &self->heard, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < news->len; i++)
    self->heard = MAX (self->heard, ((FloeFeedEntry *)news->pdata[i])->seq);
  return news;
}

/* Carries what is new to a keeper that does not know it, or to none. */
static void
tell (Pair *self, FloeKeeper *keeper)
{
  g_autoptr (GPtrArray) news = read_news (self);

  for (guint i = 0; keeper != NULL && i < news->len; i++)
    floe_keeper_hear (keeper, news->pdata[i]);
  house_settle (self->house);
}

/* Tells both until neither has anything to add; to hear what one did oneself does not matter. */
static void
talk (Pair *self)
{
  g_autoptr (GPtrArray) news = read_news (self);

  while (news->len > 0)
    {
      for (guint i = 0; i < news->len; i++)
        {
          floe_keeper_hear (self->keeper, news->pdata[i]);
          floe_keeper_hear (self->house->keeper, news->pdata[i]);
        }
      g_ptr_array_unref (news);
      news = read_news (self);
    }
}

static Pair *
pair_new (House *house)
{
  Pair *self = g_new0 (Pair, 1);

  self->house = house;
  self->keeper =
      floe_keeper_new (house->counted, FLOE_MANAGER (house->manager), FLOE_CLOCK (house->clock));
  floe_keeper_follow (self->keeper);
  self->assigner = floe_assigner_new (house->counted, self->keeper, FLOE_CLOCK (house->clock));
  return self;
}

static void
pair_free (Pair *self)
{
  g_object_unref (self->assigner);
  g_object_unref (self->keeper);
  house_free (self->house);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(FloeConnectAnswer **)data =
      floe_assigner_connect_finish (FLOE_ASSIGNER (source), result, &error);
  g_assert_no_error (error);
}

/* At the second broker. */
static FloeConnectRequest *
queue_there (Pair *self, const FloeGrant *grant, gboolean another)
{
  const FloeConnectWish wish = { .another = another };
  FloeConnectAnswer *answer = NULL;
  FloeConnectRequest *request;

  floe_assigner_connect_async (self->assigner, grant->identity, "office", &wish, NULL, answered,
                               &answer);
  house_settle (self->house);
  g_assert_nonnull (answer);
  g_assert_nonnull (answer->request);
  request = g_object_ref (answer->request);
  floe_connect_answer_free (answer);
  return request;
}

static FloeConnectRequest *
queue_here (Pair *self, const FloeGrant *grant)
{
  g_autoptr (FloeConnectAnswer) answer = house_get_in (self->house, grant);

  g_assert_nonnull (answer->request);
  house_settle (self->house);
  return g_object_ref (answer->request);
}

static FloeGrant *
enter_dave (House *house)
{
  fake_directory_add (house->directory, "dave", "office");
  return house_enter (house, "dave");
}

static void
assert_place (FloeConnectRequest *request, guint place)
{
  g_assert_cmpint (floe_connect_request_get_state (request), ==, FLOE_REQUEST_QUEUED);
  g_assert_cmpuint (floe_connect_request_get_place (request), ==, place);
}

/* Who waits at a broker that does not lead is offered the desktop that the other one gave them, and
 * whoever stands behind them there moves up. */
static void
test_served (void)
{
  g_autoptr (Pair) pair = pair_new (house_office (0, 1));
  House *house = pair->house;
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeGrant) dave = enter_dave (house);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue_there (pair, bob, FALSE);
  g_autoptr (FloeConnectRequest) c = queue_there (pair, carol, FALSE);
  g_autoptr (FloeConnectRequest) d = queue_here (pair, dave);
  guint claims = house_count_audit (house, "connect", "queued");

  house_advance (house, 2);
  tell (pair, NULL);
  assert_place (c, 2);
  assert_place (d, 3);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  assert_place (b, 1);
  tell (pair, pair->keeper);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  g_assert_cmpstr (floe_connect_request_get_desktop_id (b), ==, "id-office-1");
  assert_place (c, 1);
  /* They did not have to ask once more. */
  g_assert_cmpuint (house_count_audit (house, "connect", "queued"), ==, claims);
}

/* Somebody ahead leaves, by their own wish or by silence; and somebody joins. */
static void
test_moves (void)
{
  g_autoptr (Pair) pair = pair_new (house_office (0, 1));
  House *house = pair->house;
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeGrant) dave = enter_dave (house);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue_here (pair, bob);
  g_autoptr (FloeConnectRequest) d = NULL;
  g_autoptr (FloeConnectRequest) c = queue_there (pair, carol, FALSE);

  tell (pair, NULL);
  house_advance (house, 2);
  assert_place (c, 2);
  floe_assigner_leave_async (house->assigner, bob->identity, floe_connect_request_get_id (b), NULL,
                             NULL);
  tell (pair, pair->keeper);
  assert_place (c, 1);
  floe_connect_request_hold (c);
  d = queue_here (pair, dave);
  house_advance (house, 1);
  assert_place (d, 2);
  tell (pair, house->keeper);
  assert_place (d, 2);
  /* One who is silent is forgotten, wherever they stood. */
  floe_connect_request_unhold (c, floe_clock_elapsed (FLOE_CLOCK (house->clock)));
  floe_connect_request_hold (d);
  house_advance (house, 170);
  house_advance (house, 40);
  assert_place (d, 1);
}

/* A further desktop is the one that the other broker gave, which serves because somebody stands in
 * the line there, too; not the one that they have. */
static void
test_another (void)
{
  g_autoptr (Pair) pair = pair_new (house_office (0, 2));
  House *house = pair->house;
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, bob);
  g_autoptr (FloeConnectAnswer) second = house_get_in (house, alice);
  const gchar *hers = second->connection->desktop->id;
  g_autoptr (FloeConnectRequest) b = NULL;
  g_autoptr (FloeConnectRequest) c = NULL;

  pool->per_user = 2;
  house_put_pool (house, pool);
  b = queue_there (pair, bob, TRUE);
  c = queue_here (pair, carol);
  tell (pair, NULL);
  g_assert_true (house_release (house, alice->identity, hers, NULL));
  talk (pair);
  house_advance (house, 1);
  talk (pair);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  g_assert_cmpstr (floe_connect_request_get_desktop_id (b), ==, hers);
  assert_place (c, 1);
}

/* By their second client they came first and got it, while this one stood in the line. */
static void
test_second_client (void)
{
  g_autoptr (Pair) pair = pair_new (house_office (0, 1));
  House *house = pair->house;
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeConnectRequest) b = queue_there (pair, bob, FALSE);

  /* Nobody stands in it at the broker that sees the desktop become free, so it serves nobody. */
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  tell (pair, NULL);
  answer = house_get_in (house, bob);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_STARTING);
  assert_place (b, 1);
  house_advance (house, 1);
  tell (pair, pair->keeper);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  g_assert_cmpstr (floe_connect_request_get_desktop_id (b), ==, "id-office-1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  if (!any_store_is_postgres ())
    give_files_a_feed ();
  g_test_add_func ("/line-brokers/served", test_served);
  g_test_add_func ("/line-brokers/moves", test_moves);
  g_test_add_func ("/line-brokers/another", test_another);
  g_test_add_func ("/line-brokers/second-client", test_second_client);
  return g_test_run ();
}
