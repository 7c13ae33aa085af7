/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-pools.h"

#include <glib/gi18n.h>

#include "ui/clamp.h"
#include "ui/policy-words.h"

struct _FloePagePools
{
  GtkScrolledWindow parent_instance;

  GtkWidget *person_label;
  GtkWidget *problem_revealer;
  GtkWidget *problem_label;
  GtkWidget *password_revealer;
  GtkWidget *password_label;
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

/* What its administrator says about it, or else what it means. */
static const gchar *
closed_words (const FloePool *pool)
{
  if (!pool->closed)
    return NULL;
  if (pool->message != NULL && *pool->message != '\0')
    return pool->message;
  return pool->desktop != NULL ? _ ("Closed for now; you can still use your desktop")
                               : _ ("Nobody gets a desktop here for now");
}

/* One thing to choose: a pool, or where there may be several desktops of it one of these. */
typedef struct
{
  const FloePool *pool;
  const FloeDesktop *desktop; /* or NULL */
  gboolean several;
  gboolean another;
} Choice;

static const gchar *
describe (const Choice *choice)
{
  if (choice->another)
    return _ ("Another desktop");
  return choice->several ? choice->desktop->name : choice->pool->description;
}

/* Of a closed pool, the desktop that somebody still has counts more than that it is closed. */
static const gchar *
state_words (const Choice *choice)
{
  if (choice->desktop != NULL)
    return floe_desktop_state_words (choice->desktop->state);
  /* TRANSLATORS: of a group of desktops, of which nobody gets one now */
  return choice->pool->closed ? _ ("Closed for now") : NULL;
}

static void
show_state (GtkBuilder *builder, const Choice *choice)
{
  GtkWidget *label = GTK_WIDGET (gtk_builder_get_object (builder, "state_label"));
  const gchar *tag = choice->desktop != NULL ? tag_class (choice->desktop->state) : NULL;

  show_text (builder, "state_label", state_words (choice));
  if (tag != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), tag);
}

/* All of a row in one sentence after the other, for a screen reader. */
static gchar *
spoken_words (const Choice *choice, const gchar *hint, const gchar *rules)
{
  const gchar *const words[] = { state_words (choice), describe (choice),
                                 closed_words (choice->pool), hint, rules };
  g_autoptr (GString) spoken = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i] != NULL && *words[i] != '\0')
      g_string_append_printf (spoken, "%s%s", spoken->len > 0 ? ". " : "", words[i]);
  return g_string_free (g_steal_pointer (&spoken), FALSE);
}

static void
mark_row (GtkWidget *row, const Choice *choice)
{
  GObject *object = G_OBJECT (row);
  const gchar *id = choice->several && choice->desktop != NULL ? choice->desktop->id : NULL;

  g_object_set_data_full (object, "floe-pool", g_strdup (choice->pool->name), g_free);
  g_object_set_data_full (object, "floe-desktop", g_strdup (id), g_free);
  g_object_set_data (object, "floe-another", GINT_TO_POINTER (choice->another));
}

static GtkWidget *
make_row (const Choice *choice)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/floe/Floe/pool-row.ui");
  GtkWidget *row = gtk_list_box_row_new ();
  AtkObject *accessible = gtk_widget_get_accessible (row);
  const FloePool *pool = choice->pool;
  const gchar *hint = pool->keeps_data ? NULL : _ ("Nothing is kept after you log out");
  g_autofree gchar *rules = floe_policy_words (pool->policy);
  g_autofree gchar *details = floe_policy_details (pool->policy);
  g_autofree gchar *spoken = spoken_words (choice, hint, rules);

  show_text (builder, "name_label", pool->name);
  show_text (builder, "description_label", describe (choice));
  show_text (builder, "closed_label", closed_words (pool));
  show_text (builder, "hint_label", hint);
  show_text (builder, "policy_label", rules);
  gtk_widget_set_tooltip_text (GTK_WIDGET (gtk_builder_get_object (builder, "policy_label")),
                               details);
  show_state (builder, choice);
  gtk_container_add (GTK_CONTAINER (row), GTK_WIDGET (gtk_builder_get_object (builder, "content")));
  mark_row (row, choice);
  atk_object_set_name (accessible, choice->several ? describe (choice) : pool->name);
  atk_object_set_description (accessible, spoken);
  gtk_widget_show (row);
  return row;
}

