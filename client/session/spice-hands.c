/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/spice-hands.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <spice-client.h>

#include "session/spice-session.h"

#define LAST "floe-hands-last" /* where the pointer was put, of a guest that is told how far */

static SpiceChannel *
find_channel (FloeSession *session, GType type)
{
  SpiceSession *spice = floe_session_get_spice (session);
  g_autoptr (GList) channels = spice != NULL ? spice_session_get_channels (spice) : NULL;
  SpiceChannel *found = NULL;

  for (GList *l = channels; l != NULL; l = l->next)
    {
      gint id;

      g_object_get (l->data, "channel-id", &id, NULL);
      if (id == 0 && g_type_is_a (G_OBJECT_TYPE (l->data), type))
        found = l->data;
    }
  return found;
}

/* The first monitor; all of the surface where nobody says what that is. */
static SpiceDisplayMonitorConfig
find_monitor (SpiceChannel *display, const SpiceDisplayPrimary *primary)
{
  SpiceDisplayMonitorConfig whole = { .width = (guint)primary->width,
                                      .height = (guint)primary->height };
  g_autoptr (GArray) monitors = NULL;
  SpiceDisplayMonitorConfig first;

  g_object_get (display, "monitors", &monitors, NULL);
  if (monitors == NULL || monitors->len == 0)
    return whole;
  first = g_array_index (monitors, SpiceDisplayMonitorConfig, 0);
  if (first.width == 0 || first.height == 0 || first.x > whole.width || first.y > whole.height
      || first.width > whole.width - first.x || first.height > whole.height - first.y)
    return whole;
  return first;
}

/* Memory has blue, green, red, and nothing; a picture has red, green, blue. */
static void
copy_row (const guint8 *from, guint8 *to, guint width)
{
  for (guint i = 0; i < width; i++, from += 4, to += 3)
    {
      to[0] = from[2];
      to[1] = from[1];
      to[2] = from[0];
    }
}

GdkPixbuf *
floe_spice_hands_capture (FloeSession *session)
{
  SpiceChannel *display = find_channel (session, SPICE_TYPE_DISPLAY_CHANNEL);
  SpiceDisplayPrimary primary;
  SpiceDisplayMonitorConfig monitor;
  GdkPixbuf *picture;

  if (display == NULL || !spice_display_channel_get_primary (display, 0, &primary)
      || primary.data == NULL
      || (primary.format != SPICE_SURFACE_FMT_32_xRGB
          && primary.format != SPICE_SURFACE_FMT_32_ARGB))
    return NULL;
  monitor = find_monitor (display, &primary);
  picture =
      gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, (gint)monitor.width, (gint)monitor.height);
  for (guint y = 0; picture != NULL && y < monitor.height; y++)
    copy_row (primary.data + (gssize)(monitor.y + y) * primary.stride + (gssize)monitor.x * 4,
              gdk_pixbuf_get_pixels (picture)
                  + (gsize)y * (gsize)gdk_pixbuf_get_rowstride (picture),
              monitor.width);
  return picture;
}

static SpiceInputsChannel *
find_inputs (FloeSession *session)
{
  SpiceChannel *inputs = find_channel (session, SPICE_TYPE_INPUTS_CHANNEL);

  return inputs != NULL ? SPICE_INPUTS_CHANNEL (inputs) : NULL;
}

void
floe_spice_hands_press_key (FloeSession *session, guint code, gboolean down)
{
  SpiceInputsChannel *inputs = find_inputs (session);

  if (inputs != NULL && down)
    spice_inputs_channel_key_press (inputs, code);
  else if (inputs != NULL)
    spice_inputs_channel_key_release (inputs, code);
}

static gboolean
takes_places (FloeSession *session)
{
  SpiceChannel *channel = find_channel (session, SPICE_TYPE_MAIN_CHANNEL);
  gint mode = SPICE_MOUSE_MODE_CLIENT;

  if (channel != NULL)
    g_object_get (channel, "mouse-mode", &mode, NULL);
  return mode == SPICE_MOUSE_MODE_CLIENT;
}

/* A guest without a tablet is told how far a pointer moves, and nobody knows where it is: as far as
 * it was moved here before. */
void
floe_spice_hands_move_pointer (FloeSession *session, gint x, gint y, guint buttons)
{
  SpiceInputsChannel *inputs = find_inputs (session);
  gsize last;

  if (inputs == NULL)
    return;
  if (takes_places (session))
    {
      spice_inputs_channel_position (inputs, x, y, 0, (gint)buttons);
      return;
    }
  last = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (inputs), LAST));
  if (last != 0)
    spice_inputs_channel_motion (inputs, x - (gint)((last - 1) >> 16),
                                 y - (gint)((last - 1) & 0xffff), (gint)buttons);
  g_object_set_data (G_OBJECT (inputs), LAST, GSIZE_TO_POINTER ((((gsize)x << 16) | (gsize)y) + 1));
}

void
floe_spice_hands_press_button (FloeSession *session, guint button, gboolean down, guint buttons)
{
  SpiceInputsChannel *inputs = find_inputs (session);

  if (inputs != NULL && down)
    spice_inputs_channel_button_press (inputs, (gint)button, (gint)buttons);
  else if (inputs != NULL)
    spice_inputs_channel_button_release (inputs, (gint)button, (gint)buttons);
}
