/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/guest-screens.h"

struct _FloeGuestScreens
{
  GObject parent_instance;

  SpiceSession *spice;
  SpiceMainChannel *main;
  GPtrArray *displays; /* SpiceChannel, by id */
  GArray *wanted;      /* FloeGuestScreen, or NULL when nobody asks */
  guint n_asked;       /* screens that the agent was told about since it came */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeGuestScreens, floe_guest_screens, G_TYPE_OBJECT)

/**
 * floe_guest_screens_has_agent:
 * @self: the screens
 *
 * Returns: whether the guest has somebody who can be asked
 */
gboolean
floe_guest_screens_has_agent (FloeGuestScreens *self)
{
  gboolean connected = FALSE;

  g_return_val_if_fail (FLOE_IS_GUEST_SCREENS (self), FALSE);

  if (self->main != NULL)
    g_object_get (self->main, "agent-connected", &connected, NULL);
  return connected;
}

/**
 * floe_guest_screens_get_most:
 * @self: the screens
 *
 * Returns: how many screens the guest's cards can have
 */
guint
floe_guest_screens_get_most (FloeGuestScreens *self)
{
  guint most = 1;

  g_return_val_if_fail (FLOE_IS_GUEST_SCREENS (self), 1);

  if (self->displays->len > 1)
    return self->displays->len;
  if (self->displays->len == 1)
    g_object_get (self->displays->pdata[0], "monitors-max", &most, NULL);
  return MAX (most, 1);
}

