/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "house.h"
#include "logs.h"

/* What somebody is given while they stand in a line, and does not come for. */

typedef struct
{
  House *house;
  FloeGrant *bob;
  FloeGrant *carol;
  FloeConnectRequest *b;
  FloeConnectRequest *c;
} Queue;

static FloeConnectRequest *
queue (House *house, const FloeGrant *grant)
{
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, grant);

  g_assert_nonnull (answer->request);
  house_settle (house);
  floe_connect_request_hold (answer->request);
  return g_object_ref (answer->request);
}

static void
put_pool (House *house, FloePoolKind kind)
{
  g_autoptr (FloePool) pool = house_new_pool ("office", kind, "office-*");

  pool->grace_seconds = 3600;
  pool->on_disconnect = FLOE_ACT_KEEP;
  house_put_pool (house, pool);
}

/* A pool of one desktop, which bob was just given, with carol next in line. */
static Queue *
queue_new (FloePoolKind kind)
{
  Queue *self = g_new0 (Queue, 1);
  House *house = house_new ();
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = NULL;

  self->house = house;
  fake_manager_add (house->manager, "office-1", FLOE_POWER_OFF);
  fake_manager_list (house->manager);
  put_pool (house, kind);
  alice = house_enter (house, "alice");
  self->bob = house_enter (house, "bob");
  self->carol = house_enter (house, "carol");
  first = house_get_in (house, alice);
  house_settle (house);
  self->b = queue (house, self->bob);
  self->c = queue (house, self->carol);
  g_assert_true (house_take_away (house, "id-office-1", NULL));
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (self->b), ==, FLOE_REQUEST_READY);
  fake_manager_clear_log (house->manager);
  return self;
}

static void
queue_free (Queue *self)
{
  floe_connect_request_unhold (self->b, 0);
  floe_connect_request_unhold (self->c, 0);
  g_object_unref (self->b);
  g_object_unref (self->c);
  floe_grant_free (self->bob);
  floe_grant_free (self->carol);
  house_free (self->house);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Queue, queue_free)

static void
advance_minutes (Queue *self, guint minutes)
{
  for (guint i = 0; i < 6 * minutes; i++)
    house_advance (self->house, 10);
}

static void
assert_holder (Queue *self, const gchar *user_id)
{
  g_autoptr (FloeDesktop) desktop = house_get_desktop (self->house, "id-office-1");

  g_assert_true (floe_desktop_is_held_by (desktop, user_id));
}

/* An assignment of which nobody saw anything is undone; the desktop runs on for the next one. */
static void
test_dedicated (void)
{
  g_autoptr (Queue) self = queue_new (FLOE_POOL_DEDICATED);

  advance_minutes (self, 2);
  assert_holder (self, "uuid-bob");
  advance_minutes (self, 2);
  assert_holder (self, "uuid-carol");
  g_assert_cmpint (floe_connect_request_get_state (self->c), ==, FLOE_REQUEST_READY);
  g_assert_cmpstr (fake_manager_get_log (self->house->manager), ==, "");
  g_assert_cmpuint (house_count_audit (self->house, "release", "done"), ==, 2);
}

/* Who came for it has it for good, whether or not they stay. */
static void
test_came (void)
{
  g_autoptr (Queue) self = queue_new (FLOE_POOL_DEDICATED);
  g_autoptr (FloeConnectAnswer) answer = NULL;

  advance_minutes (self, 2);
  answer = house_get_in (self->house, self->bob);
  g_assert_nonnull (answer->connection);
  house_open_console (self->house, "id-office-1");
  house_close_console (self->house, "id-office-1");
  advance_minutes (self, 10);
  assert_holder (self, "uuid-bob");
  g_assert_cmpint (floe_connect_request_get_state (self->c), ==, FLOE_REQUEST_QUEUED);
}

/* One whose host is lost meanwhile is not given back: nobody could have come. */
static void
test_host_lost (void)
{
  g_autoptr (Queue) self = queue_new (FLOE_POOL_DEDICATED);

  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (self->house->manager);
  advance_minutes (self, 10);
  logs_assert_expected ();
  assert_holder (self, "uuid-bob");
}

/* A floating pool that lets desktops run on for ever does not do so for one that nobody saw; it is
 * dirty all the same. */
static void
test_floating (void)
{
  g_autoptr (Queue) self = queue_new (FLOE_POOL_FLOATING);

  advance_minutes (self, 2);
  assert_holder (self, "uuid-bob");
  advance_minutes (self, 2);
  assert_holder (self, "uuid-carol");
  g_assert_true (g_str_has_prefix (fake_manager_get_log (self->house->manager), "off office-1;"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/collect/dedicated", test_dedicated);
  g_test_add_func ("/collect/came", test_came);
  g_test_add_func ("/collect/host-lost", test_host_lost);
  g_test_add_func ("/collect/floating", test_floating);
  return g_test_run ();
}
