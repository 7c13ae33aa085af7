/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <malloc.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib-unix.h>

#include "api/routes.h"
#include "api/server.h"
#include "config/checks.h"
#include "config/settings.h"
#include "core/capacity-tally.h"
#include "core/error.h"
#include "core/feed.h"
#include "core/fenced-store.h"
#include "core/lead.h"
#include "core/lifecycle.h"
#include "core/pool-keeper.h"
#include "core/timekeeper.h"
#include "core/trail-check.h"
#include "core/trail-sealer.h"
#include "core/visit-book.h"
#include "directory/ldap-directory.h"
#include "hooks/hook-sender.h"
#include "login/letter-keys.h"
#include "metrics/observer.h"
#include "metrics/scraper.h"
#include "store/postgres-store.h"
#include "store/sqlite-store.h"
#include "wire.h"

/* Wiring: with wire-*.c the only file that names concrete back ends. */

#define DEFAULT_CONFIG "/etc/floe/broker.conf"
#define EXIT_CONFIG    1
#define EXIT_USAGE     2

/* Prometheus is one, and somebody may look by hand. */
#define METRICS_CONNECTIONS 8

typedef struct
{
  GMainLoop *loop;
  FloeClock *clock;
  FloeStore *store;
  FloeTimekeeper *timekeeper;
  FloeLead *lead;      /* these four are NULL where no other broker can be */
  FloeFeed *feed;      /* what the others change */
  FloePost *post;      /* what they tell each other */
  FloeStore *recorder; /* for what only the leader writes */
  FloeDirectories *directory;
  GPtrArray *directories; /* FloeLdapDirectory: those that it is made of, [directory] first */
  FloeManager *manager;   /* all of them as one */
  FloeManager *libvirt;
  FloeKeeper *keeper;
  FloeSessions *sessions;
  FloeShadows *shadows;
  FloePoolKeeper *pool_keeper;
  FloeAssigner *assigner;
  FloeHelpdesk *helpdesk;
  FloeTrailSealer *sealer;
  FloeCapacityTally *tally;
  FloeVisitBook *visits;
  FloeLogin *login;
  FloeEngineLogins *engine_logins; /* NULL where nobody is logged in at engines */
  FloeFleet *fleet;
  FloeWebhooks *webhooks;
  FloeHookSender *sender;
  FloeMetrics *metrics;
  FloeScraper *scraper;
  FloePortal *portal;
  FloeApi *api;
  FloeApiServer *server;
  FloeApiServer *metrics_server;
  gchar *metrics_names[3]; /* what Host may say there */
} Broker;

/* What is opened from now on has the time that the store was left with. */
static gboolean
open_time (Broker *broker, GError **error)
{
  broker->timekeeper = floe_timekeeper_new (broker->store, broker->clock);
  return floe_timekeeper_begin (broker->timekeeper, !FLOE_IS_POSTGRES_STORE (broker->store), error);
}

static gboolean
open_store (Broker *broker, const FloeSettings *settings, GError **error)
{
  g_autoptr (FloeSecret) password = NULL;

  if (!floe_wire_database_password (settings, &password, error))
    return FALSE;
  if (floe_check_database_is_server (settings->database))
    broker->store = (FloeStore *)floe_postgres_store_new (settings->database, password, error);
  else
    broker->store = (FloeStore *)floe_sqlite_store_new (settings->database, error);
  return broker->store != NULL;
}

/* A file has one broker, which leads from its start on. */
static gboolean
open_lead (Broker *broker, const FloeSettings *settings, GError **error)
{
  g_autoptr (FloePostKeys) keys = NULL;

  if (!FLOE_IS_POSTGRES_STORE (broker->store))
    return TRUE;
  keys = floe_letter_keys_new (error);
  if (keys == NULL)
    return FALSE;
  broker->post = floe_post_new (broker->store, broker->clock, keys);
  broker->lead = floe_lead_new (broker->store, broker->clock, settings->name);
  broker->feed = floe_feed_new (broker->store, broker->clock);
  broker->recorder = floe_fenced_store_new (broker->store, floe_lead_guard, broker->lead);
  return TRUE;
}

static void
close_store (FloeStore *store)
{
  if (FLOE_IS_POSTGRES_STORE (store))
    floe_postgres_store_close (FLOE_POSTGRES_STORE (store));
  else
    floe_sqlite_store_close (FLOE_SQLITE_STORE (store));
}

