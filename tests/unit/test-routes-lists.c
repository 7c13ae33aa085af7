/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-lists.h"
#include "core/helpdesk-people.h"
#include "login/account.h"
#include "logs.h"
#include "routes-fixture.h"

/* What the staff's lists are asked, and how they are answered; what they find is in test-lists.c.
 */

#define USER_ID  "6f1f3c1e-53c4-4a5e-9b1a-0d2e7c5b8a41"
#define OTHER_ID "5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a"

static const FloeDesktopRow held = {
  .id = DESKTOP_ID,
  .name = "office-1",
  .pool = "office",
  .host = "host-a",
  .state = "in-use",
  .power = "on",
  .guest = "logged-in",
  .console = "connected",
  .clean = "dirty",
  .intent = "none",
  .console_at = NOON + 60 * SECONDS,
  .holder = USER_ID,
  .holder_name = "hmori",
  .since = NOON,
  .address = "198.51.100.23",
  .terminal = "lobby-1",
  .quality = FLOE_LEVEL_FAIR,
};

static const FloeDesktopRow broken = {
  .id = OTHER_ID,
  .name = "office-2",
  .pool = "office",
  .host = "host-a",
  .state = "broken",
  .power = "off",
  .guest = "unknown",
  .console = "none",
  .clean = "broken",
  .intent = "none",
  .problem = "storage desks is full",
};

static FloePage *
page_of (const FloeDesktopRow *one, const FloeDesktopRow *other)
{
  FloePage *page = floe_page_new (NULL);

  g_ptr_array_add (page->items, (gpointer)one);
  if (other != NULL)
    g_ptr_array_add (page->items, (gpointer)other);
  return page;
}

static FloePerson *
hmori (void)
{
  g_autoptr (FloeIdentity) identity = routes_hmori ();
  FloePerson *person = g_new0 (FloePerson, 1);

  person->user = floe_user_copy (identity->user);
  person->seen = NOON;
  return person;
}

static gchar *
ask (RoutesFixture *fixture, const gchar *path)
{
  g_autofree gchar *line = g_strconcat ("GET /api/v1/admin/", path, NULL);

  return routes_ask (fixture, line, PARTS_ADMIN_TOKEN, NULL);
}

static void
test_desktops (RoutesFixture *fixture, gconstpointer data)
{
  FloePage *page = page_of (&held, &broken);
  const gchar *const key[] = { "office", "office-2", OTHER_ID, NULL };
  g_autofree gchar *first = NULL;
  g_autofree gchar *next = NULL;

  floe_page_end (page, "desktops", key);
  parts_answer (page);
  first = ask (fixture, "desktops?pool=office&host=host-a&state=broken&holder=h%20mori&"
                        "terminal=lobby-1&assigned=false&q=%E6%A3%AE&limit=2");
  routes_assert_answer (first, 200, "admin-desktops");
  routes_assert_log ("desktops pool=office host=host-a state=broken holder=h mori terminal=lobby-1 "
                     "assigned=0 q=森 after=- limit=2\n");
  /* What it said comes back as it was. */
  parts_answer (page_of (&held, NULL));
  next =
      ask (fixture,
           "desktops?cursor="
           "ZGVza3RvcHMAb2ZmaWNlAG9mZmljZS0yADVjMmQ4ZTE3LTkzZmItNGI2YS1hMGM0LTZmN2U4ZDljMGIxYQA");
  g_assert_true (g_str_has_suffix (next, "\"next\":null}"));
  routes_assert_log ("desktops pool=- host=- state=- holder=- terminal=- assigned=-1 q=- "
                     "after=desktops/office/office-2/" OTHER_ID " limit=50\n");
}

static void
test_sessions (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;

  parts_answer (page_of (&held, NULL));
  answer = ask (fixture, "sessions?user=hmori");
  routes_assert_answer (answer, 200, "admin-sessions");
  routes_assert_log ("sessions pool=- host=- state=- holder=hmori terminal=- assigned=-1 q=- "
                     "after=- limit=50\n");
}

static void
test_bad (RoutesFixture *fixture, gconstpointer data)
{
  const gchar *const paths[] = {
    "desktops?limit=0",
    "desktops?limit=1001",
    "desktops?limit=x",
    "desktops?cursor=",
    "desktops?cursor=YQ",
    "desktops?cursor=%2a",
    "desktops?q=",
    "desktops?assigned=maybe",
    "desktops?user=hmori",
    "sessions?holder=h",
    "users?q=",
    "users?pool=office",
    "pools?cursor=cGVvcGxlAGEAYgA",
    "pools?limit=0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree gchar *answer = NULL;

      if (g_str_has_prefix (paths[i], "pools"))
        parts_answer (g_ptr_array_new ());
      answer = ask (fixture, paths[i]);
      routes_assert_problem (answer, 400, "invalid", NULL);
      g_free (parts_take_log ());
    }
}

