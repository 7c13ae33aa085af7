/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "manager/libvirt/domain-xml.h"

#define UUID "6f1d9e3a-52c4-4b7e-9d1f-0c6a1b2c3d01"

static gchar *
sample (const gchar *name)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "tests", "data", "libvirt", name, NULL);
  gchar *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static FloeDomainXml *
parse (const gchar *text)
{
  g_autofree gchar *copy = g_strdup (text);
  g_autoptr (GError) error = NULL;
  FloeDomainXml *xml = floe_domain_xml_new (copy, &error);

  g_assert_no_error (error);
  return xml;
}

static FloeDomainXml *
parse_sample (const gchar *name)
{
  g_autofree gchar *text = sample (name);

  return parse (text);
}

static gchar *
replaced (const gchar *text, const gchar *from, const gchar *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (to, parts);
}

/* A domain with nothing but what is given for its <devices>. */
static FloeDomainXml *
with_devices (const gchar *devices)
{
  g_autofree gchar *text = g_strdup_printf (
      "<domain id='7'><name>d</name><uuid>" UUID "</uuid><devices>%s</devices></domain>", devices);

  return parse (text);
}

typedef struct
{
  const gchar *file;
  gboolean live, agent, ticketing;
  const gchar *pool, *kept;
  guint16 port, tls_port;
} Sample;

static void
test_samples (void)
{
  static const Sample samples[] = {
    { "plain-off.xml", FALSE, FALSE, TRUE, "office", NULL, 0, 0 },
    { "plain-live.xml", TRUE, FALSE, TRUE, "office", NULL, 5906, 5907 },
    { "open-off.xml", FALSE, FALSE, FALSE, NULL, "hda", 0, 0 },
    { "open-live.xml", TRUE, FALSE, FALSE, NULL, "hda", 5908, 5909 },
    { "agent-live.xml", TRUE, TRUE, TRUE, NULL, NULL, 5910, 5911 },
    { "tls-live.xml", TRUE, FALSE, TRUE, NULL, NULL, 0, 5912 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      const Sample *wanted = &samples[i];
      g_autoptr (FloeDomainXml) xml = parse_sample (wanted->file);

      g_test_message ("%s", wanted->file);
      g_assert_cmpint (floe_domain_xml_is_live (xml), ==, wanted->live);
      g_assert_cmpint (floe_domain_xml_has_agent (xml), ==, wanted->agent);
      g_assert_false (floe_domain_xml_agent_connected (xml));
      g_assert_true (floe_domain_xml_has_spice (xml));
      g_assert_cmpint (floe_domain_xml_has_ticketing (xml), ==, wanted->ticketing);
      g_assert_cmpstr (floe_domain_xml_get_pool (xml), ==, wanted->pool);
      g_assert_cmpstr (floe_domain_xml_get_kept_disk (xml), ==, wanted->kept);
      g_assert_cmpstr (floe_domain_xml_get_listen (xml), ==, "127.0.0.1");
      g_assert_cmpuint (floe_domain_xml_get_port (xml), ==, wanted->port);
      g_assert_cmpuint (floe_domain_xml_get_tls_port (xml), ==, wanted->tls_port);
      g_assert_true (g_str_has_prefix (floe_domain_xml_get_uuid (xml), "6f1d9e3a-52c4-4b7e"));
      g_assert_true (g_str_has_prefix (wanted->file, floe_domain_xml_get_name (xml)));
    }
}

static void
test_agent (void)
{
  g_autofree gchar *text = sample ("agent-live.xml");
  g_autofree gchar *on = replaced (text, "state='disconnected'", "state='connected'");
  g_autoptr (FloeDomainXml) xml = parse (on);
  g_autoptr (FloeDomainXml) other =
      with_devices ("<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0' "
                    "state='connected'/></channel><channel type='pty'/>");

  g_assert_true (floe_domain_xml_agent_connected (xml));
  g_assert_false (floe_domain_xml_has_agent (other));
  g_assert_false (floe_domain_xml_agent_connected (other));
}

static void
test_metadata (void)
{
  static const gchar *const wrong[] = {
    "<pool>office</pool>",
    "<x:pool xmlns:x='urn:other'>office</x:pool>",
    "<floe:pool xmlns:floe='urn:floe:domain'>  </floe:pool>",
    "<a xmlns='urn:floe:domain'><pool>office</pool></a>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree gchar *text = g_strdup_printf (
          "<domain><name>d</name><uuid>" UUID "</uuid><metadata>%s</metadata></domain>", wrong[i]);
      g_autoptr (FloeDomainXml) xml = parse (text);

      g_assert_null (floe_domain_xml_get_pool (xml));
    }
  {
    g_autoptr (FloeDomainXml) xml =
        parse ("<domain><name>d</name><uuid>" UUID
               "</uuid><metadata><o:b xmlns:o='urn:o'/><pool xmlns='urn:floe:domain'> a&amp;b "
               "</pool><f:pool xmlns:f='urn:floe:domain'>second</f:pool></metadata></domain>");

    g_assert_cmpstr (floe_domain_xml_get_pool (xml), ==, "a&b");
  }
}

