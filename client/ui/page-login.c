/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-login.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/announcements.h"
#include "settings/settings.h"
#include "ui/clamp.h"
#include "ui/keyboard.h"
#include "ui/language.h"
#include "ui/late-spinner.h"
#include "ui/logo.h"
#include "ui/password-entries.h"
#include "ui/return-key.h"
#include "ui/setting-row.h"

struct _FloePageLogin
{
  GtkScrolledWindow parent_instance;

  GtkWidget *server_label;
  GtkWidget *name_entry;
  GtkWidget *password_entry;
  GtkWidget *caps_revealer;
  GtkWidget *announcements;
  GtkWidget *domain_box;
  GtkWidget *domain_choice;
  GtkWidget *problem_revealer;
  GtkWidget *problem_label;
  GtkWidget *log_in_button;
  GtkWidget *log_in_label;
  GtkWidget *spinner;
  GtkWidget *ticket_button;
  GtkWidget *ticket_label;
  GtkWidget *server_button;
  GtkWidget *choices_box;
  GtkWidget *language_choice; /* or NULL, as the next one */
  GtkWidget *keyboard_choice;

  FloePasswordEntries *passwords;
  gboolean begun; /* there is something of a password */
  gboolean busy;
  gboolean locked_down;
  gboolean one_server;
  gchar *told;         /* what announcements say */
  gboolean may_choose; /* a domain */
};

enum
{
  SIGNAL_BEGUN,
  SIGNAL_LOG_IN,
  SIGNAL_TICKET,
  SIGNAL_CANCEL,
  SIGNAL_OTHER_SERVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePageLogin, floe_page_login, GTK_TYPE_SCROLLED_WINDOW)

static void
update (FloePageLogin *self)
{
  gboolean complete = gtk_entry_get_text_length (GTK_ENTRY (self->name_entry)) > 0
                      && gtk_entry_get_text_length (GTK_ENTRY (self->password_entry)) > 0;

  gtk_widget_set_sensitive (self->log_in_button, complete && !self->busy);
}

static void
on_typed (FloePageLogin *self)
{
  floe_page_login_set_problem (self, NULL);
  update (self);
}

/* Who types a password is about to log in. */
static void
on_password_typed (FloePageLogin *self)
{
  gboolean was_empty = !self->begun;

  self->begun = gtk_entry_get_text_length (GTK_ENTRY (self->password_entry)) > 0;
  on_typed (self);
  if (was_empty && self->begun)
    g_signal_emit (self, signals[SIGNAL_BEGUN], 0);
}

static void
on_log_in (FloePageLogin *self)
{
  g_autoptr (FloeSecret) password =
      floe_secret_new (gtk_entry_get_text (GTK_ENTRY (self->password_entry)), -1);
  g_autofree gchar *name = g_strdup (gtk_entry_get_text (GTK_ENTRY (self->name_entry)));

  g_strstrip (name);
  if (*name != '\0' && !floe_secret_is_empty (password))
    g_signal_emit (self, signals[SIGNAL_LOG_IN], 0, name, password);
}

static void
on_name_done (FloePageLogin *self)
{
  if (gtk_widget_get_sensitive (self->log_in_button))
    on_log_in (self);
  else
    gtk_widget_grab_focus (self->password_entry);
}

static void
on_ticket_button (FloePageLogin *self)
{
  g_signal_emit (self, signals[SIGNAL_TICKET], 0);
}

static void
on_server_button (FloePageLogin *self)
{
  g_signal_emit (self, signals[self->busy ? SIGNAL_CANCEL : SIGNAL_OTHER_SERVER], 0);
}

static gboolean
on_key_press (FloePageLogin *self, GdkEventKey *event)
{
  if (event->keyval == GDK_KEY_Escape && self->busy)
    {
      g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
      return GDK_EVENT_STOP;
    }
  return floe_password_entries_handle_key (self->passwords, event) ? GDK_EVENT_STOP
                                                                   : GDK_EVENT_PROPAGATE;
}

/**
 * floe_page_login_set_server:
 * @self: the page
 * @name: what people call the server
 */
void
floe_page_login_set_server (FloePageLogin *self, const gchar *name)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  gtk_label_set_text (GTK_LABEL (self->server_label), name);
}

/* While it is checked, the same button cancels. */
static void
show_server_button (FloePageLogin *self)
{
  gtk_widget_set_visible (self->server_button,
                          self->busy || !(self->locked_down || self->one_server));
}

