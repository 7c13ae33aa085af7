/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeMessage:
 * @id: its own, by which whoever hears it twice knows it
 * @desktop_id: at which desktop
 * @holder: the #FloeUser id of whoever held it then, and nobody else is told
 * @sender: who wrote it, as people are called
 * @text: what they wrote
 * @at: microseconds since 1970 UTC
 *
 * What the helpdesk tells somebody who sits at a desktop.
 */
typedef struct
{
  gchar *id;
  gchar *desktop_id;
  gchar *holder;
  gchar *sender;
  gchar *text;
  gint64 at;
} FloeMessage;

FloeMessage *floe_message_new (const gchar *desktop_id, const gchar *holder, const gchar *text,
                               gint64 at);
void floe_message_free (FloeMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeMessage, floe_message_free)

G_END_DECLS
