/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/domain.h"

#include "core/names.h"

static const gchar *const power_names[] = { "unknown", "off",      "starting", "on",
                                            "paused",  "stopping", "crashed" };

const gchar *
floe_power_name (FloePower power)
{
  return (guint)power < G_N_ELEMENTS (power_names) ? power_names[power] : "unknown";
}

FloePower
floe_power_from_name (const gchar *name)
{
  gint found = floe_names_find (power_names, G_N_ELEMENTS (power_names), name);

  return found >= 0 ? (FloePower)found : FLOE_POWER_UNKNOWN;
}

/**
 * floe_domain_new:
 * @id: see #FloeDomain
 * @name: the domain's name
 * @host: the host's configured name
 *
 * Returns: (transfer full): a domain of which nothing else is known; the maker fills it before it
 *   lets go of it
 */
FloeDomain *
floe_domain_new (const gchar *id, const gchar *name, const gchar *host)
{
  FloeDomain *self = g_new0 (FloeDomain, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->host = g_strdup (host);
  self->logged_in = -1;
  return self;
}

FloeDomain *
floe_domain_copy (const FloeDomain *self)
{
  FloeDomain *copy = floe_domain_new (self->id, self->name, self->host);

  copy->pool = g_strdup (self->pool);
  copy->engine = self->engine;
  copy->given = self->given;
  copy->engine_user = g_strdup (self->engine_user);
  copy->found = self->found;
  copy->asked = self->asked;
  copy->power = self->power;
  copy->has_agent = self->has_agent;
  copy->agent_connected = self->agent_connected;
  copy->seeded = self->seeded;
  copy->boot_problem = g_strdup (self->boot_problem);
  copy->made = self->made;
  copy->installation = g_strdup (self->installation);
  copy->revision = self->revision;
  copy->memory_mib = self->memory_mib;
  copy->logged_in = self->logged_in;
  copy->refusal = g_strdup (self->refusal);
  copy->floating_refusal = g_strdup (self->floating_refusal);
  copy->kept_refusal = g_strdup (self->kept_refusal);
  copy->vnc_refusal = g_strdup (self->vnc_refusal);
  copy->openings = floe_openings_copy (self->openings);
  copy->live_openings = floe_openings_copy (self->live_openings);
  return copy;
}

void
floe_domain_free (FloeDomain *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->host);
  g_free (self->pool);
  g_free (self->engine_user);
  g_free (self->boot_problem);
  g_free (self->installation);
  g_free (self->refusal);
  g_free (self->floating_refusal);
  g_free (self->kept_refusal);
  g_free (self->vnc_refusal);
  floe_openings_free (self->openings);
  floe_openings_free (self->live_openings);
  g_free (self);
}
