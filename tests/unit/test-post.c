/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/post.h"

#include <string.h>

#include "core/error.h"
#include "core/shadow-letter.h"
#include "house.h"
#include "login/letter-keys.h"
#include "logs.h"

/* Letters between brokers: what they are sealed with, how they come, and what they say of shadows.
 */

#define NOTHING "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static FloePostKeys *
keys_new (void)
{
  g_autoptr (GError) error = NULL;
  FloePostKeys *keys = floe_letter_keys_new (&error);

  g_assert_no_error (error);
  return keys;
}

static gchar *
seal (FloePostKeys *from, FloePostKeys *to, const gchar *text)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (text, -1);
  g_autoptr (GError) error = NULL;
  gchar *sealed = floe_post_keys_seal (from, floe_post_keys_get_address (to), secret, &error);

  g_assert_no_error (error);
  return sealed;
}

static void
assert_closed (FloePostKeys *keys, const gchar *sender, const gchar *sealed)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_post_keys_open (keys, sender, sealed, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
}

static void
test_keys (void)
{
  g_autoptr (FloePostKeys) one = keys_new ();
  g_autoptr (FloePostKeys) two = keys_new ();
  g_autoptr (FloePostKeys) three = keys_new ();
  const gchar *from = floe_post_keys_get_address (one);
  g_autofree gchar *sealed = seal (one, two, "pictures");
  g_autofree gchar *again = seal (one, two, "pictures");
  g_autoptr (FloeSecret) opened = floe_post_keys_open (two, from, sealed, NULL);

  g_assert_cmpstr (floe_secret_get (opened, NULL), ==, "pictures");
  g_assert_cmpstr (sealed, !=, again);
  assert_closed (three, from, sealed);                             /* it is for two */
  assert_closed (two, floe_post_keys_get_address (three), sealed); /* and from one */
  assert_closed (one, floe_post_keys_get_address (two), sealed);   /* nor is it sent back */
  assert_closed (one, floe_post_keys_get_address (one), sealed);
  for (gsize i = 0; i < strlen (sealed); i++) /* without padding */
    {
      g_autofree gchar *changed = g_strdup (sealed);

      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      assert_closed (two, from, changed);
    }
}

static void
test_bad_addresses (void)
{
  static const gchar *const bad[] = { "", "nobody", NOTHING, NOTHING "A",
                                      "!!!!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                                      /* a point of small order: 1 */
                                      "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" };
  g_autoptr (FloePostKeys) one = keys_new ();
  g_autoptr (FloeSecret) text = floe_secret_new ("pictures", -1);
  g_autofree gchar *sealed = seal (one, one, "pictures");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (floe_post_keys_seal (one, bad[i], text, &error));
      g_assert_nonnull (error);
      assert_closed (one, bad[i], sealed);
    }
  assert_closed (one, floe_post_keys_get_address (one), "");
  assert_closed (one, floe_post_keys_get_address (one), "AAAA");
}

