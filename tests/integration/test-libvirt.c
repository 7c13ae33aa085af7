/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <signal.h>
#include <string.h>

#include "core/error.h"
#include "libvirt-fixture.h"
#include "manager/libvirt/libvirt-manager.h"
#include "spice-link.h"

/* The libvirt manager against a real libvirtd with real QEMU guests. All that the manager says is
 * written to a log of lines, and a test waits for lines in their order. */

#define PATIENCE 30 /* seconds */

/* The system's clock, set wrong by some time. */
#define TEST_TYPE_CLOCK (test_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestClock, test_clock, TEST, CLOCK, GObject)

struct _TestClock
{
  GObject parent_instance;
  FloeClock *system;
  gint64 offset;
};

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

/* A pattern of the one warning that may come; NULL again once it came. */
static const gchar *expected_warning;

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

typedef struct
{
  LibvirtFixture *libvirt;
  TestClock *clock;
  FloeManager *manager;
  GPtrArray *log;      /* lines */
  guint read;          /* how many of them were waited for */
  GHashTable *domains; /* id -> FloeDomain, as last heard */
  gboolean too_late;
  /* the answer of a call */
  gboolean answered;
  GError *error;
  FloeDisplay *display;
} Test;

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
  add_line (test, "listed %s", host);
  g_hash_table_remove_all (test->domains);
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
make_manager (Test *test, gboolean tcp, gboolean plain)
{
  FloeLibvirtHostSettings settings = { .name = (gchar *)"h1",
                                       .uri = tcp ? test->libvirt->tcp_uri : test->libvirt->uri,
                                       .display_ca = test->libvirt->ca,
                                       .display_subject = test->libvirt->subject,
                                       .plain_display = plain };
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();

  g_ptr_array_add (hosts, &settings);
  test->clock = g_object_new (TEST_TYPE_CLOCK, NULL);
  test->manager = floe_libvirt_manager_new (hosts, FLOE_CLOCK (test->clock));
  g_signal_connect (test->manager, "host-listed", G_CALLBACK (on_listed), test);
  g_signal_connect (test->manager, "host-lost", G_CALLBACK (on_lost), test);
  g_signal_connect (test->manager, "domain-changed", G_CALLBACK (on_changed), test);
  g_signal_connect (test->manager, "domain-gone", G_CALLBACK (on_gone), test);
  g_signal_connect (test->manager, "channel", G_CALLBACK (on_channel), test);
  g_signal_connect (test->manager, "channels-listed", G_CALLBACK (on_channels), test);
}

static Test *
test_new (const gchar *option)
{
  const gchar *options[] = { option, NULL };
  Test *test = g_new0 (Test, 1);

  test->libvirt = libvirt_fixture_new (options);
  test->log = g_ptr_array_new_with_free_func (g_free);
  test->domains =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_domain_free);
  return test;
}

static void
test_free (Test *test)
{
  if (test->manager != NULL)
    {
      floe_manager_stop (test->manager);
      g_assert_finalize_object (test->manager);
    }
  g_clear_object (&test->clock);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  libvirt_fixture_free (test->libvirt);
  g_ptr_array_unref (test->log);
  g_hash_table_unref (test->domains);
  g_clear_error (&test->error);
  g_clear_pointer (&test->display, floe_display_free);
  g_free (test);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Test, test_free)

