/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/api-token.h"
#include "core/error.h"
#include "core/helpdesk-bulk.h"
#include "core/helpdesk-capacity.h"
#include "core/helpdesk-hosts.h"
#include "core/helpdesk-trail.h"
#include "core/trail-check.h"
#include "logs.h"
#include "routes-fixture.h"

static FloePoolReport *
report (void)
{
  FloePoolReport *self = g_new0 (FloePoolReport, 1);

  self->pool = routes_office ();
  self->total = 3;
  self->free = self->held = self->refused = 1;
  return self;
}

static FloePoolReport *
report_of_design (void)
{
  FloePoolReport *self = g_new0 (FloePoolReport, 1);

  self->pool = routes_design ();
  self->problem = g_strdup ("no domain names this pool in its metadata");
  return self;
}

static FloeDesktop *
spare (const gchar *id, const gchar *name, const gchar *host)
{
  FloeDesktop *self = floe_desktop_new (id, name, "office");

  self->facts.power = FLOE_POWER_OFF;
  self->facts.clean = FLOE_CLEAN_CLEAN;
  self->host = g_strdup (host);
  return self;
}

static void
test_admin_pools (RoutesFixture *fixture, gconstpointer data)
{
  GPtrArray *reports = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_report_free);
  g_autofree gchar *answer = NULL;
  g_autofree gchar *failed = NULL;

  g_ptr_array_add (reports, report ());
  g_ptr_array_add (reports, report_of_design ());
  parts_answer (reports);
  answer = routes_ask (fixture, "GET /api/v1/admin/pools", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 200, "admin-pools");
  parts_fail (FLOE_ERROR_BUSY, NULL, "the queue is full");
  failed = routes_ask (fixture, "GET /api/v1/admin/pools", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (failed, 503, "busy", NULL);
  g_free (parts_take_log ());
}

/* It is trying a new revision, and has failed at that before. */
static void
add_keeper (FloePoolReport *self)
{
  FloeRevision *revision = floe_revision_new ("office", 2);

  self->wanted = 2;
  self->ready = self->starting = self->making = 1;
  self->state = floe_pool_state_new ("office");
  self->state->failures = 1;
  self->state->not_before = NOON + 60 * SECONDS;
  self->state->note = g_strdup ("host-a has no memory left");
  revision->state = FLOE_REVISION_CANARY;
  revision->since = NOON;
  revision->tries = 2;
  revision->failures = 1;
  revision->problem = g_strdup ("office-7 was not ready in time");
  self->revisions = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_revision_free);
  g_ptr_array_add (self->revisions, revision);
}

static void
test_admin_pool (RoutesFixture *fixture, gconstpointer data)
{
  FloePoolReport *one = report ();
  FloeDesktop *refused = spare ("c81f0e6d-2b44-4c37-9d11-7a6b5c4d3e2f", "office-3", "host-b");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *unknown = NULL;

  refused->facts.clean = FLOE_CLEAN_BROKEN;
  refused->refusal = g_strdup ("its disk vda is not transient; add <transient/> to the disk, or "
                               "use a dedicated pool");
  refused->problem = g_strdup ("the desktop did not become ready within 120 seconds");
  one->maintenance = floe_maintenance_new (NULL, "office");
  one->maintenance->since = NOON;
  one->maintenance->by = g_strdup ("operator");
  one->maintenance->message = g_strdup ("New disks");
  one->maintenance->ends = NOON + 1800 * SECONDS;
  add_keeper (one);
  one->desktops = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);
  g_ptr_array_add (one->desktops, routes_desktop ("id-hmori", FLOE_CONSOLE_CONNECTED));
  ((FloeDesktop *)one->desktops->pdata[0])->lease->terminal = g_strdup ("lobby-1");
  g_ptr_array_add (one->desktops,
                   spare ("5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a", "office-2", "host-a"));
  g_ptr_array_add (one->desktops, refused);
  parts_answer (one);
  answer = routes_ask (fixture, "GET /api/v1/admin/pools/office", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 200, "admin-pool");
  routes_assert_log ("admin pool office\n");
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no pool of this name");
  unknown = routes_ask (fixture, "GET /api/v1/admin/pools/none", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (unknown, 404, "problem-not-found");
  g_free (parts_take_log ());
}

static FloePoolApplied *
applied (void)
{
  FloePoolApplied *self = g_new0 (FloePoolApplied, 1);

  self->report = report ();
  self->changes = g_strsplit ("entitlements.users: add jweber", "|", -1);
  return self;
}

