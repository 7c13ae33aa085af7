/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client-fake.h"
#include "ctl/settings.h"
#include "ctl/table.h"

/* Runs the built floectl against a live fake broker. */

#define TOKEN "flt_4mJ1Qk0oXw9s7yTzVb2LrHc8dEgNfUaP5iKq3uRxWvY"

typedef struct
{
  FakeBroker *fake;
  gchar *dir;
  gchar *url;
  gchar *token_file;
  gint exit;
  gchar *out;
  gchar *err;
} Fixture;

static gchar *
program (void)
{
  g_autofree gchar *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree gchar *here = g_path_get_dirname (self);

  return g_build_filename (here, "..", "..", "client", "ctl", "floectl", NULL);
}

static void
write_file (Fixture *f, const gchar *name, const gchar *text)
{
  g_autofree gchar *path = g_build_filename (f->dir, name, NULL);
  g_autofree gchar *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->fake = fake_broker_new ();
  f->url = fake_broker_url (f->fake);
  f->dir = fake_dir_new ();
  f->token_file = g_build_filename (f->dir, "floe", "floectl.token", NULL);
  write_file (f, "password", "geheim\n");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  fake_broker_free (f->fake);
  fake_dir_remove (f->dir);
  g_free (f->dir);
  g_free (f->url);
  g_free (f->token_file);
  g_free (f->out);
  g_free (f->err);
}

static void
detach (gpointer data)
{
  setsid ();
}

/* @line in the test's directory and without a terminal, with @input on its standard input. */
static void
run_with (Fixture *f, const gchar *input, const gchar *line)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree gchar *path = program ();
  g_autofree gchar *whole = g_strconcat (path, " ", line, NULL);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  g_assert_true (g_shell_parse_argv (whole, NULL, &argv, NULL));
  g_subprocess_launcher_set_child_setup (launcher, detach, NULL, NULL);
  g_subprocess_launcher_set_cwd (launcher, f->dir);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", f->dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", f->dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "KRB5CCNAME", "FILE:there-is-none", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const gchar *const *)argv, &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->out, g_free);
  g_clear_pointer (&f->err, g_free);
  g_subprocess_communicate_utf8_async (process, input, NULL, fake_on_done, &slot);
  result = fake_wait (&slot);
  g_subprocess_communicate_utf8_finish (process, result, &f->out, &f->err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  f->exit = g_subprocess_get_exit_status (process);
  g_assert_null (strstr (f->out, "flt_"));
  g_assert_null (strstr (f->err, "flt_"));
}

static void run (Fixture *f, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static void
run (Fixture *f, const gchar *format, ...)
{
  g_autofree gchar *line = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  run_with (f, "", line);
}

static void
assert_fails (Fixture *f, gint status, const gchar *error)
{
  if (f->exit != status || !g_str_equal (f->err, error))
    g_test_message ("exit %d: %s", f->exit, f->err);
  g_assert_cmpint (f->exit, ==, status);
  g_assert_cmpstr (f->err, ==, error);
  g_assert_cmpstr (f->out, ==, "");
}

static void
assert_good (Fixture *f, const gchar *out)
{
  g_assert_cmpstr (f->err, ==, "");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (f->out, ==, out);
}

static void
log_in (Fixture *f)
{
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login.json");
  run (f, "--broker %s --user hmori --password-file password login", f->url);
  g_assert_cmpstr (f->err, ==, "");
  g_assert_cmpint (f->exit, ==, 0);
}

static void
test_login (Fixture *f, gconstpointer data)
{
  g_autofree gchar *wanted = NULL;
  g_autofree gchar *kept = NULL;
  g_autofree gchar *kept_wanted = g_strdup_printf ("%s\n%s\n", f->url, TOKEN);
  struct stat info;

  log_in (f);
  wanted = g_strdup_printf ("hmori (Mori Haruka 森 遥, user) is logged in at %s until ", f->url);
  g_assert_true (g_str_has_prefix (f->out, wanted));
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/login")->body, ==,
                   "{\"username\":\"hmori\",\"password\":\"geheim\"}");
  g_assert_true (g_file_get_contents (f->token_file, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, kept_wanted);
  g_assert_cmpint (stat (f->token_file, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
  /* From now on the broker is known. */
  fake_broker_answer_file (f->fake, "GET /api/v1/me", 200, "me.json");
  run (f, "whoami");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, "GET /api/v1/me")->token, ==, TOKEN);
  fake_broker_answer (f->fake, "POST /api/v1/logout", 204, NULL, NULL);
  run (f, "logout");
  assert_good (f, "");
  g_assert_false (g_file_test (f->token_file, G_FILE_TEST_EXISTS));
  run (f, "--broker %s logout", f->url);
  assert_good (f, "");
}

static void
test_login_fails (Fixture *f, gconstpointer data)
{
  g_autofree gchar *nobody = NULL;

  fake_broker_answer_file (f->fake, "POST /api/v1/login", 401, "problem-wrong-credentials.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 503, "problem-directory-down.json");
  run (f, "--broker %s --user hmori --password-file password login", f->url);
  g_assert_cmpint (f->exit, ==, 3);
  g_assert_nonnull (strstr (f->err, "; check name and password\n"));
  g_assert_true (g_str_has_prefix (f->err, "floectl: login: "));
  g_assert_false (g_file_test (f->token_file, G_FILE_TEST_EXISTS));
  run (f, "--broker %s --user hmori --password-file password login", f->url);
  g_assert_cmpint (f->exit, ==, 4);
  run (f, "--broker %s --password-file password login", f->url);
  assert_fails (f, 2, "floectl: login: who logs in? Give --user NAME, or set it in floectl.conf\n");
  run (f, "--broker %s --user a --password-file missing login", f->url);
  assert_fails (
      f, 1, "floectl: login: cannot read the password file missing: No such file or directory\n");
  write_file (f, "empty", "\n");
  run (f, "--broker %s --user a --password-file empty login", f->url);
  assert_fails (f, 1, "floectl: login: the password file empty is empty\n");
  run (f, "--broker %s pool list", f->url);
  nobody = g_strdup_printf (
      "floectl: pool list: nobody is logged in at %s; run \"floectl login\"\n", f->url);
  assert_fails (f, 3, nobody);
}

/* Without a ticket nobody is asked for anything. */
static void
test_login_ticket (Fixture *f, gconstpointer data)
{
  run (f, "--broker %s login --kerberos", f->url);
  g_assert_cmpint (f->exit, ==, 3);
  g_assert_true (g_str_has_prefix (f->err, "floectl: login: no ticket of Kerberos: "));
  g_assert_nonnull (strstr (f->err, "; run \"kinit\"\n"));
  g_assert_cmpstr (f->out, ==, "");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "POST /api/v1/login/kerberos"), ==, 0);
  run (f, "--broker %s --token-file t login --kerberos more", f->url);
  assert_fails (f, 2, "floectl: login: \"more\" is too much; see \"floectl help\"\n");
}

/* A log-in that cannot be kept is ended. */
static void
test_login_unkept (Fixture *f, gconstpointer data)
{
  write_file (f, "floe", "in the way of the directory");
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login.json");
  fake_broker_answer (f->fake, "POST /api/v1/logout", 204, NULL, NULL);
  run (f, "--broker %s --user hmori --password-file password login", f->url);
  g_assert_cmpint (f->exit, ==, 1);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "POST /api/v1/logout"), ==, 1);
}

static void
test_token_file (Fixture *f, gconstpointer data)
{
  g_autofree gchar *loose = NULL;
  g_autofree gchar *damaged = NULL;
  g_autofree gchar *link = g_build_filename (f->dir, "link", NULL);
  g_autofree gchar *other = NULL;

  log_in (f);
  /* Another broker never sees it. */
  run (f, "--broker http://127.0.0.1:1 whoami");
  other = g_strdup ("floectl: whoami: nobody is logged in at http://127.0.0.1:1; "
                    "run \"floectl login\"\n");
  assert_fails (f, 3, other);
  g_assert_cmpint (symlink (f->token_file, link), ==, 0);
  run (f, "--broker %s --token-file link whoami", f->url);
  assert_fails (f, 1, "floectl: whoami: cannot read link: Too many levels of symbolic links\n");
  g_assert_cmpint (chmod (f->token_file, 0640), ==, 0);
  run (f, "--broker %s whoami", f->url);
  loose = g_strdup_printf ("floectl: whoami: %s is not yours alone; remove it and log in again\n",
                           f->token_file);
  assert_fails (f, 1, loose);
  write_file (f, "floe/floectl.token", "nothing");
  g_assert_cmpint (chmod (f->token_file, 0600), ==, 0);
  run (f, "--broker %s whoami", f->url);
  damaged = g_strdup_printf ("floectl: whoami: %s holds no log-in; remove it and log in again\n",
                             f->token_file);
  assert_fails (f, 1, damaged);
}

static void
test_expired (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/me", 401, "problem-expired-token.json");
  run (f, "whoami");
  g_assert_cmpint (f->exit, ==, 3);
  g_assert_nonnull (strstr (f->err, "; run \"floectl login\"\n"));
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/pools", 403, "problem-denied.json");
  run (f, "pool list");
  g_assert_cmpint (f->exit, ==, 3);
  g_assert_nonnull (strstr (f->err, "; log in as somebody of that role\n"));
}

static void
test_usage (Fixture *f, gconstpointer data)
{
  run (f, "%s", "");
  assert_fails (f, 2, "floectl: which command? See \"floectl help\"\n");
  run (f, "dance");
  assert_fails (f, 2, "floectl: there is no command \"dance\"; see \"floectl help\"\n");
  run (f, "pool dance");
  assert_fails (f, 2, "floectl: there is no command \"pool dance\"; see \"floectl help\"\n");
  run (f, "--password secret login");
  assert_fails (f, 2, "floectl: Unknown option --password\n");
  run (f, "whoami");
  assert_fails (f, 2,
                "floectl: whoami: which broker? Give --broker URL, or set it in floectl.conf\n");
  run (f, "--broker http://broker.example.com health");
  assert_fails (f, 2, "floectl: health: http:// would send passwords unprotected; use https://\n");
  run (f, "--broker %s --ca missing health", f->url);
  g_assert_cmpint (f->exit, ==, 2);
  run (f, "--broker %s health now", f->url);
  assert_fails (f, 2, "floectl: health: \"now\" is too much; see \"floectl help\"\n");
  run (f, "--broker %s pool show", f->url);
  assert_fails (f, 2, "floectl: pool show: something is missing; see \"floectl help\"\n");
  run (f, "--broker %s audit --limit 0", f->url);
  g_assert_cmpint (f->exit, ==, 2);
  run (f, "--version");
  assert_good (f, "floectl " FLOE_VERSION "\n");
  run (f, "help");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_true (g_str_has_prefix (f->out, "Usage: floectl "));
}

/* The first word of a command alone is a question for the others. */
static void
test_half (Fixture *f, gconstpointer data)
{
  static const gchar *const words[] = { "pool",   "desktop",   "host", "terminal",
                                        "factor", "directory", "audit" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree gchar *head =
          g_strdup_printf ("floectl: %s: which command? There are:\n  %s ", words[i], words[i]);

      run (f, "%s", words[i]);
      g_assert_cmpint (f->exit, ==, 2);
      g_assert_cmpstr (f->out, ==, "");
      if (!g_str_equal (words[i], "audit")) /* which is a command by itself */
        g_assert_true (g_str_has_prefix (f->err, head));
    }
  run (f, "directory");
  assert_fails (f, 2,
                "floectl: directory: which command? There are:\n"
                "  directory test [USER] [--config FILE] [--broker-program PATH]\n"
                "      Test the directory, and how it knows somebody, on the broker's machine\n");
}

