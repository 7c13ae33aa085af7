/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <spice/vd_agent.h>

#include "session-agent-fake.h"
#include "session-fake.h"
#include "session/guest-screens.h"
#include "session/spice-session.h"

/* A session that shows its first picture, whose guest has an agent. */
typedef struct
{
  FakeSpice *fake;
  FakeAgent *agent;
  FloeSession *session;
  FloeGuestScreens *screens;
  guint n_changed;
} Fixture;

static void
on_changed (Fixture *f)
{
  f->n_changed++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeConnection) connection = NULL;

  f->fake = fake_spice_new (FAKE_SPICE_AGENT, NULL);
  f->agent = fake_spice_get_agent (f->fake);
  connection = fake_spice_connection (f->fake, FALSE);
  f->session = floe_spice_session_new (connection, NULL);
  floe_session_set_reduced_effects (f->session, GPOINTER_TO_INT (data));
  f->screens = floe_guest_screens_new (floe_session_get_spice (f->session));
  g_signal_connect_swapped (f->screens, "changed", G_CALLBACK (on_changed), f);
  floe_session_start (f->session);
  while (floe_session_get_state (f->session) != FLOE_SESSION_PICTURE
         || floe_guest_screens_get_most (f->screens) == 1)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  floe_session_end (f->session);
  while (floe_session_get_state (f->session) != FLOE_SESSION_ENDED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (f->screens);
  g_object_unref (f->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  fake_spice_free (f->fake);
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* What the agent hears, it hears on another thread. */
static void
wait_for_screens (Fixture *f, const gchar *wanted, guint n_asked)
{
  guint tick = g_timeout_add (10, on_tick, NULL);

  for (;;)
    {
      g_autofree gchar *screens = fake_agent_dup_screens (f->agent);

      if (g_str_equal (screens, wanted) && fake_agent_n_asked (f->agent) >= n_asked)
        break;
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

static void
ask_for_two (Fixture *f)
{
  const FloeGuestScreen two[] = { { 0, 56, 1280, 1024, 338, 270 }, { 1280, 0, 1920, 1080, 0, 0 } };
  g_autoptr (GArray) screens = g_array_new (FALSE, FALSE, sizeof (FloeGuestScreen));

  g_array_append_vals (screens, two, G_N_ELEMENTS (two));
  floe_guest_screens_ask (f->screens, screens);
}

static void
wait_for_second (Fixture *f, gboolean there)
{
  guint channel_id, monitor_id;

  while (floe_guest_screens_find (f->screens, 1, &channel_id, &monitor_id) != there)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (channel_id, ==, 0);
  g_assert_cmpuint (monitor_id, ==, 1);
}

/* They come where they were asked for, and the second one goes again. */
static void
test_ask (Fixture *f, gconstpointer data)
{
  guint channel_id, monitor_id, before = f->n_changed;

  g_assert_true (floe_guest_screens_has_agent (f->screens));
  g_assert_cmpuint (floe_guest_screens_get_most (f->screens), ==, FAKE_AGENT_MOST);
  g_assert_true (floe_guest_screens_find (f->screens, 0, &channel_id, &monitor_id));
  g_assert_false (floe_guest_screens_find (f->screens, 1, &channel_id, &monitor_id));
  ask_for_two (f);
  wait_for_screens (f, "1280x1024+0+56 1920x1080+1280+0", 1);
  wait_for_second (f, TRUE);
  g_assert_cmpuint (f->n_changed, >, before);
  floe_guest_screens_ask (f->screens, NULL);
  wait_for_screens (f, "1280x1024+0+0", 2);
  wait_for_second (f, FALSE);
}

static void
test_agent_comes_again (Fixture *f, gconstpointer data)
{
  ask_for_two (f);
  wait_for_screens (f, "1280x1024+0+56 1920x1080+1280+0", 1);
  fake_agent_restart (f->agent);
  wait_for_screens (f, "1280x1024+0+56 1920x1080+1280+0", 2);
}

/* What is only pleasant is left out on a slow connection. */
static void
test_reduced_effects (Fixture *f, gconstpointer data)
{
  const guint32 wanted = VD_AGENT_DISPLAY_CONFIG_FLAG_DISABLE_WALLPAPER
                         | VD_AGENT_DISPLAY_CONFIG_FLAG_DISABLE_ANIMATION;
  guint tick = g_timeout_add (10, on_tick, NULL);

  while (fake_agent_get_left_out (f->agent) != wanted)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/guest-screens/ask", Fixture, NULL, set_up, test_ask, tear_down);
  g_test_add ("/guest-screens/agent-comes-again", Fixture, NULL, set_up, test_agent_comes_again,
              tear_down);
  g_test_add ("/guest-screens/reduced-effects", Fixture, GINT_TO_POINTER (TRUE), set_up,
              test_reduced_effects, tear_down);
  return g_test_run ();
}
