/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-bulk.h"

FloeBulkItem *
floe_bulk_item_new (const gchar *subject)
{
  FloeBulkItem *self = g_new0 (FloeBulkItem, 1);

  self->subject = g_strdup (subject);
  return self;
}

void
floe_bulk_item_free (FloeBulkItem *self)
{
  if (self == NULL)
    return;
  g_free (self->subject);
  g_free (self->name);
  g_free (self->holder);
  g_clear_error (&self->refusal);
  floe_change_free (self->change);
  g_clear_pointer (&self->desktops, g_ptr_array_unref);
  g_free (self);
}