static void
add_rows (FloePagePools *self, const FloePool *pool)
{
  Choice choice = { pool, pool->desktop, floe_pool_is_choice (pool), FALSE };

  for (guint i = 0; choice.several && i < pool->desktops->len; i++)
    {
      choice.desktop = pool->desktops->pdata[i];
      gtk_list_box_insert (GTK_LIST_BOX (self->list), make_row (&choice), -1);
    }
  if (choice.several && !pool->another)
    return;
  choice.another = choice.several;
  choice.desktop = choice.several ? NULL : pool->desktop;
  gtk_list_box_insert (GTK_LIST_BOX (self->list), make_row (&choice), -1);
}

static gint
find_row (FloePagePools *self, const gchar *pool, const gchar *desktop)
{
  GtkListBoxRow *row;

  for (gint i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), i)) != NULL;
       i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "floe-pool"), pool) == 0
        && g_strcmp0 (g_object_get_data (G_OBJECT (row), "floe-desktop"), desktop) == 0)
      return i;
  return -1;
}

/**
 * floe_page_pools_set_pools:
 * @self: the page
 * @pools: (element-type FloePool): what there is now; the focus stays where it was
 */
void
floe_page_pools_set_pools (FloePagePools *self, GPtrArray *pools)
{
  GtkWidget *focused;
  g_autofree gchar *pool = NULL;
  g_autofree gchar *desktop = NULL;
  GtkListBoxRow *row;

  g_return_if_fail (FLOE_IS_PAGE_POOLS (self));

  focused = gtk_container_get_focus_child (GTK_CONTAINER (self->list));
  if (focused != NULL)
    {
      pool = g_strdup (g_object_get_data (G_OBJECT (focused), "floe-pool"));
      desktop = g_strdup (g_object_get_data (G_OBJECT (focused), "floe-desktop"));
    }
  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0)) != NULL)
    gtk_widget_destroy (GTK_WIDGET (row));
  for (guint i = 0; i < pools->len; i++)
    add_rows (self, pools->pdata[i]);
  gtk_widget_set_visible (self->list, pools->len > 0);
  gtk_widget_set_visible (self->empty, pools->len == 0);
  if (pool == NULL)
    return;
  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list),
                                       MAX (find_row (self, pool, desktop), 0));
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

/**
 * floe_page_pools_set_warning:
 * @self: the page
 * @text: (nullable): what is to be known of the person's password; with a button to change it
 */
void
floe_page_pools_set_warning (FloePagePools *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_POOLS (self));

  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (self->password_label), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->password_revealer), text != NULL);
}

/**
 * floe_page_pools_clear:
 * @self: the page
 *
 * Forgets whose list this was.
 */
void
floe_page_pools_clear (FloePagePools *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  g_return_if_fail (FLOE_IS_PAGE_POOLS (self));

  floe_page_pools_set_pools (self, none);
  floe_page_pools_set_problem (self, NULL);
  floe_page_pools_set_warning (self, NULL);
  gtk_label_set_text (GTK_LABEL (self->person_label), "");
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
  g_autofree gchar *desktop = g_strdup (g_object_get_data (G_OBJECT (row), "floe-desktop"));
  gboolean another = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "floe-another"));

  g_signal_emit (self, signals[SIGNAL_OPEN], 0, pool, desktop, another);
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
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, password_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, password_label);
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, list);
  gtk_widget_class_bind_template_child (widget_class, FloePagePools, empty);

  signals[SIGNAL_OPEN] =
      g_signal_new ("open", FLOE_TYPE_PAGE_POOLS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
floe_page_pools_init (FloePagePools *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
}
