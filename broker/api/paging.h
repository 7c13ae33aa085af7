/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/routes-parts.h"
#include "core/page.h"

G_BEGIN_DECLS

/**
 * FLOE_PAGE_QUERIES:
 *
 * The parameters that every list has.
 */
#define FLOE_PAGE_QUERIES "limit", "cursor"

/* Every list is answered as {"items": [...], "next": "..."}, `next` being null at its end, and
 * takes `limit` and `cursor`, which is a `next` that was given. */

gboolean floe_paging_read (FloeExchange *exchange, guint *limit, GStrv *after, GError **error);
gboolean floe_paging_read_text (FloeExchange *exchange, const gchar *name, const gchar **text,
                                GError **error);
void floe_paging_answer_part (FloeCall *call, GPtrArray *items, guint from, guint n,
                              const gchar *const *next, FloeJsonWriteRow write);
void floe_paging_answer (FloeCall *call, FloePage *page, FloeJsonWriteRow write,
                         const GError *error);
void floe_paging_answer_whole (FloeCall *call, GPtrArray *rows, const gchar *list,
                               const gchar *(*name) (gconstpointer row), FloeJsonWriteRow write,
                               const GError *error);

G_END_DECLS
