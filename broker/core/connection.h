/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/connect-request.h"
#include "core/desktop.h"
#include "core/display.h"
#include "core/policy.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeConnection:
 * @display: where the display is
 * @ticket: what opens it
 * @desktop: which desktop, as of now
 * @reconnect_token: lets this terminal back in without a password while the lease lasts
 * @title: for the window
 * @host_name: (nullable): the host that it runs on, where people are told
 * @keeps_data: whether anything is kept after log-out
 * @actions: (array zero-terminated=1): what its holder may do with it, as in #FloePool
 * @policy: what may go between it and its client
 *
 * All that a client needs to open a desktop. Holds secrets.
 */
typedef struct
{
  FloeDisplay *display;
  FloeTicket *ticket;
  FloeDesktop *desktop;
  FloeSecret *reconnect_token;
  gchar *title;
  gchar *host_name;
  gboolean keeps_data;
  GStrv actions;
  FloePolicy *policy;
} FloeConnection;

void floe_connection_free (FloeConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeConnection, floe_connection_free)

/**
 * FloeConnectAnswer:
 * @connection: (nullable): set when the desktop is ready
 * @request: (nullable): set when it is not: what to wait for
 *
 * Exactly one of the two is set.
 */
typedef struct
{
  FloeConnection *connection;
  FloeConnectRequest *request;
} FloeConnectAnswer;

void floe_connect_answer_free (FloeConnectAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeConnectAnswer, floe_connect_answer_free)

void floe_connection_audit (FloeStore *store, const FloeIdentity *identity, const gchar *action,
                            const gchar *object, gint64 now, const GError *error);

G_END_DECLS