/**
 * floe_page_login_set_one_server:
 * @self: the page
 * @one: whether there is no other server to go to
 */
void
floe_page_login_set_one_server (FloePageLogin *self, gboolean one)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  self->one_server = one;
  show_server_button (self);
}

/**
 * floe_page_login_set_user:
 * @self: the page
 * @name: (nullable): what the name's field begins with
 */
void
floe_page_login_set_user (FloePageLogin *self, const gchar *name)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  gtk_entry_set_text (GTK_ENTRY (self->name_entry), name != NULL ? name : "");
}

static GtkMessageType
type_of (FloeSeverity severity)
{
  switch (severity)
    {
    case FLOE_SEVERITY_CRITICAL:
      return GTK_MESSAGE_ERROR;
    case FLOE_SEVERITY_WARNING:
      return GTK_MESSAGE_WARNING;
    case FLOE_SEVERITY_INFO:
    default:
      return GTK_MESSAGE_INFO;
    }
}

static const gchar *
icon_of (FloeSeverity severity)
{
  switch (severity)
    {
    case FLOE_SEVERITY_CRITICAL:
      return "dialog-error-symbolic";
    case FLOE_SEVERITY_WARNING:
      return "dialog-warning-symbolic";
    case FLOE_SEVERITY_INFO:
    default:
      return "dialog-information-symbolic";
    }
}

static void
add_announcement (FloePageLogin *self, const FloeAnnouncement *announcement)
{
  GtkWidget *bar = gtk_info_bar_new ();
  GtkWidget *label = gtk_label_new (announcement->text); /* no markup */
  GtkWidget *content, *icon;

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 34);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_info_bar_set_message_type (GTK_INFO_BAR (bar), type_of (announcement->severity));
  content = gtk_info_bar_get_content_area (GTK_INFO_BAR (bar));
  icon = gtk_image_new_from_icon_name (icon_of (announcement->severity), GTK_ICON_SIZE_BUTTON);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_container_add (GTK_CONTAINER (content), icon);
  gtk_container_add (GTK_CONTAINER (content), label);
  gtk_widget_show_all (bar);
  gtk_container_add (GTK_CONTAINER (self->announcements), bar);
}

static gboolean
is_told (FloePageLogin *self, GPtrArray *list)
{
  g_autoptr (GString) told = g_string_new (NULL);
  gboolean same;

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const FloeAnnouncement *one = list->pdata[i];

      g_string_append_printf (told, "%u%s\n\f", (guint)one->severity, one->text);
    }
  same = g_strcmp0 (told->str, self->told) == 0;
  g_free (self->told);
  self->told = g_string_free (g_steal_pointer (&told), FALSE);
  return same;
}

/**
 * floe_page_login_set_announcements:
 * @self: the page
 * @list: (nullable) (element-type FloeAnnouncement): what everybody is told before they log in
 */
void
floe_page_login_set_announcements (FloePageLogin *self, GPtrArray *list)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  if (is_told (self, list)) /* a screen reader would say it again */
    return;
  gtk_container_foreach (GTK_CONTAINER (self->announcements), (GtkCallback)gtk_widget_destroy,
                         NULL);
  for (guint i = 0; list != NULL && i < list->len; i++)
    add_announcement (self, list->pdata[i]);
  gtk_widget_set_visible (self->announcements, list != NULL && list->len > 0);
}

/* list_domains: @chosen stays what it is, also when it is none of @domains */
static void
list_domains (FloePageLogin *self, const gchar *const *domains, const gchar *chosen)
{
  GtkComboBoxText *list = GTK_COMBO_BOX_TEXT (self->domain_choice);

  gtk_combo_box_text_remove_all (list);
  for (guint i = 0; domains[i] != NULL; i++)
    gtk_combo_box_text_append (list, domains[i], domains[i]);
  if (chosen != NULL && !g_strv_contains (domains, chosen))
    gtk_combo_box_text_append (list, chosen, chosen);
  if (chosen == NULL || !gtk_combo_box_set_active_id (GTK_COMBO_BOX (list), chosen))
    gtk_combo_box_set_active (GTK_COMBO_BOX (list), 0);
}

/**
 * floe_page_login_set_domains:
 * @self: the page
 * @domains: (nullable) (array zero-terminated=1): what there is to choose; %NULL for nothing
 * @chosen: (nullable): what it begins with; the first when %NULL
 * @may_choose: whether it is the person's to choose another one
 */
