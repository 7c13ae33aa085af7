/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/seed-image.h"

#include <archive.h>
#include <archive_entry.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "core/error.h"

#define SCRIPT FLOE_FIRST_BOOT_DIR "/first-boot"

typedef struct archive ArchiveWriter;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveWriter, archive_write_free)

typedef struct archive_entry ArchiveEntry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveEntry, archive_entry_free)

static void
add_words (JsonBuilder *builder, const gchar *const *words)
{
  json_builder_begin_array (builder);
  for (; *words != NULL; words++)
    json_builder_add_string_value (builder, *words);
  json_builder_end_array (builder);
}

static void
add_string (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static gchar *
print (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, TRUE);
}

/* JSON is YAML, and its writer leaves nothing that a name could break out by. */
static gchar *
make_meta_data (const gchar *id, const gchar *name)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "instance-id", id);
  add_string (builder, "local-hostname", name);
  json_builder_end_object (builder);
  return print (builder);
}

static void
add_script (JsonBuilder *builder, const gchar *script)
{
  static const gchar *const run[] = {
    "sh", "-c", "sh " SCRIPT "; echo $? > " FLOE_FIRST_BOOT_STATUS "; rm -f " SCRIPT, NULL
  };
  g_autofree gchar *content = g_base64_encode ((const guchar *)script, strlen (script));

  json_builder_set_member_name (builder, "write_files");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  add_string (builder, "path", SCRIPT);
  add_string (builder, "permissions", "0700");
  add_string (builder, "encoding", "b64");
  add_string (builder, "content", content);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "runcmd");
  json_builder_begin_array (builder);
  add_words (builder, run);
  json_builder_end_array (builder);
}

/* Adds a command that runs early, and once. */
static void
add_early (JsonBuilder *builder, const gchar *name, const gchar *command)
{
  const gchar *const words[] = { "cloud-init-per", "instance", name, "sh", "-c", command, NULL };

  add_words (builder, words);
}

/* A status that the template brought along is not the clone's; and cloud-init does not run a script
 * again that was cut off, which must not look like one that there never was. */
static void
add_bootcmd (JsonBuilder *builder, gboolean scripted)
{
  json_builder_set_member_name (builder, "bootcmd");
  json_builder_begin_array (builder);
  add_early (builder, "floe-machine-id",
             "rm -f /etc/machine-id /var/lib/dbus/machine-id; systemd-machine-id-setup");
  add_early (builder, "floe-first-boot",
             scripted ? "mkdir -p " FLOE_FIRST_BOOT_DIR " && echo " FLOE_FIRST_BOOT_UNFINISHED
                        " > " FLOE_FIRST_BOOT_STATUS
                      : "rm -f " FLOE_FIRST_BOOT_STATUS);
  json_builder_end_array (builder);
}

static gchar *
make_user_data (const gchar *name, const gchar *script)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree gchar *text = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "hostname", name);
  json_builder_set_member_name (builder, "preserve_hostname");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_set_member_name (builder, "ssh_deletekeys");
  json_builder_add_boolean_value (builder, TRUE);
  add_bootcmd (builder, script != NULL);
  if (script != NULL)
    add_script (builder, script);
  json_builder_end_object (builder);
  text = print (builder);
  return g_strconcat ("#cloud-config\n", text, "\n", NULL);
}

static la_ssize_t
append (struct archive *archive, void *data, const void *bytes, size_t length)
{
  g_byte_array_append (data, bytes, (guint)length);
  return (la_ssize_t)length;
}

static gboolean
add_file (struct archive *archive, const gchar *name, const gchar *text)
{
  g_autoptr (ArchiveEntry) entry = archive_entry_new ();
  gsize length = strlen (text);

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t)length);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0400);
  return archive_write_header (archive, entry) == ARCHIVE_OK
         && archive_write_data (archive, text, length) == (la_ssize_t)length;
}

static gboolean
write_all (struct archive *archive, GByteArray *out, const gchar *meta, const gchar *user)
{
  return archive_write_set_format_iso9660 (archive) == ARCHIVE_OK
         && archive_write_set_options (
                archive, "iso9660:volume-id=cidata,iso9660:joliet,iso9660:rockridge=useful,"
                         "iso9660:!pad")
                == ARCHIVE_OK
         && archive_write_set_bytes_per_block (archive, 0) == ARCHIVE_OK
         && archive_write_open2 (archive, out, NULL, append, NULL, NULL) == ARCHIVE_OK
         && add_file (archive, "meta-data", meta) && add_file (archive, "user-data", user)
         && archive_write_close (archive) == ARCHIVE_OK;
}

/**
 * floe_seed_image_new:
 * @id: the clone's UUID, which is the instance id: with another one cloud-init takes a disk for a
 *   new machine
 * @name: its host name
 * @script: (nullable): what it runs in the end, by sh, as root
 *
 * Makes the CD that cloud-init's data source NoCloud reads, label "cidata": host name, fresh SSH
 * host keys and machine-id, and the script, which travels in base64 so that nothing in it can break
 * out, and whose status ends in %FLOE_FIRST_BOOT_STATUS.
 *
 * Returns: (transfer full): an ISO 9660 image with Joliet and Rock Ridge
 */
GBytes *
floe_seed_image_new (const gchar *id, const gchar *name, const gchar *script, GError **error)
{
  g_autoptr (ArchiveWriter) archive = archive_write_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree gchar *meta = make_meta_data (id, name);
  g_autofree gchar *user = make_user_data (name, script);

  if (!write_all (archive, out, meta, user))
    {
      const gchar *why = archive_error_string (archive);

      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "cannot make a seed CD: %s",
                   why != NULL ? why : "no reason given");
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
