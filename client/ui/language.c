/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/language.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "settings/settings.h"
#include "ui/setting-row.h"

/* Each in its own words, so that whoever does not read today's language finds theirs. */
static const FloeSettingChoice languages[] = {
  { "de", "Deutsch" },           { "en", "English" }, { "es", "Español" },     { "fr", "Français" },
  { "pt_BR", "Português (BR)" }, { "ja", "日本語" },  { "zh_CN", "简体中文" },
};

/**
 * floe_language_bind:
 *
 * Has messages come from where they were installed; or from where they were built, if this program
 * runs from there.
 */
void
floe_language_bind (void)
{
  g_autofree gchar *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree gchar *dir = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree gchar *built = dir != NULL ? g_build_filename (dir, "..", "..", "po", NULL) : NULL;

  bindtextdomain (GETTEXT_PACKAGE,
                  built != NULL && g_file_test (built, G_FILE_TEST_IS_DIR) ? built : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}

static gboolean
is_installed (const gchar *language)
{
  g_autofree gchar *path = g_build_filename (bindtextdomain (GETTEXT_PACKAGE, NULL), language,
                                             "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);

  return g_str_equal (language, "en") || g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Returns: (transfer full) (element-type FloeSettingChoice): that of the session, and those that
 *   there is a translation for */
static GArray *
list_languages (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (FloeSettingChoice));
  const FloeSettingChoice usual = { "", _ ("Usual language") };

  g_array_append_val (list, usual);
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (is_installed (languages[i].id))
      g_array_append_val (list, languages[i]);
  return list;
}

/**
 * floe_language_may_choose:
 *
 * Returns: whether there is more than one
 */
gboolean
floe_language_may_choose (void)
{
  g_autoptr (GArray) list = list_languages ();

  return list->len > 2;
}

/**
 * floe_language_choice_new:
 * @settings: the settings
 *
 * Returns: (transfer floating): what the language is chosen by
 */
GtkWidget *
floe_language_choice_new (GSettings *settings)
{
  return floe_setting_choice_new_lazy (settings, FLOE_SETTING_LANGUAGE, _ ("Usual language"),
                                       list_languages, 0);
}

/**
 * floe_language_from_locale:
 * @locale: such as "de_DE.UTF-8", "pt_BR" or "C"
 *
 * Returns: (transfer full): the language that is spoken there, as precisely as there is a
 *   translation for it
 */
gchar *
floe_language_from_locale (const gchar *locale)
{
  gchar *language = g_strndup (locale, strcspn (locale, ".@"));

  if (g_str_equal (language, "C") || g_str_equal (language, "POSIX"))
    {
      g_free (language);
      return g_strdup ("en");
    }
  if (!is_installed (language))
    language[strcspn (language, "_")] = '\0';
  return language;
}

/**
 * floe_language_use:
 * @language: a language such as "pt_BR", or an empty text for @usual
 * @usual: (nullable): what LANGUAGE was when the program began
 *
 * What is said from now on is said in it. Messages are found by the language's name alone, as long
 * as the locale is not the one that has none: a terminal need not have the language's own.
 */
void
floe_language_use (const gchar *language, const gchar *usual)
{
  g_autofree gchar *own = g_strconcat (language, ".UTF-8", NULL);

  if (*language != '\0')
    g_setenv ("LANGUAGE", language, TRUE);
  else if (usual != NULL)
    g_setenv ("LANGUAGE", usual, TRUE);
  else
    g_unsetenv ("LANGUAGE");
  /* This also drops what gettext has found so far. */
  if (*language == '\0')
    setlocale (LC_MESSAGES, "");
  else if (setlocale (LC_MESSAGES, own) == NULL)
    setlocale (LC_MESSAGES, "C.UTF-8");
}
