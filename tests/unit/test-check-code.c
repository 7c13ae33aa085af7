/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/code.h"

#include <string.h>

static FloeCheckResult
some_result (guint seed)
{
  FloeCheckResult result;

  for (guint i = 0; i < FLOE_CHECK_N_STEPS; i++)
    result.outcomes[i] = (seed >> (i % 7)) % 4;
  result.reason = seed % FLOE_REASON_N;
  return result;
}

static void
test_both_ways (void)
{
  for (guint seed = 0; seed < 500; seed++)
    {
      FloeCheckResult result = some_result (seed);
      FloeCheckResult read;
      g_autofree gchar *code = floe_check_encode (&result);

      g_assert_true (g_regex_match_simple ("^1\\d\\d-\\d{3}-\\d{4}$", code, 0, 0));
      g_assert_true (floe_check_decode (code, &read));
      g_assert_cmpint (read.reason, ==, result.reason);
      for (guint i = 0; i < FLOE_CHECK_N_STEPS; i++)
        g_assert_cmpint (read.outcomes[i], ==, result.outcomes[i]);
    }
}

/* As people read and write it. */
static void
test_spelling (void)
{
  FloeCheckResult result = some_result (77);
  g_autofree gchar *code = floe_check_encode (&result);
  FloeCheckResult read;

  g_strdelimit (code, "-", ' ');
  g_assert_true (floe_check_decode (code, &read));
  g_assert_cmpint (read.reason, ==, result.reason);
  g_assert_false (floe_check_decode ("", &read));
  g_assert_false (floe_check_decode ("123", &read));
  g_assert_false (floe_check_decode ("ten digits", &read));
}

/* Each wrong digit is found, and so are a digit too few and one too many. */
static void
test_misheard (void)
{
  for (guint seed = 0; seed < 50; seed++)
    {
      FloeCheckResult result = some_result (seed * 13);
      g_autofree gchar *code = floe_check_encode (&result);
      g_autofree gchar *longer = g_strconcat (code, "0", NULL);
      FloeCheckResult read;

      g_assert_false (floe_check_decode (longer, &read));
      for (guint i = 0; code[i] != '\0'; i++)
        for (gchar digit = '0'; g_ascii_isdigit (code[i]) && digit <= '9'; digit++)
          {
            g_autofree gchar *wrong = g_strdup (code);

            wrong[i] = digit;
            if (digit != code[i])
              g_assert_false (floe_check_decode (wrong, &read));
          }
      code[strlen (code) - 1] = '\0';
      g_assert_false (floe_check_decode (code, &read));
    }
}

/* Of all pairs of neighbours that change places at most a few pass. */
static void
test_swapped (void)
{
  guint tried = 0, passed = 0;

  for (guint seed = 0; seed < 200; seed++)
    {
      FloeCheckResult result = some_result (seed);
      g_autofree gchar *code = floe_check_encode (&result);

      for (guint i = 0; i + 1 < strlen (code); i++)
        {
          g_autofree gchar *wrong = g_strdup (code);
          FloeCheckResult read;

          if (code[i] == code[i + 1] || code[i] == '-' || code[i + 1] == '-')
            continue;
          wrong[i] = code[i + 1];
          wrong[i + 1] = code[i];
          tried++;
          passed += floe_check_decode (wrong, &read) ? 1 : 0;
        }
    }
  g_assert_cmpuint (tried, >, 500);
  g_assert_cmpuint (passed * 20, <, tried);
}

/* Numbers are on paper and in heads: a code of today says the same tomorrow. */
static void
test_stays (void)
{
  FloeCheckResult result = { { FLOE_CHECK_OK, FLOE_CHECK_OK, FLOE_CHECK_OK, FLOE_CHECK_PROBLEM,
                               FLOE_CHECK_SKIPPED, FLOE_CHECK_SKIPPED, FLOE_CHECK_SKIPPED,
                               FLOE_CHECK_WARNING, FLOE_CHECK_WARNING, FLOE_CHECK_OK },
                             FLOE_REASON_EXPIRED };
  g_autofree gchar *code = floe_check_encode (&result);

  g_assert_cmpint (FLOE_REASON_EXPIRED, ==, 11);
  g_assert_cmpint (FLOE_REASON_NO_AUDIO, ==, 27);
  g_assert_cmpstr (code, ==, "100-612-2110");
}

static void
test_words (void)
{
  for (guint i = 0; i < FLOE_REASON_N; i++)
    {
      FloeCheckOutcome outcome = floe_check_reason_outcome (i);

      g_assert_cmpstr (floe_check_reason_words (i), !=, "");
      g_assert_cmpint (floe_check_reason_step (i), <, FLOE_CHECK_N_STEPS);
      if (outcome == FLOE_CHECK_WARNING || outcome == FLOE_CHECK_PROBLEM)
        g_assert_nonnull (floe_check_reason_advice (i));
    }
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-code/both-ways", test_both_ways);
  g_test_add_func ("/check-code/spelling", test_spelling);
  g_test_add_func ("/check-code/misheard", test_misheard);
  g_test_add_func ("/check-code/swapped", test_swapped);
  g_test_add_func ("/check-code/stays", test_stays);
  g_test_add_func ("/check-code/words", test_words);
  return g_test_run ();
}
