/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "manager/libvirt/clone-xml.h"
#include "manager/libvirt/domain-xml.h"

#define ID "6f1d9e3a-52c4-4b7e-9d1f-0c6a1b2c3d99"
#define DISK                                                                                       \
  "<disk type='file' device='disk'><driver name='qemu' type='raw' cache='none'/>"                  \
  "<source file='/images/template.img'/><target dev='vda' bus='virtio'/>"
#define DISK_XML DISK "</disk>"
#define SPICE    "<graphics type='spice' autoport='yes'><listen type='address'/></graphics>"

static const FloeCloneParts parts = { .id = ID,
                                      .name = "office-001",
                                      .pool = "office",
                                      .installation = "house-1",
                                      .revision = 7,
                                      .personality = FLOE_PERSONALITY_CLOUD_INIT,
                                      .overlay = "/desks/floe-" ID ".qcow2",
                                      .seed = "/desks/floe-" ID "-seed.iso" };

static gchar *
template_with (const gchar *head, const gchar *devices)
{
  return g_strdup_printf (
      "<domain type='kvm' id='3'><name>template</name>"
      "<uuid>6f1d9e3a-52c4-4b7e-9d1f-0c6a1b2c3d01</uuid><title>T</title>"
      "<description>D</description>"
      "<metadata><floe:pool xmlns:floe='urn:floe:domain'>other</floe:pool></metadata>"
      "<memory unit='KiB'>2097152</memory>%s<devices>%s</devices></domain>",
      head, devices);
}

static gchar *
clone_of (const gchar *head, const gchar *devices)
{
  g_autofree gchar *template = template_with (head, devices);
  g_autoptr (GError) error = NULL;
  gchar *xml = floe_clone_xml_make (template, &parts, &error);

  g_assert_no_error (error);
  return xml;
}

static void
assert_has (const gchar *xml, const gchar *text)
{
  if (strstr (xml, text) == NULL)
    g_error ("no %s in %s", text, xml);
}

static void
assert_lacks (const gchar *xml, const gchar *text)
{
  if (strstr (xml, text) != NULL)
    g_error ("there is %s in %s", text, xml);
}

static void
test_identity (void)
{
  g_autofree gchar *xml = clone_of ("<genid>43dc0cf8-809b-4adb-9bea-a9abb5f3d90e</genid>"
                                    "<sysinfo type='smbios'><system>"
                                    "<entry name='uuid'>a</entry><entry name='serial'>b</entry>"
                                    "<entry name='product'>Desk</entry></system></sysinfo>"
                                    "<seclabel type='static' model='selinux'/>"
                                    "<seclabel type='none' model='dac'/>",
                                    DISK "<transient/></disk>" SPICE);
  g_autofree gchar *copy = g_strdup (xml);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDomainXml) read = floe_domain_xml_new (copy, &error);

  g_assert_no_error (error);
  g_assert_false (floe_domain_xml_is_live (read));
  g_assert_cmpstr (floe_domain_xml_get_uuid (read), ==, ID);
  g_assert_cmpstr (floe_domain_xml_get_name (read), ==, "office-001");
  g_assert_cmpstr (floe_domain_xml_get_pool (read), ==, "office");
  g_assert_true (floe_domain_xml_is_made (read));
  g_assert_true (floe_domain_xml_is_seeded (read));
  g_assert_cmpstr (floe_domain_xml_get_installation (read), ==, "house-1");
  g_assert_cmpuint (floe_domain_xml_get_revision (read), ==, 7);
  g_assert_cmpuint (floe_domain_xml_get_memory_mib (read), ==, 2048 + 96);
  g_assert_true (floe_domain_xml_has_ticketing (read));
  g_assert_null (floe_domain_xml_refusal (read, NULL));
  assert_has (xml, "<title>T</title>");
  assert_has (xml, "<description>D</description>");
  assert_has (xml, "<genid/>");
  assert_has (xml, "Desk");
  assert_lacks (xml, "name=\"uuid\"");
  assert_lacks (xml, "name=\"serial\"");
  assert_lacks (xml, "static");
  assert_has (xml, "model=\"dac\"");
  assert_lacks (xml, "other");
}

