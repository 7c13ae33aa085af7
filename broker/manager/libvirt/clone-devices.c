/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/clone-devices.h"

#include <string.h>

#include "core/error.h"
#include "manager/libvirt/xml-parts.h"

static gboolean refuse (GError **error, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  floe_set_error_reason (error, FLOE_ERROR_INVALID, "template-unfit",
                         "no clones can be made of it: %s", text);
  return FALSE;
}

static gboolean
type_is_one_of (xmlNodePtr node, const gchar *const *types)
{
  g_autofree gchar *type = floe_xml_attribute (node, "type");

  return type != NULL && g_strv_contains (types, type);
}

/* --- disks --- */

static gboolean
is_cdrom (xmlNodePtr disk)
{
  return floe_xml_attribute_is (disk, "device", "cdrom");
}

/**
 * floe_clone_devices_find_disk:
 * @devices: a template's `<devices>`
 *
 * Returns: (transfer none): the one disk that it writes to, which clones get an overlay of;
 *   %FLOE_ERROR_INVALID (reason "template-unfit") when it has none, several, or one that is neither
 *   a file nor a volume
 */
xmlNodePtr
floe_clone_devices_find_disk (xmlNodePtr devices, GError **error)
{
  static const gchar *const types[] = { "file", "volume", NULL };
  xmlNodePtr found = NULL;

  for (xmlNodePtr disk = floe_xml_child (devices, "disk"); disk != NULL;
       disk = floe_xml_next (disk, "disk"))
    {
      if (is_cdrom (disk) || floe_xml_child (disk, "readonly") != NULL)
        continue;
      if (found != NULL)
        {
          refuse (error, "it has more than one disk that it writes to: leave one, or make the "
                         "others <readonly/>");
          return NULL;
        }
      found = disk;
    }
  if (found == NULL)
    refuse (error, "it has no disk that it writes to");
  else if (!type_is_one_of (found, types))
    refuse (error, "its disk is neither a file nor a volume: move it into a storage pool of files");
  else if (floe_xml_child (found, "encryption") != NULL || floe_xml_child (found, "auth") != NULL)
    refuse (error, "its disk is encrypted by the host: encrypt it in the guest instead");
  else
    return found;
  return NULL;
}

/* A medium of the template's own installation is of no use in a clone, and may not be on the next
 * host; the drive stays. */
static gboolean
clean_disk (xmlNodePtr disk, GError **error)
{
  if (!is_cdrom (disk))
    return TRUE;
  floe_xml_remove_children (disk, "source");
  floe_xml_remove_children (disk, "backingStore");
  floe_xml_set (disk, "type", "file");
  return TRUE;
}

/* --- the network --- */

static void
clean_virtual_port (xmlNodePtr port)
{
  xmlNodePtr parameters = floe_xml_child (port, "parameters");

  if (parameters == NULL)
    return;
  floe_xml_unset (parameters, "interfaceid");
  floe_xml_unset (parameters, "instanceid");
}

static void
clean_filter (xmlNodePtr filter)
{
  xmlNodePtr next, parameter = floe_xml_child (filter, "parameter");

  for (; parameter != NULL; parameter = next)
    {
      next = floe_xml_next (parameter, "parameter");
      if (floe_xml_attribute_is (parameter, "name", "IP")
          || floe_xml_attribute_is (parameter, "name", "MAC"))
        floe_xml_remove (parameter);
    }
}

static gboolean
clean_interface (xmlNodePtr interface, GError **error)
{
  static const gchar *const types[] = { "network", "bridge", "direct", "user", "ethernet", NULL };
  g_autofree gchar *type = floe_xml_attribute (interface, "type");
  xmlNodePtr part;

  if (type == NULL || !g_strv_contains (types, type))
    return refuse (error,
                   "two domains cannot share its network interface of type %s: use a "
                   "network or a bridge",
                   type != NULL ? type : "(none)");
  floe_xml_remove_children (interface, "mac");
  floe_xml_remove_children (interface, "target");
  if ((part = floe_xml_child (interface, "virtualport")) != NULL)
    clean_virtual_port (part);
  if ((part = floe_xml_child (interface, "filterref")) != NULL)
    clean_filter (part);
  return TRUE;
}

/* --- the display --- */

static gboolean
listens_on_address (xmlNodePtr graphics)
{
  xmlNodePtr listen = floe_xml_child (graphics, "listen");

  if (xmlHasProp (graphics, BAD_CAST "socket") != NULL)
    return FALSE;
  for (; listen != NULL; listen = floe_xml_next (listen, "listen"))
    if (floe_xml_attribute_is (listen, "type", "none")
        || floe_xml_attribute_is (listen, "type", "socket"))
      return FALSE;
  return TRUE;
}

