/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/pool.h"
#include "directory-said.h"
#include "fixture-script.h"
#include "silent-server.h"

/* What a test of the directory says of real servers. Lines are matched by what they are about. */

static SlapdFixture *slapd;

typedef struct
{
  const gchar *uris;
  const gchar *ca;
  const gchar *password;
  const gchar *base;
  const gchar *user;
  guint seconds;
  GPtrArray *pools;
  gboolean heeds_lockout;
  gboolean needs_clock;
  gint64 (*now) (void);
} Changes;

static void
run (const Changes *with, DirectorySaid *said)
{
  const gchar *password_text = with->password != NULL ? with->password : "secret";
  const gchar *const admins[] = { "staff", NULL };
  const gchar *const none[] = { NULL };
  g_auto (GStrv) uris = g_strsplit (with->uris != NULL ? with->uris : slapd->tls_uri, " ", -1);
  g_autoptr (FloeSecret) password = floe_secret_new (password_text, -1);
  g_autoptr (FloeRoleGroups) roles = floe_role_groups_new (admins, none, none, none);
  FloeLdapSettings settings = {
    .uris = uris,
    .starttls = TRUE,
    .ca_file = with->ca != NULL ? (gchar *)with->ca : slapd->ca,
    .bind_dn = slapd->service_dn,
    .bind_password = password,
    .base = with->base != NULL ? (gchar *)with->base : slapd->people,
    .group_base = slapd->groups,
    .connect_timeout = with->seconds != 0 ? with->seconds : 10,
    .operation_timeout = 10,
  };
  FloeLdapTest test = { .settings = &settings,
                        .user = with->user,
                        .roles = roles,
                        .pools = with->pools,
                        .person_tries = 4,
                        .pause = 1800,
                        .heeds_lockout = with->heeds_lockout,
                        .needs_clock = with->needs_clock,
                        .now = with->now };

  directory_said_run (&test, said);
  for (guint i = 0; i < said->lines->len; i++)
    if (!g_str_equal (password_text, "secret"))
      g_assert_null (strstr (said->lines->pdata[i], password_text));
}

static void
test_good (void)
{
  g_auto (DirectorySaid) said = { NULL };
  g_autofree gchar *names =
      g_strdup_printf ("ok: certificate: *; for *%s*; issuer *Floe test CA*", slapd->address);

  run (&(Changes){ .user = "alice" }, &said);
  g_assert_true (said.fine);
  assert_said (&said, "ok: the name *");
  assert_said (&said, names);
  assert_said (&said, "ok: TLS*");
  assert_said (&said, "ok: the service account cn=svc*");
  assert_said (&said, "ok: people are found*");
  assert_said (&said, "ok: clock: not told*");
  assert_said (&said, "ok: search for \"alice\": (&(objectClass=person)(uid=alice))");
  assert_said (&said, "ok: the account may be used");
  assert_said (&said, "ok: roles: admin");
  assert_said (&said, "ok: pools: not looked at*");
}

static void
test_starttls (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run (&(Changes){ .uris = slapd->uri, .user = "alice" }, &said);
  g_assert_true (said.fine);
  assert_said (&said, "ok: certificate: *; issuer *Floe test CA*");
}

/* vdi-users is in staff, which is in loop, which is in staff. */
static void
test_paths (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run (&(Changes){ .user = "alice" }, &said);
  g_assert_cmpuint (directory_said_count (&said, "*: group *"), ==, 3);
  assert_said (&said, "ok: group vdi-users: alice → vdi-users; *vdi-users or uuid:*");
  assert_said (&said, "ok: group staff: alice → vdi-users → staff; *");
  assert_said (&said, "ok: group loop: alice → vdi-users → staff → loop; *");
}

static void
test_pools (void)
{
  g_autoptr (GPtrArray) pools = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_free);
  FloePool *office = floe_pool_new ("office", FLOE_POOL_FLOATING);
  FloePool *lab = floe_pool_new ("lab", FLOE_POOL_FLOATING);
  g_auto (DirectorySaid) said = { NULL };

  g_strfreev (office->groups);
  office->groups = g_strsplit ("staff", " ", -1);
  g_strfreev (lab->groups);
  lab->groups = g_strsplit ("contractors", " ", -1);
  g_ptr_array_add (pools, office);
  g_ptr_array_add (pools, lab);
  run (&(Changes){ .user = "alice", .pools = pools }, &said);
  assert_said (&said, "ok: pool office: entitled *staff*");
  assert_quiet (&said, "*pool lab*");
}