static FloeAudit *
refused (void)
{
  FloeAudit *row = floe_audit_new (NOON, "release", "office-1", "denied");

  row->id = 1041;
  g_free (row->actor);
  row->actor = g_strdup ("helen");
  row->detail = g_strdup ("dora is admin: nobody acts on a role above their own");
  row->address = g_strdup ("192.0.2.9");
  return row;
}

static GPtrArray *
trail_of (FloeAudit *row)
{
  GPtrArray *trail = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_audit_free);

  g_ptr_array_add (trail, row);
  return trail;
}

static FloeDesktop *
open_desktop (void)
{
  FloeDesktop *desktop = routes_desktop (USER_ID, FLOE_CONSOLE_CONNECTED);

  desktop->facts.guest = FLOE_GUEST_LOGGED_IN;
  for (guint i = 0; i < FLOE_N_FACTS; i++)
    desktop->times[i] = NOON;
  desktop->intent_by = g_strdup ("broker");
  desktop->present = TRUE;
  desktop->memory_mib = 2048;
  desktop->made = TRUE;
  desktop->number = 1;
  desktop->revision = 3;
  desktop->lease->address = g_strdup ("198.51.100.23");
  floe_desktop_set_end (desktop, "network", NOON, "broker", NULL);
  return desktop;
}

static void
test_desktop (RoutesFixture *fixture, gconstpointer data)
{
  FloeDesktopDetail *detail = g_new0 (FloeDesktopDetail, 1);
  g_autofree gchar *answer = NULL;
  g_autofree gchar *denied = NULL;

  detail->desktop = open_desktop ();
  detail->pool = routes_office ();
  detail->terminal = g_strdup ("lobby-1");
  detail->desktop->maintenance = TRUE;
  detail->maintenance = floe_maintenance_new (DESKTOP_ID, NULL);
  detail->maintenance->since = NOON;
  detail->maintenance->by = g_strdup ("hana");
  detail->maintenance->message = g_strdup ("New memory");
  detail->timers = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_timer_free);
  g_ptr_array_add (detail->timers, floe_timer_new ("limit", DESKTOP_ID, NOON + 8 * 3600 * SECONDS));
  detail->trail = trail_of (refused ());
  detail->failures = trail_of (refused ());
  parts_answer (detail);
  answer = ask (fixture, "desktops/" DESKTOP_ID);
  routes_assert_answer (answer, 200, "admin-desktop");
  routes_assert_log ("desktop " DESKTOP_ID "\n");
  parts_fail (FLOE_ERROR_DENIED, "not-your-pool", "pia is not of the helpdesk of pool lab");
  denied = ask (fixture, "desktops/x");
  routes_assert_problem (denied, 403, "denied", "pia is not of the helpdesk of pool lab");
  g_free (parts_take_log ());
}

static void
test_users (RoutesFixture *fixture, gconstpointer data)
{
  FloePage *page = floe_page_new ((GDestroyNotify)floe_person_free);
  g_autofree gchar *answer = NULL;

  g_ptr_array_add (page->items, hmori ());
  parts_answer (page);
  answer = ask (fixture, "users?q=mori+haru&limit=7");
  routes_assert_answer (answer, 200, "admin-users");
  routes_assert_log ("people q=mori haru after=- limit=7\n");
}

static void
free_entitlement (gpointer data)
{
  FloeEntitlement *one = data;

  floe_pool_free (one->pool);
  g_strfreev (one->through);
  g_free (one);
}

static void
test_user (RoutesFixture *fixture, gconstpointer data)
{
  FloePersonDetail *detail = g_new0 (FloePersonDetail, 1);
  FloeEntitlement *one = g_new0 (FloeEntitlement, 1);
  FloeAudit *row = floe_audit_new (NOON, "login", "hmori", "denied");
  FloeVisit *visit = floe_visit_new ("u1", FLOE_VISIT_CONNECT, NOON);
  gchar id[] = "0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f";
  const FloeSessionQuality quality = { id, NULL, NOON, FLOE_LEVEL_FAIR, 87, 3, 52000 };
  g_autofree gchar *answer = NULL;

  row->id = 1042;
  row->detail = g_strdup ("wrong name or password");
  row->address = g_strdup ("198.51.100.23");
  one->pool = routes_office ();
  one->through = g_strsplit ("group office", ",", -1);
  detail->person = hmori ();
  detail->role = "user";
  detail->second_factor = TRUE;
  detail->groups = g_strsplit ("office", ",", -1);
  detail->entitlements = g_ptr_array_new_with_free_func (free_entitlement);
  g_ptr_array_add (detail->entitlements, one);
  detail->desktops = page_of (&held, NULL);
  detail->failures = trail_of (row);
  detail->visits = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_visit_free);
  visit->pool = g_strdup ("office");
  visit->desktop = g_strdup ("office-1");
  floe_visit_unpack (visit, "claim=2400 start=8000600 ticket=31000 total=9012345");
  g_ptr_array_add (detail->visits, visit);
  detail->qualities = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_session_quality_free);
  g_ptr_array_add (detail->qualities, floe_session_quality_copy (&quality));
  parts_answer (detail);
  answer = ask (fixture, "users/hmori");
  routes_assert_answer (answer, 200, "admin-user");
  routes_assert_log ("person hmori\n");
}

