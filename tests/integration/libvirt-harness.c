/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "libvirt-harness.h"

#include <signal.h>
#include <string.h>

static gint64
test_clock_now (FloeClock *clock)
{
  return floe_clock_now (TEST_CLOCK (clock)->system) + TEST_CLOCK (clock)->offset;
}

static gint64
test_clock_elapsed (FloeClock *clock)
{
  return floe_clock_elapsed (TEST_CLOCK (clock)->system);
}

static guint
test_clock_add_timeout (FloeClock *clock, gint64 delay, GSourceFunc func, gpointer data,
                        GDestroyNotify notify)
{
  return floe_clock_add_timeout (TEST_CLOCK (clock)->system, delay, func, data, notify);
}

static void
test_clock_remove_timeout (FloeClock *clock, guint id)
{
  floe_clock_remove_timeout (TEST_CLOCK (clock)->system, id);
}

static void
test_clock_iface_init (FloeClockInterface *iface)
{
  iface->now = test_clock_now;
  iface->elapsed = test_clock_elapsed;
  iface->add_timeout = test_clock_add_timeout;
  iface->remove_timeout = test_clock_remove_timeout;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestClock, test_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_CLOCK, test_clock_iface_init))

static void
test_clock_finalize (GObject *object)
{
  g_object_unref (TEST_CLOCK (object)->system);
  G_OBJECT_CLASS (test_clock_parent_class)->finalize (object);
}

static void
test_clock_class_init (TestClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_clock_finalize;
}

static void
test_clock_init (TestClock *self)
{
  self->system = floe_system_clock_new ();
}

const gchar *expected_warning;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  for (gsize i = 0; i < n_fields && expected_warning != NULL; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0 && level == G_LOG_LEVEL_WARNING
        && g_pattern_match_simple (expected_warning, fields[i].value))
      {
        expected_warning = NULL;
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, data);
}

static void add_line (Test *test, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static void
add_line (Test *test, const gchar *format, ...)
{
  va_list arguments;
  gchar *line;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_test_message ("%s", line);
  g_ptr_array_add (test->log, line);
}

static void
on_changed (FloeManager *manager, const FloeDomain *domain, Test *test)
{
  g_hash_table_replace (test->domains, g_strdup (domain->id), floe_domain_copy (domain));
  add_line (test, "domain %s %s", domain->id, floe_power_name (domain->power));
}

static void
on_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, Test *test)
{
  GHashTableIter iter;
  gpointer value;

  add_line (test, "listed %s", host);
  g_hash_table_iter_init (&iter, test->domains);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (strcmp (((FloeDomain *)value)->host, host) == 0)
      g_hash_table_iter_remove (&iter);
  for (guint i = 0; i < domains->len; i++)
    on_changed (manager, g_ptr_array_index (domains, i), test);
}

static void
on_lost (FloeManager *manager, const gchar *host, const gchar *reason, Test *test)
{
  add_line (test, "lost %s: %s", host, reason);
}

static void
on_gone (FloeManager *manager, const gchar *host, const gchar *id, Test *test)
{
  g_hash_table_remove (test->domains, id);
  add_line (test, "gone %s %s", host, id);
}

static void
on_channel (FloeManager *manager, const gchar *id, gint event, const gchar *peer, Test *test)
{
  static const gchar *const names[] = { "opened", "authenticated", "closed" };

  add_line (test, "channel %s %s %s", id, names[event], peer);
}

static void
on_channels (FloeManager *manager, const gchar *id, GStrv peers, Test *test)
{
  g_autofree gchar *all = g_strjoinv (",", peers);

  add_line (test, "channels %s [%s]", id, all);
}

static void
on_measured (FloeManager *manager, const FloeHostCapacity *capacity, Test *test)
{
  g_clear_pointer (&test->capacity, floe_host_capacity_free);
  test->capacity = floe_host_capacity_copy (capacity);
  add_line (test, "measured %s", capacity->host);
}

