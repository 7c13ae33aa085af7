/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

/* What somebody does with the desktop that they see, where its pool allows it. Each of these loses
 * something, so that each is asked about. */

#define TOPIC "act"

static const struct
{
  const gchar *action; /* of the window, and as the broker calls it */
  const gchar *title;
  const gchar *text;
  const gchar *text_bare; /* of a desktop that keeps nothing: to stop may be to be as at first */
  const gchar *yes;
} acts[] = {
  { "restart", N_ ("Restart the desktop?"),
    N_ ("What runs on it is closed, and what is not saved is lost. It comes back by itself."),
    N_ ("What runs on it is closed. This desktop keeps nothing: what is saved on it may be lost, "
        "too. It comes back by itself."),
    N_ ("_Restart") },
  { "shut-down", N_ ("Shut the desktop down?"),
    N_ ("What runs on it is closed, and what is not saved is lost."),
    N_ ("What runs on it is closed. This desktop keeps nothing: what is saved on it may be lost, "
        "too."),
    N_ ("Shut _Down") },
  { "force-off", N_ ("Force the desktop off?"),
    N_ ("It is switched off at once, as if its plug were pulled. Do this only when nothing else "
        "helps: what is not saved is lost, and files may be damaged."),
    N_ ("It is switched off at once, as if its plug were pulled. Do this only when nothing else "
        "helps. This desktop keeps nothing: what is saved on it may be lost, too."),
    N_ ("Force _Off") },
  { "fresh", N_ ("Give this desktop back for a fresh one?"),
    N_ ("Everything on this one is lost. A fresh one opens as soon as there is one."),
    N_ ("Everything on this one is lost. A fresh one opens as soon as there is one."),
    N_ ("Get a Fresh _One") },
};

static void
on_ask (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeFlow *self = data;
  gboolean keeps = self->desk != NULL && floe_desk_keeps_data (self->desk);

  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (acts[i].action, g_action_get_name (G_ACTION (action))))
      {
        self->asked = acts[i].action;
        floe_window_ask (self->window,
                         &(FloeQuestion){ .topic = TOPIC,
                                          .title = _ (acts[i].title),
                                          .text = _ (keeps ? acts[i].text : acts[i].text_bare),
                                          .no = _ ("_Not Now"),
                                          .yes = _ (acts[i].yes) });
      }
}

static void
on_answered (FloeWindow *window, gboolean yes, FloeFlow *self)
{
  const gchar *action = g_steal_pointer (&self->asked);

  if (yes && action != NULL && self->desk != NULL)
    floe_desk_act (self->desk, action);
}

/* The picture stays: whoever is refused goes on with what they have. */
static void
on_refused (FloeDesk *desk, const GError *error, FloeFlow *self)
{
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);
  g_autofree gchar *words = NULL;

  g_info ("%s: %s", notice->code, error->message);
  /* TRANSLATORS: what is wrong, and what that means, both whole sentences */
  words = g_strdup_printf (_ ("%s. %s"), notice->title, notice->body);
  floe_page_display_set_notice (floe_window_get_display_page (self->window), words);
}

/**
 * floe_flow_update_acts:
 * @self: the flow
 *
 * Offers what may be done with the desktop that is seen now.
 */
void
floe_flow_update_acts (FloeFlow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->window), acts[i].action);

      g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                                   self->desk != NULL
                                       && floe_desk_may (self->desk, acts[i].action));
    }
}

void
floe_flow_follow_acts (FloeFlow *self, FloeDesk *desk)
{
  g_signal_connect (desk, "refused", G_CALLBACK (on_refused), self);
}

void
floe_flow_connect_acts (FloeFlow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (acts[i].action, NULL);

      g_simple_action_set_enabled (action, FALSE);
      g_signal_connect (action, "activate", G_CALLBACK (on_ask), self);
      g_action_map_add_action (G_ACTION_MAP (self->window), G_ACTION (action));
    }
  g_signal_connect_object (self->window, "answered::" TOPIC, G_CALLBACK (on_answered), self, 0);
}