static void
test_lockout (void)
{
  g_auto (DirectorySaid) said = { NULL };
  g_auto (DirectorySaid) heeded = { NULL };

  run (&(Changes){ 0 }, &said);
  g_assert_true (said.fine);
  assert_said (&said, "warning: lockout: * 3 *passes on 4 — *person_tries*");
  assert_said (&said, "ok: lockout: * 300 s*1800 s");
  run (&(Changes){ .heeds_lockout = TRUE }, &heeded);
  assert_said (&heeded, "ok: lockout: after 3 *passes on 2");
  assert_quiet (&said, "*search for*");
}

static gint64
fast (void)
{
  return g_get_real_time () + 3650 * G_TIME_SPAN_SECOND;
}

static gint64
slow (void)
{
  return g_get_real_time () - 3650 * G_TIME_SPAN_SECOND;
}

static gint64
rather_fast (void)
{
  return g_get_real_time () + 20 * G_USEC_PER_SEC;
}

/* Right when the server is asked, and 40 s on when the answer is here. */
static gint64
held_up (void)
{
  static guint n_calls;

  return g_get_real_time () + (n_calls++ % 2) * 40 * G_USEC_PER_SEC;
}

static const struct
{
  gint64 (*now) (void);
  gboolean well;
  const gchar *line;
} clocks[] = {
  { NULL, TRUE, "ok: clock: within ? s of *" },
  { rather_fast, TRUE, "ok: clock: within 2? s of *" },
  { held_up, TRUE, "ok: clock: within 4? s of *" },
  { fast, FALSE, "warning: clock: the server's is 36?? s behind this machine's — *NTP*" },
  { slow, FALSE, "warning: clock: the server's is 36?? s ahead of this machine's — *NTP*" },
};

static void
test_clock (void)
{
  SlapdFixture *telling = slapd_fixture_new ("LDAP_MONITOR=1 LDAP_STATES=0", 0);

  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++)
    {
      g_auto (DirectorySaid) said = { NULL };

      run (&(Changes){ .uris = telling->tls_uri, .ca = telling->ca, .now = clocks[i].now }, &said);
      g_assert_true (said.fine);
      assert_said (&said, clocks[i].line);
      g_assert_cmpuint (directory_said_count (&said, "warning: clock: *"), ==, !clocks[i].well);
    }
  slapd_fixture_free (telling);
}

/* Nobody has to be told what they have no use for. */
static void
test_no_clock (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run (&(Changes){ .needs_clock = TRUE }, &said);
  g_assert_true (said.fine);
  assert_said (&said, "warning: clock: *cannot read *Kerberos* — *cn=monitor*cn=Current*");
  assert_quiet (&said, "ok: clock: *");
}

static void
set_lock (const gchar *name, gint64 since)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (since);
  g_autofree gchar *text = g_date_time_format (time, "%Y%m%d%H%M%SZ");
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: uid=%s,%s\nchangetype: modify\nreplace: pwdAccountLockedTime\n"
                       "pwdAccountLockedTime: %s\n",
                       name, slapd->people, text);

  slapd_fixture_modify (slapd, ldif);
}

