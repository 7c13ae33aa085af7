/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "api/gate.h"
#include "api/json-write.h"
#include "api/link.h"
#include "api/problem.h"
#include "core/clock.h"
#include "core/identity.h"

G_BEGIN_DECLS

/**
 * FLOE_ANSWER_SECONDS:
 *
 * How long an answer may take to be read, once it is given.
 */
#define FLOE_ANSWER_SECONDS 30

/**
 * FLOE_STREAM_MAX_BYTES:
 *
 * How much of a stream may wait for a peer that does not read. One that is further behind is cut
 * off, and learns what it missed when it asks again.
 */
#define FLOE_STREAM_MAX_BYTES (64 * 1024)

/**
 * FloeExchange:
 *
 * One request and its answer. Whoever handles it answers exactly once, at once or later, or begins
 * a stream; when the peer is gone meanwhile, that is harmless and goes nowhere.
 *
 * Signals:
 * - "gone": once, when the answer is out, or the peer went away, or the broker stops. The
 *   cancellable is cancelled before, if there was no answer yet: whoever waits should stop waiting,
 *   and still answer.
 */
#define FLOE_TYPE_EXCHANGE (floe_exchange_get_type ())
G_DECLARE_FINAL_TYPE (FloeExchange, floe_exchange, FLOE, EXCHANGE, GObject)

/**
 * FloeWitness:
 *
 * Is shown the answer of an exchange before it goes out, and gives it then: from then on
 * floe_exchange_answer() answers.
 */
typedef void (*FloeWitness) (FloeExchange *self, guint status, const gchar *type, FloeSecret *body,
                             gpointer data);

FloeExchange *floe_exchange_new (FloeLink *link, FloeRequest *request, FloeClock *clock);
void floe_exchange_watch (FloeExchange *self);
void floe_exchange_stop (FloeExchange *self);
gboolean floe_exchange_is_gone (FloeExchange *self);

const FloeRequest *floe_exchange_get_request (FloeExchange *self);
const gchar *floe_exchange_get_segment (FloeExchange *self);
const gchar *floe_exchange_get_query (FloeExchange *self, const gchar *name);
FloeClock *floe_exchange_get_clock (FloeExchange *self);
GCancellable *floe_exchange_get_cancellable (FloeExchange *self);
void floe_exchange_set_identity (FloeExchange *self, FloeIdentity *identity);
const FloeIdentity *floe_exchange_get_identity (FloeExchange *self);
FloeSecret *floe_exchange_steal_body (FloeExchange *self);

void floe_exchange_add_header (FloeExchange *self, const gchar *name, const gchar *value);
void floe_exchange_set_witness (FloeExchange *self, FloeWitness witness, gpointer data);
void floe_exchange_set_secret (FloeExchange *self);
gboolean floe_exchange_is_secret (FloeExchange *self);
gboolean floe_exchange_has_header (FloeExchange *self, const gchar *name);
void floe_exchange_set_cookie (FloeExchange *self, const FloeSecret *token);
void floe_exchange_set_page (FloeExchange *self, const gchar *policy, const gchar *cache);
void floe_exchange_answer (FloeExchange *self, guint status, const gchar *type, FloeSecret *body);
void floe_exchange_answer_json (FloeExchange *self, guint status, FloeJsonWriter *writer);
void floe_exchange_answer_problem (FloeExchange *self, const FloeProblem *problem);
void floe_exchange_answer_error (FloeExchange *self, const GError *error);

void floe_exchange_begin_stream (FloeExchange *self, const gchar *type);
void floe_exchange_send (FloeExchange *self, const FloeSecret *bytes);
void floe_exchange_end_stream (FloeExchange *self);

G_END_DECLS