static gboolean
on_too_late (gpointer data)
{
  ((Test *)data)->too_late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Waits for the next line that matches; what came before it counts as read. */
static void wait_for (Test *test, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static void
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

static guint
count_lines (Test *test, const gchar *pattern)
{
  guint n = 0;

  for (guint i = 0; i < test->log->len; i++)
    n += g_pattern_match_simple (pattern, g_ptr_array_index (test->log, i));
  return n;
}

static void
wait_for_answer (Test *test)
{
  guint timeout = g_timeout_add_seconds (90, on_too_late, test);

  for (test->too_late = FALSE; !test->answered && !test->too_late;)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  g_assert_true (test->answered);
}

static void
expect (Test *test, FloeError code, const gchar *reason)
{
  g_assert_error (test->error, FLOE_ERROR, (gint)code);
  g_assert_cmpstr (floe_error_reason (test->error), ==, reason);
}

static void
power_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Test *test = data;

  test->answered = TRUE;
  floe_manager_power_finish (FLOE_MANAGER (source), result, &test->error);
}

static void
power_on_host (Test *test, const gchar *host, const gchar *id, gboolean on)
{
  test->answered = FALSE;
  g_clear_error (&test->error);
  (on ? floe_manager_power_on_async : floe_manager_power_off_async) (test->manager, host, id, NULL,
                                                                     power_answered, test);
  g_assert_false (test->answered);
  wait_for_answer (test);
}

static void
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

static void
set_given_ticket (Test *test, const gchar *id, const FloeTicket *ticket, FloeTicketMode mode)
{
  test->answered = FALSE;
  g_clear_error (&test->error);
  g_clear_pointer (&test->display, floe_display_free);
  floe_manager_set_ticket_async (test->manager, "h1", id, ticket, mode, NULL, ticket_answered,
                                 test);
  g_assert_false (test->answered);
  wait_for_answer (test);
}

static FloeTicket *
set_ticket (Test *test, const gchar *id, FloeTicketMode mode)
{
  FloeTicket *ticket = floe_ticket_new (g_get_real_time ());

  set_given_ticket (test, id, ticket, mode);
  return ticket;
}

static SpiceLink *
link_with (Test *test, const FloeTicket *ticket, SpiceLinkResult *result)
{
  return spice_link_new (test->display->host, test->display->port, NULL,
                         floe_secret_get (ticket->secret, NULL), result);
}

static gchar *
define (Test *test, const gchar *name, const gchar *option)
{
  const gchar *options[] = { option, NULL };

  return libvirt_fixture_define (test->libvirt, name, options);
}

static const FloeDomain *
known (Test *test, const gchar *id)
{
  const FloeDomain *domain = g_hash_table_lookup (test->domains, id);

  g_assert_nonnull (domain);
  return domain;
}

static void
begin (Test *test)
{
  make_manager (test, FALSE, TRUE);
  floe_manager_start (test->manager);
  g_assert_cmpuint (test->log->len, ==, 0);
  wait_for (test, "listed h1");
}

static void
test_list (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *good = define (test, "good", "pool=office");
  g_autofree gchar *open = define (test, "open", "no-ticketing");
  g_autofree gchar *keeps = define (test, "keeps", "no-transient");
  g_autofree gchar *blind = define (test, "blind", "no-spice");
  g_autofree gchar *agent = define (test, "agent", "agent");
  g_autofree gchar *late = NULL;

  begin (test);
  g_assert_cmpint (floe_manager_get_kind (test->manager), ==, FLOE_MANAGER_OWNED);
  g_assert_cmpuint (g_hash_table_size (test->domains), ==, 5);
  g_assert_cmpstr (known (test, good)->name, ==, "good");
  g_assert_cmpstr (known (test, good)->host, ==, "h1");
  g_assert_cmpstr (known (test, good)->pool, ==, "office");
  g_assert_cmpint (known (test, good)->power, ==, FLOE_POWER_OFF);
  g_assert_false (known (test, good)->has_agent);
  g_assert_null (known (test, good)->refusal);
  g_assert_null (known (test, good)->floating_refusal);
  g_assert_nonnull (strstr (known (test, open)->refusal, "passwd="));
  g_assert_null (known (test, keeps)->refusal);
  g_assert_nonnull (strstr (known (test, keeps)->floating_refusal, "disk hda"));
  g_assert_nonnull (strstr (known (test, blind)->refusal, "no SPICE display"));
  g_assert_true (known (test, agent)->has_agent);
  g_assert_false (known (test, agent)->agent_connected);
  g_assert_null (known (test, agent)->pool);

  late = define (test, "late", NULL);
  wait_for (test, "domain %s off", late);
  g_free (libvirt_fixture_virsh (test->libvirt, "metadata", "late", "--uri", "urn:floe:domain",
                                 "--key", "floe", "--set", "<pool>lab</pool>", "--config", NULL));
  wait_for (test, "domain %s off", late);
  g_assert_cmpstr (known (test, late)->pool, ==, "lab");
  g_free (libvirt_fixture_virsh (test->libvirt, "undefine", "late", NULL));
  wait_for (test, "gone h1 %s", late);
}

static void
test_power (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  g_autofree gchar *bad = define (test, "bad", "bad-disk");

  begin (test);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s on", id);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  power (test, id, FALSE);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s off", id);
  power (test, id, FALSE);
  g_assert_no_error (test->error);

  g_free (libvirt_fixture_virsh (test->libvirt, "start", "guest", NULL));
  wait_for (test, "domain %s on", id);
  g_free (libvirt_fixture_virsh (test->libvirt, "suspend", "guest", NULL));
  wait_for (test, "domain %s paused", id);
  g_free (libvirt_fixture_virsh (test->libvirt, "resume", "guest", NULL));
  wait_for (test, "domain %s on", id);
  g_free (libvirt_fixture_virsh (test->libvirt, "destroy", "guest", NULL));
  wait_for (test, "domain %s off", id);

  power (test, bad, TRUE);
  expect (test, FLOE_ERROR_INTERNAL, NULL);
  g_assert_nonnull (strstr (test->error->message, "bad.img"));
  g_assert_cmpint (known (test, bad)->power, ==, FLOE_POWER_OFF);
  power (test, "00000000-1111-4222-8333-444444444444", TRUE);
  expect (test, FLOE_ERROR_NOT_FOUND, NULL);
  power (test, "not a uuid", FALSE);
  g_assert_nonnull (test->error);
  power_on_host (test, "h2", id, TRUE);
  expect (test, FLOE_ERROR_NOT_FOUND, NULL);
  g_free (libvirt_fixture_virsh (test->libvirt, "undefine", "guest", NULL));
  power (test, id, TRUE);
  expect (test, FLOE_ERROR_NOT_FOUND, NULL);
}

