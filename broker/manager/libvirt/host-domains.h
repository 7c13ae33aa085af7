/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/domain.h"

G_BEGIN_DECLS

/**
 * FloeHostDomains:
 *
 * What is known of a host's domains, put together from events, which say little and come at once,
 * and from looks (a listing or a look-up on a worker), which say all and may be older than an event
 * that overtook them. A look takes a token when it begins; where an event came since, the event
 * wins and another look is asked for. Pure: main thread, no libvirt.
 */
typedef struct _FloeHostDomains FloeHostDomains;

/**
 * FloeHostDomainsFuncs:
 * @changed: a domain is new or different
 * @gone: a domain was undefined
 * @look: only another look can tell how a domain is now
 *
 * What comes of it.
 */
typedef struct
{
  void (*changed) (const FloeDomain *domain, gpointer data);
  void (*gone) (const gchar *id, gpointer data);
  void (*look) (const gchar *id, gpointer data);
} FloeHostDomainsFuncs;

FloeHostDomains *floe_host_domains_new (const FloeHostDomainsFuncs *funcs, gpointer data);
void floe_host_domains_free (FloeHostDomains *self);
void floe_host_domains_clear (FloeHostDomains *self);

guint64 floe_host_domains_begin (FloeHostDomains *self);
GPtrArray *floe_host_domains_take_all (FloeHostDomains *self, GPtrArray *seen, guint64 token);
void floe_host_domains_take (FloeHostDomains *self, const FloeDomain *seen, guint64 token);
void floe_host_domains_take_gone (FloeHostDomains *self, const gchar *id, guint64 token);

void floe_host_domains_power (FloeHostDomains *self, const gchar *id, FloePower power);
void floe_host_domains_agent (FloeHostDomains *self, const gchar *id, gboolean connected);
void floe_host_domains_channel (FloeHostDomains *self, const gchar *id);
gboolean floe_host_domains_channels_are_current (FloeHostDomains *self, const gchar *id,
                                                 guint64 token);
const FloeDomain *floe_host_domains_get (FloeHostDomains *self, const gchar *id);
gboolean floe_host_domains_runs (FloeHostDomains *self, const gchar *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeHostDomains, floe_host_domains_free)

G_END_DECLS
