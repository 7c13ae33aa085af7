/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/manager-add.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "ctl/broker-program.h"
#include "ctl/command.h"
#include "ctl/engine-ca.h"
#include "ctl/password.h"

#define CONFIG "/etc/floe/broker.conf"

/* What lies beside the configuration, by the engine's name; %NULL for what the section has not. */
typedef struct
{
  gchar *ca;
  gchar *password;
  gchar *key;
  gchar *client_secret;
} Files;

static void
files_clear (Files *files)
{
  g_free (files->ca);
  g_free (files->password);
  g_free (files->key);
  g_free (files->client_secret);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Files, files_clear)

void
floe_manager_plan_clear (FloeManagerPlan *plan)
{
  g_free (plan->url);
  g_free (plan->name);
  g_free (plan->account);
  g_free (plan->password_file);
  g_free (plan->profile);
  g_free (plan->key_file);
  g_free (plan->client_id);
  g_free (plan->client_secret_file);
  g_free (plan->fingerprint);
  g_free (plan->config);
  g_free (plan->program);
}

static gboolean
ask (gchar **value, const gchar *prompt, const gchar *option, gboolean needed, GError **error)
{
  if (*value == NULL)
    *value = floe_line_from_terminal (prompt);
  if (*value == NULL && needed)
    floe_ctl_set_usage (error, _ ("there is no terminal to ask at: give %s"), option);
  else if (needed && **value == '\0')
    floe_ctl_set_usage (error, _ ("something is missing; see \"floectl help\""));
  else
    return TRUE;
  return FALSE;
}

static gboolean
is_given (const gchar *text)
{
  return text != NULL && *text != '\0';
}

static FloeSecret *
get_secret (const gchar *file, const gchar *prompt, const gchar *option, GError **error)
{
  g_autoptr (GError) why = NULL;
  FloeSecret *secret;

  if (file != NULL)
    return floe_password_from_file (file, error);
  secret = floe_password_from_terminal (prompt, &why);
  if (secret == NULL && floe_ctl_exit_code (why) == FLOE_CTL_EXIT_USAGE)
    floe_ctl_set_usage (error, _ ("there is no terminal to ask at: give %s"), option);
  else if (secret == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return secret;
}

/* 32 bytes in hex, as the broker wants it. */
static FloeSecret *
make_key (GError **error)
{
  guint8 bytes[32];
  gchar text[2 * sizeof bytes + 1];
  FloeSecret *key = NULL;

  if (getrandom (bytes, sizeof bytes, 0) == (gssize)sizeof bytes)
    {
      for (gsize i = 0; i < sizeof bytes; i++)
        g_snprintf (&text[2 * i], 3, "%02x", bytes[i]);
      key = floe_secret_new (text, 2 * sizeof bytes);
    }
  else
    floe_ctl_set_failed (error, "%s", g_strerror (errno));
  floe_wipe (bytes, sizeof bytes);
  floe_wipe (text, sizeof text);
  return key;
}

/* Beside the configuration, and for those only who may read that: the broker is in its group. */
static gboolean
write_secret (const gchar *path, const gchar *config, const FloeSecret *secret, GError **error)
{
  gint fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gsize length;
  const gchar *text = floe_secret_get (secret, &length);
  struct stat info;
  gboolean good =
      fd >= 0 && g_stat (config, &info) == 0
      && (info.st_gid == getegid () || fchown (fd, (uid_t)-1, info.st_gid) == 0)
      && (geteuid () != 0 || info.st_uid == 0 || fchown (fd, info.st_uid, (gid_t)-1) == 0)
      && fchmod (fd, 0640) == 0 && write (fd, text, length) == (gssize)length
      && write (fd, "\n", 1) == 1;

  if (!good)
    floe_ctl_set_failed (error, "%s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return good;
}

/* Returns: the size that the file had; -1 with @error */
static gint64
append_section (const gchar *config, const gchar *text, GError **error)
{
  gint fd = open (config, O_WRONLY | O_APPEND | O_CLOEXEC);
  off_t size = fd >= 0 ? lseek (fd, 0, SEEK_END) : -1;
  gssize length = (gssize)strlen (text);

  if (size >= 0 && write (fd, text, (gsize)length) != length)
    size = -1;
  if (size < 0)
    floe_ctl_set_failed (error, "%s: %s", config, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return size;
}

static gboolean
run_broker (const gchar *program, const gchar *config, const gchar *option, const gchar *word,
            GError **error)
{
  const gchar *const argv[] = { program, "--config", config, option, word, NULL };
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, error);

  return process != NULL && g_subprocess_wait_check (process, NULL, error);
}

/* The files that the section will name. */
static gchar *
make_section (const FloeManagerPlan *plan, const Files *files)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text,
                   "\n[manager %s]\ntype = ovirt\nurl = %s\nca_file = %s\nuser = %s\n"
                   "password_file = %s\n",
                   plan->name, plan->url, files->ca, plan->account, files->password);
  if (is_given (plan->profile))
    g_string_append_printf (text, "profile = %s\n", plan->profile);
  if (files->key != NULL)
    g_string_append_printf (text, "key_file = %s\n", files->key);
  if (files->client_secret != NULL)
    g_string_append_printf (text, "client_id = %s\nclient_secret_file = %s\n", plan->client_id,
                            files->client_secret);
  return g_string_free (text, FALSE);
}

