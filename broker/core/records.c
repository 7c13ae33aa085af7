/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

#include "core/date.h"

void
floe_token_free (FloeToken *self)
{
  if (self == NULL)
    return;
  g_free (self->hash);
  g_free (self->login_id);
  floe_user_free (self->user);
  g_free (self->desktop_id);
  g_free (self->address);
  g_free (self->terminal);
  g_free (self);
}

/**
 * floe_audit_new:
 * @now: the time; the row has the date of it
 * @action: what was decided, such as "login" or "connect"
 * @object: (nullable): about which pool, desktop or person
 * @outcome: "intent", "done", "failed" or "denied"
 *
 * Returns: (transfer full): a row whose actor is the broker until somebody says otherwise
 */
FloeAudit *
floe_audit_new (gint64 now, const gchar *action, const gchar *object, const gchar *outcome)
{
  FloeAudit *self = g_new0 (FloeAudit, 1);

  self->at = floe_date_of (now);
  self->actor = g_strdup ("broker");
  self->action = g_strdup (action);
  self->object = g_strdup (object);
  self->outcome = g_strdup (outcome);
  return self;
}

static void
set_text (gchar **field, const gchar *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

void
floe_audit_set_caller (FloeAudit *self, const FloeCaller *caller)
{
  set_text (&self->address, caller->address);
  set_text (&self->terminal, caller->terminal);
  set_text (&self->request, caller->request);
}

void
floe_audit_set_identity (FloeAudit *self, const FloeIdentity *identity)
{
  set_text (&self->actor, identity->user->name);
  floe_audit_set_caller (self, identity->caller);
}

void
floe_audit_free (FloeAudit *self)
{
  if (self == NULL)
    return;
  g_free (self->actor);
  g_free (self->action);
  g_free (self->object);
  g_free (self->outcome);
  g_free (self->detail);
  g_free (self->address);
  g_free (self->terminal);
  g_free (self->request);
  g_free (self);
}

FloeTimer *
floe_timer_new (const gchar *kind, const gchar *subject, gint64 due)
{
  FloeTimer *self = g_new0 (FloeTimer, 1);

  self->kind = g_strdup (kind);
  self->subject = g_strdup (subject);
  self->due = due;
  return self;
}

void
floe_timer_free (FloeTimer *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->subject);
  g_free (self);
}
