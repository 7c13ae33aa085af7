/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "engine-day.h"
#include "house.h"

/* The broker's inside and its store above an engine of 3,000 VMs that is slow and fails at random:
 * 300 people come, sit down, and half of them go. Whoever has a desktop keeps it until they go, and
 * what the store says is what the engine says. Either the engine takes desktops back, or they stay
 * with their users, who shut them down and come back. */

#define PEOPLE 300

typedef struct
{
  House *house;
  gchar *name;
  gchar *pool;
  guint since; /* second */
  FloeGrant *grant;
  gchar *desktop; /* its id; NULL while they have none */
  gchar *vm;      /* its name, until they sit there */
  gchar *had;     /* id of the one that they have shut down */
  gboolean asking;
  gboolean left;
  gchar *refusal; /* the last one */
} Person;

typedef struct
{
  EngineDay *day;
  House *house;
  gboolean kept;
  GPtrArray *people;
  guint n_lost;
} Whole;

static void
person_free (gpointer data)
{
  Person *person = data;

  g_free (person->name);
  g_free (person->pool);
  floe_grant_free (person->grant);
  g_free (person->desktop);
  g_free (person->vm);
  g_free (person->had);
  g_free (person->refusal);
  g_free (person);
}

static void
settle (Whole *whole)
{
  do
    {
      house_settle (whole->house);
      engine_day_settle (whole->day);
    }
  while (g_main_context_pending (NULL));
}

static gpointer
put_pool (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_pool (tx, input, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
add_pool (Whole *whole, guint i)
{
  g_autofree gchar *name = g_strdup_printf ("pool-%u", i);
  g_autoptr (FloePool) pool =
      house_new_pool (name, whole->kept ? FLOE_POOL_DEDICATED : FLOE_POOL_FLOATING, NULL);
  g_autoptr (GError) error = NULL;

  g_free (pool->manager);
  pool->manager = g_strdup ("one");
  pool->engine_pool = g_strdup (name);
  pool->on_account_end = whole->kept ? FLOE_ACT_SHUT_DOWN : FLOE_ACT_RESET;
  pool->assign = FLOE_ASSIGN_SERVICE;
  if (whole->kept)
    engine_fixture_do (whole->day->engine,
                       "{'limit': '%s', 'max_user_vms': 300, 'manual': true, 'stateful': true}",
                       name);
  house_write (whole->house, put_pool, pool, &error);
  g_assert_no_error (error);
}

static Whole *
whole_new (gboolean kept)
{
  Whole *whole = g_new0 (Whole, 1);

  whole->kept = kept;
  whole->day = engine_day_new (300);
  whole->house = house_new_at (whole->day->manager, FAKE_CLOCK (whole->day->clock));
  whole->people = g_ptr_array_new_with_free_func (person_free);
  for (guint i = 0; i < ENGINE_DAY_POOLS; i++)
    add_pool (whole, i);
  engine_day_pass (whole->day, 60);
  settle (whole);
  return whole;
}

static void
whole_free (Whole *whole)
{
  settle (whole);
  g_ptr_array_unref (whole->people);
  house_free (whole->house);
  engine_day_free (whole->day);
  g_free (whole);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Whole, whole_free)

/* People. */

static void
arrive (Whole *whole)
{
  guint number = whole->people->len;
  Person *person = g_new0 (Person, 1);

  person->house = whole->house;
  person->name = g_strdup_printf ("person%u", number);
  person->pool = g_strdup_printf ("pool-%u", number % ENGINE_DAY_POOLS);
  person->since = whole->day->second;
  fake_directory_add (whole->house->directory, person->name, "office");
  person->grant = house_enter (whole->house, person->name);
  g_ptr_array_add (whole->people, person);
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Person *person = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer =
      floe_assigner_connect_finish (FLOE_ASSIGNER (source), result, &error);

  person->asking = FALSE;
  g_free (person->refusal);
  person->refusal = g_strdup (error != NULL ? error->message : "it waits");
  if (answer == NULL || answer->connection == NULL)
    return;
  person->desktop = g_strdup (answer->connection->desktop->id);
  if (person->had != NULL)
    g_assert_cmpstr (person->desktop, ==, person->had);
  person->vm = g_strdup (answer->connection->desktop->name);
}

/* Whoever has none yet asks every five seconds. */
static void
ask (Whole *whole, Person *person)
{
  if (person->left || person->desktop != NULL || person->asking
      || (whole->day->second - person->since) % 5 != 0)
    return;
  /* Who waits so long that their log-in has ended types their password again. */
  if (person->refusal != NULL && strstr (person->refusal, "the log-in has ended") != NULL)
    {
      floe_grant_free (person->grant);
      person->grant = house_enter (whole->house, person->name);
    }
  person->asking = TRUE;
  floe_assigner_connect_async (whole->house->assigner, person->grant->identity, person->pool, NULL,
                               NULL, connected, person);
}

/* Whoever got one sits down at it. */
static void
sit_down (Whole *whole, Person *person)
{
  guint number = (guint)g_ascii_strtoull (person->name + strlen ("person"), NULL, 10);

  if (person->vm == NULL)
    return;
  engine_fixture_do (whole->day->engine, "{'vm': '%s', 'connect': '192.0.2.%u'}", person->vm,
                     number % 250 + 1);
  g_clear_pointer (&person->vm, g_free);
}

static void
leave (Whole *whole)
{
  for (guint i = 0; i < whole->people->len; i++)
    {
      Person *person = whole->people->pdata[i];
      g_autoptr (GError) error = NULL;

      if (person->left || person->desktop == NULL)
        continue;
      person->left = TRUE;
      if (whole->kept)
        house_take_away (whole->house, person->desktop, &error);
      else
        house_release (whole->house, person->grant->identity, person->desktop, &error);
      g_assert_no_error (error);
      return;
    }
}

/* The last of those who have one go home for a while. */
static void
shut_down (Whole *whole, guint number)
{
  Person *person = whole->people->pdata[number];
  g_autoptr (FloeDesktop) desktop = NULL;

  if (person->left || person->desktop == NULL || person->vm != NULL)
    return;
  desktop = house_get_desktop (whole->house, person->desktop);
  engine_fixture_do (whole->day->engine, "{'vm': '%s', 'go': 'down'}", desktop->name);
  g_free (person->had);
  person->had = g_steal_pointer (&person->desktop);
  person->since = whole->day->second + 2; /* and come back in a moment */
}

/* Whose desktop is not theirs any more, although they have not gone. */
static void
check (Whole *whole)
{
  for (guint i = 0; i < whole->people->len; i++)
    {
      Person *person = whole->people->pdata[i];
      g_autoptr (FloeDesktop) desktop = NULL;

      if (person->left || person->desktop == NULL)
        continue;
      desktop = house_get_desktop (whole->house, person->desktop);
      if (floe_desktop_is_held_by (desktop, person->grant->identity->user->id))
        continue;
      g_test_message ("%u: %s has lost %s: %s", whole->day->second, person->name, desktop->name,
                      desktop->end != NULL ? desktop->end->reason : "nobody knows why");
      whole->n_lost++;
      g_clear_pointer (&person->desktop, g_free);
    }
}

static void
pass (Whole *whole)
{
  engine_day_pass (whole->day, 1);
  settle (whole);
  for (guint i = 0; i < whole->people->len; i++)
    {
      ask (whole, whole->people->pdata[i]);
      sit_down (whole, whole->people->pdata[i]);
    }
  settle (whole);
  if (whole->day->second % 60 == 0)
    check (whole);
}

static guint
count_served (Whole *whole)
{
  guint n = 0;

  for (guint i = 0; i < whole->people->len; i++)
    {
      const Person *person = whole->people->pdata[i];

      n += person->desktop != NULL;
      if (person->desktop == NULL)
        g_test_message ("%s has none: %s%s", person->name, person->refusal,
                        person->asking ? ", and asks" : "");
    }
  return n;
}

/* What is written here is what the engine says: the VM is up, the service account has it, and its
 * comment says for whom. */
static void
compare (Whole *whole)
{
  g_autofree gchar *text = engine_fixture_tell (whole->day->engine, "{\"show\": true}");
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *vms = json_object_get_object_member (json_node_get_object (node), "vms");

  for (guint i = 0; i < whole->people->len; i++)
    {
      const Person *person = whole->people->pdata[i];
      g_autoptr (FloeDesktop) desktop = NULL;
      JsonObject *vm;

      if (person->left || person->desktop == NULL)
        continue;
      desktop = house_get_desktop (whole->house, person->desktop);
      vm = json_object_get_object_member (vms, desktop->name);
      g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_ON);
      g_assert_cmpint (desktop->facts.console, ==, FLOE_CONSOLE_CONNECTED);
      g_assert_cmpstr (json_object_get_string_member (vm, "status"), ==, "up");
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (vm, "holders")), ==,
                        1);
    }
}