static void
test_unreachable (Fixture *f, gconstpointer data)
{
  fake_broker_free (f->fake);
  run (f, "--broker %s health", f->url);
  assert_fails (f, 4,
                "floectl: health: nothing listens at the broker's address; "
                "check the address, and that the broker runs\n");
  f->fake = fake_broker_new ();
}

static void
test_health (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, "GET /api/v1/health", 200, "health.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/health", 200, "health-admin.json");
  run (f, "--broker %s health", f->url);
  assert_good (f, "PART    STATE\n"
                  "broker  ok, version 0.1.0\n");
  log_in (f);
  run (f, "health");
  assert_good (f, "PART         STATE\n"
                  "broker       ok, version 0.1.0\n"
                  "directory    up\n"
                  "host host-a  up\n"
                  "host host-b  down\n");
  g_assert_cmpstr (fake_broker_last (f->fake, "GET /api/v1/health")->token, ==, TOKEN);
}

static void
test_pools (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/pools", 200, "admin-pools.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/pools/office", 200, "admin-pool.json");
  fake_broker_answer (f->fake, "DELETE /api/v1/admin/pools/office", 204, NULL, NULL);
  run (f, "pool list");
  assert_good (
      f, "NAME    KIND       MANAGER  TOTAL  FREE  HELD  DIRTY  BROKEN  REFUSED  CLOSED  PROBLEM\n"
         "office  floating   libvirt  3      1     1     0      0       1        no      -\n"
         "design  dedicated  libvirt  0      0     0     0      0       0        no      "
         "no domain names this pool in its metadata\n");
  run (f, "pool show office");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_nonnull (strstr (f->out, "\nDomains like:            office-*\n"));
  g_assert_nonnull (strstr (f->out, "\nProblem:                 -\n"));
  g_assert_nonnull (strstr (f->out, "\nBroker says:             host-a has no memory left\n"));
  g_assert_nonnull (strstr (f->out, "\noffice-2  host-a  -         off    clean   -       -  "));
  g_assert_nonnull (strstr (f->out,
                            "or use a dedicated pool  the desktop did not become ready within "
                            "120 seconds\n"));
  run (f, "pool delete office");
  assert_good (f, "office: deleted\n");
}

/* What is wrong with a pool as it is defined, and with what the broker does about it. */
static void
test_pool_problem (Fixture *f, gconstpointer data)
{
  static const gchar body[] =
      "{\"name\": \"design\", \"kind\": \"dedicated\", \"manager\": \"libvirt\","
      " \"problem\": \"no domain names this pool in its metadata\", \"keeper\": {\"failures\": 2,"
      " \"note\": \"2 failures one after the other, the last: design-004 on host host-a:"
      " storage desks is full\"}}";

  log_in (f);
  fake_broker_answer (f->fake, "GET /api/v1/admin/pools/design", 200, "application/json", body);
  run (f, "pool show design");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_nonnull (
      strstr (f->out, "\nProblem:                 no domain names this pool in its metadata\n"));
  g_assert_nonnull (strstr (f->out,
                            "\nBroker says:             2 failures one after the other, the last: "
                            "design-004 on host host-a: storage desks is full\n"));
  g_assert_nonnull (strstr (f->out, "\nFailures in a row:       2\n"));
}

static void
test_pool_of_template (Fixture *f, gconstpointer data)
{
  static const gchar *const lines[] = {
    "\nTemplate:                debian-office\n",
    "\nAt most:                 40\n",
    "\nFor each person:         1\n",
    "\nSpares at times:         mon, tue, wed, thu, fri 08:30-10:00: 12\n",
    "\nSpares at times:         sun 22:00-02:00: 0\n",
    "\nData disk (GiB):         20\n",
    "\nAfter a log-off:         reset\n",
    "\nWhen idle:               log-off\n",
    "\nMessage:                 -\n",
    "\nLast words:              32 bytes\n",
  };

  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/pools/office", 200,
                           "admin-pool-template.json");
  run (f, "pool show office");
  g_assert_cmpint (f->exit, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (strstr (f->out, lines[i]) == NULL)
      g_error ("there is no line %s in\n%s", lines[i], f->out);
  g_assert_null (strstr (f->out, "Domains"));
  g_assert_null (strstr (f->out, "adcli"));
}

#define OFFICE_2 "5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a"

#define FIND "GET /api/v1/admin/desktops?limit=500&q="

/* What a search for a name finds may only begin so; two desktops are called "twin". */
static void
answer_desktops (Fixture *f)
{
  fake_broker_answer_file (f->fake, FIND "office-2", 200, "admin-desktops.json");
  fake_broker_answer_file (f->fake, FIND "office-2&pool=office", 200, "admin-desktops.json");
  fake_broker_answer (
      f->fake,
      FIND "office-2&cursor="
           "ZGVza3RvcHMAb2ZmaWNlAG9mZmljZS0yADVjMmQ4ZTE3LTkzZmItNGI2YS1hMGM0LTZmN2U4ZDljMGIxYQA",
      200, "application/json", "{\"items\":[],\"next\":null}");
  fake_broker_answer (
      f->fake,
      FIND "office-2&pool=office&cursor="
           "ZGVza3RvcHMAb2ZmaWNlAG9mZmljZS0yADVjMmQ4ZTE3LTkzZmItNGI2YS1hMGM0LTZmN2U4ZDljMGIxYQA",
      200, "application/json", "{\"items\":[],\"next\":null}");
  fake_broker_answer (f->fake, FIND "office-9", 200, "application/json",
                      "{\"items\":[],\"next\":null}");
  fake_broker_answer (f->fake, FIND "office-9&pool=office", 200, "application/json",
                      "{\"items\":[],\"next\":null}");
  fake_broker_answer (f->fake, FIND "twin", 200, "application/json",
                      "{\"items\":[{\"id\":\"d1\",\"name\":\"twin\"},"
                      "{\"id\":\"d2\",\"name\":\"twin\"},{\"id\":\"d3\",\"name\":\"twin-3\"},"
                      "7,{\"name\":\"nobody\"}],\"next\":null}");
}

static void
test_pool_operations (Fixture *f, gconstpointer data)
{
  const gchar *close = "POST /api/v1/admin/pools/office/close";
  const gchar *assign = "POST /api/v1/admin/desktops/5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a/assign";
  const gchar *engine = "POST /api/v1/admin/pools/office/engine";
  const gchar *release = "POST /api/v1/admin/desktops/0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f/release";

  log_in (f);
  fake_broker_answer (f->fake, close, 204, NULL, NULL);
  fake_broker_answer (f->fake, "POST /api/v1/admin/pools/office/open", 204, NULL, NULL);
  fake_broker_answer (f->fake, "POST /api/v1/admin/pools/office/revisions", 204, NULL, NULL);
  fake_broker_answer (f->fake, engine, 204, NULL, NULL);
  answer_desktops (f);
  fake_broker_answer (f->fake, assign, 204, NULL, NULL);
  fake_broker_answer (f->fake, release, 204, NULL, NULL);
  run (f, "pool close office --message Noon --drain");
  assert_good (f, "office: closed\n");
  g_assert_cmpstr (fake_broker_last (f->fake, close)->body, ==,
                   "{\"message\":\"Noon\",\"drain\":true}");
  run (f, "pool close office");
  g_assert_cmpstr (fake_broker_last (f->fake, close)->body, ==, "{\"drain\":false}");
  run (f, "pool open office");
  assert_good (f, "office: open\n");
  run (f, "pool renew office");
  assert_good (f, "office: a new revision is wanted; \"floectl pool show\" says how it goes\n");
  run (f, "pool engine office --prestarted 0 --entitle vdi-users");
  assert_good (f, "office: changed at its engine\n");
  g_assert_cmpstr (fake_broker_last (f->fake, engine)->body, ==,
                   "{\"prestarted\":0,\"group\":\"vdi-users\",\"entitled\":true}");
  run (f, "pool engine office --entitle a --withdraw b");
  g_assert_cmpint (f->exit, ==, 2);
  run (f, "pool assign office office-2 hmori --reason hers");
  assert_good (f, "office-2: assigned to hmori\n");
  g_assert_cmpstr (fake_broker_last (f->fake, assign)->body, ==,
                   "{\"user\":\"hmori\",\"reason\":\"hers\"}");
  run (f, "pool unassign office 0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f --reason left");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, release)->body, ==, "{\"reason\":\"left\"}");
  run (f, "pool assign office office-9 hmori --reason hers");
  assert_fails (f, 1, "floectl: pool assign: pool office has no desktop office-9\n");
  run (f, "pool unassign office 0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, release)->body, ==, "{}");
}

static void
test_hosts (Fixture *f, gconstpointer data)
{
  const gchar *drain = "POST /api/v1/admin/hosts/host-b/drain";

  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/hosts", 200, "admin-hosts.json");
  fake_broker_answer (f->fake, drain, 204, NULL, NULL);
  fake_broker_answer (f->fake, "POST /api/v1/admin/hosts/host-b/open", 204, NULL, NULL);
  run (f, "host list");
  assert_good (f,
               "NAME    UP   DESKTOPS  HELD  STARTING  FREE MIB  OF MIB  CPUS  LOAD %  DRAINING  "
               "SINCE                 BY        MESSAGE                           ENDS\n"
               "host-a  yes  20        0     3         40000     65536   16    7       no        "
               "-                     -         -                                 -\n"
               "host-b  no   12        3     0         -         -       -     -       yes       "
               "2026-11-23T09:30:00Z  helpdesk  This machine is replaced at noon  "
               "2026-11-23T10:00:00Z\n");
  run (f, "host drain host-b --message disks --minutes 30 --reason old");
  assert_good (f, "host-b: nothing new comes to it\n");
  g_assert_cmpstr (fake_broker_last (f->fake, drain)->body, ==,
                   "{\"message\":\"disks\",\"minutes\":30,\"reason\":\"old\"}");
  run (f, "host open host-b");
  assert_good (f, "host-b: in use\n");
}

