/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/terminal-report.h"

FloeTerminalReport *
floe_terminal_report_new (void)
{
  FloeTerminalReport *self = g_new0 (FloeTerminalReport, 1);

  self->monitors = g_new0 (gchar *, 1);
  return self;
}

FloeTerminalReport *
floe_terminal_report_copy (const FloeTerminalReport *self)
{
  FloeTerminalReport *copy = g_new0 (FloeTerminalReport, 1);

  *copy = *self;
  copy->fingerprint = g_strdup (self->fingerprint);
  copy->version = g_strdup (self->version);
  copy->monitors = g_strdupv (self->monitors);
  copy->problem = g_strdup (self->problem);
  copy->address = g_strdup (self->address);
  return copy;
}

void
floe_terminal_report_free (FloeTerminalReport *self)
{
  if (self == NULL)
    return;
  g_free (self->fingerprint);
  g_free (self->version);
  g_strfreev (self->monitors);
  g_free (self->problem);
  g_free (self->address);
  g_free (self);
}
