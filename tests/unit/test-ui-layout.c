/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <locale.h>

#include "ui-flow-fixture.h"

/* Every page in a language that needs more room, and in one that is read from right to left. */

static const FloeView views[] = { FLOE_VIEW_SERVER,  FLOE_VIEW_LOGIN,    FLOE_VIEW_POOLS,
                                  FLOE_VIEW_MESSAGE, FLOE_VIEW_PROGRESS, FLOE_VIEW_SETTINGS,
                                  FLOE_VIEW_CODE,    FLOE_VIEW_PASSWORD, FLOE_VIEW_FACTOR };

/* German is a third longer than English, and this is longer still, where it is short most of all.
 */
static void
make_longer (const gchar *dir)
{
  g_autofree gchar *folder = g_build_filename (dir, "de", "LC_MESSAGES", NULL);
  g_autofree gchar *po = g_test_build_filename (G_TEST_DIST, "po", "de.po", NULL);
  g_autofree gchar *command = g_strdup_printf (
      "sh -c \"msgfilter --newline --keep-header -i '%s' awk '{ pad = \\\"\\\"; "
      "while (length (pad) < length (\\$0) * 0.1) pad = pad \\\" lorem\\\"; print \\$0 pad }' "
      "| msgfmt -o '%s/" GETTEXT_PACKAGE ".mo' -\"",
      po, folder);
  gint status;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  bindtextdomain (GETTEXT_PACKAGE, dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_setenv ("LANGUAGE", "de", TRUE);
  g_assert_nonnull (setlocale (LC_MESSAGES, "C.UTF-8"));
}

/* What has no room yet comes into sight only later. */
static gboolean
is_seen (GtkWidget *widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_get_allocated_width (widget) > 1;
}

/* What is cut off: a label of ours with less room than its words take. */
static void
check_label (GtkLabel *label)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  gint width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (pango_layout_is_ellipsized (layout)
      || width > gtk_widget_get_allocated_width (GTK_WIDGET (label))
      || height > gtk_widget_get_allocated_height (GTK_WIDGET (label)))
    g_error ("cut off, %d x %d of %d x %d: %s", gtk_widget_get_allocated_width (GTK_WIDGET (label)),
             gtk_widget_get_allocated_height (GTK_WIDGET (label)), width, height,
             gtk_label_get_text (label));
}

static void
check_all (GtkWidget *widget, gpointer data)
{
  if (!is_seen (widget)
      || (GTK_IS_REVEALER (widget) && !gtk_revealer_get_child_revealed (GTK_REVEALER (widget))))
    return;
  if (GTK_IS_LABEL (widget))
    check_label (GTK_LABEL (widget));
  if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), check_all, data);
}

static void
test_longer (FlowFixture *f, gconstpointer data)
{
  gint width, height;

  flow_settle ();
  g_assert_true (flow_shows (GTK_WIDGET (f->window), " lorem"));
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      floe_window_show_view (f->window, views[i]);
      flow_settle ();
      gtk_window_get_size (GTK_WINDOW (f->window), &width, &height);
      g_test_message ("view %d, %d x %d", views[i], width, height);
      g_assert_cmpint (width, <=, 1024);
      g_assert_cmpint (height, <=, 768);
      check_all (GTK_WIDGET (f->window), NULL);
    }
}

/* From right to left everything is where it was, seen in a mirror. */

typedef struct
{
  GtkWidget *window;
  GArray *places; /* of GdkRectangle */
} Places;

static void
note_place (GtkWidget *widget, gpointer data)
{
  Places *places = data;
  GdkRectangle area;

  if (!is_seen (widget))
    return;
  if (GTK_IS_LABEL (widget) || GTK_IS_ENTRY (widget) || GTK_IS_BUTTON (widget)
      || GTK_IS_SWITCH (widget) || GTK_IS_IMAGE (widget))
    {
      gtk_widget_translate_coordinates (widget, places->window, 0, 0, &area.x, &area.y);
      area.width = gtk_widget_get_allocated_width (widget);
      area.height = gtk_widget_get_allocated_height (widget);
      g_array_append_val (places->places, area);
    }
  if (GTK_IS_CONTAINER (widget) && !GTK_IS_COMBO_BOX (widget))
    gtk_container_forall (GTK_CONTAINER (widget), note_place, data);
}

static GArray *
list_places (FlowFixture *f, GtkTextDirection direction)
{
  Places places = { GTK_WIDGET (f->window), g_array_new (FALSE, FALSE, sizeof (GdkRectangle)) };

  gtk_widget_set_default_direction (direction);
  flow_settle ();
  note_place (places.window, &places);
  return places.places;
}

static void
test_mirrored (FlowFixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      g_autoptr (GArray) there = NULL;
      g_autoptr (GArray) back = NULL;
      gint width = gtk_widget_get_allocated_width (GTK_WIDGET (f->window));

      floe_window_show_view (f->window, views[i]);
      there = list_places (f, GTK_TEXT_DIR_LTR);
      back = list_places (f, GTK_TEXT_DIR_RTL);
      g_assert_cmpuint (there->len, >, 2);
      g_assert_cmpuint (there->len, ==, back->len);
      for (guint k = 0; k < there->len; k++)
        {
          const GdkRectangle *a = &g_array_index (there, GdkRectangle, k);
          const GdkRectangle *b = &g_array_index (back, GdkRectangle, k);

          g_test_message ("view %d, %u: %d+%d and %d+%d of %d", views[i], k, a->x, a->width, b->x,
                          b->width, width);
          g_assert_cmpint (ABS (b->x - (width - a->x - a->width)), <=, 3);
          g_assert_cmpint (ABS (a->y - b->y), <=, 3);
        }
    }
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
set_up_longer (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *dir = fake_dir_new ();

  make_longer (dir);
  flow_set_up (f, data);
  fake_dir_remove (dir);
}

static void
add_all (void)
{
  g_test_add ("/ui/layout/mirrored", FlowFixture, NULL, flow_set_up, test_mirrored, flow_tear_down);
  g_test_add ("/ui/layout/longer", FlowFixture, NULL, set_up_longer, test_longer, flow_tear_down);
}

int
main (int argc, char **argv)
{
  /* as the program does: else GLib decides that there is nothing to translate */
  (void)g_dgettext (GETTEXT_PACKAGE, "");
  return flow_run (argc, argv, add_all);
}
