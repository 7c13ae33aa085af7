/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/exchange.h"
#include "api/gate.h"
#include "core/assigner.h"
#include "core/helpdesk.h"
#include "core/keeper.h"
#include "core/sessions.h"
#include "core/shadows.h"
#include "login/fleet.h"
#include "login/login.h"
#include "login/webhooks.h"
#include "metrics/scraper.h"
#include "portal/portal.h"

G_BEGIN_DECLS

/**
 * FloeApiParts:
 * @login: who somebody is
 * @assigner: what they may open
 * @helpdesk: what administrators do
 * @keeper: tells of changes
 * @scraper: what /metrics says
 * @sessions: what clients of open desktops tell and are told
 * @shadows: who looks at whose screen
 * @fleet: what terminals tell and are told
 * @webhooks: who is told what happens
 * @portal: (nullable): the web pages
 *
 * What the API is a face of.
 */
typedef struct
{
  FloeLogin *login;
  FloeAssigner *assigner;
  FloeHelpdesk *helpdesk;
  FloeKeeper *keeper;
  FloeScraper *scraper;
  FloeSessions *sessions;
  FloeShadows *shadows;
  FloeFleet *fleet;
  FloeWebhooks *webhooks;
  FloePortal *portal;
} FloeApiParts;

/**
 * FloeApi:
 *
 * All of /api/v1, the web pages that talk to it, and /metrics: translates requests into calls of
 * the parts and their results into answers, and decides nothing itself but who may call what.
 */
#define FLOE_TYPE_API (floe_api_get_type ())
G_DECLARE_FINAL_TYPE (FloeApi, floe_api, FLOE, API, GObject)

FloeApi *floe_api_new (const FloeApiParts *parts);
const FloeRoute *floe_api_get_routes (gsize *n_routes);
const FloeRoute *floe_api_get_metrics_routes (gsize *n_routes);
void floe_api_dispatch (FloeExchange *exchange, gpointer api);

G_END_DECLS
