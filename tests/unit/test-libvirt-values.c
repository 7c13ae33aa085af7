/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/host-clock.h"
#include "manager/libvirt/host-settings.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/libvirt-values.h"

static void
test_errors (void)
{
  static const struct
  {
    gint domain, code;
    FloeError error;
    const gchar *reason;
  } cases[] = {
    { VIR_FROM_QEMU, VIR_ERR_NO_DOMAIN, FLOE_ERROR_NOT_FOUND, NULL },
    { VIR_FROM_QEMU, VIR_ERR_OPERATION_INVALID, FLOE_ERROR_CONFLICT, NULL },
    { VIR_FROM_QEMU, VIR_ERR_OPERATION_FAILED, FLOE_ERROR_INTERNAL, NULL },
    { VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR, FLOE_ERROR_INTERNAL, NULL },
    { VIR_FROM_QEMU, VIR_ERR_OPERATION_TIMEOUT, FLOE_ERROR_TIMED_OUT, NULL },
    { VIR_FROM_QEMU, VIR_ERR_OPERATION_ABORTED, FLOE_ERROR_CANCELLED, NULL },
    { VIR_FROM_QEMU, VIR_ERR_RESOURCE_BUSY, FLOE_ERROR_BUSY, NULL },
    { VIR_FROM_QEMU, VIR_ERR_CONFIG_UNSUPPORTED, FLOE_ERROR_INVALID, NULL },
    { VIR_FROM_QEMU, VIR_ERR_AGENT_UNRESPONSIVE, FLOE_ERROR_UNAVAILABLE, "agent-down" },
    { VIR_FROM_QEMU, VIR_ERR_AGENT_UNSYNCED, FLOE_ERROR_UNAVAILABLE, "agent-down" },
    { VIR_FROM_QEMU, VIR_ERR_OPERATION_UNSUPPORTED, FLOE_ERROR_INTERNAL, NULL },
    { VIR_FROM_STORAGE, VIR_ERR_NO_STORAGE_POOL, FLOE_ERROR_NOT_FOUND, NULL },
    { VIR_FROM_STORAGE, VIR_ERR_NO_STORAGE_VOL, FLOE_ERROR_NOT_FOUND, NULL },
    { VIR_FROM_STORAGE, VIR_ERR_STORAGE_VOL_EXIST, FLOE_ERROR_CONFLICT, NULL },
    { VIR_FROM_STORAGE, VIR_ERR_SYSTEM_ERROR, FLOE_ERROR_INTERNAL, NULL },
    { VIR_FROM_NONE, VIR_ERR_SYSTEM_ERROR, FLOE_ERROR_INTERNAL, NULL },
    { VIR_FROM_NONE, VIR_ERR_NO_MEMORY, FLOE_ERROR_INTERNAL, NULL },
    { VIR_FROM_NONE, VIR_ERR_INVALID_ARG, FLOE_ERROR_INVALID, NULL },
    { VIR_FROM_DOMAIN, VIR_ERR_XML_ERROR, FLOE_ERROR_INVALID, NULL },
    { VIR_FROM_DOMAIN, VIR_ERR_XML_DETAIL, FLOE_ERROR_INVALID, NULL },
    { VIR_FROM_DOMAIN, VIR_ERR_XML_INVALID_SCHEMA, FLOE_ERROR_INVALID, NULL },
    { VIR_FROM_ACCESS, VIR_ERR_ACCESS_DENIED, FLOE_ERROR_DENIED, NULL },
    { VIR_FROM_NONE, VIR_ERR_OPERATION_DENIED, FLOE_ERROR_DENIED, NULL },
    { VIR_FROM_RPC, VIR_ERR_SYSTEM_ERROR, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_RPC, VIR_ERR_INTERNAL_ERROR, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_REMOTE, VIR_ERR_OPERATION_FAILED, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_REMOTE, VIR_ERR_NO_CONNECT, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_REMOTE, VIR_ERR_NO_DOMAIN, FLOE_ERROR_NOT_FOUND, NULL },
    { VIR_FROM_NONE, VIR_ERR_INVALID_CONN, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_NONE, VIR_ERR_UNKNOWN_HOST, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_RPC, VIR_ERR_RPC, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_RPC, VIR_ERR_GNUTLS_ERROR, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_SSH, VIR_ERR_SSH, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_LIBSSH, VIR_ERR_LIBSSH, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_RPC, VIR_ERR_AUTH_FAILED, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_RPC, VIR_ERR_AUTH_CANCELLED, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_RPC, VIR_ERR_AUTH_UNAVAILABLE, FLOE_ERROR_UNAVAILABLE, "host-down" },
    { VIR_FROM_NONE, 99999, FLOE_ERROR_INTERNAL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const gchar *reason;

      g_test_message ("%d %d", cases[i].domain, cases[i].code);
      g_assert_cmpint (floe_libvirt_error_map (cases[i].domain, cases[i].code, &reason), ==,
                       cases[i].error);
      g_assert_cmpstr (reason, ==, cases[i].reason);
      g_assert_cmpint (floe_libvirt_error_map (cases[i].domain, cases[i].code, NULL), ==,
                       cases[i].error);
    }
}

static void
test_is_full (void)
{
  g_assert_true (floe_libvirt_error_is_full (VIR_ERR_SYSTEM_ERROR, ENOSPC, NULL));
  g_assert_true (floe_libvirt_error_is_full (VIR_ERR_SYSTEM_ERROR, EDQUOT, "x"));
  g_assert_true (floe_libvirt_error_is_full (
      VIR_ERR_INTERNAL_ERROR, 1,
      "internal error: Child process (qemu-img convert ...) unexpected exit status 1: qemu-img: "
      "error while writing at byte 0: No space left on device\n"));
  g_assert_true (floe_libvirt_error_is_full (
      VIR_ERR_OPERATION_FAILED, -1,
      "operation failed: Not enough free space in pool for volume 'a'"));
  g_assert_false (floe_libvirt_error_is_full (VIR_ERR_SYSTEM_ERROR, ENOENT, "x"));
  g_assert_false (floe_libvirt_error_is_full (VIR_ERR_INTERNAL_ERROR, ENOSPC, "x"));
  g_assert_false (floe_libvirt_error_is_full (VIR_ERR_INTERNAL_ERROR, -1, NULL));
}

static void
ignore_error (void *data, virErrorPtr error)
{
}

static void
test_set_error (void)
{
  g_autoptr (GError) error = NULL;

  virSetErrorFunc (NULL, ignore_error);
  g_assert_null (virConnectOpen ("no-such-driver:///"));
  g_assert_nonnull (virGetLastError ());
  floe_libvirt_set_error (&error, "cannot do it");
  g_assert_true (g_str_has_prefix (error->message, "cannot do it: "));
  g_assert_null (virGetLastError ());
  g_clear_error (&error);
  floe_libvirt_set_error (&error, "cannot do it");
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
}

/* libvirt quotes the XML that it does not accept, and that may hold a ticket. */
static void
test_set_error_xml (void)
{
  g_autoptr (GError) error = NULL;
  virConnectPtr connection = virConnectOpen ("test:///default");

  g_assert_nonnull (connection);
  g_assert_null (virDomainDefineXML (connection, "<domain passwd='s3cret'"));
  g_assert_nonnull (strstr (virGetLastErrorMessage (), "s3cret"));
  floe_libvirt_set_error (&error, "cannot do it");
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_assert_null (strstr (error->message, "s3cret"));
  virConnectClose (connection);
}

static void
test_power (void)
{
  static const gint states[][3] = {
    { VIR_DOMAIN_NOSTATE, 0, FLOE_POWER_UNKNOWN },
    { VIR_DOMAIN_RUNNING, 0, FLOE_POWER_ON },
    { VIR_DOMAIN_BLOCKED, 0, FLOE_POWER_ON },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER, FLOE_POWER_PAUSED },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_STARTING_UP, FLOE_POWER_STARTING },
    { VIR_DOMAIN_PMSUSPENDED, 0, FLOE_POWER_PAUSED },
    { VIR_DOMAIN_SHUTDOWN, 0, FLOE_POWER_STOPPING },
    { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_DESTROYED, FLOE_POWER_OFF },
    { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_FAILED, FLOE_POWER_OFF },
    { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_CRASHED, FLOE_POWER_CRASHED },
    { VIR_DOMAIN_CRASHED, 0, FLOE_POWER_CRASHED },
    { 99, 0, FLOE_POWER_UNKNOWN },
  };
  static const gint events[][3] = {
    { VIR_DOMAIN_EVENT_DEFINED, 0, FLOE_POWER_UNKNOWN },
    { VIR_DOMAIN_EVENT_UNDEFINED, 0, FLOE_POWER_UNKNOWN },
    { VIR_DOMAIN_EVENT_STARTED, 0, FLOE_POWER_ON },
    { VIR_DOMAIN_EVENT_RESUMED, 0, FLOE_POWER_ON },
    { VIR_DOMAIN_EVENT_SUSPENDED, 0, FLOE_POWER_PAUSED },
    { VIR_DOMAIN_EVENT_PMSUSPENDED, 0, FLOE_POWER_PAUSED },
    { VIR_DOMAIN_EVENT_SHUTDOWN, 0, FLOE_POWER_STOPPING },
    { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED, FLOE_POWER_OFF },
    { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_CRASHED, FLOE_POWER_CRASHED },
    { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_FAILED, FLOE_POWER_CRASHED },
    { VIR_DOMAIN_EVENT_CRASHED, 0, FLOE_POWER_CRASHED },
    { 99, 0, FLOE_POWER_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    g_assert_cmpint (floe_libvirt_power_from_state (states[i][0], states[i][1]), ==,
                     (FloePower)states[i][2]);
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    g_assert_cmpint (floe_libvirt_power_from_event (events[i][0], events[i][1]), ==,
                     (FloePower)events[i][2]);
}

static void
test_peer (void)
{
  static const gchar *const cases[][3] = {
    { "127.0.0.1", "4711", "127.0.0.1:4711" },
    { "fe80::1", "4711", "[fe80::1]:4711" },
    { "localhost", "", "local" },
    { "", "1", "local" },
    { NULL, NULL, "local" },
    { "localhost", NULL, "local" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *peer = floe_libvirt_peer (cases[i][0], cases[i][1]);

      g_assert_cmpstr (peer, ==, cases[i][2]);
    }
}

static void
test_channels (void)
{
  static const struct
  {
    const gchar *reply, *peers;
  } cases[] = {
    { "{\"return\":{\"enabled\":true,\"channels\":[{\"host\":\"10.0.0.1\",\"port\":\"5\","
      "\"channel-type\":1},{\"host\":\"::1\",\"port\":\"6\"}]},\"id\":\"libvirt-9\"}",
      "10.0.0.1:5,[::1]:6" },
    { "{\"return\":{\"enabled\":true,\"channels\":[]}}", "" },
    { "{\"return\":{\"enabled\":false}}", "" },
    { "{\"return\":{\"channels\":[{\"host\":7,\"port\":null},3]}}", "local" },
    { "{\"return\":{\"channels\":{}}}", NULL },
    { "{\"error\":{\"class\":\"CommandNotFound\"}}", NULL },
    { "[]", NULL },
    { "", NULL },
    { "{\"return\":", NULL },
    { "{\"return\":null}", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) peers = floe_libvirt_parse_channels (cases[i].reply, &error);
      g_autofree gchar *all = peers != NULL ? g_strjoinv (",", peers) : NULL;

      g_assert_cmpstr (all, ==, cases[i].peers);
      g_assert_true ((error == NULL) == (peers != NULL));
    }
}

static void
test_address (void)
{
  static const struct
  {
    const gchar *uri, *configured, *listen, *address;
    gboolean local;
  } cases[] = {
    { "qemu:///system", NULL, "10.1.1.1", "10.1.1.1", TRUE },
    { "qemu:///system", NULL, "0.0.0.0", NULL, TRUE },
    { "qemu:///system", NULL, NULL, NULL, TRUE },
    { "qemu:///system", "desk.example", "0.0.0.0", "desk.example", TRUE },
    { "qemu+unix:///session?socket=/run/a+b", NULL, "::", NULL, TRUE },
    { "qemu+tcp://h1.example/system", NULL, "0.0.0.0", "h1.example", FALSE },
    { "qemu+tls://h1.example:16514/system", NULL, "::", "h1.example", FALSE },
    { "qemu+ssh://root@[fd00::1]:22/system", NULL, "", "fd00::1", FALSE },
    { "qemu+ssh://h1/system", NULL, "192.0.2.7", "192.0.2.7", FALSE },
    { "qemu://h1/system", NULL, "0.0.0.0", "h1", FALSE },
    { "qemu+ext:///system?command=/bin/x", NULL, "0.0.0.0", NULL, FALSE },
    { "nonsense", NULL, "0.0.0.0", NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FloeLibvirtHostSettings settings = { .name = (gchar *)"h1",
                                           .uri = (gchar *)cases[i].uri,
                                           .display_address = (gchar *)cases[i].configured };
      g_autoptr (FloeLibvirtHostSettings) copy = floe_libvirt_host_settings_copy (&settings);
      g_autoptr (GError) error = NULL;
      g_autofree gchar *address =
          floe_libvirt_host_settings_address (copy, cases[i].listen, &error);

      g_test_message ("%s", cases[i].uri);
      g_assert_cmpstr (address, ==, cases[i].address);
      g_assert_cmpint (floe_libvirt_host_settings_is_local (copy), ==, cases[i].local);
      if (address == NULL)
        {
          g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
          g_assert_nonnull (strstr (error->message, "display_address"));
        }
    }
}

#define SECOND G_USEC_PER_SEC
#define NOW    (G_GINT64_CONSTANT (1795000000) * SECOND)

static void
test_clock (void)
{
  FloeHostClock clock = { 0 };
  gint64 skew;

  g_assert_cmpint (floe_host_clock_judge (&clock, 0, &skew), ==, FLOE_HOST_CLOCK_UNKNOWN);
  floe_host_clock_add (&clock, NOW - SECOND, NOW, 10 * SECOND);
  g_assert_cmpint (floe_host_clock_judge (&clock, 10 * SECOND, &skew), ==, FLOE_HOST_CLOCK_GOOD);
  /* A late event says nothing beside one that was in time. */
  floe_host_clock_add (&clock, NOW - 30 * SECOND, NOW, 11 * SECOND);
  floe_host_clock_add (&clock, NOW - 30 * SECOND, NOW, 12 * SECOND);
  g_assert_cmpint (floe_host_clock_judge (&clock, 12 * SECOND, &skew), ==, FLOE_HOST_CLOCK_GOOD);
  g_assert_cmpint (skew, ==, -SECOND);
  /* The next bunch: behind by 30 s, twice. */
  floe_host_clock_add (&clock, NOW - 30 * SECOND, NOW, 100 * SECOND);
  g_assert_cmpint (floe_host_clock_judge (&clock, 100 * SECOND, &skew), ==,
                   FLOE_HOST_CLOCK_UNKNOWN);
  floe_host_clock_add (&clock, NOW - 31 * SECOND, NOW, 101 * SECOND);
  g_assert_cmpint (floe_host_clock_judge (&clock, 101 * SECOND, &skew), ==, FLOE_HOST_CLOCK_WRONG);
  g_assert_cmpint (skew, ==, -30 * SECOND);
  /* Forgotten in the end, so that a clock that was put right is believed. */
  g_assert_cmpint (floe_host_clock_judge (&clock, 400 * SECOND, &skew), ==, FLOE_HOST_CLOCK_WRONG);
  g_assert_cmpint (floe_host_clock_judge (&clock, 402 * SECOND, &skew), ==,
                   FLOE_HOST_CLOCK_UNKNOWN);
  /* An event cannot come before it happened: one from the future is enough. */
  floe_host_clock_add (&clock, NOW + 6 * SECOND, NOW, 500 * SECOND);
  g_assert_cmpint (floe_host_clock_judge (&clock, 500 * SECOND, &skew), ==, FLOE_HOST_CLOCK_WRONG);
  /* The limit itself is allowed. */
  floe_host_clock_add (&clock, NOW + 5 * SECOND, NOW, 600 * SECOND);
  g_assert_cmpint (floe_host_clock_judge (&clock, 600 * SECOND, &skew), ==, FLOE_HOST_CLOCK_GOOD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/libvirt-values/error/table", test_errors);
  g_test_add_func ("/libvirt-values/error/full", test_is_full);
  g_test_add_func ("/libvirt-values/error/set", test_set_error);
  g_test_add_func ("/libvirt-values/error/xml", test_set_error_xml);
  g_test_add_func ("/libvirt-values/power/table", test_power);
  g_test_add_func ("/libvirt-values/channels/peer", test_peer);
  g_test_add_func ("/libvirt-values/channels/parse", test_channels);
  g_test_add_func ("/libvirt-values/host/address", test_address);
  g_test_add_func ("/libvirt-values/host/clock", test_clock);
  return g_test_run ();
}
