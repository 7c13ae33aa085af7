/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/domain-xml.h"

#include <libxml/tree.h>
#include <string.h>

#include "core/date.h"
#include "core/error.h"
#include "manager/libvirt/domain-memory.h"
#include "manager/libvirt/domain-openings.h"
#include "manager/libvirt/xml-parts.h"

struct _FloeDomainXml
{
  xmlDocPtr document;
  xmlNodePtr graphics; /* in document; SPICE where there is any */
  FloeDisplayKind kind;
  gboolean live;
  gchar *uuid;
  gchar *name;
  gchar *pool;
  gchar *clone; /* the UUID of the clone that the metadata was written for */
  gchar *installation;
  guint revision;
  gboolean seeded;
  guint memory_mib;
  gboolean has_agent;
  gboolean agent_connected;
  gboolean has_ticketing;
  gchar *listen;
  guint16 port;
  guint16 tls_port;
  gchar *kept_disk;
  FloeOpenings *openings;
};

/* Overwrites the value of each attribute "passwd" where it stands. A parser would leave copies of
 * it in freed memory; whether there is one is all that we want to know. If this missed one, nothing
 * but that copy would come of it. libvirt writes ' and escapes it inside; " for others. */
static void
blank_passwords (gchar *text)
{
  static const gchar key[] = "passwd=";
  gchar *at = text;

  while ((at = strstr (at, key)) != NULL)
    {
      gchar quote = at[sizeof key - 1];
      gboolean attribute = at > text && g_ascii_isspace (at[-1]);

      at += sizeof key - 1;
      if (!attribute || (quote != '\'' && quote != '"'))
        continue;
      for (at++; *at != '\0' && *at != quote; at++)
        *at = 'x';
    }
}

static guint16
port_attribute (xmlNodePtr node, const gchar *name)
{
  g_autofree gchar *text = floe_xml_attribute (node, name);
  guint64 port;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    return 0; /* absent, or -1 for a port that is chosen at start */
  return (guint16)port;
}

static guint
number_attribute (xmlNodePtr node, const gchar *name)
{
  g_autofree gchar *text = floe_xml_attribute (node, name);
  guint64 number;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &number, NULL)
             ? (guint)number
             : 0;
}

static void
read_metadata (FloeDomainXml *self, xmlNodePtr metadata)
{
  for (xmlNodePtr node = metadata->children; node != NULL; node = node->next)
    if (floe_xml_is (node, "pool") && node->ns != NULL && self->pool == NULL
        && xmlStrEqual (node->ns->href, BAD_CAST FLOE_DOMAIN_XML_NAMESPACE))
      {
        self->pool = g_strstrip (floe_xml_take_string (xmlNodeGetContent (node)));
        self->clone = floe_xml_attribute (node, "clone");
        self->installation = floe_xml_attribute (node, "installation");
        self->revision = number_attribute (node, "revision");
        self->seeded = floe_xml_attribute_is (node, "personality",
                                              floe_personality_name (FLOE_PERSONALITY_CLOUD_INIT));
        if (*self->pool == '\0')
          g_clear_pointer (&self->pool, g_free);
      }
}

static void
read_graphics (FloeDomainXml *self, xmlNodePtr node)
{
  xmlNodePtr listen = floe_xml_child (node, "listen");
  gboolean spice = floe_xml_attribute_is (node, "type", "spice");

  if (!spice && !floe_xml_attribute_is (node, "type", "vnc"))
    return;
  if (self->graphics != NULL && (self->kind == FLOE_DISPLAY_SPICE || !spice))
    return;
  self->graphics = node;
  self->kind = spice ? FLOE_DISPLAY_SPICE : FLOE_DISPLAY_VNC;
  self->has_ticketing = xmlHasProp (node, BAD_CAST "passwd") != NULL;
  self->port = port_attribute (node, "port");
  self->tls_port = port_attribute (node, "tlsPort");
  g_free (self->listen);
  self->listen = listen != NULL ? floe_xml_attribute (listen, "address") : NULL;
  if (self->listen == NULL)
    self->listen = floe_xml_attribute (node, "listen");
}

