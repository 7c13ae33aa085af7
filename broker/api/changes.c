/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/changes.h"

#include <string.h>

#include "api/json-write.h"

/* What is changed within this is told together. */
#define TELL_AFTER (100 * 1000)
/* So many desktops are named; more are "all". */
#define MAX_NAMED 200
/* So many tellings are kept. */
#define MAX_KEPT 256

struct _FloeChanges
{
  FloeKeeper *keeper;
  FloeClock *clock;
  gchar *instance;     /* of this broker's run: what another one told is not known here */
  GHashTable *pending; /* id to Changed */
  gboolean pending_pools;
  gboolean pending_all;
  guint tell;
  gint64 seq;           /* of the last telling */
  GQueue told;          /* Telling, the oldest first */
  GPtrArray *listeners; /* Listener */
};

typedef struct
{
  gchar *id;
  gchar *pool;
} Changed;

typedef struct
{
  gint64 seq;
  GPtrArray *desktops; /* Changed */
  gboolean pools;      /* pools and hosts */
  gboolean all;
} Telling;

typedef struct
{
  FloeChanges *changes;
  FloeSse *sse;
  gboolean everything;
  GStrv pools; /* or NULL: what they see unless @everything */
} Listener;

static void
changed_free (gpointer data)
{
  Changed *changed = data;

  g_free (changed->id);
  g_free (changed->pool);
  g_free (changed);
}

static void
telling_free (gpointer data)
{
  Telling *telling = data;

  g_ptr_array_unref (telling->desktops);
  g_free (telling);
}

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  g_object_unref (listener->sse);
  g_strfreev (listener->pools);
  g_free (listener);
}

/* Telling. */

static gboolean
sees (const Listener *listener, const Changed *changed)
{
  return listener->everything
         || (listener->pools != NULL
             && g_strv_contains ((const gchar *const *)listener->pools, changed->pool));
}

/* encode: NULL when nothing of it is theirs */
static FloeSecret *
encode (const Telling *telling, const Listener *listener)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  gboolean any = telling->pools || telling->all;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_begin_array (writer, "desktops");
  for (guint i = 0; i < telling->desktops->len; i++)
    {
      const Changed *changed = telling->desktops->pdata[i];

      if (!sees (listener, changed))
        continue;
      any = TRUE;
      floe_json_writer_begin_object (writer, NULL);
      floe_json_writer_string (writer, "id", changed->id);
      floe_json_writer_string (writer, "pool", changed->pool);
      floe_json_writer_end_object (writer);
    }
  floe_json_writer_end_array (writer);
  floe_json_writer_bool (writer, "pools", telling->pools);
  floe_json_writer_bool (writer, "all", telling->all);
  floe_json_writer_end_object (writer);
  return any ? floe_json_writer_finish (writer) : NULL;
}

static void
send (const Listener *listener, const gchar *event, gint64 seq, const FloeSecret *data)
{
  g_autofree gchar *id = g_strdup_printf ("%s-%" G_GINT64_FORMAT, listener->changes->instance, seq);

  floe_sse_send_numbered (listener->sse, event, id, data);
}

static void
send_telling (const Listener *listener, const Telling *telling, FloeSecret **common)
{
  g_autoptr (FloeSecret) own = NULL;

  if (!listener->everything)
    own = encode (telling, listener);
  else if (*common == NULL)
    *common = encode (telling, listener);
  if (listener->everything || own != NULL)
    send (listener, "changes", telling->seq, own != NULL ? own : *common);
}

static Telling *
take_pending (FloeChanges *self)
{
  Telling *telling = g_new0 (Telling, 1);
  GHashTableIter iter;
  gpointer changed;

  telling->seq = ++self->seq;
  telling->pools = self->pending_pools;
  telling->all = self->pending_all;
  telling->desktops = g_ptr_array_new_with_free_func (changed_free);
  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, NULL, &changed))
    {
      g_ptr_array_add (telling->desktops, changed);
      g_hash_table_iter_steal (&iter);
    }
  self->pending_pools = self->pending_all = FALSE;
  return telling;
}

static gboolean
tell_due (gpointer data)
{
  FloeChanges *self = data;
  Telling *telling = take_pending (self);
  g_autoptr (FloeSecret) common = NULL;

  self->tell = 0;
  g_queue_push_tail (&self->told, telling);
  if (self->told.length > MAX_KEPT)
    telling_free (g_queue_pop_head (&self->told));
  /* Whoever is found to be gone leaves the list; the last ones first, so that none is missed. */
  for (guint i = self->listeners->len; i > 0; i--)
    if (i <= self->listeners->len)
      send_telling (self->listeners->pdata[i - 1], telling, &common);
  return G_SOURCE_REMOVE;
}

