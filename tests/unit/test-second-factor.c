/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "house.h"
#include "login/totp.h"
#include "logs.h"

#define KEY_1  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_2  "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
#define OFFICE "192.0.2.1"
#define CAFE   "203.0.113.7"

typedef struct
{
  House *house;
  const gchar *address;  /* from where somebody enrols */
  FloeSecret *secret;    /* alice's, raw */
  FloeSecret *challenge; /* of the last log-in that got one */
} Desk;

typedef struct
{
  gboolean done;
  gpointer value;
  FloeSecret *challenge;
  GError *error;
} Reply;

static FloeSealKeys *
keys_new (const gchar *text)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (text, -1);
  g_autoptr (GError) error = NULL;
  FloeSealKeys *keys = floe_seal_keys_new (secret, &error);

  g_assert_no_error (error);
  return keys;
}

static FloeLogin *
login_new (House *house, const gchar *keys)
{
  static const gchar *const required[] = { "strict", NULL };
  static const gchar *const networks[] = { "198.18.0.0/15", "198.51.100.128/25", "2001:db8::/48",
                                           NULL };
  static const gchar *const exempt[] = { "198.51.100.0/24", "198.18.7.0/24", "2001:db8::/32",
                                         NULL };
  g_autoptr (FloeSealKeys) seal = keys_new (keys);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeFactorPolicy) factors =
      floe_factor_policy_new (seal, required, networks, exempt, "Floe", &error);

  g_assert_no_error (error);
  return house_new_login (house, factors);
}

static void
use_keys (Desk *self, const gchar *keys)
{
  floe_login_stop (self->house->login);
  g_object_unref (self->house->login);
  self->house->login = login_new (self->house, keys);
}

static void
set_up (Desk *self, gconstpointer data)
{
  self->address = OFFICE;
  self->house = house_office (0, 1);
  fake_directory_add (self->house->directory, "hana", "helpdesk");
  fake_directory_add (self->house->directory, "sam", "strict");
  use_keys (self, KEY_1);
}

static void
tear_down (Desk *self, gconstpointer data)
{
  g_clear_pointer (&self->secret, floe_secret_unref);
  g_clear_pointer (&self->challenge, floe_secret_unref);
  house_free (self->house);
}

static gpointer
await (Desk *self, Reply *reply, GError **error)
{
  house_settle (self->house);
  if (!reply->done)
    house_advance (self->house, 1); /* a refusal waits for the grid */
  g_assert_true (reply->done);
  if (reply->error != NULL)
    g_propagate_error (error, reply->error);
  return reply->value;
}

static FloeCaller *
caller_at (const gchar *address)
{
  return floe_caller_new (address, NULL, "request-1");
}

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value =
      floe_login_log_in_finish (FLOE_LOGIN (source), result, &reply->challenge, &reply->error);
  reply->done = TRUE;
}

/* Returns: what was said instead of a grant; or NULL with one */
static gchar *
log_in (Desk *self, const gchar *name, const gchar *address)
{
  g_autoptr (FloeSecret) password = floe_secret_new ("secret", -1);
  g_autoptr (FloeCaller) caller = caller_at (address);
  g_autoptr (FloeGrant) grant = NULL;
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };

  floe_login_log_in_async (self->house->login, &(FloeTypedName){ name, NULL }, password, caller,
                           NULL, on_logged_in, &reply);
  grant = await (self, &reply, &error);
  g_clear_pointer (&self->challenge, floe_secret_unref);
  self->challenge = reply.challenge;
  g_assert_true ((grant == NULL) == (error != NULL));
  return error != NULL ? g_strdup (floe_error_reason (error)) : NULL;
}

static void
assert_log_in (Desk *self, const gchar *name, const gchar *address, const gchar *reason)
{
  g_autofree gchar *got = log_in (self, name, address);

  g_assert_cmpstr (got, ==, reason);
  g_assert_true ((self->challenge != NULL) == (reason != NULL));
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_answer_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeGrant *
answer_from (Desk *self, const gchar *code, const gchar *address, GError **error)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (code, -1);
  g_autoptr (FloeCaller) caller = caller_at (address);
  Reply reply = { 0 };

  floe_login_answer_async (self->house->login, self->challenge, secret, caller, on_answered,
                           &reply);
  return await (self, &reply, error);
}