static void
test_states (void)
{
  g_auto (DirectorySaid) locked = { NULL };
  g_auto (DirectorySaid) now = { NULL };
  g_auto (DirectorySaid) over = { NULL };
  g_auto (DirectorySaid) nobody = { NULL };
  g_auto (DirectorySaid) twin = { NULL };
  g_auto (DirectorySaid) lonely = { NULL };

  run (&(Changes){ .user = "locked" }, &locked);
  g_assert_false (locked.fine);
  assert_said (&locked, "wrong: the account is disabled*");
  set_lock ("carl", g_get_real_time () / G_USEC_PER_SEC);
  run (&(Changes){ .user = "carl" }, &now);
  assert_said (&now, "warning: the account was locked by wrong passwords — wait*");
  set_lock ("carl", 1577836800); /* in 2020, which is over, and still in the entry */
  run (&(Changes){ .user = "carl" }, &over);
  assert_said (&over, "ok: the account may be used");
  run (&(Changes){ .user = "nobody" }, &nobody);
  g_assert_false (nobody.fine);
  assert_said (&nobody, "wrong: nobody is called \"nobody\" — *user_filter*");
  run (&(Changes){ .user = "twin" }, &twin);
  assert_said (&twin, "wrong: several *twin one*twin two*");
  run (&(Changes){ .user = "nogroup" }, &lonely);
  g_assert_true (lonely.fine);
  assert_said (&lonely, "warning: *no group*");
}

static void
test_wrong_ca (void)
{
  g_autofree gchar *dir = g_build_filename (slapd->directory, "other-ca", NULL);
  g_autofree gchar *ca = g_build_filename (dir, "ca.pem", NULL);
  g_autofree gchar *script = fixture_script ("ca.sh");
  g_auto (DirectorySaid) said = { NULL };

  fixture_run_quietly (NULL, (const gchar *const[]){ script, dir, "other.test", NULL });
  run (&(Changes){ .ca = ca }, &said);
  g_assert_false (said.fine);
  assert_said (&said, "ok: certificate: *");
  assert_said (&said, "wrong: no authority *Floe test CA* — *ca_file*");
  assert_quiet (&said, "*service account*");
}

/* A server whose certificate is made as @environment says; nothing else of it is asked. */
static void
run_certificate (const gchar *environment, DirectorySaid *said)
{
  SlapdFixture *other = slapd_fixture_new (environment, 0);

  run (&(Changes){ .uris = other->tls_uri, .ca = other->ca }, said);
  slapd_fixture_free (other);
}

static void
test_wrong_name (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run_certificate ("LDAP_TLS_NAMES=elsewhere.test LDAP_STATES=0", &said);
  g_assert_false (said.fine);
  assert_said (&said, "wrong: the certificate is not for * but for elsewhere.test — *uris*");
  assert_quiet (&said, "*service account*");
}

static void
test_expired (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run_certificate ("CA_EXPIRED=1 LDAP_STATES=0", &said);
  g_assert_false (said.fine);
  assert_said (&said, "wrong: the certificate has expired*");
  assert_quiet (&said, "*service account*");
}

/* The name is where no name counts any more. */
static void
test_common_name (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run_certificate ("CA_ALT_NAMES=none LDAP_STATES=0", &said);
  g_assert_false (said.fine);
  assert_said (&said, "ok: certificate: subject CN=127.*; for no name at all; *");
  assert_said (&said, "wrong: the certificate is not for * but for no name at all — *uris*");
  assert_quiet (&said, "*service account*");
}

static void
test_self_signed (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run_certificate ("CA_SELF_SIGNED=1 LDAP_STATES=0", &said);
  g_assert_false (said.fine);
  assert_said (&said, "wrong: the certificate signed itself, and is not in * — *ca_file*");
  assert_quiet (&said, "*service account*");
}

static void
test_old_tls (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run_certificate ("LDAP_TLS_OLD=1 LDAP_STATES=0", &said);
  g_assert_false (said.fine);
  assert_said (&said,
               "wrong: the server speaks TLS1.*, and nothing older than TLS 1.2 is safe — *");
  assert_quiet (&said, "*service account*");
}

static void
test_service (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run (&(Changes){ .password = "Not.The.One", .user = "alice" }, &said);
  g_assert_false (said.fine);
  assert_said (&said, "wrong: the service account * — *bind_dn*bind_password_file*");
  assert_quiet (&said, "*search for*");
}

static void
test_base (void)
{
  g_autofree gchar *base = g_strconcat ("ou=nowhere,", slapd->base, NULL);
  g_auto (DirectorySaid) said = { NULL };

  run (&(Changes){ .base = base, .user = "alice" }, &said);
  g_assert_false (said.fine);
  assert_said (&said, "wrong: *ou=nowhere* — *[directory] base*");
}

