/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/domain-openings.h"

#include "core/usb-rules.h"
#include "manager/libvirt/xml-parts.h"

/* What a domain lets go between its guest and a SPICE client, and how that is switched off. */

#define AGENT  "com.redhat.spice.0"
#define WEBDAV "org.spice-space.webdav.0"

static const gchar *const hows[FLOE_N_DEVICES] = {
  [FLOE_DEVICE_CLIPBOARD] = "put <clipboard copypaste='no'/> into its <graphics type='spice'>",
  [FLOE_DEVICE_FILES] = "put <filetransfer enable='no'/> into its <graphics type='spice'>",
  [FLOE_DEVICE_FOLDER] = "remove its <channel> org.spice-space.webdav.0",
  [FLOE_DEVICE_USB] = "remove its <redirdev>",
  [FLOE_DEVICE_AUDIO] = "have <audio id='1' type='none'/> in its <devices>",
  [FLOE_DEVICE_SMARTCARD] = "remove its <smartcard>",
};

static xmlNodePtr
find_spice (xmlNodePtr devices)
{
  return floe_xml_child_with (devices, "graphics", "type", "spice");
}

static xmlNodePtr
find_channel (xmlNodePtr devices, const gchar *name)
{
  return floe_xml_child_with_part (devices, "channel", "target", "name", name);
}

/* find_over_spice: a device that ends at the client and not elsewhere */
static xmlNodePtr
find_over_spice (xmlNodePtr devices, const gchar *name)
{
  return floe_xml_child_with (devices, name, "type", "spicevmc");
}

static gboolean
is_off (xmlNodePtr graphics, const gchar *child, const gchar *attribute)
{
  g_autofree gchar *value = floe_xml_child_attribute (graphics, child, attribute);

  return g_strcmp0 (value, "no") == 0;
}

/* libvirt gives a domain with a SPICE display and a sound card SPICE's audio unless it says
 * otherwise. */
static gboolean
has_audio (xmlNodePtr devices)
{
  return floe_xml_child (devices, "sound") != NULL
         && (floe_xml_child (devices, "audio") == NULL
             || floe_xml_child_with (devices, "audio", "type", "spice") != NULL);
}

/* --- USB rules --- */

static gint
number_of (xmlNodePtr node, const gchar *name)
{
  g_autofree gchar *text = floe_xml_attribute (node, name);

  return text != NULL ? (gint)g_ascii_strtoll (text, NULL, 0) : -1;
}

/* "1.1" is 1.10 */
static gint
version_of (xmlNodePtr node)
{
  g_autofree gchar *text = floe_xml_attribute (node, "version");
  g_auto (GStrv) part = text != NULL ? g_strsplit (text, ".", 2) : NULL;
  g_autofree gchar *digits = NULL;

  if (text == NULL || part[0] == NULL || part[1] == NULL)
    return -1;
  digits = g_strdup_printf ("%s%s%s", part[0], part[1],
                            part[1][0] != '\0' && part[1][1] == '\0' ? "0" : "");
  return (gint)g_ascii_strtoull (digits, NULL, 16);
}

static gchar *
read_filter (xmlNodePtr devices)
{
  g_autoptr (GArray) rules = g_array_new (FALSE, FALSE, sizeof (FloeUsbRule));
  xmlNodePtr filter = floe_xml_child (devices, "redirfilter");
  xmlNodePtr node = filter != NULL ? floe_xml_child (filter, "usbdev") : NULL;

  for (; node != NULL; node = floe_xml_next (node, "usbdev"))
    {
      FloeUsbRule rule = { .class = number_of (node, "class"),
                           .vendor = number_of (node, "vendor"),
                           .product = number_of (node, "product"),
                           .version = version_of (node),
                           .allow = floe_xml_attribute_is (node, "allow", "yes") };

      g_array_append_val (rules, rule);
    }
  return rules->len > 0 ? floe_usb_rules_print (rules) : NULL;
}

static void
set_number (xmlNodePtr node, const gchar *name, gint number, guint digits)
{
  g_autofree gchar *text = g_strdup_printf ("0x%0*x", (gint)digits, (guint)number);

  if (number >= 0)
    floe_xml_set (node, name, text);
}

static void
set_version (xmlNodePtr node, gint version)
{
  g_autofree gchar *text = g_strdup_printf ("%x.%02x", (guint)version >> 8, (guint)version & 0xff);

  if (version >= 0)
    floe_xml_set (node, "version", text);
}

