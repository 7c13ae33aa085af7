/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/completion.h"

#include <string.h>

/* One case of bash's for each command: its words, and the options that its arguments name. */
static const gchar head[] =
    "# bash completion for floectl, made by floectl\n"
    "_floectl ()\n"
    "{\n"
    "  local word=${COMP_WORDS[COMP_CWORD]} words=() skip= at\n"
    "  for at in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
    "    if [[ -n $skip ]]; then skip=; continue; fi\n"
    "    case $at in\n"
    "      --broker|--user|--domain|--name|--account|--profile|--client-id|--fingerprint) "
    "skip=name "
    ";;\n"
    "      --ca|--password-file|--code-file|--token-file|--terminal-key|--file|-f|--to) skip=file "
    ";;\n"
    "      --account-password-file|--key-file|--client-secret-file|--config|--broker-program) "
    "skip=file ;;\n"
    "      -*|=) ;;\n"
    "      *) words+=(\"$at\") ;;\n"
    "    esac\n"
    "  done\n"
    "  if [[ $skip == file ]]; then COMPREPLY=($(compgen -f -- \"$word\")); return; fi\n"
    "  if [[ -n $skip ]]; then COMPREPLY=(); return; fi\n"
    "  local can=\"--json\"\n"
    "  case \"${words[*]}\" in\n";

static const gchar tail[] = "  esac\n"
                            "  if [[ $can == FILE* && $word != -* ]]; then\n"
                            "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
                            "  else\n"
                            "    COMPREPLY=($(compgen -W \"${can#FILE}\" -- \"$word\"))\n"
                            "  fi\n"
                            "}\n"
                            "complete -o filenames -F _floectl floectl\n";

static const gchar options[] =
    "--broker --ca --user --domain --password-file --code-file --token-file"
    " --terminal-key --json --version";

/* The words that begin commands, or follow @first in them. */
static gchar *
list_words (const FloeCtlCommand *const *groups, guint n_groups, const gchar *first)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (guint g = 0; g < n_groups; g++)
    for (const FloeCtlCommand *c = groups[g]; c->words != NULL; c++)
      {
        g_auto (GStrv) parts = g_strsplit (c->words, " ", 2);
        const gchar *word = first == NULL                   ? parts[0]
                            : strcmp (first, parts[0]) == 0 ? parts[1]
                                                            : NULL;

        if (word != NULL && !g_ptr_array_find_with_equal_func (words, word, g_str_equal, NULL))
          g_ptr_array_add (words, g_strdup (word));
      }
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" ", (gchar **)words->pdata);
}

/* The options that "NAME [--pool POOL]... [--days N]" names. */
static gchar *
list_options (const gchar *arguments)
{
  g_autoptr (GRegex) regex = g_regex_new ("--[a-z-]+", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GString) found = g_string_new (strstr (arguments, "FILE") == arguments ? "FILE" : "");

  g_regex_match (regex, arguments, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree gchar *option = g_match_info_fetch (match, 0);

      g_string_append_printf (found, "%s ", option);
    }
  g_string_append (found, "--json");
  return g_string_free (g_steal_pointer (&found), FALSE);
}

static void
add_long (GString *script, const FloeCtlCommand *c)
{
  g_autofree gchar *can = list_options (c->arguments);

  if (strchr (c->words, ' ') != NULL)
    g_string_append_printf (script, "    \"%s\"|\"%s \"*) can=\"%s\" ;;\n", c->words, c->words,
                            can);
}

/* Of a first word alone: what may follow, and the options where it is a command itself. */
static void
add_short (GString *script, const FloeCtlCommand *const *groups, guint n_groups,
           const FloeCtlCommand *c, GHashTable *done)
{
  g_auto (GStrv) parts = g_strsplit (c->words, " ", 2);
  g_autofree gchar *seconds = list_words (groups, n_groups, parts[0]);
  g_autofree gchar *can = parts[1] == NULL ? list_options (c->arguments) : NULL;

  if (parts[1] != NULL && !g_hash_table_contains (done, parts[0]))
    g_string_append_printf (script, "    \"%s\") can=\"%s\" ;;\n", parts[0], seconds);
  if (parts[1] == NULL)
    g_string_append_printf (script, "    \"%s\"|\"%s \"*) can=\"%s %s\" ;;\n", parts[0], parts[0],
                            can, seconds);
  g_hash_table_add (done, g_strdup (parts[0]));
}

static gboolean
is_short (const FloeCtlCommand *c)
{
  return strchr (c->words, ' ') == NULL;
}

/**
 * floe_ctl_complete:
 * @groups: (array length=n_groups): all commands
 *
 * Returns: (transfer full): what has bash complete them
 */
gchar *
floe_ctl_complete (const FloeCtlCommand *const *groups, guint n_groups)
{
  g_autoptr (GString) script = g_string_new (head);
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree gchar *all = list_words (groups, n_groups, NULL);

  g_string_append_printf (script, "    \"\") can=\"%s help %s\" ;;\n", all, options);
  for (guint g = 0; g < n_groups; g++)
    for (const FloeCtlCommand *c = groups[g]; c->words != NULL; c++)
      add_long (script, c);
  /* A command of one word says more than the first word of others. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint g = 0; g < n_groups; g++)
      for (const FloeCtlCommand *c = groups[g]; c->words != NULL; c++)
        if (is_short (c) == (pass == 0))
          add_short (script, groups, n_groups, c, done);
  g_string_append (script, tail);
  return g_string_free (g_steal_pointer (&script), FALSE);
}