static void
test_disks (void)
{
  static const struct
  {
    const gchar *xml, *kept;
  } cases[] = {
    { "<disk device='disk'><target dev='vda'/></disk>", "vda" },
    { "<disk><target dev='vdb'/></disk>", "vdb" },
    { "<disk device='lun'><target dev='sdb'/></disk>", "sdb" },
    { "<disk device='disk'><shareable/><target dev='vdc'/></disk>", "vdc" },
    { "<disk device='disk'/>", "(without a name)" },
    { "<disk device='disk'><target dev='vda'/><transient/></disk>", NULL },
    { "<disk device='disk'><target dev='vda'/><transient shareBacking='yes'/></disk>", NULL },
    { "<disk device='disk'><target dev='vda'/><readonly/></disk>", NULL },
    { "<disk device='cdrom'><target dev='sda'/></disk>", NULL },
    { "<disk device='floppy'><target dev='fda'/><readonly/></disk>", NULL },
    { "<disk device='floppy'><target dev='fda'/></disk>", "fda" },
    { "<disk device='disk'><target dev='vda'/><transient/></disk>"
      "<disk device='disk'><target dev='vdb'/></disk>",
      "vdb" },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FloeDomainXml) xml = with_devices (cases[i].xml);

      g_assert_cmpstr (floe_domain_xml_get_kept_disk (xml), ==, cases[i].kept);
    }
}

static void
test_graphics (void)
{
  g_autoptr (FloeDomainXml) vnc = with_devices ("<graphics type='vnc' port='5900' passwd='x'/>");
  g_autoptr (FloeDomainXml) two = with_devices (
      "<graphics type='vnc' port='5900' passwd='x'/>"
      "<graphics type='spice' port='5901' tlsPort='-1'><listen type='address'/></graphics>");
  g_autoptr (FloeDomainXml) socket = with_devices (
      "<graphics type='spice' passwd=''><listen type='socket' socket='/run/x'/></graphics>");
  g_autoptr (FloeDomainXml) old =
      with_devices ("<graphics type='spice' port='70000' tlsPort='5x' listen='::'/>");

  g_assert_false (floe_domain_xml_has_spice (vnc));
  g_assert_true (floe_domain_xml_has_ticketing (vnc));
  g_assert_cmpuint (floe_domain_xml_get_port (vnc), ==, 5900);
  g_assert_true (floe_domain_xml_has_spice (two));
  g_assert_false (floe_domain_xml_has_ticketing (two));
  g_assert_cmpuint (floe_domain_xml_get_port (two), ==, 5901);
  g_assert_cmpuint (floe_domain_xml_get_tls_port (two), ==, 0);
  g_assert_null (floe_domain_xml_get_listen (two));
  g_assert_true (floe_domain_xml_has_ticketing (socket));
  g_assert_null (floe_domain_xml_get_listen (socket));
  g_assert_cmpstr (floe_domain_xml_get_listen (old), ==, "::");
  g_assert_cmpuint (floe_domain_xml_get_port (old), ==, 0);
  g_assert_cmpuint (floe_domain_xml_get_tls_port (old), ==, 0);
}