static void
assert_answer (Desk *self, const gchar *code, const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeGrant) grant = answer_from (self, code, OFFICE, &error);

  if (error != NULL && floe_error_reason (error) == NULL)
    g_assert_no_error (error);
  g_assert_cmpstr (error != NULL ? floe_error_reason (error) : NULL, ==, reason);
  g_assert_true ((grant != NULL) == (reason == NULL));
  /* Nobody learns whether there was such a challenge. */
  if (error != NULL && g_strcmp0 (reason, "expired-challenge") == 0)
    g_assert_cmpstr (error->message, ==,
                     "the log-in took too long, or had too many wrong codes: it begins anew with "
                     "the password");
}

static void
on_offered (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_enrol_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeSecret *
decode (const FloeSecret *base32)
{
  gsize length;
  const gchar *text = floe_secret_get (base32, &length);
  g_autoptr (FloeSecret) secret = NULL;
  gchar *raw = NULL;
  size_t n;

  g_assert_cmpint (oath_base32_decode (text, length, &raw, &n), ==, OATH_OK);
  secret = floe_secret_new (raw, (gssize)n);
  free (raw);
  return g_steal_pointer (&secret);
}

static void
enrol (Desk *self, const FloeIdentity *identity, const gchar *reason)
{
  g_autoptr (FloeCaller) caller = caller_at (self->address);
  g_autoptr (FloeFactorOffer) offer = NULL;
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };

  floe_login_enrol_async (self->house->login, identity != NULL ? NULL : self->challenge, identity,
                          caller, on_offered, &reply);
  offer = await (self, &reply, &error);
  g_assert_cmpstr (error != NULL ? floe_error_reason (error) : NULL, ==, reason);
  if (offer == NULL)
    return;
  g_assert_true (g_str_has_prefix (floe_secret_get (offer->uri, NULL), "otpauth://totp/Floe:"));
  g_assert_nonnull (
      strstr (floe_secret_get (offer->uri, NULL), floe_secret_get (offer->secret, NULL)));
  g_clear_pointer (&self->secret, floe_secret_unref);
  self->secret = decode (offer->secret);
}

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_confirm_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeFactorReceipt *
confirm (Desk *self, const FloeIdentity *identity, const gchar *code, const gchar *reason)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (code, -1);
  g_autoptr (FloeCaller) caller = caller_at (self->address);
  g_autoptr (GError) error = NULL;
  FloeFactorReceipt *receipt;
  Reply reply = { 0 };

  floe_login_confirm_async (self->house->login, identity != NULL ? NULL : self->challenge, identity,
                            secret, caller, on_confirmed, &reply);
  receipt = await (self, &reply, &error);
  g_assert_cmpstr (error != NULL ? floe_error_reason (error) : NULL, ==, reason);
  return receipt;
}

/* The code of so many steps from now. */
static gchar *
code_at (Desk *self, gint64 steps)
{
  gchar *code = g_malloc0 (9);
  gint64 now = floe_clock_now (FLOE_CLOCK (self->house->clock));

  g_assert_true (floe_totp_make (self->secret, now / (30 * G_USEC_PER_SEC) + steps, 6, code));
  return code;
}

/* Alice enrols while she is logged in; her codes are unused but that of the step before. */
static GPtrArray *
enrol_alice (Desk *self)
{
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeFactorReceipt) receipt = NULL;
  g_autofree gchar *code = NULL;

  enrol (self, alice->identity, NULL);
  code = code_at (self, 0);
  receipt = confirm (self, alice->identity, code, NULL);
  g_assert_null (receipt->grant);
  g_assert_cmpuint (receipt->codes->len, ==, 10);
  house_advance (self->house, 30);
  return g_ptr_array_ref (receipt->codes);
}