/* Also when the first is dead, or silent in TLS, each of the others is tested, in bounded time. */
static void
test_dead (void)
{
  g_autofree gchar *uris =
      g_strdup_printf ("ldaps://127.0.0.1:9 %s %s", slapd->tls_uri, slapd->uri);
  g_auto (DirectorySaid) said = { NULL };

  run (&(Changes){ .uris = uris, .user = "alice" }, &said);
  g_assert_false (said.fine);
  g_assert_cmpuint (directory_said_count (&said, "server *:"), ==, 3);
  g_assert_cmpuint (directory_said_count (&said, "wrong: *"), ==, 1);
  assert_said (&said, "wrong: TCP: * — *");
  g_assert_cmpuint (directory_said_count (&said, "ok: the service account *"), ==, 2);
  g_assert_cmpuint (directory_said_count (&said, "ok: group staff: *"), ==, 1);
  assert_said (&said, "ok: that is who *");
}

static void
test_silent (gconstpointer mode)
{
  g_autoptr (SilentServer) silent = silent_server_new ((SilentMode)GPOINTER_TO_INT (mode));
  const gchar *scheme = GPOINTER_TO_INT (mode) == SILENT_STARTTLS ? "ldap" : "ldaps";
  g_autofree gchar *uris = g_strdup_printf ("%s://127.0.0.1:%d %s", scheme,
                                            silent_server_get_port (silent), slapd->tls_uri);
  gint64 began = g_get_monotonic_time ();
  g_auto (DirectorySaid) said = { NULL };

  run (&(Changes){ .uris = uris, .seconds = 3 }, &said);
  g_assert_false (said.fine);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 20 * G_USEC_PER_SEC);
  g_assert_cmpuint (directory_said_count (&said, "wrong: *"), ==, 1);
  assert_said (&said, "wrong: *handshake*in time* — *uris*");
  g_assert_cmpuint (directory_said_count (&said, "ok: the service account *"), ==, 1);
}

static void
test_unresolved (void)
{
  g_auto (DirectorySaid) said = { NULL };

  run (&(Changes){ .uris = "ldaps://nowhere.invalid" }, &said);
  g_assert_false (said.fine);
  assert_said (&said, "wrong: the name \"nowhere.invalid\" * — *uris*");
}

int
main (int argc, char **argv)
{
  gint status;

  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  slapd = slapd_fixture_new (NULL, 0);
  g_test_add_func ("/directory-test/good", test_good);
  g_test_add_func ("/directory-test/starttls", test_starttls);
  g_test_add_func ("/directory-test/paths", test_paths);
  g_test_add_func ("/directory-test/pools", test_pools);
  g_test_add_func ("/directory-test/lockout", test_lockout);
  g_test_add_func ("/directory-test/clock", test_clock);
  g_test_add_func ("/directory-test/no-clock", test_no_clock);
  g_test_add_func ("/directory-test/states", test_states);
  g_test_add_func ("/directory-test/wrong-ca", test_wrong_ca);
  g_test_add_func ("/directory-test/wrong-name", test_wrong_name);
  g_test_add_func ("/directory-test/expired", test_expired);
  g_test_add_func ("/directory-test/common-name", test_common_name);
  g_test_add_func ("/directory-test/self-signed", test_self_signed);
  g_test_add_func ("/directory-test/old-tls", test_old_tls);
  g_test_add_func ("/directory-test/service", test_service);
  g_test_add_func ("/directory-test/base", test_base);
  g_test_add_func ("/directory-test/dead", test_dead);
  g_test_add_func ("/directory-test/unresolved", test_unresolved);
  g_test_add_data_func ("/directory-test/silent", GINT_TO_POINTER (SILENT_ACCEPTS), test_silent);
  g_test_add_data_func ("/directory-test/dribbles", GINT_TO_POINTER (SILENT_DRIBBLES), test_silent);
  g_test_add_data_func ("/directory-test/silent-starttls", GINT_TO_POINTER (SILENT_STARTTLS),
                        test_silent);
  status = g_test_run ();
  slapd_fixture_free (slapd);
  return status;
}
