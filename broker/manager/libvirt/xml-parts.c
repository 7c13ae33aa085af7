/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/xml-parts.h"

#include <libxml/parser.h>
#include <string.h>

#include "core/error.h"

/* More than any domain has; libvirt itself sends 4 MiB at most in one string. */
#define TEXT_LIMIT (4 * 1024 * 1024)

/**
 * floe_xml_parse:
 *
 * Without entities, DTD or network, and without words on stderr.
 *
 * Returns: (transfer full): the document, or %NULL with %FLOE_ERROR_INVALID
 */
xmlDocPtr
floe_xml_parse (const gchar *text, GError **error)
{
  gsize length = strlen (text);
  xmlDocPtr document = NULL;

  if (length <= TEXT_LIMIT)
    document = xmlReadMemory (text, (int)length, NULL, NULL,
                              XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  if (document != NULL && document->intSubset == NULL && xmlDocGetRootElement (document) != NULL)
    return document;
  if (document != NULL)
    xmlFreeDoc (document);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "not well-formed XML");
  return NULL;
}

/**
 * floe_xml_print:
 *
 * Returns: (transfer full): the element and what is in it as text
 */
gchar *
floe_xml_print (xmlNodePtr node)
{
  xmlBufferPtr buffer = xmlBufferCreate ();
  gchar *text;

  xmlNodeDump (buffer, node->doc, node, 0, 0);
  text = g_strdup ((const gchar *)xmlBufferContent (buffer));
  xmlBufferFree (buffer);
  return text;
}

gboolean
floe_xml_is (xmlNodePtr node, const gchar *name)
{
  return node->type == XML_ELEMENT_NODE && xmlStrEqual (node->name, BAD_CAST name);
}

/**
 * floe_xml_child:
 *
 * Returns: (transfer none) (nullable): the first element of that name in @node
 */
xmlNodePtr
floe_xml_child (xmlNodePtr node, const gchar *name)
{
  for (xmlNodePtr child = node->children; child != NULL; child = child->next)
    if (floe_xml_is (child, name))
      return child;
  return NULL;
}

/**
 * floe_xml_next:
 *
 * Returns: (transfer none) (nullable): the next element of that name beside @node
 */
xmlNodePtr
floe_xml_next (xmlNodePtr node, const gchar *name)
{
  for (node = node->next; node != NULL; node = node->next)
    if (floe_xml_is (node, name))
      return node;
  return NULL;
}

/**
 * floe_xml_take_string:
 * @text: (transfer full) (nullable): libxml's
 *
 * Returns: (transfer full) (nullable): GLib's
 */
gchar *
floe_xml_take_string (xmlChar *text)
{
  gchar *copy = g_strdup ((const gchar *)text);

  xmlFree (text);
  return copy;
}

gchar *
floe_xml_attribute (xmlNodePtr node, const gchar *name)
{
  return floe_xml_take_string (xmlGetNoNsProp (node, BAD_CAST name));
}

gboolean
floe_xml_attribute_is (xmlNodePtr node, const gchar *name, const gchar *value)
{
  g_autofree gchar *found = floe_xml_attribute (node, name);

  return g_strcmp0 (found, value) == 0;
}

gchar *
floe_xml_child_text (xmlNodePtr node, const gchar *name)
{
  xmlNodePtr child = floe_xml_child (node, name);
  gchar *text = child != NULL ? floe_xml_take_string (xmlNodeGetContent (child)) : NULL;

  return text != NULL ? g_strstrip (text) : NULL;
}

gchar *
floe_xml_child_attribute (xmlNodePtr node, const gchar *child, const gchar *name)
{
  xmlNodePtr found = floe_xml_child (node, child);

  return found != NULL ? floe_xml_attribute (found, name) : NULL;
}

/**
 * floe_xml_child_with:
 *
 * Returns: (transfer none) (nullable): the first element of that name in @node whose @attribute is
 *   @value
 */
xmlNodePtr
floe_xml_child_with (xmlNodePtr node, const gchar *name, const gchar *attribute, const gchar *value)
{
  xmlNodePtr child = floe_xml_child (node, name);

  while (child != NULL && !floe_xml_attribute_is (child, attribute, value))
    child = floe_xml_next (child, name);
  return child;
}

/**
 * floe_xml_child_with_part:
 *
 * Returns: (transfer none) (nullable): likewise the first one whose @part, its first element of
 * that name, has that attribute: `<disk><source file='...'/></disk>`
 */
xmlNodePtr
floe_xml_child_with_part (xmlNodePtr node, const gchar *name, const gchar *part,
                          const gchar *attribute, const gchar *value)
{
  xmlNodePtr child = floe_xml_child (node, name);

  for (; child != NULL; child = floe_xml_next (child, name))
    {
      g_autofree gchar *found = floe_xml_child_attribute (child, part, attribute);

      if (g_strcmp0 (found, value) == 0)
        break;
    }
  return child;
}

void
floe_xml_set (xmlNodePtr node, const gchar *name, const gchar *value)
{
  xmlSetProp (node, BAD_CAST name, BAD_CAST value);
}

void
floe_xml_unset (xmlNodePtr node, const gchar *name)
{
  xmlUnsetProp (node, BAD_CAST name);
}

xmlNodePtr
floe_xml_add (xmlNodePtr node, const gchar *name)
{
  return xmlNewChild (node, NULL, BAD_CAST name, NULL);
}

void
floe_xml_remove (xmlNodePtr node)
{
  xmlUnlinkNode (node);
  xmlFreeNode (node);
}

/**
 * floe_xml_remove_children:
 *
 * Removes all elements of that name in @node.
 */
void
floe_xml_remove_children (xmlNodePtr node, const gchar *name)
{
  xmlNodePtr child;

  while ((child = floe_xml_child (node, name)) != NULL)
    floe_xml_remove (child);
}

/**
 * floe_xml_set_child_text:
 *
 * Makes @text, which may be anything, all that the one element of that name holds.
 */
void
floe_xml_set_child_text (xmlNodePtr node, const gchar *name, const gchar *text)
{
  floe_xml_remove_children (node, name);
  xmlNewTextChild (node, NULL, BAD_CAST name, BAD_CAST text);
}