/* RFC 6238, appendix B */
static void
test_vectors (void)
{
  static const struct
  {
    gint64 seconds;
    const gchar *code;
  } vectors[] = { { 59, "94287082" },         { 1111111109, "07081804" },
                  { 1111111111, "14050471" }, { 1234567890, "89005924" },
                  { 2000000000, "69279037" }, { 20000000000, "65353130" } };
  g_autoptr (FloeSecret) secret = floe_secret_new ("12345678901234567890", -1);
  gchar code[9];

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      gint64 now = vectors[i].seconds * G_USEC_PER_SEC;
      gint64 step = vectors[i].seconds / 30;

      g_assert_true (floe_totp_make (secret, step, 8, code));
      g_assert_cmpstr (code, ==, vectors[i].code);
      for (gint64 off = i == 0 ? -1 : -2; off <= 2; off++) /* there is no time before 1970 */
        g_assert_cmpint (
            floe_totp_find_step (secret, vectors[i].code + 2, now + off * 30 * G_USEC_PER_SEC), ==,
            ABS (off) <= 1 ? step : 0);
    }
  g_assert_cmpint (floe_totp_find_step (secret, "", 59 * G_USEC_PER_SEC), ==, 0);
  g_assert_cmpint (floe_totp_find_step (secret, "94287082", 59 * G_USEC_PER_SEC), ==, 0);
}

static void
assert_opens (const FloeSealKeys *keys, const gchar *sealed, const gchar *owner, gint code,
              gboolean old_key)
{
  g_autoptr (GError) error = NULL;
  gboolean old = FALSE;
  g_autoptr (FloeSecret) plain = floe_seal_keys_open (keys, sealed, owner, &old, &error);

  if (code >= 0)
    {
      g_assert_error (error, FLOE_ERROR, code);
      g_assert_null (plain);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (floe_secret_get (plain, NULL), ==, "a secret");
  g_assert_cmpint (old, ==, old_key);
}

static void
test_seal (void)
{
  g_autoptr (FloeSealKeys) first = keys_new (KEY_1 "\n");
  g_autoptr (FloeSealKeys) second = keys_new (KEY_2);
  g_autoptr (FloeSealKeys) both = keys_new (KEY_2 "\n" KEY_1);
  g_autoptr (FloeSecret) plain = floe_secret_new ("a secret", -1);
  g_autofree gchar *sealed = floe_seal_keys_seal (first, plain, "alice", NULL);
  g_autofree gchar *again = floe_seal_keys_seal (first, plain, "alice", NULL);
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (sealed, &length);

  g_assert_cmpstr (sealed, !=, again);
  assert_opens (first, sealed, "alice", -1, FALSE);
  assert_opens (both, sealed, "alice", -1, TRUE);
  assert_opens (second, sealed, "alice", FLOE_ERROR_UNAVAILABLE, FALSE);
  assert_opens (first, sealed, "bob", FLOE_ERROR_INTERNAL, FALSE);
  assert_opens (first, "", "alice", FLOE_ERROR_INTERNAL, FALSE);
  for (gsize i = 5; i < length; i++)
    {
      g_autofree gchar *changed = NULL;

      bytes[i] ^= 1;
      changed = g_base64_encode (bytes, length);
      assert_opens (first, changed, "alice", FLOE_ERROR_INTERNAL, FALSE);
      bytes[i] ^= 1;
    }
}

static void
test_bad_keys (void)
{
  static const gchar *const texts[] = {
    "", "\n", "secret", KEY_1 "0", KEY_1 "\nx", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (FloeSecret) text = floe_secret_new (texts[i], -1);
      g_autoptr (GError) error = NULL;

      g_assert_null (floe_seal_keys_new (text, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
    }
}

static void
test_code (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);
  g_autofree gchar *code = code_at (self, 0);

  assert_log_in (self, "bob", OFFICE, NULL);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, "000000", "wrong-code");
  assert_answer (self, code, NULL);
  assert_answer (self, code, "expired-challenge"); /* which is spent */
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, code, "wrong-code"); /* and so is the code */
  g_assert_cmpuint (house_count_audit (self->house, "second-factor-confirm", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (self->house, "challenge", "done"), ==, 2);
  g_assert_cmpuint (house_count_audit (self->house, "login", "denied"), ==, 3);
}

static void
test_window (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);
  g_autofree gchar *far = NULL;
  g_autofree gchar *late = NULL;
  g_autofree gchar *early = NULL;
  g_autofree gchar *now = NULL;

  house_advance (self->house, 60);
  far = code_at (self, 2);
  late = code_at (self, -1);
  early = code_at (self, 1);
  now = code_at (self, 0);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, far, "wrong-code");
  assert_answer (self, late, NULL);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, early, NULL);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, now, "wrong-code"); /* older than one that was used */
}

static void
test_challenge_ends (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);
  g_autofree gchar *code = NULL;

  assert_log_in (self, "alice", OFFICE, "code-needed");
  house_advance (self->house, 301);
  code = code_at (self, 0);
  assert_answer (self, code, "expired-challenge");
}

