/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-pools.h"
#include "house.h"
#include "logs.h"

/* In which pools, and to whom, the staff may do something: on a real database, with real log-ins.
 */

#define DESK  "id-office-1"
#define OTHER "id-lab-1"

typedef struct
{
  House *house;
  FloeGrant *pia;  /* helpdesk of office */
  FloeGrant *hana; /* helpdesk of all pools */
  FloeGrant *ada;  /* auditor */
  FloeGrant *mia;  /* auditor, and helpdesk of office */
  FloeGrant *otto; /* operator */
  FloeGrant *dora; /* admin */
} Staff;

static void
put_pool (House *house, const gchar *name, const gchar *pattern, const gchar *helpdesk)
{
  g_autoptr (FloePool) pool = house_new_pool (name, FLOE_POOL_FLOATING, pattern);

  g_strfreev (pool->helpdesk_groups);
  pool->helpdesk_groups = g_strsplit (helpdesk, ",", -1);
  house_put_pool (house, pool);
}

static FloeGrant *
enter (House *house, const gchar *name, const gchar *groups)
{
  fake_directory_add (house->directory, name, groups);
  return house_enter (house, name);
}

static void
set_up (Staff *self, gconstpointer data)
{
  self->house = house_office (0, 1);
  fake_manager_add (self->house->manager, "lab-1", FLOE_POWER_OFF);
  put_pool (self->house, "office", "office-*", "Desk-Office");
  put_pool (self->house, "lab", "lab-*", "desk-lab");
  fake_manager_list (self->house->manager);
  fake_manager_set_power (self->house->manager, OTHER, FLOE_POWER_ON);
  house_settle (self->house);
  self->pia = enter (self->house, "pia", "office,desk-office");
  self->hana = enter (self->house, "hana", "office,helpdesk");
  self->ada = enter (self->house, "ada", "office,auditors");
  self->mia = enter (self->house, "mia", "office,desk-office,auditors");
  self->otto = enter (self->house, "otto", "office,operators");
  self->dora = enter (self->house, "dora", "office,admins");
}

static void
tear_down (Staff *self, gconstpointer data)
{
  floe_grant_free (self->pia);
  floe_grant_free (self->hana);
  floe_grant_free (self->ada);
  floe_grant_free (self->mia);
  floe_grant_free (self->otto);
  floe_grant_free (self->dora);
  house_free (self->house);
}

typedef enum
{
  RELEASE,
  RESET,
  ASSIGN,
} Deed;

static gboolean
do_deed (Staff *self, const FloeGrant *who, Deed deed, const gchar *id, const gchar *reason,
         GError **error)
{
  FloeHelpdesk *helpdesk = self->house->helpdesk;
  g_autoptr (GAsyncResult) result = NULL;

  if (deed == RELEASE)
    floe_helpdesk_release_async (helpdesk, who->identity, id, reason, NULL, house_answered,
                                 &result);
  else if (deed == RESET)
    floe_helpdesk_act_async (helpdesk, who->identity, id, FLOE_DESKTOP_RESET, reason,
                             house_answered, &result);
  else
    floe_helpdesk_assign_async (helpdesk, who->identity, id, "hana", reason, NULL, house_answered,
                                &result);
  house_wait (self->house, &result);
  if (deed == RELEASE)
    return floe_helpdesk_release_finish (helpdesk, result, error);
  return deed == RESET ? floe_helpdesk_act_finish (helpdesk, result, error)
                       : floe_helpdesk_assign_finish (helpdesk, result, error);
}

static void
assert_refused (Staff *self, const FloeGrant *who, Deed deed, const gchar *id, FloeError code,
                const gchar *reason)
{
  static const gchar *const actions[] = { "release", "desktop-reset", "assign" };
  guint before = house_count_audit (self->house, actions[deed], "denied");
  g_autoptr (GError) error = NULL;

  g_assert_false (do_deed (self, who, deed, id, "it hangs", &error));
  g_assert_error (error, FLOE_ERROR, (gint)code);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
  g_assert_cmpuint (house_count_audit (self->house, actions[deed], "denied"), ==, before + 1);
}

