/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/servers.h"

#include <glib/gstdio.h>
#include <string.h>

#include "client-fake.h"
#include "ui/environment.h"

typedef struct
{
  gchar *dir;
  gchar *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = fake_dir_new ();
  f->path = g_build_filename (f->dir, "floe", "servers.ini", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree gchar *folder = g_path_get_dirname (f->path);

  g_remove (f->path);
  g_rmdir (folder);
  fake_dir_remove (f->dir);
  g_free (f->dir);
  g_free (f->path);
}

static void
remember (FloeServers *servers, const gchar *url, const gchar *user, const gchar *ca_file)
{
  g_autoptr (FloeServer) server = floe_server_new (url, user, ca_file);

  floe_servers_remember (servers, server);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeServers) servers = floe_servers_new (f->path);
  g_autoptr (GPtrArray) list = floe_servers_list (servers);

  g_assert_cmpuint (list->len, ==, 0);
  g_assert_null (floe_servers_lookup (servers, "https://a.example"));
}

static void
test_remembers (Fixture *f, gconstpointer data)
{
  FloeServers *servers = floe_servers_new (f->path);
  g_autoptr (FloeServer) known = NULL;
  GStatBuf info;

  remember (servers, "https://a.example", "anna", "/etc/ca.pem");
  floe_servers_flush (servers);
  g_object_unref (servers);
  g_assert_cmpint (g_stat (f->path, &info), ==, 0);

  servers = floe_servers_new (f->path);
  known = floe_servers_lookup (servers, "https://a.example");
  g_assert_cmpstr (known->user, ==, "anna");
  g_assert_cmpstr (known->ca_file, ==, "/etc/ca.pem");
  g_assert_cmpint (known->used, >, 0);
  g_object_unref (servers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The file is written from the main loop, and only for its owner's eyes. */
static void
test_saves_by_itself (Fixture *f, gconstpointer data)
{
  FloeServers *servers = floe_servers_new (f->path);
  gpointer weak = servers;
  GStatBuf info;

  remember (servers, "https://a.example", "anna", NULL);
  remember (servers, "https://b.example", "anna", NULL);
  g_object_add_weak_pointer (G_OBJECT (servers), &weak);
  g_object_unref (servers);
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0077, ==, 0);
  servers = floe_servers_new (f->path);
  g_assert_nonnull (weak = floe_servers_lookup (servers, "https://b.example"));
  floe_server_free (weak);
  g_object_unref (servers);
}

static guint
count_files (const gchar *path)
{
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autoptr (GDir) open = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (open) != NULL)
    n++;
  return n;
}

/* Of two that are remembered at once the later one is there after the flush, and nothing is on its
 * way any more that would replace it. */
static void
test_flush_newest (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (FloeServers) servers = floe_servers_new (f->path);
      g_autoptr (FloeServers) later = NULL;
      g_autoptr (FloeServer) known = NULL;
      g_autofree gchar *user = g_strdup_printf ("user%u", i);

      remember (servers, "https://a.example", "anna", NULL);
      remember (servers, "https://a.example", user, NULL);
      floe_servers_flush (servers);
      g_assert_cmpuint (count_files (f->path), ==, 1);
      later = floe_servers_new (f->path);
      known = floe_servers_lookup (later, "https://a.example");
      g_assert_nonnull (known);
      g_assert_cmpstr (known->user, ==, user);
    }
}

static void
test_order (Fixture *f, gconstpointer data)
{
  static const gchar text[] = "[https://old.example]\nused=5\n\n"
                              "[https://new.example]\nused=9\nuser=jo\n\n"
                              "[http://plain.example]\nused=99\n\n[comment]\nused=1\n";
  g_autoptr (FloeServers) servers = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autofree gchar *folder = g_path_get_dirname (f->path);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (f->path, text, -1, NULL));
  servers = floe_servers_new (f->path);
  list = floe_servers_list (servers);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((FloeServer *)list->pdata[0])->url, ==, "https://new.example");
  g_assert_cmpstr (((FloeServer *)list->pdata[0])->user, ==, "jo");
}