static void
test_five_wrong (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);

  for (guint round = 0; round < 2; round++)
    {
      g_autofree gchar *code = code_at (self, 0);

      assert_log_in (self, "alice", OFFICE, "code-needed");
      for (guint i = 0; i < 5; i++)
        assert_answer (self, "000000", "wrong-code");
      assert_answer (self, code, "expired-challenge");
    }
  /* Whoever knows the password cannot go on for ever. */
  assert_log_in (self, "alice", OFFICE, "code-needed");
  {
    g_autofree gchar *code = code_at (self, 0);

    assert_answer (self, code, "too-many-tries");
  }
  house_advance (self->house, 1801);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  {
    g_autofree gchar *code = code_at (self, 0);

    assert_answer (self, code, NULL);
  }
}

static void
test_recovery (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) codes = enrol_alice (self);
  g_autofree gchar *lower = g_ascii_strdown (floe_secret_get (codes->pdata[3], NULL), -1);

  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, lower, NULL);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, lower, "wrong-code");
  assert_answer (self, floe_secret_get (codes->pdata[4], NULL), NULL);
}

static void
test_other_address (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);
  g_autofree gchar *code = code_at (self, 0);
  g_autoptr (GError) error = NULL;

  assert_log_in (self, "alice", OFFICE, "code-needed");
  g_assert_null (answer_from (self, code, CAFE, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "expired-challenge");
  assert_answer (self, code, NULL);
}

static void
test_exempt (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);

  assert_log_in (self, "alice", "198.51.100.9", NULL);
  assert_log_in (self, "alice", "::ffff:198.51.100.9", NULL);
  assert_log_in (self, "sam", "2001:db8:1::5", NULL);
  assert_log_in (self, "alice", "198.51.101.9", "code-needed");
  assert_log_in (self, "alice", "unknown", "code-needed");
}

static void
test_required (Desk *self, gconstpointer data)
{
  g_autoptr (FloeFactorReceipt) receipt = NULL;
  g_autoptr (FloeSecret) G_GNUC_UNUSED token = NULL;
  g_autoptr (FloeIdentity) identity = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *code = NULL;

  assert_log_in (self, "sam", OFFICE, "enrolment-needed");
  assert_answer (self, "123456", "not-enrolled");
  g_assert_null (confirm (self, NULL, "123456", "not-enrolled"));
  enrol (self, NULL, NULL);
  g_assert_null (confirm (self, NULL, "123456", "wrong-code"));
  code = code_at (self, 0);
  receipt = confirm (self, NULL, code, NULL);
  g_assert_cmpuint (receipt->codes->len, ==, 10);
  identity = house_present (self->house, receipt->grant->token, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (identity->user->name, ==, "sam");
  assert_log_in (self, "sam", OFFICE, "code-needed");
  assert_answer (self, code, "wrong-code"); /* the one that it was confirmed with is used */
  enrol (self, NULL, "already-enrolled");
}

/* For the metrics: what a log-in was with, and who enrolled. */
static void
test_told (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) heard = house_hear_login (self->house);
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);
  g_autofree gchar *code = code_at (self, 0);
  g_autofree gchar *other = NULL;

  house_assert_heard (heard, "login good, let in: password, second-factor-confirm good");
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, "000000", "wrong-code");
  assert_answer (self, code, NULL);
  house_assert_heard (heard, "login wrong-code, login good, let in: code");
  assert_log_in (self, "sam", OFFICE, "enrolment-needed");
  enrol (self, NULL, NULL);
  g_assert_null (confirm (self, NULL, "123456", "wrong-code"));
  other = code_at (self, 0);
  floe_factor_receipt_free (confirm (self, NULL, other, NULL));
  house_assert_heard (heard, "second-factor-confirm wrong-code, login wrong-code, "
                             "second-factor-confirm good, login good, let in: code");
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  floe_login_end_factor_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

static void
assert_end (Desk *self, const FloeIdentity *identity, const gchar *code, const gchar *reason)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (code, -1);
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };

  floe_login_end_factor_async (self->house->login, identity, secret, on_ended, &reply);
  await (self, &reply, &error);
  g_assert_cmpstr (error != NULL ? floe_error_reason (error) : NULL, ==, reason);
}