static gboolean
open_managers (Broker *broker, const FloeSettings *settings, GError **error)
{
  broker->manager =
      floe_wire_managers (settings, broker->clock, broker->lead != NULL ? floe_lead_guard : NULL,
                          broker->lead, &broker->libvirt, error);
  return broker->manager != NULL;
}

/* Several brokers. */

static void
on_gained (FloeLead *lead, gint64 epoch, Broker *broker)
{
  floe_keeper_lead (broker->keeper, floe_lead_get_quiet (lead));
  floe_feed_set_pruning (broker->feed, TRUE);
  floe_hook_sender_start (broker->sender);
  floe_trail_sealer_start (broker->sealer);
  floe_capacity_tally_lead (broker->tally, TRUE);
}

static void
on_lost (FloeLead *lead, Broker *broker)
{
  floe_feed_set_pruning (broker->feed, FALSE);
  floe_hook_sender_stop (broker->sender);
  floe_trail_sealer_stop (broker->sealer);
  floe_capacity_tally_lead (broker->tally, FALSE);
  floe_pool_keeper_stop (broker->pool_keeper);
  floe_keeper_follow (broker->keeper);
}

static void
on_told (FloeFeed *feed, const FloeFeedEntry *entry, Broker *broker)
{
  floe_keeper_hear (broker->keeper, entry);
}

static void
follow_others (Broker *broker)
{
  if (broker->lead == NULL)
    return;
  floe_keeper_set_guard (broker->keeper, floe_lead_guard, broker->lead);
  floe_hook_sender_set_guard (broker->sender, floe_lead_guard, broker->lead);
  floe_keeper_follow (broker->keeper);
  g_signal_connect (broker->lead, "gained", G_CALLBACK (on_gained), broker);
  g_signal_connect (broker->lead, "lost", G_CALLBACK (on_lost), broker);
  g_signal_connect_object (broker->keeper, "leading", G_CALLBACK (floe_pool_keeper_start),
                           broker->pool_keeper, G_CONNECT_SWAPPED);
  g_signal_connect (broker->feed, "told", G_CALLBACK (on_told), broker);
}

static void
start_leading (Broker *broker)
{
  if (broker->lead == NULL)
    {
      floe_pool_keeper_start (broker->pool_keeper);
      floe_hook_sender_start (broker->sender);
      floe_trail_sealer_start (broker->sealer);
      floe_capacity_tally_lead (broker->tally, TRUE);
      return;
    }
  floe_feed_start (broker->feed);
  floe_lead_start (broker->lead);
}

static void
stop_leading (Broker *broker)
{
  if (broker->lead != NULL)
    {
      g_signal_handlers_disconnect_by_data (broker->lead, broker);
      g_signal_handlers_disconnect_by_data (broker->feed, broker);
      floe_lead_stop (broker->lead);
      floe_feed_stop (broker->feed);
    }
  if (broker->pool_keeper != NULL)
    floe_pool_keeper_stop (broker->pool_keeper);
  if (broker->sender != NULL)
    floe_hook_sender_stop (broker->sender);
  if (broker->sealer != NULL)
    floe_trail_sealer_stop (broker->sealer);
}

/* factors: %NULL without an error where there are none */
static gboolean
open_factors (const FloeSettings *settings, FloeFactorPolicy **factors, GError **error)
{
  g_autoptr (FloeSecret) text = NULL;
  g_autoptr (FloeSealKeys) keys = NULL;

  if (settings->factor_key_file == NULL)
    return TRUE;
  text = floe_wire_read_secret (settings->factor_key_file, error);
  keys = text != NULL ? floe_seal_keys_new (text, error) : NULL;
  if (keys != NULL)
    *factors = floe_factor_policy_new (keys, (const gchar *const *)settings->required_groups,
                                       (const gchar *const *)settings->required_networks,
                                       (const gchar *const *)settings->exempt_networks,
                                       settings->factor_issuer, error);
  if (*factors == NULL)
    g_prefix_error (error, "[second_factor] key_file: ");
  return *factors != NULL;
}

