/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/desktop.h"

#include <string.h>

FloeLease *
floe_lease_new (const gchar *holder, const gchar *holder_name, gint64 since)
{
  FloeLease *self = g_new0 (FloeLease, 1);

  self->holder = g_strdup (holder);
  self->holder_name = g_strdup (holder_name);
  self->since = since;
  self->slot = 1;
  return self;
}

FloeLease *
floe_lease_copy (const FloeLease *self)
{
  FloeLease *copy;

  if (self == NULL)
    return NULL;
  copy = floe_lease_new (self->holder, self->holder_name, self->since);
  copy->login_id = g_strdup (self->login_id);
  copy->address = g_strdup (self->address);
  copy->terminal = g_strdup (self->terminal);
  copy->slot = self->slot;
  return copy;
}

void
floe_lease_free (FloeLease *self)
{
  if (self == NULL)
    return;
  g_free (self->holder);
  g_free (self->holder_name);
  g_free (self->login_id);
  g_free (self->address);
  g_free (self->terminal);
  g_free (self);
}

/**
 * floe_end_new:
 * @by: (nullable): as all of these, see #FloeEnd
 *
 * Returns: (transfer full): an end
 */
FloeEnd *
floe_end_new (const gchar *reason, gint64 at, const gchar *by, const gchar *where,
              const gchar *user)
{
  FloeEnd *self = g_new0 (FloeEnd, 1);

  self->reason = g_strdup (reason);
  self->at = at;
  self->by = g_strdup (by);
  self->where = g_strdup (where);
  self->user = g_strdup (user);
  return self;
}

FloeEnd *
floe_end_copy (const FloeEnd *self)
{
  FloeEnd *copy;

  if (self == NULL)
    return NULL;
  copy = g_new0 (FloeEnd, 1);
  copy->reason = g_strdup (self->reason);
  copy->at = self->at;
  copy->by = g_strdup (self->by);
  copy->where = g_strdup (self->where);
  copy->user = g_strdup (self->user);
  return copy;
}

void
floe_end_free (FloeEnd *self)
{
  if (self == NULL)
    return;
  g_free (self->reason);
  g_free (self->by);
  g_free (self->where);
  g_free (self->user);
  g_free (self);
}

FloeDesktop *
floe_desktop_new (const gchar *id, const gchar *name, const gchar *pool)
{
  FloeDesktop *self = g_new0 (FloeDesktop, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->pool = g_strdup (pool);
  self->prepared = TRUE;
  return self;
}

FloeDesktop *
floe_desktop_copy (const FloeDesktop *self)
{
  FloeDesktop *copy = floe_desktop_new (self->id, self->name, self->pool);

  copy->kind = self->kind;
  copy->grace_seconds = self->grace_seconds;
  copy->ready_seconds = self->ready_seconds;
  copy->host = g_strdup (self->host);
  copy->facts = self->facts;
  memcpy (copy->times, self->times, sizeof copy->times);
  copy->intent_by = g_strdup (self->intent_by);
  copy->present = self->present;
  copy->has_agent = self->has_agent;
  copy->refusal = g_strdup (self->refusal);
  copy->problem = g_strdup (self->problem);
  copy->target = g_strdup (self->target);
  copy->made = self->made;
  copy->revision = self->revision;
  copy->number = self->number;
  copy->memory_mib = self->memory_mib;
  copy->failures = self->failures;
  copy->prepared = self->prepared;
  copy->engine = self->engine;
  copy->data_gib = self->data_gib;
  copy->not_before = self->not_before;
  copy->lease = floe_lease_copy (self->lease);
  copy->end = floe_end_copy (self->end);
  copy->engine_user = g_strdup (self->engine_user);
  copy->maintenance = self->maintenance;
  copy->folded = g_strdup (self->folded);
  return copy;
}

void
floe_desktop_free (FloeDesktop *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->pool);
  g_free (self->host);
  g_free (self->intent_by);
  g_free (self->refusal);
  g_free (self->problem);
  g_free (self->target);
  floe_lease_free (self->lease);
  floe_end_free (self->end);
  g_free (self->engine_user);
  g_free (self->folded);
  g_free (self);
}

/**
 * floe_desktop_set_lease:
 * @self: a desktop that has not left its transaction yet
 * @holder: who connects; a lease of theirs keeps its beginning
 * @now: microseconds since 1970 UTC
 *
 * Notes who uses the desktop, and from where.
 */
