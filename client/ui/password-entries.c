/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/password-entries.h"

#include <glib/gi18n.h>

struct _FloePasswordEntries
{
  GtkWidget *page; /* not owned: it owns this */
  GtkWidget *caps_revealer;
  GtkWidget **entries;
  guint n_entries;
};

static const gchar *
tooltip (const FloePasswordEntries *self, gboolean reveal)
{
  if (self->n_entries == 1)
    return reveal ? _ ("Hide the password (Ctrl+R)") : _ ("Show the password (Ctrl+R)");
  return reveal ? _ ("Hide the passwords (Ctrl+R)") : _ ("Show the passwords (Ctrl+R)");
}

/**
 * floe_password_entries_reveal:
 * @reveal: whether what is typed can be read
 */
void
floe_password_entries_reveal (FloePasswordEntries *self, gboolean reveal)
{
  for (guint i = 0; i < self->n_entries; i++)
    {
      GtkEntry *entry = GTK_ENTRY (self->entries[i]);

      gtk_entry_set_visibility (entry, reveal);
      gtk_entry_set_icon_from_icon_name (entry, GTK_ENTRY_ICON_SECONDARY,
                                         reveal ? "view-conceal-symbolic" : "view-reveal-symbolic");
      gtk_entry_set_icon_tooltip_text (entry, GTK_ENTRY_ICON_SECONDARY, tooltip (self, reveal));
    }
}

static void
toggle (FloePasswordEntries *self)
{
  floe_password_entries_reveal (self, !gtk_entry_get_visibility (GTK_ENTRY (self->entries[0])));
}

/**
 * floe_password_entries_handle_key:
 * @event: a key that the page got
 *
 * Returns: whether it was one of theirs
 */
gboolean
floe_password_entries_handle_key (FloePasswordEntries *self, const GdkEventKey *event)
{
  gboolean control = (event->state & gtk_accelerator_get_default_mod_mask ()) == GDK_CONTROL_MASK;

  if (!control || (event->keyval != GDK_KEY_r && event->keyval != GDK_KEY_R))
    return FALSE;
  toggle (self);
  return TRUE;
}

static GdkKeymap *
keymap_of (FloePasswordEntries *self)
{
  return gdk_keymap_get_for_display (gtk_widget_get_display (self->page));
}

static void
update_caps_lock (FloePasswordEntries *self)
{
  gboolean focused = FALSE;

  for (guint i = 0; i < self->n_entries; i++)
    focused |= gtk_widget_has_focus (self->entries[i]);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->caps_revealer),
                                 focused && gdk_keymap_get_caps_lock_state (keymap_of (self)));
}

/* The keymap's, which outlives the page. */
static void
on_keymap (GtkWidget *page, gpointer keymap)
{
  update_caps_lock (g_object_get_data (G_OBJECT (page), "floe-password-entries"));
}

static void
entries_free (gpointer data)
{
  FloePasswordEntries *self = data;

  g_free (self->entries);
  g_free (self);
}

/**
 * floe_password_entries_new:
 * @page: what they are on
 * @caps_revealer: what says that Caps Lock is on
 * @entries: (array length=n_entries): the fields, which live as long as the page
 *
 * Returns: (transfer none): theirs, which lives as long as the page
 */
FloePasswordEntries *
floe_password_entries_new (GtkWidget *page, GtkWidget *caps_revealer, GtkWidget *const *entries,
                           guint n_entries)
{
  FloePasswordEntries *self = g_new0 (FloePasswordEntries, 1);

  self->page = page;
  self->caps_revealer = caps_revealer;
  self->entries = g_memdup2 (entries, n_entries * sizeof *entries);
  self->n_entries = n_entries;
  g_object_set_data_full (G_OBJECT (page), "floe-password-entries", self, entries_free);
  for (guint i = 0; i < n_entries; i++)
    {
      g_signal_connect_swapped (entries[i], "icon-press", G_CALLBACK (toggle), self);
      g_signal_connect_swapped (entries[i], "notify::has-focus", G_CALLBACK (update_caps_lock),
                                self);
    }
  g_signal_connect_object (keymap_of (self), "state-changed", G_CALLBACK (on_keymap), page,
                           G_CONNECT_SWAPPED);
  return self;
}
