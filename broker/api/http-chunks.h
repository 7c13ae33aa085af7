/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "api/problem.h"
#include "api/secret-text.h"

G_BEGIN_DECLS

/**
 * FloeHttpChunks:
 *
 * Puts a body together from its chunks, byte by byte as they come. Strict: CR LF only, no
 * extensions, no trailer fields.
 */
typedef struct
{
  guint state;
  guint64 left; /* of the chunk that is being read */
  guint digits; /* of its size */
} FloeHttpChunks;

gsize floe_http_chunks_feed (FloeHttpChunks *self, const gchar *bytes, gsize length,
                             FloeSecretText *body, FloeProblem **problem);
gboolean floe_http_chunks_is_over (const FloeHttpChunks *self);

G_END_DECLS
