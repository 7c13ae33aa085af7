/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-recovery.h"

#include <string.h>

#include "ui/clamp.h"
#include "ui/secret-label.h"

#define COLUMNS 2

struct _FloePageRecovery
{
  GtkScrolledWindow parent_instance;

  GtkWidget *codes_label;
  GtkWidget *copy_button;
  GtkWidget *done_button;

  GPtrArray *codes; /* FloeSecret; or NULL */
};

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePageRecovery, floe_page_recovery, GTK_TYPE_SCROLLED_WINDOW)

/* All in one text, with so many in a line. */
static FloeSecret *
join (GPtrArray *codes, guint columns)
{
  static const gchar between[] = "    ";
  gsize room = 1;
  gsize used = 0;
  gchar *text;

  for (guint i = 0; i < codes->len; i++)
    {
      gsize length;

      floe_secret_get (codes->pdata[i], &length);
      room += length + strlen (between);
    }
  text = g_malloc (room);
  for (guint i = 0; i < codes->len; i++)
    {
      gsize length;
      const gchar *code = floe_secret_get (codes->pdata[i], &length);
      const gchar *before = i % columns == 0 ? "\n" : between;

      if (i > 0)
        used += g_strlcpy (text + used, before, room - used);
      memcpy (text + used, code, length);
      used += length;
    }
  return floe_secret_new_take (text, used);
}

static void
give (GtkClipboard *clipboard, GtkSelectionData *data, guint info, gpointer text)
{
  gsize length;
  const gchar *bytes = floe_secret_get (text, &length);

  gtk_selection_data_set_text (data, bytes, (gint)length);
}

static void
give_no_more (GtkClipboard *clipboard, gpointer text)
{
  floe_secret_unref (text);
}

/* The clipboard asks for the text when somebody pastes it, and has no copy of its own. */
static void
on_copy (FloePageRecovery *self)
{
  GtkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD);
  GtkTargetList *list = gtk_target_list_new (NULL, 0);
  FloeSecret *text = join (self->codes, 1);
  GtkTargetEntry *targets;
  gint n;

  gtk_target_list_add_text_targets (list, 0);
  targets = gtk_target_table_new_from_list (list, &n);
  if (!gtk_clipboard_set_with_data (clipboard, targets, (guint)n, give, give_no_more, text))
    floe_secret_unref (text);
  gtk_target_table_free (targets, n);
  gtk_target_list_unref (list);
}

static void
on_done (FloePageRecovery *self)
{
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

/**
 * floe_page_recovery_set_codes:
 * @self: the page
 * @codes: (nullable) (element-type FloeSecret): what is shown; %NULL for nothing any more
 */
void
floe_page_recovery_set_codes (FloePageRecovery *self, GPtrArray *codes)
{
  g_autoptr (FloeSecret) text = codes != NULL ? join (codes, COLUMNS) : NULL;

  g_return_if_fail (FLOE_IS_PAGE_RECOVERY (self));

  if (codes != NULL)
    g_ptr_array_ref (codes);
  g_clear_pointer (&self->codes, g_ptr_array_unref);
  self->codes = codes;
  floe_secret_label_set_secret (FLOE_SECRET_LABEL (self->codes_label), text);
  gtk_widget_set_sensitive (self->copy_button, codes != NULL);
}

/**
 * floe_page_recovery_take_focus:
 * @self: the page
 *
 * To the codes, which a screen reader then reads; no button takes an Enter that was meant for the
 * page before.
 */
void
floe_page_recovery_take_focus (FloePageRecovery *self)
{
  g_return_if_fail (FLOE_IS_PAGE_RECOVERY (self));

  gtk_widget_grab_focus (self->codes_label);
}

static void
floe_page_recovery_finalize (GObject *object)
{
  g_clear_pointer (&FLOE_PAGE_RECOVERY (object)->codes, g_ptr_array_unref);
  G_OBJECT_CLASS (floe_page_recovery_parent_class)->finalize (object);
}

static void
floe_page_recovery_class_init (FloePageRecoveryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = floe_page_recovery_finalize;
  g_type_ensure (FLOE_TYPE_CLAMP);
  g_type_ensure (FLOE_TYPE_SECRET_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-recovery.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageRecovery, codes_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageRecovery, copy_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageRecovery, done_button);

  signals[SIGNAL_DONE] = g_signal_new ("done", FLOE_TYPE_PAGE_RECOVERY, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_page_recovery_init (FloePageRecovery *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  g_signal_connect_swapped (self->copy_button, "clicked", G_CALLBACK (on_copy), self);
  g_signal_connect_swapped (self->done_button, "clicked", G_CALLBACK (on_done), self);
}
