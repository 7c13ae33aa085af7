/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloePortalFile:
 * @type: its media type
 * @gzipped: @body is compressed (RFC 1952)
 * @lasting: its name changes with what is in it, so it can be kept for good
 * @tag: an entity tag, with its quotation marks
 * @body: what is in it; public, and a secret only since that is what answers are made of
 *
 * A file of the helpdesk's web pages. Immutable.
 */
typedef struct
{
  const gchar *type;
  gboolean gzipped;
  gboolean lasting;
  gchar *tag;
  FloeSecret *body;
} FloePortalFile;

/**
 * FloePortal:
 *
 * The helpdesk's web pages, as they were built into the program: what a browser loads before it
 * asks the API like any other client.
 */
typedef struct _FloePortal FloePortal;

FloePortal *floe_portal_new (void);
void floe_portal_free (FloePortal *self);
const FloePortalFile *floe_portal_find (const FloePortal *self, const gchar *name);
const gchar *floe_portal_get_policy (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePortal, floe_portal_free)

G_END_DECLS
