/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/routes-parts.h"

/*
 * The stream of a person's desktops. It begins with those that they hold, so that who connects
 * again has missed nothing, and tells of each change of one that they hold, and of the change by
 * which they hold it no longer. What becomes of it afterwards is the business of others. Behind a
 * desktop comes what the helpdesk told whoever sits at it.
 */
typedef struct
{
  gatomicrefcount refs; /* of the stream, and of the list that is under way */
  FloeSse *sse;
  FloeKeeper *keeper;
  FloeSessions *sessions;
  gchar *user_id;
  GHashTable *held; /* ids */
  GHashTable *told; /* ids that changed before the list came, which is older news */
  GHashTable *said; /* ids of messages */
  gchar *shadow;    /* what was said last of who looks at a screen, or NULL */
  GQueue waiting;   /* FloeDesktop; of the first it is being looked up what is to come */
} DesktopEvents;

static void
desktop_events_unref (DesktopEvents *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_object_unref (self->sse);
  g_object_unref (self->keeper);
  g_object_unref (self->sessions);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)floe_desktop_free);
  g_free (self->user_id);
  g_hash_table_unref (self->held);
  g_hash_table_unref (self->told);
  g_hash_table_unref (self->said);
  g_free (self->shadow);
  g_free (self);
}

static void
send_first (DesktopEvents *self, const FloeOutlook *outlook)
{
  g_autoptr (FloeDesktop) desktop = g_queue_pop_head (&self->waiting);
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (FloeSecret) text = NULL;

  floe_body_write_open_desktop (writer, NULL, desktop, self->user_id, outlook);
  text = floe_json_writer_finish (writer);
  if (!floe_sse_has_ended (self->sse))
    floe_sse_send (self->sse, "desktop", text);
}

/* A client that connects again is told again, and knows them by their ids. */
static void
send_messages (DesktopEvents *self, const FloeOutlook *outlook)
{
  for (guint i = 0; outlook != NULL && i < outlook->messages->len; i++)
    {
      const FloeMessage *message = outlook->messages->pdata[i];
      g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
      g_autoptr (FloeSecret) text = NULL;

      if (!g_hash_table_add (self->said, g_strdup (message->id)))
        continue;
      floe_body_write_message (writer, NULL, message);
      text = floe_json_writer_finish (writer);
      if (!floe_sse_has_ended (self->sse))
        floe_sse_send (self->sse, "message", text);
    }
}

/* Who looks, or asks to: whenever that is another than before. */
static void
send_shadow (DesktopEvents *self, const FloeOutlook *outlook)
{
  const FloeShadow *shadow = outlook != NULL ? outlook->shadow : NULL;
  g_autoptr (FloeJsonWriter) writer = NULL;
  g_autoptr (FloeSecret) text = NULL;
  g_autofree gchar *news = NULL;

  if (shadow == NULL)
    return;
  news = g_strdup_printf ("%s %s %s", shadow->id, floe_shadow_state_name (shadow->state),
                          floe_shadow_control_name (shadow->control));
  if (g_strcmp0 (news, self->shadow) == 0)
    return;
  g_free (self->shadow);
  self->shadow = g_steal_pointer (&news);
  writer = floe_json_writer_new ();
  floe_body_write_told_shadow (writer, NULL, shadow);
  text = floe_json_writer_finish (writer);
  if (!floe_sse_has_ended (self->sse))
    floe_sse_send (self->sse, "shadow", text);
}

static void send_waiting (DesktopEvents *self);

static void
on_event_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  DesktopEvents *self = data;
  g_autoptr (FloeOutlook) outlook =
      floe_sessions_look_finish (FLOE_SESSIONS (source), result, NULL);

  send_first (self, outlook);
  send_messages (self, outlook);
  send_shadow (self, outlook);
  send_waiting (self);
  desktop_events_unref (self);
}

/* In their order, though of some it has to be looked up first what is to come. */
static void
send_waiting (DesktopEvents *self)
{
  const FloeDesktop *desktop;

  while ((desktop = g_queue_peek_head (&self->waiting)) != NULL
         && (!floe_desktop_is_held_by (desktop, self->user_id)
             || desktop->facts.console != FLOE_CONSOLE_CONNECTED))
    send_first (self, NULL);
  if (desktop == NULL)
    return;
  g_atomic_ref_count_inc (&self->refs);
  floe_sessions_look_async (self->sessions, desktop, NULL, on_event_looked, self);
}

static void
send_desktop (DesktopEvents *self, const FloeDesktop *desktop)
{
  g_queue_push_tail (&self->waiting, floe_desktop_copy (desktop));
  if (self->waiting.length > 1)
    return;
  g_atomic_ref_count_inc (&self->refs); /* sending may find the peer gone */
  send_waiting (self);
  desktop_events_unref (self);
}

static void
on_desktop_changed (FloeKeeper *keeper, const FloeDesktop *desktop, gpointer data)
{
  DesktopEvents *self = data;
  gboolean is_held = floe_desktop_is_held_by (desktop, self->user_id);
  gboolean was_held = g_hash_table_contains (self->held, desktop->id);

  if (!is_held && !was_held)
    return;
  g_hash_table_add (self->told, g_strdup (desktop->id));
  if (is_held)
    g_hash_table_add (self->held, g_strdup (desktop->id));
  else
    g_hash_table_remove (self->held, desktop->id);
  send_desktop (self, desktop);
}

static void
send_held (DesktopEvents *self, GPtrArray *desktops)
{
  for (guint i = 0; i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];

      if (g_hash_table_contains (self->told, desktop->id))
        continue;
      g_hash_table_add (self->held, g_strdup (desktop->id));
      send_desktop (self, desktop);
    }
}

static void
on_desktops_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  DesktopEvents *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) views =
      floe_assigner_list_pools_finish (FLOE_ASSIGNER (source), result, &error);

  if (views == NULL)
    {
      /* The client connects again, and then it may be there. */
      g_info ("cannot list desktops for an event stream: %s", error->message);
      floe_sse_end (self->sse);
    }
  for (guint i = 0; views != NULL && i < views->len; i++)
    send_held (self, ((FloePoolView *)views->pdata[i])->desktops);
  desktop_events_unref (self);
}

static void
on_desktop_events_ended (FloeSse *sse, gpointer data)
{
  DesktopEvents *self = data;

  g_signal_handlers_disconnect_by_data (self->keeper, self);
  desktop_events_unref (self);
}

/* GET /events */
void
floe_route_events (FloeExchange *exchange, gpointer api)
{
  const FloeApiParts *parts = floe_api_get_parts (api);
  const FloeIdentity *identity = floe_exchange_get_identity (exchange);
  FloeSse *sse = floe_api_open_stream (api, exchange);
  DesktopEvents *self;

  if (sse == NULL)
    return;
  self = g_new0 (DesktopEvents, 1);
  g_atomic_ref_count_init (&self->refs);
  self->sse = sse;
  self->keeper = g_object_ref (parts->keeper);
  self->sessions = g_object_ref (parts->sessions);
  g_queue_init (&self->waiting);
  self->user_id = g_strdup (identity->user->id);
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_signal_connect (sse, "ended", G_CALLBACK (on_desktop_events_ended), self);
  g_signal_connect (parts->keeper, "desktop-changed", G_CALLBACK (on_desktop_changed), self);
  g_atomic_ref_count_inc (&self->refs);
  floe_assigner_list_pools_async (parts->assigner, identity,
                                  floe_exchange_get_cancellable (exchange), on_desktops_listed,
                                  self);
}