static void
test_terminals (Fixture *f, gconstpointer data)
{
  const gchar *put = "PUT /api/v1/admin/terminals/lobby-1";

  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/terminals", 200, "admin-terminals.json");
  run (f, "terminal list");
  assert_good (f, "NAME     STATE   GROUPS        PUBLIC  ENROLLED              SEEN"
                  "                  DESCRIPTION\n"
                  "lobby-1  online  ground-floor  yes     2026-11-23T09:30:00Z  "
                  "2026-11-23T09:31:00Z  By the stairs\n"
                  "lobby-2  new     -             no      -                     -"
                  "                     -\n");
  fake_broker_answer_file (f->fake, put, 200, "admin-terminal.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/terminals/lobby-1", 404,
                           "problem-not-found.json");
  run (f, "terminal put lobby-1 --public");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_null (fake_broker_last (f->fake, put)->if_match);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/terminals/lobby-1", 200,
                           "admin-terminal.json");
  fake_broker_header (f->fake, "ETag", "\"seen\"");
  run (f, "terminal put lobby-1 --group ground-floor --group b --public --description 'By it'");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, put)->body, ==,
                   "{\"description\":\"By it\",\"groups\":[\"ground-floor\",\"b\"],"
                   "\"public\":true}");
  g_assert_cmpstr (fake_broker_last (f->fake, put)->if_match, ==, "\"seen\"");
  run (f, "terminal show lobby-1");
  g_assert_nonnull (strstr (f->out, "fingerprint   3b0c44298fc1c149"));
  g_assert_nonnull (strstr (f->out, "monitors      1920x1080, 1280x1024\n"));
  g_assert_nonnull (strstr (f->out, "last problem  the network was away\n"));
  g_assert_nonnull (strstr (f->out, "running for   1 d 0 h 0 min\n"));
  fake_broker_answer_file (f->fake, "POST /api/v1/admin/terminals/lobby-1/code", 201,
                           "admin-terminal-code.json");
  run (f, "terminal code lobby-1");
  assert_good (f, "K7WM-3XQP makes a machine terminal lobby-1, once, until "
                  "2026-11-23T09:45:00Z\n");
  run (f, "terminal code lobby-1 --reason 'a new machine'");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/admin/terminals/lobby-1/code")->body,
                   ==, "{\"reason\":\"a new machine\"}");
  fake_broker_answer (f->fake, "DELETE /api/v1/admin/terminals/lobby-1", 204, NULL, NULL);
  run (f, "terminal remove lobby-1");
  assert_good (f, "lobby-1: removed; what was logged in there has ended\n");
}

static void
test_terminal_settings (Fixture *f, gconstpointer data)
{
  const gchar *get = "GET /api/v1/admin/terminals/lobby-1/settings";
  const gchar *put = "PUT /api/v1/admin/terminals/lobby-1/settings";

  log_in (f);
  fake_broker_answer_file (f->fake, get, 200, "admin-settings.json");
  fake_broker_answer_file (f->fake, put, 200, "admin-settings.json");
  run (f, "terminal settings lobby-1");
  assert_good (f, "SETTING       SET  GOES BY\n"
                  "idle_minutes  10   10\n"
                  "language      -    de_DE.UTF-8\n"
                  "login_parts   -    language, power\n"
                  "revision 1795426260\n");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, put), ==, 0);
  run (f, "terminal settings lobby-1 --unset idle_minutes --set volume=40 --set pool=1 "
          "--set login_parts=power,network");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, put)->body, ==,
                   "{\"revision\":1795426200,\"settings\":{\"volume\":40,\"pool\":\"1\","
                   "\"login_parts\":[\"power\",\"network\"]}}");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/terminal-groups/all/settings", 200,
                           "admin-group-settings.json");
  run (f, "terminal settings --group all");
  assert_good (f, "SETTING      SET\n"
                  "language     de_DE.UTF-8\n"
                  "login_parts  language, power\n"
                  "revision 1795426260\n");
  run (f, "terminal settings --group all lobby-1");
  assert_fails (f, 2, "floectl: terminal settings: give a terminal's NAME, or --group GROUP\n");
  run (f, "terminal settings lobby-1 --set volume");
  assert_fails (f, 2, "floectl: terminal settings: \"volume\": expected KEY=VALUE\n");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/terminal-groups", 200,
                           "admin-terminal-groups.json");
  run (f, "terminal groups");
  assert_good (f, "GROUP  REVISION\nall    1795426260\n");
}

static void
test_unlock (Fixture *f, gconstpointer data)
{
  const gchar *route = "POST /api/v1/admin/terminals/lobby-1/unlock";

  log_in (f);
  fake_broker_answer_file (f->fake, route, 201, "admin-unlock.json");
  run (f, "terminal unlock lobby-1 48291 37701");
  assert_good (f, "2870 9435 opens terminal lobby-1, once, while it shows these digits\n");
  g_assert_cmpstr (fake_broker_last (f->fake, route)->body, ==, "{\"challenge\":\"4829137701\"}");
}

static void
test_enrol (Fixture *f, gconstpointer data)
{
  const gchar *route = "POST /api/v1/terminal/enrol";
  g_autofree gchar *key = g_build_filename (f->dir, "terminal.pem", NULL);
  g_autofree gchar *code = g_build_filename (f->dir, "enrol.code", NULL);
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  struct stat info;

  g_assert_true (g_file_set_contents (code, "K7WM-3XQP\n", -1, NULL));
  run (f, "--broker %s terminal enrol", f->url);
  assert_fails (f, 2,
                "floectl: terminal enrol: where is the key to be? Give --terminal-key FILE\n");
  run (f, "--broker %s terminal enrol --terminal-key terminal.pem", f->url);
  assert_fails (f, 2,
                "floectl: terminal enrol: the helpdesk's code is needed, and there is nobody to "
                "ask for it; give --code-file FILE\n");
  run (f, "--broker %s --code-file enrol.code terminal enrol --terminal-key ./none/terminal.pem",
       f->url);
  g_assert_cmpint (f->exit, ==, 1);
  fake_broker_answer_file (f->fake, route, 200, "terminal.json");
  run (f, "--broker %s terminal enrol --code-file enrol.code --terminal-key terminal.pem", f->url);
  assert_good (f, "this machine is terminal lobby-1 now; groups: ground-floor; public: yes; its "
                  "key: terminal.pem\n");
  g_assert_cmpstr (fake_broker_last (f->fake, route)->body, ==, "{\"code\":\"K7WM-3XQP\"}");
  g_assert_cmpint (g_stat (key, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  certificate = g_tls_certificate_new_from_file (key, NULL);
  g_assert_nonnull (certificate);
  g_assert_true (g_file_get_contents (key, &first, NULL, NULL));
  run (f, "--broker %s --terminal-key terminal.pem --code-file enrol.code terminal enrol", f->url);
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_true (g_file_get_contents (key, &second, NULL, NULL));
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (g_chmod (key, 0640), ==, 0);
  run (f, "--broker %s --terminal-key terminal.pem --code-file enrol.code terminal enrol", f->url);
  g_assert_cmpint (f->exit, ==, 2);
  g_assert_nonnull (strstr (f->err, "is not its owner's alone"));
}

static void
test_json (Fixture *f, gconstpointer data)
{
  g_autofree gchar *wanted = fake_file ("admin-pools.json");
  g_autoptr (JsonNode) one = NULL;
  g_autoptr (JsonNode) two = json_from_string (wanted, NULL);

  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/pools", 200, "admin-pools.json");
  run (f, "pool list --json");
  one = json_from_string (f->out, NULL);
  g_assert_true (json_node_equal (one, two));
  run (f, "--json pool list");
  g_assert_cmpint (f->exit, ==, 0);
}

static void
test_apply (Fixture *f, gconstpointer data)
{
  const gchar *route = "PUT /api/v1/admin/pools/office";
  g_autofree gchar *file = fake_file ("pool-file.json");

  log_in (f);
  write_file (f, "pool.json", file);
  fake_broker_answer_file (f->fake, "PUT /api/v1/admin/pools/office?dry_run=true", 200,
                           "pool-put.json");
  fake_broker_answer (f->fake, route, 200, "application/json",
                      "{\"pool\":{},\"changes\":[\"a\",\"b\\u001b\"],\"dry_run\":false}");
  fake_broker_answer (f->fake, route, 200, "application/json",
                      "{\"pool\":{},\"changes\":[],\"dry_run\":false}");
  fake_broker_header (f->fake, "ETag", "\"planned\"");
  run (f, "pool apply pool.json --dry-run");
  assert_good (f, "office: 1 change, which was not made\n  entitlements.users: add jweber\n");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, route), ==, 0);
  run (f, "pool apply pool.json");
  assert_good (f, "office: 2 changes\n  a\n  b?\n");
  /* The file goes as it is, so that the broker judges doubled keys too. */
  g_assert_cmpstr (fake_broker_last (f->fake, route)->body, ==, file);
  g_assert_cmpstr (fake_broker_last (f->fake, route)->if_match, ==, "\"planned\"");
  run_with (f, file, "pool apply -");
  assert_good (f, "office: unchanged\n");
}

/* The broker's words about a field are about the file. */
static void
test_apply_refused (Fixture *f, gconstpointer data)
{
  log_in (f);
  write_file (f, "pool.json", "{\"name\":\"office\",\"typo\":1}");
  fake_broker_answer (f->fake, "PUT /api/v1/admin/pools/office?dry_run=true", 400,
                      "application/problem+json",
                      "{\"type\":\"urn:floe:problem:invalid\",\"title\":\"Invalid\","
                      "\"status\":400,\"detail\":\"\\\"typo\\\": unknown key\"}");
  run (f, "pool apply pool.json");
  assert_fails (f, 2, "floectl: pool apply: pool.json: \"typo\": unknown key\n");
}

#define NAMED(name)                                                                                \
  "bad: no pool can be called \"" name                                                             \
  "\": a name is 1 to 64 of a-z, 0-9 and -, not beginning with -"

static void
test_apply_bad_files (Fixture *f, gconstpointer data)
{
  g_autofree gchar *large = g_strnfill (70000, ' ');
  g_autofree gchar *deep = g_strnfill (60000, '[');
  const struct
  {
    const gchar *text;
    const gchar *error;
  } rows[] = {
    { "{\n  \"name\": \"a\",\n  \"kind\" \"b\"\n}\n",
      "bad:3:10: no JSON: a field without a colon" },
    { "{\"name\":\"a\",}", "bad:1:13: no JSON: a field without a name" },
    { "", "bad is empty" },
    { " \n\t\n", "bad is empty" },
    { "\xef\xbb\xbf{\"name\":\"a\"}",
      "bad begins with a byte order mark; save it as UTF-8 without one" },
    { "{ // comment\n}", "bad:1:3: no JSON: a field without a name" },
    { "[]", "bad: a pool is an object with a text \"name\"" },
    { "{\"name\":7}", "bad: a pool is an object with a text \"name\"" },
    { "{\"name\":\"..\"}", NAMED ("..") },
    { "{\"name\":\"a/b\"}", NAMED ("a/b") },
    { "{\"name\":\"B\xc3\xbcro\"}", NAMED ("B\xc3\xbcro") },
    { "{\"name\":\"-a\"}", NAMED ("-a") },
    { "{\"name\":\"a\\u001b[2J\"}", NAMED ("a?[2J") },
    { large, "bad is larger than 64 KiB" },
    { deep, "bad:1:17: no JSON: too many levels" },
  };

  log_in (f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *wanted = g_strdup_printf ("floectl: pool apply: %s\n", rows[i].error);

      write_file (f, "bad", rows[i].text);
      run (f, "pool apply bad");
      assert_fails (f, 2, wanted);
    }
  run_with (f, "", "pool apply -");
  assert_fails (f, 2, "floectl: pool apply: standard input is empty\n");
  run (f, "pool show a/b");
  assert_fails (f, 2,
                "floectl: pool show: no pool can be called \"a/b\": a name is 1 to 64 of a-z, 0-9 "
                "and -, not beginning with -\n");
  run (f, "pool apply missing");
  assert_fails (f, 2, "floectl: pool apply: cannot read missing: No such file or directory\n");
}

