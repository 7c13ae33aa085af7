/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often a terminal tells how it is, and for how long it counts as there after that. */
#define FLOE_TERMINAL_BEAT_SECONDS   60
#define FLOE_TERMINAL_SILENT_SECONDS 180

/* What is believed of what a terminal says of itself. */
#define FLOE_REPORT_MAX_VERSION  64
#define FLOE_REPORT_MAX_PROBLEM  256
#define FLOE_REPORT_MAX_MONITORS 16
#define FLOE_REPORT_MAX_MONITOR  32
#define FLOE_REPORT_MAX_UPTIME   (100LL * 365 * 24 * 3600)

/**
 * FloeTerminalReport:
 * @fingerprint: whose, as in #FloeTerminal
 * @version: of its client
 * @uptime: since when its machine runs, in seconds
 * @monitors: (array zero-terminated=1): what is plugged in, such as "1920x1080"
 * @problem: (nullable): what went wrong there last
 * @address: from where it said so
 * @revision: of the settings that it goes by; 0 for none
 * @at: when, microseconds since 1970 UTC
 *
 * How a terminal said it is.
 */
typedef struct
{
  gchar *fingerprint;
  gchar *version;
  gint64 uptime;
  GStrv monitors;
  gchar *problem;
  gchar *address;
  gint64 revision;
  gint64 at;
} FloeTerminalReport;

FloeTerminalReport *floe_terminal_report_new (void);
FloeTerminalReport *floe_terminal_report_copy (const FloeTerminalReport *self);
void floe_terminal_report_free (FloeTerminalReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTerminalReport, floe_terminal_report_free)

G_END_DECLS
