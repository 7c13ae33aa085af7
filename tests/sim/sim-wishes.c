/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-people.h"

/* Every answer may come after the broker was killed, and then is none. */
typedef struct
{
  SimPerson *person;
  guint life;
} Wish;

static Wish *
wish_new (SimPerson *person)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->person = person;
  wish->life = person->life = person->sim->life;
  person->asking = TRUE;
  return wish;
}

/* Takes @wish; whether anybody still waits for the answer. */
static gboolean
is_heard (Wish *wish)
{
  SimPerson *person = wish->person;
  gboolean heard =
      wish->life == person->sim->life && !person->sim->doomed && person->life == wish->life;

  if (heard)
    person->asking = FALSE;
  g_free (wish);
  return heard;
}

static FloeCaller *
caller_of (const SimPerson *person)
{
  g_autofree gchar *address = g_strdup_printf ("192.0.2.%u", person->seat);

  return floe_caller_new (address, NULL, NULL);
}

/* The same log-in, used from where they sit now. */
static FloeIdentity *
identity_of (const SimPerson *person)
{
  g_autoptr (FloeCaller) caller = caller_of (person);
  const FloeIdentity *identity = person->grant->identity;

  return floe_identity_new (identity->user, identity->roles, identity->login_id, caller);
}

void
sim_person_forget_desktop (SimPerson *person)
{
  g_clear_pointer (&person->desktop, g_free);
  g_clear_pointer (&person->ticket, g_free);
  g_clear_object (&person->request);
}

/* Nobody tries again at once for ever. */
static void
rest (SimPerson *person)
{
  Sim *sim = person->sim;
  gint64 most = person->tries > 3 ? 40 * MINUTE : MINUTE;

  person->tries++;
  person->rests_until = sim_elapsed_now (sim) + sim_between (sim, SECOND, most);
}

static void
take_grant (SimPerson *person, FloeGrant *grant, const GError *error)
{
  if (grant == NULL)
    {
      sim_note (person->sim, "%s is not let in: %s", person->name, error->message);
      sim_secrets_check (person->sim, error->message);
      rest (person);
      return;
    }
  g_clear_pointer (&person->grant, floe_grant_free);
  person->grant = grant;
  sim_secrets_learn (person->sim, grant->token);
  person->mood = SIM_WANTS;
  person->tries = 0;
}

static void
logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  SimPerson *person = ((Wish *)data)->person;
  g_autoptr (GError) error = NULL;
  FloeGrant *grant = floe_login_log_in_finish (FLOE_LOGIN (source), result, NULL, &error);

  if (is_heard (data))
    take_grant (person, grant, error);
  else
    g_clear_pointer (&grant, floe_grant_free);
}

void
sim_wish_log_in (SimPerson *person)
{
  Sim *sim = person->sim;
  g_autoptr (FloeSecret) secret =
      floe_secret_new (sim_chance (sim, 20) ? "mistyped" : "secret", -1);
  g_autoptr (FloeCaller) caller = caller_of (person);

  sim_note (sim, "%s logs in at seat %u", person->name, person->seat);
  floe_login_log_in_async (sim->login, &(FloeTypedName){ person->name, NULL }, secret, caller, NULL,
                           logged_in, wish_new (person));
}

static void
came_back (GObject *source, GAsyncResult *result, gpointer data)
{
  SimPerson *person = ((Wish *)data)->person;
  g_autoptr (GError) error = NULL;
  FloeGrant *grant = floe_login_reconnect_finish (FLOE_LOGIN (source), result, &error);

  if (!is_heard (data))
    {
      g_clear_pointer (&grant, floe_grant_free);
      return;
    }
  if (grant == NULL)
    g_clear_pointer (&person->grant, floe_grant_free);
  take_grant (person, grant, error);
  if (grant == NULL)
    person->mood = SIM_AWAY;
}

/* By the reconnect token of the desktop that they had. */
void
sim_wish_come_back (SimPerson *person)
{
  Sim *sim = person->sim;
  g_autoptr (FloeCaller) caller = caller_of (person);

  sim_note (sim, "%s comes back", person->name);
  floe_login_reconnect_async (sim->login, person->reconnect, caller, NULL, came_back,
                              wish_new (person));
}

