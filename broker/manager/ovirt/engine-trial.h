/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-exchange.h"
#include "manager/ovirt/engine-test.h"

G_BEGIN_DECLS

/**
 * FloeEngineTrial:
 *
 * Asks an engine and waits for the answer; says what is right and wrong. For engine-test.c and its
 * parts.
 */
typedef struct _FloeEngineTrial FloeEngineTrial;

FloeEngineTrial *floe_engine_trial_new (const FloeEngineSettings *settings, FloeEnginePrint print,
                                        gpointer data, GError **error);
void floe_engine_trial_free (FloeEngineTrial *self);
FloeEngineReply *floe_engine_trial_send (FloeEngineTrial *self, SoupMessage *message,
                                         GError **error);
JsonNode *floe_engine_trial_get (FloeEngineTrial *self, const gchar *path, GError **error);
gboolean floe_engine_trial_act_for (FloeEngineTrial *self, const gchar *name, GError **error);
void floe_engine_trial_ok (FloeEngineTrial *self, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
void floe_engine_trial_warn (FloeEngineTrial *self, const gchar *change, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
void floe_engine_trial_wrong (FloeEngineTrial *self, const gchar *change, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean floe_engine_trial_is_fine (FloeEngineTrial *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeEngineTrial, floe_engine_trial_free)

G_END_DECLS
