/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/spice-session.h"

#include <stdlib.h>

#include "session-fake.h"
#include "spice-storm.h"

/* Seeds of a run, one of which is a server; FLOE_FUZZ_SEEDS says how many, FLOE_FUZZ_FIRST where to
 * begin. */
#define SEEDS    16
#define MESSAGES 120

/* No session lasts longer: what does not end by itself is ended. */
#define LONG_ENOUGH_MS 300

static FloeLogTap *tap;

#ifdef __SANITIZE_ADDRESS__
/* The library leaves behind what it had in hand when a message breaks off. That they are its own
 * only a full unwinding shows, since GLib has no frame pointers. */
const char *__asan_default_options (void);
const char *__lsan_default_suppressions (void);

const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}

const char *
__lsan_default_suppressions (void)
{
  return "leak:libspice-client-glib";
}
#endif

typedef struct
{
  guint n_ended;
  FloeEndCause cause;
  gboolean late;
} Heard;

static guint32
number_from (const gchar *name, guint32 otherwise)
{
  const gchar *text = g_getenv (name);

  return text != NULL ? (guint32)strtoul (text, NULL, 10) : otherwise;
}

static void
on_ended (FloeSession *session, guint cause, const gchar *detail, Heard *heard)
{
  g_assert_nonnull (detail);
  heard->n_ended++;
  heard->cause = cause;
}

static gboolean
on_late (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The library ends its own part from idle sources; where it has lost its way it never comes to
 * that, and keeps a session that nobody uses. Returns whether it ended. */
static gboolean
drop (FloeSession *session)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  GObject *left = NULL;
  GWeakRef spice;

  g_weak_ref_init (&spice, floe_session_get_spice (session));
  g_assert_finalize_object (session);
  while ((left = g_weak_ref_get (&spice)) != NULL && g_get_monotonic_time () < end)
    {
      g_clear_object (&left);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
  g_weak_ref_clear (&spice);
  if (left == NULL)
    return TRUE;
  g_object_unref (left);
  return FALSE;
}

/* However a session goes, it ends once, and with a reason. */
static FloeEndCause
live_through (FakeSpice *fake, guint *n_left)
{
  FloeConnection *connection = fake_spice_connection (fake, FALSE);
  FloeSession *session = floe_spice_session_new (connection, tap);
  Heard heard = { 0 };
  guint timer = g_timeout_add (LONG_ENOUGH_MS, on_late, &heard.late);

  floe_connection_free (connection);
  g_signal_connect (session, "ended", G_CALLBACK (on_ended), &heard);
  floe_session_start (session);
  while (heard.n_ended == 0 && !heard.late)
    g_main_context_iteration (NULL, TRUE);
  if (heard.late)
    floe_session_end (session);
  else
    g_source_remove (timer);
  while (heard.n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (heard.n_ended, ==, 1);
  g_assert_cmpint (heard.cause, !=, FLOE_END_NONE);
  *n_left += !drop (session);
  return heard.cause;
}

static void
assert_usable (void)
{
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  FloeConnection *connection = fake_spice_connection (fake, FALSE);
  FloeSession *session = floe_spice_session_new (connection, tap);

  floe_connection_free (connection);
  floe_session_start (session);
  while (floe_session_get_state (session) < FLOE_SESSION_PICTURE)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (floe_session_get_cause (session), ==, FLOE_END_NONE);
  g_assert_true (drop (session));
}

static void
test_storm (void)
{
  guint32 first = number_from ("FLOE_FUZZ_FIRST", 1);
  guint32 seeds = number_from ("FLOE_FUZZ_SEEDS", SEEDS);
  guint causes[FLOE_END_LAST + 1] = { 0 };
  guint n_left = 0;

  for (guint32 seed = first; seed < first + seeds; seed++)
    {
      SpiceStorm storm = { seed, MESSAGES, number_from ("FLOE_FUZZ_DEADLY", 0) != 0,
                           (guint16)number_from ("FLOE_FUZZ_ONLY", 0) };
      g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_TALKS, NULL);

      g_test_message ("seed %u", seed);
      fake_spice_set_talk (fake, spice_storm_talk, &storm);
      causes[live_through (fake, &n_left)]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    if (causes[i] > 0)
      g_test_message ("%s: %u", floe_end_cause_to_string (i), causes[i]);
  g_test_message ("%u sessions of the library did not end", n_left);
  assert_usable ();
}

int
main (int argc, char **argv)
{
  gint status;

  g_setenv ("SPICE_GST_AUDIOSINK", "fakesink", TRUE);
  g_test_init (&argc, &argv, NULL);
  /* The library complains of nearly all that it hears here, and that must not end the program. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  tap = floe_log_tap_new ();
  g_log_set_writer_func (floe_log_tap_write, tap, NULL);
  g_test_add_func ("/session-hostile/storm", test_storm);
  status = g_test_run ();
  floe_log_tap_unref (tap);
  return status;
}