static gboolean
clean_graphics (xmlNodePtr graphics, GError **error)
{
  static const gchar *const with_ports[] = { "spice", "vnc", NULL };
  static const gchar *const ours[] = { "port",   "tlsPort",       "websocket",
                                       "passwd", "passwdValidTo", "connected" };

  if (!type_is_one_of (graphics, with_ports))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    floe_xml_unset (graphics, ours[i]);
  floe_xml_set (graphics, "autoport", "yes");
  if (!floe_xml_attribute_is (graphics, "type", "spice"))
    return TRUE;
  if (!listens_on_address (graphics))
    return refuse (error, "its SPICE display has no network port: use <listen type='address'/> in "
                          "its <graphics>");
  /* Without this libvirt starts QEMU with ticketing off. Nobody gets in with it: it has expired. */
  floe_xml_set (graphics, "passwd", "unused");
  floe_xml_set (graphics, "passwdValidTo", "1970-01-01T00:00:01");
  return TRUE;
}

/* --- what ends on the host --- */

/* A serial port that ends in a file, a socket or a device of the host ends in a pty of its own. */
static gboolean
clean_serial (xmlNodePtr port, GError **error)
{
  static const gchar *const harmless[] = { "pty", "null", "vc", "spicevmc", "spiceport", NULL };

  floe_xml_remove_children (port, "log");
  if (type_is_one_of (port, harmless))
    return TRUE;
  floe_xml_set (port, "type", "pty");
  floe_xml_remove_children (port, "source");
  floe_xml_remove_children (port, "protocol");
  return TRUE;
}

/* A Unix socket's path is left to libvirt, which makes one for each domain. */
static gboolean
clean_channel (xmlNodePtr channel, GError **error)
{
  static const gchar *const harmless[] = { "spicevmc", "spiceport", "qemu-vdagent", "pty", "null",
                                           "unix",     NULL };
  g_autofree gchar *type = floe_xml_attribute (channel, "type");
  g_autofree gchar *name = floe_xml_child_attribute (channel, "target", "name");

  floe_xml_remove_children (channel, "log");
  if (type == NULL || !g_strv_contains (harmless, type))
    return refuse (error,
                   "its channel %s ends in something of the host that two domains cannot "
                   "share (type %s): make it type='unix' without <source>",
                   name != NULL ? name : "", type != NULL ? type : "(none)");
  if (strcmp (type, "unix") == 0)
    floe_xml_remove_children (channel, "source");
  return TRUE;
}

static gboolean
refuse_device (xmlNodePtr device, GError **error)
{
  return refuse (error, "two domains cannot share its <%s>: remove it",
                 (const gchar *)device->name);
}

static gboolean
clean_host_path (xmlNodePtr device, GError **error)
{
  return floe_xml_child (device, "source") == NULL || refuse_device (device, error);
}

static gboolean
clean_filesystem (xmlNodePtr device, GError **error)
{
  return floe_xml_child (device, "readonly") != NULL
         || refuse (error, "all clones would write to its <filesystem>: make it <readonly/>");
}

static gboolean
clean_only_spice (xmlNodePtr device, GError **error)
{
  return floe_xml_attribute_is (device, "type", "spicevmc") || refuse_device (device, error);
}

static gboolean
clean_tpm (xmlNodePtr device, GError **error)
{
  xmlNodePtr backend = floe_xml_child (device, "backend");

  return backend == NULL || floe_xml_attribute_is (backend, "type", "emulator")
         || refuse_device (device, error);
}

static gboolean
clean_audio (xmlNodePtr device, GError **error)
{
  return !floe_xml_attribute_is (device, "type", "file") || refuse_device (device, error);
}

static gboolean
clean_vsock (xmlNodePtr device, GError **error)
{
  xmlNodePtr cid = floe_xml_child (device, "cid");

  if (cid == NULL)
    return TRUE;
  floe_xml_unset (cid, "address");
  floe_xml_set (cid, "auto", "yes");
  return TRUE;
}

typedef struct
{
  const gchar *name;
  gboolean (*clean) (xmlNodePtr device, GError **error);
} Cleaner;

