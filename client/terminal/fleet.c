/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal/fleet.h"

#include "api/error.h"
#include "api/json-get.h"
#include "terminal/keep.h"
#include "terminal/report.h"

/* Until the broker says when, and when it does not answer. */
#define BEAT_SECONDS  60
#define LEAST_SECONDS 10
#define MOST_SECONDS  3600

struct _FloeFleet
{
  GObject parent_instance;

  FloeBroker *broker;
  gchar *fingerprint; /* of the certificate that the broker object shows */
  gchar *dir;
  FloeTrust *trust;               /* or NULL until the broker told it */
  FloeTerminalSettings *settings; /* those that it goes by; empty ones at first */
  FloeUnlock *unlock;
  GStrv monitors;
  gchar *problem;

  GCancellable *call; /* while it runs */
  guint timer;
  guint next;        /* seconds until the next beat */
  gboolean is_using; /* it is telling the broker of a used code */
};

enum
{
  SIGNAL_SETTINGS,
  SIGNAL_STRANGER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeFleet, floe_fleet, G_TYPE_OBJECT)

/**
 * floe_fleet_fingerprint:
 *
 * Returns: (transfer full): the SHA-256 of a certificate, lower hex
 */
gchar *
floe_fleet_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

static void beat (FloeFleet *self);
static void fetch (FloeFleet *self);
static void ask_trust (FloeFleet *self);

static gboolean
on_timer (gpointer data)
{
  FloeFleet *self = data;

  self->timer = 0;
  if (self->trust == NULL)
    ask_trust (self);
  else
    beat (self);
  return G_SOURCE_REMOVE;
}

static void
wait_for_next (FloeFleet *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->call != NULL)
    self->timer = g_timeout_add_seconds (self->next, on_timer, self);
}

/* Whether a call ended because of floe_fleet_stop(), or after it. */
static gboolean
is_over (FloeFleet *self, const GError *error)
{
  return self->call == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Whatever stands in the way, the terminal goes by what it has, and asks again. */
static void
take_failure (FloeFleet *self, const gchar *what, const GError *error)
{
  g_info ("%s: %s", what, error->message);
  if (floe_client_error_has_reason (error, "unknown-terminal"))
    g_signal_emit (self, signals[SIGNAL_STRANGER], 0);
  else
    floe_fleet_set_problem (self, error->message);
  wait_for_next (self);
}

/* What it trusts. */

static void
on_trust (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFleet) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTrust) trust = floe_broker_trust_finish (FLOE_BROKER (source), result, &error);

  if (is_over (self, error))
    return;
  if (trust == NULL || !floe_keep_write_trust (self->dir, self->fingerprint, trust, &error))
    {
      take_failure (self, "what this terminal trusts is not known", error);
      return;
    }
  self->trust = g_steal_pointer (&trust);
  floe_terminal_settings_forget (self->dir);
  fetch (self);
}

static void
ask_trust (FloeFleet *self)
{
  floe_broker_trust_async (self->broker, self->call, on_trust, g_object_ref (self));
}

/* Settings. */

static gboolean
take_settings (FloeFleet *self, JsonNode *root, GError **error)
{
  const gchar *text = floe_json_get_text (root, "signed");
  const gchar *signature = floe_json_get_text (root, "signature");
  FloeTerminalSettings *settings;

  if (text == NULL || signature == NULL)
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                             "the answer lacks \"signed\" or \"signature\"");
      return FALSE;
    }
  settings =
      floe_terminal_settings_open (self->trust, text, signature, self->settings->revision, error);
  if (settings == NULL)
    return FALSE;
  floe_terminal_settings_free (self->settings);
  self->settings = settings;
  g_signal_emit (self, signals[SIGNAL_SETTINGS], 0);
  return floe_terminal_settings_save (self->dir, text, signature, error);
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFleet) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = floe_broker_call_finish (FLOE_BROKER (source), result, &error);

  if (is_over (self, error))
    return;
  if (root == NULL || (!JSON_NODE_HOLDS_NULL (root) && !take_settings (self, root, &error)))
    take_failure (self, "there are no new settings", error);
  else
    beat (self);
}

static void
fetch (FloeFleet *self)
{
  g_autofree gchar *path =
      g_strdup_printf ("terminal/settings?revision=%" G_GINT64_FORMAT, self->settings->revision);

  floe_broker_call_async (self->broker, "GET", path, NULL, self->call, on_fetched,
                          g_object_ref (self));
}

/* A used code, which is told once. */

static void
on_told (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFleet) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = floe_broker_call_finish (FLOE_BROKER (source), result, &error);

  self->is_using = FALSE;
  if (root != NULL)
    floe_unlock_forget_used (self->unlock);
}

static void
tell_used (FloeFleet *self)
{
  gint64 at;
  const gchar *challenge = floe_unlock_get_used (self->unlock, &at);
  g_autofree gchar *body = NULL;

  if (challenge == NULL || self->is_using)
    return;
  self->is_using = TRUE;
  body = floe_report_make_unlocked (challenge, (g_get_real_time () - at) / G_USEC_PER_SEC);
  floe_broker_call_async (self->broker, "POST", "terminal/unlocked", body, self->call, on_told,
                          g_object_ref (self));
}

/* How it is. */

static void
take_next (FloeFleet *self, JsonNode *root)
{
  JsonNode *next = floe_json_get_value (root, "next_seconds", G_TYPE_INT64);

  if (next != NULL)
    self->next = (guint)CLAMP (json_node_get_int (next), LEAST_SECONDS, MOST_SECONDS);
}