static gboolean
is_held (Staff *self, const gchar *id)
{
  g_autoptr (FloeDesktop) desktop = house_get_desktop (self->house, id);

  return desktop->lease != NULL;
}

static void
get_in (Staff *self, const FloeGrant *who)
{
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (self->house, who);

  g_assert_true (is_held (self, DESK));
}

/* Nobody acts on a role above their own, by no way; on their own and on those below, they do. */
static void
test_higher_role (Staff *self, gconstpointer data)
{
  const FloeGrant *const ranks[] = { self->pia, self->hana, self->otto, self->dora };
  const guint rank[] = { 1, 1, 2, 3 };

  for (guint holder = 0; holder < G_N_ELEMENTS (ranks); holder++)
    {
      get_in (self, ranks[holder]);
      for (guint actor = 0; actor < G_N_ELEMENTS (ranks); actor++)
        {
          if (rank[actor] >= rank[holder])
            continue;
          assert_refused (self, ranks[actor], RELEASE, DESK, FLOE_ERROR_DENIED, "higher-role");
          assert_refused (self, ranks[actor], RESET, DESK, FLOE_ERROR_DENIED, "higher-role");
          assert_refused (self, ranks[actor], ASSIGN, DESK, FLOE_ERROR_DENIED, "higher-role");
          g_assert_true (is_held (self, DESK));
        }
      for (guint actor = 0; actor < G_N_ELEMENTS (ranks); actor++)
        {
          if (rank[actor] < rank[holder])
            continue;
          if (!is_held (self, DESK))
            get_in (self, ranks[holder]);
          g_assert_true (do_deed (self, ranks[actor], RELEASE, DESK, "it hangs", NULL));
          g_assert_false (is_held (self, DESK));
        }
    }
}

/* Whose role it is counts as of now, not as of when they got the desktop. */
static void
test_role_of_holder_ends (Staff *self, gconstpointer data)
{
  get_in (self, self->otto);
  assert_refused (self, self->hana, RELEASE, DESK, FLOE_ERROR_DENIED, "higher-role");
  fake_directory_add (self->house->directory, "otto", "office");
  house_advance (self->house, 61);
  g_assert_true (do_deed (self, self->hana, RELEASE, DESK, "it hangs", NULL));
}

/* To be given a desktop that somebody of a lower role had in their hands is no favour. */
static void
test_assign_to_higher (Staff *self, gconstpointer data)
{
  g_autoptr (FloePool) lab = house_new_pool ("lab", FLOE_POOL_DEDICATED, "lab-*");
  g_autoptr (GAsyncResult) refused = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  house_put_pool (self->house, lab);
  fake_manager_list (self->house->manager);
  house_settle (self->house);
  floe_helpdesk_assign_async (self->house->helpdesk, self->hana->identity, OTHER, "dora", "please",
                              NULL, house_answered, &refused);
  house_wait (self->house, &refused);
  g_assert_false (floe_helpdesk_assign_finish (self->house->helpdesk, refused, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "higher-role");
  g_clear_error (&error);
  floe_helpdesk_assign_async (self->house->helpdesk, self->hana->identity, OTHER, "pia", "please",
                              NULL, house_answered, &done);
  house_wait (self->house, &done);
  g_assert_true (floe_helpdesk_assign_finish (self->house->helpdesk, done, &error));
  g_assert_no_error (error);
  g_assert_true (is_held (self, OTHER));
}

static void
test_other_pool (Staff *self, gconstpointer data)
{
  for (Deed deed = RELEASE; deed <= ASSIGN; deed++)
    {
      assert_refused (self, self->pia, deed, OTHER, FLOE_ERROR_DENIED, "not-your-pool");
      assert_refused (self, self->mia, deed, OTHER, FLOE_ERROR_DENIED, "not-your-pool");
      assert_refused (self, self->ada, deed, DESK, FLOE_ERROR_DENIED, "not-your-pool");
    }
}

/* An administrator took the pool away from them since they were looked up. */
static void
test_pool_is_read_again (Staff *self, gconstpointer data)
{
  get_in (self, self->pia);
  put_pool (self->house, "office", "office-*", "others");
  assert_refused (self, self->pia, RELEASE, DESK, FLOE_ERROR_DENIED, "not-your-pool");
  g_assert_true (is_held (self, DESK));
}

static void
test_reason (Staff *self, gconstpointer data)
{
  const FloeGrant *const helpers[] = { self->pia, self->hana, self->mia };
  g_autoptr (GPtrArray) rows = NULL;

  get_in (self, self->pia);
  for (guint i = 0; i < G_N_ELEMENTS (helpers); i++)
    for (Deed deed = RELEASE; deed <= ASSIGN; deed++)
      {
        g_autoptr (GError) error = NULL;

        g_assert_false (do_deed (self, helpers[i], deed, DESK, i == 0 ? "" : NULL, &error));
        g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
        g_assert_cmpstr (floe_error_reason (error), ==, "reason-needed");
      }
  g_assert_true (do_deed (self, self->mia, RELEASE, DESK, "a frozen guest", NULL));
  rows = house_audit (self->house);
  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (strcmp (row->action, "release") != 0 || strcmp (row->actor, "mia") != 0)
        continue;
      g_assert_cmpstr (row->detail, ==, "a frozen guest");
      get_in (self, self->pia);
      g_assert_true (do_deed (self, self->otto, RELEASE, DESK, NULL, NULL));
      return;
    }
  g_assert_not_reached ();
}

