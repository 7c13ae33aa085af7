/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/command.h"
#include "ctl/completion.h"
#include "ctl/table.h"

/* "audit" is a command, and begins others, which come before it. */
static const FloeCtlCommand *const groups[] = {
  floe_ctl_manager_commands,  floe_ctl_trail_commands,        floe_ctl_session_commands,
  floe_ctl_factor_commands,   floe_ctl_pool_commands,         floe_ctl_pool_operations,
  floe_ctl_list_commands,     floe_ctl_detail_commands,       floe_ctl_desktop_commands,
  floe_ctl_explain_commands,  floe_ctl_host_commands,         floe_ctl_terminal_commands,
  floe_ctl_fleet_commands,    floe_ctl_audit_commands,        floe_ctl_directory_commands,
  floe_ctl_check_commands,    floe_ctl_announcement_commands, floe_ctl_bulk_commands,
  floe_ctl_token_commands,    floe_ctl_webhook_commands,      floe_ctl_apply_commands,
  floe_ctl_capacity_commands, floe_ctl_shadow_commands,
};

static void
print_options (void)
{
  const gchar *const rows[][2] = {
    { "--broker URL", N_ ("The broker; https:// is what a bare name means") },
    { "--ca FILE", N_ ("Trust the certificates in FILE instead of the system's") },
    { "--user NAME", N_ ("Who logs in") },
    { "--domain NAME", N_ ("Of which directory they are, where there are several") },
    { "--password-file FILE", N_ ("Read the password from FILE instead of asking for it") },
    { "--code-file FILE", N_ ("Read the second factor's code from FILE, likewise") },
    { "--token-file FILE", N_ ("Keep the log-in in FILE") },
    { "--terminal-key FILE", N_ ("Show the terminal's certificate in FILE to the broker") },
    { "--json", N_ ("Print the broker's answer as JSON") },
    { "--version", N_ ("Print the version") },
  };

  g_print ("\n%s\n", _ ("Options:"));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_print ("  %-22s%s\n", rows[i][0], _ (rows[i][1]));
}

/* Whether the first of the words that call @command is @word, and there is another one. */
static gboolean
begins_with (const FloeCtlCommand *command, const gchar *word)
{
  gsize n = strlen (word);

  return strncmp (command->words, word, n) == 0 && command->words[n] == ' ';
}

/* list_commands: those whose first word is @word; all for NULL */
static gchar *
list_commands (const gchar *word)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    for (const FloeCtlCommand *c = groups[g]; c->words != NULL; c++)
      {
        gboolean bare = *c->arguments == '\0';

        if (word == NULL || begins_with (c, word))
          g_string_append_printf (text, "  %s%s%s\n      %s\n", c->words, bare ? "" : " ",
                                  bare ? "" : _ (c->arguments), _ (c->help));
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
print_help (void)
{
  g_autofree gchar *commands = list_commands (NULL);

  g_print ("%s\n\n%s\n%s", _ ("Usage: floectl [OPTION...] COMMAND [ARGUMENT...]"), _ ("Commands:"),
           commands);
  g_print ("  help\n      %s\n", _ ("Show this text"));
  print_options ();
  g_print ("\n%s\n", _ ("Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not logged in or denied, "
                        "4 not reached, 5 a dry run of apply that would change something."));
}

/* For packagers and for those who know of it: what is installed is its output. */
static void
print_completion (void)
{
  g_autofree gchar *script = floe_ctl_complete (groups, G_N_ELEMENTS (groups));

  g_print ("%s", script);
}

/* How many of the words in @args, from @args[1] on, call @command; 0 if it is another one. */
static guint
matches (const FloeCtlCommand *command, GStrv args)
{
  g_auto (GStrv) words = g_strsplit (command->words, " ", 2);
  guint n = g_strv_length (words);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (args[i + 1], words[i]) != 0)
      return 0;
  return n;
}

static const FloeCtlCommand *
find (GStrv args, guint *n_words)
{
  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    for (const FloeCtlCommand *c = groups[g]; c->words != NULL; c++)
      {
        *n_words = matches (c, args);
        if (*n_words > 0)
          return c;
      }
  return NULL;
}

/* A command's first word alone says too little about what was wrong with it. */
static gboolean
begins_commands (const gchar *word)
{
  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    for (const FloeCtlCommand *c = groups[g]; c->words != NULL; c++)
      if (begins_with (c, word))
        return TRUE;
  return FALSE;
}

