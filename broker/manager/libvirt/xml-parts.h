/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/*
 * What reading and changing a domain's XML have in common. Names are those without a namespace.
 */

xmlDocPtr floe_xml_parse (const gchar *text, GError **error);
gchar *floe_xml_print (xmlNodePtr node);
gboolean floe_xml_is (xmlNodePtr node, const gchar *name);
xmlNodePtr floe_xml_child (xmlNodePtr node, const gchar *name);
xmlNodePtr floe_xml_next (xmlNodePtr node, const gchar *name);
gchar *floe_xml_take_string (xmlChar *text);
gchar *floe_xml_attribute (xmlNodePtr node, const gchar *name);
gboolean floe_xml_attribute_is (xmlNodePtr node, const gchar *name, const gchar *value);
xmlNodePtr floe_xml_child_with (xmlNodePtr node, const gchar *name, const gchar *attribute,
                                const gchar *value);
xmlNodePtr floe_xml_child_with_part (xmlNodePtr node, const gchar *name, const gchar *part,
                                     const gchar *attribute, const gchar *value);
gchar *floe_xml_child_text (xmlNodePtr node, const gchar *name);
gchar *floe_xml_child_attribute (xmlNodePtr node, const gchar *child, const gchar *name);

void floe_xml_set (xmlNodePtr node, const gchar *name, const gchar *value);
void floe_xml_unset (xmlNodePtr node, const gchar *name);
xmlNodePtr floe_xml_add (xmlNodePtr node, const gchar *name);
void floe_xml_remove (xmlNodePtr node);
void floe_xml_remove_children (xmlNodePtr node, const gchar *name);
void floe_xml_set_child_text (xmlNodePtr node, const gchar *name, const gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

G_END_DECLS