static void
test_disk (void)
{
  g_autofree gchar *plain = clone_of ("", DISK "<transient shareBacking='yes'/></disk>" SPICE);
  g_autofree gchar *volume = clone_of ("", "<disk type='volume' device='disk' snapshot='external'>"
                                           "<source pool='p' volume='v'/><backingStore/>"
                                           "<target dev='vda' bus='virtio'/></disk>" SPICE);
  g_autofree gchar *shared =
      clone_of ("", DISK_XML "<disk type='file'><source file='/images/apps.img'/>"
                             "<target dev='vdb' bus='virtio'/><readonly/></disk>" SPICE);

  assert_has (plain, "<source file=\"/desks/floe-" ID ".qcow2\"/>");
  assert_has (plain, "type=\"qcow2\"");
  assert_has (plain, "cache=\"none\"");
  assert_lacks (plain, "transient");
  assert_lacks (plain, "template.img");
  assert_has (volume, "<source file=\"/desks/floe-" ID ".qcow2\"/>");
  assert_lacks (volume, "volume=");
  assert_lacks (volume, "snapshot");
  assert_has (shared, "apps.img");
}

static void
test_seed (void)
{
  FloeCloneParts without = parts;
  g_autofree gchar *drive =
      clone_of ("<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>",
                DISK_XML "<disk type='file' device='cdrom'><source file='/iso/install.iso'/>"
                         "<target dev='sdc' bus='sata'/><readonly/></disk>" SPICE);
  g_autofree gchar *q35 =
      clone_of ("<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>", DISK_XML SPICE);
  g_autofree gchar *pc =
      clone_of ("<os><type arch='x86_64' machine='pc'>hvm</type></os>", DISK_XML SPICE);
  g_autofree gchar *arm =
      clone_of ("<os><type arch='aarch64' machine='virt'>hvm</type></os>", DISK_XML SPICE);
  g_autofree gchar *template = template_with ("", DISK_XML SPICE);
  g_autofree gchar *none = NULL;

  assert_has (drive, "<target dev=\"sdc\" bus=\"sata\"/>");
  assert_has (drive, parts.seed);
  assert_lacks (drive, "install.iso");
  assert_lacks (drive, "sda");
  assert_has (q35, "<target dev=\"sda\" bus=\"sata\"/>");
  assert_has (q35, "pcie-root-port");
  assert_has (pc, "<target dev=\"hda\" bus=\"ide\"/>");
  assert_lacks (pc, "pcie-root-port");
  assert_has (arm, "<target dev=\"sda\" bus=\"scsi\"/>");
  without.seed = NULL;
  none = floe_clone_xml_make (template, &without, NULL);
  assert_lacks (none, "cdrom");
}

static void
test_devices (void)
{
  g_autofree gchar *xml = clone_of (
      "<os><type>hvm</type><loader readonly='yes' type='pflash'>/fw/code.fd</loader>"
      "<nvram template='/fw/vars.fd'>/var/nvram/template_VARS.fd</nvram></os>",
      DISK_XML
      "<interface type='bridge'><mac address='52:54:00:00:00:01'/>"
      "<source bridge='br0'/><target dev='desk0'/><virtualport type='openvswitch'>"
      "<parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='p'/>"
      "</virtualport><filterref filter='clean-traffic'>"
      "<parameter name='IP' value='192.0.2.7'/><parameter name='CTRL' value='x'/>"
      "</filterref></interface>"
      "<serial type='file'><source path='/log/serial'/><log file='/log/more'/></serial>"
      "<console type='pty'/>"
      "<channel type='unix'><source mode='bind' path='/run/agent'/>"
      "<target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
      "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>"
      "<graphics type='spice' port='5900' tlsPort='5901' autoport='no' passwd='geheim' "
      "passwdValidTo='2030-01-01T00:00:00' connected='keep' defaultMode='secure'/>"
      "<graphics type='vnc' port='5902' passwd='auch'/>"
      "<vsock><cid auto='no' address='7'/></vsock>"
      "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");

  assert_lacks (xml, "52:54");
  assert_lacks (xml, "desk0");
  assert_lacks (xml, "interfaceid");
  assert_has (xml, "profileid");
  assert_lacks (xml, "192.0.2.7");
  assert_has (xml, "CTRL");
  assert_lacks (xml, "/log/");
  assert_has (xml, "<serial type=\"pty\"");
  assert_lacks (xml, "/run/agent");
  assert_lacks (xml, "590");
  assert_lacks (xml, "geheim");
  assert_lacks (xml, "auch");
  assert_has (xml, "defaultMode=\"secure\"");
  assert_has (xml, "passwdValidTo=\"1970-01-01T00:00:01\"");
  assert_has (xml, "<cid auto=\"yes\"/>");
  assert_has (xml, "<nvram template=\"/fw/vars.fd\"/>");
  assert_has (xml, "/fw/code.fd");
}

