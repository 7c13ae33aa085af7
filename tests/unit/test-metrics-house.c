/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "exposition-reader.h"
#include "house.h"
#include "logs.h"
#include "metrics/census.h"
#include "metrics/observer.h"
#include "metrics/scraper.h"

/* A house that is observed. */
typedef struct
{
  House *house;
  FloeMetrics *metrics;
  FloeObserver *observer;
  FloeScraper *scraper;
  FloeLoad load; /* of a queue that the test makes up */
} Watched;

static gboolean
get_limits (gpointer login, FloeTryLimits *limits)
{
  return floe_login_get_try_limits (login, limits);
}

static void
observe (Watched *self)
{
  FloeObserverParts parts = { .keeper = self->house->keeper,
                              .assigner = self->house->assigner,
                              .login = G_OBJECT (self->house->login),
                              .directory = FLOE_DIRECTORY (self->house->directory) };

  parts.metrics = self->metrics = floe_metrics_new ();
  self->observer = floe_observer_new (&parts);
  self->scraper =
      floe_scraper_new (self->metrics, self->house->counted, FLOE_CLOCK (self->house->clock));
  floe_scraper_set_limits (self->scraper, get_limits, g_object_ref (self->house->login),
                           g_object_unref);
}

static Watched *
watched_new (House *house)
{
  Watched *self = g_new0 (Watched, 1);

  self->house = house;
  observe (self);
  return self;
}

static void
watched_free (Watched *self)
{
  g_assert_finalize_object (self->scraper);
  g_object_unref (self->observer);
  g_assert_finalize_object (self->metrics);
  house_free (self->house);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watched, watched_free)

static void
scraped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(gchar **)data = floe_scraper_run_finish (FLOE_SCRAPER (source), result, &error);
  g_assert_no_error (error);
}

static gchar *
scrape_text (FloeScraper *scraper)
{
  gchar *text = NULL;

  floe_scraper_run_async (scraper, NULL, scraped, &text);
  g_assert_null (text);
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  return text;
}

static Exposition *
scrape (Watched *self)
{
  g_autofree gchar *text = NULL;

  house_settle (self->house);
  text = scrape_text (self->scraper);
  return exposition_read (text);
}

static gdouble
count_of (const Exposition *exposition, const gchar *phase)
{
  g_autofree gchar *labels = g_strdup_printf ("{pool=\"office\",phase=\"%s\"}", phase);

  return exposition_get (exposition, "floe_desktop_seconds_count", labels);
}

static gdouble
sum_of (const Exposition *exposition, const gchar *phase)
{
  g_autofree gchar *labels = g_strdup_printf ("{pool=\"office\",phase=\"%s\"}", phase);

  return exposition_get (exposition, "floe_desktop_seconds_sum", labels);
}

static gdouble
desktops (const Exposition *exposition, const gchar *state)
{
  g_autofree gchar *labels = g_strdup_printf ("{pool=\"office\",state=\"%s\"}", state);

  return exposition_get (exposition, "floe_desktops", labels);
}

static gdouble
failures (const Exposition *exposition, const gchar *action, const gchar *reason)
{
  g_autofree gchar *labels = g_strdup_printf ("{action=\"%s\",reason=\"%s\"}", action, reason);

  return exposition_get (exposition, "floe_failures_total", labels);
}

static gdouble
actions (const Exposition *exposition, const gchar *action)
{
  g_autofree gchar *labels = g_strdup_printf ("{action=\"%s\"}", action);

  return exposition_get (exposition, "floe_actions_total", labels);
}

/* A house that nobody was in yet. */
static void
test_empty (void)
{
  g_autoptr (Watched) self = watched_new (house_new ());
  g_autoptr (Exposition) read = scrape (self);

  g_assert_cmpfloat (exposition_get (read, "floe_build_info", "{version=\"" FLOE_VERSION "\"}"), ==,
                     1);
  g_assert_cmpfloat (exposition_get (read, "floe_directory_up", ""), ==, 1);
  g_assert_cmpfloat (exposition_get (read, "floe_accounts_doubted", ""), ==, 0);
  g_assert_cmpfloat (exposition_get (read, "floe_connect_requests", "{state=\"waiting\"}"), ==, 0);
  g_assert_cmpfloat (exposition_get (read, "floe_terminals", "{state=\"online\"}"), ==, 0);
  g_assert_cmpstr (g_hash_table_lookup (read->types, "floe_desktops"), ==, "gauge");
  g_assert_false (exposition_has (read, "floe_desktops", "{pool=\"office\",state=\"off\"}"));
}