static gchar *
beside (const gchar *config, const gchar *name, const gchar *end)
{
  g_autofree gchar *directory = g_path_get_dirname (config);
  g_autofree gchar *file = g_strconcat (name, end, NULL);

  return g_build_filename (directory, file, NULL);
}

/* A section that the broker would not start with is taken away again. */
static gboolean
put_section (const FloeManagerPlan *plan, const gchar *config, const gchar *program,
             const gchar *section, GError **error)
{
  gint64 size = append_section (config, section, error);

  if (size < 0)
    return FALSE;
  if (run_broker (program, config, "--check-config", NULL, NULL))
    return TRUE;
  if (truncate (config, (off_t)size) == 0)
    floe_ctl_set_failed (error, _ ("%s is as it was: the broker would not start with [manager %s]"),
                         config, plan->name);
  else
    floe_ctl_set_failed (error, "%s: %s", config, g_strerror (errno));
  return FALSE;
}

/* Its files are named by it, and one that there is would lose its own. */
static gboolean
check_name (const gchar *name, const gchar *config, GError **error)
{
  g_autofree gchar *section = g_strdup_printf ("[manager %s]", name);
  g_autofree gchar *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) why = NULL;

  if (!g_regex_match_simple ("^[a-z0-9-]{1,32}$", name, G_REGEX_DOLLAR_ENDONLY, 0))
    floe_ctl_set_usage (error, _ ("\"%s\" is no name: expected 1 to 32 of a-z, 0-9 and -"), name);
  else if (!g_file_get_contents (config, &text, NULL, &why))
    floe_ctl_set_failed (error, "%s", why->message);
  else
    lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    if (strcmp (g_strstrip (lines[i]), section) == 0)
      {
        floe_ctl_set_failed (error, _ ("%s is as it was: it has [manager %s] already"), config,
                             name);
        return FALSE;
      }
  return lines != NULL;
}

static gboolean
ask_account (FloeManagerPlan *plan, FloeSecret **password, GError **error)
{
  g_autofree gchar *prompt = NULL;

  if (!ask (&plan->account, _ ("Account for Floe at the engine, such as floe@internal: "),
            "--account NAME@PROFILE", TRUE, error))
    return FALSE;
  prompt = g_strdup_printf (_ ("Password of %s at the engine: "), plan->account);
  *password = get_secret (plan->password_file, prompt, "--account-password-file FILE", error);
  return *password != NULL;
}

/* As whom the engine knows the people, and how they are logged in there: with their passwords,
 * which takes a key to keep what that gets, and without, which takes a client. */