/* What an engine starts is its own business: that is only waited for. */
static void
know_hosts (Broker *broker, const FloeSettings *settings)
{
  for (guint i = 0; i < settings->hosts->len; i++)
    {
      const FloeHostSettings *host = settings->hosts->pdata[i];

      floe_keeper_set_starts_at_once (broker->keeper, host->name, host->starts_at_once);
      floe_pool_keeper_add_host (broker->pool_keeper, host->name, host->starts_at_once);
    }
  for (guint i = 0; i < settings->managers->len; i++)
    {
      const FloeManagerSettings *engine = settings->managers->pdata[i];

      floe_keeper_set_starts_at_once (broker->keeper, engine->name, G_MAXUINT);
    }
}

static gboolean
open_trail (Broker *broker, const FloeSettings *settings, FloeStore *recorder, GError **error)
{
  g_autoptr (FloeTrailKey) key = floe_wire_trail_key (settings, error);

  if (key == NULL)
    return FALSE;
  floe_helpdesk_set_trail_key (broker->helpdesk, key);
  broker->sealer = floe_trail_sealer_new (recorder, broker->clock, key);
  return TRUE;
}

static gboolean
open_rooms (Broker *broker, const FloeSettings *settings, GError **error)
{
  FloeStore *store = broker->store;
  FloeStore *recorder = broker->recorder != NULL ? broker->recorder : store;
  g_autoptr (FloeRoleGroups) groups = floe_wire_role_groups (settings);
  FloeLoginPolicy policy = { .idle_seconds = settings->idle_seconds,
                             .absolute_seconds = settings->absolute_seconds,
                             .groups = groups,
                             .throttle = { settings->throttle_seconds, settings->person_tries,
                                           settings->network_tries, settings->heed_lockout,
                                           floe_check_database_is_server (settings->database) },
                             .password_warning = settings->directory->password_warning };
  g_autoptr (FloeFactorPolicy) factors = NULL;

  if (!open_factors (settings, &factors, error))
    return FALSE;
  policy.factors = factors;
  broker->keeper = floe_keeper_new (recorder, broker->manager, broker->clock);
  broker->pool_keeper = floe_pool_keeper_new (recorder, broker->keeper, broker->clock);
  know_hosts (broker, settings);
  broker->assigner = floe_assigner_new (store, broker->keeper, broker->clock);
  floe_assigner_set_tells_host (broker->assigner, settings->tell_host);
  broker->helpdesk = floe_helpdesk_new (store, broker->keeper, broker->clock, groups);
  if (!open_trail (broker, settings, recorder, error))
    return FALSE;
  broker->sessions = floe_sessions_new (store, broker->keeper, broker->clock);
  broker->shadows = floe_shadows_new (store, broker->keeper, broker->clock, groups);
  if (broker->post != NULL)
    floe_shadows_set_post (broker->shadows, broker->post);
  broker->login = floe_login_new (FLOE_DIRECTORY (broker->directory), store, broker->keeper,
                                  broker->clock, &policy);
  if (!floe_wire_engine_logins (settings, store, broker->manager, broker->clock,
                                &broker->engine_logins, error))
    return FALSE;
  if (broker->engine_logins != NULL)
    {
      floe_login_set_engines (broker->login, broker->engine_logins);
      floe_assigner_set_token_opener (broker->assigner, floe_engine_logins_open,
                                      broker->engine_logins);
    }
  floe_login_set_directories (broker->login, broker->directory, settings->show_domains);
  broker->fleet = floe_wire_fleet (settings, store, broker->clock, error);
  broker->webhooks =
      broker->fleet != NULL ? floe_wire_hooks (settings, store, broker->clock, error) : NULL;
  if (broker->webhooks != NULL)
    broker->sender = floe_hook_sender_new (recorder, broker->webhooks, broker->clock);
  return broker->webhooks != NULL;
}

/* What is seen of people who ask is counted without their waiting for it. */
static void
open_tally (Broker *broker)
{
  broker->tally = floe_capacity_tally_new (broker->store, broker->clock);
  g_signal_connect_object (broker->assigner, "served", G_CALLBACK (floe_capacity_tally_count),
                           broker->tally, G_CONNECT_SWAPPED);
  floe_capacity_tally_start (broker->tally);
  broker->visits = floe_visit_book_new (broker->store, broker->clock);
  g_signal_connect_object (broker->assigner, "visited", G_CALLBACK (floe_visit_book_note),
                           broker->visits, G_CONNECT_SWAPPED);
  g_signal_connect_object (broker->login, "visited", G_CALLBACK (floe_visit_book_note),
                           broker->visits, G_CONNECT_SWAPPED);
  g_signal_connect_object (broker->sessions, "measured", G_CALLBACK (floe_visit_book_note_quality),
                           broker->visits, G_CONNECT_SWAPPED);
}

