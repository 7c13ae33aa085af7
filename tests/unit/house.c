/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "house.h"

#include "counting-store.h"

#include <string.h>

typedef struct
{
  gboolean done;
  gpointer value;
  GError *error;
} Reply;

static FloeFleet *
new_fleet (House *self)
{
  g_autoptr (FloeSecret) text = floe_secret_new (HOUSE_SEAL_KEY "\n", -1);
  g_autoptr (FloeSealKeys) keys = floe_seal_keys_new (text, NULL);

  return floe_fleet_new (self->counted, FLOE_CLOCK (self->clock), keys);
}

static FloeRoleGroups *
new_groups (void)
{
  static const gchar *const admins[] = { "admins", NULL };
  static const gchar *const operators[] = { "operators", NULL };
  static const gchar *const auditors[] = { "auditors", NULL };
  static const gchar *const helpdesk[] = { "helpdesk", NULL };

  return floe_role_groups_new (admins, operators, auditors, helpdesk);
}

FloeShadows *
house_shadows_new (House *self)
{
  g_autoptr (FloeRoleGroups) groups = new_groups ();

  return floe_shadows_new (self->counted, self->keeper, FLOE_CLOCK (self->clock), groups);
}

/* One that asks for codes, and lets whoever wants guess on. */
FloeLogin *
house_new_login (House *self, FloeFactorPolicy *factors)
{
  g_autoptr (FloeRoleGroups) groups = new_groups ();
  FloeLoginPolicy policy = { 900, 43200, groups, 0, { 1800, 100, 1000 }, factors };

  return floe_login_new (FLOE_DIRECTORY (self->directory), self->counted, self->keeper,
                         FLOE_CLOCK (self->clock), &policy);
}

static void
start_rooms (House *self)
{
  g_autoptr (FloeRoleGroups) groups = new_groups ();
  FloeLoginPolicy policy = { 900, 43200, groups, 14 * 86400, { 1800, 4, 100, TRUE } };
  g_autoptr (GError) error = NULL;

  self->store = any_place_open (self->place, &error);
  g_assert_no_error (error);
  self->counted = counting_store_new (self->store);
  self->keeper = floe_keeper_new (self->counted, self->outer, FLOE_CLOCK (self->clock));
  self->pool_keeper = floe_pool_keeper_new (self->counted, self->keeper, FLOE_CLOCK (self->clock));
  floe_pool_keeper_add_host (self->pool_keeper, "host1", 4);
  floe_pool_keeper_add_host (self->pool_keeper, "host2", 4);
  self->assigner = floe_assigner_new (self->counted, self->keeper, FLOE_CLOCK (self->clock));
  self->helpdesk =
      floe_helpdesk_new (self->counted, self->keeper, FLOE_CLOCK (self->clock), groups);
  self->login = floe_login_new (FLOE_DIRECTORY (self->directory), self->counted, self->keeper,
                                FLOE_CLOCK (self->clock), &policy);
  self->fleet = new_fleet (self);
  floe_assigner_start (self->assigner);
  floe_login_start (self->login);
  floe_keeper_start (self->keeper);
  floe_pool_keeper_start (self->pool_keeper);
}

/* Ends everything inside, as kill -9 would: only the database stays. A call to the manager that is
 * under way gets no answer, which to a broker that is gone is the same as one that it gave up. */
void
house_crash (House *self)
{
  g_autoptr (GError) crashed =
      g_error_new_literal (FLOE_ERROR, FLOE_ERROR_CANCELLED, "the broker is gone");

  while (self->manager != NULL && fake_manager_get_pending (self->manager) > 0)
    {
      fake_manager_answer (self->manager, crashed);
      house_settle (self); /* whoever stood in line behind it is started next */
    }
  house_settle (self);
  floe_login_stop (self->login);
  floe_pool_keeper_stop (self->pool_keeper);
  floe_keeper_stop (self->keeper);
  any_store_close (self->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->fleet);
  g_clear_object (&self->login);
  g_clear_object (&self->helpdesk);
  g_clear_object (&self->assigner);
  g_clear_object (&self->pool_keeper);
  g_clear_object (&self->keeper);
  g_clear_object (&self->counted);
  g_clear_object (&self->store);
}