static void
test_end (Desk *self, gconstpointer data)
{
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);
  g_autofree gchar *code = code_at (self, 0);

  assert_end (self, alice->identity, "000000", "wrong-code");
  assert_end (self, alice->identity, code, NULL);
  assert_log_in (self, "alice", OFFICE, NULL);
}

/* Whoever comes from such a network must, whatever they are; the narrower network counts. */
static void
test_required_network (Desk *self, gconstpointer data)
{
  g_autoptr (FloeFactorReceipt) receipt = NULL;
  g_autoptr (FloeIdentity) present = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *code = NULL;
  g_autofree gchar *next = NULL;

  assert_log_in (self, "alice", OFFICE, NULL);
  assert_log_in (self, "alice", "198.18.7.1", NULL);
  assert_log_in (self, "alice", "198.51.100.127", NULL);
  assert_log_in (self, "alice", "2001:db8:1::5", NULL);
  assert_log_in (self, "alice", "198.51.100.128", "enrolment-needed");
  assert_log_in (self, "alice", "2001:db8::5", "enrolment-needed");
  assert_log_in (self, "alice", "::ffff:198.19.255.255", "enrolment-needed");
  assert_log_in (self, "alice", "198.18.0.1", "enrolment-needed");
  self->address = "198.18.0.1";
  enrol (self, NULL, NULL);
  code = code_at (self, 0);
  receipt = confirm (self, NULL, code, NULL);
  g_assert_cmpuint (receipt->codes->len, ==, 10);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_log_in (self, "alice", "198.18.7.1", NULL);
  assert_log_in (self, "alice", "198.18.0.1", "code-needed");

  house_advance (self->house, 30);
  next = code_at (self, 0);
  assert_end (self, receipt->grant->identity, next, "second-factor-required");
  present = house_present (self->house, receipt->grant->token, &error);
  g_assert_no_error (error);
  assert_end (self, present, next, NULL);
  assert_log_in (self, "alice", OFFICE, NULL);
}

static void
on_reset (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  floe_login_reset_factor_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

static void
assert_reset (Desk *self, const FloeIdentity *actor, const gchar *name, const gchar *why,
              const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };

  floe_login_reset_factor_async (self->house->login, actor, name, why, on_reset, &reply);
  await (self, &reply, &error);
  g_assert_cmpstr (error != NULL ? floe_error_reason (error) : NULL, ==, reason);
  if (error != NULL
      && (g_strcmp0 (reason, "not-enrolled") == 0 || g_strcmp0 (reason, "unknown-user") == 0))
    g_assert_nonnull (strstr (error->message, name));
}

static void
test_reset (Desk *self, gconstpointer data)
{
  g_autoptr (FloeGrant) hana = house_enter (self->house, "hana");
  g_autoptr (FloeGrant) G_GNUC_UNUSED helen = house_enter (self->house, "helen");
  g_autoptr (FloeGrant) bob = house_enter (self->house, "bob");
  g_autoptr (GPtrArray) codes = enrol_alice (self);

  assert_reset (self, hana->identity, "alice", NULL, "reason-needed");
  assert_reset (self, hana->identity, "helen", "lost", "higher-role");
  assert_reset (self, hana->identity, "nobody", "lost", "unknown-user");
  assert_reset (self, hana->identity, "bob", "lost", "not-enrolled");
  assert_reset (self, bob->identity, "alice", "lost", "not-your-pool");
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_reset (self, hana->identity, "alice", "lost her phone", NULL);
  assert_answer (self, floe_secret_get (codes->pdata[0], NULL), "expired-challenge");
  assert_log_in (self, "alice", OFFICE, NULL);
  g_assert_cmpuint (house_count_audit (self->house, "second-factor-reset", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (self->house, "second-factor-reset", "denied"), ==, 4);
}

/* Another key: it is told, nothing is lost, and one that changes it keeps the old one beside it. */
static void
test_key (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);
  g_autofree gchar *code = code_at (self, 0);
  g_autofree gchar *next = NULL;

  use_keys (self, KEY_2);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  logs_expect ("*alice*not in the key file*");
  assert_answer (self, code, "second-factor-key");
  logs_assert_expected ();
  use_keys (self, KEY_2 "\n" KEY_1);
  assert_answer (self, code, NULL);
  use_keys (self, KEY_2);
  house_advance (self->house, 30);
  next = code_at (self, 0);
  assert_log_in (self, "alice", OFFICE, "code-needed");
  assert_answer (self, next, NULL);
}

