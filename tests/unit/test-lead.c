/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/feed.h"
#include "core/fenced-store.h"
#include "core/lead.h"
#include "core/transition.h"
#include "house.h"
#include "logs.h"

#include <string.h>

/* A database of which only the lead and the feed matter; the time is the test's. Each broker has a
 * store of its own on it. */
typedef struct
{
  FakeClock *clock;
  gchar *leader;
  gint64 until;
  gint64 epoch;
  GPtrArray *feed; /* FloeFeedEntry, those that are committed */
} Database;

#define SCRIPTED_TYPE_TX (scripted_tx_get_type ())
G_DECLARE_FINAL_TYPE (ScriptedTx, scripted_tx, SCRIPTED, TX, GObject)

struct _ScriptedTx
{
  GObject parent_instance;
  Database *database;
};

static gboolean
take_lead (FloeTx *tx, const gchar *broker, gint64 microseconds, gint64 *epoch, GError **error)
{
  Database *self = SCRIPTED_TX (tx)->database;
  gint64 now = floe_clock_elapsed (FLOE_CLOCK (self->clock));
  gboolean mine = g_strcmp0 (self->leader, broker) == 0;

  *epoch = 0;
  if (!mine && self->leader != NULL && self->until > now)
    return TRUE;
  if (!mine)
    self->epoch++;
  g_free (self->leader);
  self->leader = g_strdup (broker);
  self->until = now + microseconds;
  *epoch = self->epoch;
  return TRUE;
}

static GPtrArray *
list_feed (FloeTx *tx, gint64 after, guint limit, GError **error)
{
  const GPtrArray *feed = SCRIPTED_TX (tx)->database->feed;
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_feed_entry_free);

  for (guint i = 0; i < feed->len && list->len < limit; i++)
    {
      const FloeFeedEntry *entry = feed->pdata[i];
      FloeFeedEntry *copy;

      if (entry->seq <= after)
        continue;
      copy = floe_feed_entry_new (entry->seq, entry->kind, entry->subject);
      copy->own = entry->own;
      g_ptr_array_add (list, copy);
    }
  return list;
}

static gboolean
get_feed_end (FloeTx *tx, gint64 *seq, GError **error)
{
  *seq = 0;
  return TRUE;
}

static void
tx_iface_init (FloeTxInterface *iface)
{
  iface->take_lead = take_lead;
  iface->list_feed = list_feed;
  iface->get_feed_end = get_feed_end;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ScriptedTx, scripted_tx, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_TX, tx_iface_init))

static void
scripted_tx_class_init (ScriptedTxClass *klass)
{
}

static void
scripted_tx_init (ScriptedTx *self)
{
}

#define SCRIPTED_TYPE_STORE (scripted_store_get_type ())
G_DECLARE_FINAL_TYPE (ScriptedStore, scripted_store, SCRIPTED, STORE, GObject)

struct _ScriptedStore
{
  GObject parent_instance;
  ScriptedTx *tx;
  gboolean down;
  gboolean hold;   /* answers wait */
  GPtrArray *held; /* GTask that are answered */
};

static void
answer (ScriptedStore *self, GTask *task, gpointer result, GDestroyNotify result_free,
        GError *error)
{
  g_task_set_task_data (task, result, NULL);
  if (self->hold)
    {
      g_ptr_array_add (self->held, task);
      return;
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, result_free);
  g_object_unref (task);
}

static void
run_async (FloeStore *store, FloeStoreMode mode, FloeTransaction func, gpointer input,
           GDestroyNotify input_free, GDestroyNotify result_free, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  ScriptedStore *self = SCRIPTED_STORE (store);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  gpointer result = NULL;

  if (self->down)
    g_set_error_literal (&error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "as told");
  else
    result = func (FLOE_TX (self->tx), input, &error);
  if (input_free != NULL)
    input_free (input);
  answer (self, task, result, result_free, error);
}