static void
test_admin_put (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("pool-file");
  g_autofree gchar *shortest = routes_example ("pool-file-shortest");
  g_autofree gchar *dry = NULL;
  g_autofree gchar *real = NULL;

  parts_answer (applied ());
  dry =
      routes_ask (fixture, "PUT /api/v1/admin/pools/office?dry_run=true", PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (dry, 200, "pool-put");
  routes_assert_log ("apply helpdesk office Desktops of the office floating libvirt office-* "
                     "groups=office users=jweber 14400 120 closed dry\n");
  parts_answer (applied ());
  real = routes_ask (fixture, "PUT /api/v1/admin/pools/design?dry_run=false", PARTS_ADMIN_TOKEN,
                     shortest);
  g_assert_nonnull (strstr (api_body (real), "\"dry_run\":false"));
  routes_assert_log ("apply helpdesk design - dedicated libvirt - "
                     "groups=uuid:0f0d7a4e-26f4-103f-8a2e-5b3f1d2c9e10 users= 14400 120 open\n");
}

#define POOL_START "{\"name\":\"office\",\"kind\":\"floating\",\"manager\":\"libvirt\","
#define POOL_END   "\"entitlements\":{\"groups\":[],\"users\":[]}}"

static void
test_admin_put_bad (RoutesFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *body;
    const gchar *detail;
  } cases[] = {
    { "[]", "JSON, line 1, column 1: expected an object" },
    { "{}", "name: missing" },
    { POOL_START POOL_END, "domains: missing" },
    { POOL_START "\"domains\":{}," POOL_END,
      "domains: expected either a \"pattern\" or \"metadata\": true" },
    { POOL_START "\"domains\":{\"metadata\":false}," POOL_END,
      "domains: expected either a \"pattern\" or \"metadata\": true" },
    { POOL_START "\"domains\":{\"metadata\":true,\"pattern\":\"a\"}," POOL_END,
      "domains: expected either a \"pattern\" or \"metadata\": true" },
    { POOL_START "\"domains\":{\"glob\":\"a\"}," POOL_END, "domains.\"glob\": unknown key" },
    { POOL_START "\"domains\":{\"metadata\":true},\"entitlements\":{\"groups\":[\"a\",\"b\",3],"
                 "\"users\":[]}}",
      "entitlements.groups[2]: expected a string" },
    { POOL_START "\"domains\":{\"metadata\":true},\"entitlements\":{\"groups\":[]}}",
      "entitlements.users: missing" },
    { POOL_START "\"domains\":{\"metadata\":true},\"grace_seconds\":-1," POOL_END,
      "grace_seconds: expected a whole number from 0 to 2592000" },
    { POOL_START "\"domains\":{\"metadata\":true},\"ready_seconds\":\"9\"," POOL_END,
      "ready_seconds: expected a whole number from 1 to 3600" },
    { POOL_START "\"domains\":{\"metadata\":true},\"closed\":0," POOL_END,
      "closed: expected true or false" },
    { POOL_START "\"domains\":{\"metadata\":true},\"colour\":0," POOL_END,
      "\"colour\": unknown key" },
    { "{\"name\":\"office\",\"kind\":\"flying\",\"manager\":\"libvirt\","
      "\"domains\":{\"metadata\":true}," POOL_END,
      "kind: expected \"floating\", \"dedicated\" or \"static\"" },
    { "{\"name\":\"office\",\"kind\":\"floating\",\"manager\":\"hyper\","
      "\"domains\":{\"metadata\":true}," POOL_END,
      "manager: expected \"libvirt\", or the name of an engine beside an \"engine\"" },
    { "{\"name\":\"other\",\"kind\":\"floating\",\"manager\":\"libvirt\","
      "\"domains\":{\"metadata\":true}," POOL_END,
      "name: expected the one in the path" },
  };
  g_autofree gchar *query = NULL;
  g_autofree gchar *odd = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *answer =
          routes_ask (fixture, "PUT /api/v1/admin/pools/office", PARTS_ADMIN_TOKEN, cases[i].body);

      routes_assert_problem (answer, 400, "invalid", cases[i].detail);
    }
  odd = routes_ask (fixture, "GET /api/v1/admin/pools/of%20fice", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (
      odd, 404, "not-found",
      "no such path: a name in it has 1 to 64 of A-Z, a-z, 0-9, ., _ and -, or is "
      "a person's, escaped");
  query = routes_ask (fixture, "PUT /api/v1/admin/pools/office?dry_run=1", PARTS_ADMIN_TOKEN, "{}");
  routes_assert_problem (query, 400, "invalid", "dry_run: expected true or false");
  routes_assert_log ("");
}