/* One who goes straight in, one who forgot the password, and one who may not. */
static void
test_way_in (void)
{
  g_autoptr (Watched) self = watched_new (house_office (2, 1));
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeGrant) mallory = house_enter (self->house, "mallory");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (self->house, alice);
  g_autoptr (FloeConnectAnswer) none = NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) denied = NULL;
  g_autoptr (Exposition) read = NULL;

  g_assert_nonnull (answer->connection);
  g_assert_null (house_log_in (self->house, "alice", "wrong", "192.0.2.1", &wrong));
  none = house_connect (self->house, mallory->identity, "office", &denied);
  g_assert_null (none);
  read = scrape (self);
  g_assert_cmpfloat (actions (read, "login"), ==, 3);
  g_assert_cmpfloat (failures (read, "login", floe_error_reason (wrong)), ==, 1);
  g_assert_cmpfloat (exposition_get (read, "floe_logins_total", "{way=\"password\"}"), ==, 2);
  g_assert_cmpfloat (exposition_get (read, "floe_login_seconds_count", "{phase=\"directory\"}"), ==,
                     3);
  g_assert_cmpfloat (exposition_get (read, "floe_login_seconds_count", "{phase=\"total\"}"), ==, 2);
  g_assert_cmpfloat (actions (read, "connect"), ==, 2);
  g_assert_cmpfloat (failures (read, "connect", "not-entitled"), ==, 1);
  g_assert_cmpfloat (actions (read, "ticket"), ==, 1);
  g_assert_cmpfloat (count_of (read, "claim"), ==, 1);
  g_assert_cmpfloat (count_of (read, "ticket"), ==, 1);
  g_assert_cmpfloat (count_of (read, "total"), ==, 1);
  g_assert_false (
      exposition_has (read, "floe_desktop_seconds_count", "{pool=\"office\",phase=\"start\"}"));
  g_assert_cmpfloat (desktops (read, "lent"), ==, 1);
  g_assert_cmpfloat (desktops (read, "off"), ==, 2);
  g_assert_cmpfloat (exposition_get (read, "floe_host_up", "{host=\"host1\"}"), ==, 1);
}

static void
add_agents (House *house, FloeDomain **domains, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("office-%u", i + 1);

      domains[i] = fake_manager_add (house->manager, name, FLOE_POWER_OFF);
      domains[i]->has_agent = TRUE;
    }
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  floe_keeper_set_starts_at_once (house->keeper, "host1", 1);
  fake_manager_hold (house->manager, TRUE);
}

static void
fetch (House *house, const FloeGrant *grant)
{
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, grant);

  g_assert_nonnull (answer->connection);
}

/* Two whose desktops are started one after the other. The clock stands still but for what is said
 * here, so that each phase is known to the microsecond. */
