/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"

G_BEGIN_DECLS

/**
 * FloeHosts:
 *
 * What is known of hosts right now, on the main thread: whether they answer, and what they have
 * left. What must outlive the process is a row, see #FloeHostNote.
 */
#define FLOE_TYPE_HOSTS (floe_hosts_get_type ())
G_DECLARE_FINAL_TYPE (FloeHosts, floe_hosts, FLOE, HOSTS, GObject)

FloeHosts *floe_hosts_new (FloeManager *manager);
void floe_hosts_set_up (FloeHosts *self, const gchar *name, gboolean up);
gboolean floe_hosts_is_up (FloeHosts *self, const gchar *name);
gboolean floe_hosts_knows (FloeHosts *self, const gchar *name);
const FloeHostCapacity *floe_hosts_get_capacity (FloeHosts *self, const gchar *name);
GStrv floe_hosts_list (FloeHosts *self);

G_END_DECLS
