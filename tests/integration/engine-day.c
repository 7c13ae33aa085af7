/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-day.h"

#include <json-glib/json-glib.h>

#include "fakes.h"

#define CONNECTIONS 8

typedef struct
{
  gboolean ran;
  gboolean left;
} Held;

/* What goes down is nobody's any more. */
static void
take (EngineDay *self, const FloeDomain *domain)
{
  Held *held = g_hash_table_lookup (self->held, domain->id);

  if (held == NULL)
    return;
  held->ran |= domain->power == FLOE_POWER_ON;
  if (domain->power != FLOE_POWER_OFF || !(held->ran || held->left))
    return;
  self->n_lost += !held->left;
  g_hash_table_remove (self->held, domain->id);
}

static void
on_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, EngineDay *self)
{
  self->n_listed++;
  self->listed_at = self->second;
  self->up = TRUE;
  g_assert_cmpuint (domains->len, ==, ENGINE_DAY_POOLS * self->size);
  for (guint i = 0; i < domains->len; i++)
    take (self, domains->pdata[i]);
}

static void
on_lost (FloeManager *manager, const gchar *host, const gchar *reason, EngineDay *self)
{
  self->up = FALSE;
}

static void
on_gone (FloeManager *manager, const gchar *host, const gchar *id, EngineDay *self)
{
  g_assert_not_reached (); /* nothing is removed in these hours */
}

static void
on_changed (FloeManager *manager, const FloeDomain *domain, EngineDay *self)
{
  take (self, domain);
}

/**
 * engine_day_new:
 * @size: how many VMs each of the ten pools has
 *
 * Returns: (transfer full): a day that begins
 */
EngineDay *
engine_day_new (guint size)
{
  EngineDay *self = g_new0 (EngineDay, 1);
  g_autoptr (FloeSecret) password = floe_secret_new ("p", -1);
  FloeEngineSettings settings = { .name = "one",
                                  .user = "svc@internal",
                                  .password = password,
                                  .connections = CONNECTIONS,
                                  .timeout = 50 * G_USEC_PER_SEC };
  g_autoptr (GError) error = NULL;

  self->size = size;
  self->engine = engine_fixture_new ();
  self->clock = FLOE_CLOCK (fake_clock_new ());
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  engine_fixture_do (self->engine, "{'person': 'svc@internal', 'password': 'p', 'admin': true}");
  engine_fixture_do (self->engine, "{'engine': {'launch': 5, 'boot': 30, 'agent': 10, 'stop': 10, "
                                   "'restore': 20}}");
  for (guint i = 0; i < ENGINE_DAY_POOLS; i++)
    engine_fixture_do (self->engine, "{'pool': 'pool-%u', 'size': %u, 'max_user_vms': %u}", i, size,
                       size);
  settings.url = self->engine->url;
  settings.ca_file = self->engine->ca;
  self->manager = floe_engine_manager_new (&settings, self->clock, &error);
  g_assert_no_error (error);
  g_signal_connect (self->manager, "host-listed", G_CALLBACK (on_listed), self);
  g_signal_connect (self->manager, "host-lost", G_CALLBACK (on_lost), self);
  g_signal_connect (self->manager, "domain-gone", G_CALLBACK (on_gone), self);
  g_signal_connect (self->manager, "domain-changed", G_CALLBACK (on_changed), self);
  floe_manager_start (self->manager);
  return self;
}

static guint
count (EngineDay *self, const gchar *what)
{
  g_autofree gchar *text = engine_fixture_tell (self->engine, "{\"counts\": true}");
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return (guint)json_object_get_int_member (json_node_get_object (node), what);
}

static guint
count_calls (EngineDay *self)
{
  return floe_engine_manager_count_calls (FLOE_ENGINE_MANAGER (self->manager));
}

/* Whatever waits for time to pass is left alone, and with it what waits for a connection. */
static gboolean
has_settled (EngineDay *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return count (self, "held") >= MIN (count_calls (self), CONNECTIONS)
         && !g_main_context_pending (NULL);
}

/**
 * engine_day_settle:
 *
 * Waits until nothing is under way.
 */
void
engine_day_settle (EngineDay *self)
{
  while (self->lags && !has_settled (self))
    g_usleep (200);
  if (self->lags)
    return;
  while (count_calls (self) > 0 || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

/**
 * engine_day_pass:
 *
 * Lets so much time pass.
 */
void
engine_day_pass (EngineDay *self, guint seconds)
{
  for (guint i = 0; i < seconds; i++)
    {
      self->second++;
      engine_fixture_do (self->engine, "{'advance': 1}");
      fake_clock_advance (FAKE_CLOCK (self->clock), G_USEC_PER_SEC);
      engine_day_settle (self);
    }
}

static void
allocated (GObject *source, GAsyncResult *result, gpointer data)
{
  EngineDay *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDomain) domain =
      floe_manager_allocate_finish (FLOE_MANAGER (source), result, &error);
  Held *held;

  self->n_open--;
  if (domain == NULL)
    {
      self->n_refused++;
      return;
    }
  self->n_given++;
  /* Whoever has one has it alone; one that was given back may be somebody's before it was seen off.
   */
  held = g_hash_table_lookup (self->held, domain->id);
  g_assert_true (held == NULL || held->left);
  held = g_new0 (Held, 1);
  held->ran = domain->power == FLOE_POWER_ON;
  g_hash_table_insert (self->held, g_strdup (domain->id), held);
}

/**
 * engine_day_arrive:
 *
 * Somebody asks for a desktop.
 */
void
engine_day_arrive (EngineDay *self)
{
  guint number = self->n_people++;
  g_autofree gchar *pool = g_strdup_printf ("pool-%u", number % ENGINE_DAY_POOLS);
  g_autofree gchar *person = g_strdup_printf ("person%u", number);
  g_autofree gchar *request = g_strdup_printf ("request-%u", number);
  const FloeAllocation allocation = {
    .host = "one", .pool = pool, .way = FLOE_ASSIGN_SERVICE, .person = person, .request = request
  };

  self->n_open++;
  floe_manager_allocate_async (self->manager, &allocation, NULL, allocated, self);
}

/**
 * engine_day_leave:
 *
 * Somebody gives theirs back, if anybody has one.
 */
void
engine_day_leave (EngineDay *self)
{
  GHashTableIter iter;
  gpointer id, held;

  g_hash_table_iter_init (&iter, self->held);
  if (!g_hash_table_iter_next (&iter, &id, &held))
    return;
  ((Held *)held)->left = TRUE;
  floe_manager_power_off_async (self->manager, "one", id, NULL, NULL, NULL, NULL);
}

/**
 * engine_day_count_requests:
 *
 * Returns: all that the engine was asked since this was asked last
 */
guint
engine_day_count_requests (EngineDay *self)
{
  guint n = count (self, "requests");

  engine_fixture_do (self->engine, "{'forget': true}");
  return n;
}

/**
 * engine_day_get_busy:
 *
 * Returns: for how many seconds the engine has worked on requests, by the world's clock
 */
gdouble
engine_day_get_busy (EngineDay *self)
{
  g_autofree gchar *text = engine_fixture_tell (self->engine, "{\"counts\": true}");
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return json_object_get_double_member (json_node_get_object (node), "busy");
}

void
engine_day_free (EngineDay *self)
{
  floe_manager_stop (self->manager);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_handlers_disconnect_by_data (self->manager, self);
  g_object_unref (self->manager);
  g_hash_table_unref (self->held);
  g_object_unref (self->clock);
  engine_fixture_free (self->engine);
  g_free (self);
}