/* QEMU itself is killed: the domain crashed, and can be started again. */
static void
test_crash (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  g_autofree gchar *path =
      g_build_filename (test->libvirt->dir, "run/libvirt/qemu/run/guest.pid", NULL);
  g_autofree gchar *pid = NULL;

  begin (test);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s on", id);
  g_assert_true (g_file_get_contents (path, &pid, NULL, NULL));
  kill ((pid_t)g_ascii_strtoll (pid, NULL, 10), SIGKILL);
  wait_for (test, "domain %s crashed", id);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s on", id);
}

static void
test_ticket (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  g_autoptr (FloeTicket) none = floe_ticket_new (g_get_real_time ());
  g_autoptr (FloeTicket) ticket = NULL;
  g_autoptr (FloeTicket) next = NULL;
  g_autoptr (FloeTicket) last = NULL;
  g_autoptr (FloeTicket) spent = floe_ticket_new_spent ();
  g_autoptr (SpiceLink) link = NULL;
  g_autofree gchar *peer = NULL;
  SpiceLinkResult result;

  begin (test);
  set_given_ticket (test, id, none, FLOE_TICKET_KEEP);
  expect (test, FLOE_ERROR_CONFLICT, "not-running");
  power (test, id, TRUE);
  ticket = set_ticket (test, id, FLOE_TICKET_KEEP);
  g_assert_no_error (test->error);
  g_assert_cmpstr (test->display->host, ==, "127.0.0.1");
  g_assert_cmpuint (test->display->port, >, 0);
  g_assert_cmpuint (test->display->tls_port, ==, 0);

  g_assert_null (link_with (test, none, &result));
  g_assert_cmpint (result, ==, SPICE_LINK_REFUSED);
  wait_for (test, "channel %s opened 127.0.0.1:*", id);
  wait_for (test, "channel %s closed 127.0.0.1:*", id);
  g_assert_cmpuint (count_lines (test, "channel * authenticated *"), ==, 0);

  link = link_with (test, ticket, &result);
  g_assert_cmpint (result, ==, SPICE_LINK_IN);
  peer = spice_link_get_peer (link);
  wait_for (test, "channel %s opened %s", id, peer);
  wait_for (test, "channel %s authenticated %s", id, peer);

  next = set_ticket (test, id, FLOE_TICKET_KEEP);
  g_assert_no_error (test->error);
  g_assert_true (spice_link_is_open (link));
  g_assert_null (link_with (test, ticket, &result));
  g_assert_cmpint (result, ==, SPICE_LINK_REFUSED);

  last = set_ticket (test, id, FLOE_TICKET_DISCONNECT);
  g_assert_no_error (test->error);
  wait_for (test, "channel %s closed %s", id, peer);
  g_assert_false (spice_link_is_open (link));

  set_given_ticket (test, id, spent, FLOE_TICKET_KEEP);
  g_assert_no_error (test->error);
  g_assert_null (link_with (test, spent, &result));
  g_assert_cmpint (result, ==, SPICE_LINK_REFUSED);
}

