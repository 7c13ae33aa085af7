/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/once.h"

FloeOnce *
floe_once_new (const gchar *actor, const gchar *key, const gchar *print)
{
  FloeOnce *self = g_new0 (FloeOnce, 1);

  self->actor = g_strdup (actor);
  self->key = g_strdup (key);
  self->print = g_strdup (print);
  return self;
}

FloeOnce *
floe_once_copy (const FloeOnce *self)
{
  FloeOnce *copy = floe_once_new (self->actor, self->key, self->print);

  copy->at = self->at;
  copy->status = self->status;
  copy->type = g_strdup (self->type);
  copy->body = g_strdup (self->body);
  copy->secret = self->secret;
  copy->fresh = self->fresh;
  return copy;
}

void
floe_once_free (FloeOnce *self)
{
  if (self == NULL)
    return;
  g_free (self->actor);
  g_free (self->key);
  g_free (self->print);
  g_free (self->type);
  g_free (self->body);
  g_free (self);
}
