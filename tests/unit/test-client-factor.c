/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker-factor.h"

#include <string.h>

#include "api/error.h"
#include "api/qr.h"
#include "client-fake.h"

#define TOKEN     "flt_4mJ1Qk0oXw9s7yTzVb2LrHc8dEgNfUaP5iKq3uRxWvY"
#define CHALLENGE "flc_ccccccccccccccccccccccccccccccccccccccccccc"

#define LOGIN       "POST /api/v1/login"
#define CODE        "POST /api/v1/login/code"
#define ENROL       "POST /api/v1/login/enrol"
#define CONFIRM     "POST /api/v1/login/enrol/confirm"
#define BEGIN       "POST /api/v1/second-factor/begin"
#define OWN_CONFIRM "POST /api/v1/second-factor/confirm"
#define END         "POST /api/v1/second-factor/end"

typedef struct
{
  FakeBroker *fake;
  FloeBroker *broker;
  FloeSecret *code;
  GAsyncResult *slot;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree gchar *url = NULL;
  g_autoptr (GError) error = NULL;

  f->fake = fake_broker_new ();
  url = fake_broker_url (f->fake);
  f->broker = floe_broker_new (url, NULL, &error);
  g_assert_no_error (error);
  f->code = floe_secret_new ("123456", -1);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  floe_secret_unref (f->code);
  g_assert_finalize_object (g_steal_pointer (&f->broker));
  fake_broker_free (f->fake);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_error (const GError *error, FloeClientError code, const gchar *reason)
{
  g_assert_error (error, FLOE_CLIENT_ERROR, (gint)code);
  g_assert_cmpstr (floe_client_error_reason (error), ==, reason);
}

static void
assert_asked (Fixture *f, const gchar *route, const gchar *file, const gchar *token)
{
  g_autofree gchar *wanted = fake_file (file);
  g_autoptr (JsonNode) one = json_from_string (fake_broker_last (f->fake, route)->body, NULL);
  g_autoptr (JsonNode) two = json_from_string (wanted, NULL);

  g_assert_true (json_node_equal (one, two));
  g_assert_cmpstr (fake_broker_last (f->fake, route)->token, ==, token);
}

/* A log-in with the right password, which is not enough. */
static void
log_in (Fixture *f, const gchar *file, FloeClientError code, const gchar *reason)
{
  g_autoptr (FloeSecret) password = floe_secret_new ("secret", -1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, LOGIN, 401, file);
  floe_broker_log_in_async (f->broker, "hmori", password, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  g_assert_null (floe_broker_log_in_finish (f->broker, result, &error));
  assert_error (error, code, reason);
  g_assert_null (strstr (error->message, "flc_"));
  g_assert_null (floe_broker_get_token (f->broker));
}

static void
need_code (Fixture *f)
{
  log_in (f, "problem-code-needed.json", FLOE_CLIENT_ERROR_UNAUTHENTICATED, "code-needed");
}

static void
need_enrolment (Fixture *f)
{
  log_in (f, "problem-enrolment-needed.json", FLOE_CLIENT_ERROR_UNAUTHENTICATED,
          "enrolment-needed");
}

static FloeLogin *
send_code (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_send_code_async (f->broker, f->code, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_send_code_finish (f->broker, result, error);
}

static FloeFactorOffer *
enrol (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_enrol_async (f->broker, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_enrol_finish (f->broker, result, error);
}

static FloeFactorReceipt *
confirm (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_confirm_async (f->broker, f->code, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_confirm_finish (f->broker, result, error);
}

static gboolean
end_factor (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_end_factor_async (f->broker, f->code, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_end_factor_finish (f->broker, result, error);
}

static void
use_token (Fixture *f)
{
  g_autoptr (FloeSecret) token = floe_secret_new (TOKEN, -1);

  floe_broker_set_token (f->broker, token);
}

static void
assert_token (Fixture *f)
{
  g_assert_cmpstr (floe_secret_get (floe_broker_get_token (f->broker), NULL), ==, TOKEN);
}

/* A wrong one leaves the challenge as it was; the right one ends it. */
static void
test_code (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  need_code (f);
  fake_broker_answer_file (f->fake, CODE, 401, "problem-wrong-code.json");
  fake_broker_answer_file (f->fake, CODE, 201, "login.json");
  g_assert_null (send_code (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, "wrong-code");
  g_clear_error (&error);
  login = send_code (f, &error);
  g_assert_no_error (error);
  assert_asked (f, CODE, "code-request.json", NULL);
  g_assert_cmpstr (login->account->name, ==, "hmori");
  assert_token (f);
  g_assert_null (send_code (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, "expired-challenge");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CODE), ==, 2);
}

static void
test_given_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  need_code (f);
  floe_broker_drop_challenge (f->broker);
  g_assert_null (send_code (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, "expired-challenge");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CODE), ==, 0);
}

static void
test_no_challenge (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeSecret) password = floe_secret_new ("secret", -1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer (f->fake, LOGIN, 401, "application/problem+json",
                      "{\"type\":\"urn:floe:problem:unauthenticated\",\"status\":401,"
                      "\"reason\":\"code-needed\"}");
  floe_broker_log_in_async (f->broker, "hmori", password, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  g_assert_null (floe_broker_log_in_finish (f->broker, result, &error));
  assert_error (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed");
}

static void
assert_offer (const FloeFactorOffer *offer)
{
  g_autoptr (FloeSecret) groups = floe_secret_in_groups (offer->secret);

  g_assert_cmpstr (floe_secret_get (offer->secret, NULL), ==, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  g_assert_cmpstr (floe_secret_get (groups, NULL), ==, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
  g_assert_true (g_str_has_prefix (floe_secret_get (offer->uri, NULL), "otpauth://totp/"));
}

static void
assert_receipt (const FloeFactorReceipt *receipt)
{
  g_assert_cmpuint (receipt->recovery_codes->len, ==, 10);
  g_assert_cmpstr (floe_secret_get (receipt->recovery_codes->pdata[0], NULL), ==,
                   "AAAA-AAAA-AAAA-AAAA");
  g_assert_cmpstr (floe_secret_get (receipt->recovery_codes->pdata[9], NULL), ==,
                   "JJJJ-JJJJ-JJJJ-JJJJ");
}

static void
test_enrol_to_log_in (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeFactorOffer) offer = NULL;
  g_autoptr (FloeFactorReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;

  need_enrolment (f);
  fake_broker_answer_file (f->fake, ENROL, 200, "factor-offer.json");
  fake_broker_answer_file (f->fake, CONFIRM, 201, "factor-confirmed-login.json");
  offer = enrol (f, &error);
  g_assert_no_error (error);
  assert_asked (f, ENROL, "enrol-request.json", NULL);
  assert_offer (offer);
  receipt = confirm (f, &error);
  g_assert_no_error (error);
  assert_asked (f, CONFIRM, "code-request.json", NULL);
  assert_receipt (receipt);
  g_assert_cmpstr (receipt->login->account->name, ==, "hmori");
  assert_token (f);
}

static void
test_own (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeFactorOffer) offer = NULL;
  g_autoptr (FloeFactorReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;

  use_token (f);
  fake_broker_answer_file (f->fake, BEGIN, 200, "factor-offer.json");
  fake_broker_answer_file (f->fake, OWN_CONFIRM, 200, "factor-confirmed.json");
  fake_broker_answer (f->fake, END, 204, NULL, "");
  offer = enrol (f, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fake_broker_last (f->fake, BEGIN)->body, ==, "");
  assert_offer (offer);
  receipt = confirm (f, &error);
  g_assert_no_error (error);
  assert_asked (f, OWN_CONFIRM, "own-code-request.json", TOKEN);
  assert_receipt (receipt);
  g_assert_null (receipt->login);
  g_assert_true (end_factor (f, &error));
  assert_asked (f, END, "own-code-request.json", TOKEN);
  assert_token (f);
}

/* What is no offer or receipt is none. */
static void
test_malformed (Fixture *f, gconstpointer data)
{
  const gchar *const receipts[] = {
    "{}",
    "{\"recovery_codes\":[]}",
    "{\"recovery_codes\":\"AAAA\"}",
    "{\"recovery_codes\":[\"\"]}",
    "{\"recovery_codes\":[\"A\\u0041\"]}",
    "{\"recovery_codes\":[\"AAAA\"],\"login\":{}}",
    "{\"recovery_codes\":[\"AAAA\"],\"login\":{\"token\":\"flt_a\"}}",
    "{\"recovery_codes\":[\"AAAA\"],\"login\":{\"toke\\u006e\":\"flt_a\"}}",
    "[[\"AAAA\"]]",
  };
  const gchar *const offers[] = { "{}", "{\"secret\":\"A\"}", "{\"secret\":\"A\",\"uri\":\"\"}",
                                  "{\"secret\":1,\"uri\":\"u\"}", "[]" };

  use_token (f);
  for (guint i = 0; i < G_N_ELEMENTS (receipts); i++)
    fake_broker_answer (f->fake, OWN_CONFIRM, 200, "application/json", receipts[i]);
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    fake_broker_answer (f->fake, BEGIN, 200, "application/json", offers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (receipts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (confirm (f, &error));
      assert_error (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed");
      assert_token (f);
    }
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (enrol (f, &error));
      assert_error (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed");
    }
}

static void
test_tidy (void)
{
  const struct
  {
    const gchar *typed, *tidy;
  } rows[] = {
    { "123456", "123456" },
    { " 123 456\n", "123456" },
    { "１２３　４５６", "123456" },
    { "１２３ー４５６", "123456" },
    { "abcd-efgh‐ijkl–mnop", "abcdefghijklmnop" },
    { "ａＢｃＤ－２３４５", "aBcD2345" },
    { "12é4", "12é4" },
    { "12\xff", "12\xff" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FloeSecret) tidy = floe_code_tidy (rows[i].typed, -1);

      g_assert_cmpstr (floe_secret_get (tidy, NULL), ==, rows[i].tidy);
    }
}

/* The finder patterns stand in three corners, and around all is a light border. */
static void
test_qr (void)
{
  g_autoptr (FloeSecret) text = floe_secret_new ("otpauth://totp/Floe:alice?secret=GEZDGNBV", -1);
  g_autoptr (FloeSecret) none = floe_secret_new ("", -1);
  g_autoptr (FloeQr) qr = floe_qr_new (text);
  gint size = floe_qr_get_size (qr);

  g_assert_cmpint (size, >=, 21 + 2 * FLOE_QR_QUIET);
  for (gint i = 0; i < size; i++)
    for (gint j = 0; j < FLOE_QR_QUIET; j++)
      {
        g_assert_false (floe_qr_is_dark (qr, i, j));
        g_assert_false (floe_qr_is_dark (qr, size - 1 - j, i));
      }
  for (gint i = 0; i < 7; i++)
    {
      g_assert_true (floe_qr_is_dark (qr, FLOE_QR_QUIET + i, FLOE_QR_QUIET));
      g_assert_true (floe_qr_is_dark (qr, size - 1 - FLOE_QR_QUIET, FLOE_QR_QUIET + i));
      g_assert_true (floe_qr_is_dark (qr, FLOE_QR_QUIET + i, size - 1 - FLOE_QR_QUIET));
    }
  g_assert_false (floe_qr_is_dark (qr, FLOE_QR_QUIET + 1, FLOE_QR_QUIET + 1));
  g_assert_null (floe_qr_new (none));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client-factor/code", test_code);
  ADD ("/client-factor/given-up", test_given_up);
  ADD ("/client-factor/no-challenge", test_no_challenge);
  ADD ("/client-factor/enrol/to-log-in", test_enrol_to_log_in);
  ADD ("/client-factor/enrol/own", test_own);
  ADD ("/client-factor/malformed", test_malformed);
  g_test_add_func ("/client-factor/tidy", test_tidy);
  g_test_add_func ("/client-factor/qr", test_qr);
  return g_test_run ();
}
