/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/placement.h"

/* What the host itself and its page cache keep. */
#define KEPT_FOR_THE_HOST(memory_mib) ((memory_mib) / 16)
/* Hosts that differ by less than this share of their memory are alike. */
#define ALIKE(memory_mib) ((memory_mib) / 8)

/**
 * floe_place_find:
 * @places: (element-type FloePlace): the hosts
 *
 * Returns: (transfer none) (nullable): the one of that name
 */
FloePlace *
floe_place_find (GArray *places, const gchar *name)
{
  for (guint i = 0; i < places->len; i++)
    if (g_strcmp0 (g_array_index (places, FloePlace, i).name, name) == 0)
      return &g_array_index (places, FloePlace, i);
  return NULL;
}

static gint64
room (const FloePlace *place)
{
  return (gint64)place->free_mib - place->reserved_mib - KEPT_FOR_THE_HOST (place->memory_mib);
}

/**
 * floe_place_refusal:
 * @place: (nullable): a host
 * @need_mib: what the desktop takes; 0 when nobody knows
 *
 * Returns: (transfer none) (nullable): why it cannot take the desktop, in words; %NULL when it can
 */
const gchar *
floe_place_refusal (const FloePlace *place, guint need_mib)
{
  if (place == NULL)
    return "is not configured any more";
  if (!place->up)
    return "does not answer";
  if (place->draining)
    return "is being drained";
  if (place->measured && room (place) < need_mib)
    return "has not enough free memory";
  return NULL;
}

/* More room is better, a busy host worse. */
static gint64
score (const FloePlace *place)
{
  return place->measured ? room (place) * (200 - MIN (place->load_percent, 100)) / 200 : 0;
}

/* Not by a few MiB or the load of a moment, which change all the time: hosts that are about alike
 * take turns, as those do that were not measured yet. */
static gboolean
is_better (const FloePlace *place, const FloePlace *best)
{
  gint64 ahead;

  if (best == NULL || place->measured != best->measured)
    return best == NULL || place->measured;
  ahead = score (place) - score (best);
  if (ABS (ahead) > (gint64)ALIKE (MAX (place->memory_mib, best->memory_mib)))
    return ahead > 0;
  return place->desktops < best->desktops;
}

/**
 * floe_place_choose:
 * @places: (element-type FloePlace): the hosts
 * @need_mib: what the desktop takes
 * @fits: (nullable): whether a host that could take it may
 *
 * Returns: (transfer none) (nullable): the best host for it, if any can take it; hosts that were
 *   measured before others
 */
FloePlace *
floe_place_choose (GArray *places, guint need_mib,
                   gboolean (*fits) (const FloePlace *place, gconstpointer data),
                   gconstpointer data)
{
  FloePlace *best = NULL;

  for (guint i = 0; i < places->len; i++)
    {
      FloePlace *place = &g_array_index (places, FloePlace, i);

      if (floe_place_refusal (place, need_mib) != NULL || (fits != NULL && !fits (place, data)))
        continue;
      if (is_better (place, best))
        best = place;
    }
  return best;
}
