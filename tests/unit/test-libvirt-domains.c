/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/host-domains.h"

/* What happens is written down as words: "+a on" changed, "-a" gone, "?a" look again. */

typedef struct
{
  FloeHostDomains *domains;
  GString *said;
} Test;

static void
on_changed (const FloeDomain *domain, gpointer data)
{
  g_string_append_printf (((Test *)data)->said, "+%s %s%s ", domain->id,
                          floe_power_name (domain->power), domain->agent_connected ? "!" : "");
}

static void
on_gone (const gchar *id, gpointer data)
{
  g_string_append_printf (((Test *)data)->said, "-%s ", id);
}

static void
on_look (const gchar *id, gpointer data)
{
  g_string_append_printf (((Test *)data)->said, "?%s ", id);
}

static void
test_init (Test *test)
{
  static const FloeHostDomainsFuncs funcs = { on_changed, on_gone, on_look };

  test->domains = floe_host_domains_new (&funcs, test);
  test->said = g_string_new (NULL);
}

static void
test_clear (Test *test)
{
  floe_host_domains_free (test->domains);
  g_string_free (test->said, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Test, test_clear)

static void
expect (Test *test, const gchar *said)
{
  g_assert_cmpstr (test->said->str, ==, said);
  g_string_set_size (test->said, 0);
}

static void
look (Test *test, const gchar *id, FloePower power, guint64 token)
{
  g_autoptr (FloeDomain) domain = floe_domain_new (id, id, "h");

  domain->power = power;
  floe_host_domains_take (test->domains, domain, token);
}

/* Lists the domains of @ids, all with @power; returns how many are known then. */
static guint
list (Test *test, const gchar *const *ids, FloePower power, guint64 token)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_domain_free);
  g_autoptr (GPtrArray) all = NULL;

  for (guint i = 0; ids[i] != NULL; i++)
    {
      FloeDomain *domain = floe_domain_new (ids[i], ids[i], "h");

      domain->power = power;
      g_ptr_array_add (seen, domain);
    }
  all = floe_host_domains_take_all (test->domains, seen, token);
  return all->len;
}

static void
test_look (void)
{
  g_auto (Test) test;

  test_init (&test);
  look (&test, "a", FLOE_POWER_OFF, floe_host_domains_begin (test.domains));
  expect (&test, "+a off ");
  look (&test, "a", FLOE_POWER_OFF, floe_host_domains_begin (test.domains));
  expect (&test, "");
  look (&test, "a", FLOE_POWER_ON, floe_host_domains_begin (test.domains));
  expect (&test, "+a on ");
  floe_host_domains_take_gone (test.domains, "a", floe_host_domains_begin (test.domains));
  expect (&test, "-a ");
  floe_host_domains_take_gone (test.domains, "a", floe_host_domains_begin (test.domains));
  expect (&test, "");
}

static void
test_events (void)
{
  g_auto (Test) test;

  test_init (&test);
  floe_host_domains_power (test.domains, "a", FLOE_POWER_ON);
  floe_host_domains_agent (test.domains, "a", TRUE);
  expect (&test, "?a ?a ");
  look (&test, "a", FLOE_POWER_OFF, floe_host_domains_begin (test.domains));
  expect (&test, "+a off ");
  floe_host_domains_power (test.domains, "a", FLOE_POWER_ON);
  expect (&test, "?a +a on ");
  floe_host_domains_power (test.domains, "a", FLOE_POWER_ON);
  floe_host_domains_power (test.domains, "a", FLOE_POWER_UNKNOWN);
  expect (&test, "?a ?a ");
  floe_host_domains_agent (test.domains, "a", TRUE);
  floe_host_domains_agent (test.domains, "a", TRUE);
  expect (&test, "+a on! ");
  floe_host_domains_power (test.domains, "a", FLOE_POWER_CRASHED);
  expect (&test, "?a +a crashed ");
}

