/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/servers.h"

#include <string.h>

/* servers.ini has one group for each server, named by its address:
 *
 *   [https://desktops.example.org]
 *   user=anna
 *   ca-file=/etc/ssl/company-ca.pem
 *   used=1795500000
 *
 * A group's name cannot hold the brackets of an IPv6 address, which are written %5B and %5D.
 */

#define KEY_USER    "user"
#define KEY_CA_FILE "ca-file"
#define KEY_USED    "used"

/* A list that only ever grows helps nobody. */
#define MAX_SERVERS 20

struct _FloeServers
{
  GObject parent_instance;

  gchar *path;
  GKeyFile *keys;
  gboolean dirty;
  gboolean saving;
};

G_DEFINE_FINAL_TYPE (FloeServers, floe_servers, G_TYPE_OBJECT)

static void save (FloeServers *self);

FloeServer *
floe_server_new (const gchar *url, const gchar *user, const gchar *ca_file)
{
  FloeServer *self = g_new0 (FloeServer, 1);

  self->url = g_strdup (url);
  self->user = g_strdup (user);
  self->ca_file = g_strdup (ca_file);
  return self;
}

void
floe_server_free (FloeServer *self)
{
  if (self == NULL)
    return;
  g_free (self->url);
  g_free (self->user);
  g_free (self->ca_file);
  g_free (self);
}

/**
 * floe_server_dup_host:
 * @url: a normalised address
 *
 * Returns: (transfer full): what people call the server: its host, and the port where it is not the
 *   usual one
 */
gchar *
floe_server_dup_host (const gchar *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return g_strdup (url);
  if (g_uri_get_port (uri) <= 0 || g_uri_get_port (uri) == 443)
    return g_strdup (g_uri_get_host (uri));
  if (strchr (g_uri_get_host (uri), ':') != NULL)
    return g_strdup_printf ("[%s]:%d", g_uri_get_host (uri), g_uri_get_port (uri));
  return g_strdup_printf ("%s:%d", g_uri_get_host (uri), g_uri_get_port (uri));
}

static gchar *
replace (const gchar *text, const gchar *what, const gchar *with)
{
  g_auto (GStrv) parts = g_strsplit (text, what, -1);

  return g_strjoinv (with, parts);
}

static gchar *
group_of (const gchar *url)
{
  g_autofree gchar *half = replace (url, "[", "%5B");

  return replace (half, "]", "%5D");
}

static gchar *
url_of (const gchar *group)
{
  g_autofree gchar *half = replace (group, "%5B", "[");

  return replace (half, "%5D", "]");
}

static FloeServer *
read_server (FloeServers *self, const gchar *group)
{
  g_autofree gchar *user = g_key_file_get_string (self->keys, group, KEY_USER, NULL);
  g_autofree gchar *ca_file = g_key_file_get_string (self->keys, group, KEY_CA_FILE, NULL);
  g_autofree gchar *url = url_of (group);
  FloeServer *server = floe_server_new (url, user, ca_file);

  server->used = g_key_file_get_int64 (self->keys, group, KEY_USED, NULL);
  return server;
}

static gint
compare_by_use (gconstpointer a, gconstpointer b)
{
  const FloeServer *one = *(FloeServer *const *)a;
  const FloeServer *two = *(FloeServer *const *)b;

  if (one->used != two->used)
    return one->used < two->used ? 1 : -1;
  return strcmp (one->url, two->url);
}

/**
 * floe_servers_list:
 * @self: the memory
 *
 * Returns: (transfer full) (element-type FloeServer): what is remembered, the last used first
 */
GPtrArray *
floe_servers_list (FloeServers *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_server_free);
  g_auto (GStrv) groups = g_key_file_get_groups (self->keys, NULL);

  for (gsize i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], "https://"))
      g_ptr_array_add (list, read_server (self, groups[i]));
  g_ptr_array_sort (list, compare_by_use);
  return list;
}

/**
 * floe_servers_lookup:
 * @self: the memory
 * @url: a normalised address
 *
 * Returns: (transfer full) (nullable): what is remembered of it
 */
FloeServer *
floe_servers_lookup (FloeServers *self, const gchar *url)
{
  g_autofree gchar *group = group_of (url);

  return g_key_file_has_group (self->keys, group) ? read_server (self, group) : NULL;
}

