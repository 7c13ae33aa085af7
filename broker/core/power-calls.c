/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/power-calls.h"

#include "core/start-line.h"

struct _FloePowerCalls
{
  GObject parent_instance;

  FloeManager *manager;
  FloeStartLine *line;
  GHashTable *in_flight; /* calls under way: "+id" and "-id" */
  GHashTable *doubted;   /* ids of desktops that were seen off while they are being started */
  gboolean closed;
};

typedef struct
{
  FloePowerCalls *calls;
  gchar *desktop_id;
  gchar *host;
  gchar *key;
  gboolean on;
} Call;

enum
{
  ANSWERED,
  LINE_MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePowerCalls, floe_power_calls, G_TYPE_OBJECT)

static void run_line (FloePowerCalls *self, const gchar *host);

static void
call_free (Call *call)
{
  g_object_unref (call->calls);
  g_free (call->desktop_id);
  g_free (call->host);
  g_free (call->key);
  g_free (call);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  FloePowerCalls *self = call->calls;
  g_autoptr (GError) error = NULL;

  floe_manager_power_finish (FLOE_MANAGER (source), result, &error);
  g_hash_table_remove (self->in_flight, call->key);
  if (call->on)
    floe_start_line_started (self->line, call->host);
  g_signal_emit (self, signals[ANSWERED], 0, call->desktop_id, call->on, error);
  if (call->on && g_hash_table_remove (self->doubted, call->desktop_id))
    floe_manager_refresh (self->manager, call->host);
  if (call->on)
    run_line (self, call->host);
  call_free (call);
}

static gchar *
make_key (const gchar *desktop_id, gboolean on)
{
  return g_strconcat (on ? "+" : "-", desktop_id, NULL);
}

static void
run (FloePowerCalls *self, const gchar *host, const gchar *desktop_id, gboolean on,
     const gchar *request)
{
  g_autofree gchar *key = make_key (desktop_id, on);
  Call *call;

  if (!g_hash_table_add (self->in_flight, g_strdup (key)))
    return; /* a listing asked for what is under way already */
  call = g_new0 (Call, 1);
  call->calls = g_object_ref (self);
  call->desktop_id = g_strdup (desktop_id);
  call->host = g_strdup (host);
  call->key = g_steal_pointer (&key);
  call->on = on;
  if (on)
    floe_manager_power_on_async (self->manager, host, desktop_id, NULL, answered, call);
  else
    floe_manager_power_off_async (self->manager, host, desktop_id, request, NULL, answered, call);
}

static void
run_line (FloePowerCalls *self, const gchar *host)
{
  gchar *desktop_id;
  gboolean moved = FALSE;

  while (!self->closed && (desktop_id = floe_start_line_next (self->line, host)) != NULL)
    {
      run (self, host, desktop_id, TRUE, NULL);
      g_free (desktop_id);
      moved = TRUE;
    }
  if (moved)
    g_signal_emit (self, signals[LINE_MOVED], 0);
}

static gboolean
is_starting (FloePowerCalls *self, const gchar *desktop_id)
{
  g_autofree gchar *key = make_key (desktop_id, TRUE);

  return g_hash_table_contains (self->in_flight, key);
}

/**
 * floe_power_calls_switch_on:
 * @host: where it is
 * @desktop_id: what is to be started, when its turn in its host's line comes; does nothing while it
 *   stands in the line or is being started
 */
void
floe_power_calls_switch_on (FloePowerCalls *self, const gchar *host, const gchar *desktop_id)
{
  if (!self->closed && !is_starting (self, desktop_id)
      && floe_start_line_add (self->line, host, desktop_id))
    run_line (self, host);
}

/**
 * floe_power_calls_switch_off:
 * @host: where it is
 * @desktop_id: what is to be stopped at once; does nothing while it is being stopped
 * @request: (nullable): the id of the request that it is done for
 */