static void
test_admin_delete (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *held = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, "DELETE /api/v1/admin/pools/office", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("delete helpdesk office\n");
  parts_fail (FLOE_ERROR_CONFLICT, NULL, "a desktop of it is lent");
  held = routes_ask (fixture, "DELETE /api/v1/admin/pools/office", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (held, 409, "conflict", NULL);
  g_free (parts_take_log ());
}

static void
test_admin_close (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar close[] = "POST /api/v1/admin/pools/office/close";
  static const gchar open[] = "POST /api/v1/admin/pools/office/open";
  g_autofree gchar *body = routes_example ("pool-close-request");
  g_autofree gchar *closed = NULL;
  g_autofree gchar *bare = NULL;
  g_autofree gchar *bad = NULL;
  g_autofree gchar *opened = NULL;
  g_autofree gchar *unknown = NULL;

  parts_answer (routes_yes ());
  closed = routes_ask (fixture, close, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (closed, 204, NULL);
  parts_answer (routes_yes ());
  bare = routes_ask (fixture, close, PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (bare, 204, NULL);
  routes_assert_log ("close helpdesk office and drain: Back at noon\nclose helpdesk office: -\n");
  bad = routes_ask (fixture, close, PARTS_ADMIN_TOKEN, "{\"until\":1}");
  routes_assert_problem (bad, 400, "invalid", "\"until\": unknown key");
  parts_answer (routes_yes ());
  opened = routes_ask (fixture, open, PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (opened, 204, NULL);
  routes_assert_log ("open helpdesk office\n");
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no pool of this name");
  unknown = routes_ask (fixture, open, PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (unknown, 404, "problem-not-found");
  g_free (parts_take_log ());
}

static void
test_admin_renew (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/pools/office/revisions";
  g_autofree gchar *answer = NULL;
  g_autofree gchar *refused = NULL;
  g_autofree gchar *denied = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("renew helpdesk office\n");
  parts_fail (FLOE_ERROR_CONFLICT, NULL, "pool office has no template");
  refused = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (refused, 409, "conflict", "pool office has no template");
  g_free (parts_take_log ());
  denied = routes_ask (fixture, line, PARTS_USER_TOKEN, NULL);
  routes_assert_problem (denied, 403, "denied", NULL);
  routes_assert_log ("");
}

static GPtrArray *
host_reports (void)
{
  const FloeHostCapacity capacity = {
    .host = (gchar *)"host-a", .memory_mib = 65536, .free_mib = 40000, .cpus = 16, .load_percent = 7
  };
  GPtrArray *reports = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_host_report_free);

  for (guint i = 0; i < 2; i++)
    {
      FloeHostReport *one = g_new0 (FloeHostReport, 1);

      one->note = floe_host_note_new (i == 0 ? "host-a" : "host-b");
      one->up = i == 0;
      one->desktops = 20 - i * 8;
      one->held = i * 3;
      one->ready = 2;
      one->starts = i == 0 ? 3 : 0;
      one->capacity = i == 0 ? floe_host_capacity_copy (&capacity) : NULL;
      g_ptr_array_add (reports, one);
      if (i == 0)
        continue;
      one->note->draining = TRUE;
      one->note->since = NOON;
      one->note->by = g_strdup ("helpdesk");
      one->note->ends = NOON + 30 * 60 * SECONDS;
      one->note->message = g_strdup ("This machine is replaced at noon");
    }
  return reports;
}

static void
test_admin_hosts (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("host-drain-request");
  g_autofree gchar *list = NULL;
  g_autofree gchar *drained = NULL;
  g_autofree gchar *bad = NULL;
  g_autofree gchar *opened = NULL;
  g_autofree gchar *unknown = NULL;

  parts_answer (host_reports ());
  list = routes_ask (fixture, "GET /api/v1/admin/hosts", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (list, 200, "admin-hosts");
  parts_answer (routes_yes ());
  drained = routes_ask (fixture, "POST /api/v1/admin/hosts/host-b/drain", PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (drained, 204, NULL);
  bad = routes_ask (fixture, "POST /api/v1/admin/hosts/host-b/drain", PARTS_ADMIN_TOKEN,
                    "{\"message\":7}");
  routes_assert_problem (bad, 400, "invalid", "message: expected a string");
  parts_answer (routes_yes ());
  opened = routes_ask (fixture, "POST /api/v1/admin/hosts/host-b/open", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (opened, 204, NULL);
  routes_assert_log (
      "hosts\ndrain helpdesk host-b in 30: This machine is replaced at noon, new disks\n"
      "open host helpdesk host-b: -\n");
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no host of this name is configured");
  unknown = routes_ask (fixture, "POST /api/v1/admin/hosts/x/open", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (unknown, 404, "not-found", "no host of this name is configured");
  g_free (parts_take_log ());
}

/* new_capacity: of a pool that is known since NOON; office has grown into its size */
static FloePoolCapacity *
new_capacity (void)
{
  FloePoolCapacity *capacity = g_new0 (FloePoolCapacity, 1);
  FloeCapacitySlot *slot = floe_capacity_slot_new ("office", FLOE_STEP_HOUR, NOON);
  GDate day;

  capacity->pool = g_strdup ("office");
  capacity->now = g_new0 (FloeCapacityLook, 1);
  *capacity->now = (FloeCapacityLook){ NULL, 40, 31, 4, 0 };
  slot->looks = 60;
  slot->size = 40;
  slot->used = 38;
  slot->demand = 41;
  slot->spares = 0;
  floe_capacity_slot_count (slot, FLOE_SERVED_AT_ONCE, 0);
  floe_capacity_slot_count (slot, FLOE_SERVED_LATER, 12500 * 1000);
  floe_capacity_slot_count (slot, FLOE_UNSERVED_LEFT, 61 * SECONDS);
  capacity->day = slot;
  g_date_clear (&day, 1);
  g_date_set_dmy (&day, 23, G_DATE_NOVEMBER, 2026);
  capacity->forecast = (FloeForecast){ .verdict = FLOE_FORECAST_SOON,
                                       .n_days = 41,
                                       .days = FLOE_DAYS_WORKING,
                                       .today = g_date_get_julian (&day),
                                       .on = g_date_get_julian (&day) + 30,
                                       .earliest = g_date_get_julian (&day) + 20,
                                       .usual = 33.4,
                                       .busy = 38.2,
                                       .usual_then = 43.4,
                                       .busy_then = 48.2 };
  return capacity;
}

static void
test_admin_capacity (RoutesFixture *fixture, gconstpointer data)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_capacity_free);
  FloePoolCapacity *unknown = g_new0 (FloePoolCapacity, 1);
  g_autofree gchar *answer = NULL;

  unknown->pool = g_strdup ("lab");
  unknown->now = g_new0 (FloeCapacityLook, 1);
  unknown->now->size = 12;
  unknown->day = floe_capacity_slot_new ("lab", FLOE_STEP_HOUR, NOON);
  g_ptr_array_add (list, unknown);
  g_ptr_array_add (list, new_capacity ());
  parts_answer (list);
  answer = routes_ask (fixture, "GET /api/v1/admin/capacity", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 200, "admin-capacity");
  routes_assert_log ("capacity for helpdesk\n");
}

static void
test_admin_pool_capacity (RoutesFixture *fixture, gconstpointer data)
{
  FloePoolCapacity *capacity = new_capacity ();
  FloeCapacitySlot *unseen =
      floe_capacity_slot_new ("office", FLOE_STEP_HOUR, NOON + 3600 * SECONDS);
  g_autofree gchar *answer = NULL;
  g_autofree gchar *no_step = NULL;
  g_autofree gchar *no_time = NULL;

  capacity->step = FLOE_STEP_HOUR;
  capacity->since = NOON;
  capacity->until = NOON + 7200 * SECONDS;
  capacity->slots = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_capacity_slot_free);
  g_ptr_array_add (capacity->slots, floe_capacity_slot_new ("office", FLOE_STEP_HOUR, NOON));
  floe_capacity_slot_add (capacity->slots->pdata[0], capacity->day);
  g_ptr_array_add (capacity->slots, unseen);
  floe_capacity_slot_count (unseen, FLOE_UNSERVED_CLOSED, 0);
  parts_answer (capacity);
  answer = routes_ask (
      fixture, "GET /api/v1/admin/pools/office/capacity?step=day&since=1970-01-01T00:00:07Z",
      PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 200, "admin-pool-capacity");
  routes_assert_log ("capacity of office for helpdesk by day from 7000000 to 0\n");
  no_step = routes_ask (fixture, "GET /api/v1/admin/pools/office/capacity?step=week",
                        PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (no_step, 400, "invalid", "step: expected 5m, hour or day");
  no_time = routes_ask (fixture, "GET /api/v1/admin/pools/office/capacity?until=yesterday",
                        PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (no_time, 400, "invalid",
                         "until: expected a time such as 2026-01-31T08:00:00Z");
}

static void
test_admin_release (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/desktops/d-1/release";
  g_autofree gchar *body = routes_example ("admin-release-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *blank = NULL;
  g_autofree gchar *unknown = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("admin release helpdesk d-1: left for the day; desktop is needed\n");
  blank = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, "{\"reason\":\" \"}");
  routes_assert_problem (blank, 400, "invalid", "reason: expected some words");
  routes_assert_log ("");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree gchar *missing = NULL;

      parts_fail (FLOE_ERROR_INVALID, "reason-needed", "reason: the helpdesk must say why");
      missing = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, i == 0 ? "{}" : NULL);
      routes_assert_problem (missing, 400, "invalid", "reason: the helpdesk must say why");
      routes_assert_log ("admin release helpdesk d-1: -\n");
    }
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no such desktop");
  unknown = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_problem (unknown, 404, "not-found", NULL);
  g_free (parts_take_log ());
}

/* 500 characters, however many bytes those are. */
static void
test_reason_length (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/desktops/d-1/release";
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree gchar *fits = NULL;
  g_autofree gchar *body = NULL;
  g_autofree gchar *long_body = NULL;
  g_autofree gchar *longer = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append (words, "遥");
  body = g_strdup_printf ("{\"reason\":\"%s\"}", words->str);
  parts_answer (routes_yes ());
  fits = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (fits, 204, NULL);
  g_free (parts_take_log ());
  long_body = g_strdup_printf ("{\"reason\":\"%sx\"}", words->str);
  longer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, long_body);
  routes_assert_problem (longer, 400, "invalid", "reason: expected 500 characters at most");
  routes_assert_log ("");
}

static void
test_admin_action (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/desktops/d-1/actions";
  static const gchar *const bad[] = { "{\"action\":\"explode\",\"reason\":\"x\"}",
                                      "{\"action\":\"reset\",\"reason\":\"  \"}",
                                      "{\"reason\":\"x\"}" };
  g_autofree gchar *body = routes_example ("admin-action-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *conflict = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("admin restart helpdesk d-1: it hangs since the update\n");
  parts_fail (FLOE_ERROR_CONFLICT, NULL, "it is off");
  conflict = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_problem (conflict, 409, "conflict", "it is off");
  g_free (parts_take_log ());
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  routes_assert_log ("");
}

static FloeTrailFinding *
finding (const gchar *what, gint64 row, gint64 seal)
{
  FloeTrailFinding *self = g_new (FloeTrailFinding, 1);

  *self = (FloeTrailFinding){ what, row, seal };
  return self;
}

static void
test_admin_audit_verify (RoutesFixture *fixture, gconstpointer data)
{
  const gchar *const bad[] = { "?after=x", "?after=0", "?expect=3", "?expect=:3", "?before=1" };
  FloeTrailCheck *check = g_new0 (FloeTrailCheck, 1);
  g_autofree gchar *answer = NULL;

  check->seals = check->keyed = 50;
  check->rows = 31207;
  check->next = 51;
  check->findings = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (check->findings, finding ("altered", 17, 3));
  g_ptr_array_add (check->findings, finding ("seal-missing", 0, 9));
  check->head = floe_trail_seal_new (120);
  check->head->hash = g_strdup ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
  check->head->last = 70411;
  check->head->at = NOON;
  check->head->keyed = TRUE;
  check->tail_rows = 2;
  check->tail_first = 70412;
  check->tail_last = 70413;
  parts_answer (check);
  answer = routes_ask (fixture, "GET /api/v1/admin/audit/verify?after=1&expect=9:beef",
                       PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 200, "audit-verify");
  routes_assert_log ("check trail 1 9 beef\n");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *line = g_strconcat ("GET /api/v1/admin/audit/verify", bad[i], NULL);
      g_autofree gchar *refused = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, NULL);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
}

static void
test_admin_maintenance (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/desktops/d-1/maintenance";
  g_autofree gchar *body = routes_example ("admin-maintenance-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *bare = NULL;
  g_autofree gchar *long_time = NULL;
  g_autofree gchar *opened = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("maintain helpdesk d-1 in 30: New memory, ticket 4711\n");
  parts_answer (routes_yes ());
  bare = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (bare, 204, NULL);
  routes_assert_log ("maintain helpdesk d-1 in 0: -, -\n");
  long_time = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, "{\"minutes\":10081}");
  routes_assert_problem (long_time, 400, "invalid", NULL);
  parts_answer (routes_yes ());
  opened = routes_ask (fixture, "POST /api/v1/admin/desktops/d-1/open", PARTS_ADMIN_TOKEN,
                       "{\"reason\":\"done\"}");
  routes_assert_answer (opened, 204, NULL);
  routes_assert_log ("open desktop helpdesk d-1: done\n");
}

static FloeBulkItem *
bulk_item (const gchar *subject, const gchar *name, const gchar *holder)
{
  FloeBulkItem *self = floe_bulk_item_new (subject);

  self->name = g_strdup (name);
  self->holder = g_strdup (holder);
  return self;
}

static GPtrArray *
bulk_items (void)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_bulk_item_free);
  FloeBulkItem *done = bulk_item (DESKTOP_ID, "office-1", "hmori");
  FloeBulkItem *refused = bulk_item ("5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a", "office-2", NULL);

  done->change = floe_change_new (routes_desktop (NULL, FLOE_CONSOLE_NONE));
  g_set_error_literal (&refused->refusal, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                       "desktop office-2 is lent to nobody");
  g_ptr_array_add (items, done);
  g_ptr_array_add (items, refused);
  return items;
}

static void
test_admin_bulk (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/bulk";
  const gchar *const bad[] = {
    "{\"action\":\"release\"}",
    "{\"action\":\"release\",\"desktops\":[]}",
    "{\"action\":\"release\",\"desktops\":[\"a\",\"b\",\"a\"]}",
    "{\"action\":\"dance\",\"desktops\":[\"a\"]}",
    "{\"action\":\"release\",\"desktops\":[\"a\"],\"users\":[\"b\"]}",
    "{\"action\":\"release\",\"users\":[\"b\"]}",
    "{\"action\":\"message\",\"desktops\":[\"a\"]}",
    "{\"action\":\"release\",\"desktops\":[\"a\"],\"text\":\"b\"}",
    "{\"action\":\"log-off\",\"users\":[\"a\"],\"their_desktops\":\"burn\"}",
  };
  g_autofree gchar *body = routes_example ("admin-bulk-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *people = NULL;

  parts_answer (bulk_items ());
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 200, "admin-bulk");
  routes_assert_log ("bulk helpdesk 1 shut-down 0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f,"
                     "5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a dry: -, ticket 4711\n");
  parts_answer (bulk_items ());
  people = routes_ask (fixture, line, PARTS_ADMIN_TOKEN,
                       "{\"action\":\"log-off\",\"users\":[\"a\",\"b\"],"
                       "\"their_desktops\":\"release\",\"reason\":\"x\"}");
  g_assert_cmpuint (api_status (people), ==, 200);
  routes_assert_log ("log off helpdesk a,b 2: x\n");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
}

static void
test_admin_move (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/moves";
  const gchar *const bad[] = {
    "{\"users\":[\"a\"],\"from\":\"x\"}", "{\"from\":\"x\",\"to\":\"y\"}",
    "{\"users\":[\"a\"],\"groups\":[\"b\"],\"from\":\"x\",\"to\":\"y\"}"
  };
  g_autofree gchar *body = routes_example ("admin-move-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *groups = NULL;

  parts_answer (bulk_items ());
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 200, "admin-bulk");
  routes_assert_log ("move helpdesk users hmori: office to design release dry: ticket 4711\n");
  parts_answer (bulk_items ());
  groups = routes_ask (fixture, line, PARTS_ADMIN_TOKEN,
                       "{\"groups\":[\"g\"],\"from\":\"x\",\"to\":\"y\"}");
  g_assert_cmpuint (api_status (groups), ==, 200);
  routes_assert_log ("move helpdesk groups g: x to y: -\n");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
}

static void
test_admin_log_off (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/users/hmori/log-off";
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_bulk_item_free);
  GPtrArray *denied = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_bulk_item_free);
  g_autofree gchar *body = routes_example ("admin-log-off-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *bare = NULL;

  g_ptr_array_add (items, bulk_item ("hmori", "hmori", NULL));
  ((FloeBulkItem *)items->pdata[0])->desktops = bulk_items ();
  g_ptr_array_set_size (((FloeBulkItem *)items->pdata[0])->desktops, 1);
  parts_answer (items);
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 200, "admin-log-off");
  routes_assert_log ("log off helpdesk hmori 1: ticket 4711\n");
  /* Of one person alone, a refusal is the answer. */
  g_ptr_array_add (denied, bulk_item ("hmori", "hmori", NULL));
  floe_set_error_reason (&((FloeBulkItem *)denied->pdata[0])->refusal, FLOE_ERROR_DENIED,
                         "higher-role", "hmori is admin");
  parts_answer (denied);
  bare = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (bare, 403, "denied", "hmori is admin");
  routes_assert_log ("log off helpdesk hmori 1: -\n");
}