/* People are called as their directory calls them. */
static void
test_odd_names (RoutesFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *path;
    const gchar *name;
  } odd[] = {
    { "users/terminal%3Alobby", "terminal:lobby" },
    { "users/a%2Fb%3Fc%23d%25e", "a/b?c#d%e" },
    { "users/Zo%C3%AB%20%22x%22", "Zo\xc3\xab \"x\"" },
    { "users/..%2F..%2Fhealth", "../../health" },
    { "users/a+b", "a+b" },
  };
  static const gchar *const bad[] = { "users/a%00b", "users/a%0Ab", "users/%",       "users/%ff",
                                      "users/a/b",   "pools/a%2Fb", "desktops/a%2Fb" };
  g_autofree gchar *many = g_strnfill (257, 'a');
  g_autofree gchar *longest = g_strconcat ("users/", many, NULL);
  g_autofree gchar *refused = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree gchar *account = g_strconcat (odd[i].path, "/account", NULL);
      g_autofree gchar *said =
          g_strdup_printf ("person %s\naccount %s\n", odd[i].name, odd[i].name);
      g_autofree gchar *answer = NULL;
      g_autofree gchar *other = NULL;

      parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "nobody of that name was seen here");
      answer = ask (fixture, odd[i].path);
      routes_assert_problem (answer, 404, "not-found", "nobody of that name was seen here");
      parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "nobody of that name was seen here");
      other = ask (fixture, account);
      routes_assert_problem (other, 404, "not-found", "nobody of that name was seen here");
      routes_assert_log (said);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *answer = ask (fixture, bad[i]);

      routes_assert_problem (answer, 404, "not-found", NULL);
    }
  refused = ask (fixture, longest);
  routes_assert_problem (refused, 404, "not-found", NULL);
  routes_assert_log ("");
}

static FloeAccount *
account_new (const gchar *const *reasons)
{
  FloeAccount *account = g_new0 (FloeAccount, 1);

  account->standing = g_new0 (FloeStanding, 1);
  account->standing->user = floe_user_new ("u-1", "hmori", "Mori Haruka", NULL);
  account->standing->reasons = g_strdupv ((gchar **)reasons);
  account->state = g_strdup (reasons[0]);
  account->text = g_strdup (floe_standing_words (reasons[0]));
  account->at = NOON;
  return account;
}

static void
test_account (RoutesFixture *fixture, gconstpointer data)
{
  const gchar *const disabled[] = { "disabled", NULL };
  const gchar *const locked[] = { "locked", "must-change", NULL };
  FloeAccount *second = account_new (locked);
  g_autofree gchar *answer = NULL;
  g_autofree gchar *other = NULL;

  parts_answer (account_new (disabled));
  answer = ask (fixture, "users/hmori/account");
  routes_assert_answer (answer, 200, "admin-account");
  routes_assert_log ("account hmori\n");
  second->standing->locked_until = NOON + 30 * G_TIME_SPAN_MINUTE;
  second->standing->ends =
      NOON + 38 * G_TIME_SPAN_DAY + 13 * G_TIME_SPAN_HOUR + 30 * G_TIME_SPAN_MINUTE;
  second->standing->user->password_expires = NOON + 7 * G_TIME_SPAN_DAY;
  parts_answer (second);
  other = ask (fixture, "users/hmori/account");
  routes_assert_answer (other, 200, "admin-account-locked");
  routes_assert_log ("account hmori\n");
}

/* Nothing is known but that. */
static void
test_account_unknown (RoutesFixture *fixture, gconstpointer data)
{
  FloeAccount *account = g_new0 (FloeAccount, 1);
  g_autofree gchar *answer = NULL;

  account->state = g_strdup ("unknown");
  account->at = NOON;
  parts_answer (account);
  answer = ask (fixture, "users/hmori/account");
  g_assert_nonnull (strstr (answer, "\"also\":[],\"locked_until\":null,\"name\":null"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("lists/desktops", test_desktops);
  ROUTES_ADD ("lists/sessions", test_sessions);
  ROUTES_ADD ("lists/bad", test_bad);
  ROUTES_ADD ("lists/desktop", test_desktop);
  ROUTES_ADD ("lists/users", test_users);
  ROUTES_ADD ("lists/user", test_user);
  ROUTES_ADD ("lists/odd-names", test_odd_names);
  ROUTES_ADD ("lists/account", test_account);
  ROUTES_ADD ("lists/account/unknown", test_account_unknown);
  return g_test_run ();
}