static void
test_desktops (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/desktops?limit=500", 200,
                           "admin-desktops.json");
  fake_broker_answer (
      f->fake,
      "GET "
      "/api/v1/admin/"
      "desktops?limit=500&cursor="
      "ZGVza3RvcHMAb2ZmaWNlAG9mZmljZS0yADVjMmQ4ZTE3LTkzZmItNGI2YS1hMGM0LTZmN2U4ZDljMGIxYQA",
      200, "application/json",
      "{\"items\":[{\"name\":\"office-3\",\"holder\":null}],\"next\":null}");
  run (f, "desktop list");
  assert_good (f,
               "NAME      POOL    HOST    STATE   HOLDER  TERMINAL  REFUSAL  PROBLEM              "
               "  ID\n"
               "office-1  office  host-a  in-use  hmori   lobby-1   -        -                    "
               "  0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f\n"
               "office-2  office  host-a  broken  -       -         -        storage desks is full"
               "  5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a\n"
               "office-3  -       -       -       -       -         -        -                    "
               "  -\n");
  fake_broker_answer (f->fake,
                      "GET /api/v1/admin/desktops?limit=500&q=a%20b&pool=lab&host=h&state=off&"
                      "holder=u&terminal=t&assigned=true",
                      200, "application/json", "{\"items\":[],\"next\":null}");
  run (f,
       "desktop list lab --search 'a b' --host h --state off --holder u --terminal t --assigned");
  assert_good (f, "There is no desktop.\n");
  run (f, "desktop list --assigned --free");
  g_assert_cmpint (f->exit, ==, 2);
  run (f, "desktop list missing");
  g_assert_cmpint (f->exit, ==, 1);
}

static void
test_details (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake,
                           "GET /api/v1/admin/desktops/0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f", 200,
                           "admin-desktop.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/users/hmori", 200, "admin-user.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/users/hmori/account", 200,
                           "admin-account.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/sessions?limit=500&user=hmori", 200,
                           "admin-sessions.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/users?limit=500&q=mori", 200,
                           "admin-users.json");
  run (f, "desktop show 0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_nonnull (strstr (f->out, "\nholder     hmori\n"));
  g_assert_nonnull (strstr (f->out, "\nPlanned:\nAT                    WHAT\n"));
  run (f, "user show hmori");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_nonnull (strstr (f->out, "\naccount           disabled\n"));
  g_assert_nonnull (strstr (f->out, "group office"));
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/users/hmori/account", 200,
                           "admin-account-locked.json");
  run (f, "user show hmori");
  g_assert_nonnull (strstr (f->out, "\naccount           locked\n"
                                    "because           the account is locked; the password has to "
                                    "be changed first\n"
                                    "locked until      2026-11-23T10:00:00Z\n"
                                    "account expires   2026-12-31T23:00:00Z\n"
                                    "password expires  2026-11-30T09:30:00Z\n"));
  /* One that answers with anything else harms nobody. */
  fake_broker_answer (f->fake, "GET /api/v1/admin/users/hmori/account", 200, "application/json",
                      "{\"state\":\"locked\",\"text\":7,\"also\":[1,{},null,\"odd\"]}");
  run (f, "user show hmori");
  g_assert_nonnull (strstr (f->out, "\nbecause           the account is locked\n"));
  run (f, "session list --of hmori");
  assert_good (
      f, "USER   DESKTOP   POOL    HOST    TERMINAL  ADDRESS        SINCE                 QUALITY\n"
         "hmori  office-1  office  host-a  lobby-1   198.51.100.23  2026-11-23T09:31:00Z  fair\n");
  run (f, "user list mori");
  g_assert_nonnull (strstr (f->out, "\nhmori  Mori Haruka"));
}

static void
test_release (Fixture *f, gconstpointer data)
{
  const gchar *release = "POST /api/v1/admin/desktops/" OFFICE_2 "/release";

  log_in (f);
  answer_desktops (f);
  fake_broker_answer (f->fake, release, 204, NULL, NULL);
  run (f, "desktop release office-2 --reason 'gone \"home\"'");
  assert_good (f, "office-2: released\n");
  g_assert_cmpstr (fake_broker_last (f->fake, release)->body, ==,
                   "{\"reason\":\"gone \\\"home\\\"\"}");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, FIND "office-2"), ==, 1);
  /* Nobody need be asked what an id means. */
  run (f, "desktop release " OFFICE_2 " --reason gone");
  assert_good (f, OFFICE_2 ": released\n");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, FIND "office-2"), ==, 1);
}

static void
test_desktop_acts (Fixture *f, gconstpointer data)
{
  const gchar *act = "POST /api/v1/admin/desktops/" OFFICE_2 "/actions";
  const gchar *const words[] = { "shut-down", "restart", "force-off", "reset", "log-off" };

  log_in (f);
  answer_desktops (f);
  fake_broker_answer (f->fake, act, 204, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree gchar *said = g_strdup_printf (
          "office-2: %s has begun; \"floectl desktop list\" says how it goes\n", words[i]);
      g_autofree gchar *body =
          g_strdup_printf ("{\"action\":\"%s\",\"reason\":\"it hangs\"}", words[i]);

      run (f, "desktop %s office-2 --reason 'it hangs'", words[i]);
      assert_good (f, said);
      g_assert_cmpstr (fake_broker_last (f->fake, act)->body, ==, body);
    }
  run (f, "desktop reset office-2 --reason x --json");
  assert_good (f, "");
}

#define BULK_ITEM(name, outcome, problem)                                                          \
  "{\"id\":\"" name "\",\"name\":\"" name "\",\"holder\":null,\"outcome\":\"" outcome              \
  "\",\"state\":null,\"problem\":" problem "}"

static void
test_many (Fixture *f, gconstpointer data)
{
  const gchar *bulk = "POST /api/v1/admin/bulk";

  log_in (f);
  answer_desktops (f);
  fake_broker_answer (
      f->fake, "POST /api/v1/admin/moves", 200, "application/json",
      "{\"dry_run\":true,\"items\":[" BULK_ITEM ("a", "would-be-done", "null") "]}");
  run (f, "user move a --from office --to design --release --dry-run");
  assert_good (f, "NAME  HOLDER  OUTCOME        STATE  WHY NOT\n"
                  "a     -       would be done  -      -\n");
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/admin/moves")->body, ==,
                   "{\"users\":[\"a\"],\"from\":\"office\",\"to\":\"design\",\"release\":true,"
                   "\"dry_run\":true}");
  run (f, "user move a --from office");
  g_assert_cmpint (f->exit, ==, 2);
  run (f, "desktop maintain office-2 --minutes 5 --message 'New memory.' --reason x");
  g_assert_cmpstr (fake_broker_last (f->fake, bulk)->body, ==,
                   "{\"action\":\"maintenance\",\"desktops\":[\"" OFFICE_2
                   "\"],\"message\":\"New memory.\",\"minutes\":5,\"reason\":\"x\"}");
  fake_broker_answer (
      f->fake, bulk, 200, "application/json",
      "{\"dry_run\":true,\"items\":[" BULK_ITEM ("office-2", "would-be-done", "null") "]}");
  run (f, "desktop many message office-2 --text 'Save.' --dry-run --reason x");
  assert_good (f, "NAME      HOLDER  OUTCOME        STATE  WHY NOT\n"
                  "office-2  -       would be done  -      -\n");
  g_assert_cmpstr (fake_broker_last (f->fake, bulk)->body, ==,
                   "{\"action\":\"message\",\"desktops\":[\"" OFFICE_2 "\"],\"text\":\"Save.\","
                   "\"reason\":\"x\",\"dry_run\":true}");
  fake_broker_answer (
      f->fake, bulk, 200, "application/json",
      "{\"dry_run\":false,\"items\":[" BULK_ITEM ("a", "done", "null") "," BULK_ITEM (
          "b", "refused", "{\"detail\":\"b is admin\"}") "]}");
  run (f, "user log-off a b --desktops keep");
  g_assert_cmpint (f->exit, ==, 1);
  g_assert_nonnull (strstr (f->out, "b     -       refused  -      b is admin\n"));
  g_assert_nonnull (strstr (f->err, "1 of them was refused"));
  g_assert_cmpstr (fake_broker_last (f->fake, bulk)->body, ==,
                   "{\"action\":\"log-off\",\"users\":[\"a\",\"b\"],\"their_desktops\":\"keep\"}");
}

static void
test_message (Fixture *f, gconstpointer data)
{
  const gchar *tell = "POST /api/v1/admin/desktops/" OFFICE_2 "/message";

  log_in (f);
  answer_desktops (f);
  fake_broker_answer (f->fake, tell, 204, NULL, NULL);
  run (f, "session message office-2 'Please save.' --reason 'ticket 1'");
  assert_good (f, "office-2: sent\n");
  g_assert_cmpstr (fake_broker_last (f->fake, tell)->body, ==,
                   "{\"text\":\"Please save.\",\"reason\":\"ticket 1\"}");
  fake_broker_answer (f->fake, tell, 409, "application/problem+json",
                      "{\"type\":\"urn:floe:problem:conflict\",\"title\":\"Conflict\","
                      "\"status\":409,\"detail\":\"nobody sits at desktop office-2 now\","
                      "\"reason\":\"nobody-there\"}");
  run (f, "session message office-2 'Please save.' --reason 'ticket 1'");
  assert_fails (f, 1, "floectl: session message: nobody sits at desktop office-2 now\n");
}

#define ANNOUNCEMENTS "/api/v1/admin/announcements"

/* What may have been done is asked for again under its own key, and what is new under another. */
static void
test_once (Fixture *f, gconstpointer data)
{
  g_autofree gchar *first = NULL;

  log_in (f);
  fake_broker_drop (f->fake, "POST " ANNOUNCEMENTS);
  fake_broker_answer_file (f->fake, "POST " ANNOUNCEMENTS, 201, "admin-announcement.json");
  run (f, "announcement add 'Back soon.'");
  assert_good (f, "0064a2f1c8e40-5e0b1c2d\n");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "POST " ANNOUNCEMENTS), ==, 2);
  first = g_strdup (fake_broker_first (f->fake, "POST " ANNOUNCEMENTS)->key);
  g_assert_cmpuint (strlen (first), ==, 36);
  g_assert_cmpstr (fake_broker_last (f->fake, "POST " ANNOUNCEMENTS)->key, ==, first);
  run (f, "announcement add 'Back soon.'");
  g_assert_cmpstr (fake_broker_last (f->fake, "POST " ANNOUNCEMENTS)->key, !=, first);
}

static void
test_shadows (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/shadows", 200, "admin-shadows.json");
  fake_broker_answer (f->fake, "DELETE /api/v1/admin/shadows/one", 204, NULL, NULL);
  run (f, "shadow list");
  g_assert_nonnull (strstr (f->out, "office-1"));
  g_assert_nonnull (strstr (f->out, "Jana Weber"));
  run (f, "shadow end one");
  assert_good (f, "one: nobody looks any more\n");
}

