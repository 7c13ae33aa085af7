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
 * @cache: (nullable): how long it may be kept; %NULL for not at all
 * @policy: (nullable): what a page may load; %NULL for an answer that is no page
 * @cookie: (nullable): what floe_cookie_write() gave
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
  const gchar *cache;
  const gchar *policy;
  const FloeSecret *cookie;
  const gchar *fields;
} FloeAnswerHead;

FloeSecret *floe_answer_head_write (const FloeAnswerHead *self);

G_END_DECLS
