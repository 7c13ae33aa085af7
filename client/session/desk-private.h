/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/watch.h"
#include "session/desk.h"
#include "session/heartbeat.h"
#include "session/resume.h"
#include "session/shadowing.h"

G_BEGIN_DECLS

/* The desk is one object in five files: what it is and how it moves between its states (desk.c),
 * the way to a desktop (desk-connect.c), what is done with it there (desk-acts.c), who else looks
 * at it (desk-shadow.c), and what follows when it is lost (desk-return.c). */

typedef void (*FloeDeskStep) (FloeDesk *self);

struct _FloeDesk
{
  GObject parent_instance;

  FloeBroker *broker;
  FloeLogTap *tap;
  gchar *pool;
  gboolean another; /* not one of those that the person has; until there is one */
  gchar *target;    /* the one that is meant, where there may be several */
  gboolean reduced_effects;
  guint second_ms;
  FloeSessionMaker maker;

  FloeDeskState state;
  FloeStop stop;
  gboolean was_showing;
  gint64 opened_at; /* when it began to connect, g_get_monotonic_time() */

  /* what is under way in this state */
  GCancellable *cancellable;
  guint hung; /* when a call of a return has taken too long */
  guint timer;
  FloeDeskStep after;
  FloeEventWatch *request_watch;
  FloeConnectRequest *request;

  /* what the broker told with the last connection */
  gchar *title;
  gchar *host_name;
  gchar *desktop_id;
  FloeSecret *reconnect_token;
  gboolean keeps_data;
  GStrv actions;
  GCancellable *acting; /* while something is done with the desktop */
  gboolean exchanging;  /* a fresh one was asked for, and the answer decides what follows */

  FloeSession *session;
  FloeHeartbeat *heartbeat; /* while the picture is there */
  FloeEventWatch *desktop_watch;
  FloeDesktop *news; /* what the event stream said of our desktop since the picture came */

  FloeShadow *shadow;       /* who asks to look, or looks, or did so last, or NULL */
  gchar *shadow_allowed;    /* the id of the one that was allowed here, or NULL */
  gboolean shadow_denied;   /* they may type no more, which the broker has not said yet */
  FloeShadowing *shadowing; /* while they look */
  guint shadow_timer;       /* until a question counts as refused */

  FloeResume resume;
  guint network_settles;
  guint ready_rounds;
  guint stopped_rounds;
  gboolean renewed; /* the token, since the broker last took it */
};

/* desk.c. Each of these that enters a state may be the last: who hears of it may stop the desk. */
void floe_desk_enter (FloeDesk *self, FloeDeskState state);
void floe_desk_enter_then (FloeDesk *self, FloeDeskState state, guint delay_ms, FloeDeskStep after);
void floe_desk_stop_with_error (FloeDesk *self, const GError *error);
void floe_desk_stop_with_desktop (FloeDesk *self, const FloeDesktop *desktop);
GCancellable *floe_desk_begin_call (FloeDesk *self);
void floe_desk_drop_watch (FloeDesk *self, FloeEventWatch **watch);
void floe_desk_tell_news (FloeDesk *self);
void floe_desk_tell_message (FloeDesk *self, const FloeMessage *message);
void floe_desk_drop_session (FloeDesk *self);

/* desk-shadow.c */
void floe_desk_hear_shadow (FloeDesk *self, const FloeShadow *shadow);
void floe_desk_drop_shadow (FloeDesk *self);

/* desk-connect.c */
void floe_desk_ask_for_desktop (FloeDesk *self);

/* desk-acts.c */
gboolean floe_desk_waits_for_exchange (FloeDesk *self);

/* desk-return.c */
gint64 floe_desk_now (FloeDesk *self);
void floe_desk_limit_call (FloeDesk *self);
void floe_desk_heed_network (FloeDesk *self);
void floe_desk_watch_desktops (FloeDesk *self);
void floe_desk_handle_end (FloeDesk *self, FloeEndCause cause, const gchar *detail);
void floe_desk_handle_refusal (FloeDesk *self, const GError *error, FloeDeskStep again);
void floe_desk_try_later (FloeDesk *self, const GError *error, FloeDeskStep again);
void floe_desk_ask_why (FloeDesk *self);

G_END_DECLS