void
floe_page_login_set_domains (FloePageLogin *self, const gchar *const *domains, const gchar *chosen,
                             gboolean may_choose)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  self->may_choose = may_choose;
  gtk_widget_set_sensitive (self->domain_choice, may_choose && !self->busy);
  gtk_widget_set_tooltip_text (self->domain_choice,
                               may_choose ? NULL : _ ("Set by your administrator"));
  if (domains != NULL)
    list_domains (self, domains, chosen);
  gtk_widget_set_visible (self->domain_box, domains != NULL);
}

/**
 * floe_page_login_get_domain:
 * @self: the page
 *
 * Returns: (transfer none) (nullable): the domain that is chosen; %NULL where there is no choice
 */
const gchar *
floe_page_login_get_domain (FloePageLogin *self)
{
  g_return_val_if_fail (FLOE_IS_PAGE_LOGIN (self), NULL);

  return gtk_widget_get_visible (self->domain_box)
             ? gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->domain_choice))
             : NULL;
}

/**
 * floe_page_login_set_ticket:
 * @self: the page
 * @owner: (nullable): whose ticket there is that could be used
 */
void
floe_page_login_set_ticket (FloePageLogin *self, const gchar *owner)
{
  g_autofree gchar *text = NULL;

  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  gtk_widget_set_visible (self->ticket_button, owner != NULL);
  if (owner == NULL)
    return;
  /* TRANSLATORS: the argument is a name such as alice@EXAMPLE.ORG */
  text = g_strdup_printf (_ ("Log In as %s"), owner);
  gtk_label_set_text (GTK_LABEL (self->ticket_label), text);
  atk_object_set_name (gtk_widget_get_accessible (self->ticket_button), text);
}

/**
 * floe_page_login_set_busy:
 * @self: the page
 * @busy: whether the password is being checked
 */
void
floe_page_login_set_busy (FloePageLogin *self, gboolean busy)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  /* The keyboard stays on the page: a field that sleeps would drop it, and Escape with it. */
  if (busy)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  self->busy = busy;
  gtk_widget_set_sensitive (self->name_entry, !busy);
  gtk_widget_set_sensitive (self->password_entry, !busy);
  gtk_widget_set_sensitive (self->domain_choice, self->may_choose && !busy);
  gtk_widget_set_sensitive (self->ticket_button, !busy);
  floe_late_spinner_set (self->spinner, busy);
  show_server_button (self);
  gtk_label_set_text_with_mnemonic (GTK_LABEL (self->log_in_label),
                                    busy ? _ ("Checking…") : _ ("_Log In"));
  gtk_button_set_label (GTK_BUTTON (self->server_button),
                        busy ? _ ("_Cancel") : _ ("Use _Another Server"));
  if (busy)
    floe_password_entries_reveal (self->passwords, FALSE);
  update (self);
  if (!busy && gtk_widget_is_focus (GTK_WIDGET (self)))
    floe_page_login_take_focus (self);
}

static GtkWidget *
add_choice (FloePageLogin *self, GtkWidget *choice, const gchar *name)
{
  gtk_widget_set_tooltip_text (choice, name);
  atk_object_set_name (gtk_widget_get_accessible (choice), name);
  gtk_widget_show (choice);
  gtk_container_add (GTK_CONTAINER (self->choices_box), choice);
  return choice;
}

static void
show_choice (GtkWidget *choice, const gchar *const *parts, const gchar *part)
{
  if (choice != NULL)
    gtk_widget_set_visible (choice, parts == NULL || g_strv_contains (parts, part));
}

/**
 * floe_page_login_set_parts:
 * @self: the page, with its settings
 * @parts: (nullable): which of "language" and "keyboard" can be chosen here where there is a choice
 *   at all; %NULL for both
 */
void
floe_page_login_set_parts (FloePageLogin *self, const gchar *const *parts)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  show_choice (self->language_choice, parts, "language");
  show_choice (self->keyboard_choice, parts, "keyboard");
}

/**
 * floe_page_login_set_settings:
 * @self: the page
 * @settings: of which the language and the keyboard layout can be chosen here, where there is a
 *   choice at all
 */
