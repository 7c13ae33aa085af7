/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "login/account-watch.h"
#include "login/engine-logins.h"
#include "login/group-binder.h"
#include "login/login-transactions.h"
#include "login/login.h"
#include "login/throttle.h"
#include "login/token-check.h"

G_BEGIN_DECLS

/* The log-in is one object in several files: with a password, with a token, and out (login.c), how
 * a call begins and is refused (login-call.c), of which directory a name is and how often it may be
 * tried (login-admit.c), what whoever is let in gets (login-grant.c), with a ticket of Kerberos
 * (login-kerberos.c), with a second factor (login-factor.c), with the right to reconnect
 * (login-reconnect.c), as a terminal (login-terminal.c), and changing the password
 * (login-password.c). */

struct _FloeLogin
{
  GObject parent_instance;

  FloeDirectory *directory;
  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  FloeLoginPolicy policy;
  FloeTokenCheck *tokens;
  FloeAccountWatch *accounts;
  FloeGroupBinder *binder;
  FloeThrottle *throttle;       /* NULL for no limit */
  FloeNegotiator *negotiator;   /* NULL where there is no single sign-on */
  FloeDirectories *directories; /* NULL where no domain can be chosen */
  FloeEngineLogins *engines;    /* NULL where nobody is logged in at engines */
  gboolean shows_domains;
  guint tick;
};

typedef void (*FloeLoginStep) (FloeLogin *self, GTask *task);

/**
 * FloeLoginCall:
 * @action: as in the trail, such as "login" or "password"; a literal; %NULL for what is not counted
 * @besides: (nullable): another action that it is as well; a literal
 * @way: (nullable): what a log-in is with; a literal
 * @detail: (nullable): how, where that is not by a password; a literal
 * @caller: from where
 * @name: who, as typed, or as the store has it; %NULL while only a ticket knows
 * @domain: (nullable): of which directory, as chosen; until it is part of @name
 * @token: the token to be given out
 * @hash: of what was presented
 * @right: with a reconnect: the token that was presented
 * @began: elapsed
 * @took: how long each phase took that is over, as in #FloeVisit
 * @password: until the directory is asked
 * @for_engines: (nullable): the same, until engines were asked
 * @user: (nullable): who they are, until then
 * @ticket: instead of @password, until the negotiator is asked
 * @new_password: likewise, with "password"
 * @step: what asks it
 * @admission: until it has answered
 * @challenge: to be given out where a code is needed
 * @secret: a new secret of a second factor
 * @codes: (element-type FloeSecret): new recovery codes
 * @error: what to answer when the grid says so
 *
 * The task data of whatever anybody can ask without a token.
 */
typedef struct
{
  const gchar *action;
  const gchar *besides;
  const gchar *way;
  const gchar *detail;
  FloeCaller *caller;
  gchar *name;
  gchar *domain;
  FloeSecret *token;
  gchar *hash;
  FloeToken *right;
  gint64 began;
  gint64 took[FLOE_N_PHASES];
  FloeSecret *password;
  FloeSecret *for_engines;
  FloeUser *user;
  FloeSecret *ticket;
  FloeSecret *new_password;
  FloeLoginStep step;
  FloeAdmission *admission;
  FloeSecret *challenge;
  FloeSecret *secret;
  GPtrArray *codes;
  GError *error;
} FloeLoginCall;

/* Every call without a token begins here, and each that fails ends on the grid. */
GTask *floe_login_call_new (FloeLogin *self, const gchar *action, const FloeCaller *caller,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
void floe_login_tell_phase (FloeLogin *self, FloeVisitPhase phase, FloeLoginCall *call);
void floe_login_split_groups (FloeLoginCall *call, const FloeUser *user);
void floe_login_tell_visit (FloeLogin *self, const FloeLoginCall *call, const gchar *user_id);
void floe_login_tell_end (FloeLogin *self, const FloeLoginCall *call, const GError *error);
void floe_login_fail_at_once (FloeLogin *self, GTask *task, GError *error);
void floe_login_fail_on_grid (FloeLogin *self, GTask *task, GError *error);
void floe_login_record_failure (FloeLogin *self, const FloeLoginCall *call, const GError *error);
void floe_login_heed_lockout (FloeLogin *self);
void floe_login_admit (FloeLogin *self, GTask *task, FloeLoginStep step);
void floe_login_settle (FloeLogin *self, FloeLoginCall *call, const gchar *user_id,
                        const GError *error);
void floe_login_grant (FloeLogin *self, GTask *task, const FloeUser *user);
void floe_login_take_name (FloeLoginCall *call, const FloeTypedName *who);
gchar *floe_login_new_id (gint64 now);
FloeGrant *floe_login_make_grant (FloeLogin *self, GTask *task, FloeGrantRecord *record);

G_END_DECLS
