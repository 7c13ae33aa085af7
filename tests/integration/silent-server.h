/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SilentMode:
 * @SILENT_ACCEPTS: takes connections and says nothing
 * @SILENT_STARTTLS: agrees to StartTLS, then says nothing
 * @SILENT_DRIBBLES: sends the start of a TLS record, then a byte every 50 ms
 * @SILENT_CLOSES: takes connections and closes them at once
 * @SILENT_DROPS: takes no connection and does not refuse it either: a black hole, which nobody
 * counts
 *
 * How a server can hang.
 */
typedef enum
{
  SILENT_ACCEPTS,
  SILENT_STARTTLS,
  SILENT_DRIBBLES,
  SILENT_CLOSES,
  SILENT_DROPS,
} SilentMode;

typedef struct _SilentServer SilentServer;

SilentServer *silent_server_new (SilentMode mode);
void silent_server_free (SilentServer *self);
guint16 silent_server_get_port (SilentServer *self);
guint silent_server_get_connections (SilentServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SilentServer, silent_server_free)

G_END_DECLS
