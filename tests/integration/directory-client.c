/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-client.h"

#include <string.h>
#include <sys/resource.h>

/* --- log ---------------------------------------------------------------------------------------*/

/* Log lines come from worker threads, too. */
static GMutex log_lock;
static GPtrArray *log_lines;
static gchar *log_expected;

static gboolean
is_expected (const gchar *message)
{
  return log_expected != NULL && g_pattern_match_simple (log_expected, message);
}

static GLogWriterOutput
log_writer (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  const gchar *message = "";
  gboolean expected;

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
  g_mutex_lock (&log_lock);
  g_ptr_array_add (log_lines, g_strdup (message));
  expected = is_expected (message);
  g_mutex_unlock (&log_lock);
  return expected ? G_LOG_WRITER_HANDLED : g_log_writer_default (level, fields, n_fields, data);
}

/**
 * directory_log_init:
 *
 * Collects log lines. A warning that is not expected stays fatal. To be called once.
 */
void
directory_log_init (void)
{
  log_lines = g_ptr_array_new_with_free_func (g_free);
  g_log_set_writer_func (log_writer, NULL, NULL);
}

/**
 * directory_log_expect:
 * @pattern: (nullable): a glob for the lines that may come from now on; %NULL for none
 *
 * Forgets what was seen before.
 */
void
directory_log_expect (const gchar *pattern)
{
  g_mutex_lock (&log_lock);
  g_ptr_array_set_size (log_lines, 0);
  g_free (log_expected);
  log_expected = g_strdup (pattern);
  g_mutex_unlock (&log_lock);
}

guint
directory_log_seen (const gchar *pattern)
{
  guint n = 0;

  g_mutex_lock (&log_lock);
  for (guint i = 0; i < log_lines->len; i++)
    n += g_pattern_match_simple (pattern, g_ptr_array_index (log_lines, i)) ? 1 : 0;
  g_mutex_unlock (&log_lock);
  return n;
}

/* --- directory ---------------------------------------------------------------------------------*/

/**
 * directory_with:
 * @slapd: the server
 * @uris: (nullable): separated by blanks; its ldaps:// when %NULL
 * @change: (nullable): changes the settings
 *
 * Returns: (transfer full): a directory with time-outs that a busy machine keeps
 */
FloeDirectory *
directory_with (SlapdFixture *slapd, const gchar *uris, void (*change) (FloeLdapSettings *settings))
{
  g_auto (GStrv) list = g_strsplit (uris != NULL ? uris : slapd->tls_uri, " ", -1);
  g_autoptr (FloeSecret) password = floe_secret_new ("secret", -1);
  g_autoptr (GError) error = NULL;
  FloeLdapSettings settings = {
    .uris = list,
    .starttls = TRUE,
    .ca_file = slapd->ca,
    .bind_dn = slapd->service_dn,
    .bind_password = password,
    .base = slapd->people,
    .group_base = slapd->groups,
    .connections = 4,
    .connect_timeout = 10,
    .operation_timeout = 10,
  };
  FloeDirectory *directory;

  if (change != NULL)
    change (&settings);
  directory = floe_ldap_directory_new (&settings, &error);
  g_assert_no_error (error);
  return directory;
}

FloeDirectory *
directory_for (SlapdFixture *slapd)
{
  return directory_with (slapd, NULL, NULL);
}

/**
 * directory_free:
 *
 * Drops the last reference and lets the main loop take what its threads left for it.
 */
void
directory_free (FloeDirectory *directory)
{
  g_assert_finalize_object (directory);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
authenticated (GObject *source, GAsyncResult *result, gpointer data)
{
  DirectoryAnswer *answer = data;

  answer->answers++;
  answer->user =
      floe_directory_authenticate_finish (FLOE_DIRECTORY (source), result, &answer->error);
  g_assert_true ((answer->user != NULL) == (answer->error == NULL));
}

static void
looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  DirectoryAnswer *answer = data;

  answer->answers++;
  answer->user = floe_directory_look_up_finish (FLOE_DIRECTORY (source), result, &answer->error);
  g_assert_true ((answer->user != NULL) == (answer->error == NULL));
}

void
directory_answer_clear (DirectoryAnswer *answer)
{
  g_assert_cmpuint (answer->answers, ==, 1);
  g_clear_pointer (&answer->user, floe_user_free);
  g_clear_error (&answer->error);
}

void
directory_begin (FloeDirectory *directory, const gchar *name, const gchar *password,
                 GCancellable *cancellable, DirectoryAnswer *answer)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (password, -1);

  *answer = (DirectoryAnswer){ 0 };
  floe_directory_authenticate_async (directory, name, secret, cancellable, authenticated, answer);
  g_assert_cmpuint (answer->answers, ==, 0);
}

static void
assert_bytes_out (FloeDirectory *directory, const gchar *name, const gchar *bytes, gsize length)
{
  g_autoptr (FloeSecret) password = floe_secret_new (bytes, (gssize)length);
  g_auto (DirectoryAnswer) answer = { 0 };

  floe_directory_authenticate_async (directory, name, password, NULL, authenticated, &answer);
  g_assert_cmpuint (answer.answers, ==, 0);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, "wrong-credentials");
}