/* Metrics. */

static gboolean
get_try_limits (gpointer login, FloeTryLimits *limits)
{
  return floe_login_get_try_limits (login, limits);
}

static void
open_metrics (Broker *broker, const FloeSettings *settings)
{
  FloeMetrics *metrics = floe_metrics_new ();
  FloeObserverParts parts = { metrics, broker->keeper, broker->assigner, G_OBJECT (broker->login),
                              FLOE_DIRECTORY (broker->directory) };
  g_autoptr (FloeObserver) observer = floe_observer_new (&parts);

  floe_wire_kerberos (settings, broker->login, observer);
  floe_wire_queues (settings, observer, broker->store, broker->directories, broker->libvirt);
  broker->metrics = metrics;
  broker->scraper = floe_scraper_new (metrics, broker->store, broker->clock);
  floe_scraper_set_limits (broker->scraper, get_try_limits, g_object_ref (broker->login),
                           g_object_unref);
}

/* HTTP. */

static gboolean
find_trusted_uids (const FloeSettings *settings, uid_t *uids, gsize *n, GError **error)
{
  const struct passwd *entry;

  uids[0] = 0;
  uids[1] = geteuid ();
  *n = 2;
  if (settings->trusted_user == NULL)
    return TRUE;
  entry = getpwnam (settings->trusted_user);
  if (entry == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND,
                   "[listen] trusted_user: there is no user \"%s\" on this machine",
                   settings->trusted_user);
      return FALSE;
    }
  uids[(*n)++] = entry->pw_uid;
  return TRUE;
}

static gboolean
open_api (Broker *broker, const FloeSettings *settings, GError **error)
{
  FloeApiParts parts = { broker->login,   broker->assigner, broker->helpdesk, broker->keeper,
                         broker->scraper, broker->sessions, broker->shadows,  broker->fleet };
  FloeApiServerSettings server = { .clock = broker->clock };
  uid_t uids[3];

  if (!find_trusted_uids (settings, uids, &server.n_trusted_uids, error))
    return FALSE;
  parts.webhooks = broker->webhooks;
  parts.portal = broker->portal = floe_portal_new ();
  broker->api = floe_api_new (&parts);
  server.gate.host_names = (const gchar *const *)settings->host_names;
  server.gate.routes = floe_api_get_routes (&server.gate.n_routes);
  server.trusted_uids = uids;
  server.max_connections = FLOE_MAX_CONNECTIONS;
  server.dispatch = floe_api_dispatch;
  server.data = broker->api;
  broker->server = floe_api_server_new (&server);
  return settings->socket != NULL
             ? floe_api_server_listen_unix (broker->server, settings->socket, error)
             : floe_api_server_listen_loopback (broker->server, settings->loopback, error);
}

/* Only /metrics, on a port that only this machine reaches. A browser on it that follows a name of
 * somebody else's to this address is turned away by Host. */
static gboolean
open_metrics_server (Broker *broker, const gchar *address, GError **error)
{
  FloeApiServerSettings server = { .clock = broker->clock };

  if (address == NULL)
    return TRUE;
  broker->metrics_names[0] = g_strndup (address, strrchr (address, ':') - address);
  broker->metrics_names[1] = g_strdup ("localhost");
  server.gate.host_names = (const gchar *const *)broker->metrics_names;
  server.gate.routes = floe_api_get_metrics_routes (&server.gate.n_routes);
  server.max_connections = METRICS_CONNECTIONS;
  server.dispatch = floe_api_dispatch;
  server.data = broker->api;
  broker->metrics_server = floe_api_server_new (&server);
  if (floe_api_server_listen_loopback (broker->metrics_server, address, error))
    return TRUE;
  g_prefix_error (error, "[metrics] ");
  return FALSE;
}

