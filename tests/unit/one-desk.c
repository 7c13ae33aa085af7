/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "one-desk.h"

#include <string.h>

static gpointer
put_pool (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_pool (tx, input, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

void
one_desk_apply (OneDesk *self)
{
  g_autoptr (GError) error = NULL;

  house_write (self->house, put_pool, self->pool, &error);
  g_assert_no_error (error);
}

void
one_desk_set_up (OneDesk *self, gconstpointer data)
{
  static gchar *groups[] = { (gchar *)"office", NULL };

  self->house = house_office (0, 1);
  self->domain = fake_manager_find (self->house->manager, DESK);
  self->domain->has_agent = TRUE;
  self->domain->agent_connected = TRUE;
  fake_manager_list (self->house->manager);
  house_settle (self->house);
  self->pool = floe_pool_new ("office", FLOE_POOL_FLOATING);
  self->pool->pattern = g_strdup ("office-*");
  g_strfreev (self->pool->groups);
  self->pool->groups = g_strdupv (groups);
  self->pool->grace_seconds = 600;
  self->pool->spares = 1; /* it runs, though nobody has it */
  one_desk_apply (self);
  self->alice = house_enter (self->house, "alice");
  self->sessions = floe_sessions_new (self->house->counted, self->house->keeper,
                                      FLOE_CLOCK (self->house->clock));
}

void
one_desk_tear_down (OneDesk *self, gconstpointer data)
{
  g_object_unref (self->sessions);
  floe_grant_free (self->alice);
  floe_pool_free (self->pool);
  house_free (self->house);
}

FloeDesktop *
one_desk_get (OneDesk *self)
{
  return house_get_desktop (self->house, DESK);
}

void
one_desk_get_in (OneDesk *self)
{
  g_autoptr (FloeConnectAnswer) answer = NULL;

  floe_connect_answer_free (house_get_in (self->house, self->alice));
  house_settle (self->house); /* it may have to be started */
  answer = house_get_in (self->house, self->alice);
  g_assert_nonnull (answer->connection);
  house_open_console (self->house, DESK);
}

void
one_desk_assert_held (OneDesk *self, gboolean held)
{
  g_autoptr (FloeDesktop) desktop = one_desk_get (self);

  g_assert_cmpint (desktop->facts.lease, ==, held ? FLOE_LEASE_HELD : FLOE_LEASE_NONE);
}

void
one_desk_assert_ended (OneDesk *self, const gchar *reason)
{
  g_autoptr (FloeDesktop) desktop = one_desk_get (self);

  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_NONE);
  g_assert_nonnull (desktop->end);
  g_assert_cmpstr (desktop->end->reason, ==, reason);
}

gboolean
one_desk_was_asked (OneDesk *self, const gchar *call)
{
  return strstr (fake_manager_get_log (self->house->manager), call) != NULL;
}
