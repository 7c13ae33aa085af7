/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/clone-xml.h"

#include <string.h>

#include "core/error.h"
#include "manager/libvirt/clone-devices.h"
#include "manager/libvirt/domain-openings.h"
#include "manager/libvirt/domain-xml.h"
#include "manager/libvirt/xml-parts.h"

void
floe_template_disk_free (FloeTemplateDisk *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->pool);
  g_free (self->volume);
  g_free (self);
}

static void
write_metadata (xmlNodePtr root, const FloeCloneParts *parts)
{
  g_autofree gchar *revision = g_strdup_printf ("%u", parts->revision);
  xmlNodePtr metadata, pool;
  xmlNsPtr ns;

  floe_xml_remove_children (root, "metadata");
  metadata = floe_xml_add (root, "metadata");
  pool = xmlNewTextChild (metadata, NULL, BAD_CAST "pool", BAD_CAST parts->pool);
  ns = xmlNewNs (pool, BAD_CAST FLOE_DOMAIN_XML_NAMESPACE, BAD_CAST "floe");
  xmlSetNs (pool, ns);
  floe_xml_set (pool, "clone", parts->id);
  if (parts->installation != NULL)
    floe_xml_set (pool, "installation", parts->installation);
  floe_xml_set (pool, "revision", revision);
  floe_xml_set (pool, "personality", floe_personality_name (parts->personality));
}

/* What identifies the machine to its guest. An empty genid is chosen by libvirt. */
static void
clean_identity (xmlNodePtr root)
{
  xmlNodePtr genid = floe_xml_child (root, "genid");
  xmlNodePtr info = floe_xml_child (root, "sysinfo");
  xmlNodePtr system = info != NULL ? floe_xml_child (info, "system") : NULL;
  xmlNodePtr next, entry = system != NULL ? floe_xml_child (system, "entry") : NULL;

  if (genid != NULL)
    {
      floe_xml_remove (genid);
      floe_xml_add (root, "genid");
    }
  for (; entry != NULL; entry = next)
    {
      next = floe_xml_next (entry, "entry");
      if (floe_xml_attribute_is (entry, "name", "uuid")
          || floe_xml_attribute_is (entry, "name", "serial"))
        floe_xml_remove (entry);
    }
}

/* The firmware's variables: a clone begins with those that the firmware comes with, so that its
 * disk must be bootable by the fallback path, as those of all systems are. */
static void
clean_firmware (xmlNodePtr root)
{
  xmlNodePtr os = floe_xml_child (root, "os");
  xmlNodePtr nvram = os != NULL ? floe_xml_child (os, "nvram") : NULL;
  g_autofree gchar *template = nvram != NULL ? floe_xml_attribute (nvram, "template") : NULL;

  if (nvram == NULL)
    return;
  floe_xml_remove (nvram);
  if (template != NULL)
    floe_xml_set (floe_xml_add (os, "nvram"), "template", template);
}

/* A fixed label would let one clone at another one's files. */
static void
clean_labels (xmlNodePtr root)
{
  xmlNodePtr next, label = floe_xml_child (root, "seclabel");

  for (; label != NULL; label = next)
    {
      next = floe_xml_next (label, "seclabel");
      if (floe_xml_attribute_is (label, "type", "static"))
        floe_xml_remove (label);
    }
}

static void
give_overlay (xmlNodePtr disk, const gchar *path)
{
  static const gchar *const gone[] = { "source", "transient", "backingStore", "mirror" };
  xmlNodePtr driver = floe_xml_child (disk, "driver");

  for (gsize i = 0; i < G_N_ELEMENTS (gone); i++)
    floe_xml_remove_children (disk, gone[i]);
  if (driver == NULL)
    driver = floe_xml_add (disk, "driver");
  floe_xml_set (driver, "name", "qemu");
  floe_xml_set (driver, "type", "qcow2");
  floe_xml_set (disk, "type", "file");
  floe_xml_unset (disk, "snapshot");
  floe_xml_set (floe_xml_add (disk, "source"), "file", path);
}

/* A data disk is plugged in while the domain runs, and the root bus of this machine takes none. */
static void
add_free_slot (xmlNodePtr root, xmlNodePtr devices)
{
  xmlNodePtr os = floe_xml_child (root, "os");
  g_autofree gchar *machine = os != NULL ? floe_xml_child_attribute (os, "type", "machine") : NULL;
  xmlNodePtr controller;

  if (machine == NULL || strstr (machine, "q35") == NULL)
    return;
  controller = floe_xml_add (devices, "controller");
  floe_xml_set (controller, "type", "pci");
  floe_xml_set (controller, "model", "pcie-root-port");
}

