/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-password.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/clamp.h"
#include "ui/late-spinner.h"
#include "ui/password-entries.h"
#include "ui/return-key.h"

#define N_ENTRIES 3

struct _FloePagePassword
{
  GtkScrolledWindow parent_instance;

  GtkWidget *why_label;
  GtkWidget *old_box;
  GtkWidget *old_entry;
  GtkWidget *new_entry;
  GtkWidget *again_entry;
  GtkWidget *caps_revealer;
  GtkWidget *problem_revealer;
  GtkWidget *problem_label;
  GtkWidget *change_button;
  GtkWidget *change_label;
  GtkWidget *spinner;
  GtkWidget *back_button;

  GtkWidget *entries[N_ENTRIES]; /* the three from above */
  FloePasswordEntries *passwords;
  gboolean asks_old;
  gboolean busy;
};

enum
{
  SIGNAL_CHANGE,
  SIGNAL_CANCEL,
  SIGNAL_BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePagePassword, floe_page_password, GTK_TYPE_SCROLLED_WINDOW)

static gboolean
is_filled (GtkWidget *entry)
{
  return gtk_entry_get_text_length (GTK_ENTRY (entry)) > 0;
}

static void
update (FloePagePassword *self)
{
  gboolean complete = (!self->asks_old || is_filled (self->old_entry))
                      && is_filled (self->new_entry) && is_filled (self->again_entry);

  gtk_widget_set_sensitive (self->change_button, complete && !self->busy);
}

static void
on_typed (FloePagePassword *self)
{
  floe_page_password_set_problem (self, NULL);
  update (self);
}

static void
on_change (FloePagePassword *self)
{
  g_autoptr (FloeSecret) old = NULL;
  g_autoptr (FloeSecret) new = NULL;

  if (strcmp (gtk_entry_get_text (GTK_ENTRY (self->new_entry)),
              gtk_entry_get_text (GTK_ENTRY (self->again_entry)))
      != 0)
    {
      floe_page_password_clear_new (self);
      floe_page_password_set_problem (self, _ ("The two new passwords are not the same."));
      return;
    }
  if (self->asks_old)
    old = floe_secret_new (gtk_entry_get_text (GTK_ENTRY (self->old_entry)), -1);
  new = floe_secret_new (gtk_entry_get_text (GTK_ENTRY (self->new_entry)), -1);
  g_signal_emit (self, signals[SIGNAL_CHANGE], 0, old, new);
}

static void
on_back (FloePagePassword *self)
{
  g_signal_emit (self, signals[self->busy ? SIGNAL_CANCEL : SIGNAL_BACK], 0);
}

static gboolean
on_key_press (FloePagePassword *self, GdkEventKey *event)
{
  if (event->keyval == GDK_KEY_Escape)
    {
      on_back (self);
      return GDK_EVENT_STOP;
    }
  return floe_password_entries_handle_key (self->passwords, event) ? GDK_EVENT_STOP
                                                                   : GDK_EVENT_PROPAGATE;
}

/**
 * floe_page_password_begin:
 * @self: the page
 * @why: what makes the person change it, or whose it is
 * @asks_old: whether the current one has to be typed, too
 *
 * Begins anew, with nothing typed.
 */
void
floe_page_password_begin (FloePagePassword *self, const gchar *why, gboolean asks_old)
{
  g_return_if_fail (FLOE_IS_PAGE_PASSWORD (self));

  self->asks_old = asks_old;
  gtk_label_set_text (GTK_LABEL (self->why_label), why);
  gtk_widget_set_visible (self->old_box, asks_old);
  floe_page_password_clear (self);
  floe_page_password_set_busy (self, FALSE);
  floe_page_password_set_problem (self, NULL);
}

/**
 * floe_page_password_set_busy:
 * @self: the page
 * @busy: whether the password is being changed
 */
