/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/manager-add.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/broker-program.h"
#include "ctl/command.h"
#include "ctl/engine-ca.h"
#include "ctl/password.h"

#define CONFIG "/etc/floe/broker.conf"

void
floe_manager_plan_clear (FloeManagerPlan *plan)
{
  g_free (plan->url);
  g_free (plan->name);
  g_free (plan->account);
  g_free (plan->password_file);
  g_free (plan->profile);
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

static FloeSecret *
get_password (const FloeManagerPlan *plan, GError **error)
{
  g_autofree gchar *prompt = NULL;

  if (plan->password_file != NULL)
    return floe_password_from_file (plan->password_file, error);
  prompt = g_strdup_printf (_ ("Password of %s at the engine: "), plan->account);
  return floe_password_from_terminal (prompt, error);
}

/* Beside the configuration, and for those only who may read that: the broker is in its group. */
static gboolean
write_password (const gchar *path, const gchar *config, const FloeSecret *password, GError **error)
{
  gint fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gsize length;
  const gchar *text = floe_secret_get (password, &length);
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

static gchar *
make_section (const FloeManagerPlan *plan, const gchar *ca, const gchar *password)
{
  gboolean has_profile = plan->profile != NULL && *plan->profile != '\0';

  return g_strdup_printf ("\n[manager %s]\ntype = ovirt\nurl = %s\nca_file = %s\nuser = %s\n"
                          "password_file = %s\n%s%s%s",
                          plan->name, plan->url, ca, plan->account, password,
                          has_profile ? "profile = " : "", has_profile ? plan->profile : "",
                          has_profile ? "\n" : "");
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

static gboolean
ask_all (FloeManagerPlan *plan, GError **error)
{
  return ask (&plan->name, _ ("Name for this engine, such as rhv: "), "--name NAME", TRUE, error)
         && ask (&plan->account, _ ("Account for Floe at the engine, such as floe@internal: "),
                 "--account NAME@PROFILE", TRUE, error)
         && ask (&plan->profile,
                 _ ("Profile of your people at the engine, such as example.org; empty for none: "),
                 "--profile NAME", FALSE, error);
}

/**
 * floe_manager_add:
 * @plan: what is known; the rest is asked for at the terminal
 *
 * Sets an engine up on the broker's machine: its authority, the account's password and a section of
 * the configuration; then has the broker test it.
 *
 * Returns: whether all is well
 */
gboolean
floe_manager_add (FloeManagerPlan *plan, GError **error)
{
  const gchar *config = plan->config != NULL ? plan->config : CONFIG;
  g_autofree gchar *program = floe_ctl_find_broker_program (plan->program, error);
  g_autoptr (FloeSecret) secret = NULL;
  g_autofree gchar *ca = NULL;
  g_autofree gchar *password = NULL;
  g_autofree gchar *section = NULL;

  if (program == NULL || !ask_all (plan, error))
    return FALSE;
  ca = beside (config, plan->name, "-ca.pem");
  password = beside (config, plan->name, ".password");
  section = make_section (plan, ca, password);
  secret = get_password (plan, error);
  if (secret == NULL || !floe_engine_ca_trust (plan->url, ca, plan->fingerprint, error)
      || !write_password (password, config, secret, error)
      || !put_section (plan, config, program, section, error))
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
