/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/agent-words.h"
#include "manager/libvirt/job-calls.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/seed-image.h"

/* An agent that hangs is given up after this many seconds. */
#define ANSWER 5
/* How often a program that runs in a guest is asked for. */
#define POLL (500 * 1000)
/* A first boot may join a domain and install something. */
#define PERSONALIZE_LIMIT (9 * 60 * G_USEC_PER_SEC)
#define SESSIONS_LIMIT    (30 * G_USEC_PER_SEC)

/* Runs what it reads as a script, which then cannot eat its own text, and stands in no argv. */
#define RUN_INPUT                                                                                  \
  "umask 077; f=$(mktemp) && cat > \"$f\" && sh \"$f\" < /dev/null; s=$?; rm -f \"$f\"; exit $s"

/* libvirt says "unsupported" for a domain that has no channel for an agent, and for one whose
 * agent is older than a command. */
static void
set_agent_error (GError **error, const gchar *what)
{
  virErrorPtr last = virGetLastError ();
  gboolean none = last != NULL && last->code == VIR_ERR_ARGUMENT_UNSUPPORTED;

  if (!none)
    {
      floe_libvirt_set_error (error, what);
      return;
    }
  floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "agent-down", "%s: %s", what,
                         last->message != NULL ? last->message : "there is no agent");
  virResetLastError ();
}

/* Takes what is said. */
static gchar *
tell (virDomainPtr domain, gchar *said, GError **error)
{
  char *reply = virDomainQemuAgentCommand (domain, said, ANSWER, 0);
  gchar *copy = g_strdup (reply);

  if (reply == NULL)
    set_agent_error (error, "the guest agent failed");
  free (reply);
  g_free (said);
  return copy;
}

/**
 * floe_agent_answers:
 *
 * Returns: %TRUE if the domain's guest agent answers now; one that hangs takes 5 s
 */
gboolean
floe_agent_answers (virDomainPtr domain)
{
  g_autofree gchar *reply = tell (domain, floe_agent_say ("guest-ping"), NULL);

  return reply != NULL;
}

static gboolean
is_windows (virDomainPtr domain)
{
  g_autofree gchar *reply = tell (domain, floe_agent_say ("guest-get-osinfo"), NULL);

  return reply != NULL && floe_agent_read_is_windows (reply);
}

static gboolean
wait_for_end (const FloeLibvirtTask *task, virDomainPtr domain, gint64 pid, gint64 until,
              FloeAgentStatus *status, GError **error)
{
  for (;;)
    {
      g_autofree gchar *reply = tell (domain, floe_agent_say_status (pid), error);

      if (reply == NULL || !floe_agent_read_status (reply, status, error))
        return FALSE;
      if (status->exited)
        return TRUE;
      floe_agent_status_clear (status);
      if (g_get_monotonic_time () < until && floe_job_pause (task, POLL))
        continue;
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT,
                           "what runs in the guest has not ended in time");
      return FALSE;
    }
}

/* Takes what is said; runs a program in the guest and waits for its end, which must be a good one.
 */
static gboolean
run (const FloeLibvirtTask *task, virDomainPtr domain, gchar *said, gint64 until, GError **error)
{
  g_autofree gchar *reply = NULL;
  g_auto (FloeAgentStatus) status = { 0 };
  g_autofree gchar *tail = NULL;
  gint64 pid;

  if (!floe_job_may (task, error))
    {
      g_free (said);
      return FALSE;
    }
  reply = tell (domain, said, error);
  if (reply == NULL || !floe_agent_read_pid (reply, &pid, error)
      || !wait_for_end (task, domain, pid, until, &status, error))
    return FALSE;
  if (status.code == 0)
    return TRUE;
  tail = floe_agent_tail (status.error);
  floe_set_error_reason (error, FLOE_ERROR_INTERNAL, "script-failed",
                         "what ran in the guest ended with %d: %s", status.code, tail);
  return FALSE;
}

/**
 * floe_agent_run_script:
 * @script: for sh, as root
 * @until: monotonic time
 *
 * Returns: %TRUE once it ended well
 */
gboolean
floe_agent_run_script (const FloeLibvirtTask *task, virDomainPtr domain, const gchar *script,
                       gint64 until, GError **error)
{
  static const gchar *const arguments[] = { "-c", RUN_INPUT, NULL };

  return run (task, domain, floe_agent_say_exec ("/bin/sh", arguments, script), until, error);
}

static virDomainPtr
find (virConnectPtr connection, const FloeLibvirtTask *task, GError **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (connection, task->job->domain_id);

  if (domain == NULL)
    floe_libvirt_set_error (error, "cannot look up the domain");
  return domain;
}

