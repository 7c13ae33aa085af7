/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/folder.h"

struct _FloeFolderShare
{
  GObject parent_instance;

  SpiceSession *spice;
  SpiceChannel *channel; /* the guest's way to it, or NULL */
  FloeFolder rule;
  gchar *path;
  gboolean read_only;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeFolderShare, floe_folder_share, G_TYPE_OBJECT)

/* The library serves what its property names for as long as the channel is connected. */
static void
apply (FloeFolderShare *self)
{
  if (self->path != NULL)
    g_object_set (self->spice, "shared-dir", self->path, "share-dir-ro",
                  floe_folder_share_is_read_only (self), NULL);
  if (self->channel != NULL && self->path != NULL)
    spice_channel_connect (self->channel);
  else if (self->channel != NULL)
    spice_channel_disconnect (self->channel, SPICE_CHANNEL_NONE);
}

static void
on_channel_new (SpiceSession *spice, SpiceChannel *channel, FloeFolderShare *self)
{
  if (!SPICE_IS_WEBDAV_CHANNEL (channel))
    return;
  g_set_object (&self->channel, channel);
  apply (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_channel_destroy (SpiceSession *spice, SpiceChannel *channel, FloeFolderShare *self)
{
  if (channel != self->channel)
    return;
  g_clear_object (&self->channel);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * floe_folder_share_new:
 * @spice: a session
 * @rule: what the policy says
 *
 * Returns: (transfer full): one that shares nothing
 */
FloeFolderShare *
floe_folder_share_new (SpiceSession *spice, FloeFolder rule)
{
  FloeFolderShare *self = g_object_new (FLOE_TYPE_FOLDER_SHARE, NULL);
  g_autoptr (GList) channels = spice_session_get_channels (spice);

  self->spice = g_object_ref (spice);
  self->rule = rule;
  for (GList *l = channels; l != NULL; l = l->next)
    if (SPICE_IS_WEBDAV_CHANNEL (l->data))
      g_set_object (&self->channel, l->data);
  g_signal_connect_object (spice, "channel-new", G_CALLBACK (on_channel_new), self, 0);
  g_signal_connect_object (spice, "channel-destroy", G_CALLBACK (on_channel_destroy), self, 0);
  return self;
}

/**
 * floe_folder_share_is_possible:
 *
 * Returns: whether the policy allows it and the desktop has a way to it
 */
gboolean
floe_folder_share_is_possible (FloeFolderShare *self)
{
  return self->rule != FLOE_FOLDER_NONE && self->channel != NULL;
}

gboolean
floe_folder_share_may_write (FloeFolderShare *self)
{
  return self->rule == FLOE_FOLDER_READ_WRITE;
}

/**
 * floe_folder_share_set:
 * @path: (nullable): the folder; %NULL for none any more
 * @read_only: the guest may not write, even where the policy lets it
 */
void
floe_folder_share_set (FloeFolderShare *self, const gchar *path, gboolean read_only)
{
  g_return_if_fail (FLOE_IS_FOLDER_SHARE (self));

  if (self->rule == FLOE_FOLDER_NONE)
    path = NULL;
  if (g_strcmp0 (path, self->path) == 0 && read_only == self->read_only)
    return;
  g_free (self->path);
  self->path = g_strdup (path);
  self->read_only = read_only;
  apply (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

const gchar *
floe_folder_share_get_path (FloeFolderShare *self)
{
  return self->path;
}

gboolean
floe_folder_share_is_read_only (FloeFolderShare *self)
{
  return self->read_only || !floe_folder_share_may_write (self);
}

static void
floe_folder_share_dispose (GObject *object)
{
  FloeFolderShare *self = FLOE_FOLDER_SHARE (object);

  if (self->channel != NULL && self->path != NULL)
    spice_channel_disconnect (self->channel, SPICE_CHANNEL_NONE);
  g_clear_object (&self->channel);
  g_clear_object (&self->spice);
  G_OBJECT_CLASS (floe_folder_share_parent_class)->dispose (object);
}

static void
floe_folder_share_finalize (GObject *object)
{
  g_free (FLOE_FOLDER_SHARE (object)->path);
  G_OBJECT_CLASS (floe_folder_share_parent_class)->finalize (object);
}

static void
floe_folder_share_class_init (FloeFolderShareClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_folder_share_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_folder_share_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_FOLDER_SHARE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_folder_share_init (FloeFolderShare *self)
{
}
