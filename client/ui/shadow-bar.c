/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/shadow-bar.h"

#include <glib/gi18n.h>

struct _FloeShadowBar
{
  GtkBox parent_instance;

  GtkWidget *icon;
  GtkWidget *label;
  GtkWidget *reason;
  GtkWidget *no;
  GtkWidget *yes;
  GtkWidget *end;
};

enum
{
  SIGNAL_ANSWERED,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeShadowBar, floe_shadow_bar, GTK_TYPE_BOX)

static void
set_button (GtkWidget *button, const gchar *label)
{
  if (label != NULL)
    gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_widget_set_visible (button, label != NULL);
}

static void
set_reason (FloeShadowBar *self, const gchar *reason)
{
  /* TRANSLATORS: why somebody of the helpdesk wants to see the screen, in their own words */
  g_autofree gchar *text = reason != NULL ? g_strdup_printf (_ ("Reason: %s"), reason) : NULL;

  gtk_label_set_text (GTK_LABEL (self->reason), text != NULL ? text : "");
  gtk_widget_set_visible (self->reason, text != NULL);
}

/* words_for: how it stands */
static gchar *
words_for (const FloeShadow *shadow)
{
  if (shadow->state == FLOE_SHADOW_ASKED)
    /* TRANSLATORS: the argument is the name of a person of the helpdesk; so are the next ones */
    return g_strdup_printf (_ ("%s of the helpdesk asks to see your screen."), shadow->from);
  if (shadow->control == FLOE_CONTROL_ASKED)
    return g_strdup_printf (_ ("%s sees your screen, and asks to type and click."), shadow->from);
  if (shadow->control == FLOE_CONTROL_GRANTED)
    return g_strdup_printf (_ ("%s sees your screen, and can type and click."), shadow->from);
  return g_strdup_printf (_ ("%s sees your screen."), shadow->from);
}

static const gchar *
label_of_no (const FloeShadow *shadow)
{
  if (shadow->state == FLOE_SHADOW_ASKED || shadow->control == FLOE_CONTROL_ASKED)
    return _ ("_Refuse");
  return shadow->control == FLOE_CONTROL_GRANTED ? _ ("_Take Back Control") : NULL;
}

static const gchar *
label_of_yes (const FloeShadow *shadow)
{
  if (shadow->state == FLOE_SHADOW_ASKED)
    return _ ("_Let Them Look");
  return shadow->control == FLOE_CONTROL_ASKED ? _ ("_Allow") : NULL;
}

/**
 * floe_shadow_bar_set:
 * @self: the bar
 * @shadow: (nullable): who asks, or looks; %NULL for nobody
 *
 * Says how it stands.
 */
void
floe_shadow_bar_set (FloeShadowBar *self, const FloeShadow *shadow)
{
  g_autofree gchar *words = NULL;

  g_return_if_fail (FLOE_IS_SHADOW_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), shadow != NULL && shadow->state != FLOE_SHADOW_OVER);
  if (shadow == NULL || shadow->state == FLOE_SHADOW_OVER)
    return;
  words = words_for (shadow);
  gtk_label_set_text (GTK_LABEL (self->label), words);
  set_reason (self, shadow->state == FLOE_SHADOW_ASKED ? shadow->reason : NULL);
  set_button (self->no, label_of_no (shadow));
  set_button (self->yes, label_of_yes (shadow));
  set_button (self->end, shadow->state == FLOE_SHADOW_GRANTED ? _ ("_End") : NULL);
}

static void
on_no (FloeShadowBar *self)
{
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, FALSE);
}

static void
on_yes (FloeShadowBar *self)
{
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, TRUE);
}

static void
on_end (FloeShadowBar *self)
{
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

static void
floe_shadow_bar_class_init (FloeShadowBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/shadow-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FloeShadowBar, icon);
  gtk_widget_class_bind_template_child (widget_class, FloeShadowBar, label);
  gtk_widget_class_bind_template_child (widget_class, FloeShadowBar, reason);
  gtk_widget_class_bind_template_child (widget_class, FloeShadowBar, no);
  gtk_widget_class_bind_template_child (widget_class, FloeShadowBar, yes);
  gtk_widget_class_bind_template_child (widget_class, FloeShadowBar, end);
  signals[SIGNAL_ANSWERED] = g_signal_new ("answered", FLOE_TYPE_SHADOW_BAR, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", FLOE_TYPE_SHADOW_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_shadow_bar_init (FloeShadowBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->no, "clicked", G_CALLBACK (on_no), self);
  g_signal_connect_swapped (self->yes, "clicked", G_CALLBACK (on_yes), self);
  g_signal_connect_swapped (self->end, "clicked", G_CALLBACK (on_end), self);
}