void
house_start (House *self)
{
  start_rooms (self);
  fake_manager_list (self->manager);
  house_settle (self);
}

/* At any other manager than a fake one, by a clock that others go by as well. */
House *
house_new_at (FloeManager *manager, FakeClock *clock)
{
  House *self = g_new0 (House, 1);

  self->place = any_place_new ();
  self->clock = g_object_ref (clock);
  self->outer = g_object_ref (manager);
  self->directory = fake_directory_new ();
  fake_directory_add (self->directory, "helen", "admins");
  start_rooms (self);
  return self;
}

House *
house_new (void)
{
  House *self = g_new0 (House, 1);

  self->place = any_place_new ();
  self->clock = fake_clock_new ();
  self->manager = fake_manager_new ("host1");
  self->outer = g_object_ref (FLOE_MANAGER (self->manager));
  self->directory = fake_directory_new ();
  fake_directory_add (self->directory, "alice", "office");
  fake_directory_add (self->directory, "bob", "office");
  fake_directory_add (self->directory, "carol", "office");
  fake_directory_add (self->directory, "mallory", "outside");
  fake_directory_add (self->directory, "helen", "admins");
  start_rooms (self);
  return self;
}

void
house_free (House *self)
{
  if (self->manager != NULL)
    fake_manager_hold (self->manager, FALSE);
  house_settle (self);
  house_crash (self);
  g_object_unref (self->directory);
  g_clear_object (&self->manager);
  g_object_unref (self->outer);
  g_object_unref (self->clock);
  any_place_free (self->place);
  g_free (self);
}

/* Lets everything that is under way come to rest: each answer may ask again, and a timer may be due
 * at once. */
void
house_settle (House *self)
{
  guint calm = 0;

  while (calm < 3)
    {
      gboolean moved = FALSE;

      fake_clock_advance (self->clock, 0);
      while (counting_store_get_open (COUNTING_STORE (self->counted)) > 0)
        moved |= g_main_context_iteration (NULL, TRUE);
      while (g_main_context_iteration (NULL, FALSE))
        moved = TRUE;
      calm = moved ? 0 : calm + 1;
    }
}

/* A GAsyncReadyCallback that keeps a reference to the answer. slot: a GAsyncResult ** */
void
house_answered (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **)slot = g_object_ref (result);
}

/* Until there is an answer, and what follows from it has come to rest. */
void
house_wait (House *self, GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  house_settle (self);
}

/* What was begun just now is answered after a quarter of a second, and not before. */
void
house_assert_on_grid (House *self, const gboolean *done)
{
  house_settle (self);
  fake_clock_advance (self->clock, 249 * 1000);
  house_settle (self);
  g_assert_false (*done);
  fake_clock_advance (self->clock, 1000);
  house_settle (self);
  g_assert_true (*done);
}

void
house_advance (House *self, gint64 seconds)
{
  house_settle (self);
  fake_clock_advance (self->clock, seconds * G_USEC_PER_SEC);
  house_settle (self);
}

void
house_pass_ms (House *self, guint ms)
{
  for (guint passed = 0; passed < ms; passed += 10)
    {
      fake_clock_advance (self->clock, 10 * 1000);
      house_settle (self);
    }
}

static void
wait_for (Reply *reply)
{
  while (!reply->done)
    g_main_context_iteration (NULL, TRUE);
}

static gpointer
take (Reply *reply, GError **error)
{
  if (reply->error != NULL)
    g_propagate_error (error, reply->error);
  return reply->value;
}

