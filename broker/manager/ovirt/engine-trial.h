/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-exchange.h"
#include "manager/ovirt/engine-test.h"
#include "util/report.h"

G_BEGIN_DECLS

/* What to change where the engine answers badly, or not at all. */
#define FLOE_ENGINE_LOOK "look at the service ovirt-engine there"

/**
 * FloeEngineTrial:
 * @report: where it is said what is right and wrong
 *
 * Asks an engine and waits for the answer. For engine-test.c and its parts.
 */
typedef struct
{
  FloeReport *report;
  FloeClock *clock;
  FloeEngineClient *client;
  SoupSession *session;
  gint64 timeout;
} FloeEngineTrial;

FloeEngineTrial *floe_engine_trial_new (const FloeEngineSettings *settings, FloeReport *report,
                                        GError **error);
void floe_engine_trial_free (FloeEngineTrial *self);
FloeEngineReply *floe_engine_trial_send (FloeEngineTrial *self, SoupMessage *message,
                                         GError **error);
JsonNode *floe_engine_trial_get (FloeEngineTrial *self, const gchar *path, GError **error);
gboolean floe_engine_trial_act_for (FloeEngineTrial *self, const gchar *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeEngineTrial, floe_engine_trial_free)

G_END_DECLS