static void
test_phases (void)
{
  g_autoptr (Watched) self = watched_new (house_new ());
  House *house = self->house;
  FloeDomain *domains[2];
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;
  g_autoptr (Exposition) during = NULL;
  g_autoptr (Exposition) after = NULL;

  add_agents (house, domains, G_N_ELEMENTS (domains));
  first = house_get_in (house, alice);
  second = house_get_in (house, bob);
  house_advance (house, 7);
  during = scrape (self);
  g_assert_cmpfloat (exposition_get (during, "floe_connect_requests", "{state=\"waiting\"}"), ==,
                     1);
  g_assert_cmpfloat (exposition_get (during, "floe_connect_requests", "{state=\"starting\"}"), ==,
                     1);
  g_assert_cmpfloat (exposition_get (during, "floe_start_line_length", "{host=\"host1\"}"), ==, 1);
  g_assert_cmpfloat (desktops (during, "lent"), ==, 2);
  fake_manager_answer (house->manager, NULL);
  house_advance (house, 5);
  fake_manager_answer (house->manager, NULL);
  house_advance (house, 11);
  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autofree gchar *id = g_strdup_printf ("id-office-%u", i + 1);

      domains[i]->agent_connected = TRUE;
      fake_manager_set_power (house->manager, id, FLOE_POWER_ON);
    }
  house_advance (house, 2);
  fetch (house, alice);
  fetch (house, bob);
  fetch (house, bob); /* comes back at once */
  after = scrape (self);
  g_assert_cmpfloat (count_of (after, "claim"), ==, 5);
  g_assert_cmpfloat (count_of (after, "wait"), ==, 1);
  g_assert_cmpfloat (sum_of (after, "wait"), ==, 7);
  g_assert_cmpfloat (count_of (after, "start"), ==, 2);
  g_assert_cmpfloat (sum_of (after, "start"), ==, 7 + 5);
  g_assert_cmpfloat (count_of (after, "guest"), ==, 2);
  g_assert_cmpfloat (sum_of (after, "guest"), ==, 5 + 11 + 11);
  g_assert_cmpfloat (count_of (after, "ticket"), ==, 3);
  g_assert_cmpfloat (count_of (after, "total"), ==, 3);
  g_assert_cmpfloat (sum_of (after, "total"), ==, 2 * (7 + 5 + 11 + 2));
  g_assert_cmpfloat (actions (after, "connect"), ==, 3);
  g_assert_cmpfloat (actions (after, "start"), ==, 2);
  g_assert_cmpfloat (exposition_get (after, "floe_connect_requests", "{state=\"guest\"}"), ==, 0);
}

/* What fails is counted by what failed and why. */
static void
test_failures (void)
{
  g_autoptr (Watched) self = watched_new (house_office (1, 1));
  House *house = self->house;
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) none = NULL;
  g_autoptr (FloeConnectAnswer) waiting = NULL;
  g_autoptr (GError) ticket = NULL;
  g_autoptr (Exposition) read = NULL;

  fake_manager_fail_tickets (house->manager, FLOE_ERROR_DENIED, "plain-display");
  none = house_connect (house, alice->identity, "office", &ticket);
  g_assert_null (none);
  fake_manager_fail_next_start (house->manager, FLOE_ERROR_INTERNAL, "no memory");
  waiting = house_get_in (house, bob);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (waiting->request), ==, FLOE_REQUEST_QUEUED);
  g_assert_true (house_release (house, alice->identity, "id-office-2", NULL));
  fake_directory_set_down (house->directory, TRUE);
  g_assert_null (house_log_in (house, "carol", "secret", "192.0.2.1", NULL));
  read = scrape (self);
  g_assert_cmpfloat (failures (read, "ticket", "plain-display"), ==, 1);
  g_assert_cmpfloat (failures (read, "connect", "plain-display"), ==, 1);
  g_assert_cmpfloat (failures (read, "start", "internal"), ==, 1);
  g_assert_cmpfloat (failures (read, "login", "directory-down"), ==, 1);
  g_assert_cmpfloat (actions (read, "reset"), >=, 1);
  g_assert_cmpfloat (exposition_get (read, "floe_directory_up", ""), ==, 0);
  g_assert_false (
      exposition_has (read, "floe_desktop_seconds_count", "{pool=\"office\",phase=\"total\"}"));
}

