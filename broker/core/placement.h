/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloePlace:
 * @name: a configured host's
 * @up: it answers
 * @draining: it takes nothing new
 * @measured: what follows was measured; before, there is room
 * @memory_mib: all that it has
 * @free_mib: what is free
 * @load_percent: how busy its CPUs are
 * @reserved_mib: for starts under way, which @free_mib does not show yet
 * @starting: how many starts are under way
 * @starts_at_once: how many may be
 * @making: how many creations are under way
 * @desktops: how many desktops it has
 *
 * A host, as one that could take something. Names are borrowed.
 */
typedef struct
{
  const gchar *name;
  gboolean up;
  gboolean draining;
  gboolean measured;
  guint memory_mib;
  guint free_mib;
  guint load_percent;
  guint reserved_mib;
  guint starting;
  guint starts_at_once;
  guint making;
  guint desktops;
} FloePlace;

FloePlace *floe_place_find (GArray *places, const gchar *name);
const gchar *floe_place_refusal (const FloePlace *place, guint need_mib);
FloePlace *floe_place_choose (GArray *places, guint need_mib,
                              gboolean (*fits) (const FloePlace *place, gconstpointer data),
                              gconstpointer data);

G_END_DECLS
