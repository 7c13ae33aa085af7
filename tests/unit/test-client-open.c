/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "api/error.h"
#include "api/link.h"
#include "api/vv-file.h"

/* What is opened from outside: connection files and links, from whoever wrote them. */

#define HEAD "[virt-viewer]\ntype=spice\nhost=h.example\n"
#define GOOD HEAD "tls-port=5901\n"

static FloeVvFile *
parse (const gchar *text, GError **error)
{
  g_autofree gchar *bytes = g_strdup (text);
  FloeVvFile *file = floe_vv_file_parse (bytes, strlen (text), error);

  for (gsize i = 0; i < strlen (text); i++) /* whatever came of it */
    g_assert_cmpint (bytes[i], ==, 0);
  return file;
}

/* As Proxmox hands them out: what is known counts, and the rest is let be. */
static void
test_whole (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeVvFile) file =
      parse ("# made by a server\n\n[virt-viewer]\r\nsecure-attention=Ctrl+Alt+Ins\n"
             "type = spice \nhost=pvespiceproxy:5f:100:node::q+/=\nproxy=http://node:3128\n"
             "tls-port=61000\nport=-1\npassword=\\sa\\\\b=c\\t\n"
             "ca=-----BEGIN CERTIFICATE-----\\nMII\\n-----END CERTIFICATE-----\\n\n"
             "host-subject=OU=PVE Cluster Node,O=P,CN=node\ntls-ciphers=HIGH\n"
             "secure-channels=main;inputs;\ndisable-channels=record;webdav\n"
             "title=VM 100 – web\nfullscreen=1\ndelete-this-file=1\nenable-usb-autoshare=true\n"
             "usb-filter=0x03,-1,-1,-1,0|-1,-1,-1,-1,1\nusb-redirect-on-connect=0x08,-1,-1,-1,1\n"
             "enable-smartcard=0\ntoggle-fullscreen=Shift+F11\nrelease-cursor=Ctrl+Alt+R\n"
             "version=8.0\nversions=rhev-win64:2.0-160;\nx-other=7\nusername=anna\n"
             "[ovirt]\nhost=engine\njsessionid=1\n",
             &error);
  const FloeConnection *c;

  g_assert_no_error (error);
  c = file->connection;
  g_assert_cmpint (c->protocol, ==, FLOE_PROTOCOL_SPICE);
  g_assert_cmpstr (c->host, ==, "pvespiceproxy:5f:100:node::q+/=");
  g_assert_cmpstr (c->proxy, ==, "http://node:3128");
  g_assert_cmpuint (c->port, ==, 0);
  g_assert_cmpuint (c->tls_port, ==, 61000);
  g_assert_cmpstr (floe_secret_get (c->ticket, NULL), ==, " a\\b=c\t");
  g_assert_cmpstr (c->ca, ==, "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n");
  g_assert_cmpstr (c->host_subject, ==, "OU=PVE Cluster Node,O=P,CN=node");
  g_assert_cmpstr (c->ciphers, ==, "HIGH");
  g_assert_cmpstr (c->username, ==, "anna");
  g_assert_cmpuint (g_strv_length (c->secure_channels), ==, 2);
  g_assert_cmpstr (c->title, ==, "VM 100 – web");
  g_assert_false (c->policy->record || c->policy->smartcard);
  g_assert_true (c->policy->usb && c->policy->playback);
  g_assert_cmpint (c->policy->folder, ==, FLOE_FOLDER_NONE);
  g_assert_cmpstr (c->policy->usb_filter, ==, "0x03,-1,-1,-1,0|-1,-1,-1,-1,1");
  g_assert_cmpstr (c->policy->usb_connect, ==, "0x08,-1,-1,-1,1");
  g_assert_true (file->fullscreen && file->delete_this_file && file->auto_usb);
  g_assert_cmpstr (file->toggle_fullscreen, ==, "Shift+F11");
  g_assert_cmpstr (file->release_cursor, ==, "Ctrl+Alt+R");
  g_assert_cmpstr (file->secure_attention, ==, "Ctrl+Alt+Ins");
}