static void
test_admin_message (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/desktops/d-1/message";
  g_autofree gchar *many = g_strnfill (501, 'x');
  g_autofree gchar *too_long = g_strdup_printf ("{\"text\":\"%s\",\"reason\":\"x\"}", many);
  const gchar *const bad[] = { "{\"text\":\"  \",\"reason\":\"x\"}", "{\"reason\":\"x\"}",
                               "{\"text\":\"a\",\"reason\":\" \"}", too_long };
  g_autofree gchar *body = routes_example ("admin-message-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *nobody = NULL;
  g_autofree gchar *denied = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("admin message helpdesk d-1 \"We restart the printer server at noon. Please "
                     "print before that.\": ticket 4711\n");
  parts_fail (FLOE_ERROR_CONFLICT, "nobody-there", "nobody sits at desktop office-1 now");
  nobody = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_problem (nobody, 409, "conflict", "nobody sits at desktop office-1 now");
  g_free (parts_take_log ());
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  denied = routes_ask (fixture, line, PARTS_USER_TOKEN, body);
  routes_assert_problem (denied, 403, "denied", NULL);
  routes_assert_log ("");
}

static FloeAnnouncement *
new_announcement (void)
{
  FloeAnnouncement *a = floe_announcement_new ("0064a2f1c8e40-5e0b1c2d");
  const gchar *const groups[] = { "lobby", NULL };

  a->severity = FLOE_SEVERITY_WARNING;
  a->text = g_strdup ("Maintenance tonight.\nPlease save your work by 22:00.");
  a->from = 1795424400 * G_TIME_SPAN_SECOND;
  a->until = 1795471200 * G_TIME_SPAN_SECOND;
  a->by = g_strdup ("Jana Weber");
  a->at = 1795424370 * G_TIME_SPAN_SECOND;
  g_strfreev (a->groups);
  a->groups = g_strdupv ((gchar **)groups);
  return a;
}

static GPtrArray *
one_announcement (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_announcement_free);

  g_ptr_array_add (list, new_announcement ());
  return list;
}