/* Running without ticketing: refused whatever the definition says by now. */
static void
test_no_ticketing (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", "no-ticketing");
  g_autofree gchar *uuid = g_strdup_printf ("uuid=%s", id);
  g_autofree gchar *again = NULL;
  FloeTicket *ticket;

  begin (test);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  ticket = set_ticket (test, id, FLOE_TICKET_KEEP);
  floe_ticket_free (ticket);
  expect (test, FLOE_ERROR_DENIED, "no-ticketing");
  again = define (test, "guest", uuid);
  g_assert_cmpstr (again, ==, id);
  wait_for (test, "domain %s on", id);
  while (strstr (known (test, id)->refusal, "started without SPICE ticketing") == NULL)
    wait_for (test, "domain %s on", id);
  ticket = set_ticket (test, id, FLOE_TICKET_KEEP);
  floe_ticket_free (ticket);
  expect (test, FLOE_ERROR_DENIED, "no-ticketing");
  power (test, id, FALSE);
  power (test, id, TRUE);
  wait_for (test, "domain %s on", id);
  while (known (test, id)->refusal != NULL)
    wait_for (test, "domain %s on", id);
}

static void
test_plain_display (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);

  make_manager (test, FALSE, FALSE);
  floe_manager_start (test->manager);
  wait_for (test, "listed h1");
  power (test, id, TRUE);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  expect (test, FLOE_ERROR_DENIED, "plain-display");
}

static void
test_tls (void)
{
  g_autoptr (Test) test = test_new ("tls");
  g_autofree gchar *id = define (test, "guest", "tls");
  g_autoptr (FloeTicket) ticket = NULL;
  g_autoptr (SpiceLink) link = NULL;
  SpiceLinkResult result;

  make_manager (test, FALSE, FALSE);
  floe_manager_start (test->manager);
  wait_for (test, "listed h1");
  power (test, id, TRUE);
  ticket = set_ticket (test, id, FLOE_TICKET_KEEP);
  g_assert_no_error (test->error);
  g_assert_cmpuint (test->display->port, ==, 0);
  g_assert_cmpuint (test->display->tls_port, >, 0);
  g_assert_cmpstr (test->display->ca, ==, test->libvirt->ca);
  g_assert_cmpstr (test->display->host_subject, ==, test->libvirt->subject);
  g_assert_cmpstr (test->display->secure_channels[0], ==, "all");
  link = spice_link_new (test->display->host, test->display->tls_port, test->display->ca,
                         floe_secret_get (ticket->secret, NULL), &result);
  g_assert_cmpint (result, ==, SPICE_LINK_IN);
  wait_for (test, "channel %s authenticated *", id);
}

