/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * FloeDomains:
 * @names: (array zero-terminated=1): two and more
 * @usual: (nullable): the one that a name without a domain is of
 *
 * Of which directories somebody can be who logs in: what `GET /login` answers.
 */
typedef struct
{
  GStrv names;
  gchar *usual;
} FloeDomains;

FloeDomains *floe_domains_read (JsonNode *answer);
void floe_domains_free (FloeDomains *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDomains, floe_domains_free)

G_END_DECLS