void
floe_page_login_set_settings (FloePageLogin *self, GSettings *settings)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  if (floe_language_may_choose () && g_settings_is_writable (settings, FLOE_SETTING_LANGUAGE))
    self->language_choice = add_choice (self, floe_language_choice_new (settings), _ ("Language"));
  if (floe_keyboard_may_choose ()
      && g_settings_is_writable (settings, FLOE_SETTING_KEYBOARD_LAYOUT))
    self->keyboard_choice =
        add_choice (self, floe_keyboard_choice_new (settings), _ ("Keyboard layout"));
}

/**
 * floe_page_login_set_problem:
 * @self: the page
 * @text: (nullable): why it did not work, below the fields
 */
void
floe_page_login_set_problem (FloePageLogin *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (self->problem_label), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem_revealer), text != NULL);
}

/**
 * floe_page_login_clear_password:
 * @self: the page
 *
 * Empties the field. GTK wipes the buffer of an entry that shows no text when it shrinks.
 */
void
floe_page_login_clear_password (FloePageLogin *self)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  floe_password_entries_reveal (self->passwords, FALSE);
  gtk_entry_set_text (GTK_ENTRY (self->password_entry), "");
}

/**
 * floe_page_login_lock_down:
 * @self: the page
 *
 * Whoever sits here has no choice of servers.
 */
void
floe_page_login_lock_down (FloePageLogin *self)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  self->locked_down = TRUE;
  show_server_button (self);
}

/**
 * floe_page_login_is_blank:
 * @self: the page
 *
 * Returns: whether nobody has typed anything, and nothing is being checked
 */
gboolean
floe_page_login_is_blank (FloePageLogin *self)
{
  g_return_val_if_fail (FLOE_IS_PAGE_LOGIN (self), FALSE);

  return !self->busy && gtk_entry_get_text_length (GTK_ENTRY (self->name_entry)) == 0
         && gtk_entry_get_text_length (GTK_ENTRY (self->password_entry)) == 0;
}

/**
 * floe_page_login_take_focus:
 * @self: the page
 *
 * Puts the cursor where typing goes on.
 */
void
floe_page_login_take_focus (FloePageLogin *self)
{
  g_return_if_fail (FLOE_IS_PAGE_LOGIN (self));

  gtk_widget_grab_default (self->log_in_button);
  if (gtk_entry_get_text_length (GTK_ENTRY (self->name_entry)) > 0)
    gtk_widget_grab_focus (self->password_entry);
  else
    gtk_widget_grab_focus (self->name_entry);
}

static void
floe_page_login_finalize (GObject *object)
{
  g_free (FLOE_PAGE_LOGIN (object)->told);
  G_OBJECT_CLASS (floe_page_login_parent_class)->finalize (object);
}

static void
floe_page_login_class_init (FloePageLoginClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  g_type_ensure (FLOE_TYPE_LOGO);
  G_OBJECT_CLASS (klass)->finalize = floe_page_login_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-login.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, server_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, name_entry);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, password_entry);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, caps_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, announcements);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, domain_box);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, domain_choice);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, log_in_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, log_in_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, spinner);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, ticket_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, ticket_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, server_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageLogin, choices_box);

  signals[SIGNAL_BEGUN] = g_signal_new ("begun", FLOE_TYPE_PAGE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOG_IN] = g_signal_new ("log-in", FLOE_TYPE_PAGE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
  signals[SIGNAL_TICKET] = g_signal_new ("log-in-with-ticket", FLOE_TYPE_PAGE_LOGIN,
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CANCEL] = g_signal_new ("cancel", FLOE_TYPE_PAGE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_OTHER_SERVER] = g_signal_new (
      "other-server", FLOE_TYPE_PAGE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_page_login_init (FloePageLogin *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  self->passwords =
      floe_password_entries_new (GTK_WIDGET (self), self->caps_revealer, &self->password_entry, 1);
  g_signal_connect_swapped (self->name_entry, "changed", G_CALLBACK (on_typed), self);
  g_signal_connect_swapped (self->name_entry, "activate", G_CALLBACK (on_name_done), self);
  g_signal_connect_swapped (self->password_entry, "changed", G_CALLBACK (on_password_typed), self);
  floe_return_presses (self->password_entry, self->log_in_button);
  g_signal_connect_swapped (self->log_in_button, "clicked", G_CALLBACK (on_log_in), self);
  g_signal_connect_swapped (self->ticket_button, "clicked", G_CALLBACK (on_ticket_button), self);
  g_signal_connect_swapped (self->server_button, "clicked", G_CALLBACK (on_server_button), self);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
  update (self);
}
