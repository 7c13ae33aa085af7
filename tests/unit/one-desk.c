/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "one-desk.h"

#include <string.h>

#include "core/helpdesk-pools.h"

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

/* What the holder of the desktop is told is to come. */
FloeOutlook *
one_desk_look (OneDesk *self)
{
  g_autoptr (FloeDesktop) desktop = one_desk_get (self);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FloeOutlook *outlook;

  floe_sessions_look_async (self->sessions, desktop, NULL, house_answered, &result);
  house_wait (self->house, &result);
  outlook = floe_sessions_look_finish (self->sessions, result, &error);
  g_assert_no_error (error);
  return outlook;
}

gboolean
one_desk_close_pool (OneDesk *self, const gchar *name, const gchar *message, gboolean drain,
                     guint minutes, GError **error)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_close_pool_async (self->house->helpdesk, helen, name, message, drain, minutes,
                                  house_answered, &result);
  house_wait (self->house, &result);
  return floe_helpdesk_pool_finish (self->house->helpdesk, result, error);
}

gboolean
one_desk_open_pool (OneDesk *self)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_open_pool_async (self->house->helpdesk, helen, "office", house_answered, &result);
  house_wait (self->house, &result);
  return floe_helpdesk_pool_finish (self->house->helpdesk, result, NULL);
}

gboolean
one_desk_was_asked (OneDesk *self, const gchar *call)
{
  return strstr (fake_manager_get_log (self->house->manager), call) != NULL;
}