static void
set_or_remove (GKeyFile *keys, const gchar *group, const gchar *key, const gchar *value)
{
  if (value != NULL && *value != '\0')
    g_key_file_set_string (keys, group, key, value);
  else
    g_key_file_remove_key (keys, group, key, NULL);
}

static void
drop_oldest (FloeServers *self)
{
  g_autoptr (GPtrArray) list = floe_servers_list (self);

  for (guint i = MAX_SERVERS; i < list->len; i++)
    {
      g_autofree gchar *group = group_of (((FloeServer *)list->pdata[i])->url);

      g_key_file_remove_group (self->keys, group, NULL);
    }
}

/**
 * floe_servers_remember:
 * @self: the memory
 * @server: a server that was just used
 *
 * Puts it on top of the list, and writes the file from the main loop.
 */
void
floe_servers_remember (FloeServers *self, const FloeServer *server)
{
  g_autofree gchar *group = group_of (server->url);

  g_key_file_set_int64 (self->keys, group, KEY_USED, g_get_real_time () / G_USEC_PER_SEC);
  set_or_remove (self->keys, group, KEY_USER, server->user);
  set_or_remove (self->keys, group, KEY_CA_FILE, server->ca_file);
  drop_oldest (self);
  save (self);
}

void
floe_servers_forget (FloeServers *self, const gchar *url)
{
  g_autofree gchar *group = group_of (url);

  g_key_file_remove_group (self->keys, group, NULL);
  save (self);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeServers) self = data;
  g_autoptr (GError) error = NULL;

  self->saving = FALSE;
  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_info ("servers are not remembered: %s", error->message);
  else if (self->dirty)
    save (self);
}

static void
make_folder (FloeServers *self)
{
  g_autofree gchar *folder = g_path_get_dirname (self->path);

  g_mkdir_with_parents (folder, 0700);
}

static void
save (FloeServers *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GBytes) bytes = NULL;
  gchar *text;
  gsize length;

  self->dirty = TRUE;
  if (self->saving)
    return;
  make_folder (self);
  text = g_key_file_to_data (self->keys, &length, NULL);
  bytes = g_bytes_new_take (text, length);
  self->dirty = FALSE;
  self->saving = TRUE;
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       NULL, on_saved, g_object_ref (self));
}

/**
 * floe_servers_flush:
 * @self: the memory
 *
 * Waits until all is written that is known. Blocks, and runs the main context meanwhile: for the
 * end of the program.
 */
void
floe_servers_flush (FloeServers *self)
{
  g_autoptr (GError) error = NULL;

  /* What is on its way is older, and must not come last. */
  while (self->saving)
    g_main_context_iteration (NULL, TRUE);
  if (!self->dirty)
    return;
  self->dirty = FALSE;
  make_folder (self);
  if (!g_key_file_save_to_file (self->keys, self->path, &error))
    g_info ("servers are not remembered: %s", error->message);
}

static void
load (FloeServers *self)
{
  const gchar *const *dirs = g_get_system_config_dirs ();
  g_autoptr (GError) error = NULL;

  if (g_key_file_load_from_file (self->keys, self->path, G_KEY_FILE_KEEP_COMMENTS, &error))
    return;
  if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_info ("%s: %s", self->path, error->message);
  for (gsize i = 0; dirs[i] != NULL; i++)
    {
      g_autofree gchar *path = g_build_filename (dirs[i], "floe", "servers.ini", NULL);

      if (g_key_file_load_from_file (self->keys, path, G_KEY_FILE_NONE, NULL))
        return;
    }
}

/**
 * floe_servers_new:
 * @path: the key file; it need not exist
 *
 * Returns: (transfer full): the memory, read from there
 */
FloeServers *
floe_servers_new (const gchar *path)
{
  FloeServers *self = g_object_new (FLOE_TYPE_SERVERS, NULL);

  self->path = g_strdup (path);
  load (self);
  return self;
}

FloeServers *
floe_servers_new_default (void)
{
  g_autofree gchar *path = g_build_filename (g_get_user_config_dir (), "floe", "servers.ini", NULL);

  return floe_servers_new (path);
}

static void
floe_servers_finalize (GObject *object)
{
  FloeServers *self = FLOE_SERVERS (object);

  g_key_file_unref (self->keys);
  g_free (self->path);
  G_OBJECT_CLASS (floe_servers_parent_class)->finalize (object);
}

static void
floe_servers_class_init (FloeServersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_servers_finalize;
}

static void
floe_servers_init (FloeServers *self)
{
  self->keys = g_key_file_new ();
}