static void
read_channel (FloeDomainXml *self, xmlNodePtr node)
{
  xmlNodePtr target = floe_xml_child (node, "target");

  if (target == NULL || !floe_xml_attribute_is (target, "name", "org.qemu.guest_agent.0"))
    return;
  self->has_agent = TRUE;
  self->agent_connected = floe_xml_attribute_is (target, "state", "connected");
}

/* A disk that keeps what a guest writes. */
static void
read_disk (FloeDomainXml *self, xmlNodePtr node)
{
  xmlNodePtr target = floe_xml_child (node, "target");

  if (self->kept_disk != NULL || floe_xml_attribute_is (node, "device", "cdrom")
      || floe_xml_child (node, "readonly") != NULL || floe_xml_child (node, "transient") != NULL)
    return;
  self->kept_disk = target != NULL ? floe_xml_attribute (target, "dev") : NULL;
  if (self->kept_disk == NULL)
    self->kept_disk = g_strdup ("(without a name)");
}

static void
read_devices (FloeDomainXml *self, xmlNodePtr devices)
{
  for (xmlNodePtr node = devices->children; node != NULL; node = node->next)
    {
      if (floe_xml_is (node, "graphics"))
        read_graphics (self, node);
      else if (floe_xml_is (node, "channel"))
        read_channel (self, node);
      else if (floe_xml_is (node, "disk"))
        read_disk (self, node);
    }
}

static gboolean
read_domain (FloeDomainXml *self, GError **error)
{
  xmlNodePtr root = xmlDocGetRootElement (self->document);
  xmlNodePtr part;

  if (root == NULL || !floe_xml_is (root, "domain"))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "not a domain's XML");
      return FALSE;
    }
  self->live = xmlHasProp (root, BAD_CAST "id") != NULL;
  self->uuid = floe_xml_child_text (root, "uuid");
  self->name = floe_xml_child_text (root, "name");
  if (self->uuid == NULL || !g_uuid_string_is_valid (self->uuid) || self->name == NULL
      || *self->name == '\0')
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "a domain without UUID or name");
      return FALSE;
    }
  self->memory_mib = floe_domain_memory_mib (root);
  self->openings = floe_domain_openings_read (root);
  if ((part = floe_xml_child (root, "metadata")) != NULL)
    read_metadata (self, part);
  if ((part = floe_xml_child (root, "devices")) != NULL)
    read_devices (self, part);
  return TRUE;
}

/**
 * floe_domain_xml_new:
 * @text: the XML, asked for with VIR_DOMAIN_XML_SECURE, since without that ticketing cannot be
 *   seen. The passwords in it are overwritten; nothing here keeps them
 * @error: %FLOE_ERROR_INVALID
 *
 * Returns: (transfer full): what is in it, or %NULL with @error set
 */
