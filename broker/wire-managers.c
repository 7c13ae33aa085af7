/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

#include "core/managers.h"
#include "manager/libvirt/libvirt-manager.h"
#include "manager/ovirt/engine-manager.h"

/* Who runs desktops: libvirt's hosts, and engines beside them. */

/* How long an engine has to answer; it is asked again, or asked what became of it, where that is
 * right. */
#define ENGINE_TIMEOUT (30 * G_USEC_PER_SEC)

static FloeManager *
open_libvirt (const FloeSettings *settings, FloeClock *clock, FloeGuard guard, gpointer guard_data)
{
  g_autoptr (GPtrArray) hosts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_libvirt_host_settings_free);

  for (guint i = 0; i < settings->hosts->len; i++)
    {
      const FloeHostSettings *from = settings->hosts->pdata[i];
      FloeLibvirtHostSettings to = { .name = from->name,
                                     .uri = from->uri,
                                     .display_address = from->display_address,
                                     .display_ca = from->display_ca,
                                     .display_subject = from->display_subject,
                                     .plain_display = from->plain_display,
                                     .guard = guard,
                                     .guard_data = guard_data };

      g_ptr_array_add (hosts, floe_libvirt_host_settings_copy (&to));
    }
  return floe_libvirt_manager_new (hosts, clock);
}

static gboolean
read_secret (const FloeManagerSettings *from, const gchar *key, const gchar *path,
             FloeSecret **secret, GError **error)
{
  if (path == NULL)
    return TRUE;
  *secret = floe_wire_read_secret (path, error);
  if (*secret == NULL)
    g_prefix_error (error, "[manager %s] %s: ", from->name, key);
  return *secret != NULL;
}

static FloeManager *
open_engine (const FloeManagerSettings *from, FloeClock *clock, FloeGuard guard,
             gpointer guard_data, GError **error)
{
  g_autoptr (FloeSecret) password = NULL;
  g_autoptr (FloeSecret) client_secret = NULL;
  FloeEngineSettings to = { .name = from->name,
                            .url = from->url,
                            .ca_file = from->ca_file,
                            .user = from->user,
                            .client_id = from->client_id,
                            .connections = from->connections,
                            .timeout = ENGINE_TIMEOUT,
                            .profile = from->profile,
                            .plain_display = from->plain_display,
                            .guard = guard,
                            .guard_data = guard_data };
  FloeManager *manager;

  if (!read_secret (from, "password_file", from->password_file, &password, error)
      || !read_secret (from, "client_secret_file", from->client_secret_file, &client_secret, error))
    return NULL;
  to.password = password;
  to.client_secret = client_secret;
  manager = floe_engine_manager_new (&to, clock, error);
  if (manager == NULL)
    g_prefix_error (error, "[manager %s] ca_file: ", from->name);
  return manager;
}

/**
 * floe_wire_managers:
 * @guard: (nullable): asked before what only the leader does
 * @libvirt: (out) (transfer full): the one of all libvirt hosts, by itself
 * @error: which one cannot be opened, and why; whether it answers is not looked at
 *
 * Returns: (transfer full): all of them as one
 */
FloeManager *
floe_wire_managers (const FloeSettings *settings, FloeClock *clock, FloeGuard guard,
                    gpointer guard_data, FloeManager **libvirt, GError **error)
{
  g_autoptr (FloeManager) hosts = open_libvirt (settings, clock, guard, guard_data);
  g_autoptr (FloeManagers) all = NULL;

  *libvirt = g_object_ref (hosts);
  if (settings->managers->len == 0)
    return g_steal_pointer (&hosts);
  all = floe_managers_new (hosts);
  for (guint i = 0; i < settings->managers->len; i++)
    {
      const FloeManagerSettings *from = settings->managers->pdata[i];
      g_autoptr (FloeManager) engine = open_engine (from, clock, guard, guard_data, error);

      if (engine == NULL)
        return NULL;
      floe_managers_add (all, from->name, engine);
    }
  return FLOE_MANAGER (g_steal_pointer (&all));
}