/* What cloud-init would do. A repetition waits for an earlier one that still runs, and finds its
 * mark, which names the clone, so that a template that was one of ours is personalized again. */
static gchar *
first_boot (virDomainPtr domain, const FloeJob *job)
{
  static const gchar text[] =
      "mkdir -p /var/lib/floe\n"
      "if command -v flock > /dev/null; then exec 9> /var/lib/floe/lock; flock 9; fi\n"
      "[ \"$(cat /var/lib/floe/personalized 2> /dev/null)\" != %s ] || exit 0\n"
      "hostnamectl set-hostname %s 2> /dev/null ||\n"
      "  { printf '%%s\\n' %s > /etc/hostname && hostname %s; } || exit\n"
      "rm -f /etc/machine-id /var/lib/dbus/machine-id\n"
      "if command -v systemd-machine-id-setup > /dev/null; then\n"
      "  said=$(systemd-machine-id-setup 2>&1) || { echo \"$said\" >&2; exit 1; }\n"
      "elif command -v dbus-uuidgen > /dev/null; then dbus-uuidgen --ensure=/etc/machine-id\n"
      "fi\n"
      "rm -f /etc/ssh/ssh_host_*\n"
      "if command -v ssh-keygen > /dev/null && [ -d /etc/ssh ]; then ssh-keygen -A; fi\n"
      "umask 077\n"
      "printf '%%s\\n' %s > /var/lib/floe/first-boot\n"
      "sh /var/lib/floe/first-boot < /dev/null 9>&-; s=$?\n"
      "rm -f /var/lib/floe/first-boot\n"
      "[ $s = 0 ] || exit $s\n"
      "printf '%%s\\n' %s > /var/lib/floe/personalized\n";
  g_autofree gchar *id = g_shell_quote (job->domain_id);
  g_autofree gchar *name = g_shell_quote (virDomainGetName (domain));
  g_autofree gchar *script = g_shell_quote (job->script != NULL ? job->script : ":");

  return g_strdup_printf (text, id, name, name, name, script, id);
}

/**
 * floe_job_personalize:
 *
 * Host name, machine-id, SSH host keys, then the script; Linux guests only, since a Windows that
 * was not generalized by sysprep cannot be told apart by commands.
 */
gpointer
floe_job_personalize (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                      gpointer input, GError **error)
{
  const FloeLibvirtTask *task = input;
  g_autoptr (virDomain) domain = find (connection, task, error);
  gint64 until = g_get_monotonic_time () + PERSONALIZE_LIMIT;
  g_autofree gchar *script = NULL;

  if (domain == NULL)
    return NULL;
  if (is_windows (domain))
    {
      floe_set_error_reason (error, FLOE_ERROR_INVALID, "windows-guest",
                             "Windows is not personalized by its agent: use sysprep in the "
                             "template, and the personality none");
      return NULL;
    }
  script = first_boot (domain, task->job);
  return floe_agent_run_script (task, domain, script, until, error) ? floe_job_result_new () : NULL;
}

/* Runs one thing in a Linux guest, and another one in Windows. */
static gpointer
run_for_sessions (virConnectPtr connection, const FloeLibvirtTask *task, const gchar *linux_script,
                  const gchar *windows_command, GError **error)
{
  const gchar *const shell[] = { "-c", linux_script, NULL };
  const gchar *const powershell[] = { "-NoProfile", "-Command", windows_command, NULL };
  g_autoptr (virDomain) domain = find (connection, task, error);
  gint64 until = g_get_monotonic_time () + SESSIONS_LIMIT;
  gchar *said;

  if (domain == NULL)
    return NULL;
  said = is_windows (domain) ? floe_agent_say_exec ("powershell.exe", powershell, NULL)
                             : floe_agent_say_exec ("/bin/sh", shell, NULL);
  return run (task, domain, said, until, error) ? floe_job_result_new () : NULL;
}

/* The sessions of Windows, of which quser prints a line each: name, perhaps the session's, number,
 * state. It fails when there is none. */
#define FOR_EACH_QUSER(WHAT)                                                                       \
  "quser 2>$null | Select-Object -Skip 1 | ForEach-Object { "                                      \
  "if ($_ -match '\\s(\\d+)\\s+[A-Za-z]') { " WHAT " $Matches[1] } }; exit 0"

