/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

#include "core/error.h"
#include "core/managers.h"
#include "manager/libvirt/libvirt-manager.h"
#include "manager/ovirt/engine-manager.h"
#include "manager/ovirt/engine-test.h"

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

/* What the engine's room needs; the strings stay the configuration's, and the secrets are to be let
 * go of, whatever came. */
static gboolean
fill_engine (FloeEngineSettings *to, const FloeManagerSettings *from, GError **error)
{
  *to = (FloeEngineSettings){ .name = from->name,
                              .url = from->url,
                              .ca_file = from->ca_file,
                              .user = from->user,
                              .client_id = from->client_id,
                              .connections = from->connections,
                              .timeout = ENGINE_TIMEOUT,
                              .profile = from->profile,
                              .plain_display = from->plain_display };
  return read_secret (from, "password_file", from->password_file, &to->password, error)
         && read_secret (from, "client_secret_file", from->client_secret_file, &to->client_secret,
                         error);
}

static void
clear_engine (FloeEngineSettings *settings)
{
  g_clear_pointer (&settings->password, floe_secret_unref);
  g_clear_pointer (&settings->client_secret, floe_secret_unref);
}

static FloeManager *
open_engine (const FloeManagerSettings *from, FloeClock *clock, FloeGuard guard,
             gpointer guard_data, GError **error)
{
  FloeEngineSettings settings;
  FloeManager *manager = NULL;

  if (fill_engine (&settings, from, error))
    {
      settings.guard = guard;
      settings.guard_data = guard_data;
      manager = floe_engine_manager_new (&settings, clock, error);
      if (manager == NULL)
        g_prefix_error (error, "[manager %s] ca_file: ", from->name);
    }
  clear_engine (&settings);
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

/* Returns: %NULL with @error; and without where the engine has no key */
static FloeSealKeys *
read_keys (const FloeManagerSettings *from, GError **error)
{
  g_autoptr (FloeSecret) text =
      from->key_file != NULL ? floe_wire_read_secret (from->key_file, error) : NULL;
  FloeSealKeys *keys = text != NULL ? floe_seal_keys_new (text, error) : NULL;

  if (from->key_file != NULL && keys == NULL)
    g_prefix_error (error, "[manager %s] key_file: ", from->name);
  return keys;
}

/**
 * floe_wire_engine_logins:
 * @logins: (out) (transfer full): which logs people in at engines; %NULL where none is to
 *
 * Returns: %FALSE when a key cannot be read
 */
gboolean
floe_wire_engine_logins (const FloeSettings *settings, FloeStore *store, FloeManager *manager,
                         FloeClock *clock, FloeEngineLogins **logins, GError **error)
{
  for (guint i = 0; i < settings->managers->len; i++)
    {
      const FloeManagerSettings *from = settings->managers->pdata[i];
      g_autoptr (GError) why = NULL;
      g_autoptr (FloeSealKeys) keys = read_keys (from, &why);

      if (why != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&why));
          return FALSE;
        }
      if (keys == NULL)
        continue;
      if (*logins == NULL)
        *logins = floe_engine_logins_new (store, manager, clock);
      floe_engine_logins_add (*logins, from->name, keys);
    }
  return TRUE;
}

/* Tests. */

/* A secret that cannot be read is another's to read; a key that was read may be none. */
static gboolean
test_one (const FloeManagerSettings *from, GPtrArray *pools)
{
  FloeEngineSettings settings;
  const FloeEngineTest test = { &settings, pools, from->key_file != NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSealKeys) keys G_GNUC_UNUSED =
      fill_engine (&settings, from, &error) ? read_keys (from, &error) : NULL;
  gboolean fine = error == NULL;

  g_print ("[manager %s]:\n", from->name);
  if (fine)
    fine = floe_engine_test_run (&test, floe_report_print_line, NULL);
  else
    g_print ("wrong: %s — %s\n", error->message,
             g_error_matches (error, FLOE_ERROR, FLOE_ERROR_INVALID)
                 ? "make a key with openssl rand -hex 32"
                 : "run this as root, or as the broker's user");
  clear_engine (&settings);
  return fine;
}

/**
 * floe_wire_test_managers:
 * @name: (nullable): of the only one that is to be tested
 *
 * Prints what is right and wrong with each engine.
 *
 * Returns: whether nothing is wrong
 */
gboolean
floe_wire_test_managers (const FloeSettings *settings, const gchar *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pools = floe_wire_read_pools (settings, &error);
  gboolean fine = TRUE;
  guint n = 0;

  for (guint i = 0; i < settings->managers->len; i++)
    {
      const FloeManagerSettings *from = settings->managers->pdata[i];

      if (name != NULL && g_strcmp0 (from->name, name) != 0)
        continue;
      n++;
      fine &= test_one (from, pools);
    }
  if (pools == NULL)
    g_print ("warning: pools that are lent are not looked at: %s\n", error->message);
  if (n > 0)
    return fine;
  if (name != NULL)
    g_print ("wrong: there is no [manager %s] in the configuration\n", name);
  else
    g_print ("wrong: there is no [manager NAME] in the configuration\n");
  return FALSE;
}
