/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_MAX_WEBHOOKS 20

/* What the audit trail has where somebody wants to know whether a webhook is told. */
#define FLOE_HOOK_TEST "webhook-test"

/* What is older is not told any more. */
#define FLOE_HOOK_TOO_LATE (3 * G_TIME_SPAN_DAY)

/**
 * FloeHookEvents:
 * @FLOE_HOOK_ASSIGNMENT: somebody was given a desktop, or it was taken back
 * @FLOE_HOOK_SESSION: log-ins and log-outs, displays that are opened, and ends of sessions
 * @FLOE_HOOK_POOL: pools, their revisions, and what is said to all
 * @FLOE_HOOK_ALARM: what failed, hosts that are lost, accounts that ended
 *
 * A set of kinds of events. What was decided stands in the audit trail; what only follows from
 * that, or was seen, is kept for webhooks alone: ends of sessions, hosts that are lost or back.
 */
typedef enum
{
  FLOE_HOOK_ASSIGNMENT = 1 << 0,
  FLOE_HOOK_SESSION = 1 << 1,
  FLOE_HOOK_POOL = 1 << 2,
  FLOE_HOOK_ALARM = 1 << 3,
} FloeHookEvents;

/**
 * FloeWebhook:
 * @name: its own, as a pool's
 * @url: to where it is told
 * @events: of what it is told
 * @sealed: the secret that what it is told is signed with, sealed for "webhook NAME"
 * @by: who made it
 * @created: all times in microseconds since 1970 UTC
 * @told: the row of the audit trail up to which it was told
 * @heard: the same among what is in no audit trail
 * @failures: how often one after the other telling it failed
 * @not_before: then it is tried again
 * @delivered: when it was told something last; 0 for never
 * @reason: (nullable): why it could not be told last: "status", "certificate", "unreachable",
 *   "silent", "key" or "address"
 * @problem: (nullable): the same in words, and what exactly
 *
 * Somebody who wants to be told what happens.
 */
typedef struct
{
  gchar *name;
  gchar *url;
  guint events;
  gchar *sealed;
  gchar *by;
  gint64 created;
  gint64 told;
  gint64 heard;
  guint failures;
  gint64 not_before;
  gint64 delivered;
  gchar *reason;
  gchar *problem;
} FloeWebhook;

FloeWebhook *floe_webhook_new (const gchar *name, const gchar *url, guint events);
FloeWebhook *floe_webhook_copy (const FloeWebhook *self);
void floe_webhook_free (FloeWebhook *self);
gboolean floe_webhook_validate (const FloeWebhook *self, GError **error);
gchar *floe_webhook_owner (const FloeWebhook *self);
gint64 floe_webhook_pause (guint failures);

gboolean floe_hook_events_add (guint *events, const gchar *name);
GStrv floe_hook_events_list (guint events);
const gchar *floe_hook_event_name (const gchar *action, const gchar *outcome, guint *event);
gboolean floe_webhook_wants (const FloeWebhook *self, const gchar *action, const gchar *outcome,
                             const gchar *object, const gchar **event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeWebhook, floe_webhook_free)

G_END_DECLS