void
floe_page_password_set_busy (FloePagePassword *self, gboolean busy)
{
  g_return_if_fail (FLOE_IS_PAGE_PASSWORD (self));

  /* The keyboard stays on the page: a field that sleeps would drop it, and Escape with it. */
  if (busy)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  self->busy = busy;
  for (guint i = 0; i < N_ENTRIES; i++)
    gtk_widget_set_sensitive (self->entries[i], !busy);
  floe_late_spinner_set (self->spinner, busy);
  gtk_label_set_text_with_mnemonic (GTK_LABEL (self->change_label),
                                    busy ? _ ("Changing…") : _ ("_Change Password"));
  gtk_button_set_label (GTK_BUTTON (self->back_button), busy ? _ ("_Cancel") : _ ("_Back"));
  if (busy)
    floe_password_entries_reveal (self->passwords, FALSE);
  update (self);
  if (!busy && gtk_widget_is_focus (GTK_WIDGET (self)))
    floe_page_password_take_focus (self);
}

/**
 * floe_page_password_set_problem:
 * @self: the page
 * @text: (nullable): why it did not work, below the fields
 */
void
floe_page_password_set_problem (FloePagePassword *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_PASSWORD (self));

  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (self->problem_label), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem_revealer), text != NULL);
}

/**
 * floe_page_password_clear:
 * @self: the page
 *
 * Empties all fields. GTK wipes the buffer of an entry that shows no text when it shrinks.
 */
void
floe_page_password_clear (FloePagePassword *self)
{
  g_return_if_fail (FLOE_IS_PAGE_PASSWORD (self));

  floe_password_entries_reveal (self->passwords, FALSE);
  for (guint i = 0; i < N_ENTRIES; i++)
    gtk_entry_set_text (GTK_ENTRY (self->entries[i]), "");
}

/**
 * floe_page_password_clear_new:
 * @self: the page
 *
 * Empties the fields of the new password, and goes there: it was not taken.
 */
void
floe_page_password_clear_new (FloePagePassword *self)
{
  g_return_if_fail (FLOE_IS_PAGE_PASSWORD (self));

  floe_password_entries_reveal (self->passwords, FALSE);
  gtk_entry_set_text (GTK_ENTRY (self->new_entry), "");
  gtk_entry_set_text (GTK_ENTRY (self->again_entry), "");
  gtk_widget_grab_focus (self->new_entry);
}

/**
 * floe_page_password_take_focus:
 * @self: the page
 *
 * Puts the cursor where typing goes on.
 */
void
floe_page_password_take_focus (FloePagePassword *self)
{
  g_return_if_fail (FLOE_IS_PAGE_PASSWORD (self));

  gtk_widget_grab_default (self->change_button);
  gtk_widget_grab_focus (self->asks_old && !is_filled (self->old_entry) ? self->old_entry
                                                                        : self->new_entry);
}

static void
floe_page_password_class_init (FloePagePasswordClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-password.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, why_label);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, old_box);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, old_entry);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, new_entry);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, again_entry);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, caps_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, change_button);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, change_label);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, spinner);
  gtk_widget_class_bind_template_child (widget_class, FloePagePassword, back_button);

  signals[SIGNAL_CHANGE] =
      g_signal_new ("change", FLOE_TYPE_PAGE_PASSWORD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
  signals[SIGNAL_CANCEL] = g_signal_new ("cancel", FLOE_TYPE_PAGE_PASSWORD, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_BACK] = g_signal_new ("back", FLOE_TYPE_PAGE_PASSWORD, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_page_password_init (FloePagePassword *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  self->entries[0] = self->old_entry;
  self->entries[1] = self->new_entry;
  self->entries[2] = self->again_entry;
  for (guint i = 0; i < N_ENTRIES; i++)
    {
      g_signal_connect_swapped (self->entries[i], "changed", G_CALLBACK (on_typed), self);
      floe_return_presses (self->entries[i], self->change_button);
    }
  self->passwords =
      floe_password_entries_new (GTK_WIDGET (self), self->caps_revealer, self->entries, N_ENTRIES);
  g_signal_connect_swapped (self->change_button, "clicked", G_CALLBACK (on_change), self);
  g_signal_connect_swapped (self->back_button, "clicked", G_CALLBACK (on_back), self);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
  update (self);
}
