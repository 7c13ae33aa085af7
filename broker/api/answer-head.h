/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeAnswerHead:
 * @status: the HTTP status
 * @date: microseconds since 1970 UTC
 * @type: (nullable): the body's media type
 * @in_chunks: the body comes in chunks, and its length is not known yet
 * @length: the body's bytes otherwise
 * @fields: (nullable): further header fields, each with its CR LF
 *
 * What is before an answer's body.
 */
typedef struct
{
  guint status;
  gint64 date;
  const gchar *type;
  gboolean in_chunks;
  gsize length;
  const gchar *fields;
} FloeAnswerHead;

FloeSecret *floe_answer_head_write (const FloeAnswerHead *self);

G_END_DECLS
