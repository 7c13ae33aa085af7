/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/notice.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "ui/notice-words.h"

static FloeNotice *
notice_from (const FloeWords *words, const gchar *detail)
{
  FloeNotice *self = g_new0 (FloeNotice, 1);

  self->icon = words->icon;
  self->title = g_strdup (_ (words->title));
  self->body = g_strdup (_ (words->body));
  self->remedy = words->remedy;
  self->code = g_strdup (words->code);
  self->detail = detail != NULL && *detail != '\0' ? g_strdup (detail) : NULL;
  return self;
}

static gchar *
code_of (const GError *error)
{
  const gchar *name = floe_client_error_name (error->code);
  const gchar *reason = floe_client_error_reason (error);

  return reason != NULL ? g_strdup_printf ("%s/%s", name, reason) : g_strdup (name);
}

/**
 * floe_notice_new_for_error:
 * @error: a failed call's error
 *
 * Returns: (transfer full): the words for it
 */
FloeNotice *
floe_notice_new_for_error (const GError *error)
{
  const FloeWords words = floe_words_for_error (error);
  FloeNotice *self = notice_from (&words, error->message);

  if (self->code == NULL)
    self->code = code_of (error);
  /* What an administrator wrote about it says more than we can. */
  if ((floe_client_error_has_reason (error, "pool-closed")
       || floe_client_error_has_reason (error, "maintenance"))
      && g_strcmp0 (error->message, "the pool is closed") != 0
      && g_strcmp0 (error->message, "it is being worked on") != 0)
    {
      g_free (self->body);
      self->body = g_strdup (error->message);
    }
  return self;
}

static gchar *
time_of (gint64 at)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  /* TRANSLATORS: a time of day in GDateTime's format, hours and minutes */
  return local != NULL ? g_date_time_format (local, _ ("%H:%M")) : NULL;
}

static gchar *
tell_where (const FloeDesktopEnd *end)
{
  g_autofree gchar *at = end->at > 0 ? time_of (end->at) : NULL;

  if (end->where == NULL || *end->where == '\0')
    return NULL;
  if (at == NULL)
    /* TRANSLATORS: the argument is a terminal's name or address */
    return g_strdup_printf (_ ("It was opened at %s, with everything on it."), end->where);
  /* TRANSLATORS: a terminal's name or address, and a time like 10:41 */
  return g_strdup_printf (
      _ ("It was opened at %s at %s and has moved there, with everything on it."), end->where, at);
}

static FloeEndReason
reason_of (const FloeDesktop *desktop)
{
  if (desktop->end != NULL && desktop->end->reason != FLOE_END_REASON_UNKNOWN)
    return desktop->end->reason;
  if (desktop->state == FLOE_DESKTOP_STATE_OFF)
    return FLOE_END_REASON_POWERED_OFF;
  if (desktop->state == FLOE_DESKTOP_STATE_HOST_LOST)
    return FLOE_END_REASON_HOST_LOST;
  if (desktop->state == FLOE_DESKTOP_STATE_RESETTING)
    return FLOE_END_REASON_RELEASED;
  return FLOE_END_REASON_UNKNOWN;
}

/**
 * floe_notice_new_for_desktop:
 * @desktop: what the broker says about a desktop whose session has ended
 *
 * Returns: (transfer full): the words for it
 */
FloeNotice *
floe_notice_new_for_desktop (const FloeDesktop *desktop)
{
  FloeEndReason reason = reason_of (desktop);
  FloeNotice *self = notice_from (floe_words_for_end (reason), NULL);

  if (reason == FLOE_END_REASON_TAKEN_OVER && desktop->end != NULL)
    {
      gchar *where = tell_where (desktop->end);

      if (where != NULL)
        {
          g_free (self->body);
          self->body = where;
        }
    }
  self->detail = g_strdup_printf ("desktop %s, power %s, console %s", desktop->id, desktop->power,
                                  desktop->console);
  if (!desktop->can_reconnect)
    self->remedy = FLOE_REMEDY_POOLS;
  return self;
}

FloeNotice *
floe_notice_new_for_cause (FloeEndCause cause, const gchar *detail)
{
  return notice_from (floe_words_for_cause (cause), detail);
}

/**
 * floe_notice_new_for_stop:
 * @stop: why a desk stopped
 *
 * Returns: (transfer full): the words for it
 */
FloeNotice *
floe_notice_new_for_stop (const FloeStop *stop)
{
  if (stop->desktop != NULL)
    return floe_notice_new_for_desktop (stop->desktop);
  if (stop->error != NULL)
    return floe_notice_new_for_error (stop->error);
  return floe_notice_new_for_cause (stop->cause, stop->detail);
}

void
floe_notice_free (FloeNotice *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->body);
  g_free (self->code);
  g_free (self->detail);
  g_free (self);
}

/**
 * floe_remedy_label:
 * @remedy: something to do
 *
 * Returns: (transfer none): the label of its button, with a mnemonic
 */
const gchar *
floe_remedy_label (FloeRemedy remedy)
{
  switch (remedy)
    {
    case FLOE_REMEDY_BRING:
      return _ ("_Bring It Here");
    case FLOE_REMEDY_START:
      return _ ("_Start It Again");
    case FLOE_REMEDY_LOG_IN:
      return _ ("_Log In Again");
    case FLOE_REMEDY_POOLS:
      return _ ("Back to the _Desktops");
    case FLOE_REMEDY_SERVER:
      return _ ("Choose Another _Server");
    case FLOE_REMEDY_RETRY:
    default:
      return _ ("_Try Again");
    }
}