static void
take_connection (SimPerson *person, const FloeConnection *connection)
{
  sim_secrets_learn (person->sim, connection->ticket->secret);
  sim_secrets_learn (person->sim, connection->reconnect_token);
  sim_person_forget_desktop (person);
  person->desktop = g_strdup (connection->desktop->id);
  person->ticket = g_strdup (floe_secret_get (connection->ticket->secret, NULL));
  g_clear_pointer (&person->reconnect, floe_secret_unref);
  person->reconnect = floe_secret_ref (connection->reconnect_token);
  person->mood = SIM_WORKS;
  person->sim->people->connects++;
}

static void
take_refusal (SimPerson *person, const GError *error)
{
  sim_note (person->sim, "%s gets no desktop: %s", person->name, error->message);
  sim_secrets_check (person->sim, error->message);
  person->sim->people->denied++;
  rest (person);
  if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED))
    {
      g_clear_pointer (&person->grant, floe_grant_free);
      person->mood = SIM_AWAY;
    }
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_INVALID))
    sim_violation (person->sim, "answers", "%s is told: %s", person->name, error->message);
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data)
{
  SimPerson *person = ((Wish *)data)->person;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer =
      floe_assigner_connect_finish (FLOE_ASSIGNER (source), result, &error);

  if (!is_heard (data))
    return;
  if (answer == NULL)
    take_refusal (person, error);
  else if (answer->connection != NULL)
    take_connection (person, answer->connection);
  else
    {
      g_set_object (&person->request, answer->request);
      person->request_since = sim_elapsed_now (person->sim);
      person->mood = SIM_WAITS;
    }
}

void
sim_wish_connect (SimPerson *person)
{
  Sim *sim = person->sim;
  g_autoptr (FloeIdentity) identity = identity_of (person);
  gboolean another = sim_chance (sim, 20);
  FloeConnectWish wish = { .another = another };
  guint clicks = sim_chance (sim, 30) ? 2 : 1;

  sim_note (sim, "%s connects to %s from seat %u%s%s", person->name, person->pool, person->seat,
            clicks > 1 ? ", twice" : "", another ? ", to a further one" : "");
  while (clicks-- > 0)
    floe_assigner_connect_async (sim->assigner, identity, person->pool, &wish, NULL, connected,
                                 wish_new (person));
}

static void
released (GObject *source, GAsyncResult *result, gpointer data)
{
  SimPerson *person = ((Wish *)data)->person;

  floe_assigner_release_finish (FLOE_ASSIGNER (source), result, NULL);
  if (is_heard (data))
    {
      sim_person_forget_desktop (person);
      person->mood = SIM_WANTS;
    }
}

void
sim_wish_release (SimPerson *person)
{
  g_autoptr (FloeIdentity) identity = identity_of (person);

  sim_note (person->sim, "%s gives %s back", person->name, person->desktop);
  floe_assigner_release_async (person->sim->assigner, identity, person->desktop, NULL, released,
                               wish_new (person));
}

static void
logged_out (GObject *source, GAsyncResult *result, gpointer data)
{
  SimPerson *person = ((Wish *)data)->person;

  floe_login_log_out_finish (FLOE_LOGIN (source), result, NULL);
  if (is_heard (data))
    {
      sim_person_forget_desktop (person);
      g_clear_pointer (&person->grant, floe_grant_free);
      g_clear_pointer (&person->reconnect, floe_secret_unref);
      person->mood = SIM_AWAY;
    }
}

void
sim_wish_log_out (SimPerson *person)
{
  g_autoptr (FloeIdentity) identity = identity_of (person);

  sim_note (person->sim, "%s logs out", person->name);
  floe_login_log_out_async (person->sim->login, identity, NULL, logged_out, wish_new (person));
}

static void
beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  floe_sessions_beat_finish (FLOE_SESSIONS (source), result, NULL);
  is_heard (data);
}

void
sim_wish_beat (SimPerson *person, guint idle_seconds)
{
  g_autoptr (FloeIdentity) identity = identity_of (person);

  sim_note (person->sim, "%s was idle for %u s", person->name, idle_seconds);
  floe_sessions_beat_async (person->sim->sessions, identity, person->desktop, idle_seconds, NULL,
                            beaten, wish_new (person));
}
