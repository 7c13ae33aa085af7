/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/domain-memory.h"

#include "manager/libvirt/xml-parts.h"

/* What QEMU takes beside the guest's memory: 10 to 15 MiB were measured for a guest that does
 * nothing; pictures and channels of a SPICE session, device queues and page tables come to it. */
#define OVERHEAD_MIB 96

/* libvirt writes KiB into what it gives out, whatever it was defined with. */
static guint64
read_kib (xmlNodePtr node, const gchar *child)
{
  g_autofree gchar *text = floe_xml_child_text (node, child);
  g_autofree gchar *unit = floe_xml_child_attribute (node, child, "unit");
  guint64 number = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

  if (g_strcmp0 (unit, "MiB") == 0)
    number *= 1024;
  else if (g_strcmp0 (unit, "GiB") == 0)
    number *= 1024 * 1024;
  return number;
}

/* What QEMU's cache of translated code grows to where a guest is emulated. */
static guint64
translation_kib (xmlNodePtr root)
{
  xmlNodePtr features = floe_xml_child (root, "features");
  xmlNodePtr tcg = features != NULL ? floe_xml_child (features, "tcg") : NULL;
  guint64 given = tcg != NULL ? read_kib (tcg, "tb-cache") : 0;

  if (!floe_xml_attribute_is (root, "type", "qemu"))
    return 0;
  return given > 0 ? given : 1024 * 1024;
}

static guint64
video_kib (xmlNodePtr model, const gchar *name)
{
  g_autofree gchar *text = floe_xml_attribute (model, name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
}

/**
 * floe_domain_memory_mib:
 * @root: a `<domain>`
 *
 * Returns: what a host needs for it at most: all memory that it may have, its video memory, QEMU's
 *   own, and where it is emulated, the cache of translated code: as large as the definition says,
 *   or QEMU's default of 1 GiB
 */
guint
floe_domain_memory_mib (xmlNodePtr root)
{
  xmlNodePtr devices = floe_xml_child (root, "devices");
  guint64 kib = MAX (read_kib (root, "memory"), read_kib (root, "maxMemory"));
  xmlNodePtr video = devices != NULL ? floe_xml_child (devices, "video") : NULL;

  for (; video != NULL; video = floe_xml_next (video, "video"))
    {
      xmlNodePtr model = floe_xml_child (video, "model");

      if (model != NULL)
        kib += video_kib (model, "vram") + video_kib (model, "ram");
    }
  kib += translation_kib (root);
  return (guint)MIN (kib / 1024 + OVERHEAD_MIB, G_MAXUINT / 2);
}
