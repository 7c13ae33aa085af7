/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "api/policy.h"
#include "api/secret.h"

G_BEGIN_DECLS

/* What the broker answers, as immutable values. Texts are valid UTF-8 of the broker's and must be
 * escaped before they become markup. Times are microseconds since 1970 UTC; 0 is none. */

/**
 * FloeAccount:
 * @id: who it is, for ever
 * @name: the log-in name as the directory spells it
 * @display_name: the person's name; never empty, the log-in name where the directory has none
 * @role: "user" or "admin"
 */
typedef struct
{
  gchar *id;
  gchar *name;
  gchar *display_name;
  gchar *role;
} FloeAccount;

/**
 * FloeDesktopState:
 * @FLOE_DESKTOP_STATE_UNKNOWN: one that this client does not know yet
 */
typedef enum
{
  FLOE_DESKTOP_STATE_UNKNOWN,
  FLOE_DESKTOP_STATE_OFF,
  FLOE_DESKTOP_STATE_STARTING,
  FLOE_DESKTOP_STATE_READY,
  FLOE_DESKTOP_STATE_IN_USE,
  FLOE_DESKTOP_STATE_RESETTING,
  FLOE_DESKTOP_STATE_BROKEN,
  FLOE_DESKTOP_STATE_HOST_LOST,
} FloeDesktopState;

/**
 * FloeEndReason:
 * @FLOE_END_REASON_UNKNOWN: the broker does not know, or says something newer than this client
 */
typedef enum
{
  FLOE_END_REASON_UNKNOWN,
  FLOE_END_REASON_TAKEN_OVER,
  FLOE_END_REASON_POWERED_OFF,
  FLOE_END_REASON_CRASHED,
  FLOE_END_REASON_RELEASED,
  FLOE_END_REASON_ADMIN,
  FLOE_END_REASON_HOST_LOST,
  FLOE_END_REASON_NETWORK,
  FLOE_END_REASON_IDLE,
  FLOE_END_REASON_LIMIT,
  FLOE_END_REASON_LOGGED_OFF,
  FLOE_END_REASON_DRAINED,
} FloeEndReason;

/**
 * FloeDesktopEnd:
 * @reason: why the last session on it ended
 * @at: when, or 0
 * @by: (nullable): who did it, for people to read
 * @where: (nullable): the terminal or address that took over, for people to read
 */
typedef struct
{
  FloeEndReason reason;
  gint64 at;
  gchar *by;
  gchar *where;
} FloeDesktopEnd;

/**
 * FloeDesktop:
 * @id: what the broker calls it
 * @name: for people to read
 * @pool: its pool's name
 * @power: "off", "starting", "on", "paused", "stopping", "crashed" or "unknown"
 * @guest: "unknown", "booting", "ready" or "logged-in"
 * @console: "none", "connecting", "connected" or "lost"
 * @state: the one state that is shown to people
 * @end: (nullable): how the last session ended
 * @can_reconnect: connecting to the pool again leads back to it
 * @limit_at: when its session may last no longer, microseconds since 1970 UTC; 0 for never
 * @ends_at: when its session is ended for maintenance; 0 for never
 * @notice: (nullable): what an administrator tells whoever sits there
 */
typedef struct
{
  gchar *id;
  gchar *name;
  gchar *pool;
  gchar *power;
  gchar *guest;
  gchar *console;
  FloeDesktopState state;
  FloeDesktopEnd *end;
  gboolean can_reconnect;
  gint64 limit_at;
  gint64 ends_at;
  gchar *notice;
} FloeDesktop;

typedef enum
{
  FLOE_POOL_KIND_FLOATING,
  FLOE_POOL_KIND_DEDICATED,
  FLOE_POOL_KIND_STATIC,
} FloePoolKind;

/**
 * FloePool:
 * @name: its key, and what people read
 * @description: may be empty
 * @kind: any free desktop, always the same from the first time on, or the one that an administrator
 *   gave
 * @desktop: (nullable): the first one that the user holds there
 * @desktops: (element-type FloeDesktop): all of them
 * @another: they hold one, and may ask for one more
 * @keeps_data: what is saved on the desktop is still there after logging out
 * @per_user: how many desktops the user may have there, from 1
 * @closed: nobody gets a desktop there now, but who has one may come back to it
 * @message: (nullable): what its administrator says about that
 * @policy: what may go between its desktops and this computer
 */
typedef struct
{
  gchar *name;
  gchar *description;
  FloePoolKind kind;
  FloeDesktop *desktop;
  GPtrArray *desktops;
  gboolean another;
  gboolean keeps_data;
  guint per_user;
  gboolean closed;
  gchar *message;
  FloePolicy *policy;
} FloePool;