static gpointer
run_finish (FloeStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_iface_init (FloeStoreInterface *iface)
{
  iface->run_async = run_async;
  iface->run_finish = run_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ScriptedStore, scripted_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_STORE, store_iface_init))

static void
scripted_store_finalize (GObject *object)
{
  g_object_unref (SCRIPTED_STORE (object)->tx);
  g_ptr_array_unref (SCRIPTED_STORE (object)->held);
  G_OBJECT_CLASS (scripted_store_parent_class)->finalize (object);
}

static void
scripted_store_class_init (ScriptedStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scripted_store_finalize;
}

static void
scripted_store_init (ScriptedStore *self)
{
  self->tx = g_object_new (SCRIPTED_TYPE_TX, NULL);
  self->held = g_ptr_array_new ();
}

static ScriptedStore *
scripted_store_new (Database *database)
{
  ScriptedStore *self = g_object_new (SCRIPTED_TYPE_STORE, NULL);

  self->tx->database = database;
  return self;
}

static void
let_go (ScriptedStore *self)
{
  self->hold = FALSE;
  for (guint i = 0; i < self->held->len; i++)
    {
      g_task_return_pointer (self->held->pdata[i], g_task_get_task_data (self->held->pdata[i]),
                             g_free);
      g_object_unref (self->held->pdata[i]);
    }
  g_ptr_array_set_size (self->held, 0);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static Database *
database_new (void)
{
  Database *self = g_new0 (Database, 1);

  self->clock = fake_clock_new ();
  self->feed = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_feed_entry_free);
  return self;
}

static void
database_free (Database *self)
{
  g_object_unref (self->clock);
  g_ptr_array_unref (self->feed);
  g_free (self->leader);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Database, database_free)

static void
advance (Database *self, gint64 milliseconds)
{
  settle ();
  for (gint64 i = 0; i < milliseconds; i += 50)
    {
      fake_clock_advance (self->clock, 50000);
      settle ();
    }
}

/* The lead. */

/* At no moment two brokers lead, and not long nobody does. */
static void
test_succession (void)
{
  g_autoptr (Database) database = database_new ();
  g_autoptr (ScriptedStore) one_store = scripted_store_new (database);
  g_autoptr (ScriptedStore) other_store = scripted_store_new (database);
  FloeClock *clock = FLOE_CLOCK (database->clock);
  g_autoptr (FloeLead) one = floe_lead_new (FLOE_STORE (one_store), clock, "one");
  g_autoptr (FloeLead) other = floe_lead_new (FLOE_STORE (other_store), clock, "other");
  guint gap = 0;

  floe_lead_start (one);
  settle ();
  floe_lead_start (other);
  advance (database, 10000);
  g_assert_cmpint (floe_lead_get_epoch (one), ==, 1);
  g_assert_cmpint (floe_lead_get_quiet (one), ==, 0);
  g_assert_cmpint (floe_lead_get_epoch (other), ==, 0);
  g_assert_true (floe_lead_guard (one));
  g_assert_false (floe_lead_holds (one, 3 * G_USEC_PER_SEC));
  logs_expect ("*who leads cannot be asked*");
  one_store->down = TRUE;
  for (guint i = 0; i < 200; i++)
    {
      advance (database, 50);
      g_assert_false (floe_lead_holds (one, 0) && floe_lead_holds (other, 0));
      gap += !floe_lead_holds (one, 0) && !floe_lead_holds (other, 0);
    }
  logs_assert_expected ();
  g_assert_cmpint (floe_lead_get_epoch (one), ==, 0);
  g_assert_cmpint (floe_lead_get_epoch (other), ==, 2);
  g_assert_cmpint (floe_lead_get_quiet (other), >, floe_clock_elapsed (clock));
  g_assert_cmpuint (gap, <, 30); /* of 50 ms each */
  one_store->down = FALSE;
  advance (database, 5000);
  g_assert_cmpint (floe_lead_get_epoch (one), ==, 0);
  floe_lead_stop (other);
  g_assert_false (floe_lead_holds (other, 0));
  advance (database, 5000);
  g_assert_cmpint (floe_lead_get_epoch (one), ==, 3);
}

