/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/assigner.h"
#include "core/directories.h"
#include "core/identity.h"
#include "core/keeper.h"
#include "core/negotiator.h"
#include "core/store.h"
#include "login/engine-logins.h"
#include "login/factor-policy.h"
#include "login/throttle.h"

G_BEGIN_DECLS

/**
 * FloeGrant:
 * @token: the access token, which is shown this once
 * @expires: its absolute end, microseconds since 1970 UTC
 * @idle_seconds: after how long without use it ends
 * @identity: who
 * @pools: (element-type FloePoolView): what they may open
 * @password_expires: when their password does, microseconds since 1970 UTC, if they are to be
 * warned now; else 0. Past while an expired one still lets them in
 *
 * The answer to a log-in. Holds a secret.
 */
typedef struct
{
  FloeSecret *token;
  gint64 expires;
  guint idle_seconds;
  FloeIdentity *identity;
  GPtrArray *pools;
  gint64 password_expires;
} FloeGrant;

void floe_grant_free (FloeGrant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeGrant, floe_grant_free)

/**
 * FloeFactorOffer:
 * @secret: in base32, to be typed into an app
 * @uri: the same for a QR code
 *
 * A second factor that is to be confirmed. Shown this once.
 */
typedef struct
{
  FloeSecret *secret;
  FloeSecret *uri;
} FloeFactorOffer;

void floe_factor_offer_free (FloeFactorOffer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeFactorOffer, floe_factor_offer_free)

/**
 * FloeFactorReceipt:
 * @codes: (element-type FloeSecret): recovery codes, each for one log-in without the app. Shown
 *   this once
 * @grant: (nullable): of the log-in that it was confirmed in
 *
 * A second factor that is confirmed.
 */
typedef struct
{
  GPtrArray *codes;
  FloeGrant *grant;
} FloeFactorReceipt;

void floe_factor_receipt_free (FloeFactorReceipt *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeFactorReceipt, floe_factor_receipt_free)

/**
 * FloeLoginPolicy:
 * @idle_seconds: after how long without use an access token ends
 * @absolute_seconds: when it ends in any case
 * @groups: which groups of the directory make somebody what
 * @password_warning: how long before a password expires its owner is told, in seconds; 0 for never
 * @throttle: how often passwords may be guessed; `person_tries` 0 for as often as one likes
 * @factors: (nullable): who needs a code besides; %NULL for nobody
 */
typedef struct
{
  guint idle_seconds;
  guint absolute_seconds;
  FloeRoleGroups *groups;
  guint password_warning;
  FloeThrottlePolicy throttle;
  FloeFactorPolicy *factors;
} FloeLoginPolicy;

/**
 * FloeTypedName:
 * @name: who, as typed
 * @domain: (nullable): of which directory, where that was chosen beside it; a domain in @name
 *   counts more
 *
 * Who somebody says they are.
 */
typedef struct
{
  const gchar *name;
  const gchar *domain;
} FloeTypedName;

/**
 * FloeLogin:
 *
 * The log-in flow and its tokens. A failed log-in, and a failed change of a password, is answered
 * on a grid of 250 ms by a timer that holds no worker, so that its duration tells nothing.
 *
 * Signals, on the main thread:
 * - "phase" (NULL, const gchar *phase, gint64 microseconds): how long the "directory" took to
 * answer a log-in, in whichever way, and a good one in "total".
 * - "ended" (const gchar *action, const GError *error): a "login", a "reconnect", a change of a
 *   "password", a "second-factor-confirm" or a "terminal-enrol" is answered; @error is %NULL when
 * it is a good one.
 * - "let-in" (const gchar *way): somebody logged in, with a "password" or a ticket of "kerberos"
 *   alone, with a "code" besides, or as a "terminal".
 * - "visited" (const FloeVisit *visit): somebody logged in, and how long that took.
 * - "doubted" (guint n) and "account-ended": see #FloeAccountWatch.
 */
#define FLOE_TYPE_LOGIN (floe_login_get_type ())
G_DECLARE_FINAL_TYPE (FloeLogin, floe_login, FLOE, LOGIN, GObject)

FloeLogin *floe_login_new (FloeDirectory *directory, FloeStore *store, FloeKeeper *keeper,
                           FloeClock *clock, const FloeLoginPolicy *policy);