/**
 * FloeLogin:
 * @account: who logged in
 * @pools: (element-type FloePool): what they may connect to
 * @expires_at: when the log-in ends whatever happens; 0 if unknown
 * @idle_seconds: how long it lasts without use; 0 if unknown
 * @password_expires: when the person's password does, if that is soon; 0 if not. Past when it has,
 *   and lets them in a few times yet
 */
typedef struct
{
  FloeAccount *account;
  GPtrArray *pools;
  gint64 expires_at;
  guint idle_seconds;
  gint64 password_expires;
} FloeLogin;

/**
 * FloeProtocol:
 * @FLOE_PROTOCOL_SPICE: the usual one
 * @FLOE_PROTOCOL_VNC: a picture, a keyboard and a pointer
 *
 * What a display speaks.
 */
typedef enum
{
  FLOE_PROTOCOL_SPICE,
  FLOE_PROTOCOL_VNC,
} FloeProtocol;

/**
 * FloeConnection:
 * @protocol: what the display speaks
 * @host: where the display is
 * @port: the plain port, or 0
 * @tls_port: the TLS port, or 0; one of the two is set
 * @ca: (nullable): the PEM that the display's certificate is checked against; with NULL the
 * system's
 * @host_subject: (nullable): the subject that the display's certificate must have
 * @secure_channels: (array zero-terminated=1): channels that must use TLS; "all", or empty
 * @ciphers: (nullable): the ciphers that TLS may use, as OpenSSL writes them; %NULL for its own
 * @proxy: (nullable): the URL of the proxy that leads to the host
 * @username: (nullable): who opens it, for a display that asks
 * @ticket: (nullable): the display's password; short-lived
 * @ticket_expires_at: until when it opens a session
 * @desktop_id: which desktop it is
 * @desktop_name: for people to read
 * @pool: whose desktop it is
 * @title: for the window
 * @host_name: (nullable): the host that it runs on, where the broker says so
 * @reconnect_token: (nullable): for floe_broker_reconnect_async()
 * @keeps_data: what is saved on the desktop is still there after logging out
 * @actions: (array zero-terminated=1): what its holder may do with it: "restart", "shut-down",
 *   "force-off", "fresh", or what this client does not know yet
 * @policy: what may go between it and this computer
 *
 * Everything that opens a session with a display.
 */
typedef struct
{
  FloeProtocol protocol;
  gchar *host;
  guint16 port;
  guint16 tls_port;
  gchar *ca;
  gchar *host_subject;
  GStrv secure_channels;
  gchar *ciphers;
  gchar *proxy;
  gchar *username;
  FloeSecret *ticket;
  gint64 ticket_expires_at;
  gchar *desktop_id;
  gchar *desktop_name;
  gchar *pool;
  gchar *title;
  gchar *host_name;
  FloeSecret *reconnect_token;
  gboolean keeps_data;
  GStrv actions;
  FloePolicy *policy;
} FloeConnection;

typedef enum
{
  FLOE_REQUEST_STATE_WAITING,
  FLOE_REQUEST_STATE_STARTING,
  FLOE_REQUEST_STATE_GUEST,
  FLOE_REQUEST_STATE_READY,
  FLOE_REQUEST_STATE_FAILED,
  FLOE_REQUEST_STATE_QUEUED,
} FloeRequestState;

/**
 * FloeConnectWish:
 * @another: one more than those that the user holds
 * @desktop_id: (nullable): this one of those that they hold
 *
 * Which desktop of a pool is meant, where there may be several; one of the two at most.
 */
typedef struct
{
  gboolean another;
  const gchar *desktop_id;
} FloeConnectWish;

/**
 * FloeConnectRequest:
 * @id: for #FloeEventWatch
 * @pool: what was asked for
 * @desktop_id: (nullable): the desktop, once there is one
 * @desktop_name: (nullable): its name
 * @state: queued for a desktop, in its host's line, starting, waiting for the guest, ready (connect
 *   again), or failed
 * @place: the place in line from 1, or 0
 * @estimate_seconds: how long that may take, or 0
 * @data_host: (nullable): a desktop of this host is waited for, because their data is there
 * @data_lost: that host does not answer
 * @problem: (nullable): why it failed, of #FLOE_CLIENT_ERROR
 * @since: when it came into this state, or 0
 */