static gpointer
intend_stop (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input, error);

  g_assert_nonnull (desktop);
  desktop->facts.intent = FLOE_INTENT_STOP;
  return floe_tx_put_desktop (tx, desktop, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* Jobs of single desktops: how many there are, and how they end. */
static void
test_jobs (void)
{
  g_autoptr (Watched) self = watched_new (house_office (0, 1));
  House *house = self->house;
  g_autoptr (FloeChange) change = NULL;
  g_autoptr (Exposition) during = NULL;
  g_autoptr (Exposition) after = NULL;

  g_assert_nonnull (house_write (house, intend_stop, (gpointer) "id-office-1", NULL));
  change = floe_change_new (house_get_desktop (house, "id-office-1"));
  change->actions = FLOE_ACTION_SHUT_DOWN;
  fake_manager_hold (house->manager, TRUE);
  fake_manager_fail_next_job (house->manager, FLOE_JOB_SHUT_DOWN, FLOE_ERROR_INTERNAL, "no-power",
                              "as told");
  floe_keeper_handle (house->keeper, change);
  during = scrape (self);
  g_assert_cmpfloat (exposition_get (during, "floe_jobs", ""), ==, 1);
  fake_manager_hold (house->manager, FALSE);
  after = scrape (self);
  g_assert_cmpfloat (exposition_get (after, "floe_jobs", ""), ==, 0);
  g_assert_cmpfloat (actions (after, floe_job_kind_name (FLOE_JOB_SHUT_DOWN)), ==, 1);
  g_assert_cmpfloat (failures (after, floe_job_kind_name (FLOE_JOB_SHUT_DOWN), "no-power"), ==, 1);
}

/* However often it is asked, the desktops are counted every five seconds at most. */
static void
test_counted_seldom (void)
{
  g_autoptr (Watched) self = watched_new (house_office (3, 0));
  g_autoptr (Exposition) first = scrape (self);
  guint64 before = any_store_get_cost (self->house->store);
  g_autoptr (Exposition) second = NULL;
  g_autoptr (Exposition) third = NULL;

  g_assert_cmpfloat (desktops (first, "off"), ==, 3);
  for (guint i = 0; i < 10; i++)
    exposition_free (scrape (self));
  g_assert_cmpuint (any_store_get_cost (self->house->store), ==, before);
  fake_manager_set_power (self->house->manager, "id-office-1", FLOE_POWER_ON);
  second = scrape (self);
  g_assert_cmpfloat (desktops (second, "off"), ==, 3);
  house_advance (self->house, 5);
  third = scrape (self);
  g_assert_cmpfloat (desktops (third, "off"), ==, 2);
  g_assert_cmpfloat (desktops (third, "ready"), ==, 1);
}

/* What takes two seconds is not done again for forty. */
static void
test_counted_slowly (void)
{
  g_autoptr (Watched) self = watched_new (house_office (1, 0));
  FloeStore *store = self->house->store;
  guint64 before;
  gchar *text = NULL;

  house_settle (self->house);
  floe_scraper_run_async (self->scraper, NULL, scraped, &text);
  fake_clock_advance (self->house->clock, 2 * G_USEC_PER_SEC);
  house_settle (self->house);
  g_assert_nonnull (text);
  g_free (text);
  house_advance (self->house, 39);
  before = any_store_get_cost (store);
  exposition_free (scrape (self));
  g_assert_cmpuint (any_store_get_cost (store), ==, before);
  house_advance (self->house, 1);
  before = any_store_get_cost (store);
  exposition_free (scrape (self));
  g_assert_cmpuint (any_store_get_cost (store), >, before);
}

/* Many who ask at once wait for the same reading. */
static void
test_together (void)
{
  g_autoptr (Watched) self = watched_new (house_office (3, 0));
  guint64 before, one, many;
  gchar *texts[20] = { NULL };

  house_settle (self->house);
  before = any_store_get_cost (self->house->store);
  exposition_free (scrape (self));
  one = any_store_get_cost (self->house->store) - before;
  house_advance (self->house, 5);
  before = any_store_get_cost (self->house->store);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    floe_scraper_run_async (self->scraper, NULL, scraped, &texts[i]);
  house_settle (self->house);
  many = any_store_get_cost (self->house->store) - before;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_nonnull (texts[i]);
      g_assert_cmpstr (texts[i], ==, texts[0]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_assert_cmpuint (many, ==, one);
}

/* Without the store the rest is told all the same. */
static void
test_store_down (void)
{
  g_autoptr (Watched) self = watched_new (house_office (1, 0));
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeStore) closed = any_place_open (place, &error);
  g_autoptr (FloeMetrics) metrics = floe_metrics_new ();
  g_autoptr (FloeScraper) scraper = NULL;

  g_assert_no_error (error);
  any_store_close (closed);
  scraper = floe_scraper_new (metrics, closed, FLOE_CLOCK (self->house->clock));
  for (guint i = 1; i <= 2; i++)
    {
      g_autofree gchar *text = scrape_text (scraper);
      g_autoptr (Exposition) read = exposition_read (text);

      g_assert_cmpfloat (exposition_get (read, "floe_scrape_failures_total", ""), ==, i);
      g_assert_cmpuint (read->samples->len, ==, 1);
    }
}

static void
give_load (gpointer data, FloeLoad *load)
{
  *load = *(FloeLoad *)data;
}

static guint64
give_count (gpointer data)
{
  return ++*(guint64 *)data;
}

static void
test_directories (void)
{
  g_autoptr (Watched) self = watched_new (house_new ());
  g_autoptr (Exposition) first = NULL;
  g_autoptr (Exposition) second = NULL;
  guint64 own = 6, others = 40;

  floe_observer_add_directory (self->observer, NULL, give_count, &own, NULL);
  floe_observer_add_directory (self->observer, "partner", give_count, &others, NULL);
  first = scrape (self);
  second = scrape (self); /* read anew each time */
  g_assert_cmpfloat (exposition_get (first, "floe_directory_group_round_trips_total", ""), ==, 7);
  g_assert_cmpfloat (exposition_get (second, "floe_directory_group_round_trips_total", ""), ==, 8);
  g_assert_cmpfloat (
      exposition_get (second, "floe_directory_group_round_trips_total", "{directory=\"partner\"}"),
      ==, 42);
}

static gdouble
held (const Exposition *exposition, const gchar *who)
{
  g_autofree gchar *labels = g_strdup_printf ("{who=\"%s\"}", who);

  return exposition_get (exposition, "floe_held_back", labels);
}

/* Somebody whose password is guessed; and each time it is counted anew. */
static void
test_held (void)
{
  g_autoptr (Watched) self = watched_new (house_new ());
  g_autoptr (Exposition) before = scrape (self);
  g_autoptr (Exposition) during = NULL;
  g_autoptr (Exposition) after = NULL;

  g_assert_cmpfloat (held (before, "people"), ==, 0);
  for (guint i = 0; i < 4; i++)
    g_assert_null (house_log_in (self->house, "alice", "wrong", "203.0.113.5", NULL));
  house_advance (self->house, 5);
  during = scrape (self);
  g_assert_cmpfloat (held (during, "people"), ==, 1);
  g_assert_cmpfloat (held (during, "networks"), ==, 0);
  g_assert_cmpfloat (failures (during, "login", "too-many-tries"), ==, 2);
  house_advance (self->house, 1800);
  after = scrape (self);
  g_assert_cmpfloat (held (after, "people"), ==, 0);
}

/* Somebody leaves the company. */
static void
test_accounts_ended (void)
{
  g_autoptr (Watched) self = watched_new (house_office (0, 1));
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (Exposition) before = scrape (self);
  g_autoptr (Exposition) after = NULL;

  g_assert_cmpfloat (exposition_get (before, "floe_accounts_ended_total", ""), ==, 0);
  fake_directory_remove (self->house->directory, "alice");
  house_advance (self->house, 46);
  g_assert_null (house_present (self->house, alice->token, NULL));
  after = scrape (self);
  g_assert_cmpfloat (exposition_get (after, "floe_accounts_ended_total", ""), ==, 1);
}

static gboolean
give_up (gpointer data)
{
  return *(gboolean *)data;
}

/* One dead server of three can be told from the others, of whichever directory. */
static void
test_servers (void)
{
  g_autoptr (Watched) self = watched_new (house_new ());
  const gchar *third = "{directory=\"partner\",server=\"ldaps://dc2\"}";
  g_autoptr (Exposition) first = NULL;
  g_autoptr (Exposition) second = NULL;
  gboolean own = TRUE, one = TRUE, two = TRUE;

  floe_observer_add_server (self->observer, NULL, "ldaps://dc1", give_up, &own, NULL);
  floe_observer_add_server (self->observer, "partner", "ldaps://dc1", give_up, &one, NULL);
  floe_observer_add_server (self->observer, "partner", "ldaps://dc2", give_up, &two, NULL);
  first = scrape (self);
  g_assert_cmpfloat (exposition_get (first, "floe_directory_server_up", third), ==, 1);
  two = FALSE; /* read anew each time */
  second = scrape (self);
  g_assert_cmpfloat (exposition_get (second, "floe_directory_server_up", third), ==, 0);
  g_assert_cmpfloat (exposition_get (second, "floe_directory_server_up",
                                     "{directory=\"partner\",server=\"ldaps://dc1\"}"),
                     ==, 1);
  g_assert_cmpfloat (
      exposition_get (second, "floe_directory_server_up", "{server=\"ldaps://dc1\"}"), ==, 1);
}

static void
test_queues (void)
{
  g_autoptr (Watched) self = watched_new (house_new ());
  g_autoptr (Exposition) first = NULL;
  g_autoptr (Exposition) second = NULL;

  floe_observer_add_queue (self->observer, "store-read", NULL, give_load, &self->load, NULL);
  floe_observer_add_queue (self->observer, "libvirt-power", "host1", give_load, &self->load, NULL);
  self->load = (FloeLoad){ 3, 2, 7 };
  first = scrape (self);
  g_assert_cmpfloat (exposition_get (first, "floe_queue_length", "{queue=\"store-read\"}"), ==, 3);
  g_assert_cmpfloat (exposition_get (first, "floe_queue_overdue_calls",
                                     "{queue=\"libvirt-power\",host=\"host1\"}"),
                     ==, 2);
  g_assert_cmpfloat (exposition_get (first, "floe_queue_timed_out_total",
                                     "{queue=\"libvirt-power\",host=\"host1\"}"),
                     ==, 7);
  self->load = (FloeLoad){ 0, 0, 8 }; /* read anew each time */
  second = scrape (self);
  g_assert_cmpfloat (exposition_get (second, "floe_queue_length", "{queue=\"store-read\"}"), ==, 0);
  g_assert_cmpfloat (
      exposition_get (second, "floe_queue_timed_out_total", "{queue=\"store-read\"}"), ==, 8);
}

static const struct
{
  FloePower power;
  FloeClean clean;
  FloeIntent intent;
  FloeLeaseFact lease;
  gboolean unfit;
  gboolean resting;
  FloePoolKind kind;
  const gchar *state;
} judgements[] = {
  { .power = FLOE_POWER_OFF, .state = "off" },
  { .power = FLOE_POWER_CRASHED, .state = "off" },
  { .power = FLOE_POWER_ON, .state = "ready" },
  { .power = FLOE_POWER_STARTING, .state = "starting" },
  { .power = FLOE_POWER_OFF, .intent = FLOE_INTENT_START, .state = "starting" },
  { .power = FLOE_POWER_STOPPING, .state = "stopping" },
  { .power = FLOE_POWER_ON, .intent = FLOE_INTENT_STOP, .state = "stopping" },
  { .power = FLOE_POWER_OFF, .resting = TRUE, .state = "resting" },
  { .power = FLOE_POWER_OFF, .clean = FLOE_CLEAN_DIRTY, .resting = TRUE, .state = "dirty" },
  { .power = FLOE_POWER_OFF,
    .clean = FLOE_CLEAN_DIRTY,
    .kind = FLOE_POOL_DEDICATED,
    .state = "off" },
  { .power = FLOE_POWER_OFF, .clean = FLOE_CLEAN_DIRTY, .kind = FLOE_POOL_STATIC, .state = "off" },
  { .power = FLOE_POWER_OFF, .clean = FLOE_CLEAN_DIRTY, .unfit = TRUE, .state = "refused" },
  { .power = FLOE_POWER_OFF,
    .clean = FLOE_CLEAN_DIRTY,
    .lease = FLOE_LEASE_HELD,
    .unfit = TRUE,
    .state = "lent" },
  { .power = FLOE_POWER_OFF,
    .lease = FLOE_LEASE_HELD,
    .intent = FLOE_INTENT_START,
    .state = "lent" },
  { .power = FLOE_POWER_OFF,
    .lease = FLOE_LEASE_HELD,
    .intent = FLOE_INTENT_MOVE,
    .state = "moving" },
  { .power = FLOE_POWER_OFF,
    .clean = FLOE_CLEAN_RESETTING,
    .intent = FLOE_INTENT_RESET,
    .state = "resetting" },
  { .power = FLOE_POWER_OFF,
    .clean = FLOE_CLEAN_BROKEN,
    .intent = FLOE_INTENT_REMOVE,
    .state = "resetting" },
  { .power = FLOE_POWER_OFF, .unfit = TRUE, .intent = FLOE_INTENT_CREATE, .state = "making" },
  { .power = FLOE_POWER_OFF, .clean = FLOE_CLEAN_BROKEN, .unfit = TRUE, .state = "broken" },
  { .power = FLOE_POWER_UNKNOWN, .clean = FLOE_CLEAN_BROKEN, .state = "host-lost" },
  { .power = FLOE_POWER_UNKNOWN, .lease = FLOE_LEASE_HELD, .state = "host-lost" },
};

static void
test_judge (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (judgements); i++)
    {
      FloeDesktopCount count = { .facts = { .power = judgements[i].power,
                                            .clean = judgements[i].clean,
                                            .intent = judgements[i].intent,
                                            .lease = judgements[i].lease },
                                 .usable = !judgements[i].unfit,
                                 .resting = judgements[i].resting };
      FloeDesktopState state = floe_census_judge (&count, judgements[i].kind);

      g_test_message ("row %u", i);
      g_assert_cmpstr (floe_desktop_state_word (state), ==, judgements[i].state);
      g_hash_table_add (seen, (gpointer)judgements[i].state);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, FLOE_N_DESKTOP_STATES);
}

