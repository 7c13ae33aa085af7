/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

/* Somebody of the helpdesk looks at the desktop that is seen, if whoever sits here lets them. */

#define KEY "shadow"

static void
on_answered (FloeShadowBar *bar, gboolean allow, FloeFlow *self)
{
  if (self->desk != NULL)
    floe_desk_answer_shadow (self->desk, allow);
}

static void
on_ended (FloeShadowBar *bar, FloeFlow *self)
{
  self->shadowed = FALSE;
  if (self->desk != NULL)
    floe_desk_end_shadow (self->desk);
}

/* Who ends it themselves need not be told. */
static void
tell_end (FloeFlow *self, const FloeShadow *shadow)
{
  FloeDisplayNotices *notices =
      floe_page_display_get_notices (floe_window_get_display_page (self->window));
  g_autofree gchar *text = NULL;

  if (shadow->state == FLOE_SHADOW_OVER && self->shadowed)
    text = g_strdup_printf (_ ("%s does not see your screen any more."), shadow->from);
  floe_display_notices_set (notices, KEY, GTK_MESSAGE_INFO, NULL, text);
  self->shadowed = shadow->state == FLOE_SHADOW_GRANTED;
}

static void
on_shadow (FloeDesk *desk, FloeFlow *self)
{
  const FloeShadow *shadow = floe_desk_get_shadow (desk);

  floe_shadow_bar_set (
      floe_page_display_get_shadow_bar (floe_window_get_display_page (self->window)), shadow);
  if (shadow != NULL)
    tell_end (self, shadow);
}

/* For a desk that is new. */
void
floe_flow_follow_shadow (FloeFlow *self, FloeDesk *desk)
{
  self->shadowed = FALSE;
  g_signal_connect (desk, "shadow", G_CALLBACK (on_shadow), self);
}

/* Once, when there is a window. */
void
floe_flow_connect_shadow (FloeFlow *self)
{
  FloeShadowBar *bar =
      floe_page_display_get_shadow_bar (floe_window_get_display_page (self->window));

  g_signal_connect_object (bar, "answered", G_CALLBACK (on_answered), self, 0);
  g_signal_connect_object (bar, "ended", G_CALLBACK (on_ended), self, 0);
}