/* An hour in which a third of all answers takes up to a minute, with an outage in it, and one more
 * in which the engine is itself again. */
static void
test_slow (gconstpointer data)
{
  g_autoptr (Whole) whole = whole_new (GPOINTER_TO_INT (data));

  engine_fixture_do (whole->day->engine, "{'fault': {'chance': 0.01, 'lag': [0.3, 60]}}");
  whole->day->lags = TRUE;
  for (guint i = 0; i < 3600; i++)
    {
      if (i < PEOPLE)
        arrive (whole);
      else if (i >= 900 && i < 900 + PEOPLE / 2)
        leave (whole);
      else if (whole->kept && i >= 2400 && i < 2400 + PEOPLE / 2)
        shut_down (whole, PEOPLE / 2 + i - 2400);
      if (i == 1800)
        engine_fixture_do (whole->day->engine, "{'fault': {'down': true}}");
      else if (i == 2100)
        engine_fixture_do (whole->day->engine, "{'fault': {'down': false}}");
      pass (whole);
    }
  engine_fixture_do (whole->day->engine, "{'fault': null}");
  for (guint i = 0; i < 600; i++)
    pass (whole);
  g_test_message ("%u served, %u lost", count_served (whole), whole->n_lost);
  g_assert_cmpuint (whole->n_lost, ==, 0);
  g_assert_cmpuint (count_served (whole), ==, PEOPLE);
  compare (whole);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK
                          | G_LOG_LEVEL_CRITICAL); /* an engine is lost, and told so */
  g_test_add_data_func ("/ovirt-house/slow", GINT_TO_POINTER (FALSE), test_slow);
  g_test_add_data_func ("/ovirt-house/slow/kept", GINT_TO_POINTER (TRUE), test_slow);
  return g_test_run ();
}