static void
test_forgets (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeServers) servers = floe_servers_new (f->path);

  remember (servers, "https://a.example", "anna", "/etc/ca.pem");
  remember (servers, "https://a.example", NULL, NULL);
  {
    g_autoptr (FloeServer) known = floe_servers_lookup (servers, "https://a.example");

    g_assert_null (known->user);
    g_assert_null (known->ca_file);
  }
  floe_servers_forget (servers, "https://a.example");
  g_assert_null (floe_servers_lookup (servers, "https://a.example"));
  floe_servers_flush (servers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Its brackets are none that the file's format could take. */
static void
test_ipv6 (Fixture *f, gconstpointer data)
{
  static const gchar url[] = "https://[2001:db8::1]:8443";
  FloeServers *servers = floe_servers_new (f->path);
  g_autoptr (FloeServer) known = NULL;
  g_autoptr (GPtrArray) list = NULL;

  remember (servers, url, "anna", NULL);
  floe_servers_flush (servers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (servers);

  servers = floe_servers_new (f->path);
  known = floe_servers_lookup (servers, url);
  g_assert_cmpstr (known->url, ==, url);
  g_assert_cmpstr (known->user, ==, "anna");
  list = floe_servers_list (servers);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((FloeServer *)list->pdata[0])->url, ==, url);
  floe_servers_forget (servers, url);
  g_assert_null (floe_servers_lookup (servers, url));
  floe_servers_flush (servers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (servers);
}

static void
test_limit (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeServers) servers = floe_servers_new (f->path);
  g_autoptr (GPtrArray) list = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autofree gchar *url = g_strdup_printf ("https://host%02u.example", i);

      remember (servers, url, NULL, NULL);
    }
  list = floe_servers_list (servers);
  g_assert_cmpuint (list->len, ==, 20);
  floe_servers_flush (servers);
}

/* What cannot be read or written costs the memory, not the program. */
static void
test_bad_files (Fixture *f, gconstpointer data)
{
  g_autofree gchar *folder = g_path_get_dirname (f->path);
  g_autofree gchar *below = g_build_filename (f->path, "deeper", NULL);
  FloeServers *servers;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (f->path, "\x01 no key file [[[", -1, NULL));
  servers = floe_servers_new (f->path);
  g_assert_null (floe_servers_lookup (servers, "https://a.example"));
  g_object_unref (servers);

  servers = floe_servers_new (below); /* its folder is a file */
  remember (servers, "https://a.example", NULL, NULL);
  floe_servers_flush (servers);
  g_object_unref (servers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_host (void)
{
  static const struct
  {
    const gchar *url;
    const gchar *host;
  } rows[] = {
    { "https://a.example", "a.example" },
    { "https://a.example:443", "a.example" },
    { "https://a.example:8443", "a.example:8443" },
    { "https://[2001:db8::1]:8443", "[2001:db8::1]:8443" },
    { "not an address", "not an address" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *host = floe_server_dup_host (rows[i].url);

      g_assert_cmpstr (host, ==, rows[i].host);
    }
}

static void
test_environment (void)
{
  g_setenv ("SPICE_PROXY", "http://evil.example:3128", TRUE);
  g_setenv ("SPICE_NOGRAB", "1", TRUE);
  g_setenv ("SPICE_OF_TOMORROW", "1", TRUE);
  g_setenv ("SPICE_GST_AUDIOSINK", "fakesink", TRUE);
  g_setenv ("NOT_SPICE", "1", TRUE);
  floe_environment_scrub ();
  g_assert_null (g_getenv ("SPICE_PROXY"));
  g_assert_null (g_getenv ("SPICE_NOGRAB"));
  g_assert_null (g_getenv ("SPICE_OF_TOMORROW"));
  g_assert_cmpstr (g_getenv ("SPICE_GST_AUDIOSINK"), ==, "fakesink");
  g_assert_cmpstr (g_getenv ("NOT_SPICE"), ==, "1");
}

static void
add (const gchar *name, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree gchar *path = g_strconcat ("/ui-servers/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("empty", test_empty);
  add ("remembers", test_remembers);
  add ("saves-by-itself", test_saves_by_itself);
  add ("flush-newest", test_flush_newest);
  add ("order", test_order);
  add ("forgets", test_forgets);
  add ("ipv6", test_ipv6);
  add ("limit", test_limit);
  add ("bad-files", test_bad_files);
  g_test_add_func ("/ui-servers/host", test_host);
  g_test_add_func ("/ui-servers/environment", test_environment);
  return g_test_run ();
}
