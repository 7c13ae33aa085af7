/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-event.h"

#include <glib-unix.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/*
 * libvirt's event loop, on GSources of a private GMainContext with a thread of its own.
 *
 * Not virEventRegisterDefaultImpl(): since libvirt 6.4 that attaches to GLib's default main
 * context, which is the broker's main thread, and virEventRunDefaultImpl() on a thread of one's own
 * would run the broker's own sources there. And not the main thread either: closing a connection
 * waits for an ssh to die, and keepalive must not depend on how busy the broker is. libvirt has one
 * event loop a process, which nothing can take back; hence the file-scope state and a thread that
 * never ends.
 */

typedef struct
{
  gatomicrefcount refs;
  int id;
  int fd;    /* -1: a timer */
  int value; /* conditions of a handle, milliseconds of a timer; a timer below 0 sleeps */
  union
  {
    virEventHandleCallback handle;
    virEventTimeoutCallback timeout;
  } callback;
  void *opaque;
  virFreeCallback opaque_free;
  GSource *source; /* guarded by the lock */
} Entry;

static struct
{
  GMutex lock;
  GMainContext *context;
  GHashTable *entries; /* id -> Entry */
  int last_id;
} loop;

static Entry *
entry_ref (Entry *entry)
{
  g_atomic_ref_count_inc (&entry->refs);
  return entry;
}

static void
entry_unref (gpointer data)
{
  Entry *entry = data;

  if (g_atomic_ref_count_dec (&entry->refs))
    g_free (entry);
}

static GIOCondition
condition_from_virt (int events)
{
  return ((events & VIR_EVENT_HANDLE_READABLE) != 0 ? G_IO_IN : 0)
         | ((events & VIR_EVENT_HANDLE_WRITABLE) != 0 ? G_IO_OUT : 0)
         | ((events & VIR_EVENT_HANDLE_ERROR) != 0 ? G_IO_ERR : 0)
         | ((events & VIR_EVENT_HANDLE_HANGUP) != 0 ? G_IO_HUP : 0);
}

static int
condition_to_virt (GIOCondition condition)
{
  return ((condition & G_IO_IN) != 0 ? VIR_EVENT_HANDLE_READABLE : 0)
         | ((condition & G_IO_OUT) != 0 ? VIR_EVENT_HANDLE_WRITABLE : 0)
         | ((condition & (G_IO_ERR | G_IO_NVAL)) != 0 ? VIR_EVENT_HANDLE_ERROR : 0)
         | ((condition & G_IO_HUP) != 0 ? VIR_EVENT_HANDLE_HANGUP : 0);
}

/* A source may be replaced or removed on another thread between the poll and its dispatch. */
static gboolean
entry_is_current (Entry *entry)
{
  gboolean current;

  g_mutex_lock (&loop.lock);
  current = entry->source == g_main_current_source ();
  g_mutex_unlock (&loop.lock);
  return current;
}

static gboolean
handle_ready (gint fd, GIOCondition condition, gpointer data)
{
  Entry *entry = data;

  if (entry_is_current (entry))
    entry->callback.handle (entry->id, fd, condition_to_virt (condition), entry->opaque);
  return G_SOURCE_CONTINUE;
}

static gboolean
timeout_ready (gpointer data)
{
  Entry *entry = data;

  if (entry_is_current (entry))
    entry->callback.timeout (entry->id, entry->opaque);
  return G_SOURCE_CONTINUE;
}

static void
entry_disarm (Entry *entry)
{
  if (entry->source == NULL)
    return;
  g_source_destroy (entry->source);
  g_clear_pointer (&entry->source, g_source_unref);
}

static void
entry_arm (Entry *entry, int value)
{
  entry_disarm (entry);
  entry->value = value;
  if (entry->fd >= 0 && value != 0)
    {
      entry->source = g_unix_fd_source_new (entry->fd, condition_from_virt (value));
      g_source_set_callback (entry->source, G_SOURCE_FUNC (handle_ready), entry_ref (entry),
                             entry_unref);
    }
  else if (entry->fd < 0 && value >= 0)
    {
      entry->source = g_timeout_source_new ((guint)value);
      g_source_set_callback (entry->source, timeout_ready, entry_ref (entry), entry_unref);
    }
  if (entry->source != NULL)
    g_source_attach (entry->source, loop.context);
}

static int
entry_add (Entry *entry, int value)
{
  int id;

  g_atomic_ref_count_init (&entry->refs);
  g_mutex_lock (&loop.lock);
  id = entry->id = ++loop.last_id;
  g_hash_table_insert (loop.entries, GINT_TO_POINTER (id), entry);
  entry_arm (entry, value);
  g_mutex_unlock (&loop.lock);
  return id;
}

