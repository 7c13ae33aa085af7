/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/notice.h"
#include "ui/outlook-words.h"

#include "api/error.h"

static void
check_words (const FloeNotice *notice)
{
  g_assert_cmpstr (notice->icon, !=, NULL);
  g_assert_true (g_str_has_suffix (notice->icon, "-symbolic"));
  g_assert_cmpuint (g_utf8_strlen (notice->title, -1), >, 5);
  g_assert_cmpuint (g_utf8_strlen (notice->title, -1), <, 60);
  g_assert_false (g_str_has_suffix (notice->title, "."));
  g_assert_true (g_str_has_suffix (notice->body, "."));
  g_assert_cmpstr (notice->code, !=, NULL);
  g_assert_cmpstr (floe_remedy_label (notice->remedy), !=, NULL);
}

/* No code may be left without words, whatever reason a newer broker adds to it. */
static void
test_every_code (void)
{
  for (gint code = 0; code <= (gint)FLOE_CLIENT_ERROR_PROTOCOL; code++)
    {
      g_autoptr (GError) error =
          floe_client_error_new (code, "of-tomorrow", "the server wrote <b>this</b>");
      g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);
      g_autofree gchar *expected =
          g_strdup_printf ("%s/of-tomorrow", floe_client_error_name (code));

      check_words (notice);
      g_assert_cmpstr (notice->code, ==, expected);
      g_assert_cmpstr (notice->detail, ==, "the server wrote <b>this</b>");
      g_assert_null (strstr (notice->body, "<b>"));
    }
}

typedef struct
{
  FloeClientError code;
  const gchar *reason;
  const gchar *title;
  FloeRemedy remedy;
} Row;

static const Row rows[] = {
  { FLOE_CLIENT_ERROR_INVALID, "key-file", "The terminal's key cannot be used",
    FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_UNAUTHENTICATED, "wrong-credentials", "The log-in failed",
    FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_UNAUTHENTICATED, NULL, "You have been logged out", FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_EXPIRED_TOKEN, NULL, "Your log-in has run out", FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_DENIED, "must-change", "Your password has to be changed",
    FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_DENIED, "expired", "Your password has expired", FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_DENIED, "disabled", "Your account is disabled", FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_DENIED, "account-expired", "Your account has expired", FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_DENIED, "not-now", "You cannot log in at this time", FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_DENIED, "not-here", "You cannot log in from here", FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_DENIED, NULL, "You have no access to this", FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_NOT_FOUND, "not-entitled", "You have no access to this", FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_EXHAUSTED, "maintenance", "Your desktop is in maintenance",
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_EXHAUSTED, "pool-closed", "These desktops are closed", FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_EXHAUSTED, "not-assigned", "No desktop was given to you yet",
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_CONFLICT, "limit-reached", "You have as many as you may have",
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_NOT_FOUND, "not-held", "That desktop is not yours any more",
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_CONFLICT, "not-running", "The desktop stops again and again",
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "desktop-gone", "Your desktop is gone", FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "host-down", "The desktop's host does not answer",
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "start-failed", "The desktop did not start", FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_TIMED_OUT, "start-failed", "The desktop did not start", FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_DENIED, "plain-display", "The desktop's display is not encrypted",
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_DENIED, "no-ticketing", "The desktop is not protected", FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "data-failed", "Your data cannot be reached",
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_DENIED, "host-clock", "The desktop's host is refused", FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "database-full", "The server has run out of room",
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "database-read-only", "The server cannot write to its disk",
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "database-down", "The server has lost its database",
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_EXHAUSTED, "no-desktop-free", "No desktop is free", FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "directory-down", "Nobody can log in right now",
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "dns", "The server was not found", FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "closed", "The server cannot be reached", FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "tls-untrusted", "This server cannot be trusted",
    FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_NETWORK, "tls-not-yet-valid", "Is this computer's clock right?",
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker", "There is no Floe server at this address",
    FLOE_REMEDY_SERVER },
};

static void
test_error (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GError) error = floe_client_error_new (row->code, row->reason, "the pool is closed");
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  check_words (notice);
  g_assert_cmpstr (notice->title, ==, row->title);
  g_assert_cmpint (notice->remedy, ==, row->remedy);
}

