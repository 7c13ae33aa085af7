/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker-factor.h"
#include "api/domains.h"
#include "api/link.h"
#include "api/vv-file.h"
#include "api/watch.h"
#include "session/desk.h"
#include "session/mark.h"
#include "terminal/fleet.h"
#include "ui/flow.h"

G_BEGIN_DECLS

/* The flow is one object in several files: the pages, the server and what follows a failure
 * (flow.c), logging in and out (flow-login.c), with a ticket (flow-ticket.c), as a public terminal
 * (flow-terminal.c), in which domain (flow-domains.c), as a terminal of a fleet (flow-fleet.c),
 * where it is all there is on a terminal (flow-kiosk.c), the second factor of a log-in
 * (flow-factor.c), changing the password (flow-password.c), the list and the desktop
 * (flow-desktops.c), what is done with that one (flow-acts.c), who else looks at it
 * (flow-shadow.c), and what connection files and links open (flow-open.c). */

typedef struct _FloeFlowKiosk FloeFlowKiosk; /* of flow-kiosk.c */

struct _FloeFlow
{
  GObject parent_instance;

  FloeWindow *window; /* owns us */
  FloeServers *servers;
  GSettings *settings;
  FloeLogTap *tap;

  FloeView before_settings; /* where their page leads back to */

  FloeServer *server;
  FloeBroker *broker;
  GCancellable *call; /* the one call of ours that is under way */

  FloeFlowKiosk *kiosk; /* or NULL */
  FloeServer *first;    /* that the command line or the memory named, or NULL */

  GCancellable *asking_domains; /* or NULL */
  FloeDomains *domains;         /* that there are to choose from, or NULL */
  gboolean domains_known;       /* the server has said whether there are any */

  GCancellable *asking_announcements; /* or NULL */
  guint announcements_timer;          /* until they are asked for again */

  gboolean may_use_ticket; /* by itself; once, and not after a log-out */
  gchar *terminal_key;     /* the file of this machine's key, or NULL */
  guint terminal_timer;    /* until it is tried again */
  gboolean is_alone;       /* what is logged in is the terminal itself */
  guint return_timer;      /* until its desktop comes again */

  gchar *state_dir;            /* where a terminal keeps things, or NULL for the user's own */
  FloeFleet *fleet;            /* or NULL; only where nothing else runs on this machine */
  FloeView before_code;        /* what was seen before a code was asked for */
  gboolean asks_unlock;        /* the code is for the way out, not for becoming a terminal */
  gboolean enrolment_declined; /* somebody went on without */

  FloeSecret *password;     /* of a log-in that goes on with a new one, or NULL */
  FloeSecret *new_password; /* while it is being changed into this */

  gboolean enrolling;  /* the second factor is being made, not only asked for */
  FloeLogin *entering; /* while its recovery codes are seen, or NULL */

  GPtrArray *pools;
  FloeEventWatch *watch; /* while the list is seen */
  FloeDesk *desk;
  gboolean shadowed;       /* somebody of the helpdesk looked at it a moment ago */
  FloeMark *mark;          /* while there is one, or NULL */
  gchar *mark_dir;         /* or NULL for the usual */
  gboolean was_ended;      /* the program before this one, in the middle; until somebody logs in */
  const gchar *asked;      /* what is to be done with the desktop, if they say yes */
  guint outlook_timer;     /* until something of the desktop is to be told that is to come */
  gchar *wanted;           /* the pool that was asked for last */
  gchar *wanted_desktop;   /* and which desktop of it, or NULL */
  gboolean wanted_another; /* or a further one */

  FloeVvFile *file;     /* the display that is open without a server, or NULL */
  FloeSession *session; /* of it, while there is one */
  gchar *unread;        /* where the one is that could not be read last, or NULL */
  FloeVvFile *next;     /* what is to take the place of what is open, if they say yes */
  FloeLink *link;       /* where a link leads once somebody is logged in, or NULL */
  gboolean visits;      /* the window is there for that alone */
};

/* flow.c */
GCancellable *floe_flow_begin_call (FloeFlow *self);
gboolean floe_flow_is_cancelled (const GError *error);
gboolean floe_flow_is_logged_in (FloeFlow *self);
void floe_flow_drop_login (FloeFlow *self);
void floe_flow_set_title (FloeFlow *self, const gchar *title);
void floe_flow_show_page (FloeFlow *self, FloeView page);
void floe_flow_show_notice (FloeFlow *self, const FloeNotice *notice);
void floe_flow_show_error (FloeFlow *self, const GError *error);
void floe_flow_show_server (FloeFlow *self);
gboolean floe_flow_has_one_server (FloeFlow *self);
void floe_flow_begin_again (FloeFlow *self);
void floe_flow_tell_fleet_settings (FloeFlow *self);
gboolean floe_flow_go_to (FloeFlow *self, const gchar *url);

