/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "api/server.h"
#include "core/clock.h"

G_BEGIN_DECLS

/**
 * ApiClock:
 *
 * A clock that stands still until a test moves it.
 */
#define API_TYPE_CLOCK (api_clock_get_type ())
G_DECLARE_FINAL_TYPE (ApiClock, api_clock, API, CLOCK, GObject)

FloeClock *api_clock_new (void);
void api_clock_advance (FloeClock *clock, gint64 seconds);
guint api_clock_get_pending (FloeClock *clock);

/**
 * ApiFixture:
 *
 * A server with a few routes of its own, on a Unix socket or a loopback port, and a raw client.
 */
typedef struct
{
  FloeClock *clock;
  FloeApiServer *server;
  gchar *directory;
  gchar *path;
  GString *handled;   /* a line for each request that was dispatched: method, path, body */
  FloeExchange *held; /* of GET /held, which the test answers */
} ApiFixture;

void api_fixture_set_up (ApiFixture *self, const FloeApiServerSettings *wanted);
void api_fixture_listen_unix (ApiFixture *self);
void api_fixture_listen_tcp (ApiFixture *self);
void api_fixture_tear_down (ApiFixture *self);

GSocket *api_fixture_connect (ApiFixture *self);
void api_fixture_send (GSocket *socket, const gchar *bytes, gssize length);
gchar *api_fixture_read (GSocket *socket, const gchar *until);
gchar *api_fixture_ask (ApiFixture *self, const gchar *bytes, gssize length);
void api_fixture_settle (void);

#define api_wait_for(condition)                                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 deadline_ = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;                              \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, deadline_);                                   \
        if (!g_main_context_iteration (NULL, FALSE))                                               \
          g_usleep (500);                                                                          \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

guint api_status (const gchar *answer);
const gchar *api_body (const gchar *answer);
gboolean api_has_header (const gchar *answer, const gchar *line);

G_END_DECLS