static void
set_unknown (GStrv args, GError **error)
{
  const gchar *second = begins_commands (args[1]) ? args[2] : NULL;
  g_autofree gchar *words = g_strjoin (" ", args[1], second, NULL);
  g_autofree gchar *tame = floe_tame (words);

  floe_ctl_set_usage (error, _ ("there is no command \"%s\"; see \"floectl help\""), tame);
}

/* The program's name, then what follows the command. */
static GStrv
rest_of (GStrv args, guint n_words)
{
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();

  g_strv_builder_add (rest, args[0]);
  for (guint i = n_words + 1; args[i] != NULL; i++)
    g_strv_builder_add (rest, args[i]);
  return g_strv_builder_end (rest);
}

static gboolean
dispatch (FloeCtl *ctl, GStrv args, const gchar **what, GError **error)
{
  guint n_words = 0;
  const FloeCtlCommand *command = find (args, &n_words);
  g_auto (GStrv) rest = NULL;

  if (args[1] == NULL)
    {
      floe_ctl_set_usage (error, _ ("which command? See \"floectl help\""));
      return FALSE;
    }
  if (command == NULL)
    {
      set_unknown (args, error);
      return FALSE;
    }
  *what = command->words;
  if (!floe_ctl_settings_fill (&ctl->settings, error))
    return FALSE;
  rest = rest_of (args, n_words);
  return command->run (ctl, rest, error);
}

static gboolean
parse (FloeCtl *ctl, GStrv *args, gboolean *version, gboolean *help, GError **error)
{
  const GOptionEntry entries[] = {
    { "broker", 0, 0, G_OPTION_ARG_STRING, &ctl->settings.broker, NULL, NULL },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &ctl->settings.ca, NULL, NULL },
    { "user", 0, 0, G_OPTION_ARG_STRING, &ctl->settings.user, NULL, NULL },
    { "domain", 0, 0, G_OPTION_ARG_STRING, &ctl->settings.domain, NULL, NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &ctl->settings.password_file, NULL, NULL },
    { "code-file", 0, 0, G_OPTION_ARG_FILENAME, &ctl->settings.code_file, NULL, NULL },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &ctl->settings.token_file, NULL, NULL },
    { "terminal-key", 0, 0, G_OPTION_ARG_FILENAME, &ctl->settings.terminal_key, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, version, NULL, NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, help, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) why = NULL;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse_strv (context, args, &why))
    return TRUE;
  floe_ctl_set_usage (error, "%s", why->message);
  return FALSE;
}

static FloeCtlExit
complain (const gchar *what, const GError *error)
{
  g_autofree gchar *why = floe_ctl_explain (error);
  g_autofree gchar *tame = floe_tame (why);

  if (what != NULL)
    g_printerr ("floectl: %s: %s\n", what, tame);
  else
    g_printerr ("floectl: %s\n", tame);
  return floe_ctl_exit_code (error);
}

/* print_half: of a command that has two words only the first is there */
static void
print_half (const gchar *word)
{
  g_autofree gchar *commands = list_commands (word);

  g_printerr ("floectl: %s: %s\n%s", word, _ ("which command? There are:"), commands);
}

static FloeCtlExit
run (FloeCtl *ctl, GStrv *args)
{
  gboolean version = FALSE;
  gboolean help = FALSE;
  const gchar *what = NULL;
  guint n_words = 0;
  g_autoptr (GError) error = NULL;

  if (!parse (ctl, args, &version, &help, &error))
    return complain (NULL, error);
  if (version)
    g_print ("floectl %s\n", FLOE_VERSION);
  else if (g_strcmp0 ((*args)[1], "completion") == 0)
    print_completion ();
  else if (help || g_strcmp0 ((*args)[1], "help") == 0)
    print_help ();
  else if ((*args)[1] != NULL && (*args)[2] == NULL && begins_commands ((*args)[1])
           && find (*args, &n_words) == NULL)
    {
      print_half ((*args)[1]);
      return FLOE_CTL_EXIT_USAGE;
    }
  else if (!dispatch (ctl, *args, &what, &error))
    return complain (what, error);
  return ctl->status;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) args = g_strdupv (argv);
  FloeCtl ctl = { { NULL } };
  FloeCtlExit status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  status = run (&ctl, &args);
  floe_ctl_clear (&ctl);
  return (int)status;
}