/* flow-kiosk.c */
void floe_flow_kiosk_shows (FloeFlow *self, FloeView page);
void floe_flow_forget_person (FloeFlow *self);
void floe_flow_drop_kiosk (FloeFlow *self);

/* flow-login.c */
void floe_flow_connect_login (FloeFlow *self);
void floe_flow_show_login (FloeFlow *self);
void floe_flow_show_login_because (FloeFlow *self, const GError *error);

void floe_flow_show_login_error (FloeFlow *self, const GError *error);
void floe_flow_log_out (FloeFlow *self);
void floe_flow_enter (FloeFlow *self, const FloeLogin *login);
void floe_flow_log_in (FloeFlow *self, FloeSecret *password);
void floe_flow_take_log_in (FloeFlow *self, const FloeLogin *login, const GError *error);

/* flow-announcements.c */
void floe_flow_ask_announcements (FloeFlow *self);
void floe_flow_drop_announcements (FloeFlow *self);

/* flow-domains.c */
void floe_flow_show_domains (FloeFlow *self);
void floe_flow_ask_domains (FloeFlow *self);
void floe_flow_drop_domains (FloeFlow *self);
void floe_flow_choose_domain (FloeFlow *self);
void floe_flow_keep_domain (FloeFlow *self);

/* flow-ticket.c */
void floe_flow_connect_ticket (FloeFlow *self);
void floe_flow_begin_with_ticket (FloeFlow *self);

/* flow-factor.c */
void floe_flow_connect_factor (FloeFlow *self);
void floe_flow_drop_factor (FloeFlow *self);
gboolean floe_flow_asks_factor (const GError *error);
void floe_flow_show_factor_because (FloeFlow *self, const GError *error);

/* flow-settings.c */
void floe_flow_connect_settings (FloeFlow *self);
void floe_flow_leave_settings (FloeFlow *self);

/* flow-terminal.c */
void floe_flow_try_terminal (FloeFlow *self);
void floe_flow_drop_terminal (FloeFlow *self);

void floe_flow_plan_return (FloeFlow *self);

/* flow-fleet.c */
void floe_flow_connect_fleet (FloeFlow *self);
void floe_flow_begin_fleet (FloeFlow *self);
void floe_flow_drop_fleet (FloeFlow *self);
gboolean floe_flow_may_enrol (FloeFlow *self);
void floe_flow_show_enrolment (FloeFlow *self);
const gchar *floe_flow_pick_pool (FloeFlow *self);

/* flow-password.c */
void floe_flow_connect_password (FloeFlow *self);
void floe_flow_drop_passwords (FloeFlow *self);
gboolean floe_flow_asks_password (const GError *error);
void floe_flow_show_password_because (FloeFlow *self, const GError *error);

/* flow-shadow.c */
void floe_flow_connect_shadow (FloeFlow *self);
void floe_flow_follow_shadow (FloeFlow *self, FloeDesk *desk);

/* flow-acts.c */
void floe_flow_connect_acts (FloeFlow *self);
void floe_flow_update_acts (FloeFlow *self);
void floe_flow_follow_acts (FloeFlow *self, FloeDesk *desk);

/* flow-open.c */
void floe_flow_connect_open (FloeFlow *self);
void floe_flow_drop_file (FloeFlow *self);
void floe_flow_drop_open (FloeFlow *self);
void floe_flow_leave_file (FloeFlow *self);
gboolean floe_flow_open_file_again (FloeFlow *self);
gboolean floe_flow_follow_link (FloeFlow *self);

/* flow-desktops.c */
void floe_flow_connect_desktops (FloeFlow *self);
void floe_flow_show_pools (FloeFlow *self);
void floe_flow_show_fresh_pools (FloeFlow *self);
void floe_flow_open_pool (FloeFlow *self, const gchar *name);
void floe_flow_open_desktop (FloeFlow *self, const gchar *pool, const gchar *desktop);
gboolean floe_flow_open_again (FloeFlow *self);
void floe_flow_drop_watch (FloeFlow *self);
void floe_flow_drop_desk (FloeFlow *self);

G_END_DECLS