static void
test_down_at_start (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);

  libvirt_fixture_kill (test->libvirt);
  make_manager (test, FALSE, TRUE);
  floe_manager_start (test->manager);
  wait_for (test, "lost h1: *");
  power (test, id, TRUE);
  expect (test, FLOE_ERROR_UNAVAILABLE, "host-down");
  libvirt_fixture_start (test->libvirt);
  wait_for (test, "listed h1");
  wait_for (test, "domain %s off", id);
  g_assert_cmpuint (count_lines (test, "lost *"), ==, 1);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
}

/* libvirtd is killed and comes back: guests and sessions go on, and what was missed is found. */
static void
test_restart (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  g_autofree gchar *idle = define (test, "idle", NULL);
  g_autoptr (FloeTicket) ticket = NULL;
  g_autoptr (SpiceLink) link = NULL;
  g_autofree gchar *peer = NULL;
  SpiceLinkResult result;

  begin (test);
  power (test, id, TRUE);
  power (test, idle, TRUE);
  ticket = set_ticket (test, id, FLOE_TICKET_KEEP);
  libvirt_fixture_kill (test->libvirt);
  wait_for (test, "lost h1: *");
  link = link_with (test, ticket, &result);
  g_assert_cmpint (result, ==, SPICE_LINK_IN);
  peer = spice_link_get_peer (link);
  libvirt_fixture_start (test->libvirt);
  wait_for (test, "listed h1");
  g_assert_cmpint (known (test, id)->power, ==, FLOE_POWER_ON);
  while (count_lines (test, "channels *") < 2)
    wait_for (test, "channels *");
  test->read = 0;
  wait_for (test, "channels %s [%s]", id, peer);
  test->read = 0;
  wait_for (test, "channels %s []", idle);
  g_assert_true (spice_link_is_open (link));
  g_clear_pointer (&link, spice_link_free);
  wait_for (test, "channel %s closed %s", id, peer);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_no_error (test->error);
  g_assert_cmpuint (count_lines (test, "lost *"), ==, 1);
}

static gboolean
on_tick (gpointer data)
{
  gint64 *gap = data; /* the last tick, and the longest gap */
  gint64 now = g_get_monotonic_time ();

  gap[1] = MAX (gap[1], now - gap[0]);
  gap[0] = now;
  return G_SOURCE_CONTINUE;
}

/* libvirtd hangs: the main loop does not, the host is lost by keepalive, and comes back. */
static void
test_hang (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  gint64 gap[2] = { g_get_monotonic_time (), 0 };
  guint tick;

  begin (test);
  power (test, id, TRUE);
  libvirt_fixture_signal (test->libvirt, SIGSTOP);
  tick = g_timeout_add (10, on_tick, gap);
  gap[0] = g_get_monotonic_time ();
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_true (g_error_matches (test->error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT)
                 || g_error_matches (test->error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE));
  wait_for (test, "lost h1: *keepalive*");
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  expect (test, FLOE_ERROR_UNAVAILABLE, "host-down");
  g_assert_cmpint (gap[1], <, 2 * G_USEC_PER_SEC);
  g_source_remove (tick);
  libvirt_fixture_signal (test->libvirt, SIGCONT);
  wait_for (test, "listed h1");
  g_assert_cmpuint (count_lines (test, "lost *"), ==, 1);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_no_error (test->error);
}