static void
test_hostile_names (void)
{
  static const gchar *const names[] = {
    "a'b\"c", "<x/>", "</name><uuid>1</uuid>", "&amp;", "\xc3\xa9t\xc3\xa9", "]]>"
  };
  g_autofree gchar *template = template_with ("", DISK_XML SPICE);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      FloeCloneParts given = parts;
      g_autofree gchar *xml = NULL;
      g_autoptr (FloeDomainXml) read = NULL;
      g_autoptr (FloeTemplateDisk) disk = NULL;
      g_autoptr (GError) error = NULL;

      given.name = names[i];
      given.pool = names[i];
      given.overlay = names[i];
      xml = floe_clone_xml_make (template, &given, &error);
      g_assert_no_error (error);
      disk = floe_clone_xml_read_template (xml, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (disk->path, ==, names[i]);
      read = floe_domain_xml_new (xml, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (floe_domain_xml_get_name (read), ==, names[i]);
      g_assert_cmpstr (floe_domain_xml_get_pool (read), ==, names[i]);
      g_assert_cmpstr (floe_domain_xml_get_uuid (read), ==, ID);
    }
}

#define OPEN_DEVICES                                                                               \
  DISK_XML "<graphics type='vnc'/>" SPICE                                                          \
           "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>"  \
           "<channel type='spiceport'><source channel='org.spice-space.webdav.0'/>"                \
           "<target type='virtio' name='org.spice-space.webdav.0'/></channel>"                     \
           "<smartcard mode='passthrough' type='spicevmc'/><sound model='ich9'/>"                  \
           "<redirdev bus='usb' type='spicevmc'/><redirdev bus='usb' type='spicevmc'/>"

static gchar *
clone_for (const gchar *devices, const FloePolicy *policy)
{
  FloeCloneParts given = parts;
  g_autofree gchar *template = template_with ("", devices);
  g_autoptr (GError) error = NULL;
  gchar *xml;

  given.policy = policy;
  xml = floe_clone_xml_make (template, &given, &error);
  g_assert_no_error (error);
  return xml;
}

static gchar *
gap_of (const gchar *xml, const FloePolicy *policy)
{
  g_autofree gchar *copy = g_strdup (xml);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDomainXml) read = floe_domain_xml_new (copy, &error);

  g_assert_no_error (error);
  return floe_policy_find_gap (policy, floe_domain_xml_get_openings (read));
}

/* Whatever a policy says, a clone that was made for it enforces it; one that was not does not. */
static void
test_policy (void)
{
  g_autofree gchar *open = clone_for (OPEN_DEVICES, NULL);

  for (guint i = 0; i < 64; i++)
    {
      g_autoptr (FloePolicy) policy = floe_policy_new ();
      g_autofree gchar *xml = NULL;
      g_autofree gchar *gap = NULL;
      g_autofree gchar *open_gap = NULL;

      policy->clipboard = i & 1 ? FLOE_WAY_NONE : FLOE_WAY_TO_GUEST;
      policy->files = i & 2 ? FLOE_WAY_NONE : FLOE_WAY_BOTH;
      policy->folder = i & 4 ? FLOE_FOLDER_NONE : FLOE_FOLDER_READ_ONLY;
      policy->usb = !(i & 8);
      policy->playback = !(i & 16);
      policy->record = FALSE;
      policy->smartcard = !(i & 32);
      xml = clone_for (OPEN_DEVICES, policy);
      gap = gap_of (xml, policy);
      open_gap = gap_of (open, policy);
      g_assert_cmpstr (gap, ==, NULL);
      g_assert_cmpint (open_gap != NULL, ==, i != 0);
      g_assert_cmpint (strstr (xml, "<clipboard copypaste=\"no\"/>") != NULL, ==, i & 1);
      g_assert_cmpint (strstr (xml, "<filetransfer enable=\"no\"/>") != NULL, ==, (i & 2) != 0);
      g_assert_cmpint (strstr (xml, "webdav") == NULL, ==, (i & 4) != 0);
      g_assert_cmpint (strstr (xml, "<redirdev") == NULL, ==, (i & 8) != 0);
      g_assert_cmpint (strstr (xml, "<audio id=\"1\" type=\"none\"/>") != NULL, ==, (i & 16) != 0);
      g_assert_cmpint (strstr (xml, "<smartcard") == NULL, ==, (i & 32) != 0);
      assert_has (xml, "com.redhat.spice.0");
      assert_has (xml, "<sound");
    }
}