static void
write_filter (xmlNodePtr devices, const gchar *text)
{
  g_autoptr (GArray) rules = floe_usb_rules_parse (text, NULL);
  xmlNodePtr filter;

  floe_xml_remove_children (devices, "redirfilter");
  filter = floe_xml_add (devices, "redirfilter");
  for (guint i = 0; rules != NULL && i < rules->len; i++)
    {
      const FloeUsbRule *rule = &g_array_index (rules, FloeUsbRule, i);
      xmlNodePtr node = floe_xml_add (filter, "usbdev");

      set_number (node, "class", rule->class, 2);
      set_number (node, "vendor", rule->vendor, 4);
      set_number (node, "product", rule->product, 4);
      set_version (node, rule->version);
      floe_xml_set (node, "allow", rule->allow ? "yes" : "no");
    }
}

/**
 * floe_domain_openings_read:
 * @root: a `<domain>`
 *
 * Returns: (transfer full): what it lets through
 */
FloeOpenings *
floe_domain_openings_read (xmlNodePtr root)
{
  xmlNodePtr devices = floe_xml_child (root, "devices");
  xmlNodePtr spice = devices != NULL ? find_spice (devices) : NULL;
  FloeOpenings *openings = g_new0 (FloeOpenings, 1);
  gboolean agent = spice != NULL && find_channel (devices, AGENT) != NULL;
  const gboolean open[FLOE_N_DEVICES] = {
    [FLOE_DEVICE_CLIPBOARD] = agent && !is_off (spice, "clipboard", "copypaste"),
    [FLOE_DEVICE_FILES] = agent && !is_off (spice, "filetransfer", "enable"),
    [FLOE_DEVICE_FOLDER] = spice != NULL && find_channel (devices, WEBDAV) != NULL,
    [FLOE_DEVICE_USB] = spice != NULL && find_over_spice (devices, "redirdev") != NULL,
    [FLOE_DEVICE_AUDIO] = spice != NULL && has_audio (devices),
    [FLOE_DEVICE_SMARTCARD] = spice != NULL && find_over_spice (devices, "smartcard") != NULL,
  };

  for (guint i = 0; i < FLOE_N_DEVICES; i++)
    openings->how[i] = open[i] ? hows[i] : NULL;
  openings->usb_filter = devices != NULL ? read_filter (devices) : NULL;
  openings->how_filter = "write the policy's rules into a <redirfilter> in its <devices>";
  return openings;
}

/* --- closing --- */

static void
switch_off (xmlNodePtr graphics, const gchar *child, const gchar *attribute)
{
  floe_xml_remove_children (graphics, child);
  floe_xml_set (floe_xml_add (graphics, child), attribute, "no");
}

static void
remove_over_spice (xmlNodePtr devices, const gchar *name)
{
  xmlNodePtr device;

  while ((device = find_over_spice (devices, name)) != NULL)
    floe_xml_remove (device);
}

/* The guest keeps its sound card; what is played is heard by nobody. */
static void
close_audio (xmlNodePtr devices)
{
  xmlNodePtr audio;

  floe_xml_remove_children (devices, "audio");
  audio = floe_xml_add (devices, "audio");
  floe_xml_set (audio, "id", "1");
  floe_xml_set (audio, "type", "none");
}

static void
close_folder (xmlNodePtr devices)
{
  xmlNodePtr channel;

  while ((channel = find_channel (devices, WEBDAV)) != NULL)
    floe_xml_remove (channel);
}

static void
close_usb (xmlNodePtr devices)
{
  remove_over_spice (devices, "redirdev");
  floe_xml_remove_children (devices, "redirfilter");
}

/**
 * floe_domain_openings_close:
 * @root: a definition, which is changed
 * @policy: what it must enforce
 *
 * Takes away what @policy forbids, as far as QEMU can; what it allows is not added.
 */
void
floe_domain_openings_close (xmlNodePtr root, const FloePolicy *policy)
{
  xmlNodePtr devices = floe_xml_child (root, "devices");
  xmlNodePtr spice = devices != NULL ? find_spice (devices) : NULL;

  if (spice == NULL)
    return;
  if (floe_policy_forbids (policy, FLOE_DEVICE_CLIPBOARD))
    switch_off (spice, "clipboard", "copypaste");
  if (floe_policy_forbids (policy, FLOE_DEVICE_FILES))
    switch_off (spice, "filetransfer", "enable");
  if (floe_policy_forbids (policy, FLOE_DEVICE_FOLDER))
    close_folder (devices);
  if (floe_policy_forbids (policy, FLOE_DEVICE_SMARTCARD))
    remove_over_spice (devices, "smartcard");
  if (floe_policy_forbids (policy, FLOE_DEVICE_AUDIO))
    close_audio (devices);
  if (floe_policy_forbids (policy, FLOE_DEVICE_USB))
    close_usb (devices);
  else if (policy->usb_filter != NULL && find_over_spice (devices, "redirdev") != NULL)
    write_filter (devices, policy->usb_filter);
}