static void
test_webhooks (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/webhooks", 200, "admin-webhooks.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/admin/webhooks", 201, "admin-webhook-made.json");
  fake_broker_answer (f->fake, "DELETE /api/v1/admin/webhooks/tickets", 204, NULL, NULL);
  run (f, "webhook add tickets https://t.example/f --event alarm --event pool");
  assert_good (f, "Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2MyN4KxQvR9T\n");
  g_assert_cmpstr (
      fake_broker_last (f->fake, "POST /api/v1/admin/webhooks")->body, ==,
      "{\"name\":\"tickets\",\"url\":\"https://t.example/f\",\"events\":[\"alarm\",\"pool\"]}");
  run (f, "webhook add tickets https://t.example/f");
  assert_fails (f, 2,
                "floectl: webhook add: of what? Give --event assignment, session, pool or alarm\n");
  run (f, "webhook list");
  g_assert_nonnull (strstr (f->out, "2026-11-23T09:31:00Z  2         it answers 503\n"));
  run (f, "webhook test printer");
  assert_fails (f, 1, "floectl: webhook test: there is no webhook printer\n");
  run (f, "webhook remove tickets");
  assert_good (f, "tickets: is told nothing any more\n");
}

#define OFFICE_FILE                                                                                \
  "{\"policies\":{\"strict\":{\"clipboard\":\"none\"}},\"roles\":{\"desk\":[\"desk-office\"]},"    \
  "\"pools\":[{\"name\":\"office\",\"policy\":\"strict\",\"helpdesk_groups\":\"desk\"}]}"

#define LOBBY_FILE                                                                                 \
  "{\"terminals\":[{\"name\":\"lobby-1\",\"description\":\"By the lift\",\"groups\":"              \
  "[\"ground-floor\"],\"public\":true},{\"name\":\"lobby-9\"}],"                                   \
  "\"terminal_settings\":{\"all\":{\"volume\":30}}}"

static void
answer_apply (Fixture *f)
{
  fake_broker_answer (f->fake, "PUT /api/v1/admin/pools/office?dry_run=true", 200,
                      "application/json",
                      "{\"pool\":{},\"changes\":[\"closed: no -> yes\"],\"dry_run\":true}");
  fake_broker_answer (f->fake, "PUT /api/v1/admin/pools/office", 200, "application/json", "{}");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/terminals/lobby-1", 200,
                           "admin-terminal.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/terminals/lobby-9", 404,
                           "problem-not-found.json");
  fake_broker_answer_file (f->fake, "PUT /api/v1/admin/terminals/lobby-1", 200,
                           "admin-terminal.json");
  fake_broker_answer_file (f->fake, "PUT /api/v1/admin/terminals/lobby-9", 409,
                           "problem-denied.json");
  fake_broker_answer (f->fake, "GET /api/v1/admin/terminal-groups/all/settings", 200,
                      "application/json", "{\"revision\":7,\"settings\":{\"volume\":30}}");
  fake_broker_header (f->fake, "ETag", "\"seen\"");
}

/* First what would change, then that and nothing else; and a dry run tells by its exit code. */
static void
test_apply_all (Fixture *f, gconstpointer data)
{
  const gchar *wanted = "pool office: 1 change\n  closed: no -> yes\n"
                        "terminal lobby-1: 1 change\n"
                        "  description: \"By the stairs\" -> \"By the lift\"\n"
                        "terminal lobby-9: 3 changes\n  new terminal\n  groups: - -> []\n"
                        "  public: - -> false\nterminal-settings all: unchanged\n";

  log_in (f);
  write_file (f, "office.json", OFFICE_FILE);
  write_file (f, "lobby.json", LOBBY_FILE);
  answer_apply (f);
  run (f, "apply -f office.json -f lobby.json --dry-run");
  g_assert_cmpint (f->exit, ==, 5);
  g_assert_cmpstr (f->err, ==, "");
  g_assert_cmpstr (f->out, ==, wanted);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "PUT /api/v1/admin/pools/office"), ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, "PUT /api/v1/admin/pools/office?dry_run=true")->body,
                   ==,
                   "{\"name\":\"office\",\"policy\":{\"clipboard\":\"none\"},\"helpdesk_groups\":["
                   "\"desk-office\"]}");
  run (f, "apply -f office.json -f lobby.json");
  g_assert_cmpint (f->exit, ==, 3);
  g_assert_cmpstr (f->out, ==, wanted);
  g_assert_nonnull (strstr (f->err, "terminal lobby-9, and what follows it, is as it was: "));
  g_assert_cmpstr (fake_broker_last (f->fake, "PUT /api/v1/admin/pools/office")->if_match, ==,
                   "\"seen\"");
  g_assert_cmpuint (
      fake_broker_n_requests (f->fake, "PUT /api/v1/admin/terminal-groups/all/settings"), ==, 0);
}

static void
test_apply_files (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const gchar *text;
    const gchar *error;
  } rows[] = {
    { "[]", "a.json: expected an object" },
    { "{\"pool\":[]}",
      "a.json: unknown section \"pool\"; there are policies, roles, pools, terminals "
      "and terminal_settings" },
    { "{\"pools\":{}}", "a.json: \"pools\" is not a list" },
    { "{\"pools\":[7]}", "a.json: each of \"pools\" is an object with a text \"name\"" },
    { "{\"pools\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", "a.json: \"a\" is given twice" },
    { "{\"pools\":[{\"name\":\"a\",\"policy\":\"x\"}]}",
      "a.json: pool a: nothing is called \"x\", which its \"policy\" names" },
    { "{\"terminals\":[{\"name\":\"a\",\"colour\":1}]}",
      "a.json: terminal a: unknown key \"colour\"" },
    { "{\"pools\":[", "a.json:1:11: no JSON: no end" },
  };

  log_in (f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *wanted = g_strdup_printf ("floectl: apply: %s\n", rows[i].error);

      write_file (f, "a.json", rows[i].text);
      run (f, "apply -f a.json");
      assert_fails (f, 2, wanted);
    }
  run (f, "apply");
  assert_fails (f, 2, "floectl: apply: which file? Give -f FILE\n");
}

static void
assert_completes (Fixture *f, const gchar *line, const gchar *wanted)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autofree gchar *list = g_strjoinv ("' '", words);
  g_autofree gchar *path = program ();
  g_autofree gchar *script = g_strdup_printf ("source <('%s' completion); COMP_WORDS=('%s'); "
                                              "COMP_CWORD=%u; _floectl; echo \"${COMPREPLY[*]}\"",
                                              path, list, g_strv_length (words) - 1);
  const gchar *argv[] = { "bash", "-c", script, NULL };
  g_autofree gchar *out = NULL;

  g_assert_true (g_spawn_sync (f->dir, (gchar **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               NULL, NULL, NULL));
  g_strchomp (out);
  g_assert_cmpstr (out, ==, wanted);
}

static void
test_completion (Fixture *f, gconstpointer data)
{
  write_file (f, "office.json", "{}");
  assert_completes (f, "floectl term", "terminal");
  assert_completes (f, "floectl --broker b token ", "list add remove");
  assert_completes (f, "floectl token add x --r", "--role");
  assert_completes (f, "floectl pool apply off", "office.json");
  assert_completes (f, "floectl apply -f off", "office.json");
  assert_completes (f, "floectl audit --li", "--limit");
  assert_completes (f, "floectl manager add ovirt u --name rhv --client-s", "--client-secret-file");
  assert_completes (f, "floectl manager add ovirt u --key-file off", "office.json");
}

#define API_TOKEN "fla_Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2MyN4KxQvR9T"

/* It is told once, or goes into a file that opens the API from then on, by itself or with its
 * broker; and no log-in takes its place. */
static void
test_tokens (Fixture *f, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename (f->dir, "script", NULL);
  g_autofree gchar *kept = NULL;
  g_autofree gchar *wanted = g_strdup_printf ("%s\n" API_TOKEN "\n", f->url);

  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/tokens", 200, "admin-tokens.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/admin/tokens", 201, "admin-token-made.json");
  fake_broker_answer (f->fake, "DELETE /api/v1/admin/tokens/report", 204, NULL, NULL);
  fake_broker_answer_file (f->fake, "GET /api/v1/me", 200, "me.json");
  run (f, "token add ticket-system --role helpdesk --pool office --days 90");
  assert_good (f, API_TOKEN "\n");
  g_assert_cmpstr (
      fake_broker_last (f->fake, "POST /api/v1/admin/tokens")->body, ==,
      "{\"name\":\"ticket-system\",\"role\":\"helpdesk\",\"pools\":[\"office\"],\"days\":90}");
  run (f, "token add ticket-system");
  assert_fails (f, 2,
                "floectl: token add: what may it do? Give --role helpdesk, auditor, operator or "
                "admin\n");
  run (f, "token list");
  g_assert_nonnull (strstr (f->out, "report         auditor   -       -"));
  run (f, "token remove report");
  assert_good (f, "report: good for nothing any more\n");
  run (f, "token add ticket-system --role admin --to script");
  assert_good (f, "");
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, wanted);
  run (f, "--token-file script whoami");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, "GET /api/v1/me")->token, ==, API_TOKEN);
  run (f, "--broker %s --user hmori --password-file password --token-file script login", f->url);
  assert_fails (f, 1,
                "floectl: login: script holds a token of the API; give another --token-file for "
                "the log-in\n");
  write_file (f, "script", API_TOKEN "\n");
  g_assert_cmpint (chmod (path, 0600), ==, 0);
  run (f, "--token-file script --broker %s whoami", f->url);
  g_assert_cmpint (f->exit, ==, 0);
}

/* A broker that keeps connections, on a thread of its own: it answers what comes first on one,
 * closes it when something else was read, and answers what comes on the next one. */
typedef struct
{
  GSocketListener *listener;
  gchar *answer;
  gchar *lost; /* the body that was read before the end */
  gchar *body; /* and the one after it */
} Keeping;

/* Returns: (transfer full): the request's body */
static gchar *
read_request (GDataInputStream *in)
{
  gsize length = 0;
  g_autofree gchar *line = NULL;
  gchar *body;

  while ((line = g_data_input_stream_read_line (in, NULL, NULL, NULL)) != NULL
         && !g_str_equal (line, "\r"))
    {
      if (g_ascii_strncasecmp (line, "Content-Length:", 15) == 0)
        length = (gsize)g_ascii_strtoull (line + 15, NULL, 10);
      g_clear_pointer (&line, g_free);
    }
  body = g_malloc0 (length + 1);
  g_input_stream_read_all (G_INPUT_STREAM (in), body, length, NULL, NULL, NULL);
  return body;
}

static GIOStream *
take_connection (Keeping *keeping, GDataInputStream **in)
{
  GSocketConnection *connection = g_socket_listener_accept (keeping->listener, NULL, NULL, NULL);

  *in = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  return G_IO_STREAM (connection);
}

static void
answer_request (Keeping *keeping, GIOStream *connection)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (connection), keeping->answer,
                             strlen (keeping->answer), NULL, NULL, NULL);
}

static gpointer
keep_one (gpointer data)
{
  Keeping *keeping = data;
  g_autoptr (GDataInputStream) first = NULL;
  g_autoptr (GDataInputStream) second = NULL;
  g_autoptr (GIOStream) kept = take_connection (keeping, &first);
  g_autoptr (GIOStream) next = NULL;

  g_free (read_request (first));
  answer_request (keeping, kept);
  keeping->lost = read_request (first);
  g_io_stream_close (kept, NULL, NULL);
  next = take_connection (keeping, &second);
  keeping->body = read_request (second);
  answer_request (keeping, next);
  g_io_stream_close (next, NULL, NULL);
  return NULL;
}