static void
on_beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFleet) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = floe_broker_call_finish (FLOE_BROKER (source), result, &error);
  JsonNode *revision;

  if (is_over (self, error))
    return;
  if (root == NULL)
    {
      take_failure (self, "how this terminal is was not told", error);
      return;
    }
  take_next (self, root);
  tell_used (self);
  revision = floe_json_get_value (root, "revision", G_TYPE_INT64);
  if (revision != NULL && json_node_get_int (revision) > self->settings->revision)
    fetch (self);
  else
    wait_for_next (self);
}

static void
beat (FloeFleet *self)
{
  g_autofree gchar *body = floe_report_make ((const gchar *const *)self->monitors, self->problem,
                                             self->settings->revision);

  floe_broker_call_async (self->broker, "POST", "terminal/heartbeat", body, self->call, on_beaten,
                          g_object_ref (self));
}

/**
 * floe_fleet_start:
 *
 * Begins, with what was kept; "settings" comes at once if that is something.
 */
void
floe_fleet_start (FloeFleet *self)
{
  FloeTerminalSettings *kept;

  g_return_if_fail (self->call == NULL);

  self->call = g_cancellable_new ();
  self->trust = floe_keep_read_trust (self->dir, self->fingerprint);
  if (self->trust == NULL)
    {
      ask_trust (self);
      return;
    }
  kept = floe_terminal_settings_load (self->dir, self->trust);
  if (kept != NULL)
    {
      floe_terminal_settings_free (self->settings);
      self->settings = kept;
      g_signal_emit (self, signals[SIGNAL_SETTINGS], 0);
    }
  fetch (self);
}

/**
 * floe_fleet_stop:
 *
 * Nothing is asked any more; what is under way is given up.
 */
void
floe_fleet_stop (FloeFleet *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->call != NULL)
    g_cancellable_cancel (self->call);
  g_clear_object (&self->call);
}

/**
 * floe_fleet_get_settings:
 *
 * Returns: (transfer none): what the terminal goes by
 */
const FloeTerminalSettings *
floe_fleet_get_settings (FloeFleet *self)
{
  return self->settings;
}

/**
 * floe_fleet_set_monitors:
 * @monitors: what is plugged in, such as "1920x1080"
 */
void
floe_fleet_set_monitors (FloeFleet *self, const gchar *const *monitors)
{
  g_strfreev (self->monitors);
  self->monitors = g_strdupv ((gchar **)monitors);
}

/**
 * floe_fleet_set_problem:
 * @problem: (nullable): what went wrong here last
 */
void
floe_fleet_set_problem (FloeFleet *self, const gchar *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
}

/**
 * floe_fleet_can_unlock:
 *
 * Returns: whether a code could open this terminal
 */
gboolean
floe_fleet_can_unlock (FloeFleet *self)
{
  return self->trust != NULL && g_strcmp0 (self->settings->unlock, "never") != 0;
}

/**
 * floe_fleet_get_unlock:
 *
 * Returns: (transfer none): the challenge and the pause
 */
FloeUnlock *
floe_fleet_get_unlock (FloeFleet *self)
{
  return self->unlock;
}

/**
 * floe_fleet_unlock:
 * @code: as typed
 *
 * Returns: what came of it; the broker is told as soon as it is reached
 */
FloeUnlockOutcome
floe_fleet_unlock (FloeFleet *self, const gchar *code)
{
  FloeUnlockOutcome outcome;

  if (!floe_fleet_can_unlock (self))
    return FLOE_UNLOCK_WRONG;
  outcome = floe_unlock_try (self->unlock, self->trust->secret, code, g_get_real_time ());
  if (outcome == FLOE_UNLOCK_RIGHT)
    tell_used (self);
  return outcome;
}

static void
floe_fleet_dispose (GObject *object)
{
  floe_fleet_stop (FLOE_FLEET (object));
  G_OBJECT_CLASS (floe_fleet_parent_class)->dispose (object);
}

static void
floe_fleet_finalize (GObject *object)
{
  FloeFleet *self = FLOE_FLEET (object);

  g_object_unref (self->broker);
  g_free (self->fingerprint);
  g_free (self->dir);
  floe_trust_free (self->trust);
  floe_terminal_settings_free (self->settings);
  floe_unlock_free (self->unlock);
  g_strfreev (self->monitors);
  g_free (self->problem);
  G_OBJECT_CLASS (floe_fleet_parent_class)->finalize (object);
}

static void
floe_fleet_class_init (FloeFleetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_fleet_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_fleet_finalize;
  signals[SIGNAL_SETTINGS] = g_signal_new ("settings", FLOE_TYPE_FLEET, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_STRANGER] = g_signal_new ("stranger", FLOE_TYPE_FLEET, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_fleet_init (FloeFleet *self)
{
  self->settings = floe_terminal_settings_new ();
  self->next = BEAT_SECONDS;
}

/**
 * floe_fleet_new:
 * @broker: one that shows this terminal's certificate
 * @fingerprint: of that certificate: what was kept with another one is not used
 * @dir: where it keeps what it keeps, see floe_keep_dir()
 *
 * Returns: (transfer full): a fleet's terminal that does nothing yet
 */
FloeFleet *
floe_fleet_new (FloeBroker *broker, const gchar *fingerprint, const gchar *dir)
{
  FloeFleet *self = g_object_new (FLOE_TYPE_FLEET, NULL);

  self->broker = g_object_ref (broker);
  self->fingerprint = g_strdup (fingerprint);
  self->dir = g_strdup (dir);
  self->unlock = floe_unlock_new (dir);
  return self;
}
