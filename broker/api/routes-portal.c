/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/routes-parts.h"

#define FOR_GOOD  "public, max-age=31536000, immutable"
#define ASK_FIRST "no-cache"

/* GET / and GET /portal */
void
floe_route_portal_root (FloeExchange *exchange, gpointer api)
{
  floe_exchange_add_header (exchange, "Location", "/portal/");
  floe_exchange_answer (exchange, 303, NULL, NULL);
}

static void
answer_missing (FloeExchange *exchange)
{
  g_autoptr (FloeProblem) problem = floe_problem_new (FLOE_PROBLEM_NOT_FOUND, "no such page");

  floe_exchange_answer_problem (exchange, problem);
}

/* GET /portal/ and GET /portal/{}. Whoever browses takes gzip, so there is nothing else. */
void
floe_route_portal (FloeExchange *exchange, gpointer api)
{
  const FloePortal *portal = floe_api_get_parts (api)->portal;
  const gchar *known = floe_exchange_get_request (exchange)->known;
  const FloePortalFile *file =
      portal != NULL ? floe_portal_find (portal, floe_exchange_get_segment (exchange)) : NULL;

  if (file == NULL)
    {
      answer_missing (exchange);
      return;
    }
  floe_exchange_set_page (exchange, floe_portal_get_policy (),
                          file->lasting ? FOR_GOOD : ASK_FIRST);
  floe_exchange_add_header (exchange, "ETag", file->tag);
  floe_exchange_add_header (exchange, "Referrer-Policy", "no-referrer");
  floe_exchange_add_header (exchange, "Cross-Origin-Opener-Policy", "same-origin");
  if (known != NULL && strstr (known, file->tag) != NULL)
    {
      floe_exchange_answer (exchange, 304, NULL, NULL);
      return;
    }
  if (file->gzipped)
    floe_exchange_add_header (exchange, "Content-Encoding", "gzip");
  floe_exchange_answer (exchange, 200, file->type, file->body);
}
