/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_ONCE_KEPT (24 * G_TIME_SPAN_HOUR)

/**
 * FloeOnce:
 * @actor: who acts, by their user's id
 * @key: what they call the act
 * @print: a hash of what was asked: under one key that is one thing
 * @at: when it was asked first, microseconds since 1970 UTC
 * @status: of HTTP, as it was answered; 0 while it is under way
 * @type: (nullable): the answer's media type
 * @body: (nullable): the answer; %NULL for none, and for one that was secret
 * @secret: the answer held a secret, and is not kept
 * @fresh: nobody asked for it before
 *
 * An act that is done once, however often it is asked for under the same key.
 */
typedef struct
{
  gchar *actor;
  gchar *key;
  gchar *print;
  gint64 at;
  guint status;
  gchar *type;
  gchar *body;
  gboolean secret;
  gboolean fresh;
} FloeOnce;

FloeOnce *floe_once_new (const gchar *actor, const gchar *key, const gchar *print);
FloeOnce *floe_once_copy (const FloeOnce *self);
void floe_once_free (FloeOnce *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeOnce, floe_once_free)

G_END_DECLS
