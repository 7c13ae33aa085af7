/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "libvirt-harness.h"
#include "ovirt-harness.h"

/* What the manager port promises, whoever keeps it: the same cases run against a real libvirtd with
 * real QEMU guests and against the stand-in for an oVirt engine. What only one of them has is in
 * the tests of its own. */

typedef struct _Backend Backend;

typedef struct
{
  const Backend *backend;
  Test *libvirt; /* one of the two */
  OvirtTest *ovirt;
  FloeManager *manager;
  GHashTable *domains; /* id to FloeDomain, as core would know them */
  GPtrArray *gone;     /* ids */
  guint listings;
  guint losses;
  gboolean answered;
  GError *error;
  FloeDisplay *display;
} Contract;

struct _Backend
{
  const gchar *name;
  const gchar *host;
  FloeDevice opening; /* what its guest lets through */
  void (*set_up) (Contract *self);
  void (*tear_down) (Contract *self);
  gchar *(*get_off) (Contract *self); /* a domain that is off, by its id; nobody has it */
  gchar *(*get_on) (Contract *self);  /* one that is somebody's, and is on or coming up */
  void (*go_away) (Contract *self);   /* whoever is asked */
  void (*come_back) (Contract *self);
  void (*remove) (Contract *self, const gchar *name);
};

/* What the port tells. */

static void
on_changed (FloeManager *manager, const FloeDomain *domain, Contract *self)
{
  g_assert_cmpstr (domain->host, ==, self->backend->host);
  g_hash_table_replace (self->domains, g_strdup (domain->id), floe_domain_copy (domain));
}

static void
on_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, Contract *self)
{
  g_assert_cmpstr (host, ==, self->backend->host);
  g_hash_table_remove_all (self->domains);
  for (guint i = 0; i < domains->len; i++)
    on_changed (manager, domains->pdata[i], self);
  self->listings++;
}

static void
on_lost (FloeManager *manager, const gchar *host, const gchar *reason, Contract *self)
{
  g_assert_cmpstr (host, ==, self->backend->host);
  g_assert_cmpuint (strlen (reason), >, 0);
  self->losses++;
}

static void
on_gone (FloeManager *manager, const gchar *host, const gchar *id, Contract *self)
{
  g_hash_table_remove (self->domains, id);
  g_ptr_array_add (self->gone, g_strdup (id));
}

static FloePower
get_power (Contract *self, const gchar *id)
{
  const FloeDomain *domain = g_hash_table_lookup (self->domains, id);

  return domain != NULL ? domain->power : FLOE_POWER_UNKNOWN;
}

/* Calls: each is answered once, and not before it returns. */

static void
wait_answer (Contract *self)
{
  g_assert_false (self->answered);
  WAIT_FOR (self->answered);
}

static void
begin_call (Contract *self)
{
  self->answered = FALSE;
  g_clear_error (&self->error);
  g_clear_pointer (&self->display, floe_display_free);
}

static void
power_said (GObject *source, GAsyncResult *result, gpointer data)
{
  Contract *self = data;

  g_assert_false (self->answered);
  self->answered = TRUE;
  g_assert_true (floe_manager_power_finish (FLOE_MANAGER (source), result, &self->error)
                 == (self->error == NULL));
}

static void
power_it (Contract *self, const gchar *id, gboolean on)
{
  const gchar *host = self->backend->host;

  begin_call (self);
  if (on)
    floe_manager_power_on_async (self->manager, host, id, NULL, power_said, self);
  else
    floe_manager_power_off_async (self->manager, host, id, NULL, NULL, power_said, self);
  wait_answer (self);
}

static void
must_power (Contract *self, const gchar *id, gboolean on)
{
  power_it (self, id, on);
  g_assert_no_error (self->error);
}

static void
ticket_said (GObject *source, GAsyncResult *result, gpointer data)
{
  Contract *self = data;

  g_assert_false (self->answered);
  self->answered = TRUE;
  self->display = floe_manager_set_ticket_finish (FLOE_MANAGER (source), result, &self->error);
  g_assert_true ((self->display != NULL) == (self->error == NULL));
}

static void
order_ticket (Contract *self, const gchar *id, const FloePolicy *policy)
{
  g_autoptr (FloeTicket) ticket = floe_ticket_new (g_get_real_time ());
  const FloeTicketOrder order = { .ticket = ticket, .mode = FLOE_TICKET_KEEP, .policy = policy };

  begin_call (self);
  floe_manager_set_ticket_async (self->manager, self->backend->host, id, &order, NULL, ticket_said,
                                 self);
  wait_answer (self);
}