/* What is not named here is the same in all clones. */
static const Cleaner cleaners[] = {
  { "audio", clean_audio },
  { "channel", clean_channel },
  { "console", clean_serial },
  { "disk", clean_disk },
  { "filesystem", clean_filesystem },
  { "graphics", clean_graphics },
  { "hostdev", refuse_device },
  { "input", clean_host_path },
  { "interface", clean_interface },
  { "lease", refuse_device },
  { "memory", clean_host_path },
  { "parallel", clean_serial },
  { "redirdev", clean_only_spice },
  { "serial", clean_serial },
  { "shmem", refuse_device },
  { "smartcard", clean_only_spice },
  { "tpm", clean_tpm },
  { "vsock", clean_vsock },
};

/**
 * floe_clone_devices_clean:
 * @devices: a template's `<devices>`, which become a clone's
 *
 * Takes away what two domains cannot share and libvirt makes anew: MAC addresses, names of network
 * interfaces, ports, sockets, files that serial ports and logs go to, media in CD drives,
 * passwords.
 *
 * Returns: %TRUE; %FALSE with %FLOE_ERROR_INVALID (reason "template-unfit") for what cannot be
 *   shared and cannot be taken away without changing what the guest sees
 */
gboolean
floe_clone_devices_clean (xmlNodePtr devices, GError **error)
{
  xmlNodePtr next;
  gboolean spice = FALSE;

  for (xmlNodePtr device = devices->children; device != NULL; device = next)
    {
      next = device->next;
      spice =
          spice
          || (floe_xml_is (device, "graphics") && floe_xml_attribute_is (device, "type", "spice"));
      for (gsize i = 0; i < G_N_ELEMENTS (cleaners); i++)
        if (floe_xml_is (device, cleaners[i].name) && !cleaners[i].clean (device, error))
          return FALSE;
    }
  return spice
         || refuse (error, "it has no SPICE display: add <graphics type='spice' autoport='yes'/>");
}

/* --- the seed --- */

static gchar *
free_target (xmlNodePtr devices, const gchar *prefix, guint limit)
{
  for (guint i = 0; i < limit; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("%s%c", prefix, 'a' + i);

      if (floe_xml_child_with_part (devices, "disk", "target", "dev", name) == NULL)
        return g_steal_pointer (&name);
    }
  return NULL;
}

static const gchar *
cdrom_bus (xmlNodePtr root)
{
  xmlNodePtr os = floe_xml_child (root, "os");
  g_autofree gchar *machine = os != NULL ? floe_xml_child_attribute (os, "type", "machine") : NULL;
  g_autofree gchar *arch = os != NULL ? floe_xml_child_attribute (os, "type", "arch") : NULL;

  if (arch != NULL && strcmp (arch, "x86_64") != 0 && strcmp (arch, "i686") != 0)
    return "scsi";
  return machine != NULL && strstr (machine, "q35") != NULL ? "sata" : "ide";
}

static xmlNodePtr
new_cdrom (xmlNodePtr root, xmlNodePtr devices)
{
  const gchar *bus = cdrom_bus (root);
  gboolean ide = strcmp (bus, "ide") == 0;
  g_autofree gchar *dev = free_target (devices, ide ? "hd" : "sd", ide ? 4 : 26);
  xmlNodePtr disk, target;

  if (dev == NULL)
    return NULL;
  disk = floe_xml_add (devices, "disk");
  floe_xml_set (disk, "type", "file");
  floe_xml_set (disk, "device", "cdrom");
  target = floe_xml_add (disk, "target");
  floe_xml_set (target, "dev", dev);
  floe_xml_set (target, "bus", bus);
  floe_xml_add (disk, "readonly");
  return disk;
}

/**
 * floe_clone_devices_add_cdrom:
 * @root: a clone's `<domain>`, whose CD drives are empty
 * @path: of a raw image
 *
 * Puts it into the first drive, or adds one on the bus that the machine has by itself.
 */
gboolean
floe_clone_devices_add_cdrom (xmlNodePtr root, const gchar *path, GError **error)
{
  xmlNodePtr devices = floe_xml_child (root, "devices");
  xmlNodePtr disk = floe_xml_child_with (devices, "disk", "device", "cdrom");
  xmlNodePtr driver;

  if (disk == NULL && (disk = new_cdrom (root, devices)) == NULL)
    return refuse (error, "it has no room for a CD drive, which cloud-init needs");
  floe_xml_remove_children (disk, "driver");
  driver = floe_xml_add (disk, "driver");
  floe_xml_set (driver, "name", "qemu");
  floe_xml_set (driver, "type", "raw");
  floe_xml_set (floe_xml_add (disk, "source"), "file", path);
  return TRUE;
}