static void
test_small (void)
{
  g_autoptr (FloeVvFile) file = parse ("[virt-viewer]\ntype=vnc\nhost=::1\nport=5900", NULL);
  g_autoptr (FloeVvFile) copy = floe_vv_file_copy (file);

  g_assert_cmpint (copy->connection->protocol, ==, FLOE_PROTOCOL_VNC);
  g_assert_cmpstr (copy->connection->title, ==, "::1");
  g_assert_null (copy->connection->ticket);
  g_assert_false (copy->fullscreen || copy->delete_this_file || copy->auto_usb);
  g_assert_true (floe_policy_is_open (copy->connection->policy));
}

static void
test_wrong (void)
{
  static const struct
  {
    const gchar *text, *words;
  } rows[] = {
    { "", "line 1: there is no group" },
    { "\n\n", "there is no group" },
    { "GIF89a", "line 1: this is no connection file" },
    { "[libvirt]\ntype=spice\n", "line 2: there is no group" },
    { "[virt-viewer\ntype=spice\n", "line 1: a group" },
    { "[virt-viewer]\ntype=spice\nhost\n", "line 3: neither" },
    { "[virt-viewer]\n=spice\n", "line 2: there is no key" },
    { "[virt-viewer]\nhost=h\nport=1\n", "line 3: there is no \"type\"" },
    { "[virt-viewer]\ntype=rdp\nhost=h\nport=1\n", "line 2: \"type\" is neither" },
    { "[virt-viewer]\ntype=ovirt\nhost=h\nport=1\n", "line 2: \"type\" is neither" },
    { "[virt-viewer]\ntype=spice\nport=1\n", "line 3: there is no \"host\"" },
    { HEAD, "line 3: there is no port" },
    { HEAD "port=0\n", "line 4: there is no port" },
    { HEAD "port=65536\n", "line 4: \"port\" is no port" },
    { HEAD "port=+5\n", "line 4: \"port\" is no port" },
    { HEAD "port=5900x\n", "line 4: \"port\" is no port" },
    { "[virt-viewer]\ntype=vnc\nhost=h\ntls-port=5900\n", "there is no port" },
    { GOOD "fullscreen=yes\n", "line 5: \"fullscreen\" is neither 0 nor 1" },
    { GOOD "title=a\\qb\n", "line 5: \"title\" has a backslash" },
    { GOOD "password=secret\\\n", "line 5: \"password\" has a backslash" },
    { GOOD "title=a\\nb\n", "line 5: \"title\" has a control" },
    { GOOD "proxy=a\\rb\n", "line 5: \"proxy\" has a control" },
    { HEAD "tls-port=1\n\xff\xfe=1\n", "line 1: this is no text" },
    { GOOD "version=12.0\nnewer-version-url=https://v.example/\n",
      "line 5: it wants virt-viewer 12 or newer; this program knows 11. https://v.example/" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (rows[i].text, &error));
      g_test_message ("%u: %s", i, error->message);
      g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, rows[i].words));
      g_assert_null (strstr (error->message, "secret"));
    }
}

/* Each byte of a good file cut off, changed or made a NUL: a file or an error, never a crash. */
static void
test_damaged (void)
{
  static const gchar good[] = GOOD "password=p\\\\w\nsecure-channels=all;\nca=a\\nb\n[x]\ny=1\n";

  for (gsize at = 0; at < strlen (good); at++)
    for (guint c = 0; c < 12; c++)
      {
        g_autofree gchar *text = g_strdup (good);
        g_autoptr (FloeVvFile) file = NULL;
        g_autoptr (GError) error = NULL;

        text[at] = "\0\n\r[]=;\\#\xff x"[c];
        file = floe_vv_file_parse (text, c == 0 ? at : strlen (good), &error);
        g_assert_true ((file == NULL) == (error != NULL));
      }
}