/* The broker's end of a connection that was kept is closed just as something is sent on it: that is
 * sent again, all of it. */
static void
test_sent_again (Fixture *f, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename (f->dir, "script", NULL);
  g_autofree gchar *file = fake_file ("admin-announcement.json");
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  Keeping keeping = { .listener = listener };
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  GThread *thread;

  g_assert_true (g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &address, NULL));

  keeping.answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                    "Content-Length: %zu\r\n\r\n%s",
                                    strlen (file), file);
  write_file (f, "script", API_TOKEN "\n");
  g_assert_cmpint (chmod (path, 0600), ==, 0);
  thread = g_thread_new ("keeping", keep_one, &keeping);
  run (f,
       "--token-file script --broker http://127.0.0.1:%u announcement edit 0064a2f1c8e40-5e0b1c2d"
       " --severity info",
       g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  g_thread_join (thread);
  assert_good (f, "0064a2f1c8e40-5e0b1c2d\n");
  g_assert_nonnull (strstr (keeping.lost, "\"severity\":\"info\""));
  g_assert_cmpstr (keeping.body, ==, keeping.lost);
  g_free (keeping.answer);
  g_free (keeping.lost);
  g_free (keeping.body);
}

static void
test_announcements (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake, "GET " ANNOUNCEMENTS, 200, "admin-announcements.json");
  fake_broker_answer_file (f->fake, "POST " ANNOUNCEMENTS, 201, "admin-announcement.json");
  fake_broker_answer_file (f->fake, "PUT " ANNOUNCEMENTS "/0064a2f1c8e40-5e0b1c2d", 200,
                           "admin-announcement.json");
  fake_broker_answer (f->fake, "DELETE " ANNOUNCEMENTS "/0064a2f1c8e40-5e0b1c2d", 204, NULL, NULL);
  run (f, "announcement add 'Back soon.' --severity critical --until 2026-11-23T22:00:00Z"
          " --group lobby --group gate");
  assert_good (f, "0064a2f1c8e40-5e0b1c2d\n");
  g_assert_cmpstr (fake_broker_last (f->fake, "POST " ANNOUNCEMENTS)->body, ==,
                   "{\"text\":\"Back soon.\",\"severity\":\"critical\","
                   "\"until\":\"2026-11-23T22:00:00Z\",\"terminal_groups\":[\"lobby\",\"gate\"]}");
  fake_broker_answer_file (f->fake, "GET " ANNOUNCEMENTS "/0064a2f1c8e40-5e0b1c2d", 200,
                           "admin-announcement.json");
  fake_broker_header (f->fake, "ETag", "\"read\"");
  run (f, "announcement edit 0064a2f1c8e40-5e0b1c2d --severity info --until '' --everywhere");
  assert_good (f, "0064a2f1c8e40-5e0b1c2d\n");
  g_assert_cmpstr (
      fake_broker_last (f->fake, "PUT " ANNOUNCEMENTS "/0064a2f1c8e40-5e0b1c2d")->body, ==,
      "{\"text\":\"Maintenance tonight.\\nPlease save your work by 22:00.\","
      "\"severity\":\"info\",\"from\":\"2026-11-23T09:00:00Z\",\"terminal_groups\":[]}");
  g_assert_cmpstr (
      fake_broker_last (f->fake, "PUT " ANNOUNCEMENTS "/0064a2f1c8e40-5e0b1c2d")->if_match, ==,
      "\"read\"");
  fake_broker_answer (f->fake, "PUT " ANNOUNCEMENTS "/0064a2f1c8e40-5e0b1c2d", 412,
                      "application/problem+json",
                      "{\"type\":\"urn:floe:problem:precondition-failed\",\"title\":\"Changed\","
                      "\"status\":412,\"detail\":\"it was changed meanwhile\","
                      "\"reason\":\"changed-meanwhile\"}");
  run (f, "announcement edit 0064a2f1c8e40-5e0b1c2d --severity info");
  assert_fails (f, 1,
                "floectl: announcement edit: it was changed meanwhile; look at them again, and "
                "change them then\n");
  run (f, "announcement drop 0064a2f1c8e40-5e0b1c2d");
  assert_good (f, "0064a2f1c8e40-5e0b1c2d: not shown any more\n");
}

static void
test_desktop_acts_fail (Fixture *f, gconstpointer data)
{
  log_in (f);
  answer_desktops (f);
  fake_broker_answer (f->fake, "POST /api/v1/admin/desktops/" OFFICE_2 "/actions", 400,
                      "application/problem+json",
                      "{\"type\":\"urn:floe:problem:invalid\",\"title\":\"Invalid\",\"status\":400,"
                      "\"detail\":\"reason: needed\",\"reason\":\"reason-needed\"}");
  run (f, "desktop reset office-2");
  assert_fails (f, 1,
                "floectl: desktop reset: reason: needed; say why with --reason TEXT; the audit "
                "trail keeps it\n");
  run (f, "desktop reset office-9 --reason x");
  assert_fails (f, 1,
                "floectl: desktop reset: there is no desktop office-9; see \"floectl desktop "
                "list\"\n");
  run (f, "desktop restart twin --reason x");
  assert_fails (f, 1,
                "floectl: desktop restart: several desktops are called twin; give the id of one: "
                "d1, d2\n");
  run (f, "desktop explode office-2 --reason x");
  assert_fails (f, 2, "floectl: there is no command \"desktop explode\"; see \"floectl help\"\n");
  fake_broker_answer (f->fake, "POST /api/v1/admin/desktops/" OFFICE_2 "/actions", 409,
                      "application/problem+json",
                      "{\"type\":\"urn:floe:problem:conflict\",\"title\":\"Conflict\","
                      "\"status\":409,\"detail\":\"desktop office-2 is off, not on\"}");
  run (f, "desktop shut-down office-2 --reason x");
  assert_fails (f, 1, "floectl: desktop shut-down: desktop office-2 is off, not on\n");
}

static void
test_assign (Fixture *f, gconstpointer data)
{
  log_in (f);
  answer_desktops (f);
  fake_broker_answer (f->fake, "POST /api/v1/admin/desktops/" OFFICE_2 "/assign", 204, NULL, NULL);
  run (f, "desktop assign " OFFICE_2 " hmori --reason 'her own'");
  assert_good (f, OFFICE_2 ": assigned to hmori\n");
  g_assert_cmpstr (
      fake_broker_last (f->fake, "POST /api/v1/admin/desktops/" OFFICE_2 "/assign")->body, ==,
      "{\"user\":\"hmori\",\"reason\":\"her own\"}");
  run (f, "desktop assign " OFFICE_2 " hmori");
  assert_good (f, OFFICE_2 ": assigned to hmori\n");
  g_assert_cmpstr (
      fake_broker_last (f->fake, "POST /api/v1/admin/desktops/" OFFICE_2 "/assign")->body, ==,
      "{\"user\":\"hmori\"}");
}

static void
test_explain (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/pools/office/explain?user=h%26mori", 200,
                           "explanation.json");
  run (f, "explain 'h&mori' office");
  assert_good (f, "+ hmori was last seen about 2026-11-23 09:30:00 UTC\n"
                  "- 0 can be lent now\n"
                  "  1 are lent: office-1 (to jweber since 2026-11-23 09:00:00 UTC)\n\n"
                  "hmori waits in the line of pool office: no desktop of it is free.\n");
  run (f, "explain 'h&mori' office --json");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_nonnull (strstr (f->out, "\"conclusion\""));
  run (f, "explain hmori");
  g_assert_cmpint (f->exit, ==, 2);
}

static void
test_audit_verify (Fixture *f, gconstpointer data)
{
  const gchar *whole = "{\"seals\":1,\"rows\":5,\"keyed\":1,\"findings\":[],\"head\":{\"number\":2,"
                       "\"hash\":\"beef\"},\"tail\":{\"rows\":1,\"first\":6,\"last\":6},"
                       "\"next\":null}";

  log_in (f);
  fake_broker_answer (f->fake, "GET /api/v1/admin/audit/verify?after=51", 200, "application/json",
                      whole);
  fake_broker_answer (f->fake, "GET /api/v1/admin/audit/verify?expect=2%3Abeef", 200,
                      "application/json", whole);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/audit/verify", 200, "audit-verify.json");
  run (f, "audit verify --expect 2:beef");
  assert_good (f, "rows: 5; seals: 1, with a key: 1\nnot sealed yet: 1 rows, from 6 to 6\n"
                  "note this elsewhere, for --expect: 2:beef\n");
  run (f, "audit verify");
  g_assert_cmpint (f->exit, ==, 1);
  g_assert_true (g_str_has_prefix (f->out, "row 17 was altered (seal 3)\nseal 9 is missing\n"
                                           "rows: 31212; seals: 51, with a key: 51\n"));
}

static void
test_audit_export (Fixture *f, gconstpointer data)
{
  const gchar *rows = "{\"items\":[{\"id\":3,\"at\":\"2026-11-23T09:30:00Z\",\"actor\":\"a\","
                      "\"action\":\"release\",\"detail\":\"=1+1 \\\"x\\\"\"}],\"next\":\"YQ\"}";
  const gchar *last = "{\"items\":[{\"id\":2,\"at\":\"2026-11-23T09:00:00Z\",\"actor\":\"a\","
                      "\"action\":\"login\"}],\"next\":null}";

  log_in (f);
  fake_broker_answer (f->fake,
                      "GET /api/v1/admin/audit?limit=1000&user=a&action=release"
                      "&since=2026-11-23T00%3A00%3A00Z",
                      200, "application/json", rows);
  fake_broker_answer (f->fake,
                      "GET /api/v1/admin/audit?limit=1000&user=a&action=release"
                      "&since=2026-11-23T00%3A00%3A00Z&cursor=YQ",
                      200, "application/json", "{\"items\":[],\"next\":null}");
  fake_broker_answer (f->fake,
                      "GET /api/v1/admin/audit?limit=1000&desktop=d&until=2026-11-23T09%3A15%3A00Z",
                      200, "application/json", last);
  run (f, "audit export --format csv --user a --since 2026-11-23T01:00:00+01 --action release");
  assert_good (f, "\"id\",\"at\",\"actor\",\"action\",\"object\",\"outcome\",\"detail\","
                  "\"address\",\"terminal\",\"request\"\r\n"
                  "\"3\",\"2026-11-23T09:30:00Z\",\"a\",\"release\",\"\",\"\","
                  "\"'=1+1 \"\"x\"\"\",\"\",\"\",\"\"\r\n");
  run (f, "audit export --desktop d --until 2026-11-23T09:15:00Z");
  assert_good (f, "{\"id\":2,\"at\":\"2026-11-23T09:00:00Z\",\"actor\":\"a\","
                  "\"action\":\"login\"}\n");
  run (f, "audit export --format xml");
  g_assert_cmpint (f->exit, ==, 2);
  run (f, "audit --since yesterday");
  g_assert_cmpint (f->exit, ==, 2);
}