static gboolean
has_monitor (SpiceChannel *channel, guint id)
{
  g_autoptr (GArray) monitors = NULL;

  g_object_get (channel, "monitors", &monitors, NULL);
  for (guint i = 0; monitors != NULL && i < monitors->len; i++)
    {
      const SpiceDisplayMonitorConfig *monitor =
          &g_array_index (monitors, SpiceDisplayMonitorConfig, i);

      if (monitor->id == id && monitor->width > 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * floe_guest_screens_find:
 * @self: the screens
 * @index: of those that were asked for, which one
 * @channel_id: (out): its channel
 * @monitor_id: (out): which one it is there
 *
 * Returns: whether the guest has it
 */
gboolean
floe_guest_screens_find (FloeGuestScreens *self, guint index, guint *channel_id, guint *monitor_id)
{
  g_return_val_if_fail (FLOE_IS_GUEST_SCREENS (self), FALSE);

  *channel_id = self->displays->len > 1 ? index : 0;
  *monitor_id = self->displays->len > 1 ? 0 : index;
  return *channel_id < self->displays->len
         && has_monitor (self->displays->pdata[*channel_id], *monitor_id);
}

/* What the library does for the one window of a single screen, it does for each for itself, and
 * would move what was arranged. */
static void
arrange_by_hand (FloeGuestScreens *self, gboolean by_hand)
{
  g_object_set (self->main, "disable-display-position", !by_hand, "disable-display-align", by_hand,
                NULL);
}

static void
tell_agent (FloeGuestScreens *self)
{
  guint n = self->wanted != NULL ? self->wanted->len : 0;

  if (!floe_guest_screens_has_agent (self))
    return;
  arrange_by_hand (self, n > 0);
  for (guint i = 0; i < n; i++)
    {
      const FloeGuestScreen *screen = &g_array_index (self->wanted, FloeGuestScreen, i);

      spice_main_channel_update_display (self->main, (gint)i, screen->x, screen->y, screen->width,
                                         screen->height, FALSE);
      spice_main_channel_update_display_mm (self->main, (gint)i, screen->width_mm,
                                            screen->height_mm, FALSE);
      spice_main_channel_update_display_enabled (self->main, (gint)i, TRUE, FALSE);
    }
  for (guint i = MAX (n, 1); i < self->n_asked; i++)
    spice_main_channel_update_display_enabled (self->main, (gint)i, FALSE, FALSE);
  if (n > 0 || self->n_asked > 1)
    spice_main_channel_send_monitor_config (self->main);
  self->n_asked = n;
}

/**
 * floe_guest_screens_ask:
 * @self: the screens
 * @screens: (nullable) (element-type FloeGuestScreen): what the guest should have; %NULL leaves it
 *   to the library again, with one screen
 *
 * Asks the agent, now or when it comes, and again whenever it comes anew.
 */
void
floe_guest_screens_ask (FloeGuestScreens *self, const GArray *screens)
{
  g_return_if_fail (FLOE_IS_GUEST_SCREENS (self));

  g_clear_pointer (&self->wanted, g_array_unref);
  if (screens != NULL)
    {
      self->wanted = g_array_new (FALSE, FALSE, sizeof (FloeGuestScreen));
      g_array_append_vals (self->wanted, screens->data, screens->len);
    }
  tell_agent (self);
}

static void
on_changed (FloeGuestScreens *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* An agent that comes, as after a restart of the guest, knows nothing of what another one was told.
 */
static void
on_agent (FloeGuestScreens *self)
{
  self->n_asked = 0;
  if (self->wanted != NULL)
    tell_agent (self);
  on_changed (self);
}

static gint
compare_channels (gconstpointer a, gconstpointer b)
{
  gint first, second;

  g_object_get (*(SpiceChannel *const *)a, "channel-id", &first, NULL);
  g_object_get (*(SpiceChannel *const *)b, "channel-id", &second, NULL);
  return first - second;
}

static void
on_channel_new (SpiceSession *spice, SpiceChannel *channel, FloeGuestScreens *self)
{
  if (SPICE_IS_MAIN_CHANNEL (channel))
    {
      g_set_object (&self->main, SPICE_MAIN_CHANNEL (channel));
      g_signal_connect_object (channel, "notify::agent-connected", G_CALLBACK (on_agent), self,
                               G_CONNECT_SWAPPED);
    }
  else if (SPICE_IS_DISPLAY_CHANNEL (channel))
    {
      g_ptr_array_add (self->displays, g_object_ref (channel));
      g_ptr_array_sort (self->displays, compare_channels);
      g_signal_connect_object (channel, "notify::monitors", G_CALLBACK (on_changed), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (channel, "notify::monitors-max", G_CALLBACK (on_changed), self,
                               G_CONNECT_SWAPPED);
    }
}

static void
on_channel_destroy (SpiceSession *spice, SpiceChannel *channel, FloeGuestScreens *self)
{
  if (channel == (SpiceChannel *)self->main)
    g_clear_object (&self->main);
  else if (g_ptr_array_remove (self->displays, channel))
    on_changed (self);
}

/**
 * floe_guest_screens_new:
 * @spice: a session
 *
 * Returns: (transfer full): its guest's screens
 */
FloeGuestScreens *
floe_guest_screens_new (SpiceSession *spice)
{
  FloeGuestScreens *self = g_object_new (FLOE_TYPE_GUEST_SCREENS, NULL);
  GList *channels = spice_session_get_channels (spice);

  self->spice = g_object_ref (spice);
  for (GList *l = channels; l != NULL; l = l->next)
    on_channel_new (spice, l->data, self);
  g_list_free (channels);
  g_signal_connect_object (spice, "channel-new", G_CALLBACK (on_channel_new), self, 0);
  g_signal_connect_object (spice, "channel-destroy", G_CALLBACK (on_channel_destroy), self, 0);
  return self;
}

static void
floe_guest_screens_dispose (GObject *object)
{
  FloeGuestScreens *self = FLOE_GUEST_SCREENS (object);

  g_clear_object (&self->main);
  g_clear_pointer (&self->displays, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_array_unref);
  g_clear_object (&self->spice);
  G_OBJECT_CLASS (floe_guest_screens_parent_class)->dispose (object);
}

static void
floe_guest_screens_class_init (FloeGuestScreensClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_guest_screens_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_GUEST_SCREENS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_guest_screens_init (FloeGuestScreens *self)
{
  self->displays = g_ptr_array_new_with_free_func (g_object_unref);
}
