/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-test.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-json.h"
#include "manager/ovirt/engine-login.h"
#include "manager/ovirt/engine-test-pools.h"
#include "manager/ovirt/engine-trial.h"

/* What is right and wrong with an engine, for a program that does nothing else: it waits for each
 * answer. */

#define HEALTH "/services/health"
/* A clock that is further off makes its events hard to read beside ours. */
#define SKEW 30

/* The way there. */

static const struct
{
  GTlsCertificateFlags flag;
  const gchar *wrong;
  const gchar *change;
} flaws[] = {
  { G_TLS_CERTIFICATE_UNKNOWN_CA, "its certificate is signed by no authority that is trusted",
    "fetch its own: floectl manager trust URL FILE, and name the file as ca_file" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, "its certificate is for another name",
    "use the name in url that the engine was set up with" },
  { G_TLS_CERTIFICATE_EXPIRED, "its certificate has expired",
    "renew it there: engine-setup --offline" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, "its certificate is not valid yet",
    "set the clocks right, here and there" },
  { G_TLS_CERTIFICATE_INSECURE, "its certificate is too weak",
    "renew it there: engine-setup --offline" },
};

static gboolean
on_certificate (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags errors,
                gpointer data)
{
  *(GTlsCertificateFlags *)data |= errors;
  return FALSE;
}

static void
tell_flaws (FloeEngineTrial *trial, GTlsCertificateFlags flags)
{
  for (guint i = 0; i < G_N_ELEMENTS (flaws); i++)
    if (flags & flaws[i].flag)
      floe_report_wrong (trial->report, flaws[i].change, "%s", flaws[i].wrong);
}

static gboolean
test_way (FloeEngineTrial *trial, const FloeEngineSettings *settings)
{
  g_autofree gchar *url = g_strconcat (settings->url, HEALTH, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupMessage) message = floe_engine_message_new ("GET", url, &error);
  g_autoptr (FloeEngineReply) reply = NULL;
  GTlsCertificateFlags flags = 0;

  if (message != NULL)
    {
      g_signal_connect (message, "accept-certificate", G_CALLBACK (on_certificate), &flags);
      reply = floe_engine_trial_send (trial, message, &error);
    }
  if (reply != NULL && reply->status == 200)
    floe_report_ok (trial->report, "%s answers, and its certificate is trusted", settings->url);
  else if (reply != NULL)
    floe_report_wrong (trial->report, FLOE_ENGINE_LOOK, "%s is not well: it answers %u",
                       settings->url, reply->status);
  else if (flags != 0)
    tell_flaws (trial, flags);
  else
    floe_report_wrong (trial->report, "set url right, or let this machine through to it", "%s",
                       error->message);
  return reply != NULL && reply->status == 200;
}

/* The account. */

static void
tell_clock (FloeEngineTrial *trial, JsonObject *root)
{
  gint64 there = floe_engine_json_number (root, "time", 0) / 1000;
  gint64 skew = there - g_get_real_time () / G_USEC_PER_SEC;

  if (there == 0)
    return;
  if (ABS (skew) > SKEW)
    floe_report_warn (trial->report, "run chrony on both machines",
                      "its clock is %" G_GINT64_FORMAT " s %s ours", ABS (skew),
                      skew > 0 ? "before" : "behind");
  else
    floe_report_ok (trial->report, "its clock is right");
}

static gchar *
test_account (FloeEngineTrial *trial, const FloeEngineSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = floe_engine_trial_get (trial, "", &error);
  JsonObject *root = floe_engine_json_root (answer);
  JsonObject *product = floe_engine_json_object (root, "product_info");
  const gchar *version = floe_engine_json_text_in (product, "version", "full_version");
  const gchar *name = floe_engine_json_text (product, "name");

  if (answer == NULL)
    {
      floe_report_wrong (trial->report,
                         g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED)
                             ? "set user and what is in password_file right"
                             : FLOE_ENGINE_LOOK,
                         "%s cannot log in: %s", settings->user, error->message);
      return NULL;
    }
  floe_report_ok (trial->report, "%s logs in at %s %s", settings->user,
                  name != NULL ? name : "an engine", version != NULL ? version : "");
  tell_clock (trial, root);
  return g_strdup (floe_engine_json_id (floe_engine_json_object (root, "authenticated_user")));
}

/* Its rights: those of all roles that it has of its own, wherever. */

static const struct
{
  const gchar *permit;
  const gchar *what;
  gboolean needed;
} rights[] = {
  { "vm_pool_basic_operations", "get desktops of pools", TRUE },
  { "connect_to_vm", "open consoles", TRUE },
  { "reconnect_to_vm", "open a console again that somebody else had", TRUE },
  { "run_vm", "have desktops started", TRUE },
  { "shut_down_vm", "shut desktops down", TRUE },
  { "stop_vm", "switch desktops off", TRUE },
  { "reboot_vm", "restart desktops", FALSE },
  { "edit_vm_properties",
    "write into a VM's comment whose it is, and take back those of the type manual that it holds",
    FALSE },
  { "edit_vm_pool_configuration", "change what a pool keeps running, and how many each may have",
    FALSE },
  { "manipulate_permissions",
    "entitle groups to pools, and take desktops of the type manual from their users", FALSE },
};