/* A domain that stops and starts within one look is seen to have been off. */
static void
test_short_stop (void)
{
  g_auto (Test) test;
  guint64 token;

  test_init (&test);
  look (&test, "a", FLOE_POWER_ON, floe_host_domains_begin (test.domains));
  expect (&test, "+a on ");
  token = floe_host_domains_begin (test.domains);
  floe_host_domains_power (test.domains, "a", FLOE_POWER_OFF);
  floe_host_domains_power (test.domains, "a", FLOE_POWER_ON);
  expect (&test, "?a +a off ?a +a on ");
  look (&test, "a", FLOE_POWER_OFF, token);
  expect (&test, "?a ");
}

/* A look that is older than an event: the event wins, and a new look is asked for. */
static void
test_overtaken (void)
{
  static const gchar *const a[] = { "a", NULL };
  static const gchar *const none[] = { NULL };
  g_auto (Test) test;
  guint64 token;

  test_init (&test);
  g_assert_cmpuint (list (&test, a, FLOE_POWER_OFF, floe_host_domains_begin (test.domains)), ==, 1);
  token = floe_host_domains_begin (test.domains);
  floe_host_domains_power (test.domains, "a", FLOE_POWER_ON);
  expect (&test, "?a +a on ");
  g_assert_cmpuint (list (&test, a, FLOE_POWER_OFF, token), ==, 1);
  expect (&test, "?a ");
  g_assert_true (floe_host_domains_runs (test.domains, "a"));
  g_assert_cmpuint (list (&test, none, FLOE_POWER_OFF, token), ==, 1);
  expect (&test, "?a ");
  floe_host_domains_take_gone (test.domains, "a", token);
  expect (&test, "?a ");
  g_assert_cmpuint (list (&test, none, FLOE_POWER_OFF, floe_host_domains_begin (test.domains)), ==,
                    0);
  expect (&test, "");
}

static void
test_list (void)
{
  static const gchar *const both[] = { "a", "b", NULL };
  static const gchar *const b[] = { "b", NULL };
  g_auto (Test) test;

  test_init (&test);
  g_assert_cmpuint (list (&test, both, FLOE_POWER_ON, floe_host_domains_begin (test.domains)), ==,
                    2);
  g_assert_cmpuint (list (&test, b, FLOE_POWER_OFF, floe_host_domains_begin (test.domains)), ==, 1);
  expect (&test, "");
  g_assert_false (floe_host_domains_runs (test.domains, "a"));
  g_assert_false (floe_host_domains_runs (test.domains, "b"));
  floe_host_domains_clear (test.domains);
  look (&test, "b", FLOE_POWER_OFF, floe_host_domains_begin (test.domains));
  expect (&test, "+b off ");
}

static void
test_channels (void)
{
  g_auto (Test) test;
  guint64 token;

  test_init (&test);
  token = floe_host_domains_begin (test.domains);
  g_assert_false (floe_host_domains_channels_are_current (test.domains, "a", token));
  look (&test, "a", FLOE_POWER_ON, token);
  floe_host_domains_channel (test.domains, "a");
  floe_host_domains_channel (test.domains, "unknown");
  g_assert_false (floe_host_domains_channels_are_current (test.domains, "a", token));
  token = floe_host_domains_begin (test.domains);
  g_assert_true (floe_host_domains_channels_are_current (test.domains, "a", token));
  floe_host_domains_channel (test.domains, "a");
  g_assert_false (floe_host_domains_channels_are_current (test.domains, "a", token));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/libvirt-domains/look/change", test_look);
  g_test_add_func ("/libvirt-domains/events/change", test_events);
  g_test_add_func ("/libvirt-domains/events/short-stop", test_short_stop);
  g_test_add_func ("/libvirt-domains/events/overtake", test_overtaken);
  g_test_add_func ("/libvirt-domains/list/replace", test_list);
  g_test_add_func ("/libvirt-domains/channels/current", test_channels);
  return g_test_run ();
}
