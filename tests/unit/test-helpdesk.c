/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-pools.h"

#include "core/error.h"
#include "core/helpdesk-announcements.h"
#include "core/helpdesk-message.h"
#include "core/helpdesk-screenshot.h"
#include "core/helpdesk-tokens.h"
#include "core/helpdesk-transactions.h"
#include "core/permit.h"
#include "logs.h"
#include "one-desk.h"

static gboolean
renew (OneDesk *f, const gchar *name, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_renew_async (f->house->helpdesk, f->alice->identity, name, house_answered, &result);
  house_wait (f->house, &result);
  return floe_helpdesk_pool_finish (f->house->helpdesk, result, error);
}

static gboolean
act (OneDesk *f, FloeDesktopAct what, GError **error)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_act_async (f->house->helpdesk, helen, DESK, what, "it hangs", house_answered,
                           &result);
  house_wait (f->house, &result);
  return floe_helpdesk_act_finish (f->house->helpdesk, result, error);
}

static gboolean
tell (OneDesk *f, const gchar *text, const gchar *reason, GError **error)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_message_async (f->house->helpdesk, helen, DESK, text, reason, house_answered,
                               &result);
  house_wait (f->house, &result);
  return floe_helpdesk_message_finish (f->house->helpdesk, result, error);
}

static gboolean
picture (OneDesk *f, const gchar *reason, GError **error)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeSecret) png = NULL;

  floe_helpdesk_screenshot_async (f->house->helpdesk, helen, DESK, reason, house_answered, &result);
  house_wait (f->house, &result);
  png = floe_helpdesk_screenshot_finish (f->house->helpdesk, result, error);
  return png != NULL;
}

/* Nobody is asked: so it is what nobody has, or what a pool says. */
static void
test_screenshot (OneDesk *f, gconstpointer data)
{
  g_autoptr (GError) held = NULL;
  g_autoptr (GError) off = NULL;

  fake_manager_clear_log (f->house->manager);
  g_assert_true (picture (f, "it hangs", NULL));
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "screenshot " DESK ";");
  one_desk_get_in (f);
  fake_manager_clear_log (f->house->manager);
  g_assert_false (picture (f, "it hangs", &held));
  g_assert_cmpstr (floe_error_reason (held), ==, "screenshots-off");
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "");
  f->pool->screenshots = TRUE;
  one_desk_apply (f);
  g_assert_true (picture (f, "it hangs", NULL));
  g_assert_cmpuint (house_count_audit (f->house, "screenshot", "done"), ==, 2);
  g_assert_cmpuint (house_count_audit (f->house, "screenshot", "denied"), ==, 1);
  fake_manager_set_power (f->house->manager, DESK, FLOE_POWER_OFF);
  house_settle (f->house);
  g_assert_false (picture (f, "it hangs", &off));
  g_assert_cmpstr (floe_error_reason (off), ==, "not-running");
}

static void
count_change (FloeKeeper *keeper, const FloeDesktop *desktop, gpointer n)
{
  ++*(guint *)n;
}

static FloeAnnouncement *
announce (OneDesk *f, const gchar *id, const gchar *text, gint64 from, gint64 until,
          const gchar *group, GError **error)
{
  g_autoptr (FloeAnnouncement) a = floe_announcement_new (id);
  g_autoptr (GAsyncResult) result = NULL;
  const gchar *const groups[] = { group, NULL };

  a->text = g_strdup (text);
  a->from = from;
  a->until = until;
  g_strfreev (a->groups);
  a->groups = g_strdupv ((gchar **)groups);
  floe_helpdesk_put_announcement_async (f->house->helpdesk, f->alice->identity, a, house_answered,
                                        &result);
  house_wait (f->house, &result);
  return floe_helpdesk_put_announcement_finish (f->house->helpdesk, result, error);
}

static gchar *
hear (OneDesk *f)
{
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, "r-1");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GString) texts = g_string_new (NULL);

  floe_helpdesk_announce_async (f->house->helpdesk, caller, NULL, house_answered, &result);
  house_wait (f->house, &result);
  list = floe_helpdesk_announce_finish (f->house->helpdesk, result, NULL);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (texts, "%s;", ((FloeAnnouncement *)list->pdata[i])->text);
  return g_string_free (g_steal_pointer (&texts), FALSE);
}

static gboolean
drop_announcement (OneDesk *f, const gchar *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_drop_announcement_async (f->house->helpdesk, f->alice->identity, id, NULL,
                                         house_answered, &result);
  house_wait (f->house, &result);
  return floe_helpdesk_drop_announcement_finish (f->house->helpdesk, result, error);
}