/* An answer that was long on its way, or that a stopped process finds when it wakes, is worth what
 * is left of it. */
static void
test_late_answer (void)
{
  g_autoptr (Database) database = database_new ();
  g_autoptr (ScriptedStore) store = scripted_store_new (database);
  g_autoptr (FloeLead) lead =
      floe_lead_new (FLOE_STORE (store), FLOE_CLOCK (database->clock), NULL);

  store->hold = TRUE;
  floe_lead_start (lead);
  advance (database, 4000);
  g_assert_cmpuint (store->held->len, ==, 1);
  let_go (store);
  settle ();
  g_assert_cmpint (floe_lead_get_epoch (lead), ==, 0);
  g_assert_false (floe_lead_holds (lead, 0));
  advance (database, 1000);
  g_assert_cmpint (floe_lead_get_epoch (lead), ==, 1);
  /* Nobody led in between: nothing has to be waited for. */
  store->hold = TRUE;
  advance (database, 4000);
  g_assert_cmpint (floe_lead_get_epoch (lead), ==, 0);
  let_go (store);
  advance (database, 1000);
  g_assert_cmpint (floe_lead_get_epoch (lead), ==, 1);
  g_assert_cmpint (floe_lead_get_quiet (lead), ==, 0);
}

static void
count_gain (FloeLead *lead, gint64 epoch, guint *n)
{
  ++*n;
}

/* So little was left for a moment that calls were refused: somebody has to take them up again. */
static void
test_almost_lost (void)
{
  g_autoptr (Database) database = database_new ();
  g_autoptr (ScriptedStore) store = scripted_store_new (database);
  g_autoptr (FloeLead) lead =
      floe_lead_new (FLOE_STORE (store), FLOE_CLOCK (database->clock), NULL);
  guint n = 0;

  g_signal_connect (lead, "gained", G_CALLBACK (count_gain), &n);
  floe_lead_start (lead);
  advance (database, 500);
  store->hold = TRUE;
  advance (database, 1500);
  let_go (store);
  advance (database, 500);
  g_assert_cmpuint (n, ==, 1);
  store->hold = TRUE;
  while (floe_lead_guard (lead))
    advance (database, 50);
  g_assert_true (floe_lead_holds (lead, 0));
  let_go (store);
  advance (database, 50);
  g_assert_true (floe_lead_guard (lead));
  g_assert_cmpuint (n, ==, 2);
}

/* The fence. */

static gboolean
is_allowed (gpointer data)
{
  return *(const gboolean *)data;
}

static gpointer
make_text (FloeTx *tx, gconstpointer input, GError **error)
{
  return g_strdup (input);
}

typedef struct
{
  gchar *text;
  GError *error;
} Reply;

static void
replied (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->text = floe_store_finish (FLOE_STORE (source), result, &reply->error);
}