static void
test_pool_message (void)
{
  g_autoptr (GError) error = floe_client_error_new (FLOE_CLIENT_ERROR_EXHAUSTED, "pool-closed",
                                                    "Closed for cleaning until 14:00.");
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  g_assert_cmpstr (notice->title, ==, "These desktops are closed");
  g_assert_cmpstr (notice->body, ==, "Closed for cleaning until 14:00.");
}

static void
test_foreign_error (void)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "what");
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  check_words (notice);
  g_assert_cmpstr (notice->code, ==, "client/fault");
}

static void
test_every_cause (void)
{
  for (gint cause = FLOE_END_NONE; cause <= (gint)FLOE_END_LAST + 1; cause++)
    {
      g_autoptr (FloeNotice) notice = floe_notice_new_for_cause (cause, "");

      check_words (notice);
      g_assert_null (notice->detail);
    }
}

static FloeDesktop *
make_desktop (FloeEndReason reason, const gchar *where, gint64 at)
{
  FloeDesktop *desktop = g_new0 (FloeDesktop, 1);

  desktop->id = g_strdup ("d1");
  desktop->power = g_strdup ("on");
  desktop->console = g_strdup ("none");
  desktop->can_reconnect = TRUE;
  desktop->end = g_new0 (FloeDesktopEnd, 1);
  desktop->end->reason = reason;
  desktop->end->where = g_strdup (where);
  desktop->end->at = at;
  return desktop;
}

static void
test_every_end (void)
{
  for (gint reason = 0; reason <= (gint)FLOE_END_REASON_DRAINED; reason++)
    {
      g_autoptr (FloeDesktop) desktop = make_desktop (reason, NULL, 0);
      g_autoptr (FloeNotice) notice = floe_notice_new_for_desktop (desktop);
      g_autoptr (FloeNotice) lost = NULL;

      check_words (notice);
      desktop->can_reconnect = FALSE;
      lost = floe_notice_new_for_desktop (desktop);
      g_assert_cmpint (lost->remedy, ==, FLOE_REMEDY_POOLS);
    }
}

static void
test_taken_over (void)
{
  g_autoptr (FloeDesktop) desktop = make_desktop (FLOE_END_REASON_TAKEN_OVER, "room 12",
                                                  (10 * 3600 + 41 * 60) * (gint64)G_USEC_PER_SEC);
  g_autoptr (FloeNotice) notice = floe_notice_new_for_desktop (desktop);
  g_autoptr (FloeNotice) timeless = NULL;

  g_assert_cmpint (notice->remedy, ==, FLOE_REMEDY_BRING);
  g_assert_nonnull (strstr (notice->body, "at room 12 at 10:41"));
  desktop->end->at = 0;
  timeless = floe_notice_new_for_desktop (desktop);
  g_assert_nonnull (strstr (timeless->body, "at room 12,"));
}

/* Without a reason, the state tells it. */
static void
test_state (void)
{
  g_autoptr (FloeDesktop) desktop = make_desktop (FLOE_END_REASON_UNKNOWN, NULL, 0);
  g_autoptr (FloeNotice) off = NULL;
  g_autoptr (FloeNotice) lost = NULL;

  desktop->state = FLOE_DESKTOP_STATE_OFF;
  off = floe_notice_new_for_desktop (desktop);
  g_assert_cmpstr (off->code, ==, "desktop/powered-off");
  desktop->state = FLOE_DESKTOP_STATE_HOST_LOST;
  lost = floe_notice_new_for_desktop (desktop);
  g_assert_cmpstr (lost->code, ==, "desktop/host-lost");
}

static void
test_stop (void)
{
  g_autoptr (GError) error = floe_client_error_new (FLOE_CLIENT_ERROR_BUSY, NULL, "x");
  g_autoptr (FloeDesktop) desktop = make_desktop (FLOE_END_REASON_ADMIN, NULL, 0);
  FloeStop stop = { .cause = FLOE_END_TLS, .detail = (gchar *)"subject mismatch" };
  g_autoptr (FloeNotice) cause = floe_notice_new_for_stop (&stop);
  g_autoptr (FloeNotice) refusal = NULL;
  g_autoptr (FloeNotice) end = NULL;

  g_assert_cmpstr (cause->code, ==, "display/tls");
  g_assert_cmpstr (cause->detail, ==, "subject mismatch");
  stop.error = error;
  refusal = floe_notice_new_for_stop (&stop);
  g_assert_cmpstr (refusal->code, ==, "busy");
  stop.desktop = desktop;
  end = floe_notice_new_for_stop (&stop);
  g_assert_cmpstr (end->code, ==, "desktop/admin");
}