static void
assert_refused (Contract *self, FloeError code, const gchar *reason)
{
  g_assert_error (self->error, FLOE_ERROR, (gint)code);
  if (reason != NULL)
    g_assert_cmpstr (floe_error_reason (self->error), ==, reason);
}

/* libvirt. */

static void
set_up_libvirt (Contract *self)
{
  self->libvirt = test_new (NULL);
  make_manager (self->libvirt, FALSE, TRUE);
  self->manager = self->libvirt->manager;
}

static void
tear_down_libvirt (Contract *self)
{
  test_free (self->libvirt);
}

static gchar *
define_guest (Contract *self)
{
  return define (self->libvirt, "guest", "open");
}

static void
kill_libvirtd (Contract *self)
{
  libvirt_fixture_kill (self->libvirt->libvirt);
}

static void
start_libvirtd (Contract *self)
{
  libvirt_fixture_start (self->libvirt->libvirt);
}

static void
undefine (Contract *self, const gchar *name)
{
  g_free (libvirt_fixture_virsh (self->libvirt->libvirt, "undefine", name, NULL));
}

/* oVirt. */

static void
set_up_ovirt (Contract *self)
{
  self->ovirt = g_new0 (OvirtTest, 1);
  ovirt_test_set_up (self->ovirt, NULL);
  self->manager = self->ovirt->manager;
}

static void
tear_down_ovirt (Contract *self)
{
  ovirt_test_tear_down (self->ovirt, NULL);
  g_free (self->ovirt);
}

static gchar *
find_vm (Contract *self)
{
  GHashTableIter iter;
  gpointer domain;

  g_hash_table_iter_init (&iter, self->domains);
  while (g_hash_table_iter_next (&iter, NULL, &domain))
    if (strcmp (((FloeDomain *)domain)->name, "office-3") == 0)
      return g_strdup (((FloeDomain *)domain)->id);
  g_assert_not_reached ();
}

static gchar *
allocate_vm (Contract *self)
{
  g_autoptr (FloeDomain) domain =
      ovirt_test_must_allocate (self->ovirt, FLOE_ASSIGN_SERVICE, "alice");

  return g_strdup (domain->id);
}

static void
stop_engine (Contract *self)
{
  engine_fixture_do (self->ovirt->engine, "{'fault': {'down': true}}");
}

static void
start_engine (Contract *self)
{
  engine_fixture_do (self->ovirt->engine, "{'fault': null}");
}

static void
remove_vm (Contract *self, const gchar *name)
{
  engine_fixture_do (self->ovirt->engine, "{'remove': '%s'}", name);
}

static const Backend backends[] = {
  { "libvirt", "h1", FLOE_DEVICE_SMARTCARD, set_up_libvirt, tear_down_libvirt, define_guest,
    define_guest, kill_libvirtd, start_libvirtd, undefine },
  { "ovirt", "one", FLOE_DEVICE_USB, set_up_ovirt, tear_down_ovirt, find_vm, allocate_vm,
    stop_engine, start_engine, remove_vm },
};

static void
set_up (Contract *self, gconstpointer data)
{
  self->backend = data;
  self->domains =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_domain_free);
  self->gone = g_ptr_array_new_with_free_func (g_free);
  self->backend->set_up (self);
  g_signal_connect (self->manager, "host-listed", G_CALLBACK (on_listed), self);
  g_signal_connect (self->manager, "host-lost", G_CALLBACK (on_lost), self);
  g_signal_connect (self->manager, "domain-changed", G_CALLBACK (on_changed), self);
  g_signal_connect (self->manager, "domain-gone", G_CALLBACK (on_gone), self);
}

static void
tear_down (Contract *self, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (self->manager, self);
  self->backend->tear_down (self);
  g_hash_table_unref (self->domains);
  g_ptr_array_unref (self->gone);
  begin_call (self);
}

static void
start (Contract *self)
{
  g_assert_cmpuint (self->listings, ==, 0);
  floe_manager_start (self->manager);
  g_assert_cmpuint (self->listings, ==, 0);
  WAIT_FOR (self->listings > 0);
}

/* The cases. */

static void
test_listed (Contract *self, gconstpointer data)
{
  g_autofree gchar *id = NULL;
  const FloeDomain *domain;

  if (self->libvirt != NULL)
    id = self->backend->get_off (self);
  start (self);
  if (id == NULL)
    id = self->backend->get_off (self);
  domain = g_hash_table_lookup (self->domains, id);
  g_assert_nonnull (domain);
  g_assert_cmpint (domain->power, ==, FLOE_POWER_OFF);
  g_assert_null (domain->refusal);
  g_assert_cmpuint (self->losses, ==, 0);
  self->listings = 0;
  floe_manager_refresh (self->manager, self->backend->host);
  WAIT_FOR (self->listings > 0);
}