static FloeSecret *
make_token (OneDesk *f, const gchar *name, FloeRole role, const gchar *const *pools, guint days,
            GError **error)
{
  g_autoptr (FloeApiToken) wanted = floe_api_token_new (name, role, pools);
  g_autoptr (FloeApiToken) made = NULL;
  g_autoptr (FloeSecret) secret = floe_api_token_new_secret ();
  g_autoptr (GAsyncResult) result = NULL;

  wanted->hash = floe_secret_hash (secret);
  floe_helpdesk_add_token_async (f->house->helpdesk, f->alice->identity, wanted, days,
                                 house_answered, &result);
  house_wait (f->house, &result);
  made = floe_helpdesk_add_token_finish (f->house->helpdesk, result, error);
  return made != NULL ? g_steal_pointer (&secret) : NULL;
}

static FloeApiToken *
find_token (OneDesk *f, guint at)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;

  floe_helpdesk_list_tokens_async (f->house->helpdesk, NULL, house_answered, &result);
  house_wait (f->house, &result);
  list = floe_helpdesk_list_tokens_finish (f->house->helpdesk, result, NULL);
  return floe_api_token_copy (list->pdata[at]);
}

static void
assert_token_refused (OneDesk *f, const gchar *name, FloeRole role, const gchar *const *pools,
                      const gchar *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (make_token (f, name, role, pools, 0, &error));
  g_assert_cmpstr (error->message, ==, why);
}

static FloePoolApplied *
change_pool (OneDesk *f, const gchar *description, const gchar *expects, GError **error)
{
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloeIdentity) actor = floe_identity_copy (f->alice->identity);
  g_autoptr (GAsyncResult) result = NULL;

  pool->description = g_strdup (description);
  actor->caller->expects = g_strdup (expects);
  floe_helpdesk_apply_pool_async (f->house->helpdesk, actor, pool, FALSE, NULL, house_answered,
                                  &result);
  house_wait (f->house, &result);
  return floe_helpdesk_apply_pool_finish (f->house->helpdesk, result, error);
}