static void
test_too_long (void)
{
  g_autoptr (FloePostKeys) one = keys_new ();
  g_autofree gchar *bytes = g_malloc0 (FLOE_LETTER_MOST + 2);
  g_autoptr (FloeSecret) most = floe_secret_new (bytes, FLOE_LETTER_MOST);
  g_autoptr (FloeSecret) more = floe_secret_new (bytes, FLOE_LETTER_MOST + 1);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *sealed =
      floe_post_keys_seal (one, floe_post_keys_get_address (one), most, NULL);

  g_assert_nonnull (sealed);
  g_assert_null (floe_post_keys_seal (one, floe_post_keys_get_address (one), more, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
}

/* What is told. */

static FloeShadowLetter *
pass_on (const FloeShadowLetter *letter)
{
  g_autoptr (FloeSecret) text = floe_shadow_letter_write (letter);
  g_autoptr (GError) error = NULL;
  FloeShadowLetter *read = floe_shadow_letter_read (text, &error);

  g_assert_no_error (error);
  g_assert_cmpint (read->kind, ==, letter->kind);
  g_assert_cmpuint (read->number, ==, letter->number);
  return read;
}

static void
test_picture (void)
{
  g_autoptr (FloeSecret) bytes = floe_secret_new ("\xff\xd8\xff\0\x01", 5);
  FloePicture picture = { 7, TRUE, 1, 2, 640, 480, bytes };
  FloeShadowLetter letter = { .kind = FLOE_SHADOW_PUT_PICTURE,
                              .number = G_MAXUINT64,
                              .id = (gchar *)"s1",
                              .login_id = (gchar *)"l1",
                              .picture = &picture };
  g_autoptr (FloeShadowLetter) read = pass_on (&letter);
  gsize length;
  const gchar *got = floe_secret_get (read->picture->bytes, &length);

  g_assert_cmpstr (read->id, ==, "s1");
  g_assert_cmpstr (read->login_id, ==, "l1");
  g_assert_cmpmem (got, length, "\xff\xd8\xff\0\x01", 5);
  g_assert_cmpuint (read->picture->number, ==, 7);
  g_assert_true (read->picture->first);
  g_assert_cmpuint (read->picture->x, ==, 1);
  g_assert_cmpuint (read->picture->y, ==, 2);
  g_assert_cmpuint (read->picture->width, ==, 640);
  g_assert_cmpuint (read->picture->height, ==, 480);
  g_assert_null (read->inputs);
}

static void
test_inputs (void)
{
  FloeInput events[] = { { FLOE_INPUT_KEY, 0x11c, TRUE, 0, 0 },
                         { FLOE_INPUT_MOVE, 0, FALSE, 3, 4 } };
  FloeInputs inputs = { TRUE, events, G_N_ELEMENTS (events) };
  FloeShadowLetter letter = { .kind = FLOE_SHADOW_PUT_INPUTS, .inputs = &inputs };
  g_autoptr (FloeShadowLetter) read = pass_on (&letter);

  g_assert_true (read->inputs->all);
  g_assert_cmpuint (read->inputs->n_events, ==, 2);
  g_assert_cmpint (read->inputs->events[0].kind, ==, FLOE_INPUT_KEY);
  g_assert_cmpuint (read->inputs->events[0].code, ==, 0x11c);
  g_assert_true (read->inputs->events[0].down);
  g_assert_cmpint (read->inputs->events[1].kind, ==, FLOE_INPUT_MOVE);
  g_assert_cmpuint (read->inputs->events[1].x, ==, 3);
  g_assert_cmpuint (read->inputs->events[1].y, ==, 4);
}

static void
test_refusal (void)
{
  FloeShadowLetter letter = { .kind = FLOE_SHADOW_REFUSAL, .number = 4 };
  g_autoptr (FloeShadowLetter) reason = NULL;
  g_autoptr (FloeShadowLetter) plain = NULL;

  floe_set_error_reason (&letter.error, FLOE_ERROR_DENIED, "no-control", "100%% of it");
  reason = pass_on (&letter);
  g_assert_error (reason->error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (reason->error), ==, "no-control");
  g_assert_cmpstr (reason->error->message, ==, "100% of it");
  g_clear_error (&letter.error);
  g_set_error_literal (&letter.error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "gone");
  plain = pass_on (&letter);
  g_assert_error (plain->error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
  g_assert_null (floe_error_reason (plain->error));
  g_clear_error (&letter.error);
}

/* Whatever comes, nothing breaks: each prefix of a letter, and each with one byte changed. */
static void
test_damaged (void)
{
  FloeInput event = { FLOE_INPUT_WHEEL, 2, FALSE, 0, 0 };
  FloeInputs inputs = { FALSE, &event, 1 };
  g_autoptr (FloeSecret) bytes = floe_secret_new ("\xff\xd8\xff", 3);
  FloePicture picture = { .bytes = bytes };
  FloeShadowLetter letter = { .kind = FLOE_SHADOW_ANSWER, .picture = &picture, .inputs = &inputs };
  g_autoptr (FloeSecret) text = floe_shadow_letter_write (&letter);
  gsize length;
  const gchar *whole = floe_secret_get (text, &length);
  guint n_refused = 0;

  for (gsize i = 0; i < length; i++)
    {
      g_autoptr (FloeSecret) prefix = floe_secret_new (whole, (gssize)i);
      g_autofree gchar *changed = g_memdup2 (whole, length);
      g_autoptr (FloeSecret) other = NULL;
      g_autoptr (FloeShadowLetter) read = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (floe_shadow_letter_read (prefix, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
      changed[i] = (gchar)~changed[i];
      other = floe_secret_new (changed, (gssize)length);
      read = floe_shadow_letter_read (other, NULL);
      n_refused += read == NULL;
    }
  g_assert_cmpuint (n_refused, >, 0);
}

/* How they come. */

typedef struct
{
  House *house;
  FloePost *one;
  FloePost *two;
  GString *heard; /* what came to two, with spaces between */
  GString *deaf;  /* whom one cannot reach */
} Fixture;

static void
on_letter (FloePost *post, const gchar *sender, FloeSecret *text, Fixture *f)
{
  g_assert_cmpstr (sender, ==, floe_post_get_address (f->one));
  g_string_append_printf (f->heard, "%s ", floe_secret_get (text, NULL));
}

static void
on_deaf (FloePost *post, const gchar *recipient, Fixture *f)
{
  g_string_append_printf (f->deaf, "%s ", recipient);
}

static FloePost *
post_new (Fixture *f)
{
  g_autoptr (FloePostKeys) keys = keys_new ();

  return floe_post_new (f->house->counted, FLOE_CLOCK (f->house->clock), keys);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->house = house_new ();
  f->one = post_new (f);
  f->two = post_new (f);
  f->heard = g_string_new (NULL);
  f->deaf = g_string_new (NULL);
  g_signal_connect (f->two, "letter", G_CALLBACK (on_letter), f);
  g_signal_connect (f->one, "deaf", G_CALLBACK (on_deaf), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  floe_post_stop (f->one);
  floe_post_stop (f->two);
  house_settle (f->house);
  g_assert_finalize_object (f->one);
  g_assert_finalize_object (f->two);
  g_string_free (f->heard, TRUE);
  g_string_free (f->deaf, TRUE);
  house_free (f->house);
}

static void
send (Fixture *f, const gchar *text)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (text, -1);
  g_autoptr (GError) error = NULL;

  floe_post_send (f->one, floe_post_get_address (f->two), secret, &error);
  g_assert_no_error (error);
  house_settle (f->house);
}

static gpointer
list (FloeTx *tx, gconstpointer address, GError **error)
{
  return floe_tx_list_letters (tx, address, 0, error);
}

static guint
count (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) letters = NULL;

  floe_store_read_async (f->house->counted, list, (gpointer)floe_post_get_address (f->two), NULL,
                         (GDestroyNotify)g_ptr_array_unref, NULL, house_answered, &result);
  house_wait (f->house, &result);
  letters = floe_store_finish (f->house->counted, result, &error);
  g_assert_no_error (error);
  return letters->len;
}

static void
test_once (Fixture *f, gconstpointer data)
{
  floe_post_set_listening (f->two, TRUE);
  send (f, "a");
  send (f, "b");
  g_assert_cmpuint (count (f), ==, 2);
  g_assert_cmpstr (f->heard->str, ==, "");
  house_pass_ms (f->house, 260);
  g_assert_cmpstr (f->heard->str, ==, "a b ");
  g_assert_cmpuint (count (f), ==, 0);
  send (f, "c"); /* and faster from here on */
  house_pass_ms (f->house, 50);
  g_assert_cmpstr (f->heard->str, ==, "a b c ");
  house_pass_ms (f->house, 5000);
  g_assert_cmpstr (f->heard->str, ==, "a b c ");
  g_assert_cmpstr (f->deaf->str, ==, "");
}

/* Whoever stops in between says no more; whoever does not listen costs nothing. */
static void
test_stopped (Fixture *f, gconstpointer data)
{
  floe_post_set_listening (f->two, TRUE);
  send (f, "a");
  floe_post_stop (f->two);
  house_pass_ms (f->house, 300);
  g_assert_cmpstr (f->heard->str, ==, "");
}

static void
test_deaf (Fixture *f, gconstpointer data)
{
  send (f, "a");
  house_pass_ms (f->house, 2900);
  g_assert_cmpstr (f->deaf->str, ==, "");
  house_pass_ms (f->house, 200);
  g_assert_true (g_str_has_prefix (f->deaf->str, floe_post_get_address (f->two)));
  g_assert_cmpuint (count (f), ==, 0);
  house_pass_ms (f->house, 5000);
  g_assert_cmpuint (f->deaf->len, ==, strlen (floe_post_get_address (f->two)) + 1);
}

/* Who stood still, or whose database did, knows nothing of others. */
static void
test_paused (Fixture *f, gconstpointer data)
{
  send (f, "a");
  house_pass_ms (f->house, 100);
  fake_clock_advance (f->house->clock, 5 * G_USEC_PER_SEC);
  house_settle (f->house);
  house_pass_ms (f->house, 200);
  g_assert_cmpstr (f->deaf->str, ==, "");
  floe_post_set_listening (f->two, TRUE);
  house_pass_ms (f->house, 300);
  g_assert_cmpstr (f->heard->str, ==, "a ");
}

static gpointer
forge (FloeTx *tx, gconstpointer data, GError **error)
{
  return floe_tx_put_letter (tx, data, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* What somebody wrote into the store by hand is thrown away, and so is what is old. */
static void
test_forged (Fixture *f, gconstpointer data)
{
  const gchar *one = floe_post_get_address (f->one);
  const gchar *two = floe_post_get_address (f->two);
  FloeLetter letter = { 0, (gchar *)one, (gchar *)two,
                        (gchar *)"bm90aGluZw==", floe_clock_now (FLOE_CLOCK (f->house->clock)) };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) again = NULL;

  floe_store_write_async (f->house->counted, forge, &letter, NULL, NULL, house_answered, &result);
  house_wait (f->house, &result);
  logs_expect ("a letter from broker *: it cannot be opened: *");
  floe_post_set_listening (f->two, TRUE);
  house_pass_ms (f->house, 300);
  g_assert_cmpstr (f->heard->str, ==, "");
  g_assert_cmpuint (count (f), ==, 0);
  logs_assert_expected ();
  floe_post_set_listening (f->two, FALSE);
  house_pass_ms (f->house, 20000);
  letter.at -= 11 * 60 * G_USEC_PER_SEC;
  floe_store_write_async (f->house->counted, forge, &letter, NULL, NULL, house_answered, &again);
  house_wait (f->house, &again);
  g_assert_cmpuint (count (f), ==, 1);
  floe_post_set_listening (f->one, TRUE);
  house_settle (f->house);
  g_assert_cmpuint (count (f), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/post/keys", test_keys);
  g_test_add_func ("/post/bad-addresses", test_bad_addresses);
  g_test_add_func ("/post/too-long", test_too_long);
  g_test_add_func ("/post/picture", test_picture);
  g_test_add_func ("/post/inputs", test_inputs);
  g_test_add_func ("/post/refusal", test_refusal);
  g_test_add_func ("/post/damaged", test_damaged);
#define ADD(path, func) g_test_add ("/post/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("once", test_once);
  ADD ("stopped", test_stopped);
  ADD ("deaf", test_deaf);
  ADD ("paused", test_paused);
  ADD ("forged", test_forged);
  return g_test_run ();
}