typedef struct
{
  guint open;
  guint granted;
  guint refused;
} Race;

static void
on_raced (GObject *source, GAsyncResult *result, gpointer data)
{
  Race *race = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeGrant) grant = floe_login_answer_finish (FLOE_LOGIN (source), result, &error);

  race->open--;
  if (grant != NULL)
    race->granted++;
  else if (g_strcmp0 (floe_error_reason (error), "wrong-code") == 0
           || g_strcmp0 (floe_error_reason (error), "too-many-tries") == 0)
    race->refused++;
}

/* One code at once by fifty log-ins whose password was right, on two brokers. */
static void
test_fifty_at_once (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) G_GNUC_UNUSED codes = enrol_alice (self);
  g_autoptr (FloeLogin) other = login_new (self->house, KEY_1);
  g_autoptr (FloeCaller) caller = caller_at (OFFICE);
  g_autoptr (GPtrArray) challenges =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_secret_unref);
  g_autofree gchar *text = NULL;
  g_autoptr (FloeSecret) code = NULL;
  Race race = { .open = 50 };

  for (guint i = 0; i < 50; i++)
    {
      assert_log_in (self, "alice", OFFICE, "code-needed");
      g_ptr_array_add (challenges, g_steal_pointer (&self->challenge));
    }
  text = code_at (self, 0);
  code = floe_secret_new (text, -1);
  for (guint i = 0; i < 50; i++)
    floe_login_answer_async (i % 2 == 0 ? self->house->login : other, challenges->pdata[i], code,
                             caller, on_raced, &race);
  house_settle (self->house);
  house_advance (self->house, 1);
  g_assert_cmpuint (race.open, ==, 0);
  g_assert_cmpuint (race.granted, ==, 1);
  g_assert_cmpuint (race.refused, ==, 49);
}

static gboolean
contains (const gchar *bytes, gsize n, const FloeSecret *secret)
{
  gsize length;
  const gchar *text = floe_secret_get (secret, &length);

  return memmem (bytes, n, text, length) != NULL;
}

/* Neither the secret, nor a recovery code, nor a challenge can be read in what is kept. */
static void
test_kept (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) codes = enrol_alice (self);
  g_autoptr (FloeSecret) base32 = floe_totp_to_base32 (self->secret);
  const gchar *const suffixes[] = { "", "-wal" };
  gsize found_name = 0;

  assert_log_in (self, "alice", OFFICE, "code-needed");
  house_settle (self->house);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree gchar *path = g_strconcat (self->house->place->path, suffixes[i], NULL);
      g_autofree gchar *bytes = NULL;
      gsize n = 0;

      if (!g_file_get_contents (path, &bytes, &n, NULL))
        continue;
      found_name += memmem (bytes, n, "second-factor-confirm", 21) != NULL;
      g_assert_false (contains (bytes, n, self->secret));
      g_assert_false (contains (bytes, n, base32));
      g_assert_false (contains (bytes, n, self->challenge));
      for (guint k = 0; k < codes->len; k++)
        g_assert_false (contains (bytes, n, codes->pdata[k]));
    }
  g_assert_cmpuint (found_name, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/second-factor/vectors", test_vectors);
  g_test_add_func ("/second-factor/seal", test_seal);
  g_test_add_func ("/second-factor/bad-keys", test_bad_keys);
#define ADD(path, func) g_test_add ("/second-factor/" path, Desk, NULL, set_up, func, tear_down)
  ADD ("code", test_code);
  ADD ("window", test_window);
  ADD ("challenge-ends", test_challenge_ends);
  ADD ("five-wrong", test_five_wrong);
  ADD ("recovery", test_recovery);
  ADD ("other-address", test_other_address);
  ADD ("exempt", test_exempt);
  ADD ("required", test_required);
  ADD ("required-network", test_required_network);
  ADD ("told", test_told);
  ADD ("end", test_end);
  ADD ("reset", test_reset);
  ADD ("key", test_key);
  ADD ("fifty-at-once", test_fifty_at_once);
  if (!any_store_is_postgres ()) /* it has no file to look into */
    ADD ("kept", test_kept);
  return g_test_run ();
}