static GPtrArray *
list_pools (Staff *self, const FloeGrant *who)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_list_pools_async (self->house->helpdesk, who->identity, NULL, house_answered,
                                  &result);
  house_wait (self->house, &result);
  return floe_helpdesk_list_pools_finish (self->house->helpdesk, result, NULL);
}

static void
test_lists (Staff *self, gconstpointer data)
{
  const FloeGrant *const all[] = { self->hana, self->ada, self->mia, self->otto, self->dora };
  g_autoptr (GPtrArray) some = list_pools (self, self->pia);

  g_assert_cmpuint (some->len, ==, 1);
  g_assert_cmpstr (((FloePoolReport *)some->pdata[0])->pool->name, ==, "office");
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (GPtrArray) reports = list_pools (self, all[i]);

      g_assert_cmpuint (reports->len, ==, 2);
    }
}

static gboolean
may_look (Staff *self, const FloeGrant *who, const gchar *pool, gboolean explain, GError **error)
{
  FloeHelpdesk *helpdesk = self->house->helpdesk;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeExplanation) explanation = NULL;
  g_autoptr (FloePoolReport) report = NULL;

  if (explain)
    floe_helpdesk_explain_async (helpdesk, who->identity, "hana", pool, NULL, house_answered,
                                 &result);
  else
    floe_helpdesk_get_pool_async (helpdesk, who->identity, pool, NULL, house_answered, &result);
  house_wait (self->house, &result);
  if (explain)
    explanation = floe_helpdesk_explain_finish (helpdesk, result, error);
  else
    report = floe_helpdesk_get_pool_finish (helpdesk, result, error);
  return explanation != NULL || report != NULL;
}

