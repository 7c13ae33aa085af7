/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

#include "directory/ldap-directory.h"
#include "manager/libvirt/libvirt-manager.h"
#include "store/postgres-store.h"
#include "store/sqlite-store.h"

/* How the back ends do, and how busy they are. */

static void
load_of_store (gpointer store, gboolean writes, FloeLoad *load)
{
  if (FLOE_IS_POSTGRES_STORE (store))
    floe_postgres_store_get_load (store, writes, load);
  else
    floe_sqlite_store_get_load (store, writes, load);
}

static void
load_of_writes (gpointer store, FloeLoad *load)
{
  load_of_store (store, TRUE, load);
}

static void
load_of_reads (gpointer store, FloeLoad *load)
{
  load_of_store (store, FALSE, load);
}

static void
load_of_directory (gpointer directory, FloeLoad *load)
{
  floe_ldap_directory_get_load (directory, load);
}

static guint64
group_trips_of_directory (gpointer directory)
{
  return floe_ldap_directory_get_group_round_trips (directory);
}

typedef struct
{
  FloeLibvirtManager *manager;
  gchar *host;
  FloeLibvirtLane lane;
} Lane;

static void
lane_free (gpointer data)
{
  Lane *lane = data;

  g_object_unref (lane->manager);
  g_free (lane->host);
  g_free (lane);
}

static void
load_of_lane (gpointer data, FloeLoad *load)
{
  const Lane *lane = data;

  floe_libvirt_manager_get_load (lane->manager, lane->host, lane->lane, load);
}

static void
add_lanes (FloeObserver *observer, gpointer manager, const gchar *host)
{
  static const gchar *const names[] = { "libvirt-tickets", "libvirt-power", "libvirt-looks" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      Lane *lane = g_new0 (Lane, 1);

      lane->manager = FLOE_LIBVIRT_MANAGER (g_object_ref (manager));
      lane->host = g_strdup (host);
      lane->lane = i;
      floe_observer_add_queue (observer, names[i], host, load_of_lane, lane, lane_free);
    }
}

typedef struct
{
  FloeLdapDirectory *directory;
  guint nth;
} Server;

static void
server_free (gpointer data)
{
  Server *server = data;

  g_object_unref (server->directory);
  g_free (server);
}

static gboolean
server_is_up (gpointer data)
{
  const Server *server = data;

  return floe_ldap_directory_look_at_server (server->directory, server->nth);
}

static void
add_servers (FloeObserver *observer, const gchar *name, FloeLdapDirectory *directory)
{
  for (guint i = 0; i < floe_ldap_directory_count_servers (directory); i++)
    {
      Server *server = g_new0 (Server, 1);

      server->directory = g_object_ref (directory);
      server->nth = i;
      floe_observer_add_server (observer, name, floe_ldap_directory_get_server (directory, i),
                                server_is_up, server, server_free);
    }
}

static const gchar *
name_of_directory (const FloeSettings *settings, guint i)
{
  const FloeDirectorySettings *further =
      i > 0 ? settings->more_directories->pdata[i - 1] : settings->directory;

  return further->name;
}

/**
 * floe_wire_queues:
 * @directories: (element-type FloeLdapDirectory): from floe_wire_directories()
 *
 * Has the observer tell how long the queues of the back ends are, what groups cost, and
 * which servers answer.
 */
void
floe_wire_queues (const FloeSettings *settings, FloeObserver *observer, FloeStore *store,
                  GPtrArray *directories, FloeManager *libvirt)
{
  floe_observer_add_queue (observer, "store-write", NULL, load_of_writes, g_object_ref (store),
                           g_object_unref);
  floe_observer_add_queue (observer, "store-read", NULL, load_of_reads, g_object_ref (store),
                           g_object_unref);
  for (guint i = 0; i < directories->len; i++)
    {
      const gchar *name = name_of_directory (settings, i);

      floe_observer_add_queue (observer, "directory", name, load_of_directory,
                               g_object_ref (directories->pdata[i]), g_object_unref);
      floe_observer_add_directory (observer, name, group_trips_of_directory,
                                   g_object_ref (directories->pdata[i]), g_object_unref);
      add_servers (observer, name, directories->pdata[i]);
    }
  for (guint i = 0; i < settings->hosts->len; i++)
    add_lanes (observer, libvirt, ((const FloeHostSettings *)settings->hosts->pdata[i])->name);
}
