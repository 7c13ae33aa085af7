/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-code.h"

#include <string.h>

#include "ui/clamp.h"
#include "ui/return-key.h"

struct _FloePageCode
{
  GtkScrolledWindow parent_instance;

  GtkWidget *title_label;
  GtkWidget *why_label;
  GtkWidget *shown_label;
  GtkWidget *field_label;
  GtkWidget *code_entry;
  GtkWidget *problem_revealer;
  GtkWidget *problem_label;
  GtkWidget *go_button;
  GtkWidget *back_button;

  gboolean busy;
};

enum
{
  SIGNAL_CODE,
  SIGNAL_BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePageCode, floe_page_code, GTK_TYPE_SCROLLED_WINDOW)

static void
update (FloePageCode *self)
{
  gtk_widget_set_sensitive (
      self->go_button, !self->busy && gtk_entry_get_text_length (GTK_ENTRY (self->code_entry)) > 0);
}

static void
on_typed (FloePageCode *self)
{
  floe_page_code_set_problem (self, NULL);
  update (self);
}

static void
on_go (FloePageCode *self)
{
  g_signal_emit (self, signals[SIGNAL_CODE], 0, gtk_entry_get_text (GTK_ENTRY (self->code_entry)));
}

static void
on_back (FloePageCode *self)
{
  g_signal_emit (self, signals[SIGNAL_BACK], 0);
}

static gboolean
on_key_press (FloePageCode *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape || !gtk_widget_get_visible (self->back_button))
    return GDK_EVENT_PROPAGATE;
  on_back (self);
  return GDK_EVENT_STOP;
}

/**
 * floe_page_code_set_shown:
 * @self: the page
 * @shown: (nullable): digits to be read out
 */
void
floe_page_code_set_shown (FloePageCode *self, const gchar *shown)
{
  g_autofree gchar *halves = NULL;

  g_return_if_fail (FLOE_IS_PAGE_CODE (self));

  gtk_widget_set_visible (self->shown_label, shown != NULL);
  if (shown == NULL)
    return;
  halves = strlen (shown) == 10 ? g_strdup_printf ("%.5s %s", shown, shown + 5) : g_strdup (shown);
  gtk_label_set_text (GTK_LABEL (self->shown_label), halves);
}

/**
 * floe_page_code_ask:
 * @self: the page
 * @question: what is asked
 *
 * Begins anew, with nothing typed.
 */
void
floe_page_code_ask (FloePageCode *self, const FloeCodeQuestion *question)
{
  g_return_if_fail (FLOE_IS_PAGE_CODE (self));

  gtk_label_set_text (GTK_LABEL (self->title_label), question->title);
  gtk_label_set_text (GTK_LABEL (self->why_label), question->why);
  gtk_label_set_text_with_mnemonic (GTK_LABEL (self->field_label), question->field);
  atk_object_set_name (gtk_widget_get_accessible (self->code_entry), question->name);
  gtk_button_set_label (GTK_BUTTON (self->go_button), question->go);
  gtk_widget_set_visible (self->back_button, question->back != NULL);
  if (question->back != NULL)
    gtk_button_set_label (GTK_BUTTON (self->back_button), question->back);
  floe_page_code_set_shown (self, question->shown);
  floe_page_code_set_busy (self, FALSE);
  floe_page_code_clear (self);
  floe_page_code_set_problem (self, NULL);
}

/**
 * floe_page_code_set_busy:
 * @self: the page
 * @busy: whether the code is being checked
 */
void
floe_page_code_set_busy (FloePageCode *self, gboolean busy)
{
  g_return_if_fail (FLOE_IS_PAGE_CODE (self));

  self->busy = busy;
  gtk_widget_set_sensitive (self->code_entry, !busy);
  update (self);
}

/**
 * floe_page_code_set_problem:
 * @self: the page
 * @text: (nullable): why it did not work, below the field
 */
void
floe_page_code_set_problem (FloePageCode *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_CODE (self));

  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (self->problem_label), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem_revealer), text != NULL);
}

/**
 * floe_page_code_clear:
 * @self: the page
 *
 * Forgets what was typed.
 */
void
floe_page_code_clear (FloePageCode *self)
{
  g_return_if_fail (FLOE_IS_PAGE_CODE (self));

  gtk_entry_set_text (GTK_ENTRY (self->code_entry), "");
}

/**
 * floe_page_code_take_focus:
 * @self: the page
 *
 * Puts the cursor where typing goes on.
 */
void
floe_page_code_take_focus (FloePageCode *self)
{
  g_return_if_fail (FLOE_IS_PAGE_CODE (self));

  gtk_widget_grab_default (self->go_button);
  gtk_widget_grab_focus (self->code_entry);
}

static void
floe_page_code_class_init (FloePageCodeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-code.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, title_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, why_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, shown_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, field_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, code_entry);
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, go_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageCode, back_button);

  signals[SIGNAL_CODE] = g_signal_new ("code", FLOE_TYPE_PAGE_CODE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_BACK] = g_signal_new ("back", FLOE_TYPE_PAGE_CODE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_page_code_init (FloePageCode *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  g_signal_connect_swapped (self->code_entry, "changed", G_CALLBACK (on_typed), self);
  floe_return_presses (self->code_entry, self->go_button);
  g_signal_connect_swapped (self->go_button, "clicked", G_CALLBACK (on_go), self);
  g_signal_connect_swapped (self->back_button, "clicked", G_CALLBACK (on_back), self);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
  update (self);
}
