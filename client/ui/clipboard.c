/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/clipboard.h"

/* The protocol's number for what is copied by Ctrl+C; the others are selections of X. */
#define COPIED 0

struct _FloeClipboard
{
  GObject parent_instance;

  SpiceGtkSession *gtk_session;
  FloeWay way;  /* the policy's */
  FloeWay wish; /* the person's */
  gboolean share;
};

G_DEFINE_FINAL_TYPE (FloeClipboard, floe_clipboard, G_TYPE_OBJECT)

/* What both the policy and the person want. */
static FloeWay
get_way (FloeClipboard *self)
{
  if (!self->share)
    return FLOE_WAY_NONE;
  if (self->way == FLOE_WAY_BOTH || self->way == self->wish)
    return self->wish;
  return self->wish == FLOE_WAY_BOTH ? self->way : FLOE_WAY_NONE;
}

/* The library copies by itself in both ways or not at all; one way is what its two calls do. */
static void
apply (FloeClipboard *self)
{
  g_object_set (self->gtk_session, "auto-clipboard", get_way (self) == FLOE_WAY_BOTH, NULL);
}

static void
on_owner_change (GtkClipboard *clipboard, GdkEventOwnerChange *event, FloeClipboard *self)
{
  if (get_way (self) == FLOE_WAY_TO_GUEST && event->reason == GDK_OWNER_CHANGE_NEW_OWNER)
    spice_gtk_session_copy_to_guest (self->gtk_session);
}

/* After the library's own handler, which notes what the guest offers. */
static gboolean
on_guest_grab (SpiceMainChannel *channel, guint selection, gpointer types, guint n_types,
               FloeClipboard *self)
{
  if (get_way (self) == FLOE_WAY_FROM_GUEST && selection == COPIED && n_types > 0)
    spice_gtk_session_paste_from_guest (self->gtk_session);
  return TRUE;
}

static void
watch_channel (SpiceSession *spice, SpiceChannel *channel, FloeClipboard *self)
{
  if (SPICE_IS_MAIN_CHANNEL (channel))
    g_signal_connect_object (channel, "main-clipboard-selection-grab", G_CALLBACK (on_guest_grab),
                             self, G_CONNECT_AFTER);
}

/**
 * floe_clipboard_new:
 * @spice: a session
 * @way: what the policy says
 *
 * Returns: (transfer full): one that shares nothing until it is told to
 */
FloeClipboard *
floe_clipboard_new (SpiceSession *spice, FloeWay way)
{
  FloeClipboard *self = g_object_new (FLOE_TYPE_CLIPBOARD, NULL);
  g_autoptr (GList) channels = spice_session_get_channels (spice);

  self->gtk_session = g_object_ref (spice_gtk_session_get (spice));
  self->way = way;
  apply (self);
  g_signal_connect_object (gtk_clipboard_get (GDK_SELECTION_CLIPBOARD), "owner-change",
                           G_CALLBACK (on_owner_change), self, G_CONNECT_AFTER);
  for (GList *l = channels; l != NULL; l = l->next)
    watch_channel (spice, l->data, self);
  g_signal_connect_object (spice, "channel-new", G_CALLBACK (watch_channel), self, 0);
  return self;
}

/**
 * floe_clipboard_set_share:
 * @share: whether the person wants it at all
 */
void
floe_clipboard_set_share (FloeClipboard *self, gboolean share)
{
  g_return_if_fail (FLOE_IS_CLIPBOARD (self));

  self->share = share;
  apply (self);
}

/**
 * floe_clipboard_set_wish:
 * @wish: which way the person wants it, as far as the policy allows it
 */
void
floe_clipboard_set_wish (FloeClipboard *self, FloeWay wish)
{
  g_return_if_fail (FLOE_IS_CLIPBOARD (self));

  self->wish = wish;
  apply (self);
}

static void
floe_clipboard_finalize (GObject *object)
{
  g_clear_object (&FLOE_CLIPBOARD (object)->gtk_session);
  G_OBJECT_CLASS (floe_clipboard_parent_class)->finalize (object);
}

static void
floe_clipboard_class_init (FloeClipboardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_clipboard_finalize;
}

static void
floe_clipboard_init (FloeClipboard *self)
{
}