void
make_manager (Test *test, gboolean tcp, gboolean plain)
{
  FloeLibvirtHostSettings settings = { .name = (gchar *)"h1",
                                       .uri = tcp ? test->libvirt->tcp_uri : test->libvirt->uri,
                                       .display_ca = test->libvirt->ca,
                                       .display_subject = test->libvirt->subject,
                                       .plain_display = plain };
  FloeLibvirtHostSettings second = { .name = (gchar *)"h2", .plain_display = plain };
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();

  g_ptr_array_add (hosts, &settings);
  if (test->second != NULL)
    {
      second.uri = test->second->uri;
      g_ptr_array_add (hosts, &second);
    }
  test->clock = g_object_new (TEST_TYPE_CLOCK, NULL);
  test->manager = floe_libvirt_manager_new (hosts, FLOE_CLOCK (test->clock));
  g_signal_connect (test->manager, "host-listed", G_CALLBACK (on_listed), test);
  g_signal_connect (test->manager, "host-lost", G_CALLBACK (on_lost), test);
  g_signal_connect (test->manager, "domain-changed", G_CALLBACK (on_changed), test);
  g_signal_connect (test->manager, "domain-gone", G_CALLBACK (on_gone), test);
  g_signal_connect (test->manager, "channel", G_CALLBACK (on_channel), test);
  g_signal_connect (test->manager, "channels-listed", G_CALLBACK (on_channels), test);
  g_signal_connect (test->manager, "host-measured", G_CALLBACK (on_measured), test);
}

/* Our ends of connections; a libvirt connection that is not closed for good keeps one. */
static guint
count_sockets (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const gchar *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree gchar *target = g_file_read_link (path, NULL);

      n += target != NULL && g_str_has_prefix (target, "socket:");
    }
  return n;
}

Test *
test_new (const gchar *option)
{
  const gchar *options[] = { option, NULL };
  Test *test = g_new0 (Test, 1);

  test->sockets = count_sockets ();
  test->libvirt = libvirt_fixture_new (options);
  test->log = g_ptr_array_new_with_free_func (g_free);
  test->domains =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_domain_free);
  return test;
}

/* Two hosts, h1 and h2. */
Test *
test_new_pair (void)
{
  Test *test = test_new (NULL);

  test->second = libvirt_fixture_new (NULL);
  return test;
}

void
test_free (Test *test)
{
  if (test->manager != NULL)
    {
      floe_manager_stop (test->manager);
      g_assert_finalize_object (test->manager);
    }
  g_clear_object (&test->clock);
  for (guint i = 0; count_sockets () > test->sockets; i++)
    {
      g_assert_cmpuint (i, <, PATIENCE * 100); /* closed on a thread of its own */
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (10000);
    }
  libvirt_fixture_free (test->libvirt);
  libvirt_fixture_free (test->second);
  floe_job_result_free (test->result);
  g_clear_pointer (&test->capacity, floe_host_capacity_free);
  g_ptr_array_unref (test->log);
  g_hash_table_unref (test->domains);
  g_clear_error (&test->error);
  g_clear_pointer (&test->display, floe_display_free);
  floe_policy_free (test->policy);
  g_free (test);
}

static gboolean
on_too_late (gpointer data)
{
  ((Test *)data)->too_late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Waits for the next line that matches; what came before it counts as read. */

void
wait_for (Test *test, const gchar *format, ...)
{
  g_autofree gchar *pattern = NULL;
  guint timeout = g_timeout_add_seconds (PATIENCE, on_too_late, test);
  va_list arguments;

  va_start (arguments, format);
  pattern = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  for (test->too_late = FALSE;;)
    {
      while (test->read < test->log->len)
        if (g_pattern_match_simple (pattern, g_ptr_array_index (test->log, test->read++)))
          {
            g_source_remove (timeout);
            return;
          }
      if (test->too_late)
        g_error ("waited in vain for \"%s\"", pattern);
      g_main_context_iteration (NULL, TRUE);
    }
}

guint
count_lines (Test *test, const gchar *pattern)
{
  guint n = 0;

  for (guint i = 0; i < test->log->len; i++)
    n += g_pattern_match_simple (pattern, g_ptr_array_index (test->log, i));
  return n;
}

void
wait_for_answer (Test *test)
{
  guint timeout = g_timeout_add_seconds (90, on_too_late, test);

  for (test->too_late = FALSE; !test->answered && !test->too_late;)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  g_assert_true (test->answered);
}

void
expect (Test *test, FloeError code, const gchar *reason)
{
  g_assert_error (test->error, FLOE_ERROR, (gint)code);
  g_assert_cmpstr (floe_error_reason (test->error), ==, reason);
}

void
power_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Test *test = data;

  test->answered = TRUE;
  floe_manager_power_finish (FLOE_MANAGER (source), result, &test->error);
}