static void
pool_applied (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_helpdesk_apply_pool_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

/* An administrator. */
FloeIdentity *
house_helen (void)
{
  g_autoptr (FloeUser) user = floe_user_new ("uuid-helen", "helen", NULL, NULL);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.9", NULL, NULL);

  return floe_identity_new (user, FLOE_ROLE_ADMIN, "login-helen", caller);
}

/* Makes or changes a pool as an administrator does. */
gboolean
house_try_put_pool (House *self, const FloePool *pool, GError **error)
{
  g_autoptr (FloeIdentity) actor = house_helen ();
  g_autoptr (FloePoolApplied) applied = NULL;
  Reply reply = { 0 };

  floe_helpdesk_apply_pool_async (self->helpdesk, actor, pool, FALSE, NULL, pool_applied, &reply);
  wait_for (&reply);
  applied = take (&reply, error);
  return applied != NULL;
}

void
house_put_pool (House *self, const FloePool *pool)
{
  g_autoptr (GError) error = NULL;

  house_try_put_pool (self, pool, &error);
  g_assert_no_error (error);
  house_settle (self);
}

/* Of the group "office". */
FloePool *
house_new_pool (const gchar *name, FloePoolKind kind, const gchar *pattern)
{
  FloePool *pool = floe_pool_new (name, kind);

  pool->pattern = g_strdup (pattern);
  g_strfreev (pool->groups);
  pool->groups = g_strsplit ("office", ",", -1);
  return pool;
}

void
house_add_pool (House *self, const gchar *name, FloePoolKind kind, const gchar *pattern)
{
  g_autoptr (FloePool) pool = house_new_pool (name, kind, pattern);

  house_put_pool (self, pool);
}

void
house_set_grace (House *self, guint seconds)
{
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");

  pool->grace_seconds = seconds;
  house_put_pool (self, pool);
}

static void
logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_log_in_finish (FLOE_LOGIN (source), result, NULL, &reply->error);
  reply->done = TRUE;
}

FloeGrant *
house_log_in_at (House *self, const FloeTypedName *who, const gchar *password, const gchar *address,
                 GError **error)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (password, -1);
  g_autoptr (FloeCaller) caller = floe_caller_new (address, NULL, "request-1");
  Reply reply = { 0 };

  floe_login_log_in_async (self->login, who, secret, caller, NULL, logged_in, &reply);
  house_settle (self);
  if (!reply.done)
    house_advance (self, 1); /* a refusal waits for the grid */
  wait_for (&reply);
  return take (&reply, error);
}

FloeGrant *
house_log_in (House *self, const gchar *name, const gchar *password, const gchar *address,
              GError **error)
{
  return house_log_in_at (self, &(FloeTypedName){ name, NULL }, password, address, error);
}

static void
on_login_ended (FloeLogin *login, const gchar *action, const GError *error, GPtrArray *heard)
{
  g_ptr_array_add (
      heard, g_strdup_printf ("%s %s", action, error != NULL ? floe_error_reason (error) : "good"));
}

static void
on_let_in (FloeLogin *login, const gchar *way, GPtrArray *heard)
{
  g_ptr_array_add (heard, g_strdup_printf ("let in: %s", way));
}

static void
on_account_ended (FloeLogin *login, GPtrArray *heard)
{
  g_ptr_array_add (heard, g_strdup ("account ended"));
}

/* Returns: (transfer full) (element-type utf8): what the log-in tells from now on, for the metrics
 */
GPtrArray *
house_hear_login (House *self)
{
  GPtrArray *heard = g_ptr_array_new_with_free_func (g_free);
  const struct
  {
    const gchar *signal;
    GCallback callback;
  } rows[] = { { "ended", G_CALLBACK (on_login_ended) },
               { "let-in", G_CALLBACK (on_let_in) },
               { "account-ended", G_CALLBACK (on_account_ended) } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_signal_connect_data (self->login, rows[i].signal, rows[i].callback, g_ptr_array_ref (heard),
                           (GClosureNotify)g_ptr_array_unref, G_CONNECT_DEFAULT);
  return heard;
}

/* @expected: with ", " between them; it is forgotten then */
void
house_assert_heard (GPtrArray *heard, const gchar *expected)
{
  g_autofree gchar *text = NULL;

  g_ptr_array_add (heard, NULL);
  text = g_strjoinv (", ", (gchar **)heard->pdata);
  g_ptr_array_set_size (heard, 0);
  g_assert_cmpstr (text, ==, expected);
}

static void
password_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;
  gboolean done = floe_login_change_password_finish (FLOE_LOGIN (source), result, &reply->error);

  reply->value = GINT_TO_POINTER (done);
  reply->done = TRUE;
}

