/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api-fixture.h"
#include "api-parts-fake.h"

G_BEGIN_DECLS

/*
 * Each route over the socket, with parts that do what the test says. What comes back is compared
 * with the example bodies that the client's tests parse too.
 */

#define DESKTOP_ID      "0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f"
#define NOON            G_GINT64_CONSTANT (1795426200000000) /* 2026-11-23T09:30:00Z */
#define SECONDS         ((gint64)G_USEC_PER_SEC)
#define REQUEST_ID      "0A0A0A0A:C350_0A0A0A0A:01BB_6564F1C2_0001:0001"
#define FINGERPRINT     "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550"
#define RECONNECT_TOKEN "flr_Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2MyN4KxQvR9T"

typedef struct
{
  ApiFixture server;
  FloeApiParts parts;
  FloeApi *api;
} RoutesFixture;

void routes_set_up (RoutesFixture *fixture, gconstpointer data);
void routes_tear_down (RoutesFixture *fixture, gconstpointer data);
gchar *routes_request_text (const gchar *line, const gchar *token, const gchar *body);
gchar *routes_ask (RoutesFixture *fixture, const gchar *line, const gchar *token,
                   const gchar *body);
gchar *routes_example (const gchar *name);
void routes_assert_example (const gchar *body, const gchar *name);
void routes_assert_answer (const gchar *answer, guint status, const gchar *name);
void routes_assert_problem (const gchar *answer, guint status, const gchar *name,
                            const gchar *detail);
void routes_assert_log (const gchar *wanted);
FloeIdentity *routes_hmori (void);
FloeDesktop *routes_desktop (const gchar *holder, FloeConsole console);
FloePool *routes_office (void);
FloePool *routes_design (void);
GPtrArray *routes_views (const gchar *holder);
FloeGrant *routes_grant (void);
FloeConnectAnswer *routes_connection (gboolean tls);
FloeConnectRequest *routes_request_new (void);
void routes_assert_request (const gchar *body, const gchar *name, FloeConnectRequest *request);
gpointer routes_yes (void);

#define ROUTES_ADD(name, func)                                                                     \
  g_test_add ("/routes/" name, RoutesFixture, NULL, routes_set_up, func, routes_tear_down)

G_END_DECLS