static gboolean
ask_people (FloeManagerPlan *plan, GError **error)
{
  gboolean needed =
      plan->key_file != NULL || plan->client_id != NULL || plan->client_secret_file != NULL;

  if (!ask (&plan->profile,
            _ ("Profile of your people at the engine, such as example.org; empty for none: "),
            "--profile NAME", needed, error))
    return FALSE;
  return !is_given (plan->profile)
         || (ask (&plan->key_file,
                  _ ("File with the key that another broker has for this engine; empty to make "
                     "one: "),
                  "--key-file FILE", FALSE, error)
             && ask (&plan->client_id,
                     _ ("SSO client that logs people in without their passwords; empty for none: "),
                     "--client-id ID", plan->client_secret_file != NULL, error));
}

static gboolean
write_key (const FloeManagerPlan *plan, const gchar *path, const gchar *config, GError **error)
{
  g_autoptr (FloeSecret) key = NULL;

  if (!is_given (plan->key_file) && g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE; /* of an earlier attempt */
  key = is_given (plan->key_file) ? floe_password_from_file (plan->key_file, error)
                                  : make_key (error);
  return key != NULL && write_secret (path, config, key, error);
}

static gboolean
write_client (const FloeManagerPlan *plan, const gchar *path, const gchar *config, GError **error)
{
  g_autofree gchar *prompt = g_strdup_printf (_ ("Secret of the SSO client %s: "), plan->client_id);
  g_autoptr (FloeSecret) secret =
      get_secret (plan->client_secret_file, prompt, "--client-secret-file FILE", error);

  return secret != NULL && write_secret (path, config, secret, error);
}

/* Asks for what is missing, and writes it beside the configuration. */
static gboolean
write_people (FloeManagerPlan *plan, const gchar *config, Files *files, GError **error)
{
  if (!ask_people (plan, error))
    return FALSE;
  if (!is_given (plan->profile))
    return TRUE;
  files->key = beside (config, plan->name, ".key");
  if (is_given (plan->client_id))
    files->client_secret = beside (config, plan->name, "-client.secret");
  return (files->client_secret == NULL || write_client (plan, files->client_secret, config, error))
         && write_key (plan, files->key, config, error);
}

/* What is asked for is looked at as soon as it can be. */
static gboolean
write_all (FloeManagerPlan *plan, const gchar *config, Files *files, GError **error)
{
  g_autoptr (FloeSecret) password = NULL;

  if (!ask (&plan->name, _ ("Name for this engine, such as rhv: "), "--name NAME", TRUE, error)
      || !check_name (plan->name, config, error))
    return FALSE;
  files->ca = beside (config, plan->name, "-ca.pem");
  files->password = beside (config, plan->name, ".password");
  return floe_engine_ca_trust (plan->url, files->ca, plan->fingerprint, error)
         && ask_account (plan, &password, error)
         && write_secret (files->password, config, password, error)
         && write_people (plan, config, files, error);
}

/**
 * floe_manager_add:
 * @plan: what is known; the rest is asked for at the terminal
 *
 * Sets an engine up on the broker's machine: its authority, the account's password, what people are
 * logged in there with, and a section of the configuration; then has the broker test it.
 *
 * Returns: whether all is well
 */
gboolean
floe_manager_add (FloeManagerPlan *plan, GError **error)
{
  const gchar *config = plan->config != NULL ? plan->config : CONFIG;
  g_autofree gchar *program = floe_ctl_find_broker_program (plan->program, error);
  g_auto (Files) files = { NULL };
  g_autofree gchar *section = NULL;

  if (program == NULL || !write_all (plan, config, &files, error))
    return FALSE;
  section = make_section (plan, &files);
  if (!put_section (plan, config, program, section, error))
    return FALSE;
  if (!run_broker (program, config, "--test-manager", plan->name, NULL))
    {
      floe_ctl_set_failed (error,
                           _ ("[manager %s] is in %s; set right what is wrong, and look again "
                              "with \"floectl manager test %s\""),
                           plan->name, config, plan->name);
      return FALSE;
    }
  g_print (_ ("[manager %s] is in %s. Restart the broker, and name it as the manager of a pool.\n"),
           plan->name, config);
  return TRUE;
}
