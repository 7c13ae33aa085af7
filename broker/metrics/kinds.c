/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "metrics/kinds.h"

/* Seconds: a claim takes milliseconds, a guest that boots half a minute. */
static const gdouble seconds[] = { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                   2.5,   5,    10,    20,   30,  60,   120, 300 };

/* Each series has 19 lines, which are written on the main thread. Pools have 6 series each. */
#define MAX_HISTOGRAMS 1200

#define HISTOGRAM .buckets = seconds, .n_buckets = G_N_ELEMENTS (seconds)

/* docs/administration.md says the same in words; a test compares them. */
static const FloeMetricKind kinds[FLOE_N_OBSERVED] = {
  [FLOE_OBSERVED_BUILD] = { FLOE_METRIC_GAUGE,
                            "floe_build_info",
                            "1, with the version of floe-broker.",
                            { "version" } },
  [FLOE_OBSERVED_DESKTOP_SECONDS] = { FLOE_METRIC_HISTOGRAM,
                                      "floe_desktop_seconds",
                                      "How long it took until somebody had a desktop, by phase.",
                                      { "pool", "phase" },
                                      HISTOGRAM,
                                      .max_series = MAX_HISTOGRAMS },
  [FLOE_OBSERVED_LOGIN_SECONDS] = { FLOE_METRIC_HISTOGRAM,
                                    "floe_login_seconds",
                                    "How long log-ins took, by phase.",
                                    { "phase" },
                                    HISTOGRAM },
  [FLOE_OBSERVED_ACTIONS] = { FLOE_METRIC_COUNTER,
                              "floe_actions_total",
                              "Actions that came to their end, well or not.",
                              { "action" } },
  [FLOE_OBSERVED_FAILURES] = { FLOE_METRIC_COUNTER,
                               "floe_failures_total",
                               "Actions that failed or were refused, by reason.",
                               { "action", "reason" } },
  [FLOE_OBSERVED_LOGINS] = { FLOE_METRIC_COUNTER,
                             "floe_logins_total",
                             "Log-ins that were granted, by what with.",
                             { "way" } },
  [FLOE_OBSERVED_REQUESTS] = { FLOE_METRIC_GAUGE,
                               "floe_connect_requests",
                               "People who wait for a desktop, by what for.",
                               { "state" } },
  [FLOE_OBSERVED_LINE] = { FLOE_METRIC_GAUGE,
                           "floe_start_line_length",
                           "Desktops that wait on a host for their turn to be started.",
                           { "host" } },
  [FLOE_OBSERVED_JOBS] = { FLOE_METRIC_GAUGE, "floe_jobs",
                           "Jobs of desktops that wait or are under way." },
  [FLOE_OBSERVED_LEADING] = { FLOE_METRIC_GAUGE, "floe_leading",
                              "Whether this broker leads, of those that share its database." },
  [FLOE_OBSERVED_HOST_UP] = { FLOE_METRIC_GAUGE,
                              "floe_host_up",
                              "Whether a host answers.",
                              { "host" } },
  [FLOE_OBSERVED_DIRECTORY_UP] = { FLOE_METRIC_GAUGE, "floe_directory_up",
                                   "Whether a server of each directory answers." },
  [FLOE_OBSERVED_SERVER_UP] = { FLOE_METRIC_GAUGE,
                                "floe_directory_server_up",
                                "Whether a directory's server answers.",
                                { "directory", "server" } },
  [FLOE_OBSERVED_DOUBTED] = { FLOE_METRIC_GAUGE, "floe_accounts_doubted",
                              "People of whom the directory says that they are gone, and who are "
                              "not logged out since it says so of most." },
  [FLOE_OBSERVED_ACCOUNTS_ENDED] = { FLOE_METRIC_COUNTER, "floe_accounts_ended_total",
                                     "People who were logged out since the directory says that "
                                     "they are gone." },
  [FLOE_OBSERVED_GROUP_TRIPS] = { FLOE_METRIC_COUNTER,
                                  "floe_directory_group_round_trips_total",
                                  "How often somebody's groups had to wait for the directory.",
                                  { "directory" } },
  [FLOE_OBSERVED_QUEUED] = { FLOE_METRIC_GAUGE,
                             "floe_queue_length",
                             "Calls that wait for a thread.",
                             { "queue", "host" } },
  [FLOE_OBSERVED_OVERDUE] = { FLOE_METRIC_GAUGE,
                              "floe_queue_overdue_calls",
                              "Calls that were given up and hold their thread until they return.",
                              { "queue", "host" } },
  [FLOE_OBSERVED_TIMED_OUT] = { FLOE_METRIC_COUNTER,
                                "floe_queue_timed_out_total",
                                "Calls whose deadline passed.",
                                { "queue", "host" } },
};

/**
 * floe_observed_kinds:
 *
 * Returns: (transfer none): the kinds, one for each #FloeObserved
 */
const FloeMetricKind *
floe_observed_kinds (void)
{
  return kinds;
}