typedef struct
{
  gchar *id;
  gchar *pool;
  gchar *desktop_id;
  gchar *desktop_name;
  FloeRequestState state;
  guint place;
  guint estimate_seconds;
  gchar *data_host;
  gboolean data_lost;
  GError *problem;
  gint64 since;
} FloeConnectRequest;

/**
 * FloeConnectAnswer:
 * @connection: (nullable): the desktop runs: open the session
 * @request: (nullable): it does not yet: watch this, then connect again
 *
 * Exactly one of the two is set.
 */
typedef struct
{
  FloeConnection *connection;
  FloeConnectRequest *request;
} FloeConnectAnswer;

/**
 * FloeMessage:
 * @id: its own; one that was told already may be told again
 * @desktop_id: whoever sits at this desktop is meant
 * @from: who wrote it
 * @text: what the helpdesk says
 */
typedef struct
{
  gchar *id;
  gchar *desktop_id;
  gchar *from;
  gchar *text;
} FloeMessage;

/**
 * FloeShadowState:
 * @FLOE_SHADOW_ASKED: may they look?
 * @FLOE_SHADOW_GRANTED: they look
 * @FLOE_SHADOW_OVER: they do not, or not any more
 */
typedef enum
{
  FLOE_SHADOW_ASKED,
  FLOE_SHADOW_GRANTED,
  FLOE_SHADOW_OVER,
} FloeShadowState;

/**
 * FloeShadowControl:
 * @FLOE_CONTROL_NONE: they only look
 * @FLOE_CONTROL_ASKED: may they type, too?
 * @FLOE_CONTROL_GRANTED: they may
 */
typedef enum
{
  FLOE_CONTROL_NONE,
  FLOE_CONTROL_ASKED,
  FLOE_CONTROL_GRANTED,
} FloeShadowControl;

/**
 * FloeShadow:
 * @id: its own
 * @desktop_id: at this desktop
 * @from: who looks, or asks to
 * @reason: (nullable): why
 * @state: whether they may
 * @control: whether they may type as well
 *
 * Somebody of the helpdesk looks at the screen of whoever sits there, if they may.
 */
typedef struct
{
  gchar *id;
  gchar *desktop_id;
  gchar *from;
  gchar *reason;
  FloeShadowState state;
  FloeShadowControl control;
} FloeShadow;

#define FLOE_TYPE_SHADOW          (floe_shadow_get_type ())
#define FLOE_TYPE_DESKTOP         (floe_desktop_get_type ())
#define FLOE_TYPE_CONNECT_REQUEST (floe_connect_request_get_type ())
#define FLOE_TYPE_MESSAGE         (floe_message_get_type ())
GType floe_desktop_get_type (void);
GType floe_connect_request_get_type (void);
GType floe_message_get_type (void);
GType floe_shadow_get_type (void);

FloeAccount *floe_account_copy (const FloeAccount *self);
void floe_account_free (FloeAccount *self);
gboolean floe_account_is_admin (const FloeAccount *self);

FloeDesktopEnd *floe_desktop_end_copy (const FloeDesktopEnd *self);
void floe_desktop_end_free (FloeDesktopEnd *self);

FloeDesktop *floe_desktop_copy (const FloeDesktop *self);
void floe_desktop_free (FloeDesktop *self);
gboolean floe_desktop_equal (const FloeDesktop *a, const FloeDesktop *b);

FloeMessage *floe_message_copy (const FloeMessage *self);
void floe_message_free (FloeMessage *self);

FloeShadow *floe_shadow_copy (const FloeShadow *self);
void floe_shadow_free (FloeShadow *self);

FloePool *floe_pool_copy (const FloePool *self);
void floe_pool_free (FloePool *self);
gboolean floe_pool_is_choice (const FloePool *self);

FloeLogin *floe_login_copy (const FloeLogin *self);
void floe_login_free (FloeLogin *self);

FloeConnection *floe_connection_copy (const FloeConnection *self);
void floe_connection_free (FloeConnection *self);

FloeConnectRequest *floe_connect_request_copy (const FloeConnectRequest *self);
void floe_connect_request_free (FloeConnectRequest *self);
gboolean floe_connect_request_equal (const FloeConnectRequest *a, const FloeConnectRequest *b);

FloeConnectAnswer *floe_connect_answer_copy (const FloeConnectAnswer *self);
void floe_connect_answer_free (FloeConnectAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeAccount, floe_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDesktopEnd, floe_desktop_end_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDesktop, floe_desktop_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeMessage, floe_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeShadow, floe_shadow_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePool, floe_pool_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLogin, floe_login_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeConnection, floe_connection_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeConnectRequest, floe_connect_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeConnectAnswer, floe_connect_answer_free)

G_END_DECLS