/* What is so already is no error. */
static void
test_power (Contract *self, gconstpointer data)
{
  g_autofree gchar *id = NULL;

  start (self);
  id = self->backend->get_on (self);
  must_power (self, id, TRUE);
  WAIT_FOR (get_power (self, id) == FLOE_POWER_ON);
  must_power (self, id, TRUE);
  must_power (self, id, FALSE);
  WAIT_FOR (get_power (self, id) == FLOE_POWER_OFF);
  must_power (self, id, FALSE);
  g_assert_cmpuint (self->gone->len, ==, 0);
}

static void
test_ticket (Contract *self, gconstpointer data)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  g_autofree gchar *off = NULL;
  g_autofree gchar *id = NULL;

  start (self);
  off = self->backend->get_off (self);
  WAIT_FOR (get_power (self, off) == FLOE_POWER_OFF);
  order_ticket (self, off, NULL);
  assert_refused (self, FLOE_ERROR_CONFLICT, "not-running");
  id = self->libvirt != NULL ? g_strdup (off) : self->backend->get_on (self);
  must_power (self, id, TRUE);
  WAIT_FOR (get_power (self, id) == FLOE_POWER_ON);
  order_ticket (self, id, NULL);
  g_assert_no_error (self->error);
  g_assert_cmpuint (strlen (self->display->host), >, 0);
  g_assert_true (self->display->port > 0 || self->display->tls_port > 0);
  *(self->backend->opening == FLOE_DEVICE_USB ? &policy->usb : &policy->smartcard) = FALSE;
  order_ticket (self, id, policy);
  assert_refused (self, FLOE_ERROR_DENIED, "policy-not-enforced");
}

static void
test_unknown (Contract *self, gconstpointer data)
{
  static const gchar id[] = "00000000-1111-4222-8333-444444444444";

  start (self);
  power_it (self, id, FALSE);
  assert_refused (self, FLOE_ERROR_NOT_FOUND, NULL);
  power_it (self, id, TRUE);
  assert_refused (self, FLOE_ERROR_NOT_FOUND, NULL);
  order_ticket (self, id, NULL);
  assert_refused (self, FLOE_ERROR_NOT_FOUND, NULL);
}

/* Whoever is asked may be away and come back: what runs is unknown meanwhile, and never gone. */
static void
test_outage (Contract *self, gconstpointer data)
{
  g_autofree gchar *id = NULL;

  start (self);
  id = self->backend->get_on (self);
  must_power (self, id, TRUE);
  WAIT_FOR (get_power (self, id) == FLOE_POWER_ON);
  self->backend->go_away (self);
  WAIT_FOR (self->losses == 1);
  order_ticket (self, id, NULL);
  assert_refused (self, FLOE_ERROR_UNAVAILABLE, NULL);
  self->listings = 0;
  self->backend->come_back (self);
  WAIT_FOR (self->listings > 0);
  g_assert_cmpint (get_power (self, id), ==, FLOE_POWER_ON);
  g_assert_cmpuint (self->losses, ==, 1);
  g_assert_cmpuint (self->gone->len, ==, 0);
}

static void
test_gone (Contract *self, gconstpointer data)
{
  g_autofree gchar *id = NULL;
  g_autofree gchar *name = NULL;

  start (self);
  id = self->backend->get_off (self);
  WAIT_FOR (get_power (self, id) == FLOE_POWER_OFF);
  name = g_strdup (((FloeDomain *)g_hash_table_lookup (self->domains, id))->name);
  self->backend->remove (self, name);
  floe_manager_refresh (self->manager, self->backend->host);
  WAIT_FOR (g_hash_table_lookup (self->domains, id) == NULL);
  power_it (self, id, TRUE);
  assert_refused (self, FLOE_ERROR_NOT_FOUND, NULL);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const gchar *name;
    void (*func) (Contract *self, gconstpointer data);
  } cases[] = {
    { "listed", test_listed },   { "power", test_power },   { "ticket", test_ticket },
    { "unknown", test_unknown }, { "outage", test_outage }, { "gone", test_gone },
  };

  harness_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (backends) * G_N_ELEMENTS (cases); i++)
    {
      const Backend *backend = &backends[i / G_N_ELEMENTS (cases)];
      g_autofree gchar *path =
          g_strdup_printf ("/manager/%s/%s", backend->name, cases[i % G_N_ELEMENTS (cases)].name);

      g_test_add (path, Contract, backend, set_up, cases[i % G_N_ELEMENTS (cases)].func, tear_down);
    }
  return g_test_run ();
}
