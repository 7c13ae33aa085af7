/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeCtlExit:
 * @FLOE_CTL_EXIT_FAILED: the broker refused, or something here failed
 * @FLOE_CTL_EXIT_USAGE: the command line, a configuration file or an input file is wrong
 * @FLOE_CTL_EXIT_DENIED: not logged in, or not allowed
 * @FLOE_CTL_EXIT_UNREACHABLE: the broker, or a server that it needs, does not answer
 * @FLOE_CTL_EXIT_CHANGES: something would change, and nothing did, since that was not to be
 *
 * The program's exit codes, as floectl(1) lists them.
 */
typedef enum
{
  FLOE_CTL_EXIT_OK = 0,
  FLOE_CTL_EXIT_FAILED = 1,
  FLOE_CTL_EXIT_USAGE = 2,
  FLOE_CTL_EXIT_DENIED = 3,
  FLOE_CTL_EXIT_UNREACHABLE = 4,
  FLOE_CTL_EXIT_CHANGES = 5,
} FloeCtlExit;

/**
 * FLOE_CTL_ERROR:
 *
 * What goes wrong on this side. The codes are those of #FloeCtlExit.
 */
#define FLOE_CTL_ERROR (floe_ctl_error_quark ())
GQuark floe_ctl_error_quark (void);

void floe_ctl_set_failed (GError **error, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
void floe_ctl_set_usage (GError **error, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
FloeCtlExit floe_ctl_exit_code (const GError *error);
gchar *floe_ctl_explain (const GError *error);

G_END_DECLS