static void
entry_update (int id, int value)
{
  Entry *entry;

  g_mutex_lock (&loop.lock);
  entry = g_hash_table_lookup (loop.entries, GINT_TO_POINTER (id));
  if (entry != NULL && (entry->fd < 0 || entry->value != value))
    entry_arm (entry, value);
  g_mutex_unlock (&loop.lock);
}

static gboolean
entry_free_opaque (gpointer data)
{
  Entry *entry = data;

  if (entry->opaque_free != NULL)
    entry->opaque_free (entry->opaque);
  return G_SOURCE_REMOVE;
}

/* libvirt holds locks while it removes, and its callback may be running: what it gave is freed
 * later, by the loop. */
static int
entry_remove (int id)
{
  GSource *later;
  Entry *entry;

  g_mutex_lock (&loop.lock);
  entry = g_hash_table_lookup (loop.entries, GINT_TO_POINTER (id));
  if (entry != NULL)
    {
      g_hash_table_remove (loop.entries, GINT_TO_POINTER (id));
      entry_disarm (entry);
    }
  g_mutex_unlock (&loop.lock);
  if (entry == NULL)
    return -1;
  later = g_idle_source_new ();
  g_source_set_priority (later, G_PRIORITY_DEFAULT);
  g_source_set_callback (later, entry_free_opaque, entry, entry_unref);
  g_source_attach (later, loop.context);
  g_source_unref (later);
  return 0;
}

static int
add_handle (int fd, int events, virEventHandleCallback callback, void *opaque, virFreeCallback ff)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->fd = fd;
  entry->callback.handle = callback;
  entry->opaque = opaque;
  entry->opaque_free = ff;
  return entry_add (entry, events);
}

static int
add_timeout (int interval, virEventTimeoutCallback callback, void *opaque, virFreeCallback ff)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->fd = -1;
  entry->callback.timeout = callback;
  entry->opaque = opaque;
  entry->opaque_free = ff;
  return entry_add (entry, interval);
}

static gpointer
run_loop (gpointer data)
{
  GMainContext *context = data;

  g_main_context_push_thread_default (context);
  for (;;)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

/* Without this libvirt prints every error to stderr; we log what we handle. */
static void
ignore_error (void *data, virErrorPtr error)
{
}

/**
 * floe_libvirt_event_register:
 *
 * Makes libvirt ready for this process, with an event loop on a thread of its own. Must come before
 * the first connection is opened; more calls do nothing. Callbacks of libvirt run on that thread.
 */
void
floe_libvirt_event_register (void)
{
  static gsize once;

  if (!g_once_init_enter (&once))
    return;
  g_mutex_init (&loop.lock);
  loop.context = g_main_context_new ();
  loop.entries = g_hash_table_new (NULL, NULL);
  virSetErrorFunc (NULL, ignore_error);
  virEventRegisterImpl (add_handle, entry_update, entry_remove, add_timeout, entry_update,
                        entry_remove);
  if (virInitialize () < 0)
    g_critical ("libvirt does not initialise: %s", virGetLastErrorMessage ());
  g_thread_unref (g_thread_new ("floe-libvirt", run_loop, loop.context));
  g_once_init_leave (&once, 1);
}

typedef struct
{
  GMutex lock;
  GCond passed;
  gboolean done;
} Barrier;

static gboolean
barrier_pass (gpointer data)
{
  Barrier *barrier = data;

  g_mutex_lock (&barrier->lock);
  barrier->done = TRUE;
  g_cond_signal (&barrier->passed);
  g_mutex_unlock (&barrier->lock);
  return G_SOURCE_REMOVE;
}

/**
 * floe_libvirt_event_flush:
 *
 * Waits until the callback that libvirt's event thread is in, if it is in one, has returned. Not
 * for the main thread, nor for the event thread itself.
 */
void
floe_libvirt_event_flush (void)
{
  GSource *source = g_idle_source_new ();
  Barrier barrier = { .done = FALSE };

  g_mutex_init (&barrier.lock);
  g_cond_init (&barrier.passed);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, barrier_pass, &barrier, NULL);
  g_source_attach (source, loop.context);
  g_source_unref (source);
  g_mutex_lock (&barrier.lock);
  while (!barrier.done)
    g_cond_wait (&barrier.passed, &barrier.lock);
  g_mutex_unlock (&barrier.lock);
  g_mutex_clear (&barrier.lock);
  g_cond_clear (&barrier.passed);
}