static gboolean
broker_open (Broker *broker, const FloeSettings *settings, GError **error)
{
  broker->loop = g_main_loop_new (NULL, FALSE);
  broker->clock = floe_system_clock_new ();
  if (!open_store (broker, settings, error) || !open_time (broker, error))
    return FALSE;
  broker->directories = floe_wire_directories (settings, &broker->directory, error);
  if (broker->directories == NULL)
    return FALSE;
  if (!open_lead (broker, settings, error) || !open_managers (broker, settings, error)
      || !open_rooms (broker, settings, error))
    return FALSE;
  follow_others (broker);
  open_metrics (broker, settings);
  open_tally (broker);
  if (!open_api (broker, settings, error)
      || !open_metrics_server (broker, settings->metrics_listen, error))
    return FALSE;
  floe_assigner_start (broker->assigner);
  floe_login_start (broker->login);
  if (broker->engine_logins != NULL)
    floe_engine_logins_start (broker->engine_logins);
  floe_keeper_start (broker->keeper);
  start_leading (broker);
  floe_timekeeper_start (broker->timekeeper,
                         broker->recorder != NULL ? broker->recorder : broker->store, broker->lead);
  return TRUE;
}

static void
broker_close (Broker *broker)
{
  if (broker->timekeeper != NULL)
    floe_timekeeper_stop (broker->timekeeper);
  if (broker->shadows != NULL)
    floe_shadows_stop (broker->shadows);
  if (broker->post != NULL)
    floe_post_stop (broker->post);
  if (broker->server != NULL)
    floe_api_server_stop (broker->server);
  if (broker->metrics_server != NULL)
    floe_api_server_stop (broker->metrics_server);
  if (broker->login != NULL)
    floe_login_stop (broker->login);
  if (broker->engine_logins != NULL)
    floe_engine_logins_stop (broker->engine_logins);
  if (broker->fleet != NULL)
    floe_fleet_stop (broker->fleet);
  if (broker->tally != NULL)
    floe_capacity_tally_stop (broker->tally);
  if (broker->visits != NULL)
    floe_visit_book_stop (broker->visits);
  stop_leading (broker);
  if (broker->keeper != NULL)
    floe_keeper_stop (broker->keeper);
  if (broker->store != NULL)
    close_store (broker->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&broker->server);
  g_clear_object (&broker->metrics_server);
  for (guint i = 0; i < G_N_ELEMENTS (broker->metrics_names); i++)
    g_free (broker->metrics_names[i]);
  g_clear_object (&broker->api);
  g_clear_pointer (&broker->portal, floe_portal_free);
  g_clear_object (&broker->scraper);
  g_clear_object (&broker->metrics);
  g_clear_object (&broker->sender);
  g_clear_object (&broker->webhooks);
  g_clear_object (&broker->fleet);
  g_clear_object (&broker->login);
  g_clear_object (&broker->helpdesk);
  g_clear_object (&broker->sealer);
  g_clear_object (&broker->tally);
  g_clear_object (&broker->visits);
  g_clear_object (&broker->assigner);
  g_clear_object (&broker->engine_logins);
  g_clear_object (&broker->pool_keeper);
  g_clear_object (&broker->shadows);
  g_clear_object (&broker->sessions);
  g_clear_object (&broker->keeper);
  g_clear_object (&broker->manager);
  g_clear_object (&broker->libvirt);
  g_clear_object (&broker->directory);
  g_clear_pointer (&broker->directories, g_ptr_array_unref);
  g_clear_object (&broker->recorder);
  g_clear_object (&broker->feed);
  g_clear_object (&broker->post);
  g_clear_object (&broker->timekeeper);
  g_clear_object (&broker->lead);
  g_clear_object (&broker->store);
  g_clear_object (&broker->clock);
  g_clear_pointer (&broker->loop, g_main_loop_unref);
}