#define NOON (G_GINT64_CONSTANT (1795435200) * G_USEC_PER_SEC)

static void
assert_told (const FloeDesktop *desktop, const gchar *wanted, gint64 wanted_again)
{
  gint64 again = -1;
  g_autofree gchar *words = floe_outlook_words (desktop, NOON, &again);

  g_assert_cmpstr (words, ==, wanted);
  g_assert_cmpint (again, ==, wanted_again);
}

static void
test_outlook (void)
{
  FloeDesktop desktop = { .id = NULL };

  assert_told (&desktop, NULL, 0);
  desktop.notice = (gchar *)"host1 moves";
  assert_told (&desktop, "Your administrators say: “host1 moves”", 0);
  desktop.ends_at = NOON + 30 * G_TIME_SPAN_MINUTE;
  assert_told (&desktop,
               "Your administrators say: “host1 moves” This desktop is closed at 12:30 for "
               "maintenance. Save your work.",
               0);
  desktop.notice = NULL;
  /* A limit that is far is told later, one that comes first at once. */
  desktop.limit_at = NOON + 20 * G_TIME_SPAN_MINUTE;
  assert_told (&desktop, "This desktop is closed at 12:30 for maintenance. Save your work.",
               NOON + 5 * G_TIME_SPAN_MINUTE);
  desktop.limit_at = NOON + 10 * G_TIME_SPAN_MINUTE;
  assert_told (&desktop, "Your session ends at 12:10: it may not last longer. Save your work.", 0);
  desktop.limit_at = desktop.ends_at = NOON - 1;
  assert_told (&desktop, NULL, 0);
}

static void
assert_left (const FloeDesktop *desktop, const gchar *wanted, gint64 wanted_again)
{
  gint64 again = -1;
  g_autofree gchar *words = floe_outlook_time_left (desktop, NOON, &again);

  g_assert_cmpstr (words, ==, wanted);
  g_assert_cmpint (again, ==, wanted_again);
}

/* What has begun counts, until it is over. */
static void
test_time_left (void)
{
  FloeDesktop desktop = { .id = NULL };

  assert_left (&desktop, NULL, 0);
  desktop.limit_at = NOON + 2 * G_TIME_SPAN_HOUR + 5 * G_TIME_SPAN_MINUTE;
  assert_left (&desktop, "2 h 05 min left", NOON + G_TIME_SPAN_MINUTE);
  desktop.ends_at = NOON + 90 * G_TIME_SPAN_SECOND;
  assert_left (&desktop, "2 min left", NOON + 30 * G_TIME_SPAN_SECOND);
  desktop.limit_at = NOON + 1;
  assert_left (&desktop, "1 min left", NOON + 1);
  desktop.limit_at = desktop.ends_at = NOON;
  assert_left (&desktop, NULL, 0);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui-notice/every-code", test_every_code);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *path =
          g_strdup_printf ("/ui-notice/error/%s/%s", floe_client_error_name (rows[i].code),
                           rows[i].reason != NULL ? rows[i].reason : "any");

      g_test_add_data_func (path, &rows[i], test_error);
    }
  g_test_add_func ("/ui-notice/pool-message", test_pool_message);
  g_test_add_func ("/ui-notice/foreign-error", test_foreign_error);
  g_test_add_func ("/ui-notice/every-cause", test_every_cause);
  g_test_add_func ("/ui-notice/every-end", test_every_end);
  g_test_add_func ("/ui-notice/outlook", test_outlook);
  g_test_add_func ("/ui-notice/time-left", test_time_left);
  g_test_add_func ("/ui-notice/taken-over", test_taken_over);
  g_test_add_func ("/ui-notice/state", test_state);
  g_test_add_func ("/ui-notice/stop", test_stop);
  return g_test_run ();
}