void
power_on_host (Test *test, const gchar *host, const gchar *id, gboolean on)
{
  test->answered = FALSE;
  g_clear_error (&test->error);
  if (on)
    floe_manager_power_on_async (test->manager, host, id, NULL, power_answered, test);
  else
    floe_manager_power_off_async (test->manager, host, id, NULL, NULL, power_answered, test);
  g_assert_false (test->answered);
  wait_for_answer (test);
}

void
power (Test *test, const gchar *id, gboolean on)
{
  power_on_host (test, "h1", id, on);
}

static void
ticket_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Test *test = data;

  test->answered = TRUE;
  test->display = floe_manager_set_ticket_finish (FLOE_MANAGER (source), result, &test->error);
  g_assert_true ((test->display == NULL) == (test->error != NULL));
}

void
set_given_ticket (Test *test, const gchar *id, const FloeTicket *ticket, FloeTicketMode mode)
{
  const FloeTicketOrder order = { .ticket = ticket, .mode = mode, .policy = test->policy };

  test->answered = FALSE;
  g_clear_error (&test->error);
  g_clear_pointer (&test->display, floe_display_free);
  floe_manager_set_ticket_async (test->manager, "h1", id, &order, NULL, ticket_answered, test);
  g_assert_false (test->answered);
  wait_for_answer (test);
}

FloeTicket *
set_ticket (Test *test, const gchar *id, FloeTicketMode mode)
{
  FloeTicket *ticket = floe_ticket_new (g_get_real_time ());

  set_given_ticket (test, id, ticket, mode);
  return ticket;
}

static void
job_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Test *test = data;

  test->answered = TRUE;
  test->result = floe_manager_run_finish (FLOE_MANAGER (source), result, &test->error);
  g_assert_true ((test->result == NULL) == (test->error != NULL));
}

void
start_job (Test *test, const FloeJob *job)
{
  test->answered = FALSE;
  g_clear_error (&test->error);
  g_clear_pointer (&test->result, floe_job_result_free);
  floe_manager_run_async (test->manager, job, NULL, job_answered, test);
  g_assert_false (test->answered);
}

void
run_job (Test *test, const FloeJob *job)
{
  start_job (test, job);
  wait_for_answer (test);
  g_test_message ("%s: %s", floe_job_kind_name (job->kind),
                  test->error != NULL ? test->error->message : "done");
}

SpiceLink *
link_with (Test *test, const FloeTicket *ticket, SpiceLinkResult *result)
{
  return spice_link_new (test->display->host, test->display->port, NULL,
                         floe_secret_get (ticket->secret, NULL), result);
}

gchar *
define (Test *test, const gchar *name, const gchar *option)
{
  const gchar *options[] = { option, NULL };

  return libvirt_fixture_define (test->libvirt, name, options);
}

const FloeDomain *
known (Test *test, const gchar *id)
{
  const FloeDomain *domain = g_hash_table_lookup (test->domains, id);

  g_assert_nonnull (domain);
  return domain;
}

void
begin (Test *test)
{
  make_manager (test, FALSE, TRUE);
  floe_manager_start (test->manager);
  g_assert_cmpuint (test->log->len, ==, 0);
  wait_for (test, "listed h1");
}
void
kill_qemu (Test *test, const gchar *name)
{
  g_autofree gchar *path =
      g_strdup_printf ("%s/run/libvirt/qemu/run/%s.pid", test->libvirt->dir, name);
  g_autofree gchar *pid = NULL;

  g_assert_true (g_file_get_contents (path, &pid, NULL, NULL));
  g_assert_cmpint (kill ((pid_t)g_ascii_strtoll (pid, NULL, 10), SIGKILL), ==, 0);
}

/**
 * harness_init:
 *
 * g_test_init() and the watch over warnings.
 */
void
harness_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  signal (SIGPIPE, SIG_IGN); /* as the broker does: libvirt writes to daemons that died */
  g_log_set_writer_func (write_log, NULL, NULL);
}