FloeDomainXml *
floe_domain_xml_new (gchar *text, GError **error)
{
  g_autoptr (FloeDomainXml) self = g_new0 (FloeDomainXml, 1);

  blank_passwords (text);
  self->document = floe_xml_parse (text, error);
  if (self->document == NULL || !read_domain (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
floe_domain_xml_free (FloeDomainXml *self)
{
  if (self == NULL)
    return;
  if (self->document != NULL)
    xmlFreeDoc (self->document);
  g_free (self->uuid);
  g_free (self->name);
  g_free (self->pool);
  g_free (self->clone);
  g_free (self->installation);
  g_free (self->listen);
  g_free (self->kept_disk);
  floe_openings_free (self->openings);
  g_free (self);
}

/**
 * floe_domain_xml_is_live:
 *
 * Returns: %TRUE if it describes a domain that runs, %FALSE for a definition
 */
gboolean
floe_domain_xml_is_live (const FloeDomainXml *self)
{
  return self->live;
}

const gchar *
floe_domain_xml_get_uuid (const FloeDomainXml *self)
{
  return self->uuid;
}

const gchar *
floe_domain_xml_get_name (const FloeDomainXml *self)
{
  return self->name;
}

/**
 * floe_domain_xml_get_pool:
 *
 * Returns: (transfer none) (nullable): what its metadata says, see %FLOE_DOMAIN_XML_NAMESPACE
 */
const gchar *
floe_domain_xml_get_pool (const FloeDomainXml *self)
{
  return self->pool;
}

/**
 * floe_domain_xml_is_made:
 *
 * Returns: %TRUE if a broker made this very domain: its metadata names its UUID. What an
 *   administrator copies from a clone has another one, and is theirs
 */
gboolean
floe_domain_xml_is_made (const FloeDomainXml *self)
{
  return self->clone != NULL && g_ascii_strcasecmp (self->clone, self->uuid) == 0;
}

/**
 * floe_domain_xml_get_installation:
 *
 * Returns: (transfer none) (nullable): the Floe whose broker wrote its metadata
 */
const gchar *
floe_domain_xml_get_installation (const FloeDomainXml *self)
{
  return self->installation;
}

/**
 * floe_domain_xml_get_revision:
 *
 * Returns: the template's revision that a clone was made from; 0 for none
 */
guint
floe_domain_xml_get_revision (const FloeDomainXml *self)
{
  return floe_domain_xml_is_made (self) ? self->revision : 0;
}

/**
 * floe_domain_xml_is_seeded:
 *
 * Returns: %TRUE if it is a clone that cloud-init makes its own, at each clone's first start
 */
gboolean
floe_domain_xml_is_seeded (const FloeDomainXml *self)
{
  return floe_domain_xml_is_made (self) && self->seeded;
}

/**
 * floe_domain_xml_get_memory_mib:
 *
 * Returns: what a host needs for it at most: all memory that it may have, its video memory, QEMU's
 *   own, and where it is emulated, the cache of translated code: as large as the definition says,
 *   or QEMU's default of 1 GiB
 */
guint
floe_domain_xml_get_memory_mib (const FloeDomainXml *self)
{
  return self->memory_mib;
}

gboolean
floe_domain_xml_has_agent (const FloeDomainXml *self)
{
  return self->has_agent;
}

gboolean
floe_domain_xml_agent_connected (const FloeDomainXml *self)
{
  return self->agent_connected;
}

gboolean
floe_domain_xml_has_spice (const FloeDomainXml *self)
{
  return self->graphics != NULL && self->kind == FLOE_DISPLAY_SPICE;
}

/**
 * floe_domain_xml_get_kind:
 *
 * Returns: what its display speaks, if it has one: VNC only where there is no SPICE
 */
FloeDisplayKind
floe_domain_xml_get_kind (const FloeDomainXml *self)
{
  return self->kind;
}

/**
 * floe_domain_xml_has_ticketing:
 *
 * Returns: %TRUE if the display has a passwd attribute. libvirt starts QEMU with ticketing switched
 *   off when there is none, and nothing can switch it on afterwards
 */
gboolean
floe_domain_xml_has_ticketing (const FloeDomainXml *self)
{
  return self->has_ticketing;
}

/**
 * floe_domain_xml_get_listen:
 *
 * Returns: (transfer none) (nullable): the address that the display listens on
 */
const gchar *
floe_domain_xml_get_listen (const FloeDomainXml *self)
{
  return self->listen;
}

guint16
floe_domain_xml_get_port (const FloeDomainXml *self)
{
  return self->port;
}

guint16
floe_domain_xml_get_tls_port (const FloeDomainXml *self)
{
  return self->tls_port;
}

/**
 * floe_domain_xml_get_kept_disk:
 *
 * Returns: (transfer none) (nullable): the first disk that keeps what the guest writes
 */
const gchar *
floe_domain_xml_get_kept_disk (const FloeDomainXml *self)
{
  return self->kept_disk;
}

/**
 * floe_domain_xml_get_openings:
 *
 * Returns: (transfer none): what it lets go between its guest and a client
 */
const FloeOpenings *
floe_domain_xml_get_openings (const FloeDomainXml *self)
{
  return self->openings;
}

static void
append_attribute (GString *out, const gchar *name, const gchar *value)
{
  g_autofree gchar *escaped = g_markup_escape_text (value, -1);

  g_string_append_printf (out, " %s='%s'", name, escaped);
}

static gboolean
is_ours (const xmlChar *name)
{
  return xmlStrEqual (name, BAD_CAST "passwd") || xmlStrEqual (name, BAD_CAST "passwdValidTo")
         || xmlStrEqual (name, BAD_CAST "connected");
}

static void
append_attributes (GString *out, xmlNodePtr node, gboolean without_ours)
{
  for (xmlAttrPtr found = node->properties; found != NULL; found = found->next)
    {
      g_autofree gchar *value = NULL;

      if (without_ours && is_ours (found->name))
        continue;
      value = floe_xml_attribute (node, (const gchar *)found->name);
      append_attribute (out, (const gchar *)found->name, value);
    }
}

static void
append_children (GString *out, xmlNodePtr node)
{
  for (xmlNodePtr child = node->children; child != NULL; child = child->next)
    {
      if (child->type != XML_ELEMENT_NODE)
        continue; /* <graphics> has no text */
      g_string_append_printf (out, "<%s", (const gchar *)child->name);
      append_attributes (out, child, FALSE);
      g_string_append_c (out, '>');
      append_children (out, child);
      g_string_append_printf (out, "</%s>", (const gchar *)child->name);
    }
}

static gchar *
valid_to (const FloeTicket *ticket)
{
  gint64 seconds =
      (floe_date_of_machine (ticket->valid_until) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (MAX (seconds, 1));

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
}

/* Writes a secret's characters into attribute text without a copy that nobody wipes. */
static gsize
put_escaped (gchar *out, const FloeSecret *secret, gsize limit)
{
  gsize length, at = 0;
  const gchar *bytes = floe_secret_get (secret, &length);

  length = MIN (length, limit);
  for (gsize i = 0; i < length; i++)
    if (g_ascii_isalnum (bytes[i]) || bytes[i] == '-' || bytes[i] == '_')
      out[at++] = bytes[i];
    else
      at += (gsize)g_snprintf (out + at, 7, "&#%u;", (guchar)bytes[i]);
  return at;
}

/**
 * floe_domain_xml_make_ticket:
 * @self: the XML of a running domain with a display
 * @ticket: what shall open its display from now on
 * @mode: what becomes of a client that is connected
 *
 * Returns: (transfer full): the `<graphics>` element for virDomainUpdateDeviceFlags(): the live
 *   one, as libvirt accepts no other change, with passwd, passwdValidTo (UTC) and connected; the
 *   last one for SPICE alone, since QEMU cuts nobody off VNC. It holds the ticket, hence the type
 */
FloeSecret *
floe_domain_xml_make_ticket (const FloeDomainXml *self, const FloeTicket *ticket,
                             FloeTicketMode mode)
{
  g_autoptr (GString) head = g_string_new ("<graphics");
  g_autoptr (GString) tail = g_string_new ("'");
  g_autofree gchar *until = valid_to (ticket);
  gchar *text;
  gsize secret_length, at;

  append_attributes (head, self->graphics, TRUE);
  if (self->kind == FLOE_DISPLAY_SPICE)
    append_attribute (head, "connected", mode == FLOE_TICKET_DISCONNECT ? "disconnect" : "keep");
  append_attribute (head, "passwdValidTo", until);
  g_string_append (head, " passwd='");
  g_string_append_c (tail, '>');
  append_children (tail, self->graphics);
  g_string_append (tail, "</graphics>");

  floe_secret_get (ticket->secret, &secret_length);
  text = g_malloc (head->len + 6 * secret_length + tail->len + 1);
  memcpy (text, head->str, head->len);
  at = head->len
       + put_escaped (text + head->len, ticket->secret,
                      self->kind == FLOE_DISPLAY_VNC ? FLOE_VNC_TICKET_LENGTH : G_MAXSIZE);
  memcpy (text + at, tail->str, tail->len);
  return floe_secret_new_take (text, at + tail->len);
}

#define SPICE_ELEMENT                                                                              \
  "<graphics type='spice' autoport='yes' passwd='unused' passwdValidTo='1970-01-01T00:00:01'/>"

static const gchar *
protocol_of (const FloeDomainXml *self)
{
  return self->kind == FLOE_DISPLAY_VNC ? "VNC" : "SPICE";
}

/* Returns: (nullable): what it was started without, though its definition has it */
static const gchar *
find_missing (const FloeDomainXml *defined, const FloeDomainXml *live)
{
  gboolean vnc = defined->kind == FLOE_DISPLAY_VNC;

  if (live->graphics == NULL || live->kind != defined->kind)
    return vnc ? "a VNC display" : "a SPICE display";
  if (!live->has_ticketing)
    return vnc ? "a password, anybody can open it" : "SPICE ticketing, anybody can open it";
  return NULL;
}

/**
 * floe_domain_xml_refusal:
 * @defined: what the next start uses
 * @live: (nullable): what runs
 *
 * Returns: (transfer full) (nullable): why the domain cannot be lent and how to mend that
 */
gchar *
floe_domain_xml_refusal (const FloeDomainXml *defined, const FloeDomainXml *live)
{
  const gchar *name = defined->name;
  const gchar *missing = live != NULL ? find_missing (defined, live) : NULL;

  if (defined->graphics == NULL)
    return g_strdup_printf ("it has no SPICE display: add " SPICE_ELEMENT " with "
                            "\"virsh edit %s\", shut it down and start it again",
                            name);
  if (!defined->has_ticketing)
    return g_strdup_printf ("its %s display has no ticketing, anybody could open it: give the "
                            "element <graphics type='%s'> the attributes passwd='unused' "
                            "passwdValidTo='1970-01-01T00:00:01' with \"virsh edit %s\", shut it "
                            "down and start it again",
                            protocol_of (defined), floe_display_kind_name (defined->kind), name);
  if (missing != NULL)
    return g_strdup_printf ("it was started without %s: its definition is right by now, shut "
                            "\"%s\" down and start it again",
                            missing, name);
  if (live != NULL && live->port == 0 && live->tls_port == 0)
    return g_strdup_printf ("its %s display has no network port: use <listen type='address'/> and "
                            "autoport='yes' in its <graphics>, shut it down and start it again",
                            protocol_of (live));
  return NULL;
}

/**
 * floe_domain_xml_vnc_refusal:
 * @defined: what the next start uses
 *
 * Returns: (transfer full) (nullable): why a pool that does not allow VNC cannot lend it, and how
 * to mend that
 */
gchar *
floe_domain_xml_vnc_refusal (const FloeDomainXml *defined)
{
  if (defined->graphics == NULL || defined->kind != FLOE_DISPLAY_VNC)
    return NULL;
  return g_strdup_printf ("it has no SPICE display, only VNC: add " SPICE_ELEMENT
                          " with \"virsh edit %s\", shut it down and start it again, or "
                          "allow VNC with \"vnc\": true in its pool",
                          defined->name);
}

/**
 * floe_domain_xml_floating_refusal:
 * @defined: what the next start uses
 * @live: (nullable): what runs
 *
 * Returns: (transfer full) (nullable): why the domain does not come up clean after each start, and
 *   how to mend that
 */
gchar *
floe_domain_xml_floating_refusal (const FloeDomainXml *defined, const FloeDomainXml *live)
{
  if (defined->kept_disk != NULL)
    return g_strdup_printf ("its disk %s keeps what a user writes: put <transient/> into its "
                            "<disk> with \"virsh edit %s\" (<transient shareBacking='yes'/> where "
                            "several domains share one image), or <readonly/>, shut it down and "
                            "start it again",
                            defined->kept_disk, defined->name);
  if (live != NULL && live->kept_disk != NULL)
    return g_strdup_printf ("it was started with a disk %s that keeps what a user writes: its "
                            "definition is right by now, shut \"%s\" down and start it again",
                            live->kept_disk, live->name);
  return NULL;
}