/* A host whose clock is a minute behind ours, measured by the events of a guest that starts. */
static void
test_host_clock (void)
{
  g_autoptr (Test) test = test_new ("tcp");
  g_autofree gchar *id = define (test, "guest", NULL);

  g_free (libvirt_fixture_virsh (test->libvirt, "start", "guest", NULL));
  make_manager (test, TRUE, TRUE);
  floe_manager_start (test->manager);
  wait_for (test, "listed h1");
  expected_warning = "*clock of host h1*";
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_null (expected_warning);
  g_assert_no_error (test->error);

  test->clock->offset = 60 * G_USEC_PER_SEC;
  power (test, id, FALSE);
  power (test, id, TRUE);
  wait_for (test, "domain %s off", id);
  wait_for (test, "domain %s on", id);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  expect (test, FLOE_ERROR_DENIED, "host-clock");
  g_assert_nonnull (strstr (test->error->message, "behind ours"));
}

static gboolean
on_quiet (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* After stop() no signal comes, and the call that is under way still answers. */
static void
test_stop (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  gboolean quiet = FALSE;
  guint lines;

  begin (test);
  test->answered = FALSE;
  floe_manager_power_on_async (test->manager, "h1", id, NULL, power_answered, test);
  floe_manager_stop (test->manager);
  lines = test->log->len;
  wait_for_answer (test);
  g_assert_no_error (test->error);
  g_free (libvirt_fixture_virsh (test->libvirt, "destroy", "guest", NULL));
  g_timeout_add (500, on_quiet, &quiet);
  while (!quiet)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (test->log->len, ==, lines);
  power (test, id, TRUE);
  expect (test, FLOE_ERROR_UNAVAILABLE, "host-down");
}

static gdouble
bare_update_ms (Test *test, const gchar *id, guint n)
{
  virConnectPtr connection = virConnectOpen (test->libvirt->uri);
  virDomainPtr domain = virDomainLookupByUUIDString (connection, id);
  g_autofree gchar *xml = g_strdup_printf (
      "<graphics type='spice' port='%u' autoport='yes' listen='127.0.0.1' passwd='x' "
      "passwdValidTo='1970-01-01T00:00:01' connected='keep'>"
      "<listen type='address' address='127.0.0.1'/></graphics>",
      test->display->port);
  gint64 began = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    g_assert_cmpint (virDomainUpdateDeviceFlags (domain, xml, VIR_DOMAIN_AFFECT_LIVE), ==, 0);
  began = g_get_monotonic_time () - began;
  virDomainFree (domain);
  virConnectClose (connection);
  return (gdouble)began / n / 1000;
}

/* What a ticket costs above libvirt's own call. A wide bound: the machine may be busy. */
static void
test_ticket_cost (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  const guint n = 50;
  gdouble ours, bare;
  gint64 began;

  begin (test);
  power (test, id, TRUE);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  bare = bare_update_ms (test, id, n);
  began = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++)
    floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  ours = (gdouble)(g_get_monotonic_time () - began) / n / 1000;
  g_test_message ("ticket: %.2f ms, bare update: %.2f ms", ours, bare);
  g_assert_cmpfloat (ours, <, bare + 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add_func ("/libvirt/list/all", test_list);
  g_test_add_func ("/libvirt/power/on-and-off", test_power);
  g_test_add_func ("/libvirt/power/crash", test_crash);
  g_test_add_func ("/libvirt/ticket/needed", test_ticket);
  g_test_add_func ("/libvirt/ticket/no-ticketing", test_no_ticketing);
  g_test_add_func ("/libvirt/ticket/plain-display", test_plain_display);
  g_test_add_func ("/libvirt/ticket/tls", test_tls);
  g_test_add_func ("/libvirt/ticket/host-clock", test_host_clock);
  g_test_add_func ("/libvirt/ticket/cost", test_ticket_cost);
  g_test_add_func ("/libvirt/host/down-at-start", test_down_at_start);
  g_test_add_func ("/libvirt/host/restart", test_restart);
  g_test_add_func ("/libvirt/host/hang", test_hang);
  g_test_add_func ("/libvirt/host/stop", test_stop);
  return g_test_run ();
}