static void
test_bad (void)
{
  static const gchar *const texts[] = {
    "",
    "not xml",
    "<domain>",
    "<domain/>",
    "<network><name>d</name><uuid>" UUID "</uuid></network>",
    "<domain><name>d</name></domain>",
    "<domain><name></name><uuid>" UUID "</uuid></domain>",
    "<domain><uuid>" UUID "</uuid></domain>",
    "<domain><name>d</name><uuid>../../etc</uuid></domain>",
    "<domain><name>d</name><uuid>" UUID "</uuid></domain><domain/>",
    "<domain><name>&unknown;</name><uuid>" UUID "</uuid></domain>",
    "<!DOCTYPE domain [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
    "<domain><name>&e;</name><uuid>" UUID "</uuid></domain>",
    "<!DOCTYPE domain [<!ATTLIST graphics passwd CDATA 'x'>]>"
    "<domain><name>d</name><uuid>" UUID "</uuid></domain>",
    "<domain><name>\xff</name><uuid>" UUID "</uuid></domain>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree gchar *copy = g_strdup (texts[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (floe_domain_xml_new (copy, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
    }
}

static void
test_huge (void)
{
  g_autofree gchar *deep = g_malloc0 (3 * 100000 + 1);
  g_autofree gchar *big = g_strnfill (5 * 1024 * 1024, ' ');
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < 100000; i++)
    memcpy (deep + 3 * i, "<a>", 3);
  g_assert_null (floe_domain_xml_new (deep, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (floe_domain_xml_new (big, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
}

/* Nothing of the text that libvirt gave may hold the password afterwards. */
static void
test_blank (void)
{
  static const gchar *const graphics[] = {
    "<graphics type='spice' passwd='s3cret'/>",
    "<graphics passwd=\"s3cret\" type='spice'/>",
    "<graphics type='spice'\n  passwd='s3cret'><listen type='none'/></graphics>",
    "<graphics type='vnc' passwd='s3cret'/><graphics type='spice' passwd='s3cret'/>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (graphics); i++)
    {
      g_autofree gchar *text = g_strdup_printf ("<domain id='1'><name>d</name><uuid>" UUID
                                                "</uuid><devices>%s</devices></domain>",
                                                graphics[i]);
      g_autoptr (FloeDomainXml) xml = floe_domain_xml_new (text, NULL);

      g_assert_nonnull (xml);
      g_assert_true (floe_domain_xml_has_ticketing (xml));
      g_assert_null (strstr (text, "s3cret"));
    }
  {
    g_autofree gchar *unfinished = g_strdup ("<graphics passwd='s3cret");

    g_assert_null (floe_domain_xml_new (unfinished, NULL));
    g_assert_null (strstr (unfinished, "s3cret"));
  }
}

static FloeTicket *
ticket_of (const gchar *secret, gint64 valid_until)
{
  FloeTicket *ticket = g_new0 (FloeTicket, 1);

  ticket->secret = floe_secret_new (secret, -1);
  ticket->valid_until = valid_until;
  return ticket;
}

static void
test_ticket (void)
{
  g_autoptr (FloeDomainXml) live = parse_sample ("plain-live.xml");
  g_autoptr (FloeTicket) ticket = ticket_of ("Zm9v-_9", G_GINT64_CONSTANT (1795000000000001));
  g_autoptr (FloeSecret) keep = floe_domain_xml_make_ticket (live, ticket, FLOE_TICKET_KEEP);
  g_autoptr (FloeSecret) cut = floe_domain_xml_make_ticket (live, ticket, FLOE_TICKET_DISCONNECT);
  gsize length;

  g_assert_cmpstr (floe_secret_get (keep, &length), ==,
                   "<graphics type='spice' port='5906' tlsPort='5907' autoport='yes' "
                   "listen='127.0.0.1' connected='keep' passwdValidTo='2026-11-18T11:06:41' "
                   "passwd='Zm9v-_9'><listen type='address' address='127.0.0.1'></listen>"
                   "</graphics>");
  g_assert_cmpuint (length, ==, strlen (floe_secret_get (keep, NULL)));
  g_assert_nonnull (strstr (floe_secret_get (cut, NULL), " connected='disconnect' "));
}

/* Characters that mean something in XML cannot break out of their attribute. */
static void
test_ticket_escape (void)
{
  g_autoptr (FloeDomainXml) live = with_devices (
      "<graphics type='spice' keymap='&lt;&apos;&quot;&amp;' passwd='a' connected='fail' "
      "passwdValidTo='2000-01-01T00:00:00'><listen address='&apos;/&gt;'/>text</graphics>");
  g_autoptr (FloeTicket) ticket = ticket_of ("'/><x a=\"&\xc3\xa4", 0);
  g_autoptr (FloeSecret) made = floe_domain_xml_make_ticket (live, ticket, FLOE_TICKET_KEEP);

  g_assert_cmpstr (floe_secret_get (made, NULL), ==,
                   "<graphics type='spice' keymap='&lt;&apos;&quot;&amp;' connected='keep' "
                   "passwdValidTo='1970-01-01T00:00:01' "
                   "passwd='&#39;&#47;&#62;&#60;x&#32;a&#61;&#34;&#38;&#195;&#164;'>"
                   "<listen address='&apos;/&gt;'></listen></graphics>");
}

static void
test_refusal (void)
{
  g_autoptr (FloeDomainXml) good_off = parse_sample ("plain-off.xml");
  g_autoptr (FloeDomainXml) good_live = parse_sample ("plain-live.xml");
  g_autoptr (FloeDomainXml) open_off = parse_sample ("open-off.xml");
  g_autoptr (FloeDomainXml) open_live = parse_sample ("open-live.xml");
  g_autoptr (FloeDomainXml) none = with_devices ("");
  g_autoptr (FloeDomainXml) vnc = with_devices ("<graphics type='vnc'/>");
  g_autoptr (FloeDomainXml) good_vnc =
      with_devices ("<graphics type='vnc' passwd='x' port='5900'/>");
  g_autoptr (FloeDomainXml) silent = with_devices ("<graphics type='spice' passwd='x'/>");
  struct
  {
    FloeDomainXml *defined, *live;
    const gchar *words;
  } cases[] = {
    { good_off, NULL, NULL },
    { good_off, good_live, NULL },
    { open_off, NULL, "give the element <graphics type='spice'> the attributes passwd=" },
    { open_off, open_live, "\"virsh edit open\"" },
    { open_off, good_live, "has no ticketing" },
    { good_off, open_live, "started without SPICE ticketing" },
    { good_off, vnc, "started without a SPICE display" },
    { none, NULL, "no SPICE display" },
    { vnc, NULL, "its VNC display has no ticketing" },
    { good_vnc, NULL, NULL },
    { good_vnc, good_vnc, NULL },
    { good_vnc, vnc, "started without a password" },
    { good_vnc, good_live, "started without a VNC display" },
    { good_off, silent, "no network port" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *found = floe_domain_xml_refusal (cases[i].defined, cases[i].live);

      g_test_message ("%s", found);
      g_assert_true ((found == NULL) == (cases[i].words == NULL));
      g_assert_true (found == NULL || strstr (found, cases[i].words) != NULL);
    }
}

/* Where there is SPICE, it is taken, wherever it stands; VNC alone is for pools that allow it. */
static void
test_vnc (void)
{
  g_autoptr (FloeDomainXml) spice = parse_sample ("plain-off.xml");
  g_autoptr (FloeDomainXml) both = with_devices ("<graphics type='vnc' passwd='a' port='5900'/>"
                                                 "<graphics type='spice' passwd='b' port='5901'/>");
  g_autoptr (FloeDomainXml) vnc =
      with_devices ("<graphics type='vnc' passwd='a' port='5900' connected='keep' keymap='de'/>");
  g_autoptr (FloeSecret) secret = floe_secret_new ("abcdefghijklmnop", -1);
  const FloeTicket ticket = { secret, G_USEC_PER_SEC };
  g_autoptr (FloeSecret) element =
      floe_domain_xml_make_ticket (vnc, &ticket, FLOE_TICKET_DISCONNECT);
  g_autofree gchar *none = floe_domain_xml_vnc_refusal (spice);
  g_autofree gchar *either = floe_domain_xml_vnc_refusal (both);
  g_autofree gchar *only = floe_domain_xml_vnc_refusal (vnc);

  g_assert_null (none);
  g_assert_null (either);
  g_assert_nonnull (strstr (only, "\"vnc\": true in its pool"));
  g_assert_cmpint (floe_domain_xml_get_kind (both), ==, FLOE_DISPLAY_SPICE);
  g_assert_cmpuint (floe_domain_xml_get_port (both), ==, 5901);
  g_assert_cmpint (floe_domain_xml_get_kind (vnc), ==, FLOE_DISPLAY_VNC);
  g_assert_cmpuint (floe_domain_xml_get_port (vnc), ==, 5900);
  g_assert_cmpstr (floe_secret_get (element, NULL), ==,
                   "<graphics type='vnc' port='5900' keymap='de' "
                   "passwdValidTo='1970-01-01T00:00:01' passwd='abcdefgh'></graphics>");
}

static void
test_floating_refusal (void)
{
  g_autoptr (FloeDomainXml) good_off = parse_sample ("plain-off.xml");
  g_autoptr (FloeDomainXml) good_live = parse_sample ("plain-live.xml");
  g_autoptr (FloeDomainXml) keeps_off = parse_sample ("open-off.xml");
  g_autoptr (FloeDomainXml) keeps_live = parse_sample ("open-live.xml");
  g_autofree gchar *none = floe_domain_xml_floating_refusal (good_off, good_live);
  g_autofree gchar *defined = floe_domain_xml_floating_refusal (keeps_off, good_live);
  g_autofree gchar *running = floe_domain_xml_floating_refusal (good_off, keeps_live);

  g_assert_null (none);
  g_assert_nonnull (strstr (defined, "its disk hda keeps"));
  g_assert_nonnull (strstr (defined, "<transient/>"));
  g_assert_nonnull (strstr (defined, "shareBacking"));
  g_assert_nonnull (strstr (running, "started with a disk hda"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/libvirt-xml/read/samples", test_samples);
  g_test_add_func ("/libvirt-xml/read/agent", test_agent);
  g_test_add_func ("/libvirt-xml/read/metadata", test_metadata);
  g_test_add_func ("/libvirt-xml/read/disks", test_disks);
  g_test_add_func ("/libvirt-xml/read/graphics", test_graphics);
  g_test_add_func ("/libvirt-xml/read/bad", test_bad);
  g_test_add_func ("/libvirt-xml/read/huge", test_huge);
  g_test_add_func ("/libvirt-xml/read/blank", test_blank);
  g_test_add_func ("/libvirt-xml/ticket/element", test_ticket);
  g_test_add_func ("/libvirt-xml/ticket/escape", test_ticket_escape);
  g_test_add_func ("/libvirt-xml/refusal/all", test_refusal);
  g_test_add_func ("/libvirt-xml/refusal/floating", test_floating_refusal);
  g_test_add_func ("/libvirt-xml/vnc", test_vnc);
  return g_test_run ();
}