/**
 * directory_assert_no_password_out:
 * @password: somebody's right one
 *
 * Whatever is empty, or would be to somebody who reads it as a C string, or would be right to them,
 * lets nobody in. That no server was asked is for the caller to see, by what it counts.
 */
void
directory_assert_no_password_out (FloeDirectory *directory, const gchar *name,
                                  const gchar *password)
{
  g_autofree gchar *longer = g_strconcat (password, "?more", NULL);
  gsize length = strlen (password);

  assert_bytes_out (directory, name, "", 0);
  assert_bytes_out (directory, name, "\0", 1);
  assert_bytes_out (directory, name, "\0abc", 4);
  assert_bytes_out (directory, name, "a\0b", 3);
  assert_bytes_out (directory, name, password, length + 1);
  longer[length] = '\0';
  assert_bytes_out (directory, name, longer, length + 5);
}

void
directory_begin_look_up (FloeDirectory *directory, const gchar *id, DirectoryAnswer *answer)
{
  *answer = (DirectoryAnswer){ 0 };
  floe_directory_look_up_async (directory, id, NULL, looked_up, answer);
  g_assert_cmpuint (answer->answers, ==, 0);
}

void
directory_wait (DirectoryAnswer *answer)
{
  while (answer->answers == 0)
    g_main_context_iteration (NULL, TRUE);
}

void
directory_assert_in (FloeDirectory *directory, const gchar *name, const gchar *password)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin (directory, name, password, NULL, &answer);
  directory_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.user->name, ==, name);
}

void
directory_assert_out (FloeDirectory *directory, const gchar *name, const gchar *password,
                      FloeError code, const gchar *reason)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin (directory, name, password, NULL, &answer);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, (gint)code);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, reason);
}

void
directory_assert_down (FloeDirectory *directory)
{
  directory_assert_out (directory, "alice", "secret", FLOE_ERROR_UNAVAILABLE, "directory-down");
  g_assert_false (floe_directory_is_up (directory));
}

gdouble
directory_seconds_since (gint64 began)
{
  return (gdouble)(g_get_monotonic_time () - began) / G_USEC_PER_SEC;
}

/* Returns: how long the processors worked for this program so far */
gdouble
directory_cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (gdouble)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (gdouble)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static void
vouched (GObject *source, GAsyncResult *result, gpointer data)
{
  DirectoryAnswer *answer = data;

  answer->answers++;
  answer->user = floe_directory_vouch_finish (FLOE_DIRECTORY (source), result, &answer->error);
  g_assert_true ((answer->user != NULL) == (answer->error == NULL));
}

void
directory_vouch (FloeDirectory *directory, const FloePrincipal *principal, DirectoryAnswer *answer)
{
  floe_directory_vouch_async (directory, principal, NULL, vouched, answer);
  g_assert_cmpuint (answer->answers, ==, 0);
  directory_wait (answer);
}

/**
 * directory_assert_vouch:
 * @principal: `NAME@REALM`, of whom nothing else is told
 *
 * As directory_assert_vouch_for().
 */
void
directory_assert_vouch (FloeDirectory *directory, const gchar *principal, const gchar *reason,
                        const gchar *id)
{
  g_autoptr (FloePrincipal) named = floe_principal_new (principal, NULL);

  directory_assert_vouch_for (directory, named, reason, id);
}

/**
 * directory_assert_vouch_for:
 * @reason: (nullable): why they are refused; %NULL for somebody who may log in
 * @id: (nullable): who that has to be
 */
void
directory_assert_vouch_for (FloeDirectory *directory, const FloePrincipal *principal,
                            const gchar *reason, const gchar *id)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_vouch (directory, principal, &answer);
  if (reason == NULL)
    {
      g_assert_no_error (answer.error);
      g_assert_cmpstr (answer.user->id, ==, id);
      return;
    }
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, reason);
}

/**
 * directory_assert_look_up:
 * @code: a #FloeError, or -1: somebody who may log in
 */
void
directory_assert_look_up (FloeDirectory *directory, const gchar *id, gint code, const gchar *reason)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin_look_up (directory, id, &answer);
  directory_wait (&answer);
  if (code < 0)
    {
      g_assert_no_error (answer.error);
      return;
    }
  g_assert_error (answer.error, FLOE_ERROR, code);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, reason);
}

static void
changed (GObject *source, GAsyncResult *result, gpointer data)
{
  DirectoryAnswer *answer = data;
  g_autofree gchar *name =
      floe_directory_change_password_finish (FLOE_DIRECTORY (source), result, &answer->error);

  answer->answers++;
  g_assert_true ((name != NULL) == (answer->error == NULL));
  if (name != NULL)
    answer->user = floe_user_new ("", name, NULL, NULL);
}

/**
 * directory_change:
 * @answer: gets the person's name only
 */