static gboolean
check_root (xmlNodePtr root, GError **error)
{
  const gchar *wrong = NULL;

  if (!floe_xml_is (root, "domain") || floe_xml_child (root, "devices") == NULL)
    wrong = "it is not a domain's XML";
  else if (floe_xml_child (root, "commandline") != NULL)
    wrong = "it passes options to QEMU by <qemu:commandline>, of which nobody knows whether two "
            "domains can share them: use libvirt's own elements";
  if (wrong == NULL)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_INVALID, "template-unfit",
                         "no clones can be made of it: %s", wrong);
  return FALSE;
}

/**
 * floe_clone_xml_make:
 * @template: the inactive XML of a template
 * @parts: what is different in the clone
 *
 * Replaced are UUID, name, metadata and the disk that the template writes to. Dropped are whatever
 * two domains cannot share and libvirt or the clone makes anew, see floe_clone_devices_clean(), the
 * SMBIOS UUID and serial number, Windows' generation id, the path of the firmware's variables, and
 * static security labels. All else, title and description too, is kept.
 *
 * Returns: (transfer full): a definition; %NULL with %FLOE_ERROR_INVALID (reason "template-unfit")
 *   that says what to change in the template
 */
gchar *
floe_clone_xml_make (const gchar *template, const FloeCloneParts *parts, GError **error)
{
  g_autoptr (xmlDoc) document = floe_xml_parse (template, error);
  xmlNodePtr root = document != NULL ? xmlDocGetRootElement (document) : NULL;
  xmlNodePtr devices, disk;

  if (root == NULL || !check_root (root, error))
    return NULL;
  devices = floe_xml_child (root, "devices");
  disk = floe_clone_devices_find_disk (devices, error);
  if (disk == NULL || !floe_clone_devices_clean (devices, error))
    return NULL;
  floe_xml_unset (root, "id");
  floe_xml_set_child_text (root, "name", parts->name);
  floe_xml_set_child_text (root, "uuid", parts->id);
  write_metadata (root, parts);
  clean_identity (root);
  clean_firmware (root);
  clean_labels (root);
  give_overlay (disk, parts->overlay);
  add_free_slot (root, devices);
  if (parts->policy != NULL)
    floe_domain_openings_close (root, parts->policy);
  if (parts->seed != NULL && !floe_clone_devices_add_cdrom (root, parts->seed, error))
    return NULL;
  return floe_xml_print (root);
}

/**
 * floe_clone_xml_read_template:
 * @template: the inactive XML of a template
 *
 * Returns: (transfer full): its disk, if clones can be made of it; %NULL with %FLOE_ERROR_INVALID
 *   (reason "template-unfit")
 */
FloeTemplateDisk *
floe_clone_xml_read_template (const gchar *template, GError **error)
{
  static const FloeCloneParts any = { .id = "00000000-0000-4000-8000-000000000000",
                                      .name = "clone",
                                      .pool = "pool",
                                      .overlay = "/overlay",
                                      .seed = "/seed" };
  g_autofree gchar *trial = floe_clone_xml_make (template, &any, error);
  g_autoptr (xmlDoc) document = trial != NULL ? floe_xml_parse (template, error) : NULL;
  FloeTemplateDisk *found;
  xmlNodePtr disk, devices;

  if (document == NULL)
    return NULL;
  devices = floe_xml_child (xmlDocGetRootElement (document), "devices");
  disk = floe_clone_devices_find_disk (devices, error);
  if (disk == NULL)
    return NULL;
  found = g_new0 (FloeTemplateDisk, 1);
  found->path = floe_xml_child_attribute (disk, "source", "file");
  found->pool = floe_xml_child_attribute (disk, "source", "pool");
  found->volume = floe_xml_child_attribute (disk, "source", "volume");
  if (found->path != NULL || (found->pool != NULL && found->volume != NULL))
    return found;
  floe_template_disk_free (found);
  floe_set_error_reason (error, FLOE_ERROR_INVALID, "template-unfit",
                         "no clones can be made of it: its disk has no image");
  return NULL;
}
