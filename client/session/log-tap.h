/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLogTap:
 *
 * Overhears what the SPICE library logs. A certificate that does not pass comes up as an event
 * without an error; the reason goes to the log only, and this keeps it for the person's helpdesk.
 */
typedef struct _FloeLogTap FloeLogTap;

FloeLogTap *floe_log_tap_new (void);
FloeLogTap *floe_log_tap_ref (FloeLogTap *self);
void floe_log_tap_unref (FloeLogTap *self);

GLogWriterOutput floe_log_tap_write (GLogLevelFlags level, const GLogField *fields, gsize n_fields,
                                     gpointer user_data);
void floe_log_tap_clear (FloeLogTap *self);
gchar *floe_log_tap_dup_heard (FloeLogTap *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLogTap, floe_log_tap_unref)

G_END_DECLS
