/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "manager/libvirt/seed-image.h"

#define ID "6f1d9e3a-52c4-4b7e-9d1f-0c6a1b2c3d01"

static GBytes *
make (const gchar *name, const gchar *script)
{
  g_autoptr (GError) error = NULL;
  GBytes *image = floe_seed_image_new (ID, name, script, &error);

  g_assert_no_error (error);
  return image;
}

/* name -> text of all files on a CD */
static GHashTable *
read_back (GBytes *image)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  gsize length;
  gconstpointer bytes = g_bytes_get_data (image, &length);

  archive_read_support_format_iso9660 (archive);
  g_assert_cmpint (archive_read_open_memory (archive, bytes, length), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    {
      gsize size = (gsize)archive_entry_size (entry);
      gchar *text = g_malloc0 (size + 1);

      if (archive_entry_filetype (entry) != AE_IFREG)
        {
          g_free (text);
          continue;
        }
      g_assert_cmpint (archive_read_data (archive, text, size), ==, (gint)size);
      g_hash_table_insert (files, g_strdup (archive_entry_pathname (entry)), text);
    }
  archive_read_free (archive);
  return files;
}

static JsonObject *
parse (const gchar *text, JsonNode **root)
{
  g_autoptr (GError) error = NULL;

  *root = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_get_object (*root);
}

/* What cloud-init-per runs under a name. */
static const gchar *
early_command (JsonObject *user, const gchar *name)
{
  JsonArray *list = json_object_get_array_member (user, "bootcmd");

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonArray *words = json_array_get_array_element (list, i);

      g_assert_cmpstr (json_array_get_string_element (words, 0), ==, "cloud-init-per");
      g_assert_cmpstr (json_array_get_string_element (words, 1), ==, "instance");
      if (strcmp (json_array_get_string_element (words, 2), name) == 0)
        return json_array_get_string_element (words, 5);
    }
  return NULL;
}

static void
test_files (void)
{
  static const gchar *const names[] = { "office-001", "a\"b", "x\n- y: {", "\xc3\xa9t\xc3\xa9" };
  static const gchar script[] = "#!/bin/sh\necho '\"EOF\"' $HOME \\\n\"\n";

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) image = make (names[i], script);
      g_autoptr (GHashTable) files = read_back (image);
      const gchar *user = g_hash_table_lookup (files, "user-data");
      g_autoptr (JsonNode) meta_root = NULL;
      g_autoptr (JsonNode) user_root = NULL;
      g_autofree guchar *content = NULL;
      JsonObject *meta, *file;
      gsize length;

      g_assert_cmpuint (g_hash_table_size (files), ==, 2);
      meta = parse (g_hash_table_lookup (files, "meta-data"), &meta_root);
      g_assert_cmpstr (json_object_get_string_member (meta, "instance-id"), ==, ID);
      g_assert_cmpstr (json_object_get_string_member (meta, "local-hostname"), ==, names[i]);
      g_assert_true (g_str_has_prefix (user, "#cloud-config\n"));
      user += strlen ("#cloud-config\n");
      meta = parse (user, &user_root);
      g_assert_cmpstr (json_object_get_string_member (meta, "hostname"), ==, names[i]);
      g_assert_true (json_object_get_boolean_member (meta, "ssh_deletekeys"));
      g_assert_nonnull (strstr (early_command (meta, "floe-first-boot"),
                                "echo unfinished > /var/lib/floe/first-boot.status"));
      file = json_array_get_object_element (json_object_get_array_member (meta, "write_files"), 0);
      content = g_base64_decode (json_object_get_string_member (file, "content"), &length);
      g_assert_cmpmem (content, length, script, strlen (script));
    }
}

static void
test_without_script (void)
{
  g_autoptr (GBytes) image = make ("office-001", NULL);
  g_autoptr (GHashTable) files = read_back (image);
  const gchar *user = g_hash_table_lookup (files, "user-data");
  g_autoptr (JsonNode) root = NULL;
  JsonObject *said = parse (user + strlen ("#cloud-config\n"), &root);

  g_assert_null (strstr (user, "runcmd"));
  g_assert_null (strstr (user, "write_files"));
  g_assert_nonnull (early_command (said, "floe-machine-id"));
  g_assert_cmpstr (early_command (said, "floe-first-boot"), ==,
                   "rm -f /var/lib/floe/first-boot.status");
}

/* cloud-init looks for the label, which both the plain and the Joliet descriptor carry. */
static void
test_label (void)
{
  g_autoptr (GBytes) image = make ("office-001", NULL);
  gsize length;
  const guchar *bytes = g_bytes_get_data (image, &length);

  g_assert_cmpuint (length, >, 18 * 2048);
  g_assert_cmpint (length % 2048, ==, 0);
  g_assert_cmpmem (bytes + 16 * 2048 + 1, 5, "CD001", 5);
  g_assert_cmpint (g_ascii_strncasecmp ((const gchar *)bytes + 16 * 2048 + 40, "cidata  ", 8), ==,
                   0);
  g_assert_cmpint (bytes[17 * 2048], ==, 2);
  g_assert_cmpmem (bytes + 17 * 2048 + 40, 12, "\0c\0i\0d\0a\0t\0a", 12);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/libvirt-seed/files", test_files);
  g_test_add_func ("/libvirt-seed/without-script", test_without_script);
  g_test_add_func ("/libvirt-seed/label", test_label);
  return g_test_run ();
}
