/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "libvirt-harness.h"
#include "vnc-link.h"

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
  g_assert_cmpint (floe_manager_get_kind (test->manager, "one"), ==, FLOE_MANAGER_OWNED);
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
  g_assert_null (known (test, blind)->refusal);
  g_assert_nonnull (strstr (known (test, blind)->vnc_refusal, "no SPICE display, only VNC"));
  g_assert_null (known (test, good)->vnc_refusal);
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

  begin (test);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s on", id);
  kill_qemu (test, "guest");
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

/* The manager tells what a domain lets through, as it is defined and as it runs, and opens no
 * display that does not enforce the order's policy. */
static void
test_policy (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", "open");
  g_autofree gchar *uuid = g_strdup_printf ("uuid=%s", id);
  g_autofree gchar *again = NULL;

  begin (test);
  for (guint i = 0; i < FLOE_N_DEVICES; i++)
    g_assert_nonnull (known (test, id)->openings->how[i]);
  g_assert_null (known (test, id)->live_openings);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s on", id);
  test->policy = floe_policy_new ();
  test->policy->smartcard = FALSE;
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  expect (test, FLOE_ERROR_DENIED, "policy-not-enforced");
  g_assert_nonnull (strstr (test->error->message, "smartcard: remove its <smartcard>"));

  /* Defined anew it is right, and what runs is not yet. */
  again = define (test, "guest", uuid);
  g_assert_cmpstr (again, ==, id);
  while (known (test, id)->openings->how[FLOE_DEVICE_SMARTCARD] != NULL)
    wait_for (test, "domain %s on", id);
  g_assert_nonnull (known (test, id)->live_openings->how[FLOE_DEVICE_SMARTCARD]);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  expect (test, FLOE_ERROR_DENIED, "policy-not-enforced");
  power (test, id, FALSE);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_no_error (test->error);
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

static VncLink *
vnc_with (Test *test, const FloeTicket *ticket, gboolean shared)
{
  g_autoptr (FloeTicket) cut = floe_ticket_copy (ticket);
  gsize length;

  floe_ticket_fit (cut, test->display->kind);
  floe_secret_get (cut->secret, &length);
  g_assert_cmpuint (length, ==, 8);
  return vnc_link_new (test->display->host, test->display->port,
                       floe_secret_get (cut->secret, NULL), shared);
}

/* A VNC display takes tickets, too, which end; but none cuts anybody off, whatever was asked for.
 * Who comes next and wants it alone does. */
static void
test_vnc (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", "no-spice");
  g_autoptr (FloeTicket) spent = floe_ticket_new_spent ();
  g_autoptr (FloeTicket) first = NULL;
  g_autoptr (FloeTicket) second = NULL;
  g_autoptr (VncLink) one = NULL;
  g_autoptr (VncLink) another = NULL;

  begin (test);
  power (test, id, TRUE);
  first = set_ticket (test, id, FLOE_TICKET_KEEP);
  g_assert_no_error (test->error);
  g_assert_cmpint (test->display->kind, ==, FLOE_DISPLAY_VNC);
  g_assert_cmpuint (test->display->tls_port, ==, 0);
  g_assert_null (vnc_with (test, spent, TRUE));
  one = vnc_with (test, first, TRUE);
  g_assert_nonnull (one);
  wait_for (test, "channel %s authenticated 127.0.0.1:*", id);
  second = set_ticket (test, id, FLOE_TICKET_DISCONNECT);
  g_assert_no_error (test->error);
  g_assert_null (vnc_with (test, first, TRUE));
  g_assert_true (vnc_link_is_open (one));
  another = vnc_with (test, second, FALSE);
  g_assert_nonnull (another);
  g_assert_false (vnc_link_is_open (one));
  g_assert_true (vnc_link_is_open (another));
  wait_for (test, "channel %s closed 127.0.0.1:*", id);
  set_given_ticket (test, id, spent, FLOE_TICKET_KEEP);
  g_assert_no_error (test->error);
  g_assert_null (vnc_with (test, spent, TRUE));
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
  harness_init (&argc, &argv);
  g_test_add_func ("/libvirt/list/all", test_list);
  g_test_add_func ("/libvirt/power/on-and-off", test_power);
  g_test_add_func ("/libvirt/power/crash", test_crash);
  g_test_add_func ("/libvirt/ticket/needed", test_ticket);
  g_test_add_func ("/libvirt/ticket/vnc", test_vnc);
  g_test_add_func ("/libvirt/ticket/no-ticketing", test_no_ticketing);
  g_test_add_func ("/libvirt/ticket/policy", test_policy);
  g_test_add_func ("/libvirt/ticket/plain-display", test_plain_display);
  g_test_add_func ("/libvirt/ticket/tls", test_tls);
  g_test_add_func ("/libvirt/ticket/cost", test_ticket_cost);
  return g_test_run ();
}
