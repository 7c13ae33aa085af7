/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/webhook.h"

#include <string.h>

#include "core/error.h"
#include "core/pool.h"

#define MAX_URL_BYTES 1024
#define FIRST_PAUSE   (5 * G_TIME_SPAN_SECOND)
#define LONGEST_PAUSE G_TIME_SPAN_HOUR

static const gchar *const event_names[] = { "assignment", "session", "pool", "alarm" };

/* Which actions of the audit trail are what; the beginning of one stands for all that begin so. */
static const struct
{
  const gchar *action;
  guint event;
} actions[] = {
  { "connect", FLOE_HOOK_ASSIGNMENT },     { "release", FLOE_HOOK_ASSIGNMENT },
  { "assign", FLOE_HOOK_ASSIGNMENT },      { "desktop-fresh", FLOE_HOOK_ASSIGNMENT },
  { "login", FLOE_HOOK_SESSION },          { "logout", FLOE_HOOK_SESSION },
  { "log-off", FLOE_HOOK_SESSION },        { "ticket", FLOE_HOOK_SESSION },
  { "session-end", FLOE_HOOK_SESSION },    { "pool-", FLOE_HOOK_POOL },
  { "revision-", FLOE_HOOK_POOL },         { "announcement", FLOE_HOOK_POOL },
  { "host-lost", FLOE_HOOK_ALARM },        { "host-back", FLOE_HOOK_ALARM },
  { "announcement-drop", FLOE_HOOK_POOL }, { "account-ended", FLOE_HOOK_ALARM },
  { "shadow", FLOE_HOOK_SESSION },         { "shadow-", FLOE_HOOK_SESSION },
};

FloeWebhook *
floe_webhook_new (const gchar *name, const gchar *url, guint events)
{
  FloeWebhook *self = g_new0 (FloeWebhook, 1);

  self->name = g_strdup (name);
  self->url = g_strdup (url);
  self->events = events;
  return self;
}

FloeWebhook *
floe_webhook_copy (const FloeWebhook *self)
{
  FloeWebhook *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->url = g_strdup (self->url);
  copy->sealed = g_strdup (self->sealed);
  copy->by = g_strdup (self->by);
  copy->reason = g_strdup (self->reason);
  copy->problem = g_strdup (self->problem);
  return copy;
}

void
floe_webhook_free (FloeWebhook *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->url);
  g_free (self->sealed);
  g_free (self->by);
  g_free (self->reason);
  g_free (self->problem);
  g_free (self);
}

static gboolean
invalid (GError **error, const gchar *what)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, what);
  return FALSE;
}

/* In clear text only to this machine. */
static gboolean
is_safe (const gchar *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const gchar *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  const gchar *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL
      || g_uri_get_fragment (uri) != NULL)
    return FALSE;
  return strcmp (scheme, "https") == 0
         || (strcmp (scheme, "http") == 0
             && (strcmp (host, "127.0.0.1") == 0 || strcmp (host, "::1") == 0));
}

/**
 * floe_webhook_validate:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID naming the field and what is expected
 */
gboolean
floe_webhook_validate (const FloeWebhook *self, GError **error)
{
  if (!floe_pool_name_is_valid (self->name))
    return invalid (error, "name: expected 1 to 64 of a-z, 0-9 and -, not beginning with -");
  if (strlen (self->url) > MAX_URL_BYTES || !is_safe (self->url))
    return invalid (error, "url: expected https:// and at most 1024 bytes, without a user");
  if (self->events == 0)
    return invalid (error, "events: expected one at least");
  return TRUE;
}

/**
 * floe_webhook_owner:
 *
 * Returns: (transfer full): what its secret is sealed for
 */
gchar *
floe_webhook_owner (const FloeWebhook *self)
{
  return g_strconcat ("webhook ", self->name, NULL);
}

/**
 * floe_webhook_pause:
 * @failures: how often one after the other; 1 at least
 *
 * Returns: microseconds until it is tried again: from 5 s to an hour, twice as long each time
 */
gint64
floe_webhook_pause (guint failures)
{
  return MIN (FIRST_PAUSE << MIN (failures - 1, 16), LONGEST_PAUSE);
}

/**
 * floe_hook_events_add:
 * @name: of a kind of events
 *
 * Returns: whether there is such a kind
 */
gboolean
floe_hook_events_add (guint *events, const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (event_names); i++)
    if (strcmp (event_names[i], name) == 0)
      {
        *events |= 1u << i;
        return TRUE;
      }
  return FALSE;
}

/**
 * floe_hook_events_list:
 *
 * Returns: (transfer full): their names
 */
GStrv
floe_hook_events_list (guint events)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (event_names); i++)
    if (events & (1u << i))
      g_strv_builder_add (list, event_names[i]);
  return g_strv_builder_end (list);
}

/**
 * floe_hook_event_name:
 * @action: of a row of the audit trail
 * @outcome: of that row; what failed is an alarm, whatever it was
 * @event: (out): which kind it is; 0 for none
 *
 * Returns: (transfer none) (nullable): what that is called
 */
const gchar *
floe_hook_event_name (const gchar *action, const gchar *outcome, guint *event)
{
  *event = 0;
  if (strcmp (outcome, "failed") == 0)
    *event = FLOE_HOOK_ALARM;
  for (guint i = 0; *event == 0 && i < G_N_ELEMENTS (actions); i++)
    if (strcmp (action, actions[i].action) == 0
        || (g_str_has_suffix (actions[i].action, "-")
            && g_str_has_prefix (action, actions[i].action)))
      *event = actions[i].event;
  for (guint i = 0; i < G_N_ELEMENTS (event_names); i++)
    if (*event == 1u << i)
      return event_names[i];
  return NULL;
}

/**
 * floe_webhook_wants:
 * @object: (nullable): of that row
 * @event: (out) (nullable): what it is told that this is
 *
 * Returns: whether it is told of it: it is of a kind that it wants, or a test of its own
 */
gboolean
floe_webhook_wants (const FloeWebhook *self, const gchar *action, const gchar *outcome,
                    const gchar *object, const gchar **event)
{
  guint kind;

  *event = floe_hook_event_name (action, outcome, &kind);
  if ((kind & self->events) != 0)
    return TRUE;
  *event = "test";
  return strcmp (action, FLOE_HOOK_TEST) == 0 && g_strcmp0 (object, self->name) == 0;
}
