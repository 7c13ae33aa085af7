/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lists.h"

void
floe_person_free (FloePerson *self)
{
  if (self == NULL)
    return;
  floe_user_free (self->user);
  g_free (self->word);
  g_free (self);
}

FloeDesktopQuery *
floe_desktop_query_copy (const FloeDesktopQuery *self)
{
  FloeDesktopQuery *copy = g_new0 (FloeDesktopQuery, 1);

  *copy = *self;
  copy->pool = g_strdup (self->pool);
  copy->host = g_strdup (self->host);
  copy->state = g_strdup (self->state);
  copy->holder = g_strdup (self->holder);
  copy->terminal = g_strdup (self->terminal);
  copy->text = g_strdup (self->text);
  copy->after = g_strdupv (self->after);
  return copy;
}

void
floe_desktop_query_free (FloeDesktopQuery *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self->host);
  g_free (self->state);
  g_free (self->holder);
  g_free (self->terminal);
  g_free (self->text);
  g_strfreev (self->after);
  g_free (self);
}
