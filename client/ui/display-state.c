/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-state.h"

struct _FloeDisplayState
{
  GObject parent_instance;

  gchar *title;
  gchar *host;
  gchar *time_left;
  FloeQuality quality;
  guint rtt_us;
  guint64 rate;
  GMenuModel *monitors;
  gboolean plain;
  gboolean locked_down;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeDisplayState, floe_display_state, G_TYPE_OBJECT)

static void
set_text (FloeDisplayState *self, gchar **field, const gchar *text)
{
  if (g_strcmp0 (*field, text) == 0)
    return;
  g_free (*field);
  *field = g_strdup (text);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * floe_display_state_set_title:
 * @self: the state
 * @title: the desktop's name
 */
void
floe_display_state_set_title (FloeDisplayState *self, const gchar *title)
{
  g_return_if_fail (FLOE_IS_DISPLAY_STATE (self));

  set_text (self, &self->title, title);
}

/**
 * floe_display_state_set_host:
 * @self: the state
 * @host: (nullable): the host that it runs on, where people are told
 */
void
floe_display_state_set_host (FloeDisplayState *self, const gchar *host)
{
  g_return_if_fail (FLOE_IS_DISPLAY_STATE (self));

  set_text (self, &self->host, host);
}

/**
 * floe_display_state_set_time_left:
 * @self: the state
 * @words: (nullable): how long the session may still last; %NULL for as long as anybody wants
 */
void
floe_display_state_set_time_left (FloeDisplayState *self, const gchar *words)
{
  g_return_if_fail (FLOE_IS_DISPLAY_STATE (self));

  set_text (self, &self->time_left, words);
}

/**
 * floe_display_state_set_quality:
 * @self: the state
 * @quality: how the connection is
 * @rtt_us: the round trip
 * @rate: bytes that come in a second
 */
void
floe_display_state_set_quality (FloeDisplayState *self, FloeQuality quality, guint rtt_us,
                                guint64 rate)
{
  g_return_if_fail (FLOE_IS_DISPLAY_STATE (self));

  self->quality = quality;
  self->rtt_us = rtt_us;
  self->rate = rate;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * floe_display_state_set_monitors:
 * @self: the state
 * @menu: (nullable): to choose monitors by; %NULL where there is nothing to choose
 */
void
floe_display_state_set_monitors (FloeDisplayState *self, GMenuModel *menu)
{
  g_return_if_fail (FLOE_IS_DISPLAY_STATE (self));

  if (g_set_object (&self->monitors, menu))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * floe_display_state_set_plain:
 * @self: the state
 * @plain: whether there are a picture, a keyboard and a pointer, and nothing else
 */
void
floe_display_state_set_plain (FloeDisplayState *self, gboolean plain)
{
  g_return_if_fail (FLOE_IS_DISPLAY_STATE (self));

  if (self->plain == plain)
    return;
  self->plain = plain;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gboolean
floe_display_state_is_plain (FloeDisplayState *self)
{
  g_return_val_if_fail (FLOE_IS_DISPLAY_STATE (self), FALSE);

  return self->plain;
}

/**
 * floe_display_state_set_locked_down:
 * @self: the state
 * @locked_down: whether whoever sits here may not reach this machine's files
 */
void
floe_display_state_set_locked_down (FloeDisplayState *self, gboolean locked_down)
{
  g_return_if_fail (FLOE_IS_DISPLAY_STATE (self));

  self->locked_down = locked_down;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

const gchar *
floe_display_state_get_title (FloeDisplayState *self)
{
  return self->title;
}

const gchar *
floe_display_state_get_host (FloeDisplayState *self)
{
  return self->host;
}

const gchar *
floe_display_state_get_time_left (FloeDisplayState *self)
{
  return self->time_left;
}

FloeQuality
floe_display_state_get_quality (FloeDisplayState *self, guint *rtt_us, guint64 *rate)
{
  *rtt_us = self->rtt_us;
  *rate = self->rate;
  return self->quality;
}

GMenuModel *
floe_display_state_get_monitors (FloeDisplayState *self)
{
  return self->monitors;
}

gboolean
floe_display_state_is_locked_down (FloeDisplayState *self)
{
  return self->locked_down;
}

static void
floe_display_state_finalize (GObject *object)
{
  FloeDisplayState *self = FLOE_DISPLAY_STATE (object);

  g_free (self->title);
  g_free (self->host);
  g_free (self->time_left);
  g_clear_object (&self->monitors);
  G_OBJECT_CLASS (floe_display_state_parent_class)->finalize (object);
}

static void
floe_display_state_class_init (FloeDisplayStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_display_state_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_DISPLAY_STATE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_display_state_init (FloeDisplayState *self)
{
  self->title = g_strdup ("");
}

FloeDisplayState *
floe_display_state_new (void)
{
  return g_object_new (FLOE_TYPE_DISPLAY_STATE, NULL);
}
