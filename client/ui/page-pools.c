/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-pools.h"

#include <glib/gi18n.h>

#include "ui/clamp.h"

struct _FloePagePools
{
  GtkScrolledWindow parent_instance;

  GtkWidget *person_label;
  GtkWidget *problem_revealer;
  GtkWidget *problem_label;
  GtkWidget *list;
  GtkWidget *empty;
};

enum
{
  SIGNAL_OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePagePools, floe_page_pools, GTK_TYPE_SCROLLED_WINDOW)

/**
 * floe_desktop_state_words:
 * @state: a desktop's state
 *
 * Returns: (transfer none): what people call it
 */
const gchar *
floe_desktop_state_words (FloeDesktopState state)
{
  switch (state)
    {
    case FLOE_DESKTOP_STATE_OFF:
      return _ ("Off");
    case FLOE_DESKTOP_STATE_STARTING:
      return _ ("Starting");
    case FLOE_DESKTOP_STATE_READY:
      return _ ("Running");
    case FLOE_DESKTOP_STATE_IN_USE:
      return _ ("Open");
    case FLOE_DESKTOP_STATE_RESETTING:
      return _ ("Being reset");
    case FLOE_DESKTOP_STATE_BROKEN:
      return _ ("Out of order");
    case FLOE_DESKTOP_STATE_HOST_LOST:
      return _ ("Host not reachable");
    case FLOE_DESKTOP_STATE_UNKNOWN:
    default:
      return _ ("Unknown");
    }
}

static const gchar *
tag_class (FloeDesktopState state)
{
  if (state == FLOE_DESKTOP_STATE_READY || state == FLOE_DESKTOP_STATE_IN_USE)
    return "floe-good";
  if (state == FLOE_DESKTOP_STATE_BROKEN || state == FLOE_DESKTOP_STATE_HOST_LOST)
    return "floe-bad";
  return NULL;
}

static void
show_text (GtkBuilder *builder, const gchar *id, const gchar *text)
{
  GtkWidget *label = GTK_WIDGET (gtk_builder_get_object (builder, id));

  gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : "");
  gtk_widget_set_visible (label, text != NULL && *text != '\0');
}

static void
show_state (GtkBuilder *builder, const FloeDesktop *desktop)
{
  GtkWidget *label = GTK_WIDGET (gtk_builder_get_object (builder, "state_label"));

  show_text (builder, "state_label",
             desktop != NULL ? floe_desktop_state_words (desktop->state) : NULL);
  if (desktop != NULL && tag_class (desktop->state) != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), tag_class (desktop->state));
}

static GtkWidget *
make_row (const FloePool *pool)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/floe/Floe/pool-row.ui");
  GtkWidget *row = gtk_list_box_row_new ();
  AtkObject *accessible = gtk_widget_get_accessible (row);
  const gchar *hint = pool->keeps_data ? NULL : _ ("Nothing is kept after you log out");
  const gchar *state =
      pool->desktop != NULL ? floe_desktop_state_words (pool->desktop->state) : NULL;
  g_autofree gchar *spoken = g_strjoin (". ", state != NULL ? state : "", pool->description,
                                        hint != NULL ? hint : "", NULL);

  show_text (builder, "name_label", pool->name);
  show_text (builder, "description_label", pool->description);
  show_text (builder, "hint_label", hint);
  show_state (builder, pool->desktop);
  gtk_container_add (GTK_CONTAINER (row), GTK_WIDGET (gtk_builder_get_object (builder, "content")));
  g_object_set_data_full (G_OBJECT (row), "floe-pool", g_strdup (pool->name), g_free);
  atk_object_set_name (accessible, pool->name);
  atk_object_set_description (accessible, spoken);
  gtk_widget_show (row);
  return row;
}

static gint
find_row (FloePagePools *self, const gchar *name)
{
  GtkListBoxRow *row;

  for (gint i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), i)) != NULL;
       i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "floe-pool"), name) == 0)
      return i;
  return -1;
}

static gchar *
focused_pool (FloePagePools *self)
{
  GtkWidget *row = gtk_container_get_focus_child (GTK_CONTAINER (self->list));

  return row != NULL ? g_strdup (g_object_get_data (G_OBJECT (row), "floe-pool")) : NULL;
}

/**
 * floe_page_pools_set_pools:
 * @self: the page
 * @pools: (element-type FloePool): what there is now; the focus stays where it was
 */
void
floe_page_pools_set_pools (FloePagePools *self, GPtrArray *pools)
{
  g_autofree gchar *focused = NULL;
  GtkListBoxRow *row;

  g_return_if_fail (FLOE_IS_PAGE_POOLS (self));

  focused = focused_pool (self);
  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0)) != NULL)
    gtk_widget_destroy (GTK_WIDGET (row));
  for (guint i = 0; i < pools->len; i++)
    gtk_list_box_insert (GTK_LIST_BOX (self->list), make_row (pools->pdata[i]), -1);
  gtk_widget_set_visible (self->list, pools->len > 0);
  gtk_widget_set_visible (self->empty, pools->len == 0);
  if (focused == NULL)
    return;
  row =
      gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), MAX (find_row (self, focused), 0));
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

/**
 * floe_page_pools_set_person:
 * @self: the page
 * @name: who is logged in
 */
void
floe_page_pools_set_person (FloePagePools *self, const gchar *name)
{
  g_autofree gchar *text = NULL;

  g_return_if_fail (FLOE_IS_PAGE_POOLS (self));

  /* TRANSLATORS: the argument is a person's name */
  text = g_strdup_printf (_ ("Logged in as %s"), name);
  gtk_label_set_text (GTK_LABEL (self->person_label), text);
}

/**
 * floe_page_pools_set_problem:
 * @self: the page
 * @text: (nullable): why the list may be out of date
 */
void
floe_page_pools_set_problem (FloePagePools *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_POOLS (self));

  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (self->problem_label), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem_revealer), text != NULL);
}

void
floe_page_pools_take_focus (FloePagePools *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (FLOE_IS_PAGE_POOLS (self));

  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0);
  if (row != NULL && gtk_container_get_focus_child (GTK_CONTAINER (self->list)) == NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
on_row_activated (FloePagePools *self, GtkListBoxRow *row)
{
  g_autofree gchar *pool = g_strdup (g_object_get_data (G_OBJECT (row), "floe-pool"));

  g_signal_emit (self, signals[SIGNAL_OPEN], 0, pool);
}

static void
floe_page_pools_class_init (FloePagePoolsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-pools.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, person_label);
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, list);
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, empty);

  signals[SIGNAL_OPEN] = g_signal_new ("open", FLOE_TYPE_PAGE_POOLS, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
floe_page_pools_init (FloePagePools *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
}
