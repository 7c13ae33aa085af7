/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/settings.h"
#include "core/directories.h"
#include "core/guard.h"
#include "core/manager.h"
#include "core/roles.h"
#include "core/store.h"
#include "core/trail-seal.h"
#include "login/fleet.h"
#include "login/login.h"
#include "login/webhooks.h"
#include "metrics/observer.h"

G_BEGIN_DECLS

/* Parts of main.c's wiring: they name concrete back ends, too. */

FloeSecret *floe_wire_read_secret (const gchar *path, GError **error);
gboolean floe_wire_database_password (const FloeSettings *settings, FloeSecret **password,
                                      GError **error);
FloeRoleGroups *floe_wire_role_groups (const FloeSettings *settings);
GPtrArray *floe_wire_directories (const FloeSettings *settings, FloeDirectories **all,
                                  GError **error);
gboolean floe_wire_test_directories (const FloeSettings *settings, const gchar *user);
FloeFleet *floe_wire_fleet (const FloeSettings *settings, FloeStore *store, FloeClock *clock,
                            GError **error);
FloeWebhooks *floe_wire_hooks (const FloeSettings *settings, FloeStore *store, FloeClock *clock,
                               GError **error);
FloeManager *floe_wire_managers (const FloeSettings *settings, FloeClock *clock, FloeGuard guard,
                                 gpointer guard_data, FloeManager **libvirt, GError **error);
gboolean floe_wire_engine_logins (const FloeSettings *settings, FloeStore *store,
                                  FloeManager *manager, FloeClock *clock, FloeEngineLogins **logins,
                                  GError **error);
gboolean floe_wire_test_managers (const FloeSettings *settings, const gchar *name);
GPtrArray *floe_wire_read_pools (const FloeSettings *settings, GError **error);
FloeTrailKey *floe_wire_trail_key (const FloeSettings *settings, GError **error);
void floe_wire_kerberos (const FloeSettings *settings, FloeLogin *login, FloeObserver *observer);
void floe_wire_queues (const FloeSettings *settings, FloeObserver *observer, FloeStore *store,
                       GPtrArray *directories, FloeManager *libvirt);

G_END_DECLS
