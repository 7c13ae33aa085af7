/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/fold.h"
#include "core/helpdesk-lists.h"
#include "core/helpdesk-people.h"
#include "house.h"
#include "logs.h"

/* The staff's lists on a real database: every page of them, whatever is asked for, and who sees
 * what of it. */

#define N_OFFICE 2500
#define N_LAB    3
#define N_DESKS  5

typedef struct
{
  House *house;
  FloeIdentity *ada; /* auditor: sees all */
  FloeIdentity *pia; /* helpdesk of lab and desk */
} Fixture;

/* So many desktops of a pool; each tenth is lent, each thousandth is broken. */
typedef struct
{
  const gchar *pool;
  guint n;
} Part;

static gpointer
put_desktops (FloeTx *tx, gconstpointer data, GError **error)
{
  const Part *part = data;

  for (guint i = 1; i <= part->n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("%s-%04u", part->pool, i);
      g_autofree gchar *id = g_strdup_printf ("id-%s", name);
      g_autofree gchar *user = g_strdup_printf ("user-%s", name);
      g_autoptr (FloeDesktop) desktop = floe_desktop_new (id, name, part->pool);

      desktop->host = g_strdup (i % 2 != 0 ? "host-a" : "host-b");
      desktop->present = TRUE;
      desktop->facts.power = FLOE_POWER_ON;
      desktop->facts.guest = FLOE_GUEST_READY;
      desktop->facts.clean = i % 1000 == 0 ? FLOE_CLEAN_BROKEN : FLOE_CLEAN_CLEAN;
      if (i % 10 == 0)
        {
          desktop->facts.lease = FLOE_LEASE_HELD;
          desktop->facts.console = FLOE_CONSOLE_CONNECTED;
          desktop->lease = floe_lease_new (user, user, 1000);
          desktop->lease->terminal = g_strdup (i == 20 ? "ffff" : NULL);
        }
      if (!floe_tx_put_desktop (tx, desktop, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static void
put (Fixture *f, FloeTransaction func, gpointer input)
{
  g_autoptr (GError) error = NULL;
  gpointer done = house_write (f->house, func, input, &error);

  g_assert_no_error (error);
  g_assert_nonnull (done);
}

static void
put_pool (Fixture *f, const gchar *name, guint n)
{
  g_autoptr (FloePool) pool = house_new_pool (name, FLOE_POOL_FLOATING, NULL);
  Part part = { name, n };

  pool->pattern = g_strdup_printf ("%s-none", name);
  g_strfreev (pool->groups);
  pool->groups = g_strsplit (name, ",", -1);
  g_strfreev (pool->helpdesk_groups);
  pool->helpdesk_groups = g_strsplit (strcmp (name, "office") == 0 ? "nobody" : "desk", ",", -1);
  house_put_pool (f->house, pool);
  put (f, put_desktops, &part);
}

static FloeIdentity *
identity_of (const gchar *name, const gchar *group, FloeRole roles, const gchar *pools)
{
  const gchar *groups[] = { group, NULL };
  g_autofree gchar *id = g_strconcat ("id-", name, NULL);
  g_autoptr (FloeUser) user = floe_user_new (id, name, name, groups);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, NULL);
  FloeIdentity *identity = floe_identity_new (user, roles, "login", caller);

  if (pools != NULL)
    identity->pools = g_strsplit (pools, ",", -1);
  return identity;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->house = house_new ();
  put_pool (f, "office", N_OFFICE);
  put_pool (f, "lab", N_LAB);
  put_pool (f, "desk", N_DESKS);
  f->ada = identity_of ("ada", "auditors", FLOE_ROLE_AUDITOR, NULL);
  f->pia = identity_of ("pia", "desk", FLOE_ROLE_USER, "desk,lab");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  floe_identity_free (f->ada);
  floe_identity_free (f->pia);
  house_free (f->house);
}

static FloePage *
search (Fixture *f, const FloeIdentity *who, const FloeDesktopQuery *query, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_search_desktops_async (f->house->helpdesk, who, query, NULL, house_answered,
                                       &result);
  house_wait (f->house, &result);
  return floe_helpdesk_search_desktops_finish (f->house->helpdesk, result, error);
}

/* All pages, one after the other: the names, each once. */
static GPtrArray *
read_all (Fixture *f, const FloeIdentity *who, FloeDesktopQuery query, guint limit, guint *n_pages)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  query.limit = limit;
  *n_pages = 0;
  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FloePage) page = search (f, who, &query, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (page->items->len, <=, limit);
      for (guint i = 0; i < page->items->len; i++)
        {
          gchar *name = g_strdup (((FloeDesktopRow *)page->items->pdata[i])->name);

          g_ptr_array_add (names, name);
          g_assert_true (g_hash_table_add (seen, name));
        }
      g_strfreev (query.after);
      query.after = g_steal_pointer (&page->next);
      ++*n_pages;
    }
  while (query.after != NULL);
  return names;
}

static void
assert_found (Fixture *f, const FloeIdentity *who, FloeDesktopQuery query, guint limit, guint n,
              const gchar *first)
{
  guint n_pages;
  g_autoptr (GPtrArray) names = read_all (f, who, query, limit, &n_pages);

  g_assert_cmpuint (names->len, ==, n);
  if (n > 0)
    g_assert_cmpstr (names->pdata[0], ==, first);
  g_assert_cmpuint (n_pages, <=, n / limit + 4);
}

#define ANY .assigned = -1

/* Every desktop once, whatever the page's size and the way to it. */
static void
test_filters (Fixture *f, gconstpointer data)
{
  guint all = N_OFFICE + N_LAB + N_DESKS;

  assert_found (f, f->ada, (FloeDesktopQuery){ ANY }, 50, all, "desk-0001");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY }, 1000, all, "desk-0001");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY }, N_DESKS, all, "desk-0001");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .pool = "lab" }, 1, N_LAB, "lab-0001");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .pool = "none" }, 1, 0, NULL);
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .host = "host-b" }, 7, N_OFFICE / 2 + 1 + 2,
                "desk-0002");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .host = "host-b", .pool = "lab" }, 7, 1,
                "lab-0002");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .state = "broken" }, 1, 2, "office-1000");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .state = "broken", .pool = "lab" }, 5, 0, NULL);
  assert_found (f, f->ada, (FloeDesktopQuery){ .assigned = 1 }, 20, N_OFFICE / 10, "office-0010");
  assert_found (f, f->ada, (FloeDesktopQuery){ .assigned = 0, .pool = "office" }, 1000,
                N_OFFICE * 9 / 10, "office-0001");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .open = TRUE }, 30, N_OFFICE / 10,
                "office-0010");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .open = TRUE, .pool = "desk" }, 30, 0, NULL);
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .holder = "nobody" }, 30, 0, NULL);
}