gboolean
house_change_password (House *self, const gchar *name, const gchar *old, const gchar *new,
                       GError **error)
{
  g_autoptr (FloeSecret) old_secret = floe_secret_new (old, -1);
  g_autoptr (FloeSecret) new_secret = floe_secret_new (new, -1);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, "request-1");
  Reply reply = { 0 };

  floe_login_change_password_async (self->login, &(FloeTypedName){ name, NULL }, old_secret,
                                    new_secret, caller, password_changed, &reply);
  house_settle (self);
  if (!reply.done)
    house_advance (self, 1); /* a refusal waits for the grid */
  wait_for (&reply);
  return take (&reply, error) != NULL;
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_assigner_connect_finish (FLOE_ASSIGNER (source), result, &reply->error);
  reply->done = TRUE;
}

FloeConnectAnswer *
house_connect (House *self, const FloeIdentity *identity, const gchar *pool, GError **error)
{
  return house_wish (self, identity, pool, NULL, error);
}

FloeConnectAnswer *
house_wish (House *self, const FloeIdentity *identity, const gchar *pool,
            const FloeConnectWish *wish, GError **error)
{
  Reply reply = { 0 };

  floe_assigner_connect_async (self->assigner, identity, pool, wish, NULL, connected, &reply);
  wait_for (&reply);
  return take (&reply, error);
}

static gpointer
read_desktop (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_get_desktop (tx, input, error);
}

static void
store_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_store_finish (FLOE_STORE (source), result, &reply->error);
  reply->done = TRUE;
}

/* Runs a transaction whose result needs no freeing, with an input that outlives it. */
gpointer
house_write (House *self, FloeTransaction func, gpointer input, GError **error)
{
  Reply reply = { 0 };

  floe_store_write_async (self->counted, func, input, NULL, NULL, store_read, &reply);
  wait_for (&reply);
  return take (&reply, error);
}

FloeDesktop *
house_get_desktop (House *self, const gchar *id)
{
  Reply reply = { 0 };

  house_settle (self);
  floe_store_read_async (self->counted, read_desktop, g_strdup (id), g_free,
                         (GDestroyNotify)floe_desktop_free, NULL, store_read, &reply);
  wait_for (&reply);
  g_assert_no_error (reply.error);
  return reply.value;
}

