/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "ui-flow-fixture.h"

/* Of which directory somebody is who logs in. */

#define DOMAINS "GET /api/v1/login"

static GtkWidget *
choice (FlowFixture *f)
{
  return flow_find_named (GTK_WIDGET (floe_window_get_login_page (f->window)), "Domain");
}

static gboolean
is_shown (FlowFixture *f)
{
  GtkWidget *widget = choice (f);

  return widget != NULL && gtk_widget_get_mapped (widget);
}

static const gchar *
chosen (FlowFixture *f)
{
  return gtk_combo_box_get_active_id (GTK_COMBO_BOX (choice (f)));
}

static void
wait_for_choice (FlowFixture *f)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  while (!is_shown (f))
    g_main_context_iteration (NULL, TRUE);
}

static void
script (FlowFixture *f)
{
  fake_broker_answer_file (f->fake, DOMAINS, 200, "login-domains.json");
  fake_broker_answer_file (f->fake, LOGIN, 401, "problem-wrong-credentials.json");
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
}

static gboolean
was_sent (FlowFixture *f, const gchar *text)
{
  return strstr (fake_broker_last (f->fake, LOGIN)->body, text) != NULL;
}

static gchar *
kept (FlowFixture *f)
{
  return g_settings_get_string (f->settings, FLOE_SETTING_DOMAIN);
}

/* The default one first; and what was chosen stays after a wrong password, and for the next time
 * once it was right. */
static void
test_choose (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;

  script (f);
  wait_for_choice (f);
  g_assert_cmpstr (chosen (f), ==, "example.org");
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (choice (f)), "partner.example");
  flow_log_in (f);
  flow_wait_for_text (floe_window_get_login_page (f->window), "is wrong.");
  g_assert_true (was_sent (f, "\"domain\":\"partner.example\""));
  g_assert_cmpstr (chosen (f), ==, "partner.example");
  before = kept (f);
  g_assert_cmpstr (before, ==, "");
  flow_type (f, "Password", "secret");
  flow_press (f, "Log In");
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_true (was_sent (f, "\"domain\":\"partner.example\""));
  after = kept (f);
  g_assert_cmpstr (after, ==, "partner.example");
}

static void
test_remembered (FlowFixture *f, gconstpointer data)
{
  script (f);
  g_settings_set_string (f->settings, FLOE_SETTING_DOMAIN, "partner.example");
  wait_for_choice (f);
  g_assert_cmpstr (chosen (f), ==, "partner.example");
}

/* What another server had is no choice here. */
static void
test_stale (FlowFixture *f, gconstpointer data)
{
  script (f);
  g_settings_set_string (f->settings, FLOE_SETTING_DOMAIN, "elsewhere.example");
  wait_for_choice (f);
  g_assert_cmpstr (chosen (f), ==, "example.org");
}

/* A password is for one directory: while the server does not say whether there is a choice, it goes
 * to that of the last time. */
static void
test_not_told_yet (FlowFixture *f, gconstpointer data)
{
  fake_broker_hang (f->fake, DOMAINS);
  fake_broker_answer_file (f->fake, LOGIN, 400, "problem-unknown-domain.json");
  g_settings_set_string (f->settings, FLOE_SETTING_DOMAIN, "partner.example");
  flow_log_in (f);
  flow_wait_for_text (floe_window_get_login_page (f->window), "does not know the domain");
  g_assert_true (was_sent (f, "\"domain\":\"partner.example\""));
  g_assert_false (is_shown (f));
}

static void
log_in_without (FlowFixture *f)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  while (fake_broker_n_requests (f->fake, DOMAINS) == 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 100; i++) /* the answer is on its way */
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_false (is_shown (f));
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

/* One directory, or a server that tells nobody: nothing to see, and nothing is sent. */
static void
test_none (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, DOMAINS, 200, "login-domains-none.json");
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  g_settings_set_string (f->settings, FLOE_SETTING_DOMAIN, "elsewhere.example");
  log_in_without (f);
  g_assert_false (was_sent (f, "domain"));
}

static void
decide (FlowFixture *f, const gchar *domain)
{
  g_assert_true (floe_managed_set_text (f->managed, FLOE_SETTING_DOMAIN, domain, NULL));
}

/* Seen, and nobody's to change; also one that the server does not tell of. */
static void
test_decided (FlowFixture *f, gconstpointer data)
{
  decide (f, "third.example");
  script (f);
  wait_for_choice (f);
  g_assert_cmpstr (chosen (f), ==, "third.example");
  g_assert_false (gtk_widget_is_sensitive (choice (f)));
  flow_log_in (f);
  flow_wait_for_text (floe_window_get_login_page (f->window), "is wrong.");
  g_assert_true (was_sent (f, "\"domain\":\"third.example\""));
  g_assert_false (gtk_widget_is_sensitive (choice (f)));
}

static void
test_decided_hidden (FlowFixture *f, gconstpointer data)
{
  decide (f, "third.example");
  fake_broker_answer_file (f->fake, DOMAINS, 200, "login-domains-none.json");
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  log_in_without (f);
  g_assert_true (was_sent (f, "\"domain\":\"third.example\""));
}

/* The same way in a kiosk; and whose password has to be changed is of the same domain then. */
static void
test_kiosk (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, DOMAINS, 200, "login-domains.json");
  fake_broker_answer (f->fake, HEALTH, 200, "application/json", "{}");
  fake_broker_answer_file (f->fake, LOGIN, 403, "problem-must-change.json");
  fake_broker_answer (f->fake, CHANGE, 204, NULL, "");
  wait_for_choice (f);
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (choice (f)), "partner.example");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_PASSWORD);
  flow_type (f, "New password", "better");
  flow_type (f, "New password again", "better");
  flow_press (f, "Change Password");
  while (fake_broker_n_requests (f->fake, CHANGE) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (fake_broker_last (f->fake, CHANGE)->body,
                            "{\"username\":\"hmori\",\"domain\":\"partner.example\","));
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/ui-domain/" name, FlowFixture, GINT_TO_POINTER (data), flow_set_up, func,          \
              flow_tear_down)

static void
add_all (void)
{
  ADD ("choose", 0, test_choose);
  ADD ("remembered", 0, test_remembered);
  ADD ("stale", 0, test_stale);
  ADD ("not-told-yet", 0, test_not_told_yet);
  ADD ("none", 0, test_none);
  ADD ("decided", 0, test_decided);
  ADD ("decided-hidden", 0, test_decided_hidden);
  ADD ("kiosk", FLOW_IS_KIOSK, test_kiosk);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
