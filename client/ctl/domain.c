/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/domain.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/domains.h"
#include "ctl/password.h"
#include "ctl/table.h"

static gchar *
make_list (const FloeDomains *domains)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; domains->names[i] != NULL; i++)
    {
      g_autofree gchar *tame = floe_tame (domains->names[i]);

      g_string_append_printf (text, "%4u  %s\n", i + 1, tame);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* find: by its number, or by its name in any case; or NULL */
static const gchar *
find (const FloeDomains *domains, const gchar *typed)
{
  guint64 number = 0;

  if (g_ascii_string_to_unsigned (typed, 10, 1, g_strv_length (domains->names), &number, NULL))
    return domains->names[number - 1];
  for (guint i = 0; domains->names[i] != NULL; i++)
    if (g_ascii_strcasecmp (domains->names[i], typed) == 0)
      return domains->names[i];
  return NULL;
}

/* ask: at the terminal; without one whoever asks for the password says so */
static gboolean
ask (FloeCtl *self, const FloeDomains *domains, GError **error)
{
  const gchar *usual = domains->usual != NULL ? domains->usual : domains->names[0];
  g_autofree gchar *tame = floe_tame (usual);
  g_autofree gchar *list = make_list (domains);
  g_autofree gchar *question = NULL;
  g_autofree gchar *prompt = NULL;
  g_autofree gchar *typed = NULL;
  const gchar *chosen;

  /* Translators: user name, then the domain that an empty answer means */
  question = g_strdup_printf (_ ("Domain of %s, or its number [%s]: "), self->settings.user, tame);
  prompt = g_strconcat (list, question, NULL);
  typed = floe_line_from_terminal (prompt);
  if (typed == NULL)
    return TRUE;
  chosen = *typed != '\0' ? find (domains, typed) : usual;
  if (chosen == NULL)
    floe_ctl_set_failed (error, _ ("there is no domain \"%s\""), typed);
  else
    floe_broker_set_domain (self->broker, chosen);
  return chosen != NULL;
}

/**
 * floe_ctl_choose_domain:
 * @self: the run, with a broker and a user
 * @error: a domain was typed that is none
 *
 * Settles of which directory the user is: by --domain, else by what the name says, else by asking
 * whoever is there to be asked for the password, too. A broker that does not tell which domains it
 * has is asked nothing further.
 *
 * Returns: %FALSE for an error
 */
gboolean
floe_ctl_choose_domain (FloeCtl *self, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;
  g_autoptr (FloeDomains) domains = NULL;

  if (self->settings.domain != NULL)
    {
      floe_broker_set_domain (self->broker, self->settings.domain);
      return TRUE;
    }
  if (self->settings.password_file != NULL || strpbrk (self->settings.user, "@\\") != NULL)
    return TRUE;
  answer = floe_ctl_call (self, "GET", "login", NULL, NULL);
  domains = floe_domains_read (answer);
  return domains == NULL || ask (self, domains, error);
}