void floe_login_set_engines (FloeLogin *self, FloeEngineLogins *engines);
void floe_login_set_directories (FloeLogin *self, FloeDirectories *directories, gboolean shown);
GStrv floe_login_list_domains (FloeLogin *self, const gchar **usual);
void floe_login_set_negotiator (FloeLogin *self, FloeNegotiator *negotiator);
void floe_login_start (FloeLogin *self);
void floe_login_stop (FloeLogin *self);

void floe_login_log_in_async (FloeLogin *self, const FloeTypedName *who, FloeSecret *password,
                              const FloeCaller *caller, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
void floe_login_log_in_with_ticket_async (FloeLogin *self, FloeSecret *ticket,
                                          const FloeCaller *caller, GAsyncReadyCallback callback,
                                          gpointer user_data);
FloeGrant *floe_login_log_in_finish (FloeLogin *self, GAsyncResult *result, FloeSecret **challenge,
                                     GError **error);
void floe_login_answer_async (FloeLogin *self, FloeSecret *challenge, FloeSecret *code,
                              const FloeCaller *caller, GAsyncReadyCallback callback,
                              gpointer user_data);
FloeGrant *floe_login_answer_finish (FloeLogin *self, GAsyncResult *result, GError **error);
void floe_login_enrol_async (FloeLogin *self, FloeSecret *challenge, const FloeIdentity *identity,
                             const FloeCaller *caller, GAsyncReadyCallback callback,
                             gpointer user_data);
FloeFactorOffer *floe_login_enrol_finish (FloeLogin *self, GAsyncResult *result, GError **error);
void floe_login_confirm_async (FloeLogin *self, FloeSecret *challenge, const FloeIdentity *identity,
                               FloeSecret *code, const FloeCaller *caller,
                               GAsyncReadyCallback callback, gpointer user_data);
FloeFactorReceipt *floe_login_confirm_finish (FloeLogin *self, GAsyncResult *result,
                                              GError **error);
void floe_login_end_factor_async (FloeLogin *self, const FloeIdentity *identity, FloeSecret *code,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_login_end_factor_finish (FloeLogin *self, GAsyncResult *result, GError **error);
void floe_login_reset_factor_async (FloeLogin *self, const FloeIdentity *actor, const gchar *user,
                                    const gchar *reason, GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean floe_login_reset_factor_finish (FloeLogin *self, GAsyncResult *result, GError **error);
void floe_login_change_password_async (FloeLogin *self, const FloeTypedName *who, FloeSecret *old,
                                       FloeSecret *new, const FloeCaller *caller,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_login_change_password_finish (FloeLogin *self, GAsyncResult *result, GError **error);
void floe_login_look_at_terminal_async (FloeLogin *self, const FloeCaller *caller,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
FloeTerminal *floe_login_look_at_terminal_finish (FloeLogin *self, GAsyncResult *result,
                                                  GError **error);
void floe_login_enrol_terminal_async (FloeLogin *self, const FloeSecret *code,
                                      const FloeCaller *caller, GAsyncReadyCallback callback,
                                      gpointer user_data);
FloeTerminal *floe_login_enrol_terminal_finish (FloeLogin *self, GAsyncResult *result,
                                                GError **error);
void floe_login_log_in_terminal_async (FloeLogin *self, const FloeCaller *caller,
                                       GAsyncReadyCallback callback, gpointer user_data);
FloeGrant *floe_login_log_in_terminal_finish (FloeLogin *self, GAsyncResult *result,
                                              GError **error);
void floe_login_reconnect_async (FloeLogin *self, FloeSecret *reconnect_token,
                                 const FloeCaller *caller, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
FloeGrant *floe_login_reconnect_finish (FloeLogin *self, GAsyncResult *result, GError **error);
void floe_login_authenticate_async (FloeLogin *self, FloeSecret *token, const FloeCaller *caller,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
FloeIdentity *floe_login_authenticate_finish (FloeLogin *self, GAsyncResult *result,
                                              GError **error);
void floe_login_log_out_async (FloeLogin *self, const FloeIdentity *identity,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean floe_login_log_out_finish (FloeLogin *self, GAsyncResult *result, GError **error);
void floe_login_hold (FloeLogin *self, const FloeIdentity *identity);
void floe_login_unhold (FloeLogin *self, const FloeIdentity *identity);
gboolean floe_login_directory_is_up (FloeLogin *self);
gboolean floe_login_get_try_limits (FloeLogin *self, FloeTryLimits *limits);

G_END_DECLS
