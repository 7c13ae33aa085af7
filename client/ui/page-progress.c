/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-progress.h"

#include <glib/gi18n.h>

#include "ui/clamp.h"
#include "ui/late-spinner.h"
#include "ui/policy-words.h"

#define N_STEPS 4

struct _FloePageProgress
{
  GtkScrolledWindow parent_instance;

  GtkWidget *spinner;
  GtkWidget *title_label;
  GtkWidget *status_label;
  GtkWidget *steps;
  GtkWidget *policy_label;
  GtkWidget *cancel_button;

  GtkWidget *rows[N_STEPS];
  GtkWidget *images[N_STEPS];
};

enum
{
  SIGNAL_CANCEL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePageProgress, floe_page_progress, GTK_TYPE_SCROLLED_WINDOW)

static const gchar *const step_names[N_STEPS] = {
  N_ ("Find a desktop"),
  N_ ("Start it"),
  N_ ("Wait until it is ready"),
  N_ ("Connect"),
};

static guint
step_of (FloeDesk *desk)
{
  const FloeConnectRequest *request = floe_desk_get_request (desk);

  if (floe_desk_get_state (desk) >= FLOE_DESK_OPENING)
    return 3;
  if (request == NULL)
    return 0;
  switch (request->state)
    {
    case FLOE_REQUEST_STATE_STARTING:
      return 1;
    case FLOE_REQUEST_STATE_GUEST:
      return 2;
    case FLOE_REQUEST_STATE_READY:
      return 3;
    case FLOE_REQUEST_STATE_QUEUED:
    case FLOE_REQUEST_STATE_WAITING:
    case FLOE_REQUEST_STATE_FAILED:
    default:
      return 0;
    }
}

static gchar *
words_of_estimate (const FloeConnectRequest *request)
{
  guint minutes = (request->estimate_seconds + 59) / 60;

  if (request->place > 1)
    return g_strdup_printf (
        /* TRANSLATORS: the place in a line of people who wait, 2 or more; and minutes */
        g_dngettext (NULL, "You are number %u in line; about %u minute.",
                     "You are number %u in line; about %u minutes.", minutes),
        request->place, minutes);
  return g_strdup_printf (g_dngettext (NULL, "You are next in line; about %u minute.",
                                       "You are next in line; about %u minutes.", minutes),
                          minutes);
}

/* It may be long: they are told why nothing else is given to them. */
static gchar *
words_of_data_host (const FloeConnectRequest *request)
{
  if (request->data_lost)
    /* TRANSLATORS: the name of a machine in the data centre */
    return g_strdup_printf (_ ("Your data is on host %s, which does not answer. You get a desktop "
                               "when it is back; the helpdesk knows more."),
                            request->data_host);
  if (request->place > 0 && request->estimate_seconds > 0)
    {
      g_autofree gchar *line = words_of_estimate (request);

      /* TRANSLATORS: a whole sentence about a line of people, and the name of a machine in the data
       * centre */
      return g_strdup_printf (_ ("%s It must be a desktop of host %s, where your data is."), line,
                              request->data_host);
    }
  /* TRANSLATORS: the name of a machine in the data centre */
  return g_strdup_printf (_ ("Waiting for a desktop of host %s, where your data is."),
                          request->data_host);
}

static gchar *
words_of_request (const FloeConnectRequest *request)
{
  switch (request->state)
    {
    case FLOE_REQUEST_STATE_QUEUED:
      if (request->data_host != NULL)
        return words_of_data_host (request);
      if (request->place > 0 && request->estimate_seconds > 0)
        return words_of_estimate (request);
      G_GNUC_FALLTHROUGH;
    case FLOE_REQUEST_STATE_WAITING:
      if (request->place > 1)
        /* TRANSLATORS: the place in a line of people who wait, 2 or more */
        return g_strdup_printf (_ ("You are number %u in the line."), request->place);
      if (request->place == 1)
        return g_strdup (_ ("You are next in the line."));
      return g_strdup (_ ("Waiting for a free desktop."));
    case FLOE_REQUEST_STATE_STARTING:
      return g_strdup (_ ("The desktop is starting."));
    case FLOE_REQUEST_STATE_GUEST:
      return g_strdup (_ ("The desktop has started and is getting ready."));
    case FLOE_REQUEST_STATE_READY:
    case FLOE_REQUEST_STATE_FAILED:
    default:
      return g_strdup (_ ("The desktop is ready."));
    }
}

/**
 * floe_desk_words:
 * @desk: a desk that is not stopped
 *
 * Returns: (transfer full): one sentence about what goes on
 */
gchar *
floe_desk_words (FloeDesk *desk)
{
  const FloeConnectRequest *request = floe_desk_get_request (desk);

  switch (floe_desk_get_state (desk))
    {
    case FLOE_DESK_QUEUED:
      return request != NULL ? words_of_request (request)
                             : g_strdup (_ ("Waiting for a free desktop."));
    case FLOE_DESK_OPENING:
      return g_strdup (_ ("Connecting to the desktop."));
    case FLOE_DESK_ASKING_WHY:
      return g_strdup (_ ("Asking the server what happened."));
    case FLOE_DESK_PAUSED:
      return g_strdup (_ ("There is no answer yet. Trying again in a moment."));
    case FLOE_DESK_SHOWING:
    case FLOE_DESK_STOPPED:
    case FLOE_DESK_ASKING:
    default:
      return g_strdup (_ ("Asking the server for a desktop."));
    }
}

static void
set_class (GtkWidget *widget, const gchar *name, gboolean on)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  if (on)
    gtk_style_context_add_class (context, name);
  else
    gtk_style_context_remove_class (context, name);
}