void
floe_power_calls_switch_off (FloePowerCalls *self, const gchar *host, const gchar *desktop_id,
                             const gchar *request)
{
  if (!self->closed)
    run (self, host, desktop_id, FALSE, request);
}

/**
 * floe_power_calls_give_up_start:
 *
 * Takes a desktop out of its line, if it stands in one. A start that is under way goes on.
 */
void
floe_power_calls_give_up_start (FloePowerCalls *self, const gchar *desktop_id)
{
  if (floe_start_line_remove (self->line, desktop_id))
    g_signal_emit (self, signals[LINE_MOVED], 0);
}

/**
 * floe_power_calls_doubt:
 * @domain: as the manager saw it; its power becomes unknown if the look is not to be believed
 *
 * A look from before a start that is under way took effect says "off", which would end a reset that
 * came in between. The start's own answer tells, and then the host is asked again.
 */
void
floe_power_calls_doubt (FloePowerCalls *self, FloeDomain *domain)
{
  if ((domain->power != FLOE_POWER_OFF && domain->power != FLOE_POWER_CRASHED)
      || !is_starting (self, domain->id))
    return;
  domain->power = FLOE_POWER_UNKNOWN;
  g_hash_table_add (self->doubted, g_strdup (domain->id));
}

/**
 * floe_power_calls_get_place:
 *
 * Returns: see floe_start_line_get_place()
 */
guint
floe_power_calls_get_place (FloePowerCalls *self, const gchar *desktop_id)
{
  return floe_start_line_get_place (self->line, desktop_id);
}

/**
 * floe_power_calls_count_starts:
 *
 * Returns: see floe_start_line_count()
 */
guint
floe_power_calls_count_starts (FloePowerCalls *self, const gchar *host)
{
  return floe_start_line_count (self->line, host);
}

guint
floe_power_calls_get_line_length (FloePowerCalls *self, const gchar *host)
{
  return floe_start_line_get_length (self->line, host);
}

void
floe_power_calls_set_starts_at_once (FloePowerCalls *self, const gchar *host, guint n)
{
  floe_start_line_set_limit (self->line, host, n);
}

/**
 * floe_power_calls_open:
 *
 * Goes on after floe_power_calls_close().
 */
void
floe_power_calls_open (FloePowerCalls *self)
{
  self->closed = FALSE;
}

/**
 * floe_power_calls_close:
 *
 * Begins nothing more, and forgets who stands in line: whoever goes on finds them in the store.
 * Calls that are under way still answer.
 */
void
floe_power_calls_close (FloePowerCalls *self)
{
  self->closed = TRUE;
  floe_start_line_clear (self->line);
}

static void
floe_power_calls_finalize (GObject *object)
{
  FloePowerCalls *self = FLOE_POWER_CALLS (object);

  floe_start_line_free (self->line);
  g_hash_table_unref (self->in_flight);
  g_hash_table_unref (self->doubted);
  g_object_unref (self->manager);
  G_OBJECT_CLASS (floe_power_calls_parent_class)->finalize (object);
}

static void
floe_power_calls_class_init (FloePowerCallsClass *klass)
{
  const GType plain = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  G_OBJECT_CLASS (klass)->finalize = floe_power_calls_finalize;
  signals[ANSWERED] =
      g_signal_new ("answered", FLOE_TYPE_POWER_CALLS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, plain, G_TYPE_BOOLEAN, G_TYPE_POINTER);
  signals[LINE_MOVED] = g_signal_new ("line-moved", FLOE_TYPE_POWER_CALLS, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_power_calls_init (FloePowerCalls *self)
{
  self->line = floe_start_line_new ();
  self->in_flight = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->doubted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * floe_power_calls_new:
 * @manager: where the desktops run
 *
 * Returns: (transfer full): nothing is under way
 */
FloePowerCalls *
floe_power_calls_new (FloeManager *manager)
{
  FloePowerCalls *self = g_object_new (FLOE_TYPE_POWER_CALLS, NULL);

  self->manager = g_object_ref (manager);
  return self;
}