/* Each desktop is in one state. */
static void
test_states (void)
{
  g_autoptr (Watched) self = watched_new (house_office (4, 1));
  House *house = self->house;
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (Exposition) before = NULL;
  g_autoptr (Exposition) lost = NULL;
  gdouble sum = 0;

  fetch (house, alice);
  before = scrape (self);
  g_assert_cmpfloat (desktops (before, "lent"), ==, 1);
  g_assert_cmpfloat (desktops (before, "off"), ==, 4);
  for (guint i = 0; i < before->samples->len; i++)
    {
      const ReadSample *sample = before->samples->pdata[i];

      sum += strcmp (sample->name, "floe_desktops") == 0 ? sample->value : 0;
    }
  g_assert_cmpfloat (sum, ==, 5);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (house->manager);
  house_advance (house, 5);
  lost = scrape (self);
  g_assert_cmpfloat (desktops (lost, "host-lost"), ==, 5);
  g_assert_cmpfloat (exposition_get (lost, "floe_host_up", "{host=\"host1\"}"), ==, 0);
  logs_assert_expected ();
}

/* The handbook. */

typedef struct
{
  gchar *type;
  gchar *labels; /* names in alphabetical order, with a blank between them */
} Said;

static void
said_free (gpointer data)
{
  Said *said = data;

  g_free (said->type);
  g_free (said->labels);
  g_free (said);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static gchar *
sort_words (GStrv words)
{
  qsort (words, g_strv_length (words), sizeof (gchar *), compare);
  return g_strjoinv (" ", words);
}

/* The rows of the table that begin with a metric: name, type, labels, meaning. */
static GHashTable *
read_handbook (void)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "docs", "administration.md", NULL);
  GHashTable *said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, said_free);
  g_auto (GStrv) lines = NULL;
  gchar *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_free (text);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], " | ", 4);
      g_auto (GStrv) labels = NULL;
      Said *row;

      if (!g_str_has_prefix (lines[i], "| `floe_"))
        continue;
      g_assert_cmpuint (g_strv_length (cells), ==, 4);
      g_assert_cmpuint (strlen (cells[3]), >, strlen (" |"));
      row = g_new0 (Said, 1);
      row->type = g_strdup (cells[1]);
      labels = g_strsplit (strcmp (cells[2], "–") == 0 ? "" : cells[2], ", ", -1);
      row->labels = sort_words (labels);
      g_strdelimit (cells[0], "|` ", ' ');
      g_assert_true (g_hash_table_insert (said, g_strdup (g_strstrip (cells[0])), row));
    }
  return said;
}

