/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeReportPrint:
 * @line: one line, without its end, without control characters
 * @data: whoever prints
 */
typedef void (*FloeReportPrint) (const gchar *line, gpointer data);

void floe_report_print_line (const gchar *line, gpointer unused);

/**
 * FloeReport:
 *
 * What a test of a server elsewhere has to say, line by line as it is found: "ok: WHAT", "warning:
 * WHAT — WHAT TO CHANGE" and "wrong: WHAT — WHAT TO CHANGE", under headings that end in a colon.
 * The server's words are made harmless for a terminal.
 */
typedef struct _FloeReport FloeReport;

FloeReport *floe_report_new (FloeReportPrint print, gpointer data);
void floe_report_free (FloeReport *self);
void floe_report_head (FloeReport *self, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
void floe_report_ok (FloeReport *self, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
void floe_report_warn (FloeReport *self, const gchar *change, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
void floe_report_wrong (FloeReport *self, const gchar *change, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean floe_report_is_fine (const FloeReport *self);
gboolean floe_report_end (FloeReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeReport, floe_report_free)

G_END_DECLS
