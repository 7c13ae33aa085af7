/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/screen-parts.h"

#include <string.h>

/* Text stays sharp, and a screen of work is some tens of KiB. */
#define QUALITY "75"
/* What is cut at first: mostly small enough. */
#define ROWS 192
/* A piece that is not worth dividing any more. */
#define SMALLEST 8

static void
part_free (gpointer data)
{
  FloeScreenPart *part = data;

  g_bytes_unref (part->bytes);
  g_free (part);
}

static const guint8 *
row_of (GdkPixbuf *screen, gint y)
{
  return gdk_pixbuf_read_pixels (screen) + (gsize)y * (gsize)gdk_pixbuf_get_rowstride (screen);
}

/* widen: how far @first and @end (in bytes) must reach so that all that differs is within */
static void
widen (const guint8 *a, const guint8 *b, gsize length, gsize *first, gsize *end)
{
  gsize from = 0;
  gsize to = length;

  while (from < *first && a[from] == b[from])
    from++;
  while (to > *end && a[to - 1] == b[to - 1])
    to--;
  *first = MIN (*first, from);
  *end = MAX (*end, to);
}

/**
 * floe_screen_find_change:
 * @before: (nullable): the screen as it was seen last
 * @now: as it is now
 * @area: (out): the smallest that holds all that changed
 *
 * Returns: whether anything changed; what has another size has changed wholly
 */
gboolean
floe_screen_find_change (GdkPixbuf *before, GdkPixbuf *now, FloeScreenArea *area)
{
  gint width = gdk_pixbuf_get_width (now);
  gint height = gdk_pixbuf_get_height (now);
  gsize pixel = (gsize)gdk_pixbuf_get_n_channels (now);
  gsize length = (gsize)width * pixel;
  gsize first = length, end = 0;
  gint top = -1, bottom = -1;

  *area = (FloeScreenArea){ 0, 0, width, height };
  if (before == NULL || gdk_pixbuf_get_width (before) != width
      || gdk_pixbuf_get_height (before) != height
      || (gsize)gdk_pixbuf_get_n_channels (before) != pixel)
    return TRUE;
  for (gint y = 0; y < height; y++)
    {
      const guint8 *a = row_of (before, y);
      const guint8 *b = row_of (now, y);

      if (memcmp (a, b, length) == 0)
        continue;
      top = top < 0 ? y : top;
      bottom = y;
      widen (a, b, length, &first, &end);
    }
  if (top < 0)
    return FALSE;
  area->x = (gint)(first / pixel);
  area->y = top;
  area->width = (gint)((end + pixel - 1) / pixel) - area->x;
  area->height = bottom - top + 1;
  return TRUE;
}

static gboolean cut (GdkPixbuf *screen, const FloeScreenArea *area, gsize max_bytes,
                     GPtrArray *parts, GError **error);

static gboolean
cut_in_two (GdkPixbuf *screen, const FloeScreenArea *area, gsize max_bytes, GPtrArray *parts,
            GError **error)
{
  FloeScreenArea first = *area;
  FloeScreenArea second = *area;

  if (area->width >= area->height)
    {
      first.width /= 2;
      second.x += first.width;
      second.width -= first.width;
    }
  else
    {
      first.height /= 2;
      second.y += first.height;
      second.height -= first.height;
    }
  return cut (screen, &first, max_bytes, parts, error)
         && cut (screen, &second, max_bytes, parts, error);
}

static gboolean
cut (GdkPixbuf *screen, const FloeScreenArea *area, gsize max_bytes, GPtrArray *parts,
     GError **error)
{
  g_autoptr (GdkPixbuf) piece =
      gdk_pixbuf_new_subpixbuf (screen, area->x, area->y, area->width, area->height);
  gboolean is_small = area->width <= SMALLEST && area->height <= SMALLEST;
  FloeScreenPart *part;
  gchar *bytes;
  gsize length;

  if (!gdk_pixbuf_save_to_buffer (piece, &bytes, &length, "jpeg", error, "quality", QUALITY, NULL))
    return FALSE;
  if (length > max_bytes && !is_small)
    {
      g_free (bytes);
      return cut_in_two (screen, area, max_bytes, parts, error);
    }
  part = g_new0 (FloeScreenPart, 1);
  part->x = (guint)area->x;
  part->y = (guint)area->y;
  part->bytes = g_bytes_new_take (bytes, length);
  g_ptr_array_add (parts, part);
  return TRUE;
}

/**
 * floe_screen_cut:
 * @area: of @screen
 * @max_bytes: how large a part may be
 *
 * Returns: (transfer full) (element-type FloeScreenPart): all of @area; or %NULL
 */
GPtrArray *
floe_screen_cut (GdkPixbuf *screen, const FloeScreenArea *area, gsize max_bytes, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (part_free);
  FloeScreenArea strip = *area;

  for (gint done = 0; done < area->height; done += ROWS)
    {
      strip.y = area->y + done;
      strip.height = MIN (ROWS, area->height - done);
      if (!cut (screen, &strip, max_bytes, parts, error))
        return NULL;
    }
  return g_steal_pointer (&parts);
}
