/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/pool.h"

G_BEGIN_DECLS

/**
 * FloeCloneParts:
 * @id: its UUID
 * @name: its name
 * @pool: for its metadata
 * @installation: (nullable): for its metadata
 * @revision: for its metadata
 * @personality: for its metadata
 * @overlay: path of its own disk image, qcow2, on the host
 * @policy: (nullable): what it must enforce as far as QEMU can
 * @seed: (nullable): path of the CD that cloud-init reads
 *
 * What a clone has and its template has not.
 */
typedef struct
{
  const gchar *id;
  const gchar *name;
  const gchar *pool;
  const gchar *installation;
  guint revision;
  FloePersonality personality;
  const FloePolicy *policy;
  const gchar *overlay;
  const gchar *seed;
} FloeCloneParts;

/**
 * FloeTemplateDisk:
 * @path: (nullable): of its file
 * @pool: (nullable): the libvirt storage pool, where it names that instead
 * @volume: (nullable): and the volume in it
 *
 * The disk that all clones are made from.
 */
typedef struct
{
  gchar *path;
  gchar *pool;
  gchar *volume;
} FloeTemplateDisk;

void floe_template_disk_free (FloeTemplateDisk *self);

gchar *floe_clone_xml_make (const gchar *template, const FloeCloneParts *parts, GError **error);
FloeTemplateDisk *floe_clone_xml_read_template (const gchar *template, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTemplateDisk, floe_template_disk_free)

G_END_DECLS