static void
show_step (FloePageProgress *self, guint now)
{
  for (guint i = 0; i < N_STEPS; i++)
    {
      const gchar *icon = i < now ? "object-select-symbolic" : "content-loading-symbolic";

      gtk_image_set_from_icon_name (GTK_IMAGE (self->images[i]), icon, GTK_ICON_SIZE_MENU);
      gtk_image_set_pixel_size (GTK_IMAGE (self->images[i]), 16);
      set_class (self->rows[i], "floe-done", i < now);
      set_class (self->rows[i], "floe-now", i == now);
    }
}

/**
 * floe_page_progress_update:
 * @self: the page
 * @desk: the desk whose way is shown
 */
void
floe_page_progress_update (FloePageProgress *self, FloeDesk *desk)
{
  g_autofree gchar *title = NULL;
  g_autofree gchar *status = NULL;

  g_return_if_fail (FLOE_IS_PAGE_PROGRESS (self));

  /* TRANSLATORS: the argument is a desktop's or a pool's name */
  title = g_strdup_printf (_ ("Opening “%s”"), floe_desk_get_title (desk));
  status = floe_desk_words (desk);
  floe_page_progress_say (self, title, status);
  gtk_widget_show (self->steps);
  gtk_widget_set_visible (self->policy_label,
                          *gtk_label_get_text (GTK_LABEL (self->policy_label)) != '\0');
  gtk_widget_show (self->cancel_button);
  show_step (self, step_of (desk));
}

/**
 * floe_page_progress_set_policy:
 * @self: the page
 * @policy: (nullable): what is allowed on the desktop that is opened
 *
 * Says, while it is on its way, what is not.
 */
void
floe_page_progress_set_policy (FloePageProgress *self, const FloePolicy *policy)
{
  g_autofree gchar *words = policy != NULL ? floe_policy_words (policy) : NULL;
  g_autofree gchar *details = words != NULL ? floe_policy_details (policy) : NULL;

  g_return_if_fail (FLOE_IS_PAGE_PROGRESS (self));

  gtk_label_set_text (GTK_LABEL (self->policy_label), words != NULL ? words : "");
  gtk_widget_set_tooltip_text (self->policy_label, details);
}

/**
 * floe_page_progress_say:
 * @self: the page
 * @title: what is being done
 * @status: a sentence about it
 *
 * Shows something that has no steps and cannot be cancelled.
 */
void
floe_page_progress_say (FloePageProgress *self, const gchar *title, const gchar *status)
{
  g_return_if_fail (FLOE_IS_PAGE_PROGRESS (self));

  gtk_label_set_text (GTK_LABEL (self->title_label), title);
  gtk_label_set_text (GTK_LABEL (self->status_label), status);
  floe_late_spinner_set (self->spinner, TRUE);
  gtk_widget_hide (self->steps);
  gtk_widget_hide (self->policy_label);
  gtk_widget_hide (self->cancel_button);
}

/**
 * floe_page_progress_say_opening:
 * @self: the page
 * @name: what is opened without a server that would tell how far it is
 *
 * Shows that, until it is there or cancelled.
 */
void
floe_page_progress_say_opening (FloePageProgress *self, const gchar *name)
{
  /* TRANSLATORS: the argument is a desktop's or a pool's name */
  g_autofree gchar *title = g_strdup_printf (_ ("Opening “%s”"), name);

  floe_page_progress_say (self, title, _ ("The display's host is being connected to."));
  gtk_widget_show (self->cancel_button);
}

/**
 * floe_page_progress_rest:
 * @self: the page
 *
 * Stops the spinner, which would otherwise redraw a page that nobody sees.
 */
void
floe_page_progress_rest (FloePageProgress *self)
{
  g_return_if_fail (FLOE_IS_PAGE_PROGRESS (self));

  floe_late_spinner_set (self->spinner, FALSE);
}

void
floe_page_progress_take_focus (FloePageProgress *self)
{
  g_return_if_fail (FLOE_IS_PAGE_PROGRESS (self));

  gtk_widget_grab_focus (self->cancel_button);
}

static void
on_cancel (FloePageProgress *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
}

static gboolean
on_key_press (FloePageProgress *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape || !gtk_widget_get_visible (self->cancel_button))
    return GDK_EVENT_PROPAGATE;
  on_cancel (self);
  return GDK_EVENT_STOP;
}

static void
add_step (FloePageProgress *self, guint i)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/floe/Floe/step-row.ui");

  self->rows[i] = GTK_WIDGET (gtk_builder_get_object (builder, "content"));
  self->images[i] = GTK_WIDGET (gtk_builder_get_object (builder, "image"));
  gtk_label_set_text (GTK_LABEL (gtk_builder_get_object (builder, "label")), _ (step_names[i]));
  gtk_container_add (GTK_CONTAINER (self->steps), self->rows[i]);
}

static void
floe_page_progress_class_init (FloePageProgressClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-progress.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageProgress, spinner);
  gtk_widget_class_bind_template_child (widget_class, FloePageProgress, title_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageProgress, status_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageProgress, steps);
  gtk_widget_class_bind_template_child (widget_class, FloePageProgress, policy_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageProgress, cancel_button);

  signals[SIGNAL_CANCEL] = g_signal_new ("cancel", FLOE_TYPE_PAGE_PROGRESS, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_page_progress_init (FloePageProgress *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  for (guint i = 0; i < N_STEPS; i++)
    add_step (self, i);
  g_signal_connect_swapped (self->cancel_button, "clicked", G_CALLBACK (on_cancel), self);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
}