static void
presented (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_authenticate_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

FloeIdentity *
house_present (House *self, FloeSecret *token, GError **error)
{
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.7", NULL, NULL);
  Reply reply = { 0 };

  floe_login_authenticate_async (self->login, token, caller, NULL, presented, &reply);
  wait_for (&reply);
  return take (&reply, error);
}

static void
logged_out (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  floe_login_log_out_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

gboolean
house_log_out (House *self, const FloeIdentity *identity, GError **error)
{
  Reply reply = { 0 };

  floe_login_log_out_async (self->login, identity, NULL, logged_out, &reply);
  wait_for (&reply);
  take (&reply, error);
  return reply.error == NULL;
}

static void
released (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  floe_assigner_release_finish (FLOE_ASSIGNER (source), result, &reply->error);
  reply->done = TRUE;
}

static void
taken_away (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  floe_helpdesk_release_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

gboolean
house_take_away (House *self, const gchar *id, GError **error)
{
  g_autoptr (FloeIdentity) actor = house_helen ();
  Reply reply = { 0 };

  floe_helpdesk_release_async (self->helpdesk, actor, id, "a test", NULL, taken_away, &reply);
  wait_for (&reply);
  take (&reply, error);
  return reply.error == NULL;
}

static void
assigned (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  floe_helpdesk_assign_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

gboolean
house_assign (House *self, const gchar *id, const gchar *user, GError **error)
{
  g_autoptr (FloeIdentity) actor = house_helen ();
  Reply reply = { 0 };

  floe_helpdesk_assign_async (self->helpdesk, actor, id, user, "a test", NULL, assigned, &reply);
  wait_for (&reply);
  take (&reply, error);
  return reply.error == NULL;
}

gboolean
house_release (House *self, const FloeIdentity *identity, const gchar *id, GError **error)
{
  Reply reply = { 0 };

  floe_assigner_release_async (self->assigner, identity, id, NULL, released, &reply);
  wait_for (&reply);
  take (&reply, error);
  return reply.error == NULL;
}

static void
reconnected (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_reconnect_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

FloeGrant *
house_reconnect (House *self, FloeSecret *token, const gchar *terminal, GError **error)
{
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.7", terminal, NULL);
  Reply reply = { 0 };

  floe_login_reconnect_async (self->login, token, caller, NULL, reconnected, &reply);
  house_settle (self);
  if (!reply.done)
    house_advance (self, 1);
  wait_for (&reply);
  return take (&reply, error);
}

static void
audit_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_helpdesk_search_trail_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

FloePage *
house_search_trail (House *self, const FloeIdentity *actor, const FloeTrailQuery *query)
{
  Reply reply = { 0 };

  house_settle (self);
  floe_helpdesk_search_trail_async (self->helpdesk, actor, query, NULL, audit_listed, &reply);
  wait_for (&reply);
  g_assert_no_error (reply.error);
  return reply.value;
}

/* What somebody may read of the trail. */
GPtrArray *
house_audit_for (House *self, const FloeIdentity *actor)
{
  const FloeTrailQuery query = { .limit = 1000 };
  g_autoptr (FloePage) page = house_search_trail (self, actor, &query);

  return g_ptr_array_ref (page->items);
}

GPtrArray *
house_audit (House *self)
{
  g_autoptr (FloeIdentity) actor = house_helen ();

  return house_audit_for (self, actor);
}

guint
house_count_audit (House *self, const gchar *action, const gchar *outcome)
{
  g_autoptr (GPtrArray) rows = house_audit (self);
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (strcmp (row->action, action) == 0 && strcmp (row->outcome, outcome) == 0)
        n++;
    }
  return n;
}

static void
pool_got (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_helpdesk_get_pool_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

FloePoolReport *
house_get_pool (House *self, const gchar *name)
{
  g_autoptr (FloeIdentity) actor = house_helen ();
  Reply reply = { 0 };

  house_settle (self);
  floe_helpdesk_get_pool_async (self->helpdesk, actor, name, NULL, pool_got, &reply);
  wait_for (&reply);
  g_assert_no_error (reply.error);
  return reply.value;
}

/* Short ways that most tests go. */

House *
house_office (guint n_off, guint n_on)
{
  House *house = house_new ();

  for (guint i = 0; i < n_off + n_on; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("office-%u", i + 1);

      fake_manager_add (house->manager, name, FLOE_POWER_OFF);
    }
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  for (guint i = 0; i < n_on; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("id-office-%u", n_off + i + 1);

      fake_manager_set_power (house->manager, id, FLOE_POWER_ON);
    }
  house_settle (house);
  fake_manager_clear_log (house->manager);
  return house;
}

FloeGrant *
house_enter (House *self, const gchar *name)
{
  g_autoptr (GError) error = NULL;
  FloeGrant *grant = house_log_in (self, name, "secret", "192.0.2.1", &error);

  g_assert_no_error (error);
  return grant;
}

FloeConnectAnswer *
house_get_in (House *self, const FloeGrant *grant)
{
  g_autoptr (GError) error = NULL;
  FloeConnectAnswer *answer = house_connect (self, grant->identity, "office", &error);

  g_assert_no_error (error);
  return answer;
}

void
house_open_console (House *self, const gchar *id)
{
  floe_manager_emit_channel (FLOE_MANAGER (self->manager), id, FLOE_CHANNEL_AUTHENTICATED,
                             "192.0.2.1:1000");
  house_settle (self);
}

void
house_close_console (House *self, const gchar *id)
{
  floe_manager_emit_channel (FLOE_MANAGER (self->manager), id, FLOE_CHANNEL_CLOSED,
                             "192.0.2.1:1000");
  house_advance (self, 3);
}