/* A page that looks for few among many ends after a while, and the next one goes on. */
static void
test_sparse (Fixture *f, gconstpointer data)
{
  FloeDesktopQuery query = { ANY, .host = "host-a", .state = "starting", .text = "office" };
  guint n_pages;
  g_autoptr (GPtrArray) none = read_all (f, f->ada, query, 10, &n_pages);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (n_pages, ==, 2);
}

static void
test_words (Fixture *f, gconstpointer data)
{
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "office-001" }, 4, 10, "office-0010");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "OFF 0017" }, 4, 1, "office-0017");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "0002" }, 2, 3, "desk-0002");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "2499" }, 2, 1, "office-2499");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "off" }, 100, N_OFFICE, "office-0001");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "off", .pool = "lab" }, 100, 0, NULL);
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "ffice" }, 4, 0, NULL);
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "%" }, 4, 0, NULL);
}

/* The helpdesk of some pools sees those, by whatever way. */
static void
test_scope (Fixture *f, gconstpointer data)
{
  FloeDesktopQuery query = { ANY, .pool = "office", .limit = 10 };
  g_autoptr (GError) error = NULL;

  assert_found (f, f->pia, (FloeDesktopQuery){ ANY }, 3, N_LAB + N_DESKS, "desk-0001");
  assert_found (f, f->pia, (FloeDesktopQuery){ ANY }, 8, N_LAB + N_DESKS, "desk-0001");
  assert_found (f, f->pia, (FloeDesktopQuery){ ANY, .text = "off" }, 8, 0, NULL);
  assert_found (f, f->pia, (FloeDesktopQuery){ ANY, .text = "1" }, 8, 2, "desk-0001");
  assert_found (f, f->pia, (FloeDesktopQuery){ ANY, .host = "host-a" }, 8, 5, "desk-0001");
  assert_found (f, f->pia, (FloeDesktopQuery){ ANY, .open = TRUE }, 8, 0, NULL);
  assert_found (f, f->pia, (FloeDesktopQuery){ ANY, .holder = "user-office-0010" }, 8, 0, NULL);
  g_assert_null (search (f, f->pia, &query, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
}

static void
test_foreign_place (Fixture *f, gconstpointer data)
{
  const gchar *const places[] = { "found,a,b", "desktops,a,b", "desktops,a,b,c,d", "x" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_auto (GStrv) after = g_strsplit (places[i], ",", -1);
      FloeDesktopQuery query = { ANY, .limit = 10, .after = after };
      g_autoptr (GError) error = NULL;

      g_assert_null (search (f, f->ada, &query, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
    }
}

/* One that is called otherwise is found by its new name, and not by the old one. */
static gpointer
rename_one (FloeTx *tx, gconstpointer data, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, "id-lab-0001", error);

  g_assert_nonnull (desktop);
  g_free (desktop->name);
  desktop->name = g_strdup ("Übung-7");
  return floe_tx_put_desktop (tx, desktop, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
test_renamed (Fixture *f, gconstpointer data)
{
  put (f, rename_one, NULL);
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "üb" }, 4, 1, "Übung-7");
  assert_found (f, f->ada, (FloeDesktopQuery){ ANY, .text = "lab-0001" }, 4, 0, NULL);
}

/* A pool is told of with as many of them as one answer can have, and all are counted. */
static void
test_pool (Fixture *f, gconstpointer data)
{
  g_autoptr (FloePoolReport) report = house_get_pool (f->house, "office");

  g_assert_cmpuint (report->total, ==, N_OFFICE);
  g_assert_cmpuint (report->desktops->len, ==, MIN (N_OFFICE, 1000));
  g_assert_cmpstr (((FloeDesktop *)report->desktops->pdata[0])->name, ==, "office-0001");
  g_assert_cmpstr (((FloeDesktop *)report->desktops->pdata[999])->name, ==, "office-1000");
}

/* One of them. */

static gpointer
put_timers (FloeTx *tx, gconstpointer data, GError **error)
{
  const struct
  {
    const gchar *kind;
    const gchar *subject;
    gint64 due;
  } timers[] = { { "limit", "id-lab-0001", 3000 },
                 { "account", "id-lab-0001", 2000 },
                 { "grace", "id-lab-0002", 1000 },
                 { "retry", "id-lab-0001", 2500 } };

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      g_autoptr (FloeTimer) timer =
          floe_timer_new (timers[i].kind, timers[i].subject, timers[i].due);

      if (!floe_tx_put_timer (tx, timer, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static void
test_planned (Fixture *f, gconstpointer data)
{
  const gchar *const kinds[] = { "account", "retry", "limit" };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeDesktopDetail) detail = NULL;
  g_autoptr (GError) error = NULL;

  put (f, put_timers, NULL);
  floe_helpdesk_get_desktop_async (f->house->helpdesk, f->ada, "id-lab-0001", NULL, house_answered,
                                   &result);
  house_wait (f->house, &result);
  detail = floe_helpdesk_get_desktop_finish (f->house->helpdesk, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (detail->timers->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_cmpstr (((const FloeTimer *)detail->timers->pdata[i])->kind, ==, kinds[i]);
}

/* People. */

static const gchar *const people[][4] = {
  { "id-1", "hmori", "Mori Haruka 森 遥", "lab" }, { "id-2", "jan.weber", "Jan Weber", "office" },
  { "id-3", "yamada", "山田太郎", "office" },      { "id-4", "oezil", "ÖZIL, Mesut", "desk" },
  { "id-5", "max power", "Max Power", "nothing" },
};

static gpointer
put_people (FloeTx *tx, gconstpointer data, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      const gchar *groups[] = { people[i][3], NULL };
      g_autoptr (FloeUser) user = floe_user_new (people[i][0], people[i][1], people[i][2], groups);

      if (!floe_tx_put_user (tx, user, 1000, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static gchar *
find_people (Fixture *f, const FloeIdentity *who, const gchar *text)
{
  FloePeopleQuery query = { (gchar *)text, NULL, 2 };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  do
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (FloePage) page = NULL;

      floe_helpdesk_search_people_async (f->house->helpdesk, who, &query, NULL, house_answered,
                                         &result);
      house_wait (f->house, &result);
      page = floe_helpdesk_search_people_finish (f->house->helpdesk, result, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < page->items->len; i++)
        g_ptr_array_add (names, g_strdup (((FloePerson *)page->items->pdata[i])->user->name));
      g_strfreev (query.after);
      query.after = g_steal_pointer (&page->next);
    }
  while (query.after != NULL);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (GStrv)names->pdata);
}

static void
assert_people (Fixture *f, const FloeIdentity *who, const gchar *text, const gchar *names)
{
  g_autofree gchar *found = find_people (f, who, text);

  g_assert_cmpstr (found, ==, names);
}

static void
test_people (Fixture *f, gconstpointer data)
{
  put (f, put_people, NULL);
  put (f, put_people, NULL);
  assert_people (f, f->ada, NULL, "hmori jan.weber max power oezil yamada");
  assert_people (f, f->ada, "haruka MORI", "hmori");
  assert_people (f, f->ada, "遥", "hmori");
  assert_people (f, f->ada, "田", "yamada");
  assert_people (f, f->ada, "web", "jan.weber");
  assert_people (f, f->ada, "özil", "oezil");
  assert_people (f, f->ada, "m", "max power oezil hmori");
  assert_people (f, f->ada, "nobody", "");
  assert_people (f, f->pia, NULL, "hmori oezil");
  assert_people (f, f->pia, "jan", "");
}

static FloePersonDetail *
get_person (Fixture *f, const FloeIdentity *who, const gchar *name, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_get_person_async (f->house->helpdesk, who, name, NULL, house_answered, &result);
  house_wait (f->house, &result);
  return floe_helpdesk_get_person_finish (f->house->helpdesk, result, error);
}

static gpointer
put_rows (FloeTx *tx, gconstpointer data, GError **error)
{
  const gchar *const outcomes[] = { "denied", "done", "failed" };

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr (FloeAudit) row = floe_audit_new (1000 + i, "login", "hmori", outcomes[i]);

      if (!floe_tx_put_audit (tx, row, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static gpointer
put_visits (FloeTx *tx, gconstpointer data, GError **error)
{
  g_autoptr (FloeVisit) login = floe_visit_new ("id-1", FLOE_VISIT_LOGIN, 5);
  g_autoptr (FloeVisit) connect = floe_visit_new ("id-1", FLOE_VISIT_CONNECT, 6);
  g_autoptr (FloeVisit) nobody = floe_visit_new ("id-nobody", FLOE_VISIT_LOGIN, 7);

  login->took[FLOE_PHASE_DIRECTORY] = 900;
  if (!floe_tx_put_visit (tx, login, error))
    return NULL;
  login->took[FLOE_PHASE_DIRECTORY] = 0;
  login->took[FLOE_PHASE_STORE] = 300;
  login->at = 4; /* the clock was set back: it is the last one all the same */
  connect->pool = g_strdup (data);
  connect->desktop = g_strdup ("x-1");
  return floe_tx_put_visit (tx, login, error) && floe_tx_put_visit (tx, connect, error)
                 && floe_tx_put_visit (tx, nobody, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

/* Whoever helps in some pools is told of ways to their desktops only. */
static void
test_visits (Fixture *f, gconstpointer data)
{
  g_autoptr (FloePersonDetail) lab = NULL;
  g_autoptr (FloePersonDetail) other = NULL;
  const FloeVisit *login;

  put (f, put_people, NULL);
  put (f, put_visits, (gpointer) "lab");
  lab = get_person (f, f->pia, "id-1", NULL);
  g_assert_cmpuint (lab->visits->len, ==, 2);
  login = lab->visits->pdata[0];
  g_assert_cmpint (login->kind, ==, FLOE_VISIT_LOGIN);
  g_assert_cmpint (login->at, ==, 4);
  g_assert_cmpint (login->took[FLOE_PHASE_STORE], ==, 300);
  g_assert_cmpint (login->took[FLOE_PHASE_DIRECTORY], ==, 0);
  g_assert_cmpstr (((FloeVisit *)lab->visits->pdata[1])->desktop, ==, "x-1");
  put (f, put_visits, (gpointer) "elsewhere");
  other = get_person (f, f->pia, "id-1", NULL);
  g_assert_cmpuint (other->visits->len, ==, 1);
}

static void
test_person (Fixture *f, gconstpointer data)
{
  g_autoptr (FloePersonDetail) seen = NULL;
  g_autoptr (FloePersonDetail) by_name = NULL;
  g_autoptr (FloePersonDetail) denied = NULL;
  g_autoptr (GError) error = NULL;
  const FloeEntitlement *one;

  put (f, put_people, NULL);
  put (f, put_rows, NULL);
  seen = get_person (f, f->pia, "id-1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->person->user->name, ==, "hmori");
  g_assert_cmpuint (seen->entitlements->len, ==, 1);
  one = seen->entitlements->pdata[0];
  g_assert_cmpstr (one->pool->name, ==, "lab");
  g_assert_cmpstr (one->through[0], ==, "group lab");
  g_assert_cmpuint (seen->failures->len, ==, 2);
  g_assert_cmpstr (((FloeAudit *)seen->failures->pdata[0])->outcome, ==, "failed");
  by_name = get_person (f, f->ada, "MAX power", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (by_name->groups[0], ==, "nothing");
  g_assert_cmpuint (by_name->entitlements->len, ==, 0);
  denied = get_person (f, f->pia, "yamada", &error);
  g_assert_null (denied);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
}

static void
test_fold (void)
{
  const gchar *const rows[][2] = {
    { "Office-0012", "office-0012 0012 12" },
    { "jan.weber", "jan.weber weber" },
    { "山田", "山田 田" },
    { "ÖZIL, Mesut", "özil, mesut" },
    { "ＡＢＣ", "abc" },
    { "a_b a_b", "a_b b" },
    { "000", "000" },
    { "", "" },
    { "- _", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *folded = floe_fold (rows[i][0]);
      g_auto (GStrv) words = floe_fold_words (folded);
      g_autofree gchar *joined = g_strjoinv (" ", words);

      g_assert_cmpstr (joined, ==, rows[i][1]);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/lists/fold", test_fold);
  ADD ("/lists/filters", test_filters);
  ADD ("/lists/sparse", test_sparse);
  ADD ("/lists/words", test_words);
  ADD ("/lists/scope", test_scope);
  ADD ("/lists/foreign-place", test_foreign_place);
  ADD ("/lists/renamed", test_renamed);
  ADD ("/lists/pool", test_pool);
  ADD ("/lists/planned", test_planned);
  ADD ("/lists/people", test_people);
  ADD ("/lists/person", test_person);
  ADD ("/lists/visits", test_visits);
  return g_test_run ();
}
