/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/json-read.h"
#include "api/json-write.h"
#include "core/assigner.h"
#include "core/helpdesk.h"
#include "core/sessions.h"
#include "core/shadow-relay.h"
#include "login/login.h"

G_BEGIN_DECLS

/* The bodies of the wire contract, docs/api/openapi.yaml. Each writes one value, under @name inside
 * an object. */

void floe_body_write_user (FloeJsonWriter *writer, const gchar *name, const FloeIdentity *identity);
void floe_body_write_desktop (FloeJsonWriter *writer, const gchar *name, const FloeDesktop *desktop,
                              const gchar *user_id);
void floe_body_write_open_desktop (FloeJsonWriter *writer, const gchar *name,
                                   const FloeDesktop *desktop, const gchar *user_id,
                                   const FloeOutlook *outlook);
void floe_body_write_message (FloeJsonWriter *writer, const gchar *name,
                              const FloeMessage *message);
void floe_body_write_told_shadow (FloeJsonWriter *writer, const gchar *name,
                                  const FloeShadow *shadow);
void floe_body_write_shadow (FloeJsonWriter *writer, const gchar *name, const FloeShadow *shadow);
void floe_body_write_inputs (FloeJsonWriter *writer, const FloeInputs *inputs);
FloeInputs *floe_body_read_inputs (FloeJsonReader *reader);
void floe_body_write_maintenance (FloeJsonWriter *writer, const gchar *name,
                                  const FloeMaintenance *maintenance);
void floe_body_write_end (FloeJsonWriter *writer, const gchar *name, const FloeEnd *end);
void floe_body_write_pools (FloeJsonWriter *writer, const gchar *name, GPtrArray *views,
                            const gchar *user_id);
void floe_body_write_grant (FloeJsonWriter *writer, const gchar *name, const FloeGrant *grant,
                            gboolean with_token);
void floe_body_write_request (FloeJsonWriter *writer, const gchar *name,
                              FloeConnectRequest *request);
void floe_body_write_connection (FloeJsonWriter *writer, const gchar *name,
                                 const FloeConnection *connection);
void floe_body_write_pool_report (FloeJsonWriter *writer, const gchar *name,
                                  const FloePoolReport *report);
void floe_body_write_explanation (FloeJsonWriter *writer, const gchar *name,
                                  const FloeExplanation *explanation);
void floe_body_write_audit_row (FloeJsonWriter *writer, gconstpointer row);

void floe_body_write_policy (FloeJsonWriter *writer, const gchar *name, const FloePolicy *policy);
void floe_body_write_told_policy (FloeJsonWriter *writer, const gchar *name,
                                  const FloePolicy *policy);

/* What bodies have in common that are read. */

gchar *floe_body_read_reason (FloeJsonReader *reader);
gchar *floe_body_read_message_text (FloeJsonReader *reader);

G_END_DECLS