static void
test_usb_filter (void)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  g_autofree gchar *xml = NULL;
  g_autofree gchar *without = NULL;
  g_autofree gchar *gap = NULL;
  g_autofree gchar *other = NULL;

  policy->usb_filter = g_strdup ("8,0x46d,-1,0x0110,0|-1,-1,1,-1,1");
  xml = clone_for (OPEN_DEVICES "<redirfilter><usbdev allow='yes'/></redirfilter>", policy);
  assert_has (xml, "<redirfilter><usbdev class=\"0x08\" vendor=\"0x046d\" version=\"1.10\""
                   " allow=\"no\"/><usbdev product=\"0x0001\" allow=\"yes\"/></redirfilter>");
  gap = gap_of (xml, policy);
  g_assert_null (gap);
  g_free (policy->usb_filter);
  policy->usb_filter = g_strdup ("8,0x46d,-1,0x0110,0");
  other = gap_of (xml, policy);
  assert_has (other, "usb filter: ");
  /* Where nothing is handed over there is nothing to filter. */
  without = clone_for (DISK_XML SPICE, policy);
  assert_lacks (without, "redirfilter");
}

/* What an administrator's own domain has, and what libvirt makes of what it does not say. */
static void
test_openings (void)
{
  static const struct
  {
    const gchar *devices;
    guint open; /* 1 << FloeDevice */
  } rows[] = {
    { OPEN_DEVICES, (1u << FLOE_N_DEVICES) - 1 },
    { OPEN_DEVICES "<audio id='1' type='pulseaudio'/>",
      ((1u << FLOE_N_DEVICES) - 1) & ~(1u << FLOE_DEVICE_AUDIO) },
    { DISK_XML SPICE "<sound model='ac97'/><audio id='1' type='spice'/>", 1u << FLOE_DEVICE_AUDIO },
    { DISK_XML SPICE "<redirdev bus='usb' type='tcp'/><smartcard mode='host'/>", 0 },
    { DISK_XML "<graphics type='spice'><clipboard copypaste='no'/><filetransfer enable='yes'/>"
               "</graphics><channel type='spicevmc'>"
               "<target type='virtio' name='com.redhat.spice.0'/></channel>",
      1u << FLOE_DEVICE_FILES },
    { DISK_XML SPICE, 0 }, /* no agent can speak */
    { DISK_XML "<graphics type='vnc'/><sound model='ich9'/>", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *text = template_with ("", rows[i].devices);
      g_autoptr (FloeDomainXml) read = floe_domain_xml_new (text, NULL);
      const FloeOpenings *openings = floe_domain_xml_get_openings (read);

      for (guint device = 0; device < FLOE_N_DEVICES; device++)
        g_assert_cmpint (openings->how[device] != NULL, ==, (rows[i].open >> device) & 1);
    }
}

typedef struct
{
  const gchar *devices;
  const gchar *why;
} Refusal;

static void
test_refusals (void)
{
  static const Refusal refusals[] = {
    { SPICE, "no disk" },
    { DISK_XML DISK_XML SPICE, "more than one disk" },
    { DISK_XML "<disk type='file' device='floppy'><target dev='fda'/></disk>" SPICE,
      "more than one disk" },
    { "<disk type='block'><source dev='/dev/sdb'/><target dev='vda'/></disk>" SPICE,
      "neither a file nor a volume" },
    { "<disk type='network'><source protocol='rbd' name='p/i'/><target dev='vda'/></disk>" SPICE,
      "neither a file nor a volume" },
    { DISK "<encryption format='luks'/></disk>" SPICE, "encrypted by the host" },
    { "<disk type='file' device='disk'><target dev='vda'/></disk>" SPICE, "has no image" },
    { DISK_XML, "no SPICE display" },
    { DISK_XML "<graphics type='vnc'/>", "no SPICE display" },
    { DISK_XML "<graphics type='spice'><listen type='none'/></graphics>", "no network port" },
    { DISK_XML "<graphics type='spice'><listen type='socket' socket='/s'/></graphics>",
      "no network port" },
    { DISK_XML SPICE "<hostdev mode='subsystem' type='pci'/>", "<hostdev>" },
    { DISK_XML SPICE "<interface type='hostdev'/>", "type hostdev" },
    { DISK_XML SPICE "<interface type='vhostuser'/>", "type vhostuser" },
    { DISK_XML SPICE "<channel type='file'><source path='/f'/>"
                     "<target type='virtio' name='log'/></channel>",
      "channel log" },
    { DISK_XML SPICE "<filesystem><source dir='/srv'/><target dir='srv'/></filesystem>",
      "<readonly/>" },
    { DISK_XML SPICE "<shmem name='s'/>", "<shmem>" },
    { DISK_XML SPICE "<memory model='nvdimm'><source><path>/n</path></source></memory>",
      "<memory>" },
    { DISK_XML SPICE "<tpm><backend type='passthrough'/></tpm>", "<tpm>" },
    { DISK_XML SPICE "<input type='evdev'><source dev='/dev/input/event1'/></input>", "<input>" },
    { DISK_XML SPICE "<audio type='file' path='/a'/>", "<audio>" },
    { DISK_XML SPICE "<redirdev bus='usb' type='tcp'/>", "<redirdev>" },
    { DISK_XML SPICE "<smartcard mode='host'/>", "<smartcard>" },
    { DISK_XML SPICE "<lease/>", "<lease>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree gchar *template = template_with ("", refusals[i].devices);
      g_autoptr (FloeTemplateDisk) disk = NULL;
      g_autoptr (GError) error = NULL;

      disk = floe_clone_xml_read_template (template, &error);
      g_test_message ("%s", error != NULL ? error->message : refusals[i].devices);
      g_assert_null (disk);
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
      g_assert_cmpstr (floe_error_reason (error), ==, "template-unfit");
      assert_has (error->message, refusals[i].why);
    }
}

static void
test_not_a_domain (void)
{
  static const gchar *const texts[] = {
    "",
    "junk",
    "<domain>",
    "<domain/>",
    "<pool><devices/></pool>",
    "<!DOCTYPE d [<!ENTITY e 'x'>]><domain><devices>&e;</devices></domain>",
    "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><devices>" DISK_XML SPICE
    "</devices><qemu:commandline><qemu:arg value='-s'/></qemu:commandline></domain>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree gchar *xml = floe_clone_xml_make (texts[i], &parts, &error);

      g_assert_null (xml);
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
    }
}

/* What an administrator copies from a clone has a UUID of its own, and is theirs. */
static void
test_copy_of_a_clone (void)
{
  g_autofree gchar *xml = clone_of ("", DISK_XML SPICE);
  g_auto (GStrv) split = g_strsplit (xml, "<uuid>" ID "</uuid>", 2);
  g_autofree gchar *copied =
      g_strjoinv ("<uuid>00000000-0000-4000-8000-000000000001</uuid>", split);
  g_autoptr (FloeDomainXml) read = floe_domain_xml_new (copied, NULL);

  g_assert_nonnull (read);
  g_assert_false (floe_domain_xml_is_made (read));
  g_assert_false (floe_domain_xml_is_seeded (read));
  g_assert_cmpuint (floe_domain_xml_get_revision (read), ==, 0);
}

static void
test_memory (void)
{
  g_autofree gchar *large =
      template_with ("<maxMemory unit='KiB'>4194304</maxMemory>",
                     DISK_XML SPICE "<video><model type='qxl' ram='65536' vram='65536'/></video>");
  g_autofree gchar *emulated = g_strdup ("<domain type='qemu'><name>a</name><uuid>" ID
                                         "</uuid><memory unit='MiB'>512</memory>"
                                         "<devices/></domain>");
  g_autoptr (FloeDomainXml) kvm = floe_domain_xml_new (large, NULL);
  g_autoptr (FloeDomainXml) tcg = floe_domain_xml_new (emulated, NULL);

  g_assert_cmpuint (floe_domain_xml_get_memory_mib (kvm), ==, 4096 + 128 + 96);
  g_assert_cmpuint (floe_domain_xml_get_memory_mib (tcg), ==, 512 + 1024 + 96);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/libvirt-clone/identity", test_identity);
  g_test_add_func ("/libvirt-clone/disk", test_disk);
  g_test_add_func ("/libvirt-clone/seed", test_seed);
  g_test_add_func ("/libvirt-clone/devices", test_devices);
  g_test_add_func ("/libvirt-clone/hostile-names", test_hostile_names);
  g_test_add_func ("/libvirt-clone/refusals", test_refusals);
  g_test_add_func ("/libvirt-clone/not-a-domain", test_not_a_domain);
  g_test_add_func ("/libvirt-clone/copy-of-a-clone", test_copy_of_a_clone);
  g_test_add_func ("/libvirt-clone/memory", test_memory);
  g_test_add_func ("/libvirt-clone/policy", test_policy);
  g_test_add_func ("/libvirt-clone/usb-filter", test_usb_filter);
  g_test_add_func ("/libvirt-clone/openings", test_openings);
  return g_test_run ();
}