static void
test_audit (Fixture *f, gconstpointer data)
{
  log_in (f);
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/audit?limit=50", 200, "audit.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/audit?limit=2&user=a%26b", 200,
                           "audit-last.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/admin/audit?limit=50&cursor=YXVkaXQAMTA0MQA", 200,
                           "audit-last.json");
  run (f, "audit");
  g_assert_cmpstr (f->err, ==, "");
  g_assert_nonnull (strstr (f->out, "\n1041  2026-11-23T09:29:58Z  broker  power-on  "));
  run (f, "audit --limit 2 --user 'a&b'");
  assert_good (f, "There is no such row.\n");
}

/* An answer of another shape than promised is shown as far as it goes. */
static void
test_odd_answers (Fixture *f, gconstpointer data)
{
  const gchar *const answers[] = { "[]", "7", "null", "{\"items\":7}",
                                   "{\"items\":[7,null,{\"name\":[[1]],\"counts\":3}]}" };

  log_in (f);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    fake_broker_answer (f->fake, "GET /api/v1/admin/pools", 200, "application/json", answers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      run (f, "pool list");
      g_assert_cmpint (f->exit, ==, 0);
      g_assert_cmpstr (f->err, ==, "");
    }
}

static void
test_configured (Fixture *f, gconstpointer data)
{
  g_autofree gchar *text = g_strdup_printf ("[floectl]\nbroker=%s\nuser=hmori\n", f->url);

  fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login.json");
  write_file (f, "floe/floectl.conf", text);
  run (f, "--password-file password login");
  g_assert_cmpint (f->exit, ==, 0);
  write_file (f, "floe/floectl.conf", "[floectl]\nbrocker=x\n");
  run (f, "whoami");
  g_assert_cmpint (f->exit, ==, 2);
  g_assert_nonnull (strstr (f->err, "floectl.conf: unknown key \"brocker\""));
  write_file (f, "floe/floectl.conf", "[other]\n");
  run (f, "whoami");
  g_assert_nonnull (strstr (f->err, "floectl.conf: unknown section [other]"));
  write_file (f, "floe/floectl.conf", "nonsense\n");
  run (f, "whoami");
  g_assert_cmpint (f->exit, ==, 2);
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename (f->dir, "a.conf", NULL);
  FloeCtlSettings same = { .broker = g_strdup ("one") };
  FloeCtlSettings other = { .broker = g_strdup ("two") };

  write_file (f, "a.conf", "[floectl]\nbroker=one\nca=/ca.pem\nuser=anna\n");
  g_assert_true (floe_ctl_settings_fill_from (&same, path, NULL));
  g_assert_cmpstr (same.ca, ==, "/ca.pem");
  g_assert_cmpstr (same.user, ==, "anna");
  g_assert_true (floe_ctl_settings_fill_from (&other, path, NULL));
  g_assert_cmpstr (other.broker, ==, "two");
  g_assert_null (other.ca);
  floe_ctl_settings_clear (&same);
  floe_ctl_settings_clear (&other);
}

/* Everything that was seen at the terminal. */
typedef struct
{
  gint fd;
  GString *seen;
  gboolean over;
} Terminal;

static gboolean
on_terminal (gint fd, GIOCondition condition, gpointer user_data)
{
  Terminal *terminal = user_data;
  gchar bytes[512];
  gssize n = read (fd, bytes, sizeof bytes);

  if (n <= 0) /* EIO once the other end is gone */
    {
      terminal->over = TRUE;
      return G_SOURCE_REMOVE;
    }
  g_string_append_len (terminal->seen, bytes, n);
  return G_SOURCE_CONTINUE;
}

/* How often something was asked so far. */
static guint
count_prompts (const Terminal *terminal)
{
  guint n = 0;

  for (const gchar *p = strstr (terminal->seen->str, ": "); p != NULL; p = strstr (p + 1, ": "))
    n++;
  return n;
}

/* Types one text at each prompt. */
static void
run_at_terminal (Fixture *f, Terminal *terminal, const gchar *command, const gchar *const *typed,
                 gint *status)
{
  g_autofree gchar *path = program ();
  g_autofree gchar *line =
      g_strdup_printf ("%s --broker %s --user hmori %s", path, f->url, command);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  guint n_typed = 0;
  g_auto (GStrv) env = g_environ_setenv (g_get_environ (), "XDG_RUNTIME_DIR", f->dir, TRUE);
  pid_t pid;

  env = g_environ_setenv (env, "XDG_CONFIG_HOME", f->dir, TRUE);
  env = g_environ_setenv (env, "TERM", "xterm", TRUE);
  pid = forkpty (&terminal->fd, NULL, NULL, NULL);
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      execve (path, argv, env);
      _exit (99);
    }
  g_unix_fd_add (terminal->fd, G_IO_IN | G_IO_HUP, on_terminal, terminal);
  while (!terminal->over)
    {
      g_main_context_iteration (NULL, TRUE);
      while (typed[n_typed] != NULL && n_typed < count_prompts (terminal))
        {
          g_assert_cmpint (write (terminal->fd, typed[n_typed], strlen (typed[n_typed])), >, 0);
          n_typed++;
        }
    }
  g_assert_cmpint (waitpid (pid, status, 0), ==, pid);
  close (terminal->fd);
}

static void
test_prompt (Fixture *f, gconstpointer data)
{
  Terminal terminal = { .seen = g_string_new (NULL) };
  gint status;

  fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login.json");
  run_at_terminal (f, &terminal, "login", (const gchar *const[]){ "geheim\n", NULL }, &status);
  g_test_message ("%s", terminal.seen->str);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_true (g_str_has_prefix (terminal.seen->str, "Password of hmori at http://127.0.0.1:"));
  g_assert_null (strstr (terminal.seen->str, "geheim"));
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/login")->body, ==,
                   "{\"username\":\"hmori\",\"password\":\"geheim\"}");
  g_string_free (terminal.seen, TRUE);
}

/* Ctrl+C at the prompt ends it as it ends any program. */
static void
test_prompt_interrupted (Fixture *f, gconstpointer data)
{
  Terminal terminal = { .seen = g_string_new (NULL) };
  gint status;

  run_at_terminal (f, &terminal, "login", (const gchar *const[]){ "gehe\003", NULL }, &status);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGINT);
  g_assert_null (strstr (terminal.seen->str, "gehe"));
  g_string_free (terminal.seen, TRUE);
}

static void
test_domain (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 400, "problem-unknown-domain.json");
  run (f, "--broker %s --user hmori --password-file password --domain partner.example login",
       f->url);
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_nonnull (strstr (fake_broker_last (f->fake, "POST /api/v1/login")->body,
                            "\"domain\":\"partner.example\""));
  run (f, "--broker %s --user hmori --password-file password --domain x login", f->url);
  assert_fails (
      f, 1,
      "floectl: login: no directory has the domain that was chosen; give another one with "
      "--domain\n");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "GET /api/v1/login"), ==, 0);
}

/* Whoever can be asked for the password is asked for the domain, if there are several. */
static void
test_domain_asked (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const gchar *user;
    const gchar *lines[3];
    const gchar *sent; /* NULL when it comes to no log-in */
  } rows[] = {
    { "hmori", { "\n", "geheim\n", NULL }, "{\"username\":\"hmori\",\"domain\":\"example.org\"," },
    { "hmori",
      { "2\n", "geheim\n", NULL },
      "{\"username\":\"hmori\",\"domain\":\"partner.example\"," },
    { "hmori",
      { "Partner.example\n", "geheim\n", NULL },
      "{\"username\":\"hmori\",\"domain\":\"partner.example\"," },
    { "hmori@example.org",
      { "geheim\n", NULL },
      "{\"username\":\"hmori@example.org\",\"password\"," },
    { "hmori", { "3\n", NULL }, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Terminal terminal = { .seen = g_string_new (NULL) };
      g_autofree gchar *command = g_strdup_printf ("--user %s login", rows[i].user);
      const gchar *body;
      gint status;

      fake_broker_forget (f->fake);
      fake_broker_answer_file (f->fake, "GET /api/v1/login", 200, "login-domains.json");
      fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login.json");
      run_at_terminal (f, &terminal, command, rows[i].lines, &status);
      g_test_message ("%s", terminal.seen->str);
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, rows[i].sent != NULL ? 0 : 1);
      body = rows[i].sent != NULL ? fake_broker_last (f->fake, "POST /api/v1/login")->body : NULL;
      if (body == NULL)
        g_assert_nonnull (strstr (terminal.seen->str, "there is no domain \"3\""));
      else
        g_assert_true (strncmp (body, rows[i].sent, strlen (rows[i].sent) - 1) == 0);
      if (strchr (rows[i].user, '@') == NULL)
        g_assert_nonnull (strstr (terminal.seen->str, "   2  partner.example\r\n"
                                                      "Domain of hmori, or its number "
                                                      "[example.org]: "));
      g_string_free (terminal.seen, TRUE);
    }
}

static void
test_password (Fixture *f, gconstpointer data)
{
  const gchar *const lines[] = { "geheim\n", "besser\n", "besser\n", NULL };
  Terminal terminal = { .seen = g_string_new (NULL) };
  gint status;

  fake_broker_answer (f->fake, "POST /api/v1/password", 204, NULL, "");
  run_at_terminal (f, &terminal, "password", lines, &status);
  g_test_message ("%s", terminal.seen->str);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_nonnull (strstr (terminal.seen->str, "New password again: "));
  g_assert_null (strstr (terminal.seen->str, "geheim"));
  g_assert_null (strstr (terminal.seen->str, "besser"));
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/password")->body, ==,
                   "{\"username\":\"hmori\",\"password\":\"geheim\",\"new_password\":\"besser\"}");
  g_string_free (terminal.seen, TRUE);
}

static void
test_password_fails (Fixture *f, gconstpointer data)
{
  const struct
  {
    const gchar *lines[4];
    const gchar *seen;
    gint status;
  } rows[] = {
    { { "geheim\n", "besser\n", "bitter\n" }, "the two new passwords are not the same", 1 },
    { { "geheim\n", "\n" }, "no password was given", 1 },
    { { "geheim\n", "kurz\n", "kurz\n" }, "the new password is too short; choose another one", 3 },
  };

  fake_broker_answer_file (f->fake, "POST /api/v1/password", 403, "problem-password-refused.json");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Terminal terminal = { .seen = g_string_new (NULL) };
      gint status;

      run_at_terminal (f, &terminal, "password", rows[i].lines, &status);
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, rows[i].status);
      g_assert_nonnull (strstr (terminal.seen->str, rows[i].seen));
      g_string_free (terminal.seen, TRUE);
    }
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "POST /api/v1/password"), ==, 1);
}

#define CODE_BODY                                                                                  \
  "{\"challenge\":\"flc_ccccccccccccccccccccccccccccccccccccccccccc\",\"code\":\"123456\"}"

/* Another code may be tried, and is taken however it is typed. */
static void
test_code (Fixture *f, gconstpointer data)
{
  const gchar *const lines[] = { "geheim\n", "000000\n", "１２３ 456\n", NULL };
  Terminal terminal = { .seen = g_string_new (NULL) };
  gint status;

  fake_broker_answer_file (f->fake, "POST /api/v1/login", 401, "problem-code-needed.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login/code", 401, "problem-wrong-code.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login/code", 201, "login.json");
  run_at_terminal (f, &terminal, "login", lines, &status);
  g_test_message ("%s", terminal.seen->str);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (terminal.seen->str, "Code of the second factor: "));
  g_assert_nonnull (strstr (terminal.seen->str, "The code is wrong, or was used before."));
  g_assert_nonnull (strstr (terminal.seen->str, "is logged in at"));
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/login/code")->body, ==, CODE_BODY);
  g_assert_true (g_file_test (f->token_file, G_FILE_TEST_EXISTS));
  g_string_free (terminal.seen, TRUE);
}

