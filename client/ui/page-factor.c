/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-factor.h"

#include <glib/gi18n.h>

#include "ui/clamp.h"
#include "ui/late-spinner.h"
#include "ui/qr-view.h"
#include "ui/return-key.h"
#include "ui/secret-label.h"

struct _FloePageFactor
{
  GtkScrolledWindow parent_instance;

  GtkWidget *icon;
  GtkWidget *title_label;
  GtkWidget *why_label;
  GtkWidget *offer_box;
  GtkWidget *qr_view;
  GtkWidget *key_label;
  GtkWidget *code_entry;
  GtkWidget *problem_revealer;
  GtkWidget *problem_label;
  GtkWidget *go_button;
  GtkWidget *go_label;
  GtkWidget *spinner;
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

G_DEFINE_FINAL_TYPE (FloePageFactor, floe_page_factor, GTK_TYPE_SCROLLED_WINDOW)

static FloeSecret *
code_of (FloePageFactor *self)
{
  return floe_code_tidy (gtk_entry_get_text (GTK_ENTRY (self->code_entry)), -1);
}

static void
update (FloePageFactor *self)
{
  g_autoptr (FloeSecret) code = code_of (self);

  gtk_widget_set_sensitive (self->go_button, !self->busy && !floe_secret_is_empty (code));
}

/* On a small screen the QR code is what is seen at first. With the button, what is said of a code
 * has room, too. */
static void
on_typed (FloePageFactor *self)
{
  floe_page_factor_set_problem (self, NULL);
  update (self);
  if (gtk_entry_get_text_length (GTK_ENTRY (self->code_entry)) > 0)
    floe_clamp_scroll_to (GTK_SCROLLED_WINDOW (self), self->go_button);
}

static void
on_go (FloePageFactor *self)
{
  g_autoptr (FloeSecret) code = code_of (self);

  g_signal_emit (self, signals[SIGNAL_CODE], 0, code);
}

static void
on_back (FloePageFactor *self)
{
  g_signal_emit (self, signals[SIGNAL_BACK], 0);
}

static gboolean
on_key_press (FloePageFactor *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  on_back (self);
  return GDK_EVENT_STOP;
}

/**
 * floe_page_factor_begin:
 * @self: the page
 * @offer: (nullable): what makes a second factor; %NULL when there is one
 *
 * Begins anew, with nothing typed.
 */
void
floe_page_factor_begin (FloePageFactor *self, const FloeFactorOffer *offer)
{
  g_return_if_fail (FLOE_IS_PAGE_FACTOR (self));

  floe_page_factor_clear (self);
  floe_page_factor_set_busy (self, FALSE);
  floe_page_factor_set_problem (self, NULL);
  gtk_widget_set_visible (self->icon, offer == NULL);
  gtk_widget_set_visible (self->offer_box, offer != NULL);
  if (offer != NULL)
    {
      g_autoptr (FloeSecret) key = floe_secret_in_groups (offer->secret);

      floe_qr_view_set_text (FLOE_QR_VIEW (self->qr_view), offer->uri);
      floe_secret_label_set_secret (FLOE_SECRET_LABEL (self->key_label), key);
    }
  gtk_label_set_text (GTK_LABEL (self->title_label),
                      offer != NULL ? _ ("Set Up Your Second Factor") : _ ("Enter a Code"));
  gtk_label_set_text (GTK_LABEL (self->why_label),
                      offer != NULL
                          ? _ ("From now on you log in with a code from your phone, too.\n"
                               "Scan this with an authenticator app, or type the key into it.")
                          : _ ("Type the six digits that your authenticator app shows.\n"
                               "A recovery code works, too."));
}

/**
 * floe_page_factor_clear:
 * @self: the page
 *
 * Forgets what was shown and what was typed.
 */
void
floe_page_factor_clear (FloePageFactor *self)
{
  g_return_if_fail (FLOE_IS_PAGE_FACTOR (self));

  floe_qr_view_set_text (FLOE_QR_VIEW (self->qr_view), NULL);
  floe_secret_label_set_secret (FLOE_SECRET_LABEL (self->key_label), NULL);
  gtk_entry_set_text (GTK_ENTRY (self->code_entry), "");
}

/**
 * floe_page_factor_set_busy:
 * @self: the page
 * @busy: whether the code is being checked
 */
void
floe_page_factor_set_busy (FloePageFactor *self, gboolean busy)
{
  g_return_if_fail (FLOE_IS_PAGE_FACTOR (self));

  /* The keyboard stays on the page: a field that sleeps would drop it, and Escape with it. */
  if (busy)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  self->busy = busy;
  gtk_widget_set_sensitive (self->code_entry, !busy);
  floe_late_spinner_set (self->spinner, busy);
  gtk_label_set_text_with_mnemonic (GTK_LABEL (self->go_label),
                                    busy ? _ ("Checking…") : _ ("_Continue"));
  update (self);
  if (!busy && gtk_widget_is_focus (GTK_WIDGET (self)))
    floe_page_factor_take_focus (self);
}

/**
 * floe_page_factor_set_problem:
 * @self: the page
 * @text: (nullable): why it did not work, below the field
 */
void
floe_page_factor_set_problem (FloePageFactor *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_FACTOR (self));

  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (self->problem_label), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem_revealer), text != NULL);
}

void
floe_page_factor_clear_code (FloePageFactor *self)
{
  g_return_if_fail (FLOE_IS_PAGE_FACTOR (self));

  gtk_entry_set_text (GTK_ENTRY (self->code_entry), "");
}

/**
 * floe_page_factor_take_focus:
 * @self: the page
 *
 * Puts the cursor where typing goes on.
 */
void
floe_page_factor_take_focus (FloePageFactor *self)
{
  g_return_if_fail (FLOE_IS_PAGE_FACTOR (self));

  gtk_widget_grab_default (self->go_button);
  gtk_widget_grab_focus (self->code_entry);
}

static void
floe_page_factor_class_init (FloePageFactorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  g_type_ensure (FLOE_TYPE_QR_VIEW);
  g_type_ensure (FLOE_TYPE_SECRET_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-factor.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, icon);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, title_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, why_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, offer_box);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, qr_view);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, key_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, code_entry);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, go_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, go_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, spinner);
  gtk_widget_class_bind_template_child (widget_class, FloePageFactor, back_button);

  signals[SIGNAL_CODE] = g_signal_new ("code", FLOE_TYPE_PAGE_FACTOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_BACK] = g_signal_new ("back", FLOE_TYPE_PAGE_FACTOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_page_factor_init (FloePageFactor *self)
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