static void
test_reading (void)
{
  g_autofree gchar *dir = g_dir_make_tmp ("vvXXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (dir, "a.vv", NULL);
  g_autofree gchar *large = g_strnfill (FLOE_VV_MAX_BYTES + 1, '\n');
  g_autoptr (FloeVvFile) kept = NULL;
  g_autoptr (FloeVvFile) used = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, GOOD "delete-this-file=0\n", -1, NULL));
  kept = floe_vv_file_read (path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (path, GOOD "fullscreen=2\ndelete-this-file=1\n", -1, NULL));
  g_assert_null (floe_vv_file_read (path, NULL));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS)); /* wrong: kept for whoever looks why */
  g_assert_true (g_file_set_contents (path, GOOD "delete-this-file=1\n", -1, NULL));
  used = floe_vv_file_read (path, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_null (floe_vv_file_read (path, &error));
  g_assert_true (floe_client_error_has_reason (error, "no-file"));
  g_clear_error (&error);
  g_assert_null (floe_vv_file_read (dir, &error));
  g_assert_true (floe_client_error_has_reason (error, "no-file"));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, large, FLOE_VV_MAX_BYTES + 1, NULL));
  g_assert_null (floe_vv_file_read (path, &error));
  g_assert_nonnull (strstr (error->message, "too large"));
  g_assert_null (floe_vv_file_read ("/dev/zero", NULL));
  g_unlink (path);
  g_rmdir (dir);
}

static void
test_links (void)
{
  static const struct
  {
    const gchar *text, *server, *pool, *desktop;
  } rows[] = {
    { "floe://desks.example/pool/office", "https://desks.example", "office", NULL },
    { "FLOE://Desks.Example:8443/pool/B%C3%BCro%201/", "https://desks.example:8443", "Büro 1",
      NULL },
    { "floe://desks.example/desktop/office-01", "https://desks.example", NULL, "office-01" },
    { "floe://desks.example", "https://desks.example", NULL, NULL },
    { "floe://desks.example:443/", "https://desks.example", NULL, NULL },
    { "floe://[::1]/pool/a", "https://[::1]", "a", NULL },
    { "floe://anna@desks.example/pool/a" },
    { "floe://desks.example@evil.example/pool/a" },
    { "floe://desks.example/pool/a?user=anna" },
    { "floe://desks.example/pool/a#b" },
    { "floe://desks.example/pool" },
    { "floe://desks.example/pool/" },
    { "floe://desks.example/pool/a/b" },
    { "floe://desks.example/pool/a%2Fb" },
    { "floe://desks.example/pool/a%0Ab" },
    { "floe://desks.example/pool/a%00b" },
    { "floe://desks.example/pool/%E2%80%AEcba" },
    { "floe://desks.example/pool/%FF" },
    { "floe://desks.example/other/a" },
    { "floe:///pool/a" },
    { "floe:pool/a" },
    { "floe://desks.example:0/pool/a" },
    { "floe://desks.example:99999/pool/a" },
    { "floe://-x/pool/a" },
    { "https://desks.example/pool/a" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FloeLink) link = floe_link_parse (rows[i].text, &error);

      g_test_message ("%s: %s", rows[i].text, error != NULL ? error->message : "good");
      if (rows[i].server == NULL)
        {
          g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (link->server, ==, rows[i].server);
      g_assert_cmpstr (link->pool, ==, rows[i].pool);
      g_assert_cmpstr (link->desktop, ==, rows[i].desktop);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/open/file/whole", test_whole);
  g_test_add_func ("/open/file/small", test_small);
  g_test_add_func ("/open/file/wrong", test_wrong);
  g_test_add_func ("/open/file/damaged", test_damaged);
  g_test_add_func ("/open/file/reading", test_reading);
  g_test_add_func ("/open/link", test_links);
  return g_test_run ();
}
