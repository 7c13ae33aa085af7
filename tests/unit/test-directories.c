/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/directories.h"
#include "fakes.h"

/* Two companies' directories: an own one, and a partner's. */
typedef struct
{
  FakeDirectory *own;
  FakeDirectory *partner;
  FloeDirectory *all;
} Fixture;

typedef struct
{
  GAsyncResult *result;
} Answer;

static const gchar *const own_domains[] = { "corp.example", "CORP", NULL };
static const gchar *const partner_domains[] = { "partner.example", "PARTNER", NULL };

static void
set_up (Fixture *f, gconstpointer data)
{
  FloeDirectories *all;

  f->own = fake_directory_new ();
  f->partner = fake_directory_new ();
  fake_directory_add (f->own, "alice", "staff");
  fake_directory_add (f->own, "bob", "partner:admins");
  fake_directory_add (f->partner, "alice@partner.example", "admins");
  all = floe_directories_new (FLOE_DIRECTORY (f->own), own_domains);
  floe_directories_add (all, "partner", FLOE_DIRECTORY (f->partner), partner_domains);
  f->all = FLOE_DIRECTORY (all);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->all);
  g_object_unref (f->own);
  g_object_unref (f->partner);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Answer *)data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Answer *answer)
{
  while (answer->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return answer->result;
}

static FloeUser *
log_in (Fixture *f, const gchar *name, const gchar *password, GError **error)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (password, -1);
  Answer answer = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  floe_directory_authenticate_async (f->all, name, secret, NULL, answered, &answer);
  result = wait_for (&answer);
  return floe_directory_authenticate_finish (f->all, result, error);
}

static FloeUser *
look_up (Fixture *f, const gchar *id, GError **error)
{
  Answer answer = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  floe_directory_look_up_async (f->all, id, NULL, answered, &answer);
  result = wait_for (&answer);
  return floe_directory_look_up_finish (f->all, result, error);
}

static FloeUser *
vouch (Fixture *f, const gchar *name, GError **error)
{
  g_autoptr (FloePrincipal) principal = floe_principal_new (name, NULL);
  Answer answer = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  floe_directory_vouch_async (f->all, principal, NULL, answered, &answer);
  result = wait_for (&answer);
  return floe_directory_vouch_finish (f->all, result, error);
}

/* The realm tells the directory as a typed domain does; the first one refuses what is nobody's. */
static void
test_realm (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeUser) partner = NULL;
  g_autoptr (GError) foreign = NULL;
  g_autoptr (GError) error = NULL;
  static const gchar *const domains[] = { "floe.test", NULL };
  FakeDirectory *kerberos = fake_directory_new ();

  g_assert_null (vouch (f, "alice@CORP.EXAMPLE", &foreign));
  g_assert_cmpstr (floe_error_reason (foreign), ==, "unknown-realm");
  fake_directory_add (kerberos, "alice", "staff");
  floe_directories_add (FLOE_DIRECTORIES (f->all), "kerberos", FLOE_DIRECTORY (kerberos), domains);
  partner = vouch (f, "alice@FLOE.TEST", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (partner->id, ==, "kerberos:uuid-alice");
  g_assert_cmpstr (partner->name, ==, "alice@floe.test");
  g_assert_true (floe_user_in_group (partner, "kerberos:staff"));
  g_object_unref (kerberos);
}

/* A name without a domain is of the first; and the same name in another is somebody else. */
static void
test_domain (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeUser) own = log_in (f, "alice", "secret", NULL);
  g_autoptr (FloeUser) partner = log_in (f, "alice@Partner.Example", "secret", NULL);

  g_assert_nonnull (own);
  g_assert_cmpstr (own->name, ==, "alice");
  g_assert_true (floe_user_in_group (own, "staff"));
  g_assert_null (partner); /* the fake knows names in one spelling only: so it was the one asked */
  partner = log_in (f, "alice@partner.example", "secret", NULL);
  g_assert_nonnull (partner);
  g_assert_true (g_str_has_prefix (partner->id, "partner:"));
  g_assert_cmpstr (partner->name, ==, "alice@partner.example@partner.example");
}

/* Nobody who runs one directory makes anybody a member of another one's groups. */
static void
test_groups (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeUser) partner = log_in (f, "alice@partner.example", "secret", NULL);
  g_autoptr (FloeUser) bob = log_in (f, "bob", "secret", NULL);

  g_assert_true (floe_user_in_group (partner, "partner:admins"));
  g_assert_false (floe_user_in_group (partner, "admins"));
  g_assert_false (floe_user_in_group (bob, "partner:admins"));
}

