/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/monitors.h"

#include <string.h>

FloeMonitor *
floe_monitor_new (const gchar *connector, gint x, gint y, gint width, gint height)
{
  FloeMonitor *self = g_new0 (FloeMonitor, 1);

  self->connector = g_strdup (connector);
  self->name = g_strdup (connector);
  self->x = x;
  self->y = y;
  self->width = width;
  self->height = height;
  self->scale = 1;
  return self;
}

void
floe_monitor_free (FloeMonitor *self)
{
  if (self == NULL)
    return;
  g_free (self->connector);
  g_free (self->name);
  g_free (self);
}

/* The layout. */

/* One axis at a time: a monitor and a screen as where they begin and how long they are. */
typedef struct
{
  gint begin;
  gint length;
  gint pixels;
  gint place;
} Span;

static gint
compare_spans (gconstpointer a, gconstpointer b)
{
  const Span *first = *(Span *const *)a, *second = *(Span *const *)b;

  return (first->begin > second->begin) - (first->begin < second->begin);
}

/*
 * Whatever ends here before another one begins does so in the guest, too. For monitors of one scale
 * that is the layout as it is, times the scale. Where scales differ, the guest has to move some of
 * them further away, or they would overlap there.
 */
static void
place_spans (GPtrArray *spans, gint scale)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  const Span *first;

  g_ptr_array_extend (sorted, spans, NULL, NULL);
  g_ptr_array_sort (sorted, compare_spans);
  first = sorted->pdata[0];
  for (guint i = 0; i < sorted->len; i++)
    {
      Span *span = sorted->pdata[i];

      span->place = (span->begin - first->begin) * scale;
      for (guint k = 0; k < i; k++)
        {
          const Span *before = sorted->pdata[k];

          if (before->begin + before->length <= span->begin)
            span->place = MAX (span->place, before->place + before->pixels);
        }
    }
}

static gint
find_scale (GPtrArray *monitors)
{
  gint scale = G_MAXINT;

  for (guint i = 0; i < monitors->len; i++)
    scale = MIN (scale, ((FloeMonitor *)monitors->pdata[i])->scale);
  return scale;
}

/**
 * floe_monitors_lay_out:
 * @monitors: (element-type FloeMonitor): on which a guest is to be seen
 *
 * Says which screens the guest should have: one for each monitor, with as many pixels as that
 * really has, arranged in the same way, and beginning at the upper left. A guest cuts widths down
 * to a multiple of 8 where its card wants that, so they are left as they are.
 *
 * Returns: (transfer full) (element-type FloeGuestScreen): in the order of @monitors
 */
GArray *
floe_monitors_lay_out (GPtrArray *monitors)
{
  g_autoptr (GPtrArray) across = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) down = g_ptr_array_new_with_free_func (g_free);
  GArray *screens = g_array_new (FALSE, TRUE, sizeof (FloeGuestScreen));
  gint scale = find_scale (monitors);

  if (monitors->len == 0)
    return screens;
  for (guint i = 0; i < monitors->len; i++)
    {
      const FloeMonitor *m = monitors->pdata[i];
      const Span x = { m->x, m->width, m->width * m->scale, 0 };
      const Span y = { m->y, m->height, m->height * m->scale, 0 };

      g_ptr_array_add (across, g_memdup2 (&x, sizeof x));
      g_ptr_array_add (down, g_memdup2 (&y, sizeof y));
    }
  place_spans (across, scale);
  place_spans (down, scale);
  for (guint i = 0; i < monitors->len; i++)
    {
      const FloeMonitor *m = monitors->pdata[i];
      const Span *x = across->pdata[i], *y = down->pdata[i];
      const FloeGuestScreen screen = { x->place,  y->place,    x->pixels,
                                       y->pixels, m->width_mm, m->height_mm };

      g_array_append_val (screens, screen);
    }
  return screens;
}

/* The choice. */

/**
 * floe_monitors_choose:
 * @monitors: (element-type FloeMonitor): all of this machine
 * @connectors: (nullable): the chosen ones; %NULL for all
 * @first: (nullable): the connector of the one that is never left out, and comes first
 * @most: how many screens the guest can have
 *
 * Returns: (transfer container) (element-type FloeMonitor): on which the guest is to be seen: the
 *   first one, and the others that were chosen, from left to right
 */
GPtrArray *
floe_monitors_choose (GPtrArray *monitors, const gchar *const *connectors, const gchar *first,
                      guint most)
{
  GPtrArray *chosen = g_ptr_array_new ();

  for (guint i = 0; i < monitors->len; i++)
    if (g_strcmp0 (((FloeMonitor *)monitors->pdata[i])->connector, first) == 0)
      g_ptr_array_add (chosen, monitors->pdata[i]);
  for (guint i = 0; i < monitors->len && chosen->len < most; i++)
    {
      const FloeMonitor *monitor = monitors->pdata[i];

      if (g_strcmp0 (monitor->connector, first) != 0
          && (connectors == NULL || g_strv_contains (connectors, monitor->connector)))
        g_ptr_array_add (chosen, monitors->pdata[i]);
    }
  return chosen;
}

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(gchar *const *)a, *(gchar *const *)b);
}

/**
 * floe_monitors_dup_key:
 * @monitors: (element-type FloeMonitor): all of this machine
 *
 * Returns: (transfer full): what this set of monitors is remembered by: their connectors and sizes,
 *   however they are arranged
 */
gchar *
floe_monitors_dup_key (GPtrArray *monitors)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < monitors->len; i++)
    {
      const FloeMonitor *m = monitors->pdata[i];

      g_ptr_array_add (parts, g_strdup_printf ("%s %dx%d", m->connector, m->width * m->scale,
                                               m->height * m->scale));
    }
  g_ptr_array_sort (parts, compare_texts);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (GStrv)parts->pdata);
}