void
directory_change (FloeDirectory *directory, const gchar *name, const gchar *old, const gchar *new,
                  DirectoryAnswer *answer)
{
  g_autoptr (FloeSecret) old_secret = floe_secret_new (old, -1);
  g_autoptr (FloeSecret) new_secret = floe_secret_new (new, -1);

  *answer = (DirectoryAnswer){ 0 };
  floe_directory_change_password_async (directory, name, old_secret, new_secret, NULL, changed,
                                        answer);
  g_assert_cmpuint (answer->answers, ==, 0);
  directory_wait (answer);
}

/**
 * directory_assert_change:
 * @words: (nullable): what the refusal says; %NULL: the password is changed
 * @reason: (nullable): its reason
 */
void
directory_assert_change (FloeDirectory *directory, const gchar *name, const gchar *old,
                         const gchar *new, const gchar *reason, const gchar *words)
{
  gboolean wrong = g_strcmp0 (reason, "wrong-credentials") == 0;
  FloeError code = wrong ? FLOE_ERROR_UNAUTHENTICATED : FLOE_ERROR_DENIED;
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_change (directory, name, old, new, &answer);
  if (words == NULL)
    {
      g_assert_no_error (answer.error);
      g_assert_cmpstr (answer.user->name, ==, name);
      return;
    }
  g_assert_nonnull (answer.error);
  g_assert_cmpstr (answer.error->message, ==, words);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, reason);
  g_assert_error (answer.error, FLOE_ERROR, (gint)code);
}

/**
 * directory_id:
 *
 * Returns: (transfer full): the id of somebody whose password is "secret"
 */
gchar *
directory_id (FloeDirectory *directory, const gchar *name)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin (directory, name, "secret", NULL, &answer);
  directory_wait (&answer);
  g_assert_no_error (answer.error);
  return g_strdup (answer.user->id);
}

/**
 * directory_id_of:
 *
 * Returns: (transfer full): the id of somebody whom the directory knows, whether they are let in or
 *   not
 */
gchar *
directory_id_of (FloeDirectory *directory, const gchar *name, const gchar *password)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin (directory, name, password, NULL, &answer);
  directory_wait (&answer);
  return g_strdup (answer.user != NULL ? answer.user->id : floe_error_subject (answer.error));
}

static void
examined (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* With a comma between the ids of several. */
gchar *
directory_find_group (FloeDirectory *directory, const gchar *name)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = NULL;

  floe_directory_find_group_async (directory, name, NULL, examined, &result);
  g_assert_null (result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  ids = floe_directory_find_group_finish (directory, result, &error);
  g_assert_no_error (error);
  return g_strjoinv (",", ids);
}

FloeStanding *
directory_examine (FloeDirectory *directory, const gchar *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_directory_examine_async (directory, id, NULL, examined, &result);
  g_assert_null (result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return floe_directory_examine_finish (directory, result, error);
}

/**
 * directory_assert_standing:
 * @reasons: what keeps them out, separated by blanks; "" for somebody who can log in
 */
void
directory_assert_standing (FloeDirectory *directory, const gchar *id, const gchar *reasons)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeStanding) standing = directory_examine (directory, id, &error);
  g_autofree gchar *said = NULL;

  g_assert_no_error (error);
  said = g_strjoinv (" ", standing->reasons);
  g_assert_cmpstr (said, ==, reasons);
  g_assert_cmpstr (standing->user->id, ==, id);
}

/**
 * directory_assert_locked:
 * @until: seconds since 1970, to a minute; 0: nobody knows
 */
void
directory_assert_locked (FloeDirectory *directory, const gchar *id, gint64 until)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeStanding) standing = directory_examine (directory, id, &error);

  g_assert_no_error (error);
  g_assert_true (floe_standing_has (standing, "locked"));
  if (until == 0)
    g_assert_cmpint (standing->locked_until, ==, 0);
  else
    g_assert_cmpint (ABS (standing->locked_until / G_USEC_PER_SEC - until), <=, 60);
}

/**
 * directory_assert_wrong:
 * @cause: (nullable): what the audit trail is told besides
 *
 * Whoever asks is told the one thing, whatever it is.
 */
void
directory_assert_wrong (FloeDirectory *directory, const gchar *name, const gchar *password,
                        const gchar *cause)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin (directory, name, password, NULL, &answer);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, "wrong-credentials");
  g_assert_cmpstr (answer.error->message, ==, "wrong name or password");
  g_assert_cmpstr (floe_error_cause (answer.error), ==, cause);
}

/* It is read when somebody wants to know. */
void
directory_assert_lockout (FloeDirectory *directory, guint tries, guint window)
{
  gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  FloeLockout lockout;

  do
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (G_USEC_PER_SEC / 50);
      floe_directory_get_lockout (directory, &lockout);
    }
  while (lockout.n_policies == 0);
  g_assert_cmpuint (lockout.tries, ==, tries);
  g_assert_cmpuint (lockout.window, ==, window);
}