static void
test_one_pool (Staff *self, gconstpointer data)
{
  for (guint explain = 0; explain < 2; explain++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) unknown = NULL;

      g_assert_true (may_look (self, self->pia, "office", explain == 1, NULL));
      g_assert_false (may_look (self, self->pia, "lab", explain == 1, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
      g_assert_cmpstr (floe_error_reason (error), ==, "not-your-pool");
      g_assert_false (may_look (self, self->pia, "none", explain == 1, &unknown));
      g_assert_error (unknown, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
      g_assert_true (may_look (self, self->mia, "lab", explain == 1, NULL));
    }
}

static guint
count_rows (Staff *self, const FloeGrant *who, const gchar *action, const gchar *object)
{
  g_autoptr (GPtrArray) rows = house_audit_for (self->house, who->identity);
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      n += (action == NULL || strcmp (row->action, action) == 0)
           && (object == NULL || g_strcmp0 (row->object, object) == 0);
    }
  return n;
}

static void
test_trail (Staff *self, gconstpointer data)
{
  const FloeGrant *const whole[] = { self->ada, self->mia, self->dora };
  const FloeGrant *const some[] = { self->hana, self->otto };
  g_autoptr (FloeGrant) namesake = enter (self->house, "office", "office");

  get_in (self, self->pia);
  g_assert_true (house_log_out (self->house, namesake->identity, NULL));
  g_assert_true (do_deed (self, self->hana, RELEASE, DESK, "it hangs", NULL));
  assert_refused (self, self->pia, RELEASE, OTHER, FLOE_ERROR_DENIED, "not-your-pool");
  g_assert_cmpuint (count_rows (self, self->pia, "release", "office-1"), >, 0);
  g_assert_cmpuint (count_rows (self, self->pia, "pool-change", "office"), >, 0);
  g_assert_cmpuint (count_rows (self, self->pia, NULL, "lab-1"), ==, 0);
  g_assert_cmpuint (count_rows (self, self->pia, NULL, "lab"), ==, 0);
  g_assert_cmpuint (count_rows (self, self->pia, "login", NULL), ==, 0);
  g_assert_cmpuint (count_rows (self, self->pia, "logout", NULL), ==, 0); /* the namesake's */
  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    {
      g_assert_cmpuint (count_rows (self, whole[i], "login", NULL), ==, 7);
      g_assert_cmpuint (count_rows (self, whole[i], "logout", "office"), ==, 1);
      g_assert_cmpuint (count_rows (self, whole[i], "release", "lab-1"), ==, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    {
      g_assert_cmpuint (count_rows (self, some[i], "login", NULL), ==, 0);
      g_assert_cmpuint (count_rows (self, some[i], "release", "lab-1"), ==, 1);
      g_assert_cmpuint (count_rows (self, some[i], "release", "office-1"), >, 0);
    }
}

/* A token that was issued to a user stays a user's; one of the staff's has what they are now. */
static void
test_token (Staff *self, gconstpointer data)
{
  g_autoptr (FloeGrant) uma = enter (self->house, "uma", "office");
  g_autoptr (FloeIdentity) user = NULL;
  g_autoptr (FloeIdentity) helper = NULL;
  g_autoptr (FloeIdentity) left = NULL;

  fake_directory_add (self->house->directory, "uma", "office,helpdesk,desk-office");
  fake_directory_add (self->house->directory, "mia", "office,desk-office");
  fake_directory_add (self->house->directory, "pia", "office");
  house_advance (self->house, 61);
  user = house_present (self->house, uma->token, NULL);
  g_assert_false (floe_identity_is_staff (user));
  helper = house_present (self->house, self->mia->token, NULL);
  g_assert_cmpint (helper->roles, ==, FLOE_ROLE_USER);
  g_assert_cmpuint (g_strv_length (helper->pools), ==, 1);
  g_assert_true (floe_identity_may (helper, FLOE_MAY_HELP));
  g_assert_false (floe_identity_may (helper, FLOE_MAY_SEE_ALL_TRAIL));
  left = house_present (self->house, self->pia->token, NULL);
  g_assert_false (floe_identity_is_staff (left));
}

#define ADD(name, func) g_test_add ("/permit/" name, Staff, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("higher-role", test_higher_role);
  ADD ("role-of-holder-ends", test_role_of_holder_ends);
  ADD ("assign-to-higher", test_assign_to_higher);
  ADD ("other-pool", test_other_pool);
  ADD ("pool-is-read-again", test_pool_is_read_again);
  ADD ("reason", test_reason);
  ADD ("lists", test_lists);
  ADD ("one-pool", test_one_pool);
  ADD ("trail", test_trail);
  ADD ("token", test_token);
  return g_test_run ();
}
