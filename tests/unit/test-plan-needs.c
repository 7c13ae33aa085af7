/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A pool whose data disks are in each host's own storage, and somebody in line whose data is on
 * host a: what is planned for them, and for the others. Two desktops are lent on each host. */
#include "config.h"

#include "core/pool-plan.h"

#define MEMORY 1024

typedef struct
{
  FloePool *pool;
  FloePoolState *state;
  GPtrArray *counts;
  GPtrArray *revisions;
  GPtrArray *images;
  GArray *places;
  GArray *needs;
} Scene;

static void
add_host (Scene *self, const gchar *name, guint free_mib)
{
  FloePlace place = { .name = name,
                      .up = TRUE,
                      .measured = TRUE,
                      .memory_mib = 65536,
                      .free_mib = free_mib,
                      .starts_at_once = 5 };
  FloeDesktopCount *lent = g_new0 (FloeDesktopCount, 1);

  g_array_append_val (self->places, place);
  lent->host = g_strdup (name);
  lent->facts = (FloeFacts){ .power = FLOE_POWER_ON,
                             .guest = FLOE_GUEST_LOGGED_IN,
                             .lease = FLOE_LEASE_HELD,
                             .clean = FLOE_CLEAN_DIRTY };
  lent->revision = 1;
  lent->usable = TRUE;
  lent->n = 2;
  lent->memory_mib = 2 * MEMORY;
  g_ptr_array_add (self->counts, lent);
}

static void
add_revision (Scene *self, guint number, FloeRevisionState state)
{
  FloeRevision *revision = floe_revision_new ("office", number);
  static const gchar *const hosts[] = { "a", "b" };

  revision->state = state;
  revision->host = g_strdup ("b");
  revision->memory_mib = MEMORY;
  g_ptr_array_insert (self->revisions, 0, revision); /* the newest is first */
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      FloeImage *image = floe_image_new ("office", number, hosts[i]);

      image->there = TRUE;
      g_ptr_array_add (self->images, image);
    }
}

static void
free_count (gpointer data)
{
  FloeDesktopCount *count = data;

  g_free (count->host);
  g_free (count);
}

static Scene *
scene_new (guint maximum, guint free_on_a)
{
  Scene *self = g_new0 (Scene, 1);
  const FloePlanNeed need = { .host = "a", .n = 1 };

  self->pool = floe_pool_new ("office", FLOE_POOL_FLOATING);
  self->pool->template = floe_template_new ("golden", "images", "office");
  self->pool->template->maximum = maximum;
  self->pool->template->canary_percent = 10;
  self->pool->data_gib = 1;
  self->state = floe_pool_state_new ("office");
  self->counts = g_ptr_array_new_with_free_func (free_count);
  self->revisions = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_revision_free);
  self->images = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_image_free);
  self->places = g_array_new (FALSE, FALSE, sizeof (FloePlace));
  self->needs = g_array_new (FALSE, FALSE, sizeof (FloePlanNeed));
  g_array_append_val (self->needs, need);
  add_host (self, "a", free_on_a);
  add_host (self, "b", 60000);
  add_revision (self, 1, FLOE_REVISION_CURRENT);
  return self;
}

static void
scene_free (Scene *self)
{
  floe_pool_free (self->pool);
  floe_pool_state_free (self->state);
  g_ptr_array_unref (self->counts);
  g_ptr_array_unref (self->revisions);
  g_ptr_array_unref (self->images);
  g_array_unref (self->places);
  g_array_unref (self->needs);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

static FloePlan *
plan (Scene *self)
{
  const FloePlanInput input = { .pool = self->pool,
                                .now = 1000000,
                                .waiting = 1,
                                .needs = self->needs,
                                .counts = self->counts,
                                .places = self->places,
                                .revisions = self->revisions,
                                .images = self->images,
                                .state = self->state };

  return floe_plan_new (&input);
}

/* How many desktops of a revision are to be made on a host. */
static guint
count_made (const FloePlan *plan, guint revision, const gchar *host)
{
  guint n = 0;

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const FloeStep *step = &g_array_index (plan->steps, FloeStep, i);

      if (step->kind == FLOE_STEP_CREATE && step->revision == revision
          && g_strcmp0 (step->host, host) == 0)
        n += step->n;
    }
  return n;
}

static void
test_made (void)
{
  g_autoptr (Scene) scene = scene_new (8, 60000);
  g_autoptr (FloePlan) made = plan (scene);

  g_assert_cmpuint (count_made (made, 1, "a"), ==, 1);
  g_assert_cmpuint (count_made (made, 1, "b"), ==, 0);
  g_assert_cmpstr (made->problem, ==, NULL);
}

/* Whoever cannot be helped keeps no canary from being tried elsewhere, and is explained. */
static void
test_canary (void)
{
  g_autoptr (Scene) scene = scene_new (8, 4500);
  g_autoptr (FloePlan) made = NULL;

  add_revision (scene, 2, FLOE_REVISION_CANARY);
  made = plan (scene);
  g_assert_cmpuint (count_made (made, 2, "b"), ==, 1);
  g_assert_cmpuint (count_made (made, 1, "b"), ==, 0);
  g_assert_cmpstr (made->problem, ==,
                   "1 in line have their data on host a, which has not enough free memory");
}

static void
test_full (void)
{
  g_autoptr (Scene) scene = scene_new (4, 60000);
  g_autoptr (FloePlan) made = plan (scene);

  g_assert_cmpuint (made->steps->len, ==, 0);
  g_assert_cmpstr (made->problem, ==,
                   "1 in line have their data on host a, which can have no further desktop of "
                   "this pool: it is at its maximum");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan-needs/made", test_made);
  g_test_add_func ("/plan-needs/canary", test_canary);
  g_test_add_func ("/plan-needs/full", test_full);
  return g_test_run ();
}
