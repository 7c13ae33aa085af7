/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/display.h"
#include "core/manager.h"

G_BEGIN_DECLS

/**
 * FLOE_DOMAIN_XML_NAMESPACE:
 *
 * The namespace of a domain's own metadata. A pool that takes its domains by metadata finds those
 * whose XML has
 * `<metadata><floe:pool xmlns:floe="urn:floe:domain">POOL</floe:pool></metadata>`;
 * `virsh metadata DOMAIN --uri urn:floe:domain --key floe --set '<pool>POOL</pool>' --config` sets
 * it. A clone's element also has the attributes clone, its UUID, revision, and personality; libvirt
 * keeps one element of a namespace only, hence no elements of their own.
 */
#define FLOE_DOMAIN_XML_NAMESPACE "urn:floe:domain"

/**
 * FloeDomainXml:
 *
 * What we read out of one libvirt domain XML: either of a running domain or of the definition that
 * its next start uses. Pure: no libvirt here. Immutable.
 */
typedef struct _FloeDomainXml FloeDomainXml;

FloeDomainXml *floe_domain_xml_new (gchar *text, GError **error);
void floe_domain_xml_free (FloeDomainXml *self);

gboolean floe_domain_xml_is_live (const FloeDomainXml *self);
const gchar *floe_domain_xml_get_uuid (const FloeDomainXml *self);
const gchar *floe_domain_xml_get_name (const FloeDomainXml *self);
const gchar *floe_domain_xml_get_pool (const FloeDomainXml *self);
gboolean floe_domain_xml_is_made (const FloeDomainXml *self);
const gchar *floe_domain_xml_get_installation (const FloeDomainXml *self);
guint floe_domain_xml_get_revision (const FloeDomainXml *self);
gboolean floe_domain_xml_is_seeded (const FloeDomainXml *self);
guint floe_domain_xml_get_memory_mib (const FloeDomainXml *self);
gboolean floe_domain_xml_has_agent (const FloeDomainXml *self);
gboolean floe_domain_xml_agent_connected (const FloeDomainXml *self);
gboolean floe_domain_xml_has_spice (const FloeDomainXml *self);
FloeDisplayKind floe_domain_xml_get_kind (const FloeDomainXml *self);
gboolean floe_domain_xml_has_ticketing (const FloeDomainXml *self);
const gchar *floe_domain_xml_get_listen (const FloeDomainXml *self);
guint16 floe_domain_xml_get_port (const FloeDomainXml *self);
guint16 floe_domain_xml_get_tls_port (const FloeDomainXml *self);
const gchar *floe_domain_xml_get_kept_disk (const FloeDomainXml *self);

FloeSecret *floe_domain_xml_make_ticket (const FloeDomainXml *self, const FloeTicket *ticket,
                                         FloeTicketMode mode);

const FloeOpenings *floe_domain_xml_get_openings (const FloeDomainXml *self);
gchar *floe_domain_xml_refusal (const FloeDomainXml *defined, const FloeDomainXml *live);
gchar *floe_domain_xml_vnc_refusal (const FloeDomainXml *defined);
gchar *floe_domain_xml_floating_refusal (const FloeDomainXml *defined, const FloeDomainXml *live);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDomainXml, floe_domain_xml_free)

G_END_DECLS