static gchar *
labels_of (const Exposition *read, const gchar *metric)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gpointer *keys = NULL;
  g_autofree GStrv words = NULL;
  guint n_samples = 0;

  for (guint i = 0; i < read->samples->len; i++)
    {
      const ReadSample *sample = read->samples->pdata[i];
      g_autofree gchar *owner = exposition_metric_of (read, sample);

      if (strcmp (owner, metric) != 0)
        continue;
      n_samples++;
      for (guint k = 0; k < sample->labels->len; k += 2)
        if (strcmp (sample->labels->pdata[k], "le") != 0)
          g_hash_table_add (names, sample->labels->pdata[k]);
    }
  g_test_message ("%s has %u samples", metric, n_samples);
  g_assert_cmpuint (n_samples, >, 0);
  keys = g_hash_table_get_keys_as_array (names, NULL);
  words = g_memdup2 (keys, (g_hash_table_size (names) + 1) * sizeof (gchar *));
  return sort_words (words);
}

/* docs/administration.md says each metric that there is, its type and its labels, and no other. */
static void
test_handbook (void)
{
  g_autoptr (Watched) self = watched_new (house_office (1, 1));
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeGrant) mallory = house_enter (self->house, "mallory");
  g_autoptr (GHashTable) said = read_handbook ();
  g_autoptr (Exposition) read = NULL;
  GHashTableIter iter;
  gpointer name, type;
  guint64 count = 0;
  gboolean up = TRUE;

  floe_observer_add_queue (self->observer, "looks", "host1", give_load, &self->load, NULL);
  floe_observer_add_directory (self->observer, "partner", give_count, &count, NULL);
  floe_observer_add_server (self->observer, "partner", "ldaps://dc1", give_up, &up, NULL);
  fetch (self->house, alice);
  g_assert_null (house_connect (self->house, mallory->identity, "office", NULL));
  read = scrape (self);
  g_assert_cmpuint (g_hash_table_size (said), ==, g_hash_table_size (read->types));
  g_hash_table_iter_init (&iter, read->types);
  while (g_hash_table_iter_next (&iter, &name, &type))
    {
      const Said *row = g_hash_table_lookup (said, name);
      g_autofree gchar *labels = labels_of (read, name);

      g_test_message ("%s", (const gchar *)name);
      g_assert_nonnull (row);
      g_assert_cmpstr (row->type, ==, type);
      g_assert_cmpstr (row->labels, ==, labels);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/metrics-house/census/judge", test_judge);
  g_test_add_func ("/metrics-house/scrape/empty", test_empty);
  g_test_add_func ("/metrics-house/scrape/counted-seldom", test_counted_seldom);
  g_test_add_func ("/metrics-house/scrape/counted-slowly", test_counted_slowly);
  g_test_add_func ("/metrics-house/scrape/together", test_together);
  g_test_add_func ("/metrics-house/scrape/store-down", test_store_down);
  g_test_add_func ("/metrics-house/observe/way-in", test_way_in);
  g_test_add_func ("/metrics-house/observe/phases", test_phases);
  g_test_add_func ("/metrics-house/observe/failures", test_failures);
  g_test_add_func ("/metrics-house/observe/jobs", test_jobs);
  g_test_add_func ("/metrics-house/observe/queues", test_queues);
  g_test_add_func ("/metrics-house/observe/directories", test_directories);
  g_test_add_func ("/metrics-house/observe/servers", test_servers);
  g_test_add_func ("/metrics-house/scrape/held", test_held);
  g_test_add_func ("/metrics-house/observe/accounts-ended", test_accounts_ended);
  g_test_add_func ("/metrics-house/observe/states", test_states);
  g_test_add_func ("/metrics-house/documents/handbook", test_handbook);
  return g_test_run ();
}
