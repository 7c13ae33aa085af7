/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <netinet/tcp.h>

#include "session-fake.h"
#include "session/quality-meter.h"
#include "session/spice-session.h"

#define MS 1000

static const FloeQualitySample quiet = { .n_sockets = 3, .rtt_us = 2 * MS };

static void
test_judge (void)
{
  static const struct
  {
    FloeQualitySample now;
    FloeQuality quality;
  } rows[] = {
    { { .n_sockets = 0 }, FLOE_QUALITY_UNKNOWN },
    { { .n_sockets = 1, .rtt_us = 0 }, FLOE_QUALITY_GOOD },
    { { .n_sockets = 1, .rtt_us = 60 * MS }, FLOE_QUALITY_GOOD },
    { { .n_sockets = 1, .rtt_us = 61 * MS }, FLOE_QUALITY_FAIR },
    { { .n_sockets = 1, .rtt_us = 150 * MS }, FLOE_QUALITY_FAIR },
    { { .n_sockets = 1, .rtt_us = 151 * MS }, FLOE_QUALITY_POOR },
    { { .n_sockets = 1, .rtt_us = 2 * MS, .retransmits = 1 }, FLOE_QUALITY_FAIR },
    { { .n_sockets = 1, .rtt_us = 2 * MS, .retransmits = 5 }, FLOE_QUALITY_POOR },
    { { .n_sockets = 1, .rtt_us = 2 * MS, .silent_ms = 2999 }, FLOE_QUALITY_GOOD },
    { { .n_sockets = 1, .rtt_us = 2 * MS, .silent_ms = 3000 }, FLOE_QUALITY_SILENT },
    { { .n_sockets = 1, .rtt_us = 900 * MS, .silent_ms = 9000 }, FLOE_QUALITY_SILENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (floe_quality_judge (&quiet, &rows[i].now), ==, rows[i].quality);
}

/* Only what was lost since the last look counts; a channel that is gone takes its count along. */
static void
test_old_losses (void)
{
  const FloeQualitySample before = { .n_sockets = 2, .rtt_us = MS, .retransmits = 40 };
  FloeQualitySample now = before;

  g_assert_cmpint (floe_quality_judge (&before, &now), ==, FLOE_QUALITY_GOOD);
  now.retransmits = 3;
  g_assert_cmpint (floe_quality_judge (&before, &now), ==, FLOE_QUALITY_GOOD);
  now.retransmits = 42;
  g_assert_cmpint (floe_quality_judge (&before, &now), ==, FLOE_QUALITY_FAIR);
}

static void
test_add (void)
{
  const struct tcp_info display = {
    .tcpi_rtt = 9 * MS, .tcpi_total_retrans = 2, .tcpi_unacked = 1, .tcpi_last_ack_recv = 700
  };
  /* long without a word, but nobody waits for one */
  const struct tcp_info inputs = { .tcpi_rtt = 20 * MS,
                                   .tcpi_last_ack_recv = 60000,
                                   .tcpi_total_retrans = 1 };
  FloeQualitySample sample = { 0 };

  floe_quality_sample_add (&sample, &display);
  floe_quality_sample_add (&sample, &inputs);
  g_assert_cmpuint (sample.n_sockets, ==, 2);
  g_assert_cmpuint (sample.rtt_us, ==, 20 * MS);
  g_assert_cmpuint (sample.retransmits, ==, 3);
  g_assert_cmpuint (sample.silent_ms, ==, 700);
}

static void
test_rate (void)
{
  const FloeQualitySample before = { .bytes = 1000, .at = G_USEC_PER_SEC };
  FloeQualitySample now = { .bytes = 5000, .at = 3 * G_USEC_PER_SEC };

  g_assert_cmpuint (floe_quality_get_rate (&before, &now), ==, 2000);
  g_assert_cmpuint (floe_quality_get_rate (&before, &before), ==, 0);
  now.bytes = 10; /* channels were closed meanwhile */
  g_assert_cmpuint (floe_quality_get_rate (&before, &now), ==, 0);
}

typedef struct
{
  guint n;
  FloeQuality quality;
  guint rtt_us;
} Told;

static void
on_quality (FloeQuality quality, guint rtt_us, guint64 rate, gpointer data)
{
  Told *told = data;

  told->n++;
  told->quality = quality;
  told->rtt_us = rtt_us;
}

/* A real session, over the loopback device. */
static void
test_meter (void)
{
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  g_autoptr (FloeConnection) connection = fake_spice_connection (fake, FALSE);
  g_autoptr (FloeSession) session = floe_spice_session_new (connection, NULL);
  g_autoptr (FloeQualityMeter) meter = NULL;
  Told told = { 0 };

  floe_session_start (session);
  while (floe_session_get_state (session) != FLOE_SESSION_PICTURE)
    g_main_context_iteration (NULL, TRUE);
  meter = floe_quality_meter_new (session, 10, on_quality, &told);
  while (told.n < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (told.quality, ==, FLOE_QUALITY_GOOD);
  g_assert_cmpuint (told.rtt_us, >, 0);
  floe_session_end (session);
  while (floe_session_get_state (session) != FLOE_SESSION_ENDED
         || told.quality != FLOE_QUALITY_UNKNOWN)
    g_main_context_iteration (NULL, TRUE);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quality/judge", test_judge);
  g_test_add_func ("/quality/judge/old-losses", test_old_losses);
  g_test_add_func ("/quality/add", test_add);
  g_test_add_func ("/quality/rate", test_rate);
  g_test_add_func ("/quality/meter", test_meter);
  return g_test_run ();
}