static void
test_fence (void)
{
  g_autoptr (Database) database = database_new ();
  g_autoptr (ScriptedStore) inner = scripted_store_new (database);
  gboolean allowed = TRUE;
  g_autoptr (FloeStore) store = floe_fenced_store_new (FLOE_STORE (inner), is_allowed, &allowed);
  Reply good = { 0 }, bad = { 0 }, read = { 0 };

  floe_store_write_async (store, make_text, g_strdup ("a"), g_free, g_free, replied, &good);
  settle ();
  g_assert_cmpstr (good.text, ==, "a");
  allowed = FALSE;
  floe_store_write_async (store, make_text, g_strdup ("b"), g_free, g_free, replied, &bad);
  floe_store_read_async (store, make_text, g_strdup ("c"), g_free, g_free, NULL, replied, &read);
  settle ();
  g_assert_null (bad.text);
  g_assert_error (bad.error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
  g_assert_cmpstr (floe_error_reason (bad.error), ==, "not-leading");
  g_assert_cmpstr (read.text, ==, "c");
  g_free (good.text);
  g_free (read.text);
  g_error_free (bad.error);
}

/* The feed. */

static void
commit (Database *self, gint64 seq, const gchar *subject, gboolean own)
{
  FloeFeedEntry *entry = floe_feed_entry_new (seq, "desktop", subject);
  guint at = 0;

  entry->own = own;
  while (at < self->feed->len && ((FloeFeedEntry *)self->feed->pdata[at])->seq < seq)
    at++;
  g_ptr_array_insert (self->feed, (gint)at, entry);
}

static void
on_told (FloeFeed *feed, const FloeFeedEntry *entry, GString *told)
{
  g_string_append_printf (told, "%s;", entry->subject);
}

/* What is committed late is told late, and once; what this broker wrote is not told. */
static void
test_feed (void)
{
  g_autoptr (Database) database = database_new ();
  g_autoptr (ScriptedStore) store = scripted_store_new (database);
  g_autoptr (FloeFeed) feed = floe_feed_new (FLOE_STORE (store), FLOE_CLOCK (database->clock));
  g_autoptr (GString) told = g_string_new (NULL);

  g_signal_connect (feed, "told", G_CALLBACK (on_told), told);
  floe_feed_start (feed);
  commit (database, 1, "a", FALSE);
  commit (database, 2, "a", FALSE);
  commit (database, 4, "mine", TRUE);
  commit (database, 5, "c", FALSE);
  advance (database, 500);
  g_assert_cmpstr (told->str, ==, "a;c;");
  commit (database, 3, "b", FALSE);
  advance (database, 500);
  g_assert_cmpstr (told->str, ==, "a;c;b;");
  commit (database, 7, "e", FALSE);
  advance (database, 14000);
  commit (database, 6, "d", FALSE);
  advance (database, 2000);
  g_assert_cmpstr (told->str, ==, "a;c;b;e;d;");
  logs_expect ("*what other brokers change is not heard*");
  store->down = TRUE;
  commit (database, 8, "f", FALSE);
  advance (database, 2000);
  logs_assert_expected ();
  store->down = FALSE;
  advance (database, 500);
  g_assert_cmpstr (told->str, ==, "a;c;b;e;d;f;");
}

/* The keeper. */

static void
hear (House *house, const gchar *id)
{
  FloeFeedEntry *entry = floe_feed_entry_new (1, "desktop", id);

  floe_keeper_hear (house->keeper, entry);
  floe_feed_entry_free (entry);
  house_settle (house);
}

/* A broker that follows lends and lets in; it starts, resets and records nothing. */
static void
test_follower (void)
{
  g_autoptr (House) house = house_office (1, 1);
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeGrant) bob = NULL;
  g_autoptr (FloeConnectAnswer) running = NULL;
  g_autoptr (FloeConnectAnswer) starting = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  floe_pool_keeper_stop (house->pool_keeper);
  floe_keeper_follow (house->keeper);
  alice = house_enter (house, "alice");
  bob = house_enter (house, "bob");
  running = house_get_in (house, alice);
  g_assert_nonnull (running->connection);
  starting = house_get_in (house, bob);
  g_assert_nonnull (starting->request);
  house_open_console (house, "id-office-2");
  house_advance (house, 40);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "ticket office-2;");
  desktop = house_get_desktop (house, "id-office-2");
  g_assert_cmpint (desktop->facts.console, ==, FLOE_CONSOLE_CONNECTING);
  /* Coming to lead, it starts what has to be started, and records who is there. */
  floe_keeper_lead (house->keeper, floe_clock_elapsed (FLOE_CLOCK (house->clock)) + G_USEC_PER_SEC);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_true (floe_keeper_is_leading (house->keeper));
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "on office-1;"));
  g_assert_cmpint (floe_connect_request_get_state (starting->request), ==, FLOE_REQUEST_READY);
  g_clear_pointer (&desktop, floe_desktop_free);
  desktop = house_get_desktop (house, "id-office-2");
  g_assert_cmpint (desktop->facts.console, ==, FLOE_CONSOLE_CONNECTED);
}