/* A file is read once, and a wrong code in it is the end. */
static void
test_code_file (Fixture *f, gconstpointer data)
{
  write_file (f, "code", "123456\n");
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 401, "problem-code-needed.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login/code", 401, "problem-wrong-code.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login/code", 201, "login.json");
  run (f, "--broker %s --user hmori --password-file password --code-file code login", f->url);
  assert_fails (f, 3,
                "floectl: login: the code is wrong, or was used before; wait until the app shows "
                "the next one\n");
  run (f, "--broker %s --user hmori --password-file password --code-file code login", f->url);
  g_assert_cmpstr (f->err, ==, "");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/login/code")->body, ==, CODE_BODY);
  run (f, "--broker %s --user hmori --password-file password --code-file none login", f->url);
  assert_fails (f, 1,
                "floectl: login: cannot read the code file none: No such file or directory\n");
}

/* Run by a script, without a terminal: what to do is said. */
static void
test_code_without_terminal (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 401, "problem-code-needed.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 401, "problem-enrolment-needed.json");
  run (f, "--broker %s --user hmori --password-file password login", f->url);
  assert_fails (f, 2,
                "floectl: login: a code of the second factor is needed, and there is no terminal "
                "to ask for it; give --code-file FILE\n");
  run (f, "--broker %s --user hmori --password-file password login", f->url);
  assert_fails (f, 2, "floectl: login: a second factor is set up at a terminal: run this at one\n");
}

static void
assert_enrolled (const Terminal *terminal)
{
  g_assert_nonnull (strstr (terminal->seen->str, "\033[30;47m"));
  g_assert_nonnull (strstr (terminal->seen->str, "▀"));
  g_assert_nonnull (strstr (terminal->seen->str, "  GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ\r\n"));
  g_assert_nonnull (strstr (terminal->seen->str, "  AAAA-AAAA-AAAA-AAAA\r\n  BBBB-"));
  g_assert_nonnull (strstr (terminal->seen->str, "  JJJJ-JJJJ-JJJJ-JJJJ\r\n"));
}

static void
test_enrol_to_log_in (Fixture *f, gconstpointer data)
{
  const gchar *const lines[] = { "geheim\n", "000000\n", "123456\n", NULL };
  Terminal terminal = { .seen = g_string_new (NULL) };
  gint status;

  fake_broker_answer_file (f->fake, "POST /api/v1/login", 401, "problem-enrolment-needed.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login/enrol", 200, "factor-offer.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login/enrol/confirm", 401,
                           "problem-wrong-code.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login/enrol/confirm", 201,
                           "factor-confirmed-login.json");
  run_at_terminal (f, &terminal, "login", lines, &status);
  g_test_message ("%s", terminal.seen->str);
  g_assert_cmpint (status, ==, 0);
  assert_enrolled (&terminal);
  g_assert_nonnull (strstr (terminal.seen->str, "is logged in at"));
  g_assert_true (g_file_test (f->token_file, G_FILE_TEST_EXISTS));
  g_string_free (terminal.seen, TRUE);
}

static void
test_own_factor (Fixture *f, gconstpointer data)
{
  const gchar *const lines[] = { "123456\n", NULL };
  Terminal terminal = { .seen = g_string_new (NULL) };
  gint status;

  log_in (f);
  fake_broker_answer_file (f->fake, "POST /api/v1/second-factor/begin", 200, "factor-offer.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/second-factor/confirm", 200,
                           "factor-confirmed.json");
  fake_broker_answer (f->fake, "POST /api/v1/second-factor/end", 204, NULL, "");
  run_at_terminal (f, &terminal, "factor enrol", lines, &status);
  g_assert_cmpint (status, ==, 0);
  assert_enrolled (&terminal);
  write_file (f, "code", "abcd-efgh\n");
  run (f, "--broker %s --code-file code factor end", f->url);
  assert_good (f, "");
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/second-factor/end")->body, ==,
                   "{\"code\":\"abcdefgh\"}");
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/second-factor/end")->token, ==, TOKEN);
  g_string_free (terminal.seen, TRUE);
}

static void
test_factor_reset (Fixture *f, gconstpointer data)
{
  const gchar *route = "POST /api/v1/admin/users/bob/second-factor/reset";

  log_in (f);
  fake_broker_answer (f->fake, route, 204, NULL, "");
  run (f, "--broker %s factor reset bob --reason 'lost his phone'", f->url);
  assert_good (f, "bob: no second factor any more\n");
  g_assert_cmpstr (fake_broker_last (f->fake, route)->body, ==, "{\"reason\":\"lost his phone\"}");
}

static void
test_table (void)
{
  g_autoptr (FloeTable) table = floe_table_new ("A", "B", NULL);
  g_autofree gchar *text = NULL;
  const gchar *const cells[] = { "森 遥", "x", "Zoe\xcc\x88", "y\033[2J", NULL, "line\nbreak" };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    floe_table_add (table, cells[i]);
  text = floe_table_to_string (table);
  g_assert_cmpstr (text, ==,
                   "A      B\n"
                   "森 遥  x\n"
                   "Zoe\xcc\x88    y?[2J\n"
                   "-      line break\n");
}

/* A floe-broker that tells how it was called. */
static void
write_broker (Fixture *f, gint status)
{
  g_autofree gchar *path = g_build_filename (f->dir, "fake-broker", NULL);
  g_autofree gchar *text =
      g_strdup_printf ("#!/bin/sh\nprintf '<%%s>\\n' \"$@\"\necho words >&2\nexit %d\n", status);

  write_file (f, "fake-broker", text);
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
}

static void
test_directory_test (Fixture *f, gconstpointer data)
{
  write_broker (f, 0);
  run (f, "directory test --broker-program ./fake-broker");
  g_assert_cmpint (f->exit, ==, 0);
  g_assert_cmpstr (f->out, ==, "<--test-directory>\n");
  g_assert_cmpstr (f->err, ==, "words\n");
  write_broker (f, 1);
  run (f, "directory test 'ad\\alice b' --config other.conf --broker-program ./fake-broker");
  g_assert_cmpint (f->exit, ==, 1);
  g_assert_cmpstr (f->out, ==, "<--config>\n<other.conf>\n<--test-directory>\n<ad\\alice b>\n");
}

static void
test_directory_test_refusals (Fixture *f, gconstpointer data)
{
  run (f, "directory test --broker-program ./not-there");
  g_assert_cmpint (f->exit, ==, 1);
  g_assert_nonnull (strstr (f->err, "not-there"));
  write_broker (f, 0);
  run (f, "directory test --broker-program ./fake-broker alice bob");
  g_assert_cmpint (f->exit, ==, 2);
  g_assert_cmpstr (f->out, ==, "");
  run (f, "directory test --broker-program ./fake-broker alice --password secret");
  g_assert_cmpint (f->exit, ==, 2);
  run (f, "directory test --broker-program ./fake-broker --json");
  g_assert_cmpint (f->exit, ==, 2);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  const gchar *const ours[] = { "FLOE_BROKER", "FLOE_CA", "FLOE_PASSWORD_FILE", "LANGUAGE" };

  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    g_unsetenv (ours[i]);
  /* A shell starts what runs in its background with SIGINT ignored, which programs inherit. */
  signal (SIGINT, SIG_DFL);
  g_test_init (&argc, &argv, NULL);
  ADD ("/ctl/login/good", test_login);
  ADD ("/ctl/login/fails", test_login_fails);
  ADD ("/ctl/login/unkept", test_login_unkept);
  ADD ("/ctl/login/ticket", test_login_ticket);
  ADD ("/ctl/login/prompt", test_prompt);
  ADD ("/ctl/login/prompt-interrupted", test_prompt_interrupted);
  ADD ("/ctl/factor/code", test_code);
  ADD ("/ctl/factor/code-file", test_code_file);
  ADD ("/ctl/factor/code-without-terminal", test_code_without_terminal);
  ADD ("/ctl/factor/enrol-to-log-in", test_enrol_to_log_in);
  ADD ("/ctl/factor/own", test_own_factor);
  ADD ("/ctl/factor/reset", test_factor_reset);
  ADD ("/ctl/password/changed", test_password);
  ADD ("/ctl/password/fails", test_password_fails);
  ADD ("/ctl/token-file", test_token_file);
  ADD ("/ctl/expired", test_expired);
  ADD ("/ctl/usage", test_usage);
  ADD ("/ctl/half", test_half);
  ADD ("/ctl/login/domain", test_domain);
  ADD ("/ctl/login/domain-asked", test_domain_asked);
  ADD ("/ctl/unreachable", test_unreachable);
  ADD ("/ctl/health", test_health);
  ADD ("/ctl/pools", test_pools);
  ADD ("/ctl/pool-problem", test_pool_problem);
  ADD ("/ctl/pools/template", test_pool_of_template);
  ADD ("/ctl/pools/operations", test_pool_operations);
  ADD ("/ctl/hosts", test_hosts);
  ADD ("/ctl/terminals", test_terminals);
  ADD ("/ctl/terminals/settings", test_terminal_settings);
  ADD ("/ctl/terminals/unlock", test_unlock);
  ADD ("/ctl/terminals/enrol", test_enrol);
  ADD ("/ctl/apply/refused", test_apply_refused);
  ADD ("/ctl/json", test_json);
  ADD ("/ctl/apply/good", test_apply);
  ADD ("/ctl/apply/bad-files", test_apply_bad_files);
  ADD ("/ctl/desktops", test_desktops);
  ADD ("/ctl/details", test_details);
  ADD ("/ctl/desktops/release", test_release);
  ADD ("/ctl/desktops/acts", test_desktop_acts);
  ADD ("/ctl/desktops/many", test_many);
  ADD ("/ctl/desktops/acts-fail", test_desktop_acts_fail);
  ADD ("/ctl/announcements", test_announcements);
  ADD ("/ctl/sent-again", test_sent_again);
  ADD ("/ctl/tokens", test_tokens);
  ADD ("/ctl/shadows", test_shadows);
  ADD ("/ctl/webhooks", test_webhooks);
  ADD ("/ctl/apply-all", test_apply_all);
  ADD ("/ctl/apply-files", test_apply_files);
  ADD ("/ctl/completion", test_completion);
  ADD ("/ctl/once", test_once);
  ADD ("/ctl/desktops/message", test_message);
  ADD ("/ctl/assign", test_assign);
  ADD ("/ctl/explain", test_explain);
  ADD ("/ctl/audit-verify", test_audit_verify);
  ADD ("/ctl/audit-export", test_audit_export);
  ADD ("/ctl/audit", test_audit);
  ADD ("/ctl/odd-answers", test_odd_answers);
  ADD ("/ctl/configured", test_configured);
  ADD ("/ctl/settings", test_settings);
  ADD ("/ctl/directory-test", test_directory_test);
  ADD ("/ctl/directory-test/refusals", test_directory_test_refusals);
  g_test_add_func ("/ctl/table", test_table);
  return g_test_run ();
}
