/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "api/problem.h"

G_BEGIN_DECLS

#define FLOE_HTTP_MAX_HEAD_BYTES   (16 * 1024)
#define FLOE_HTTP_MAX_TARGET_BYTES 2048
#define FLOE_HTTP_MAX_FIELDS       64

/**
 * FloeHttpField:
 * @name: in lower case
 * @value: without the space around it
 */
typedef struct
{
  const gchar *name;
  const gchar *value;
} FloeHttpField;

/**
 * FloeHttpHead:
 * @method: as sent
 * @path: the target up to a question mark; nothing in it is decoded
 * @query: (nullable): the target behind it
 * @fields: (element-type FloeHttpField): all header fields
 * @content_length: bytes of the body; 0 when there is none, or when it comes in chunks
 * @chunked: the body comes in chunks
 * @expects_continue: the client waits for "100 Continue" before it sends the body
 *
 * A request's head that can be understood in one way only. Immutable.
 */
typedef struct
{
  const gchar *method;
  const gchar *path;
  const gchar *query;
  GArray *fields;
  guint64 content_length;
  gboolean chunked;
  gboolean expects_continue;

  gchar *text; /* what the strings above point into; wiped, since it holds the token */
  gsize length;
} FloeHttpHead;

FloeHttpHead *floe_http_head_parse (const gchar *bytes, gsize length, FloeProblem **problem);
void floe_http_head_free (FloeHttpHead *self);
const gchar *floe_http_head_get (const FloeHttpHead *self, const gchar *name, guint *count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeHttpHead, floe_http_head_free)

G_END_DECLS
