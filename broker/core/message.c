/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/message.h"

FloeMessage *
floe_message_new (const gchar *desktop_id, const gchar *holder, const gchar *text, gint64 at)
{
  FloeMessage *self = g_new0 (FloeMessage, 1);

  self->id = g_uuid_string_random ();
  self->desktop_id = g_strdup (desktop_id);
  self->holder = g_strdup (holder);
  self->text = g_strdup (text);
  self->at = at;
  return self;
}

void
floe_message_free (FloeMessage *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->desktop_id);
  g_free (self->holder);
  g_free (self->sender);
  g_free (self->text);
  g_free (self);
}