#define WORDS                                                                                      \
  "warning, from 2026-11-23T09:00:00Z, until 2026-11-23T22:00:00Z, at terminals of lobby: "        \
  "\"Maintenance tonight. Please save your work by 22:00.\"\n"

static void
test_admin_announcements (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "{}",
    "{\"text\":7}",
    "{\"text\":\"a\",\"severity\":\"loud\"}",
    "{\"text\":\"a\",\"until\":\"tomorrow\"}",
    "{\"text\":\"a\",\"terminal_groups\":\"lobby\"}",
    "{\"text\":\"a\",\"colour\":\"red\"}",
  };
  g_autofree gchar *body = routes_example ("admin-announcement-request");
  g_autofree gchar *list = NULL;
  g_autofree gchar *added = NULL;
  g_autofree gchar *changed = NULL;
  g_autofree gchar *dropped = NULL;
  g_autofree gchar *denied = NULL;

  parts_answer (one_announcement ());
  list = routes_ask (fixture, "GET /api/v1/admin/announcements", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (list, 200, "admin-announcements");
  parts_answer (new_announcement ());
  added = routes_ask (fixture, "POST /api/v1/admin/announcements", PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (added, 201, "admin-announcement");
  parts_answer (new_announcement ());
  changed = routes_ask (fixture, "PUT /api/v1/admin/announcements/a-1", PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (changed, 200, "admin-announcement");
  parts_answer (routes_yes ());
  dropped = routes_ask (fixture, "DELETE /api/v1/admin/announcements/a-1", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (dropped, 204, NULL);
  routes_assert_log ("announcements\nput announcement helpdesk [] " WORDS
                     "put announcement helpdesk [a-1] " WORDS "drop announcement helpdesk a-1\n");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused =
          routes_ask (fixture, "POST /api/v1/admin/announcements", PARTS_ADMIN_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  denied = routes_ask (fixture, "POST /api/v1/admin/announcements", PARTS_USER_TOKEN, body);
  routes_assert_problem (denied, 403, "denied", NULL);
  routes_assert_log ("");
}

/* Nobody need be anybody; and who has it already is told just that. */
static void
test_announcements (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *first = NULL;
  g_autofree gchar *same = NULL;
  g_autofree gchar *other = NULL;
  g_autofree gchar *request = NULL;
  g_auto (GStrv) parts = NULL;

  parts_answer (one_announcement ());
  first = routes_ask (fixture, "GET /api/v1/announcements", NULL, NULL);
  routes_assert_answer (first, 200, "announcements");
  parts = g_strsplit (strstr (first, "ETag: ") + strlen ("ETag: "), "\r\n", 2);
  request = g_strdup_printf ("GET /api/v1/announcements HTTP/1.1\r\nHost: broker.floe.test\r\n"
                             "If-None-Match: %s\r\n\r\n",
                             parts[0]);
  parts_answer (one_announcement ());
  same = api_fixture_ask (&fixture->server, request, -1);
  g_assert_cmpuint (api_status (same), ==, 304);
  g_assert_null (strstr (same, "Content-Length"));
  parts_answer (g_ptr_array_new ());
  other = api_fixture_ask (&fixture->server, request, -1);
  g_assert_cmpuint (api_status (other), ==, 200);
  routes_assert_log ("announce -\nannounce -\nannounce -\n");
}

static FloeApiToken *
new_api_token (void)
{
  const gchar *const pools[] = { "office", NULL };
  FloeApiToken *t = floe_api_token_new ("ticket-system", FLOE_ROLE_HELPDESK, pools);

  t->by = g_strdup ("dora");
  t->created = NOON;
  t->ends = NOON + 90 * G_TIME_SPAN_DAY;
  return t;
}

static GPtrArray *
api_tokens (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_api_token_free);
  FloeApiToken *used = floe_api_token_new ("report", FLOE_ROLE_AUDITOR, NULL);

  used->by = g_strdup ("dora");
  used->created = NOON;
  used->last_used = NOON + 60 * SECONDS;
  used->last_address = g_strdup ("192.0.2.40");
  g_ptr_array_add (list, used);
  g_ptr_array_add (list, new_api_token ());
  return list;
}

static FloeWebhook *
new_webhook (void)
{
  FloeWebhook *hook = floe_webhook_new ("tickets", "https://tickets.example.org/floe",
                                        FLOE_HOOK_ASSIGNMENT | FLOE_HOOK_ALARM);

  hook->by = g_strdup ("dora");
  hook->created = NOON;
  return hook;
}

static GPtrArray *
webhooks (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_webhook_free);
  FloeWebhook *hook = new_webhook ();

  hook->delivered = NOON + 60 * SECONDS;
  hook->failures = 2;
  hook->not_before = NOON + 130 * SECONDS;
  hook->reason = g_strdup ("status");
  hook->problem = g_strdup ("it answers 503");
  g_ptr_array_add (list, hook);
  return list;
}

static void
test_admin_webhooks (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "{}",
    "{\"name\":\"a\",\"url\":\"https://a\"}",
    "{\"name\":\"a\",\"url\":\"https://a\",\"events\":[\"weather\"]}",
    "{\"name\":\"a\",\"url\":\"https://a\",\"events\":[],\"secret\":\"mine\"}",
  };
  g_autofree gchar *body = routes_example ("admin-webhook-request");
  g_autofree gchar *list = NULL;
  g_autofree gchar *made = NULL;
  g_autofree gchar *dropped = NULL;
  g_autofree gchar *tested = NULL;

  parts_answer (webhooks ());
  list = routes_ask (fixture, "GET /api/v1/admin/webhooks", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (list, 200, "admin-webhooks");
  parts_answer (new_webhook ());
  made = routes_ask (fixture, "POST /api/v1/admin/webhooks", PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (made, 201, "admin-webhook-made");
  parts_answer (routes_yes ());
  dropped = routes_ask (fixture, "DELETE /api/v1/admin/webhooks/tickets", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (dropped, 204, NULL);
  parts_answer (routes_yes ());
  tested =
      routes_ask (fixture, "POST /api/v1/admin/webhooks/tickets/test", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (tested, 204, NULL);
  routes_assert_log ("webhooks\nadd webhook helpdesk tickets https://tickets.example.org/floe 9\n"
                     "drop webhook helpdesk tickets\ntest webhook helpdesk tickets\n");
  for (guint j = 0; j < G_N_ELEMENTS (bad); j++)
    {
      g_autofree gchar *refused =
          routes_ask (fixture, "POST /api/v1/admin/webhooks", PARTS_ADMIN_TOKEN, bad[j]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  routes_assert_log ("");
}

/* The token itself is another one each time. */
static void
assert_shown_once (const gchar *answer)
{
  g_auto (GStrv) parts = g_strsplit (api_body (answer), "fla_", 2);
  g_autofree gchar *body = NULL;

  g_assert_cmpuint (api_status (answer), ==, 201);
  g_assert_cmpuint (strcspn (parts[1], "\""), ==, 43);
  body = g_strconcat (parts[0], "fla_Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2MyN4KxQvR9T", parts[1] + 43,
                      NULL);
  routes_assert_example (body, "admin-token-made");
}

static void
test_admin_tokens (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "{}",
    "{\"name\":\"a\"}",
    "{\"name\":\"a\",\"role\":\"user\"}",
    "{\"name\":\"a\",\"role\":\"admin\",\"days\":0}",
    "{\"name\":\"a\",\"role\":\"helpdesk\",\"pools\":\"office\"}",
    "{\"name\":\"a\",\"role\":\"admin\",\"ends_at\":\"2027-01-01T00:00:00Z\"}",
  };
  g_autofree gchar *body = routes_example ("admin-token-request");
  g_autofree gchar *list = NULL;
  g_autofree gchar *made = NULL;
  g_autofree gchar *dropped = NULL;
  g_autofree gchar *denied = NULL;

  parts_answer (api_tokens ());
  list = routes_ask (fixture, "GET /api/v1/admin/tokens", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (list, 200, "admin-tokens");
  parts_answer (new_api_token ());
  made = routes_ask (fixture, "POST /api/v1/admin/tokens", PARTS_ADMIN_TOKEN, body);
  assert_shown_once (made);
  parts_answer (routes_yes ());
  dropped = routes_ask (fixture, "DELETE /api/v1/admin/tokens/report", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (dropped, 204, NULL);
  routes_assert_log ("tokens\nadd token helpdesk ticket-system helpdesk of office for 90\n"
                     "drop token helpdesk report\n");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused =
          routes_ask (fixture, "POST /api/v1/admin/tokens", PARTS_ADMIN_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  denied = routes_ask (fixture, "GET /api/v1/admin/tokens", PARTS_USER_TOKEN, NULL);
  routes_assert_problem (denied, 403, "denied", NULL);
  routes_assert_log ("");
}

static void
test_admin_assign (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/admin/desktops/d-1/assign";
  g_autofree gchar *body = routes_example ("admin-assign-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *nobody = NULL;
  g_autofree gchar *blank = NULL;
  g_autofree gchar *denied = NULL;
  g_autofree gchar *lent = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("admin assign helpdesk d-1 to hmori: her own workstation\n");
  nobody = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, "{\"user\":\"\",\"reason\":\"x\"}");
  routes_assert_problem (nobody, 400, "invalid", "user: expected a log-in name or an id");
  blank = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, "{\"user\":\"x\",\"reason\":\" \"}");
  routes_assert_problem (blank, 400, "invalid", "reason: expected some words");
  denied = routes_ask (fixture, line, PARTS_USER_TOKEN, body);
  routes_assert_problem (denied, 403, "denied", NULL);
  routes_assert_log ("");
  parts_fail (FLOE_ERROR_CONFLICT, "lent", "desktop design-1 is jweber's; release it first");
  lent = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_problem (lent, 409, "conflict", NULL);
  g_free (parts_take_log ());
}

static void
free_step (gpointer data)
{
  FloeExplanationStep *step = data;

  g_free (step->code);
  g_free (step->text);
  g_free (step);
}

static FloeExplanation *
explanation (void)
{
  FloeExplanation *self = g_new0 (FloeExplanation, 1);

  self->user = g_strdup ("hmori");
  self->pool = g_strdup ("office");
  self->steps = g_ptr_array_new_with_free_func (free_step);
  floe_explanation_add (self, FLOE_MARK_OK, "user-known",
                        "hmori was last seen about 2026-11-23 09:30:00 UTC");
  floe_explanation_add (self, FLOE_MARK_NO, "free", "0 can be lent now");
  floe_explanation_add (self, FLOE_MARK_INFO, "lent",
                        "1 are lent: office-1 (to jweber since 2026-11-23 09:00:00 UTC)");
  self->conclusion = g_strdup ("hmori waits in the line of pool office: no desktop of it is free.");
  return self;
}

static void
test_admin_explain (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *nobody = NULL;
  g_autofree gchar *denied = NULL;
  g_autofree gchar *unknown = NULL;

  parts_answer (explanation ());
  answer = routes_ask (fixture, "GET /api/v1/admin/pools/office/explain?user=hmori",
                       PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 200, "explanation");
  routes_assert_log ("explain hmori office\n");
  nobody = routes_ask (fixture, "GET /api/v1/admin/pools/office/explain", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (nobody, 400, "invalid", "user: expected a log-in name or an id");
  denied = routes_ask (fixture, "GET /api/v1/admin/pools/office/explain?user=hmori",
                       PARTS_USER_TOKEN, NULL);
  routes_assert_problem (denied, 403, "denied", NULL);
  routes_assert_log ("");
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no such pool");
  unknown =
      routes_ask (fixture, "GET /api/v1/admin/pools/x/explain?user=a", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (unknown, 404, "not-found", NULL);
  g_free (parts_take_log ());
}

static FloeAudit *
audit_row (gint64 id)
{
  FloeAudit *row = floe_audit_new (NOON, "connect", DESKTOP_ID, "done");

  row->id = id;
  g_free (row->actor);
  row->actor = g_strdup ("hmori");
  row->address = g_strdup ("198.51.100.23");
  row->terminal = g_strdup (FINGERPRINT);
  row->request = g_strdup (REQUEST_ID);
  return row;
}

static FloePage *
audit_page (gboolean more)
{
  FloePage *page = floe_page_new ((GDestroyNotify)floe_audit_free);
  FloeAudit *intent = floe_audit_new (NOON - 2 * SECONDS, "power-on", DESKTOP_ID, "intent");

  intent->id = 1041;
  intent->detail = g_strdup ("for hmori");
  g_ptr_array_add (page->items, audit_row (1042));
  g_ptr_array_add (page->items, intent);
  if (more)
    floe_page_end (page, "audit", (const gchar *const[]){ "1041", NULL });
  return page;
}

static void
test_admin_audit (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *page = NULL;
  g_autofree gchar *last = NULL;
  g_autofree gchar *whole = NULL;

  parts_answer (audit_page (TRUE));
  page = routes_ask (
      fixture,
      "GET /api/v1/admin/audit?limit=2&cursor=YXVkaXQAMTA1MAA&user=hmori&desktop=d-1&action=connect"
      "&since=2026-11-23T00:00:00Z&until=2026-11-23T02:00:00%2B01:00",
      PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (page, 200, "audit");
  routes_assert_log ("audit 2 1050 hmori d-1 connect 1795392000 1795395600\n");
  parts_answer (floe_page_new (NULL));
  last = routes_ask (fixture, "GET /api/v1/admin/audit", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (last, 200, "audit-last");
  routes_assert_log ("audit 50 - - - - 0 0\n");
  parts_answer (audit_page (FALSE));
  whole = routes_ask (fixture, "GET /api/v1/admin/audit?limit=2", PARTS_ADMIN_TOKEN, NULL);
  g_assert_true (g_str_has_suffix (whole, "],\"next\":null}"));
  g_free (parts_take_log ());
}

static void
test_admin_audit_bad (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const queries[] = {
    "limit=0",          "limit=1001", "limit=-1", "limit=x",
    "limit=",           "cursor=",    "since=x",  "since=2026-11-23T09:30:00",
    "until=2026-11-23", "action="
  };
  g_autofree gchar *failed = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree gchar *line = g_strconcat ("GET /api/v1/admin/audit?", queries[i], NULL);
      g_autofree gchar *answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, NULL);

      routes_assert_problem (answer, 400, "invalid", NULL);
    }
  routes_assert_log ("");
  parts_fail (FLOE_ERROR_UNAVAILABLE, NULL, "the database is locked");
  failed = routes_ask (fixture, "GET /api/v1/admin/audit", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (failed, 503, "unavailable", NULL);
  g_free (parts_take_log ());
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("admin/pools", test_admin_pools);
  ROUTES_ADD ("admin/pool", test_admin_pool);
  ROUTES_ADD ("admin/put", test_admin_put);
  ROUTES_ADD ("admin/put-bad", test_admin_put_bad);
  ROUTES_ADD ("admin/delete", test_admin_delete);
  ROUTES_ADD ("admin/close", test_admin_close);
  ROUTES_ADD ("admin/renew", test_admin_renew);
  ROUTES_ADD ("admin/hosts", test_admin_hosts);
  ROUTES_ADD ("admin/capacity", test_admin_capacity);
  ROUTES_ADD ("admin/pool-capacity", test_admin_pool_capacity);
  ROUTES_ADD ("admin/release", test_admin_release);
  ROUTES_ADD ("admin/reason-length", test_reason_length);
  ROUTES_ADD ("admin/action", test_admin_action);
  ROUTES_ADD ("admin/announcements", test_admin_announcements);
  ROUTES_ADD ("announcements", test_announcements);
  ROUTES_ADD ("admin/audit-verify", test_admin_audit_verify);
  ROUTES_ADD ("admin/maintenance", test_admin_maintenance);
  ROUTES_ADD ("admin/bulk", test_admin_bulk);
  ROUTES_ADD ("admin/move", test_admin_move);
  ROUTES_ADD ("admin/log-off", test_admin_log_off);
  ROUTES_ADD ("admin/tokens", test_admin_tokens);
  ROUTES_ADD ("admin/webhooks", test_admin_webhooks);
  ROUTES_ADD ("admin/message", test_admin_message);
  ROUTES_ADD ("admin/assign", test_admin_assign);
  ROUTES_ADD ("admin/explain", test_admin_explain);
  ROUTES_ADD ("admin/audit", test_admin_audit);
  ROUTES_ADD ("admin/audit-bad", test_admin_audit_bad);
  return g_test_run ();
}