static void
tell_soon (FloeChanges *self)
{
  if (self->tell == 0)
    self->tell = floe_clock_add_timeout (self->clock, TELL_AFTER, tell_due, self, NULL);
}

/* What changes. */

static void
on_desktop_changed (FloeKeeper *keeper, const FloeDesktop *desktop, FloeChanges *self)
{
  Changed *changed;

  tell_soon (self);
  if (self->pending_all)
    return;
  if (g_hash_table_size (self->pending) >= MAX_NAMED)
    {
      self->pending_all = TRUE;
      g_hash_table_remove_all (self->pending);
      return;
    }
  changed = g_new (Changed, 1);
  changed->id = g_strdup (desktop->id);
  changed->pool = g_strdup (desktop->pool);
  g_hash_table_replace (self->pending, changed->id, changed);
}

static void
on_pools_changed (FloeKeeper *keeper, FloeChanges *self)
{
  self->pending_pools = TRUE;
  tell_soon (self);
}

/* Who listens. */

static void
on_ended (FloeSse *sse, gpointer data)
{
  Listener *listener = data;

  g_signal_handlers_disconnect_by_data (sse, listener);
  g_ptr_array_remove_fast (listener->changes->listeners, listener);
}

/* find_place: what was told last to whoever comes back; -1 when that is not known here */
static gint64
find_place (FloeChanges *self, const gchar *last)
{
  gsize n = strlen (self->instance);
  const Telling *oldest = g_queue_peek_head (&self->told);
  gint64 seq;

  if (strncmp (last, self->instance, n) != 0 || last[n] != '-')
    return -1;
  seq = g_ascii_strtoll (last + n + 1, NULL, 10);
  return seq > self->seq || (oldest != NULL && seq < oldest->seq - 1) ? -1 : seq;
}

/**
 * floe_changes_listen:
 * @sse: (transfer full): a stream that has just begun
 * @identity: whose
 * @last: (nullable): what the stream before this one was told last: "Last-Event-ID"
 *
 * Tells what was missed, or that this is not known ("reset"), then that all is told ("ready"), and
 * goes on with what changes.
 */
void
floe_changes_listen (FloeChanges *self, FloeSse *sse, const FloeIdentity *identity,
                     const gchar *last)
{
  g_autoptr (FloeSecret) nothing = floe_secret_new ("{}", -1);
  gint64 place = last != NULL ? find_place (self, last) : self->seq;
  Listener *listener = g_new0 (Listener, 1);

  listener->changes = self;
  listener->sse = sse;
  listener->everything = (identity->roles & floe_permission_get_roles (FLOE_MAY_SEE_POOLS)) != 0;
  listener->pools = g_strdupv (identity->pools);
  g_ptr_array_add (self->listeners, listener);
  g_signal_connect (sse, "ended", G_CALLBACK (on_ended), listener);
  g_object_ref (sse);
  if (place < 0)
    send (listener, "reset", self->seq, nothing);
  for (const GList *each = self->told.head; each != NULL && place >= 0; each = each->next)
    {
      g_autoptr (FloeSecret) text = NULL;

      if (((const Telling *)each->data)->seq > place && !floe_sse_has_ended (sse))
        send_telling (listener, each->data, &text);
    }
  if (!floe_sse_has_ended (sse))
    send (listener, "ready", self->seq, nothing);
  g_object_unref (sse);
}

/**
 * floe_changes_new:
 * @keeper: what tells of changes here and at other brokers
 *
 * Returns: (transfer full): nobody listens to it yet
 */
FloeChanges *
floe_changes_new (FloeKeeper *keeper, FloeClock *clock)
{
  FloeChanges *self = g_new0 (FloeChanges, 1);

  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  self->instance = g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, changed_free);
  self->listeners = g_ptr_array_new_with_free_func (listener_free);
  g_queue_init (&self->told);
  g_signal_connect (keeper, "desktop-changed", G_CALLBACK (on_desktop_changed), self);
  g_signal_connect (keeper, "pools-changed", G_CALLBACK (on_pools_changed), self);
  return self;
}

void
floe_changes_free (FloeChanges *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->keeper, self);
  floe_clock_clear_timeout (self->clock, &self->tell);
  for (guint i = 0; i < self->listeners->len; i++)
    {
      Listener *listener = self->listeners->pdata[i];

      g_signal_handlers_disconnect_by_data (listener->sse, listener);
    }
  g_ptr_array_unref (self->listeners);
  g_queue_clear_full (&self->told, telling_free);
  g_hash_table_unref (self->pending);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  g_free (self->instance);
  g_free (self);
}