/* A reset that another one began may still be on its way: it is asked for again only when it cannot
 * hit anybody any more. One that is begun later waits for nothing. */
static void
test_quiet (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED second = house_get_in (house, bob);
  const gchar *log;

  floe_pool_keeper_stop (house->pool_keeper);
  floe_keeper_follow (house->keeper);
  fake_manager_clear_log (house->manager);
  g_assert_true (house_log_out (house, alice->identity, NULL));
  house_settle (house);
  log = fake_manager_get_log (house->manager);
  g_assert_cmpstr (log, ==, "");
  floe_keeper_lead (house->keeper,
                    floe_clock_elapsed (FLOE_CLOCK (house->clock)) + 60 * G_USEC_PER_SEC);
  house_settle (house);
  fake_manager_list (house->manager);
  hear (house, "id-office-1");
  house_advance (house, 50);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_null (strstr (fake_manager_get_log (house->manager), "off "));
  g_assert_true (house_log_out (house, bob->identity, NULL));
  house_settle (house);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "off "));
  fake_manager_clear_log (house->manager);
  house_advance (house, 15);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "off "));
}

/* As another broker does it. */
static gpointer
release (FloeTx *tx, gconstpointer id, GError **error)
{
  const FloeCause cause = { .now = 1 };
  g_autoptr (FloeChange) change = floe_change_one (tx, id, FLOE_EVENT_RELEASE, &cause, error);

  return change != NULL ? GINT_TO_POINTER (TRUE) : NULL;
}

/* The leader does what another broker wrote down. */
static void
test_hear (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  fake_manager_clear_log (house->manager);
  house_write (house, release, (gpointer) "id-office-1", &error);
  g_assert_no_error (error);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
  hear (house, "id-office-1");
  hear (house, "id-office-1");
  hear (house, "nothing");
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "off office-1;");
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (desktop->facts.clean, ==, FLOE_CLEAN_CLEAN);
}

/* Between the commit of a reset and its call the lead ended. */
static void
test_guard (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeDesktop) open = NULL;
  g_autoptr (FloeDesktop) clean = NULL;
  gboolean leading = TRUE;

  floe_keeper_set_guard (house->keeper, is_allowed, &leading);
  fake_manager_set_guard (house->manager, is_allowed, &leading);
  fake_manager_hold (house->manager, TRUE);
  g_assert_true (house_log_out (house, alice->identity, NULL));
  house_settle (house);
  g_assert_cmpuint (fake_manager_get_pending (house->manager), ==, 1);
  leading = FALSE;
  fake_manager_hold (house->manager, FALSE);
  fake_manager_list (house->manager);
  house_settle (house);
  open = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (open->facts.power, ==, FLOE_POWER_ON);
  g_assert_cmpint (open->facts.intent, ==, FLOE_INTENT_RESET);
  g_assert_cmpint (fake_manager_find (house->manager, "id-office-1")->power, ==, FLOE_POWER_ON);
  leading = TRUE;
  fake_manager_list (house->manager);
  clean = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (clean->facts.clean, ==, FLOE_CLEAN_CLEAN);
  fake_manager_set_guard (house->manager, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/lead/succession", test_succession);
  g_test_add_func ("/lead/late-answer", test_late_answer);
  g_test_add_func ("/lead/almost-lost", test_almost_lost);
  g_test_add_func ("/lead/fence", test_fence);
  g_test_add_func ("/lead/feed", test_feed);
  g_test_add_func ("/lead/follower", test_follower);
  g_test_add_func ("/lead/quiet", test_quiet);
  g_test_add_func ("/lead/hear", test_hear);
  g_test_add_func ("/lead/guard", test_guard);
  return g_test_run ();
}
