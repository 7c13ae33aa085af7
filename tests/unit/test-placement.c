/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/placement.h"

#define N_HOSTS 3

/* Which of a, b and c takes a desktop of @need MiB; NULL for none. */
typedef struct
{
  const gchar *why;
  FloePlace places[N_HOSTS];
  guint need;
  const gchar *chosen;
} Choice;

/* A host of 64,000 MiB, of which 4,000 are kept for itself. */
#define HOST(...)                                                                                  \
  {                                                                                                \
    .up = TRUE, .measured = TRUE, .memory_mib = 64000, __VA_ARGS__                                 \
  }
#define NONE                                                                                       \
  {                                                                                                \
    .up = FALSE                                                                                    \
  }

static const Choice choices[] = {
  { "more free memory is better",
    { HOST (.free_mib = 20000), HOST (.free_mib = 50000), HOST (.free_mib = 30000) },
    1000,
    "b" },
  { "what is reserved for starts under way is not free",
    { HOST (.free_mib = 40000), HOST (.free_mib = 50000, .reserved_mib = 40000),
      HOST (.free_mib = 10000) },
    1000,
    "a" },
  { "a busy host is worse than an idle one with as much memory",
    { HOST (.free_mib = 50000, .load_percent = 90), HOST (.free_mib = 50000, .load_percent = 10),
      HOST (.free_mib = 50000, .load_percent = 60) },
    1000,
    "b" },
  { "but load is worth half of the memory at most",
    { HOST (.free_mib = 60000, .load_percent = 100), HOST (.free_mib = 12000), NONE },
    1000,
    "a" },
  { "a load above all CPUs counts as all of them",
    { HOST (.free_mib = 60000, .load_percent = 900), HOST (.free_mib = 12000), NONE },
    1000,
    "a" },
  { "hosts that are about alike take turns",
    { HOST (.free_mib = 40000, .desktops = 5), HOST (.free_mib = 37000, .desktops = 3),
      HOST (.free_mib = 39000, .desktops = 4) },
    1000,
    "b" },
  { "those with clearly more room do not",
    { HOST (.free_mib = 50000, .desktops = 9), HOST (.free_mib = 37000, .desktops = 3), NONE },
    1000,
    "a" },
  { "the first of those that are alike in everything",
    { HOST (.free_mib = 40000), HOST (.free_mib = 40000), HOST (.free_mib = 40000) },
    1000,
    "a" },
  { "one that was measured is better than one that was not",
    { { .up = TRUE }, HOST (.free_mib = 8000, .desktops = 9), { .up = TRUE } },
    1000,
    "b" },
  { "of those that were not measured the one with fewer desktops",
    { { .up = TRUE, .desktops = 2 }, { .up = TRUE, .desktops = 1 }, NONE },
    1000,
    "b" },
  { "what a host keeps for itself is not lent",
    { HOST (.free_mib = 4999), HOST (.free_mib = 5000), NONE },
    1000,
    "b" },
  { "no room anywhere", { HOST (.free_mib = 4999), HOST (.free_mib = 100), NONE }, 1000, NULL },
  { "all of it is reserved",
    { HOST (.free_mib = 40000, .reserved_mib = 35500), NONE, NONE },
    1000,
    NULL },
  { "reserved more than there is",
    { HOST (.free_mib = 1000, .reserved_mib = 60000), NONE, NONE },
    0,
    NULL },
  { "a host that is drained takes nothing",
    { HOST (.free_mib = 50000, .draining = TRUE), HOST (.free_mib = 10000), NONE },
    1000,
    "b" },
  { "nor does one that does not answer", { NONE, HOST (.free_mib = 10000), NONE }, 1000, "b" },
};

static GArray *
list_places (const Choice *choice)
{
  static const gchar *const names[] = { "a", "b", "c" };
  GArray *places = g_array_new (FALSE, FALSE, sizeof (FloePlace));

  for (guint i = 0; i < N_HOSTS; i++)
    {
      FloePlace place = choice->places[i];

      place.name = names[i];
      g_array_append_val (places, place);
    }
  return places;
}

static void
test_choices (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autoptr (GArray) places = list_places (&choices[i]);
      const FloePlace *place = floe_place_choose (places, choices[i].need, NULL, NULL);

      g_test_message ("%s", choices[i].why);
      g_assert_cmpstr (place != NULL ? place->name : NULL, ==, choices[i].chosen);
    }
}

static gboolean
is_not (const FloePlace *place, gconstpointer name)
{
  return g_strcmp0 (place->name, name) != 0;
}

/* The best one may not: it has no image, or makes enough already. */
static void
test_fits (void)
{
  g_autoptr (GArray) places = list_places (&choices[0]);

  g_assert_cmpstr (floe_place_choose (places, 1000, is_not, "b")->name, ==, "c");
  g_assert_cmpstr (floe_place_choose (places, 1000, is_not, "c")->name, ==, "b");
  g_array_set_size (places, 2);
  g_array_remove_index (places, 0);
  g_assert_null (floe_place_choose (places, 1000, is_not, "b"));
}

/* What a pool's note says of a host. */
static void
test_refusals (void)
{
  static const struct
  {
    FloePlace place;
    guint need;
    const gchar *refusal;
  } rows[] = {
    { HOST (.free_mib = 40000), 1000, NULL },
    { { .up = TRUE }, 100000, NULL }, /* nobody knows yet */
    { HOST (.free_mib = 40000), 36001, "has not enough free memory" },
    { HOST (.free_mib = 40000, .reserved_mib = 1), 36000, "has not enough free memory" },
    { HOST (.free_mib = 40000), 36000, NULL },
    { HOST (.free_mib = 40000, .load_percent = 100), 36000, NULL },
    { HOST (.free_mib = 40000, .draining = TRUE), 0, "is being drained" },
    { { .draining = TRUE }, 0, "does not answer" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (floe_place_refusal (&rows[i].place, rows[i].need), ==, rows[i].refusal);
  g_assert_cmpstr (floe_place_refusal (NULL, 0), ==, "is not configured any more");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/placement/choices", test_choices);
  g_test_add_func ("/placement/fits", test_fits);
  g_test_add_func ("/placement/refusals", test_refusals);
  return g_test_run ();
}
