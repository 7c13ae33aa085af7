/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/connect-request.h"

struct _FloeConnectRequest
{
  GObject parent_instance;

  gchar *id;
  FloeIdentity *identity;
  gchar *pool;
  gchar *desktop_id;
  gchar *desktop_name;
  gint64 since;
  FloeRequestState state;
  guint place;
  guint estimate;
  gchar *data_host;
  gboolean data_lost;
  gboolean data_changed; /* since it was told last */
  guint holds;
  gint64 touched;
  GError *error;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeConnectRequest, floe_connect_request, G_TYPE_OBJECT)

const gchar *
floe_request_state_name (FloeRequestState state)
{
  static const gchar *const names[] = {
    "queued", "waiting", "starting", "guest", "ready", "failed"
  };

  return (guint)state < G_N_ELEMENTS (names) ? names[state] : "failed";
}

static void
floe_connect_request_finalize (GObject *object)
{
  FloeConnectRequest *self = FLOE_CONNECT_REQUEST (object);

  g_free (self->id);
  floe_identity_free (self->identity);
  g_free (self->pool);
  g_free (self->desktop_id);
  g_free (self->desktop_name);
  g_free (self->data_host);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (floe_connect_request_parent_class)->finalize (object);
}

static void
floe_connect_request_class_init (FloeConnectRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_connect_request_finalize;
  signals[CHANGED] = g_signal_new ("changed", FLOE_TYPE_CONNECT_REQUEST, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_connect_request_init (FloeConnectRequest *self)
{
  self->id = g_uuid_string_random ();
}

/**
 * floe_connect_request_new:
 * @identity: who waits
 * @pool: for a desktop of which pool
 * @since: since when, microseconds since 1970 UTC
 *
 * Returns: (transfer full): a request that is STARTING, with a random id
 */
FloeConnectRequest *
floe_connect_request_new (const FloeIdentity *identity, const gchar *pool, gint64 since)
{
  FloeConnectRequest *self = g_object_new (FLOE_TYPE_CONNECT_REQUEST, NULL);

  self->identity = floe_identity_copy (identity);
  self->pool = g_strdup (pool);
  self->since = since;
  self->state = FLOE_REQUEST_STARTING;
  return self;
}

const gchar *
floe_connect_request_get_id (FloeConnectRequest *self)
{
  return self->id;
}

const FloeIdentity *
floe_connect_request_get_identity (FloeConnectRequest *self)
{
  return self->identity;
}

const gchar *
floe_connect_request_get_pool (FloeConnectRequest *self)
{
  return self->pool;
}

/**
 * floe_connect_request_get_desktop_id:
 *
 * Returns: (transfer none) (nullable): the desktop that was claimed
 */
const gchar *
floe_connect_request_get_desktop_id (FloeConnectRequest *self)
{
  return self->desktop_id;
}

const gchar *
floe_connect_request_get_desktop_name (FloeConnectRequest *self)
{
  return self->desktop_name;
}

gint64
floe_connect_request_get_since (FloeConnectRequest *self)
{
  return self->since;
}

FloeRequestState
floe_connect_request_get_state (FloeConnectRequest *self)
{
  return self->state;
}

/**
 * floe_connect_request_get_place:
 *
 * Returns: the place in the line, 1 for the next one; 0 when it does not wait in a line
 */
guint
floe_connect_request_get_place (FloeConnectRequest *self)
{
  return self->place;
}

/**
 * floe_connect_request_get_estimate:
 *
 * Returns: how many seconds it may be until their desktop is free, with QUEUED; 0 when nobody knows
 */
guint
floe_connect_request_get_estimate (FloeConnectRequest *self)
{
  return self->estimate;
}

/**
 * floe_connect_request_get_data_host:
 *
 * Returns: (transfer none) (nullable): with QUEUED, the host whose desktops are waited for alone,
 *   because their data is there
 */
const gchar *
floe_connect_request_get_data_host (FloeConnectRequest *self)
{
  return self->state == FLOE_REQUEST_QUEUED ? self->data_host : NULL;
}

/**
 * floe_connect_request_is_data_lost:
 *
 * Returns: whether that host does not answer now
 */
gboolean
floe_connect_request_is_data_lost (FloeConnectRequest *self)
{
  return self->state == FLOE_REQUEST_QUEUED && self->data_lost;
}

/**
 * floe_connect_request_get_error:
 *
 * Returns: (transfer none) (nullable): why it FAILED
 */
const GError *
floe_connect_request_get_error (FloeConnectRequest *self)
{
  return self->error;
}

gboolean
floe_connect_request_is_over (FloeConnectRequest *self)
{
  return self->state == FLOE_REQUEST_READY || self->state == FLOE_REQUEST_FAILED;
}

/**
 * floe_connect_request_hold:
 *
 * Whoever waits follows it from now on, until floe_connect_request_unhold().
 */
void
floe_connect_request_hold (FloeConnectRequest *self)
{
  self->holds++;
}

void
floe_connect_request_unhold (FloeConnectRequest *self, gint64 now)
{
  self->holds--;
  floe_connect_request_touch (self, now);
}

/**
 * floe_connect_request_touch:
 * @now: when whoever waits was heard of; elapsed microseconds
 */
void
floe_connect_request_touch (FloeConnectRequest *self, gint64 now)
{
  self->touched = now;
}

/**
 * floe_connect_request_is_heard:
 *
 * Returns: whether whoever waits follows it now, or was heard of @since
 */
gboolean
floe_connect_request_is_heard (FloeConnectRequest *self, gint64 since)
{
  return self->holds > 0 || self->touched >= since;
}

/**
 * floe_connect_request_set_desktop:
 * @self: a request
 * @id: the desktop that is being got ready
 * @name: its name
 *
 * Says nothing by itself; the state that follows is told.
 */
void
floe_connect_request_set_desktop (FloeConnectRequest *self, const gchar *id, const gchar *name)
{
  g_autofree gchar *new_id = g_strdup (id);
  g_autofree gchar *new_name = g_strdup (name);

  g_free (self->desktop_id);
  g_free (self->desktop_name);
  self->desktop_id = g_steal_pointer (&new_id);
  self->desktop_name = g_steal_pointer (&new_name);
}

/**
 * floe_connect_request_set_state:
 * @self: a request; one that is over stays as it is
 * @state: anything but QUEUED and FAILED
 * @place: the place in the line with WAITING, else 0
 */
void
floe_connect_request_set_state (FloeConnectRequest *self, FloeRequestState state, guint place)
{
  g_return_if_fail (state != FLOE_REQUEST_FAILED && state != FLOE_REQUEST_QUEUED);
  if (floe_connect_request_is_over (self) || (self->state == state && self->place == place))
    return;
  self->state = state;
  self->place = place;
  self->estimate = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * floe_connect_request_set_data_host:
 * @host: (nullable): where their data is, if they must wait for a desktop there
 * @lost: it does not answer
 *
 * Says nothing by itself; the place that follows is told.
 */
void
floe_connect_request_set_data_host (FloeConnectRequest *self, const gchar *host, gboolean lost)
{
  if (g_strcmp0 (self->data_host, host) == 0 && self->data_lost == lost)
    return;
  g_free (self->data_host);
  self->data_host = g_strdup (host);
  self->data_lost = lost;
  self->data_changed = TRUE;
}

/**
 * floe_connect_request_queue:
 * @self: a request; one that is over stays as it is
 * @place: the place in the pool's line, from 1
 * @estimate_seconds: how long that may take; 0 when nobody knows
 */
void
floe_connect_request_queue (FloeConnectRequest *self, guint place, guint estimate_seconds)
{
  if (floe_connect_request_is_over (self)
      || (self->state == FLOE_REQUEST_QUEUED && self->place == place
          && self->estimate == estimate_seconds && !self->data_changed))
    return;
  self->data_changed = FALSE;
  self->state = FLOE_REQUEST_QUEUED;
  self->place = place;
  self->estimate = estimate_seconds;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
floe_connect_request_fail (FloeConnectRequest *self, const GError *error)
{
  if (floe_connect_request_is_over (self))
    return;
  self->state = FLOE_REQUEST_FAILED;
  self->place = 0;
  self->estimate = 0;
  self->error = g_error_copy (error);
  g_signal_emit (self, signals[CHANGED], 0);
}
