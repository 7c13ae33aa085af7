/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/visit.h"

#include <string.h>

static const gchar *const names[FLOE_N_PHASES] = {
  [FLOE_PHASE_DIRECTORY] = "directory", [FLOE_PHASE_GROUPS] = "groups",
  [FLOE_PHASE_ENGINES] = "engines",     [FLOE_PHASE_STORE] = "store",
  [FLOE_PHASE_CLAIM] = "claim",         [FLOE_PHASE_QUEUE] = "queue",
  [FLOE_PHASE_WAIT] = "wait",           [FLOE_PHASE_START] = "start",
  [FLOE_PHASE_GUEST] = "guest",         [FLOE_PHASE_TICKET] = "ticket",
  [FLOE_PHASE_PICTURE] = "picture",     [FLOE_PHASE_TOTAL] = "total",
};

const gchar *
floe_visit_phase_name (FloeVisitPhase phase)
{
  return names[phase];
}

FloeVisit *
floe_visit_new (const gchar *user_id, FloeVisitKind kind, gint64 at)
{
  FloeVisit *self = g_new0 (FloeVisit, 1);

  self->user_id = g_strdup (user_id);
  self->kind = kind;
  self->at = at;
  return self;
}

FloeVisit *
floe_visit_copy (const FloeVisit *self)
{
  FloeVisit *copy = floe_visit_new (self->user_id, self->kind, self->at);

  copy->pool = g_strdup (self->pool);
  copy->desktop = g_strdup (self->desktop);
  copy->desktop_id = g_strdup (self->desktop_id);
  memcpy (copy->took, self->took, sizeof copy->took);
  return copy;
}

void
floe_visit_free (FloeVisit *self)
{
  if (self == NULL)
    return;
  g_free (self->user_id);
  g_free (self->pool);
  g_free (self->desktop);
  g_free (self->desktop_id);
  g_free (self);
}

/**
 * floe_visit_pack:
 *
 * Returns: (transfer full): the phases that there were, as the store keeps them
 */
gchar *
floe_visit_pack (const FloeVisit *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < FLOE_N_PHASES; i++)
    if (self->took[i] > 0)
      g_string_append_printf (text, "%s%s=%" G_GINT64_FORMAT, text->len > 0 ? " " : "", names[i],
                              self->took[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * floe_visit_unpack:
 * @text: what floe_visit_pack() made; what is not known in it is passed over
 */
void
floe_visit_unpack (FloeVisit *self, const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  for (guint p = 0; parts[p] != NULL; p++)
    for (guint i = 0; i < FLOE_N_PHASES; i++)
      {
        gsize n = strlen (names[i]);

        if (strncmp (parts[p], names[i], n) == 0 && parts[p][n] == '=')
          self->took[i] = g_ascii_strtoll (parts[p] + n + 1, NULL, 10);
      }
}