static gboolean
add_permits (FloeEngineTrial *trial, const gchar *role_id, GHashTable *permits, GError **error)
{
  g_autofree gchar *path = g_strdup_printf ("/roles/%s/permits", role_id);
  g_autoptr (JsonNode) answer = floe_engine_trial_get (trial, path, error);
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "permit");
  guint n = floe_engine_json_length (list);

  for (guint i = 0; i < n; i++)
    {
      const gchar *name = floe_engine_json_text (floe_engine_json_item (list, i), "name");

      if (name != NULL)
        g_hash_table_add (permits, g_strdup (name));
    }
  return answer != NULL;
}

static gboolean
read_permits (FloeEngineTrial *trial, const gchar *user_id, GHashTable *permits, GError **error)
{
  g_autofree gchar *path = g_strdup_printf ("/users/%s/permissions", user_id);
  g_autoptr (JsonNode) answer = floe_engine_trial_get (trial, path, error);
  g_autoptr (GHashTable) roles = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "permission");
  guint n = floe_engine_json_length (list);
  gboolean good = answer != NULL;

  for (guint i = 0; good && i < n; i++)
    {
      const gchar *role =
          floe_engine_json_id (floe_engine_json_object (floe_engine_json_item (list, i), "role"));

      if (role != NULL && g_hash_table_add (roles, (gpointer)role))
        good = add_permits (trial, role, permits, error);
    }
  return good;
}

static void
tell_missing (FloeEngineTrial *trial, const FloeEngineSettings *settings, GHashTable *permits)
{
  guint n_missing = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rights); i++)
    {
      g_autofree gchar *upper = g_ascii_strup (rights[i].permit, -1);
      g_autofree gchar *change =
          g_strdup_printf ("give it a role with %s, on the data centre of the pools", upper);

      if (g_hash_table_contains (permits, rights[i].permit))
        continue;
      n_missing++;
      if (rights[i].needed)
        floe_report_wrong (trial->report, change, "%s may not %s", settings->user, rights[i].what);
      else
        floe_report_warn (trial->report, change, "%s may not %s", settings->user, rights[i].what);
    }
  if (n_missing == 0)
    floe_report_ok (trial->report, "%s has the rights that are needed", settings->user);
}

/* Whoever has only roles of a user is shown what they may use themselves, whatever these roles
 * permit. */
static void
test_sight (FloeEngineTrial *trial, const FloeEngineSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_trial_get (trial, "/vmpools?filter=false&max=1", &error);

  if (answer == NULL && g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED))
    floe_report_wrong (trial->report,
                       "give it a role of the account type Admin, on the data centre of the pools",
                       "%s only sees what is given to itself", settings->user);
}

static void
test_rights (FloeEngineTrial *trial, const FloeEngineSettings *settings, const gchar *user_id)
{
  g_autoptr (GHashTable) permits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;

  if (read_permits (trial, user_id, permits, &error))
    tell_missing (trial, settings, permits);
  else
    floe_report_warn (trial->report,
                      g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED)
                          ? "give it the right to see its own roles"
                          : FLOE_ENGINE_LOOK,
                      "the rights of %s cannot be read: %s", settings->user, error->message);
  test_sight (trial, settings);
}

static void
test_client (FloeEngineTrial *trial, const FloeEngineSettings *settings)
{
  g_autoptr (GError) error = NULL;

  if (settings->client_id == NULL)
    return;
  if (floe_engine_trial_act_for (trial, settings->user, &error))
    floe_report_ok (trial->report, "client %s may log people in", settings->client_id);
  else
    floe_report_wrong (trial->report,
                       g_strcmp0 (floe_error_reason (error), "engine-login") == 0
                           ? "register it there with ovirt-register-sso-client-tool, and the scope "
                             "ovirt-ext=token:login-on-behalf"
                           : FLOE_ENGINE_LOOK,
                       "client %s may not log people in: %s", settings->client_id, error->message);
}

/* How people can be logged in there: with their passwords, or without. */
static void
tell_ways (FloeEngineTrial *trial, const FloeEngineTest *test)
{
  const FloeEngineSettings *settings = test->settings;

  if (settings->profile == NULL)
    floe_report_ok (trial->report, "pools can be lent by service-account alone: no profile is set");
  else if (test->has_key)
    floe_report_ok (trial->report, "pools can be lent as-user, to people of the profile %s",
                    settings->profile);
  else if (settings->client_id != NULL)
    floe_report_ok (trial->report, "pools cannot be lent as-user: no key_file is set");
  else
    floe_report_warn (trial->report,
                      "set key_file, made with openssl rand -hex 32, or client_id and "
                      "client_secret_file",
                      "nobody of the profile %s can be logged in there: no key_file is set",
                      settings->profile);
}

/**
 * floe_engine_test_run:
 *
 * Goes the way of a connect as far as that is possible without giving anybody anything, and tells
 * what it finds. Runs the default main context; for a program that does nothing else.
 *
 * Returns: whether nothing is wrong; warnings are not
 */
gboolean
floe_engine_test_run (const FloeEngineTest *test, FloeReportPrint print, gpointer data)
{
  g_autoptr (FloeReport) report = floe_report_new (print, data);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeEngineTrial) trial = floe_engine_trial_new (test->settings, report, &error);
  g_autofree gchar *user_id = NULL;

  if (trial == NULL)
    {
      floe_report_wrong (report, NULL, "ca_file: %s", error->message);
      return FALSE;
    }
  if (test_way (trial, test->settings))
    user_id = test_account (trial, test->settings);
  if (user_id != NULL)
    {
      test_rights (trial, test->settings, user_id);
      tell_ways (trial, test);
      test_client (trial, test->settings);
      floe_engine_test_pools (trial, test);
    }
  return floe_report_is_fine (report);
}
