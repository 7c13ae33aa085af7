/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-day.h"

#include <json-glib/json-glib.h>

/* A clock that is moved. */

typedef struct
{
  guint id;
  gint64 due;
  gint64 delay;
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Timeout;

#define STEP_TYPE_CLOCK (step_clock_get_type ())
G_DECLARE_FINAL_TYPE (StepClock, step_clock, STEP, CLOCK, GObject)

struct _StepClock
{
  GObject parent_instance;

  gint64 now;
  guint last_id;
  GPtrArray *timeouts;
};

static void step_clock_iface_init (FloeClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StepClock, step_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_CLOCK, step_clock_iface_init))

static void
timeout_free (gpointer data)
{
  Timeout *timeout = data;

  if (timeout->notify != NULL)
    timeout->notify (timeout->data);
  g_free (timeout);
}

static gint64
step_now (FloeClock *clock)
{
  return STEP_CLOCK (clock)->now;
}

static guint
step_add_timeout (FloeClock *clock, gint64 delay, GSourceFunc func, gpointer data,
                  GDestroyNotify notify)
{
  StepClock *self = STEP_CLOCK (clock);
  Timeout *timeout = g_new0 (Timeout, 1);

  *timeout = (Timeout){ ++self->last_id, self->now + delay, delay, func, data, notify };
  g_ptr_array_add (self->timeouts, timeout);
  return timeout->id;
}

static void
step_remove_timeout (FloeClock *clock, guint id)
{
  StepClock *self = STEP_CLOCK (clock);

  for (guint i = 0; i < self->timeouts->len; i++)
    if (((Timeout *)self->timeouts->pdata[i])->id == id)
      {
        g_ptr_array_remove_index (self->timeouts, i);
        return;
      }
}

static Timeout *
find_due (StepClock *self)
{
  Timeout *first = NULL;

  for (guint i = 0; i < self->timeouts->len; i++)
    {
      Timeout *timeout = self->timeouts->pdata[i];

      if (timeout->due <= self->now && (first == NULL || timeout->due < first->due))
        first = timeout;
    }
  return first;
}

static void
step_clock_advance (StepClock *self, gint64 by)
{
  Timeout *timeout;

  self->now += by;
  while ((timeout = find_due (self)) != NULL)
    {
      guint id = timeout->id;

      timeout->due += MAX (timeout->delay, 1);
      if (timeout->func (timeout->data) == G_SOURCE_REMOVE)
        step_remove_timeout (FLOE_CLOCK (self), id);
    }
}

static void
step_clock_iface_init (FloeClockInterface *iface)
{
  iface->now = step_now;
  iface->elapsed = step_now;
  iface->add_timeout = step_add_timeout;
  iface->remove_timeout = step_remove_timeout;
}

static void
step_clock_finalize (GObject *object)
{
  g_ptr_array_unref (STEP_CLOCK (object)->timeouts);
  G_OBJECT_CLASS (step_clock_parent_class)->finalize (object);
}

static void
step_clock_class_init (StepClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = step_clock_finalize;
}

static void
step_clock_init (StepClock *self)
{
  self->now = G_USEC_PER_SEC;
  self->timeouts = g_ptr_array_new_with_free_func (timeout_free);
}

/* The day. */

/* What goes down is nobody's any more. */
static void
take (EngineDay *self, const FloeDomain *domain)
{
  if (domain->power == FLOE_POWER_OFF)
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
                                  .connections = 8,
                                  .timeout = 50 * G_USEC_PER_SEC };
  g_autoptr (GError) error = NULL;

  self->size = size;
  self->engine = engine_fixture_new ();
  self->clock = g_object_new (STEP_TYPE_CLOCK, NULL);
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

/**
 * engine_day_settle:
 *
 * Waits until nothing is under way.
 */
void
engine_day_settle (EngineDay *self)
{
  while (floe_engine_manager_count_calls (FLOE_ENGINE_MANAGER (self->manager)) > 0
         || g_main_context_pending (NULL))
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
      step_clock_advance (STEP_CLOCK (self->clock), G_USEC_PER_SEC);
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

  self->n_open--;
  if (domain == NULL)
    {
      self->n_refused++;
      return;
    }
  self->n_given++;
  /* Whoever has one has it alone. */
  g_assert_false (g_hash_table_contains (self->held, domain->id));
  g_hash_table_insert (self->held, g_strdup (domain->id), g_strdup (domain->name));
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
  gpointer id;

  g_hash_table_iter_init (&iter, self->held);
  if (g_hash_table_iter_next (&iter, &id, NULL))
    floe_manager_power_off_async (self->manager, "one", id, NULL, NULL, NULL);
}

/**
 * engine_day_count_requests:
 *
 * Returns: all that the engine was asked since this was asked last
 */
guint
engine_day_count_requests (EngineDay *self)
{
  g_autofree gchar *text = engine_fixture_tell (self->engine, "{\"counts\": true}");
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  guint n = (guint)json_object_get_int_member (json_node_get_object (node), "requests");

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
