/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client-fake.h"
#include "ui/flow.h"

G_BEGIN_DECLS

#define LOGIN   "POST /api/v1/login"
#define LOGOUT  "POST /api/v1/logout"
#define CHANGE  "POST /api/v1/password"
#define POOLS   "GET /api/v1/pools"
#define EVENTS  "GET /api/v1/events"
#define HEALTH  "GET /api/v1/health"
#define CONNECT "POST /api/v1/pools/office/connect"

/* A flow in a window of its own, at a fake broker, which tests use as people do: by what widgets
 * are called. */
typedef struct
{
  gchar *dir;
  gchar *url;
  FakeBroker *fake;
  FloeServers *servers;
  FloeManaged *managed;
  GSettings *settings;
  FloeLogTap *tap;
  FloeWindow *window;
  FloeFlow *flow;
  FloeGuard *guard; /* of a kiosk */
} FlowFixture;

GtkWidget *flow_named (FlowFixture *f, const gchar *name);
typedef enum
{
  FLOW_HAS_TICKETS = 1 << 0, /* of Kerberos, which may be used */
  FLOW_HAS_KEY = 1 << 1,     /* a terminal's */
  FLOW_IS_KIOSK = 1 << 2,    /* and nothing else */
  FLOW_WANTS_KEY = 1 << 3,   /* it is to have one, and has none yet */
  FLOW_ONE_SERVER = 1 << 4,  /* an administrator decided that, and much else */
} FlowMachine;

void flow_type (FlowFixture *f, const gchar *name, const gchar *text);
void flow_press (FlowFixture *f, const gchar *name);
void flow_key (FlowFixture *f, guint keyval);
void flow_wait_for (FlowFixture *f, FloeView view);
void flow_settle (void);
void flow_wait_until_sensitive (FlowFixture *f, const gchar *name, gboolean sensitive);
gboolean flow_shows (GtkWidget *from, const gchar *text);
void flow_wait_for_text (gpointer page, const gchar *text);
GtkWidget *flow_find_named (GtkWidget *from, const gchar *name);
void flow_log_in (FlowFixture *f);
void flow_log_in_to_list (FlowFixture *f);
void flow_set_up (FlowFixture *f, gconstpointer data);
void flow_tear_down (FlowFixture *f, gconstpointer data);
gint flow_run (gint argc, gchar **argv, void (*add_all) (void));

G_END_DECLS
