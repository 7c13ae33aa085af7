/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-status.h"

#include "ui/quality-dot.h"

struct _FloeDisplayStatus
{
  GtkBox parent_instance;

  GtkWidget *dot;
  GtkWidget *time_left;
};

G_DEFINE_FINAL_TYPE (FloeDisplayStatus, floe_display_status, GTK_TYPE_BOX)

static void
update (FloeDisplayStatus *self, FloeDisplayState *state)
{
  guint rtt_us;
  guint64 rate;
  FloeQuality quality = floe_display_state_get_quality (state, &rtt_us, &rate);
  const gchar *words = floe_display_state_get_time_left (state);

  floe_quality_dot_set (FLOE_QUALITY_DOT (self->dot), quality, rtt_us, rate);
  gtk_label_set_text (GTK_LABEL (self->time_left), words != NULL ? words : "");
  gtk_widget_set_visible (self->time_left, words != NULL);
}

static void
on_changed (FloeDisplayState *state, FloeDisplayStatus *self)
{
  update (self, state);
}

/**
 * floe_display_status_set_state:
 * @self: a status that shows nothing yet
 * @state: what it shows from now on
 */
void
floe_display_status_set_state (FloeDisplayStatus *self, FloeDisplayState *state)
{
  g_return_if_fail (FLOE_IS_DISPLAY_STATUS (self));

  g_signal_connect_object (state, "changed", G_CALLBACK (on_changed), self, 0);
  update (self, state);
}

static void
floe_display_status_class_init (FloeDisplayStatusClass *klass)
{
}

static void
floe_display_status_init (FloeDisplayStatus *self)
{
  self->dot = g_object_new (FLOE_TYPE_QUALITY_DOT, NULL);
  self->time_left = gtk_label_new (NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (self->time_left), "floe-small");
  gtk_box_set_spacing (GTK_BOX (self), 8);
  gtk_container_add (GTK_CONTAINER (self), self->dot);
  gtk_container_add (GTK_CONTAINER (self), self->time_left);
}