static gboolean
on_signal (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

/* A core file would hold passwords and tickets, and a client's gone connection must not end us. */
static void
harden_process (void)
{
  const struct rlimit no_core = { 0, 0 };
  struct rlimit files;

  signal (SIGPIPE, SIG_IGN);
  /* Threads that free all they had at the end of each call would give it back to the kernel and get
   * it again, page by page. */
  mallopt (M_TRIM_THRESHOLD, 1024 * 1024);
  mallopt (M_TOP_PAD, 256 * 1024);
  setrlimit (RLIMIT_CORE, &no_core);
  prctl (PR_SET_DUMPABLE, 0);
  if (getrlimit (RLIMIT_NOFILE, &files) == 0)
    {
      files.rlim_cur = files.rlim_max;
      setrlimit (RLIMIT_NOFILE, &files);
    }
}

static int
serve (const FloeSettings *settings)
{
  Broker broker = { 0 };
  g_autoptr (GError) error = NULL;
  guint sources[2];

  if (!broker_open (&broker, settings, &error))
    {
      g_printerr ("floe-broker: %s\n", error->message);
      broker_close (&broker);
      return EXIT_CONFIG;
    }
  sources[0] = g_unix_signal_add (SIGTERM, on_signal, broker.loop);
  sources[1] = g_unix_signal_add (SIGINT, on_signal, broker.loop);
  g_message ("floe-broker " FLOE_VERSION " serves on %s",
             settings->socket != NULL ? settings->socket : settings->loopback);
  g_main_loop_run (broker.loop);
  g_message ("floe-broker stops");
  g_source_remove (sources[0]);
  g_source_remove (sources[1]);
  broker_close (&broker);
  return EXIT_SUCCESS;
}

static FloeSettings *
load (const gchar *path)
{
  g_autoptr (GPtrArray) problems = NULL;
  FloeSettings *settings = floe_settings_load (path, &problems);

  if (settings == NULL)
    floe_settings_report_problems (problems, stderr);
  return settings;
}

/* What is to be done instead of serving. */
typedef struct
{
  gchar *path;
  gboolean check;
  gboolean version;
  gboolean lifecycle;
  gboolean directory;
  gboolean manager;
} Options;

static int
run (const Options *options, const gchar *word)
{
  const gchar *path = options->path != NULL ? options->path : DEFAULT_CONFIG;
  g_autoptr (FloeSettings) settings = load (path);

  if (settings == NULL)
    {
      if (options->directory || options->manager)
        g_print ("wrong: the configuration %s — set right what is said of it; run this as root, or "
                 "as the broker's user, if a file cannot be read\n",
                 path);
      return EXIT_CONFIG;
    }
  if (options->directory)
    return floe_wire_test_directories (settings, word) ? EXIT_SUCCESS : EXIT_CONFIG;
  if (options->manager)
    return floe_wire_test_managers (settings, word) ? EXIT_SUCCESS : EXIT_CONFIG;
  if (options->check)
    {
      g_print ("%s: no problems found\n", path);
      return EXIT_SUCCESS;
    }
  return serve (settings);
}

static gboolean
parse (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->path,
      "The configuration file (default " DEFAULT_CONFIG ")", "FILE" },
    { "check-config", 0, 0, G_OPTION_ARG_NONE, &options->check,
      "Check the configuration as a whole, tell all problems, and exit", NULL },
    { "test-directory", 0, 0, G_OPTION_ARG_NONE, &options->directory,
      "Test the directory, and how it knows USER, tell what is wrong, and exit", NULL },
    { "test-manager", 0, 0, G_OPTION_ARG_NONE, &options->manager,
      "Test the engines, or that one of the name, tell what is wrong, and exit", NULL },
    { "print-lifecycle", 0, 0, G_OPTION_ARG_NONE, &options->lifecycle,
      "Print the table of a desktop's life and exit", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version and exit", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[USER|NAME]");

  g_option_context_set_summary (context, "Lends floating desktops: Floe's connection broker.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc <= (options->directory || options->manager ? 2 : 1))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       options->directory ? "expected one USER at most"
                       : options->manager ? "expected one NAME at most"
                                          : "no arguments are expected beside options");
  return FALSE;
}

int
main (int argc, char **argv)
{
  Options options = { NULL };
  g_autofree gchar *path = NULL;
  g_autoptr (GError) error = NULL;
  gboolean parsed;

  setlocale (LC_ALL, "");
  floe_ldap_init (); /* sets the environment: before any thread */
  harden_process ();
  parsed = parse (&options, &argc, &argv, &error);
  path = options.path;
  if (!parsed)
    {
      g_printerr ("floe-broker: %s\n", error->message);
      return EXIT_USAGE;
    }
  if (options.version)
    {
      g_print ("floe-broker %s\n", FLOE_VERSION);
      return EXIT_SUCCESS;
    }
  if (options.lifecycle)
    {
      g_autofree gchar *table = floe_lifecycle_print ();

      g_print ("%s", table);
      return EXIT_SUCCESS;
    }
  return run (&options, argv[1]);
}
