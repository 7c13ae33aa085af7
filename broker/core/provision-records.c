/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

#include "core/names.h"

static const gchar *const revision_states[] = { "making", "canary", "current", "failed", "old" };

const gchar *
floe_revision_state_name (FloeRevisionState state)
{
  return (guint)state < G_N_ELEMENTS (revision_states) ? revision_states[state] : "unknown";
}

/**
 * floe_revision_state_from_name:
 *
 * Returns: the state; one that nobody knows is a failed one
 */
FloeRevisionState
floe_revision_state_from_name (const gchar *name)
{
  gint found = floe_names_find (revision_states, G_N_ELEMENTS (revision_states), name);

  return found >= 0 ? (FloeRevisionState)found : FLOE_REVISION_FAILED;
}

FloeRevision *
floe_revision_new (const gchar *pool, guint number)
{
  FloeRevision *self = g_new0 (FloeRevision, 1);

  self->pool = g_strdup (pool);
  self->number = number;
  return self;
}

void
floe_revision_free (FloeRevision *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self->host);
  g_free (self->volume);
  g_free (self->sha256);
  g_free (self->xml);
  g_free (self->problem);
  g_free (self);
}

FloeImage *
floe_image_new (const gchar *pool, guint revision, const gchar *host)
{
  FloeImage *self = g_new0 (FloeImage, 1);

  self->pool = g_strdup (pool);
  self->revision = revision;
  self->host = g_strdup (host);
  return self;
}

void
floe_image_free (FloeImage *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self->host);
  g_free (self->problem);
  g_free (self);
}

FloeHostNote *
floe_host_note_new (const gchar *name)
{
  FloeHostNote *self = g_new0 (FloeHostNote, 1);

  self->name = g_strdup (name);
  return self;
}

FloeHostNote *
floe_host_note_copy (const FloeHostNote *self)
{
  FloeHostNote *copy = g_new0 (FloeHostNote, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->by = g_strdup (self->by);
  copy->message = g_strdup (self->message);
  return copy;
}

void
floe_host_note_free (FloeHostNote *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->by);
  g_free (self->message);
  g_free (self);
}

FloeWait *
floe_wait_new (const gchar *pool, const gchar *user_id, const gchar *user_name,
               const gchar *login_id, gint64 since)
{
  FloeWait *self = g_new0 (FloeWait, 1);

  self->pool = g_strdup (pool);
  self->user_id = g_strdup (user_id);
  self->user_name = g_strdup (user_name);
  self->login_id = g_strdup (login_id);
  self->since = since;
  self->seen = since;
  return self;
}

FloeWait *
floe_wait_copy (const FloeWait *self)
{
  FloeWait *copy =
      floe_wait_new (self->pool, self->user_id, self->user_name, self->login_id, self->since);

  copy->seen = self->seen;
  copy->data_host = g_strdup (self->data_host);
  copy->data_lost = self->data_lost;
  return copy;
}

void
floe_wait_free (FloeWait *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self->user_id);
  g_free (self->user_name);
  g_free (self->login_id);
  g_free (self->data_host);
  g_free (self);
}

FloeDataDisk *
floe_data_disk_new (const gchar *pool, const gchar *user_id, const gchar *volume)
{
  FloeDataDisk *self = g_new0 (FloeDataDisk, 1);

  self->pool = g_strdup (pool);
  self->user_id = g_strdup (user_id);
  self->volume = g_strdup (volume);
  return self;
}

void
floe_data_disk_free (FloeDataDisk *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self->user_id);
  g_free (self->volume);
  g_free (self->host);
  g_free (self->desktop_id);
  g_free (self);
}

FloePoolState *
floe_pool_state_new (const gchar *pool)
{
  FloePoolState *self = g_new0 (FloePoolState, 1);

  self->pool = g_strdup (pool);
  return self;
}

void
floe_pool_state_free (FloePoolState *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self->problem);
  g_free (self->note);
  g_free (self);
}

void
floe_desktop_count_free (FloeDesktopCount *self)
{
  if (self == NULL)
    return;
  g_free (self->host);
  g_free (self);
}

FloeFeedEntry *
floe_feed_entry_new (gint64 seq, const gchar *kind, const gchar *subject)
{
  FloeFeedEntry *self = g_new0 (FloeFeedEntry, 1);

  self->seq = seq;
  self->kind = g_strdup (kind);
  self->subject = g_strdup (subject);
  return self;
}

void
floe_feed_entry_free (FloeFeedEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->subject);
  g_free (self);
}