void
floe_desktop_set_lease (FloeDesktop *self, const FloeIdentity *holder, gint64 now)
{
  gint64 since = self->lease != NULL ? self->lease->since : now;
  guint slot = self->lease != NULL ? self->lease->slot : 1;

  floe_lease_free (self->lease);
  self->lease = floe_lease_new (holder->user->id, holder->user->name, since);
  self->lease->login_id = g_strdup (holder->login_id);
  self->lease->address = g_strdup (holder->caller->address);
  self->lease->terminal = g_strdup (holder->caller->terminal);
  self->lease->slot = slot;
}

/**
 * floe_desktop_set_end:
 * @self: a desktop that has not left its transaction yet
 * @reason: see #FloeEnd
 * @at: when
 * @by: (nullable): who did it
 * @where: (nullable): from which address
 *
 * Notes why the session of the present holder ended; does nothing without a lease.
 */
void
floe_desktop_set_end (FloeDesktop *self, const gchar *reason, gint64 at, const gchar *by,
                      const gchar *where)
{
  if (self->lease == NULL)
    return;
  floe_end_free (self->end);
  self->end = floe_end_new (reason, at, by, where, self->lease->holder);
}

/**
 * floe_desktop_get_nature:
 *
 * Returns: what the lifecycle needs to know of it beside its facts
 */
FloeNature
floe_desktop_get_nature (const FloeDesktop *self)
{
  if (!self->engine)
    return floe_nature_of (self->kind, self->made);
  return self->kind == FLOE_POOL_FLOATING ? FLOE_NATURE_ENGINE : FLOE_NATURE_ENGINE_KEPT;
}

gboolean
floe_desktop_is_held_by (const FloeDesktop *self, const gchar *user_id)
{
  return self->lease != NULL && g_strcmp0 (self->lease->holder, user_id) == 0;
}

/**
 * floe_desktop_is_owed:
 *
 * Returns: whether it is nobody's here, and has to be taken from somebody at its engine yet
 */
gboolean
floe_desktop_is_owed (const FloeDesktop *self)
{
  return floe_desktop_get_nature (self) == FLOE_NATURE_ENGINE_KEPT
         && (self->facts.intent == FLOE_INTENT_RESET || self->facts.clean == FLOE_CLEAN_BROKEN);
}

/**
 * floe_desktop_is_ready:
 * @self: a desktop
 * @now: microseconds since 1970 UTC
 *
 * Returns: whether its display is worth opening: it runs, has its personality, and its guest is
 *   ready or has been waited for long enough. Nothing makes up for a first boot that has not ended
 */
gboolean
floe_desktop_is_ready (const FloeDesktop *self, gint64 now)
{
  const FloeFacts *facts = &self->facts;

  return facts->power == FLOE_POWER_ON && facts->intent == FLOE_INTENT_NONE && self->prepared
         && (facts->guest == FLOE_GUEST_READY || facts->guest == FLOE_GUEST_LOGGED_IN
             || now - self->times[0] >= (gint64)self->ready_seconds * G_USEC_PER_SEC);
}

/**
 * floe_desktop_state_name:
 *
 * Returns: (transfer none): one word for people, made from the six facts: "making",
 * "off", "starting", "ready", "in-use", "stopping", "moving", "resetting", "broken" or "host-lost".
 * Nothing in the broker decides by it
 */
const gchar *
floe_desktop_state_name (const FloeDesktop *self)
{
  const FloeFacts *facts = &self->facts;

  if (facts->power == FLOE_POWER_UNKNOWN)
    return "host-lost";
  if (facts->clean == FLOE_CLEAN_BROKEN && facts->intent == FLOE_INTENT_NONE)
    return "broken";
  if (facts->intent == FLOE_INTENT_CREATE)
    return "making";
  if (facts->intent == FLOE_INTENT_RESET || facts->intent == FLOE_INTENT_REMOVE)
    return "resetting";
  if (facts->intent == FLOE_INTENT_STOP)
    return "stopping";
  if (facts->intent == FLOE_INTENT_MOVE)
    return "moving";
  if (facts->intent == FLOE_INTENT_START || facts->power == FLOE_POWER_STARTING)
    return "starting";
  if (facts->power != FLOE_POWER_ON)
    return "off";
  if (facts->console == FLOE_CONSOLE_CONNECTED)
    return "in-use";
  return facts->guest == FLOE_GUEST_BOOTING ? "starting" : "ready";
}