/**
 * floe_job_lock:
 *
 * Linux: "loginctl lock-sessions", which asks each session's own desktop environment. Windows: a
 * session cannot be locked from outside of it, so its console is disconnected, after which it asks
 * for a password; the Windows part was written by its documentation and has not met a Windows yet.
 */
gpointer
floe_job_lock (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
               GError **error)
{
  return run_for_sessions (connection, input, "loginctl lock-sessions", FOR_EACH_QUSER ("tsdiscon"),
                           error);
}

/**
 * floe_job_log_off:
 *
 * Linux: all sessions of class "user" are terminated; a greeter's goes on. Windows: "logoff", see
 * floe_job_lock().
 */
gpointer
floe_job_log_off (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
                  GError **error)
{
  static const gchar script[] =
      "loginctl list-sessions --no-legend | while read -r id rest; do\n"
      "  [ \"$(loginctl show-session -p Class --value \"$id\")\" != user ] ||\n"
      "    loginctl terminate-session \"$id\"\n"
      "done";

  return run_for_sessions (connection, input, script, FOR_EACH_QUSER ("logoff"), error);
}

static guint
count_users (virTypedParameterPtr values, int n)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  unsigned int listed = 0;

  virTypedParamsGetUInt (values, n, "user.count", &listed);
  for (guint i = 0; i < listed && i < 1024; i++)
    {
      g_autofree gchar *key = g_strdup_printf ("user.%u.name", i);
      const char *name = NULL;

      if (virTypedParamsGetString (values, n, key, &name) == 1 && name != NULL)
        g_hash_table_add (names, g_strdup (name));
    }
  virResetLastError ();
  return g_hash_table_size (names);
}

/**
 * floe_job_ask:
 *
 * Counts people, not their sessions.
 */
gpointer
floe_job_ask (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
              GError **error)
{
  const FloeLibvirtTask *task = input;
  g_autoptr (virDomain) domain = find (connection, task, error);
  virTypedParameterPtr values = NULL;
  FloeJobResult *result;
  int n = 0;

  if (domain == NULL)
    return NULL;
  if (virDomainGetGuestInfo (domain, VIR_DOMAIN_GUEST_INFO_USERS, &values, &n, 0) < 0)
    {
      set_agent_error (error, "the guest agent failed");
      return NULL;
    }
  result = floe_job_result_new ();
  result->logged_in = count_users (values, n);
  virTypedParamsFree (values, n);
  return result;
}

/* --- cloud-init's first boot --- */

/* Returns what is in a small file, NULL without an error if there is none. */
static gchar *
read_file (virDomainPtr domain, const gchar *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree gchar *opened = tell (domain, floe_agent_say_open (path), &local);
  g_autofree gchar *reply = NULL;
  gchar *content;
  gint64 handle;

  if (local != NULL && g_error_matches (local, FLOE_ERROR, FLOE_ERROR_INTERNAL)
      && strstr (local->message, "No such file") != NULL)
    return NULL;
  if (opened == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (!floe_agent_read_handle (opened, &handle, error))
    return NULL;
  reply = tell (domain, floe_agent_say_read (handle), error);
  content = reply != NULL ? floe_agent_read_content (reply, error) : NULL;
  g_free (tell (domain, floe_agent_say_close (handle), NULL));
  return content;
}

/* cloud-init leaves this in a system in which it does nothing. */
static gboolean
is_disabled (virDomainPtr domain, GError **error)
{
  g_autofree gchar *mark = read_file (domain, "/run/cloud-init/disabled", error);

  return mark != NULL;
}

/**
 * floe_agent_first_boot_done:
 * @done: (out): whether cloud-init has done its work, the clone's script included
 *
 * /run/cloud-init/result.json is written at the end of each boot. What the script ended with is
 * kept over boots, since it runs once.
 *
 * Returns: %FALSE with an error if that cannot be told, or if it will not come to that: reason
 *   "script-failed" if the script failed, "seed-unseen" if cloud-init did not begin
 */
gboolean
floe_agent_first_boot_done (virDomainPtr domain, gboolean *done, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree gchar *result = read_file (domain, "/run/cloud-init/result.json", &local);
  g_autofree gchar *status = NULL;

  *done = FALSE;
  if (result == NULL && local == NULL && is_disabled (domain, &local))
    floe_set_error_reason (&local, FLOE_ERROR_INTERNAL, "seed-unseen",
                           "cloud-init is switched off in it, or did not find its seed CD");
  else if (result != NULL)
    status = read_file (domain, FLOE_FIRST_BOOT_STATUS, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  *done = result != NULL && floe_agent_read_first_boot (status, error);
  return result == NULL || *done;
}