static void
test_look_up (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeUser) partner = log_in (f, "alice@partner.example", "secret", NULL);
  g_autoptr (FloeUser) again = look_up (f, partner->id, NULL);
  g_autoptr (FloeUser) own = log_in (f, "alice", "secret", NULL);
  g_autoptr (FloeUser) own_again = look_up (f, own->id, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (again->id, ==, partner->id);
  g_assert_cmpstr (again->name, ==, partner->name);
  g_assert_cmpstr (own_again->id, ==, own->id);
  g_assert_null (look_up (f, "former:1234", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

static FloeStanding *
examine (Fixture *f, const gchar *id, GError **error)
{
  Answer answer = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  floe_directory_examine_async (f->all, id, NULL, answered, &answer);
  result = wait_for (&answer);
  return floe_directory_examine_finish (f->all, result, error);
}

static void
test_examine (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeUser) partner = log_in (f, "alice@partner.example", "secret", NULL);
  g_autoptr (FloeUser) own = log_in (f, "alice", "secret", NULL);
  g_autoptr (FloeStanding) theirs = NULL;
  g_autoptr (FloeStanding) ours = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) wrong = NULL;

  fake_directory_set_reason (f->partner, "alice@partner.example", "locked");
  theirs = examine (f, partner->id, NULL);
  ours = examine (f, own->id, NULL);
  g_assert_cmpstr (theirs->user->id, ==, partner->id);
  g_assert_cmpstr (theirs->user->name, ==, partner->name);
  g_assert_true (floe_standing_has (theirs, "locked"));
  g_assert_cmpstr (ours->user->id, ==, own->id);
  g_assert_null (ours->reasons[0]);
  g_assert_null (examine (f, "former:1234", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  /* What the trail is told comes through, too. */
  g_assert_null (log_in (f, "alice@partner.example", "secret", &wrong));
  g_assert_cmpstr (floe_error_cause (wrong), ==, "the account is locked");
}

/* A wrong password is tried at one, and counts for who was meant there. */
static void
test_wrong (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;
  g_autofree gchar *own = floe_directory_fold_name (f->all, "Alice");
  g_autofree gchar *partner = floe_directory_fold_name (f->all, "PARTNER\\Alice");

  g_assert_null (log_in (f, "alice@partner.example", "guess", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_true (g_str_has_prefix (floe_error_subject (error), "partner:"));
  g_assert_null (log_in (f, "alice", "guess", &other));
  g_assert_null (strchr (floe_error_subject (other), ':'));
  g_assert_cmpstr (own, !=, partner);
}

/* One that is down takes nobody of another with it. */
static void
test_down (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeUser) own = NULL;
  g_autoptr (GError) error = NULL;

  fake_directory_set_down (f->partner, TRUE);
  g_assert_null (log_in (f, "alice@partner.example", "secret", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  own = log_in (f, "alice", "secret", NULL);
  g_assert_nonnull (own);
}

/* The strictest of all. */
static void
test_lockout (Fixture *f, gconstpointer data)
{
  FloeLockout lockout;

  floe_directory_get_lockout (f->all, &lockout);
  g_assert_cmpuint (lockout.n_policies, ==, 0);
  fake_directory_set_lockout (f->own, 10, 3600);
  fake_directory_set_lockout (f->partner, 3, 60);
  floe_directory_get_lockout (f->all, &lockout);
  g_assert_cmpuint (lockout.n_policies, ==, 2);
  g_assert_cmpuint (lockout.tries, ==, 3);
  g_assert_cmpuint (lockout.window, ==, 3600);
}

/* Whose somebody is, and what everybody else calls them. */
static void
test_find (Fixture *f, gconstpointer data)
{
  FloeDirectories *all = FLOE_DIRECTORIES (f->all);
  const gchar *const groups[] = { "admins", "partner:admins", NULL };
  g_autoptr (FloeUser) user = floe_user_new ("1", "alice", NULL, groups);
  g_autoptr (FloeUser) own = floe_directories_name_outside (all, 0, user);
  g_autoptr (FloeUser) partners = floe_directories_name_outside (all, 1, user);

  g_assert_cmpuint (floe_directories_find (all, "alice"), ==, 0);
  g_assert_cmpuint (floe_directories_find (all, "alice@elsewhere.example"), ==, 0);
  g_assert_cmpuint (floe_directories_find (all, "CORP\\alice"), ==, 0);
  g_assert_cmpuint (floe_directories_find (all, "Alice@Partner.Example"), ==, 1);
  g_assert_cmpuint (floe_directories_find (all, "partner\\alice"), ==, 1);
  g_assert_cmpstr (own->name, ==, "alice");
  g_assert_true (floe_user_in_group (own, "admins"));
  g_assert_false (floe_user_in_group (own, "partner:admins"));
  g_assert_cmpstr (partners->name, ==, "alice@partner.example");
  g_assert_cmpstr (partners->id, ==, "partner:1");
  g_assert_true (floe_user_in_group (partners, "partner:admins"));
  g_assert_false (floe_user_in_group (partners, "admins"));
}

static gchar *
place (Fixture *f, const gchar *name, const gchar *domain)
{
  g_autoptr (GError) error = NULL;
  gchar *placed = floe_directories_place (FLOE_DIRECTORIES (f->all), name, domain, &error);

  g_assert_no_error (error);
  return placed;
}

/* A domain that was chosen counts unless the name has one of a directory. */
static void
test_place (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const gchar *name;
    const gchar *domain;
    const gchar *wanted;
    guint nth;
  } rows[] = {
    { "alice", "partner.example", "alice@partner.example", 1 },
    { "alice", "corp.example", "alice@corp.example", 0 },
    { "alice", "Partner", "alice@Partner", 1 },
    { "alice@corp.example", "partner.example", "alice@corp.example", 0 },
    { "CORP\\alice", "partner.example", "CORP\\alice", 0 },
    { "PARTNER\\alice", "corp.example", "PARTNER\\alice", 1 },
    { "alice＠corp.example", "partner.example", "alice＠corp.example", 0 },
    /* of a mail address, which is the log-in name of some directories */
    { "alice@mail.example", "partner.example", "partner.example\\alice@mail.example", 1 },
    { "alice@mail.example", "corp.example", "corp.example\\alice@mail.example", 0 },
    { "OLD\\alice", "partner.example", "partner.example\\OLD\\alice", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *placed = place (f, rows[i].name, rows[i].domain);

      g_assert_cmpstr (placed, ==, rows[i].wanted);
      g_assert_cmpuint (floe_directories_find (FLOE_DIRECTORIES (f->all), placed), ==, rows[i].nth);
    }
}

static void
test_place_unknown (Fixture *f, gconstpointer data)
{
  static const gchar *const domains[] = {
    "", "nobody.example", "partner.example.", "partner", "@", "partner.example\\alice"
  };
  FloeDirectories *all = FLOE_DIRECTORIES (f->all);

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autoptr (GError) own = NULL;
      g_autoptr (GError) other = NULL;
      g_autofree gchar *placed = floe_directories_place (all, "alice", domains[i], &own);
      g_autofree gchar *with = NULL;

      if (g_str_equal (domains[i], "partner")) /* in any case */
        {
          g_assert_cmpstr (placed, ==, "alice@partner");
          continue;
        }
      g_assert_null (placed);
      g_assert_error (own, FLOE_ERROR, FLOE_ERROR_INVALID);
      g_assert_cmpstr (floe_error_reason (own), ==, "unknown-domain");
      with = floe_directories_place (all, "alice@corp.example", domains[i], &other);
      g_assert_null (with);
      g_assert_cmpstr (own->message, ==, other->message);
    }
}

/* Who types no domain can be of another than the first, and is called the same all the same. */
static void
test_usual (Fixture *f, gconstpointer data)
{
  FloeDirectories *all = FLOE_DIRECTORIES (f->all);
  g_auto (GStrv) domains = floe_directories_list_domains (all);
  g_autofree gchar *names = g_strjoinv (" ", domains);
  g_autoptr (FloeUser) own = NULL;

  g_assert_cmpstr (names, ==, "corp.example partner.example");
  g_assert_cmpstr (floe_directories_get_usual (all), ==, "corp.example");
  g_assert_false (floe_directories_set_usual (all, "nobody.example"));
  g_assert_cmpstr (floe_directories_get_usual (all), ==, "corp.example");
  g_assert_true (floe_directories_set_usual (all, "PARTNER"));
  g_assert_cmpstr (floe_directories_get_usual (all), ==, "partner.example");
  g_assert_cmpuint (floe_directories_find (all, "alice"), ==, 1);
  g_assert_cmpuint (floe_directories_find (all, "alice@mail.example"), ==, 1);
  g_assert_cmpuint (floe_directories_find (all, "alice@corp.example"), ==, 0);
  own = look_up (f, "uuid-alice", NULL);
  g_assert_cmpstr (own->name, ==, "alice");
}

#define ADD(name, func) g_test_add ("/directories/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("domain", test_domain);
  ADD ("realm", test_realm);
  ADD ("groups", test_groups);
  ADD ("look-up", test_look_up);
  ADD ("examine", test_examine);
  ADD ("wrong", test_wrong);
  ADD ("down", test_down);
  ADD ("lockout", test_lockout);
  ADD ("find", test_find);
  ADD ("place", test_place);
  ADD ("place-unknown", test_place_unknown);
  ADD ("usual", test_usual);
  return g_test_run ();
}