/* Of two who have seen the same, the second one does not undo the first one's change unseen. */
static void
test_lost_update (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloePoolApplied) first = change_pool (f, "first", "*", NULL);
  g_autofree gchar *seen = floe_pool_tag (first->report->pool);
  g_autofree gchar *among = g_strdup_printf ("\"other\", %s", seen);
  g_autoptr (FloePoolApplied) mine = change_pool (f, "mine", among, NULL);
  g_autoptr (FloePoolApplied) same = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (mine);
  g_assert_cmpstr (mine->before, ==, seen);
  g_assert_null (change_pool (f, "theirs", seen, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (floe_error_reason (error), ==, "precondition-failed");
  g_clear_error (&error);
  g_assert_null (change_pool (f, "theirs", "", &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "precondition-required");
  same = change_pool (f, "mine", "", NULL); /* which changes nothing */
  g_assert_nonnull (same);
}

/* It is what it says, of its pools alone, until it ends or is taken away; and nobody can make one
 * that is more than they are. */
static void
test_tokens (OneDesk *f, gconstpointer data)
{
  const gchar *const office[] = { "office", NULL };
  const gchar *const nowhere[] = { "attic", NULL };
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, NULL);
  g_autoptr (FloePool) lab = house_new_pool ("lab", FLOE_POOL_FLOATING, NULL);
  g_autoptr (FloeSecret) secret = NULL;
  g_autoptr (FloeSecret) short_lived = NULL;
  g_autoptr (FloeIdentity) who = NULL;
  g_autoptr (FloeApiToken) used = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  f->alice->identity->roles = FLOE_ROLE_OPERATOR;
  assert_token_refused (f, "root", FLOE_ROLE_ADMIN, NULL,
                        "role: nobody gives a role above their own, which admin is");
  f->alice->identity->roles = FLOE_ROLE_ADMIN;
  assert_token_refused (f, "Desk", FLOE_ROLE_HELPDESK, NULL,
                        "name: expected 1 to 64 of a-z, 0-9 and -, not beginning with -");
  assert_token_refused (f, "desk", FLOE_ROLE_HELPDESK, nowhere,
                        "pools: there is no pool \"attic\"");
  assert_token_refused (f, "desk", FLOE_ROLE_ADMIN, office,
                        "pools: only a token of the helpdesk can be for some pools");
  secret = make_token (f, "desk", FLOE_ROLE_HELPDESK, office, 0, &error);
  g_assert_no_error (error);
  assert_token_refused (f, "desk", FLOE_ROLE_HELPDESK, NULL, "there is a token \"desk\" already");
  who = house_present (f->house, secret, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (who->user->name, ==, "token:desk");
  g_assert_true (floe_identity_may (who, FLOE_MAY_HELP));
  g_assert_false (floe_identity_may (who, FLOE_MAY_OWN));
  g_assert_true (floe_permit_pool (who, FLOE_MAY_HELP, pool, NULL));
  g_assert_false (floe_permit_pool (who, FLOE_MAY_HELP, lab, NULL));
  house_settle (f->house);
  used = find_token (f, 0);
  g_assert_cmpint (used->last_used, ==, floe_clock_now (FLOE_CLOCK (f->house->clock)));
  g_assert_cmpstr (used->by, ==, "alice");
  short_lived = make_token (f, "today", FLOE_ROLE_ADMIN, NULL, 1, NULL);
  fake_clock_advance (f->house->clock, G_TIME_SPAN_DAY);
  g_assert_null (house_present (f->house, short_lived, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_clear_error (&error);
  floe_helpdesk_drop_token_async (f->house->helpdesk, f->alice->identity, "desk", house_answered,
                                  &result);
  house_wait (f->house, &result);
  g_assert_true (floe_helpdesk_drop_token_finish (f->house->helpdesk, result, NULL));
  g_assert_null (house_present (f->house, secret, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_cmpuint (house_count_audit (f->house, "token", "done"), ==, 2);
  g_assert_cmpuint (house_count_audit (f->house, "token-drop", "done"), ==, 1);
}

/* What is due, everywhere; at once where it was said, and no more when it was dropped. */
static void
test_announcements (OneDesk *f, gconstpointer data)
{
  gint64 now = floe_clock_now (FLOE_CLOCK (f->house->clock));
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeAnnouncement) plain = announce (f, "", "plain", 0, 0, NULL, &error);
  g_autoptr (FloeAnnouncement) later =
      announce (f, "", "later", now + G_TIME_SPAN_HOUR, 0, NULL, NULL);
  g_autoptr (FloeAnnouncement) past = announce (f, "", "past", 0, now - 1, NULL, NULL);
  g_autoptr (FloeAnnouncement) lobby = announce (f, "", "lobby", 0, 0, "lobby", NULL);
  g_autofree gchar *first = hear (f);
  g_autofree gchar *second = NULL;
  g_autofree gchar *third = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (plain->by, ==, "alice");
  g_assert_cmpstr (first, ==, "plain;");
  g_assert_nonnull (later);
  g_assert_nonnull (lobby);
  g_clear_pointer (&past, floe_announcement_free);
  past = announce (f, plain->id, "changed", 0, 0, NULL, NULL);
  second = hear (f);
  g_assert_cmpstr (second, ==, "changed;");
  g_assert_true (drop_announcement (f, plain->id, &error));
  third = hear (f);
  g_assert_cmpstr (third, ==, "");
  g_assert_false (drop_announcement (f, plain->id, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (announce (f, "nowhere", "x", 0, 0, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (announce (f, "", "a\tb", 0, 0, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (announce (f, "", "x", now, now, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_clear_error (&error);
  for (guint i = 0; error == NULL && i <= FLOE_MAX_ANNOUNCEMENTS; i++)
    {
      g_autoptr (FloeAnnouncement) one = announce (f, "", "many", 0, 0, NULL, &error);

      g_assert_true ((one == NULL) == (error != NULL));
    }
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
}

/* It is told as often as anybody looks within ten minutes. */
static void
test_message (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) first = NULL;
  g_autoptr (FloeOutlook) both = NULL;
  g_autoptr (FloeOutlook) later = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  one_desk_get_in (f);
  g_signal_connect (f->house->keeper, "desktop-changed", G_CALLBACK (count_change), &n);
  g_assert_true (tell (f, "Please save.", "ticket 1", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_signal_handlers_disconnect_by_data (f->house->keeper, &n);
  first = one_desk_look (f);
  g_assert_cmpuint (first->messages->len, ==, 1);
  g_assert_cmpstr (((FloeMessage *)first->messages->pdata[0])->text, ==, "Please save.");
  g_assert_cmpuint (house_count_audit (f->house, "message", "done"), ==, 1);
  house_advance (f->house, 9 * 60);
  g_assert_true (tell (f, "Now.", "ticket 1", NULL));
  both = one_desk_look (f);
  g_assert_cmpuint (both->messages->len, ==, 2);
  g_assert_cmpstr (((FloeMessage *)both->messages->pdata[1])->text, ==, "Now.");
  house_advance (f->house, 60);
  later = one_desk_look (f);
  g_assert_cmpuint (later->messages->len, ==, 1);
}

static void
test_message_nobody (OneDesk *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (tell (f, "Hello?", "ticket 1", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (floe_error_reason (error), ==, "nobody-there");
  g_clear_error (&error);
  one_desk_get_in (f);
  house_close_console (f->house, DESK);
  g_assert_false (tell (f, "Hello?", "ticket 1", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpuint (house_count_audit (f->house, "message", "done"), ==, 0);
}

static FloePoolApplied *
apply (OneDesk *f, gboolean dry_run, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_apply_pool_async (f->house->helpdesk, f->alice->identity, f->pool, dry_run, NULL,
                                  house_answered, &result);
  house_wait (f->house, &result);
  return floe_helpdesk_apply_pool_finish (f->house->helpdesk, result, error);
}

static void
test_apply (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloePoolApplied) dry = NULL;
  g_autoptr (FloePoolApplied) real = NULL;
  g_autoptr (FloePoolApplied) again = NULL;

  f->pool->grace_seconds = 60;
  dry = apply (f, TRUE, NULL);
  g_assert_cmpstr (dry->changes[0], ==, "grace_seconds: 600 -> 60");
  g_assert_cmpuint (dry->report->total, ==, 1);
  g_assert_cmpuint (house_count_audit (f->house, "pool-change", "done"), ==, 0);
  real = apply (f, FALSE, NULL);
  g_assert_cmpstr (real->changes[0], ==, "grace_seconds: 600 -> 60");
  g_assert_cmpuint (real->report->total, ==, 1);
  g_assert_cmpuint (real->report->pool->grace_seconds, ==, 60);
  g_assert_cmpuint (house_count_audit (f->house, "pool-change", "done"), ==, 1);
  again = apply (f, FALSE, NULL);
  g_assert_null (again->changes[0]);
  g_assert_cmpuint (house_count_audit (f->house, "pool-change", "done"), ==, 1);
}

/* Where it is written it is looked at again: a desktop may have been lent since it was counted. */
static void
test_apply_kind (OneDesk *f, gconstpointer data)
{
  FloeAdminInput input = { .actor = f->alice->identity, .pool = f->pool };
  g_autoptr (FloePoolApplied) applied = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  f->pool->kind = FLOE_POOL_DEDICATED;
  f->pool->on_disconnect = FLOE_ACT_KEEP;
  one_desk_get_in (f);
  g_assert_null (apply (f, TRUE, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (house_write (f->house, floe_helpdesk_record_pool, &input, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (house_take_away (f->house, DESK, &error));
  applied = apply (f, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (applied->changes[0], ==, "kind: floating -> dedicated");
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->kind, ==, FLOE_POOL_DEDICATED);
}

static void
test_close (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeConnectAnswer) refused = NULL;
  g_autoptr (FloePoolReport) closed = NULL;
  g_autoptr (FloePoolReport) opened = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (one_desk_close_pool (f, "office", "until noon", FALSE, 0, &error));
  g_assert_no_error (error);
  closed = house_get_pool (f->house, "office");
  g_assert_true (closed->pool->closed);
  g_assert_false (closed->pool->drain);
  g_assert_cmpstr (closed->pool->message, ==, "until noon");
  g_assert_cmpuint (closed->pool->grace_seconds, ==, 600); /* nothing else changed */
  refused = house_connect (f->house, f->alice->identity, "office", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_true (one_desk_close_pool (f, "office", "until noon", FALSE, 0, NULL));
  g_assert_cmpuint (house_count_audit (f->house, "pool-close", "done"), ==, 1);
  g_assert_true (one_desk_open_pool (f));
  opened = house_get_pool (f->house, "office");
  g_assert_false (opened->pool->closed);
  g_assert_null (opened->pool->message);
  one_desk_get_in (f);
}

static void
test_close_unknown (OneDesk *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *long_message = g_strnfill (5000, 'x');

  g_assert_false (one_desk_close_pool (f, "nowhere", NULL, FALSE, 0, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (one_desk_close_pool (f, "office", long_message, FALSE, 0, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
}

static void
test_drain (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloePoolReport) report = NULL;

  g_assert_true (one_desk_close_pool (f, "office", NULL, TRUE, 0, NULL));
  report = house_get_pool (f->house, "office");
  g_assert_true (report->pool->drain);
  g_assert_cmpuint (report->wanted, ==, 0);
  g_assert_cmpuint (house_count_audit (f->house, "pool-drain", "done"), ==, 1);
}

static gpointer
read_state (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (tx, input, error);

  return state != NULL ? GINT_TO_POINTER (state->renew ? 2 : 1) : NULL;
}

static void
test_renew (OneDesk *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (renew (f, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_clear_error (&error);
  f->pool->template = floe_template_new ("golden", "images", "office");
  g_clear_pointer (&f->pool->pattern, g_free);
  one_desk_apply (f);
  g_assert_true (renew (f, "office", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (house_count_audit (f->house, "pool-renew", "done"), ==, 1);
  g_assert_cmpint (GPOINTER_TO_INT (house_write (f->house, read_state, (gpointer) "office", NULL)),
                   ==, 2);
}

static void
test_shut_down (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  one_desk_get_in (f);
  g_assert_true (act (f, FLOE_DESKTOP_SHUT_DOWN, NULL));
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_HELD);
  g_assert_cmpstr (desktop->end->reason, ==, "admin");
  g_assert_cmpuint (house_count_audit (f->house, "desktop-shut-down", "done"), ==, 1);
  g_assert_false (act (f, FLOE_DESKTOP_SHUT_DOWN, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "desktop office-1 is off, not on");
}

static void
test_restart (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  one_desk_get_in (f);
  fake_manager_clear_log (f->house->manager);
  g_assert_true (act (f, FLOE_DESKTOP_RESTART, NULL));
  house_settle (f->house);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_ON);
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_HELD);
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "shut-down office-1;on office-1;");
  /* Only once: the next shut-down is no restart. */
  g_assert_true (act (f, FLOE_DESKTOP_SHUT_DOWN, NULL));
  g_clear_pointer (&desktop, floe_desktop_free);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
}

/* A guest that hangs in its shut-down has its plug pulled. */
static void
test_force_off (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  one_desk_get_in (f);
  fake_manager_hold (f->house->manager, TRUE);
  g_assert_true (act (f, FLOE_DESKTOP_SHUT_DOWN, NULL));
  g_assert_false (act (f, FLOE_DESKTOP_RESTART, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "desktop office-1: something is under way already: stop");
  fake_manager_clear_log (f->house->manager);
  g_assert_true (act (f, FLOE_DESKTOP_FORCE_OFF, NULL));
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "off office-1;");
  fake_manager_hold (f->house->manager, FALSE);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_NONE);
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_HELD);
}

static void
test_reset (OneDesk *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (act (f, FLOE_DESKTOP_RESET, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==,
                   "desktop office-1 is clean, and nobody has it: there is nothing to reset");
  one_desk_get_in (f);
  g_assert_true (act (f, FLOE_DESKTOP_RESET, NULL));
  one_desk_assert_ended (f, "admin");
  g_assert_cmpuint (house_count_audit (f->house, "desktop-reset", "done"), ==, 1);
}

static void
test_report (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloePoolReport) report = NULL;
  g_autoptr (FloePoolReport) held = NULL;
  FloeDomain *unfit = fake_manager_add (f->house->manager, "office-2", FLOE_POWER_OFF);

  unfit->refusal = g_strdup ("it has no display");
  fake_manager_list (f->house->manager);
  report = house_get_pool (f->house, "office");
  g_assert_cmpuint (report->total, ==, 2);
  g_assert_cmpuint (report->free, ==, 1);
  g_assert_cmpuint (report->refused, ==, 1);
  g_assert_cmpuint (report->wanted, ==, 1);
  g_assert_cmpuint (report->ready, ==, 1);
  g_assert_cmpuint (report->revisions->len, ==, 0);
  g_assert_cmpstr (report->problem, ==,
                   "1 of 2 desktops cannot be lent; office-2: it has no display");
  one_desk_get_in (f);
  held = house_get_pool (f->house, "office");
  g_assert_cmpuint (held->held, ==, 1);
  g_assert_cmpuint (held->ready, ==, 0);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/helpdesk/" name, OneDesk, NULL, one_desk_set_up, func, one_desk_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("pool/apply", test_apply);
  ADD ("pool/apply-kind", test_apply_kind);
  ADD ("pool/close", test_close);
  ADD ("pool/close-unknown", test_close_unknown);
  ADD ("pool/drain", test_drain);
  ADD ("pool/renew", test_renew);
  ADD ("pool/report", test_report);
  ADD ("desktop/shut-down", test_shut_down);
  ADD ("desktop/restart", test_restart);
  ADD ("desktop/force-off", test_force_off);
  ADD ("desktop/reset", test_reset);
  ADD ("announcements", test_announcements);
  ADD ("tokens", test_tokens);
  ADD ("lost-update", test_lost_update);
  ADD ("desktop/message", test_message);
  ADD ("desktop/screenshot", test_screenshot);
  ADD ("desktop/message-nobody", test_message_nobody);
  return g_test_run ();
}
