/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api-parts-fake.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-announcements.h"
#include "core/helpdesk-bulk.h"
#include "core/helpdesk-capacity.h"
#include "core/helpdesk-engine.h"
#include "core/helpdesk-hosts.h"
#include "core/helpdesk-lists.h"
#include "core/helpdesk-maintenance.h"
#include "core/helpdesk-message.h"
#include "core/helpdesk-once.h"
#include "core/helpdesk-people.h"
#include "core/helpdesk-pools.h"
#include "core/helpdesk-screenshot.h"
#include "core/helpdesk-settings.h"
#include "core/helpdesk-terminals.h"
#include "core/helpdesk-tokens.h"
#include "core/helpdesk-trail.h"
#include "core/trail-check.h"
#include "login/account.h"

struct _FloeLogin
{
  GObject parent_instance;
};
struct _FloeAssigner
{
  GObject parent_instance;
};
struct _FloeHelpdesk
{
  GObject parent_instance;
};
struct _FloeKeeper
{
  GObject parent_instance;
};
struct _FloeScraper
{
  GObject parent_instance;
};
struct _FloeSessions
{
  GObject parent_instance;
};
struct _FloeShadows
{
  GObject parent_instance;
};
struct _FloeFleet
{
  GObject parent_instance;
};
struct _FloeWebhooks
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (FloeLogin, floe_login, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (FloeAssigner, floe_assigner, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (FloeHelpdesk, floe_helpdesk, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (FloeKeeper, floe_keeper, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (FloeScraper, floe_scraper, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (FloeSessions, floe_sessions, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (FloeShadows, floe_shadows, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (FloeFleet, floe_fleet, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (FloeWebhooks, floe_webhooks, G_TYPE_OBJECT)

/* clang-format off */
static void floe_login_class_init (FloeLoginClass *klass) { }
static void floe_login_init (FloeLogin *self) { }
static void floe_assigner_class_init (FloeAssignerClass *klass) { }
static void floe_assigner_init (FloeAssigner *self) { }
static void floe_helpdesk_class_init (FloeHelpdeskClass *klass) { }
static void floe_helpdesk_init (FloeHelpdesk *self) { }
static void floe_keeper_init (FloeKeeper *self) { }
static void floe_scraper_class_init (FloeScraperClass *klass) { }
static void floe_scraper_init (FloeScraper *self) { }
static void floe_sessions_class_init (FloeSessionsClass *klass) { }
static void floe_sessions_init (FloeSessions *self) { }
static void floe_shadows_class_init (FloeShadowsClass *klass) { }
static void floe_shadows_init (FloeShadows *self) { }
static void floe_fleet_class_init (FloeFleetClass *klass) { }
static void floe_fleet_init (FloeFleet *self) { }
static void floe_webhooks_class_init (FloeWebhooksClass *klass) { }
static void floe_webhooks_init (FloeWebhooks *self) { }
/* clang-format on */

static void
floe_keeper_class_init (FloeKeeperClass *klass)
{
  g_signal_new ("desktop-changed", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_signal_new ("pools-changed", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static struct
{
  GString *log;
  GQueue results; /* gpointer, or GError after a NULL */
  gboolean hold;
  GPtrArray *held; /* GTask */
  const gchar *revoked;
  FloeConnectRequest *request;
  FloeOutlook outlook;
  const FloeShadow *shadow; /* that looks at any desktop, or NULL */
  const gchar *message;     /* that whoever sits at any desktop was told, or NULL */
} fake;

void
parts_set_up (FloeApiParts *parts)
{
  fake.log = g_string_new (NULL);
  g_queue_init (&fake.results);
  fake.hold = FALSE;
  fake.held = g_ptr_array_new_with_free_func (g_object_unref);
  fake.revoked = NULL;
  fake.request = NULL;
  fake.outlook = (FloeOutlook){ 0 };
  fake.message = NULL;
  fake.shadow = NULL;
  parts->login = g_object_new (FLOE_TYPE_LOGIN, NULL);
  parts->assigner = g_object_new (FLOE_TYPE_ASSIGNER, NULL);
  parts->helpdesk = g_object_new (FLOE_TYPE_HELPDESK, NULL);
  parts->keeper = g_object_new (FLOE_TYPE_KEEPER, NULL);
  parts->scraper = g_object_new (FLOE_TYPE_SCRAPER, NULL);
  parts->sessions = g_object_new (FLOE_TYPE_SESSIONS, NULL);
  parts->shadows = g_object_new (FLOE_TYPE_SHADOWS, NULL);
  parts->fleet = g_object_new (FLOE_TYPE_FLEET, NULL);
  parts->webhooks = g_object_new (FLOE_TYPE_WEBHOOKS, NULL);
  parts->portal = floe_portal_new ();
}

void
parts_tear_down (FloeApiParts *parts)
{
  floe_portal_free (parts->portal);
  g_assert_true (g_queue_is_empty (&fake.results));
  g_assert_cmpuint (fake.held->len, ==, 0);
  g_ptr_array_unref (fake.held);
  g_string_free (fake.log, TRUE);
  g_clear_object (&fake.request);
  g_assert_finalize_object (parts->login);
  g_assert_finalize_object (parts->assigner);
  g_assert_finalize_object (parts->helpdesk);
  g_assert_finalize_object (parts->keeper);
  g_assert_finalize_object (parts->scraper);
  g_assert_finalize_object (parts->sessions);
  g_assert_finalize_object (parts->shadows);
  g_assert_finalize_object (parts->fleet);
  g_assert_finalize_object (parts->webhooks);
}

void
parts_answer (gpointer result)
{
  g_assert_nonnull (result);
  g_queue_push_tail (&fake.results, result);
}

void
parts_fail (FloeError code, const gchar *reason, const gchar *text)
{
  GError *error = NULL;

  floe_set_error_reason (&error, code, reason, "%s", text);
  g_queue_push_tail (&fake.results, NULL);
  g_queue_push_tail (&fake.results, error);
}

static gboolean do_task (gpointer data);

void
parts_hold (gboolean hold)
{
  fake.hold = hold;
  while (!hold && fake.held->len > 0)
    g_idle_add_full (G_PRIORITY_DEFAULT, do_task, g_ptr_array_steal_index (fake.held, 0),
                     g_object_unref);
}

guint
parts_get_held (void)
{
  return fake.held->len;
}

void
parts_revoke (const gchar *token)
{
  fake.revoked = token;
}

void
parts_set_request (FloeConnectRequest *request)
{
  g_set_object (&fake.request, request);
}

void
parts_set_outlook (gint64 limit_at, gint64 ends_at, const gchar *notice)
{
  fake.outlook = (FloeOutlook){ limit_at, ends_at, (gchar *)notice };
}

void
parts_set_message (const gchar *text)
{
  fake.message = text;
}

gchar *
parts_take_log (void)
{
  gchar *log = g_strdup (fake.log->str);

  g_string_truncate (fake.log, 0);
  return log;
}

static void G_GNUC_PRINTF (1, 2) say (const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (fake.log, format, args);
  va_end (args);
  g_string_append_c (fake.log, '\n');
}

static const gchar *
text_of (const gchar *text)
{
  return text != NULL ? text : "-";
}

/* One call: its task is done on the next turn of the main loop, or when it is held no longer. */
static gboolean
do_task (gpointer data)
{
  GTask *task = data;
  gpointer result;

  g_assert_false (g_queue_is_empty (&fake.results));
  result = g_queue_pop_head (&fake.results);
  if (result != NULL)
    g_task_return_pointer (task, result, NULL);
  else
    g_task_return_error (task, g_queue_pop_head (&fake.results));
  return G_SOURCE_REMOVE;
}

static void
start (gpointer self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (self, cancellable, callback, data);

  if (fake.hold)
    g_ptr_array_add (fake.held, task);
  else
    g_idle_add_full (G_PRIORITY_DEFAULT, do_task, task, g_object_unref);
}

static gpointer
finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- login ------------------------------------------------------------------------------------ */

FloeIdentity *
parts_identity_new (const gchar *name, FloeRole role)
{
  g_autofree gchar *id = g_strconcat ("id-", name, NULL);
  g_autofree gchar *login_id = g_strconcat ("login-", name, NULL);
  g_autoptr (FloeUser) user = floe_user_new (id, name, NULL, NULL);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, "r-1");

  return floe_identity_new (user, role, login_id, caller);
}

void
floe_grant_free (FloeGrant *self)
{
  if (self == NULL)
    return;
  floe_secret_unref (self->token);
  floe_identity_free (self->identity);
  g_ptr_array_unref (self->pools);
  g_free (self);
}

static gchar *
name_typed (const FloeTypedName *who)
{
  return who->domain != NULL ? g_strdup_printf ("%s of %s", who->name, who->domain)
                             : g_strdup (who->name);
}

GStrv
floe_login_list_domains (FloeLogin *self, const gchar **usual)
{
  static const gchar *const domains[] = { "example.org", "partner.example", NULL };

  *usual = domains[0];
  return g_strdupv ((gchar **)domains);
}

void
floe_login_log_in_async (FloeLogin *self, const FloeTypedName *who, FloeSecret *password,
                         const FloeCaller *caller, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *name = name_typed (who);

  say ("log-in %s %s from %s", name, floe_secret_get (password, NULL), caller->address);
  start (self, cancellable, callback, user_data);
}

void
floe_login_log_in_with_ticket_async (FloeLogin *self, FloeSecret *ticket, const FloeCaller *caller,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  gsize length;
  const gchar *bytes = floe_secret_get (ticket, &length);
  g_autofree gchar *sum =
      g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guchar *)bytes, length);

  say ("log-in with ticket %s of %" G_GSIZE_FORMAT " from %s", sum, length, caller->address);
  start (self, NULL, callback, user_data);
}

FloeGrant *
floe_login_log_in_finish (FloeLogin *self, GAsyncResult *result, FloeSecret **challenge,
                          GError **error)
{
  g_autoptr (GError) why = NULL;
  FloeGrant *grant = finish (result, &why);

  if (why != NULL && g_strcmp0 (floe_error_reason (why), "code-needed") == 0)
    *challenge = floe_secret_new ("flc_ccccccccccccccccccccccccccccccccccccccccccc", -1);
  if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return grant;
}

static const gchar *
secret_of (FloeSecret *secret)
{
  return secret != NULL ? floe_secret_get (secret, NULL) : "-";
}

static const gchar *
name_of (const FloeIdentity *identity)
{
  return identity != NULL ? identity->user->name : "-";
}

void
floe_login_answer_async (FloeLogin *self, FloeSecret *challenge, FloeSecret *code,
                         const FloeCaller *caller, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("answer %s %s from %s", secret_of (challenge), secret_of (code), caller->address);
  start (self, NULL, callback, user_data);
}

FloeGrant *
floe_login_answer_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_factor_offer_free (FloeFactorOffer *self)
{
  if (self == NULL)
    return;
  floe_secret_unref (self->secret);
  floe_secret_unref (self->uri);
  g_free (self);
}

void
floe_login_enrol_async (FloeLogin *self, FloeSecret *challenge, const FloeIdentity *identity,
                        const FloeCaller *caller, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("enrol %s %s from %s", secret_of (challenge), name_of (identity), caller->address);
  start (self, NULL, callback, user_data);
}

FloeFactorOffer *
floe_login_enrol_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_factor_receipt_free (FloeFactorReceipt *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->codes);
  floe_grant_free (self->grant);
  g_free (self);
}

void
floe_login_confirm_async (FloeLogin *self, FloeSecret *challenge, const FloeIdentity *identity,
                          FloeSecret *code, const FloeCaller *caller, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  say ("confirm %s %s %s from %s", secret_of (challenge), name_of (identity), secret_of (code),
       caller->address);
  start (self, NULL, callback, user_data);
}

FloeFactorReceipt *
floe_login_confirm_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_login_end_factor_async (FloeLogin *self, const FloeIdentity *identity, FloeSecret *code,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  say ("end-factor %s %s", name_of (identity), secret_of (code));
  start (self, NULL, callback, user_data);
}

gboolean
floe_login_end_factor_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_login_reset_factor_async (FloeLogin *self, const FloeIdentity *actor, const gchar *user,
                               const gchar *reason, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  say ("reset-factor %s by %s: %s", user, name_of (actor), text_of (reason));
  start (self, NULL, callback, user_data);
}

gboolean
floe_login_reset_factor_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_login_change_password_async (FloeLogin *self, const FloeTypedName *who, FloeSecret *old,
                                  FloeSecret *new, const FloeCaller *caller,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *name = name_typed (who);

  say ("password %s %s to %s from %s", name, floe_secret_get (old, NULL),
       floe_secret_get (new, NULL), caller->address);
  start (self, NULL, callback, user_data);
}

gboolean
floe_login_change_password_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_login_look_at_terminal_async (FloeLogin *self, const FloeCaller *caller,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  say ("look at terminal %s", text_of (caller->terminal));
  start (self, cancellable, callback, user_data);
}

FloeTerminal *
floe_login_look_at_terminal_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_login_enrol_terminal_async (FloeLogin *self, const FloeSecret *code, const FloeCaller *caller,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  say ("enrol terminal %s %s", floe_secret_get (code, NULL), text_of (caller->terminal));
  start (self, NULL, callback, user_data);
}

FloeTerminal *
floe_login_enrol_terminal_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_login_log_in_terminal_async (FloeLogin *self, const FloeCaller *caller,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  say ("log in terminal %s", text_of (caller->terminal));
  start (self, NULL, callback, user_data);
}

FloeGrant *
floe_login_log_in_terminal_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_login_reconnect_async (FloeLogin *self, FloeSecret *token, const FloeCaller *caller,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  say ("reconnect %s", floe_secret_get (token, NULL));
  start (self, cancellable, callback, user_data);
}

FloeGrant *
floe_login_reconnect_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

static gboolean
do_authenticate (gpointer data)
{
  GTask *task = data;
  const gchar *token = g_task_get_task_data (task);
  GError *error = NULL;

  if (fake.revoked != NULL && strcmp (token, fake.revoked) == 0)
    ;
  else if (strcmp (token, PARTS_USER_TOKEN) == 0)
    {
      g_task_return_pointer (task, parts_identity_new ("hmori", FLOE_ROLE_USER),
                             (GDestroyNotify)floe_identity_free);
      return G_SOURCE_REMOVE;
    }
  else if (strcmp (token, PARTS_OTHER_TOKEN) == 0)
    {
      g_task_return_pointer (task, parts_identity_new ("other", FLOE_ROLE_USER),
                             (GDestroyNotify)floe_identity_free);
      return G_SOURCE_REMOVE;
    }
  else if (strcmp (token, PARTS_ADMIN_TOKEN) == 0)
    {
      g_task_return_pointer (task, parts_identity_new ("helpdesk", FLOE_ROLE_ADMIN),
                             (GDestroyNotify)floe_identity_free);
      return G_SOURCE_REMOVE;
    }
  floe_set_error_reason (&error, FLOE_ERROR_UNAUTHENTICATED, "expired-token", "it has ended");
  g_task_return_error (task, error);
  return G_SOURCE_REMOVE;
}

void
floe_login_authenticate_async (FloeLogin *self, FloeSecret *token, const FloeCaller *caller,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (floe_secret_get (token, NULL)), g_free);
  g_idle_add_full (G_PRIORITY_DEFAULT, do_authenticate, task, g_object_unref);
}

FloeIdentity *
floe_login_authenticate_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_login_log_out_async (FloeLogin *self, const FloeIdentity *identity, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  say ("log-out %s", identity->login_id);
  start (self, cancellable, callback, user_data);
}

gboolean
floe_login_log_out_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_login_hold (FloeLogin *self, const FloeIdentity *identity)
{
  say ("hold %s", identity->login_id);
}

void
floe_login_unhold (FloeLogin *self, const FloeIdentity *identity)
{
  say ("unhold %s", identity->login_id);
}

gboolean
floe_login_directory_is_up (FloeLogin *self)
{
  return TRUE;
}

/* --- assigner --------------------------------------------------------------------------------- */

void
floe_connection_free (FloeConnection *self)
{
  if (self == NULL)
    return;
  floe_display_free (self->display);
  floe_ticket_free (self->ticket);
  floe_desktop_free (self->desktop);
  floe_secret_unref (self->reconnect_token);
  g_free (self->title);
  g_strfreev (self->actions);
  g_free (self->host_name);
  floe_policy_free (self->policy);
  g_free (self);
}

void
floe_connect_answer_free (FloeConnectAnswer *self)
{
  if (self == NULL)
    return;
  floe_connection_free (self->connection);
  g_clear_object (&self->request);
  g_free (self);
}

void
floe_pool_view_free (FloePoolView *self)
{
  floe_pool_free (self->pool);
  g_ptr_array_unref (self->desktops);
  g_free (self);
}

FloePoolView *
floe_pool_view_new (const FloePool *pool)
{
  FloePoolView *self = g_new0 (FloePoolView, 1);

  self->pool = floe_pool_copy (pool);
  self->desktops = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);
  return self;
}

gboolean
floe_pool_view_allows_another (const FloePoolView *self)
{
  return self->desktops->len > 0 && self->desktops->len < self->pool->per_user;
}

void
floe_assigner_connect_async (FloeAssigner *self, const FloeIdentity *identity, const gchar *pool,
                             const FloeConnectWish *wish, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  say ("connect %s %s%s%s%s", identity->user->name, pool, wish->another ? " another" : "",
       wish->desktop_id != NULL ? " " : "", wish->desktop_id != NULL ? wish->desktop_id : "");
  start (self, cancellable, callback, user_data);
}

FloeConnectAnswer *
floe_assigner_connect_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

FloeConnectRequest *
floe_assigner_get_request (FloeAssigner *self, const FloeIdentity *identity, const gchar *id,
                           GError **error)
{
  if (fake.request != NULL && strcmp (identity->user->name, "hmori") == 0
      && strcmp (id, floe_connect_request_get_id (fake.request)) == 0)
    return fake.request;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such request");
  return NULL;
}

void
floe_assigner_leave_async (FloeAssigner *self, const FloeIdentity *identity, const gchar *id,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  say ("leave %s %s", identity->user->name, id);
  start (self, NULL, callback, user_data);
}

gboolean
floe_assigner_leave_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_assigner_list_pools_async (FloeAssigner *self, const FloeIdentity *identity,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  say ("list %s", identity->user->name);
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_assigner_list_pools_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_assigner_get_desktop_async (FloeAssigner *self, const FloeIdentity *identity,
                                 const gchar *desktop_id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  say ("desktop %s %s", identity->user->name, desktop_id);
  start (self, cancellable, callback, user_data);
}

FloeDesktop *
floe_assigner_get_desktop_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_assigner_release_async (FloeAssigner *self, const FloeIdentity *identity,
                             const gchar *desktop_id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  say ("release %s %s", identity->user->name, desktop_id);
  start (self, cancellable, callback, user_data);
}

gboolean
floe_assigner_release_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

/* --- helpdesk --------------------------------------------------------------------------------- */

void
floe_pool_report_free (FloePoolReport *self)
{
  if (self == NULL)
    return;
  floe_pool_free (self->pool);
  floe_maintenance_free (self->maintenance);
  floe_pool_state_free (self->state);
  g_clear_pointer (&self->revisions, g_ptr_array_unref);
  g_free (self->problem);
  g_clear_pointer (&self->desktops, g_ptr_array_unref);
  g_free (self);
}

void
floe_pool_applied_free (FloePoolApplied *self)
{
  if (self == NULL)
    return;
  floe_pool_report_free (self->report);
  g_strfreev (self->changes);
  g_free (self);
}

void
floe_helpdesk_list_pools_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  say ("admin list");
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_helpdesk_list_pools_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_get_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  say ("admin pool %s", name);
  start (self, cancellable, callback, user_data);
}

FloePoolReport *
floe_helpdesk_get_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_apply_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const FloePool *pool,
                                gboolean dry_run, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *groups = g_strjoinv (",", pool->groups);
  g_autofree gchar *users = g_strjoinv (",", pool->users);

  say ("apply %s %s %s %s %s %s groups=%s users=%s %u %u %s%s", actor->user->name, pool->name,
       text_of (pool->description), floe_pool_kind_name (pool->kind), pool->manager,
       text_of (pool->pattern), groups, users, pool->grace_seconds, pool->ready_seconds,
       pool->closed ? "closed" : "open", dry_run ? " dry" : "");
  start (self, cancellable, callback, user_data);
}

FloePoolApplied *
floe_helpdesk_apply_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_delete_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  say ("delete %s %s", actor->user->name, name);
  start (self, cancellable, callback, user_data);
}

gboolean
floe_helpdesk_delete_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

static const gchar *const act_names[] = { "shut-down", "restart", "force-off", "reset", "log-off" };

gboolean
floe_desktop_act_from_name (const gchar *name, FloeDesktopAct *act)
{
  for (guint i = 0; i < G_N_ELEMENTS (act_names); i++)
    if (strcmp (act_names[i], name) == 0)
      {
        *act = (FloeDesktopAct)i;
        return TRUE;
      }
  return FALSE;
}

void
floe_helpdesk_act_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                         FloeDesktopAct act, const gchar *reason, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  say ("admin %s %s %s: %s", act_names[act], actor->user->name, desktop_id, text_of (reason));
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_act_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_list_announcements_async (FloeHelpdesk *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  say ("announcements");
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_helpdesk_list_announcements_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_announce_async (FloeHelpdesk *self, const FloeCaller *caller,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  say ("announce %s", text_of (caller->terminal));
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_helpdesk_announce_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_put_announcement_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                      const FloeAnnouncement *announcement,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *words = floe_announcement_describe (announcement);

  say ("put announcement %s [%s] %s", actor->user->name, announcement->id, words);
  start (self, NULL, callback, user_data);
}

FloeAnnouncement *
floe_helpdesk_put_announcement_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_drop_announcement_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       const gchar *id, const gchar *reason,
                                       GAsyncReadyCallback callback, gpointer user_data)
{
  say ("drop announcement %s %s", actor->user->name, id);
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_drop_announcement_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_webhooks_list_async (FloeWebhooks *self, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  say ("webhooks");
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_webhooks_list_finish (FloeWebhooks *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_webhooks_add_async (FloeWebhooks *self, const FloeIdentity *actor, const FloeWebhook *hook,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  say ("add webhook %s %s %s %u", actor->user->name, hook->name, hook->url, hook->events);
  start (self, NULL, callback, user_data);
}

FloeWebhook *
floe_webhooks_add_finish (FloeWebhooks *self, GAsyncResult *result, FloeSecret **secret,
                          GError **error)
{
  *secret = floe_secret_new ("Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2MyN4KxQvR9T", -1);
  return finish (result, error);
}

void
floe_webhooks_drop_async (FloeWebhooks *self, const FloeIdentity *actor, const gchar *name,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  say ("drop webhook %s %s", actor->user->name, name);
  start (self, NULL, callback, user_data);
}

gboolean
floe_webhooks_drop_finish (FloeWebhooks *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_webhooks_test_async (FloeWebhooks *self, const FloeIdentity *actor, const gchar *name,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  say ("test webhook %s %s", actor->user->name, name);
  start (self, NULL, callback, user_data);
}

gboolean
floe_webhooks_test_finish (FloeWebhooks *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_begin_once_async (FloeHelpdesk *self, const FloeOnce *once,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  say ("once %s %s", once->actor, once->key);
  start (self, NULL, callback, user_data);
}

FloeOnce *
floe_helpdesk_begin_once_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_end_once_async (FloeHelpdesk *self, const FloeOnce *once,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  say ("once %s: %u", once->key, once->status);
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_end_once_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_list_tokens_async (FloeHelpdesk *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  say ("tokens");
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_helpdesk_list_tokens_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_add_token_async (FloeHelpdesk *self, const FloeIdentity *actor,
                               const FloeApiToken *token, guint days, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autofree gchar *words = floe_api_token_describe (token);

  g_assert_cmpuint (strlen (token->hash), ==, 64);
  say ("add token %s %s %s for %u", actor->user->name, token->name, words, days);
  start (self, NULL, callback, user_data);
}

FloeApiToken *
floe_helpdesk_add_token_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_drop_token_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  say ("drop token %s %s", actor->user->name, name);
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_drop_token_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_message_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                             const gchar *text, const gchar *reason, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  say ("admin message %s %s \"%s\": %s", actor->user->name, desktop_id, text, text_of (reason));
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_message_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_check_trail_async (FloeHelpdesk *self, gint64 after, gint64 expected_number,
                                 const gchar *expected, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  say ("check trail %d %d %s", (gint)after, (gint)expected_number, text_of (expected));
  start (self, cancellable, callback, user_data);
}

FloeTrailCheck *
floe_helpdesk_check_trail_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_trail_check_free (FloeTrailCheck *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->findings);
  floe_trail_seal_free (self->head);
  g_free (self);
}

void
floe_helpdesk_maintain_async (FloeHelpdesk *self, const FloeIdentity *actor,
                              const gchar *desktop_id, const gchar *message, guint minutes,
                              const gchar *reason, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("maintain %s %s in %u: %s, %s", actor->user->name, desktop_id, minutes, text_of (message),
       text_of (reason));
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_maintain_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_open_desktop_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const gchar *desktop_id, const gchar *reason,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  say ("open desktop %s %s: %s", actor->user->name, desktop_id, text_of (reason));
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_open_desktop_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

gboolean
floe_log_off_from_name (const gchar *name, FloeLogOff *how)
{
  const gchar *const names[] = { "keep", "log-off", "release" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      {
        *how = (FloeLogOff)i;
        return TRUE;
      }
  return FALSE;
}

void
floe_helpdesk_bulk_async (FloeHelpdesk *self, const FloeIdentity *actor, const FloeBulkWish *wish,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *subjects = g_strjoinv (",", (GStrv)wish->subjects);

  say ("bulk %s %u %s %s%s: %s, %s", actor->user->name, wish->deed, act_names[wish->act], subjects,
       wish->dry_run ? " dry" : "", text_of (wish->message), text_of (wish->reason));
  start (self, NULL, callback, user_data);
}

void
floe_helpdesk_log_off_async (FloeHelpdesk *self, const FloeIdentity *actor,
                             const FloeBulkWish *wish, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autofree gchar *subjects = g_strjoinv (",", (GStrv)wish->subjects);

  say ("log off %s %s %u%s: %s", actor->user->name, subjects, wish->how,
       wish->dry_run ? " dry" : "", text_of (wish->reason));
  start (self, NULL, callback, user_data);
}

void
floe_helpdesk_move_async (FloeHelpdesk *self, const FloeIdentity *actor, const FloeBulkWish *wish,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *subjects = g_strjoinv (",", (GStrv)wish->subjects);

  say ("move %s %s %s: %s to %s%s%s: %s", actor->user->name, wish->of_group ? "groups" : "users",
       subjects, wish->from, wish->to, wish->release ? " release" : "", wish->dry_run ? " dry" : "",
       text_of (wish->reason));
  start (self, NULL, callback, user_data);
}

GPtrArray *
floe_helpdesk_bulk_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_explain_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *user,
                             const gchar *pool, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  say ("explain %s %s", user, pool);
  start (self, cancellable, callback, user_data);
}

FloeExplanation *
floe_helpdesk_explain_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_pool_capacity_free (FloePoolCapacity *self)
{
  g_free (self->pool);
  floe_capacity_look_free (self->now);
  floe_capacity_slot_free (self->day);
  g_clear_pointer (&self->slots, g_ptr_array_unref);
  g_free (self);
}

void
floe_helpdesk_list_capacity_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  say ("capacity for %s", actor->user->name);
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_helpdesk_list_capacity_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_get_capacity_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *pool,
                                  const FloeCapacityQuery *query, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  say ("capacity of %s for %s by %s from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, pool,
       actor->user->name, floe_capacity_step_name (query->step), query->since, query->until);
  start (self, cancellable, callback, user_data);
}

FloePoolCapacity *
floe_helpdesk_get_capacity_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_host_report_free (FloeHostReport *self)
{
  floe_host_note_free (self->note);
  floe_host_capacity_free (self->capacity);
  g_free (self);
}

void
floe_helpdesk_list_hosts_async (FloeHelpdesk *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  say ("hosts");
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_helpdesk_list_hosts_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_drain_host_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                const gchar *message, guint minutes, const gchar *reason,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  say ("drain %s %s in %u: %s, %s", actor->user->name, name, minutes, text_of (message),
       text_of (reason));
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_drain_host_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_open_host_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                               const gchar *reason, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  say ("open host %s %s: %s", actor->user->name, name, text_of (reason));
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_open_host_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_close_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                const gchar *message, gboolean drain, guint minutes,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  say ("close %s %s%s: %s%s", actor->user->name, name, drain ? " and drain" : "", text_of (message),
       minutes > 0 ? " in a while" : "");
  start (self, NULL, callback, user_data);
}

void
floe_helpdesk_open_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  say ("open %s %s", actor->user->name, name);
  start (self, NULL, callback, user_data);
}

void
floe_helpdesk_renew_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  say ("renew %s %s", actor->user->name, name);
  start (self, NULL, callback, user_data);
}

void
floe_helpdesk_edit_engine_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                 const FloeEngineEdit *edit, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  say ("engine %s %s %d %d %s %d", actor->user->name, name, edit->prestarted, edit->per_user,
       edit->group != NULL ? edit->group : "-", edit->entitled);
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_edit_engine_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

gboolean
floe_helpdesk_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_assign_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                            const gchar *user, const gchar *reason, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  say ("admin assign %s %s to %s: %s", actor->user->name, desktop_id, user, text_of (reason));
  start (self, cancellable, callback, user_data);
}

gboolean
floe_helpdesk_assign_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_release_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                             const gchar *reason, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  say ("admin release %s %s: %s", actor->user->name, desktop_id, text_of (reason));
  start (self, cancellable, callback, user_data);
}

gboolean
floe_helpdesk_release_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_search_trail_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const FloeTrailQuery *query, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  say ("audit %u %s %s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, query->limit,
       query->after != NULL ? query->after[1] : "-", text_of (query->actor),
       text_of (query->object), text_of (query->action), query->since / G_USEC_PER_SEC,
       query->until / G_USEC_PER_SEC);
  start (self, cancellable, callback, user_data);
}

FloePage *
floe_helpdesk_search_trail_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

/* --- scraper ---------------------------------------------------------------------------------- */

void
floe_scraper_run_async (FloeScraper *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  say ("scrape");
  start (self, cancellable, callback, user_data);
}

gchar *
floe_scraper_run_finish (FloeScraper *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

/* --- keeper ----------------------------------------------------------------------------------- */

gboolean
floe_keeper_host_is_up (FloeKeeper *self, const gchar *host)
{
  return strcmp (host, "host-a") == 0;
}

GStrv
floe_keeper_list_hosts (FloeKeeper *self)
{
  return g_strsplit ("host-a host-b", " ", -1);
}

void
parts_emit_desktop (FloeApiParts *parts, FloeDesktop *desktop)
{
  g_signal_emit_by_name (parts->keeper, "desktop-changed", desktop);
}

/* --- sessions --------------------------------------------------------------------------------- */

void
floe_outlook_free (FloeOutlook *self)
{
  if (self == NULL)
    return;
  g_free (self->notice);
  g_ptr_array_unref (self->messages);
  floe_shadow_free (self->shadow);
  g_free (self);
}

void
floe_message_free (FloeMessage *self)
{
  g_free (self->id);
  g_free (self->desktop_id);
  g_free (self->sender);
  g_free (self->text);
  g_free (self);
}

static FloeMessage *
message_new (const gchar *text)
{
  FloeMessage *self = g_new0 (FloeMessage, 1);

  self->id = g_strdup ("7b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d");
  self->desktop_id = g_strdup ("0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f");
  self->sender = g_strdup ("Jana Weber");
  self->text = g_strdup (text);
  self->at = G_GINT64_CONSTANT (1795426867) * G_USEC_PER_SEC;
  return self;
}

void
floe_sessions_beat_async (FloeSessions *self, const FloeIdentity *identity, const gchar *desktop_id,
                          guint idle_seconds, const FloeSessionQuality *quality,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  say ("beat %s %s %u%s", identity->user->name, desktop_id, idle_seconds,
       quality != NULL ? floe_quality_level_name (quality->level) : "");
  start (self, NULL, callback, user_data);
}

gboolean
floe_sessions_beat_finish (FloeSessions *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_sessions_act_async (FloeSessions *self, const FloeIdentity *identity, const gchar *desktop_id,
                         FloeOwnAct act, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("own act %s %s %s", identity->user->name, desktop_id, floe_own_act_name (act));
  start (self, NULL, callback, user_data);
}

gboolean
floe_sessions_act_finish (FloeSessions *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

static gboolean
do_look (gpointer data)
{
  FloeOutlook *outlook = g_memdup2 (&fake.outlook, sizeof fake.outlook);

  outlook->notice = g_strdup (outlook->notice);
  outlook->messages = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_message_free);
  outlook->shadow = fake.shadow != NULL ? floe_shadow_copy (fake.shadow) : NULL;
  if (fake.message != NULL)
    g_ptr_array_add (outlook->messages, message_new (fake.message));
  g_task_return_pointer (data, outlook, (GDestroyNotify)floe_outlook_free);
  return G_SOURCE_REMOVE;
}

/* What is to come is always known, and not written down. */
void
floe_sessions_look_async (FloeSessions *self, const FloeDesktop *desktop, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, do_look, g_task_new (self, cancellable, callback, user_data),
                   g_object_unref);
}

FloeOutlook *
floe_sessions_look_finish (FloeSessions *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

/* --- screenshots ------------------------------------------------------------------------------ */

void
floe_helpdesk_screenshot_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                const gchar *desktop_id, const gchar *reason,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  say ("screenshot %s %s: %s", actor->user->name, desktop_id, text_of (reason));
  start (self, NULL, callback, user_data);
}

FloeSecret *
floe_helpdesk_screenshot_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

/* --- shadows ---------------------------------------------------------------------------------- */

void
parts_set_shadow (const FloeShadow *shadow)
{
  fake.shadow = shadow;
}

void
floe_shadows_ask_async (FloeShadows *self, const FloeIdentity *actor, const gchar *desktop_id,
                        const gchar *reason, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("shadow ask %s %s: %s", actor->user->name, desktop_id, text_of (reason));
  start (self, NULL, callback, user_data);
}

void
floe_shadows_step_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                         FloeShadowStep step, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("shadow step %s %s %d", actor->user->name, id, (int)step);
  start (self, NULL, callback, user_data);
}

void
floe_shadows_get_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  say ("shadow get %s %s", actor->user->name, id);
  start (self, NULL, callback, user_data);
}

FloeShadow *
floe_shadows_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_shadows_list_async (FloeShadows *self, const FloeIdentity *actor, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  say ("shadow list %s", actor->user->name);
  start (self, NULL, callback, user_data);
}

GPtrArray *
floe_shadows_list_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_shadows_put_picture_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                FloePicture *picture, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  gsize length;

  floe_secret_get (picture->bytes, &length);
  say ("shadow picture %s %s%s %u,%u of %ux%u, %zu bytes", actor->user->name, id,
       picture->first ? " first" : "", picture->x, picture->y, picture->width, picture->height,
       length);
  floe_picture_free (picture);
  start (self, cancellable, callback, user_data);
}

gboolean
floe_shadows_put_picture_finish (FloeShadows *self, GAsyncResult *result, gboolean *all,
                                 GError **error)
{
  *all = finish (result, error) == NULL;
  return !*all;
}

void
floe_shadows_take_picture_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                 guint64 after, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  say ("shadow look %s %s after %" G_GUINT64_FORMAT, actor->user->name, id, after);
  start (self, cancellable, callback, user_data);
}

gboolean
floe_shadows_take_picture_finish (FloeShadows *self, GAsyncResult *result, FloePicture **picture,
                                  GError **error)
{
  *picture = finish (result, error);
  return *picture != NULL;
}

void
floe_shadows_put_inputs_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                               FloeInputs *inputs, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("shadow inputs %s %s %u", actor->user->name, id, inputs->n_events);
  floe_inputs_free (inputs);
  start (self, NULL, callback, user_data);
}

gboolean
floe_shadows_put_inputs_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_shadows_take_inputs_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  say ("shadow listen %s %s", actor->user->name, id);
  start (self, cancellable, callback, user_data);
}

FloeInputs *
floe_shadows_take_inputs_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

/* --- terminals -------------------------------------------------------------------------------- */

void
floe_terminal_code_free (FloeTerminalCode *self)
{
  if (self == NULL)
    return;
  floe_secret_unref (self->code);
  g_free (self);
}

void
floe_helpdesk_list_terminals_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_helpdesk_list_terminals_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_get_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  say ("terminal %s", name);
  start (self, cancellable, callback, user_data);
}

FloeTerminal *
floe_helpdesk_get_terminal_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_put_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const FloeTerminal *terminal, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autofree gchar *groups = g_strjoinv (",", terminal->groups);

  say ("put terminal %s by %s: %s; %s; %s", terminal->name, name_of (actor),
       text_of (terminal->description), groups, terminal->is_public ? "public" : "for people");
  start (self, NULL, callback, user_data);
}

FloeTerminal *
floe_helpdesk_put_terminal_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_delete_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *name, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  say ("delete terminal %s by %s", name, name_of (actor));
  start (self, NULL, callback, user_data);
}

gboolean
floe_helpdesk_delete_terminal_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

void
floe_helpdesk_issue_code_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                const gchar *reason, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  say ("code of terminal %s by %s: %s", name, name_of (actor), text_of (reason));
  start (self, NULL, callback, user_data);
}

FloeTerminalCode *
floe_helpdesk_issue_code_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

/* --- terminals' settings ---------------------------------------------------------------------- */

void
floe_settings_report_free (FloeSettingsReport *self)
{
  if (self == NULL)
    return;
  floe_terminal_settings_free (self->own);
  floe_terminal_view_free (self->view);
  g_free (self);
}

static const gchar *
whose (gboolean of_group)
{
  return of_group ? "group" : "terminal";
}

void
floe_helpdesk_list_settings_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  start (self, cancellable, callback, user_data);
}

GPtrArray *
floe_helpdesk_list_settings_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_get_settings_async (FloeHelpdesk *self, const FloeIdentity *actor, gboolean of_group,
                                  const gchar *name, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  say ("settings of %s %s", whose (of_group), name);
  start (self, cancellable, callback, user_data);
}

FloeSettingsReport *
floe_helpdesk_get_settings_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_put_settings_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const FloeTerminalSettings *settings,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *values = g_variant_print (settings->values, FALSE);

  say ("put settings of %s %s by %s: %" G_GINT64_FORMAT " %s", whose (settings->of_group),
       settings->name, name_of (actor), settings->revision, values);
  start (self, NULL, callback, user_data);
}

FloeSettingsReport *
floe_helpdesk_put_settings_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

/* --- fleet ------------------------------------------------------------------------------------ */

void
floe_trust_free (FloeTrust *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->key);
  floe_secret_unref (self->secret);
  g_free (self);
}

void
floe_fleet_trust_async (FloeFleet *self, const FloeCaller *caller, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  say ("trust %s", text_of (caller->terminal));
  start (self, NULL, callback, user_data);
}

FloeTrust *
floe_fleet_trust_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_fleet_view_async (FloeFleet *self, const FloeCaller *caller, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  say ("view %s", text_of (caller->terminal));
  start (self, cancellable, callback, user_data);
}

FloeTerminalView *
floe_fleet_view_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

gchar *
floe_fleet_sign (FloeFleet *self, const FloeSecret *text, GError **error)
{
  say ("sign %s", floe_secret_get (text, NULL));
  return g_strdup ("c2lnbmF0dXJl");
}

void
floe_fleet_beat_async (FloeFleet *self, const FloeCaller *caller, const FloeTerminalReport *report,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *monitors = g_strjoinv (",", report->monitors);

  say ("beat %s %s %" G_GINT64_FORMAT " [%s] %s %" G_GINT64_FORMAT, text_of (caller->terminal),
       report->version, report->uptime, monitors, text_of (report->problem), report->revision);
  start (self, cancellable, callback, user_data);
}

FloeTerminalView *
floe_fleet_beat_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_fleet_unlock_async (FloeFleet *self, const FloeIdentity *actor, const gchar *name,
                         const gchar *challenge, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("unlock terminal %s by %s: %s", name, name_of (actor), challenge);
  start (self, NULL, callback, user_data);
}

FloeSecret *
floe_fleet_unlock_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_fleet_unlocked_async (FloeFleet *self, const FloeCaller *caller, const gchar *challenge,
                           gint64 seconds_ago, GAsyncReadyCallback callback, gpointer user_data)
{
  say ("unlocked %s %s %" G_GINT64_FORMAT, text_of (caller->terminal), challenge, seconds_ago);
  start (self, NULL, callback, user_data);
}

gboolean
floe_fleet_unlocked_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return finish (result, error) != NULL;
}

/* --- lists ------------------------------------------------------------------------------------ */

static gchar *
place_of (GStrv after)
{
  return after != NULL ? g_strjoinv ("/", after) : g_strdup ("-");
}

void
floe_helpdesk_search_desktops_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const FloeDesktopQuery *query, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *place = place_of (query->after);

  say ("%s pool=%s host=%s state=%s holder=%s terminal=%s assigned=%d q=%s after=%s limit=%u",
       query->open ? "sessions" : "desktops", text_of (query->pool), text_of (query->host),
       text_of (query->state), text_of (query->holder), text_of (query->terminal), query->assigned,
       text_of (query->text), place, query->limit);
  start (self, cancellable, callback, user_data);
}

FloePage *
floe_helpdesk_search_desktops_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_desktop_detail_free (FloeDesktopDetail *self)
{
  if (self == NULL)
    return;
  floe_desktop_free (self->desktop);
  floe_pool_free (self->pool);
  g_free (self->terminal);
  floe_maintenance_free (self->maintenance);
  g_ptr_array_unref (self->timers);
  g_ptr_array_unref (self->trail);
  g_ptr_array_unref (self->failures);
  g_free (self);
}

void
floe_helpdesk_get_desktop_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *id,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  say ("desktop %s", id);
  start (self, cancellable, callback, user_data);
}

FloeDesktopDetail *
floe_helpdesk_get_desktop_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_helpdesk_search_people_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                   const FloePeopleQuery *query, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree gchar *place = place_of (query->after);

  say ("people q=%s after=%s limit=%u", text_of (query->text), place, query->limit);
  start (self, cancellable, callback, user_data);
}

FloePage *
floe_helpdesk_search_people_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_person_detail_free (FloePersonDetail *self)
{
  if (self == NULL)
    return;
  floe_person_free (self->person);
  g_strfreev (self->groups);
  g_ptr_array_unref (self->entitlements);
  floe_page_free (self->desktops);
  g_ptr_array_unref (self->failures);
  g_ptr_array_unref (self->visits);
  g_ptr_array_unref (self->qualities);
  g_free (self);
}

void
floe_helpdesk_get_person_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *user,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  say ("person %s", user);
  start (self, cancellable, callback, user_data);
}

FloePersonDetail *
floe_helpdesk_get_person_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
floe_account_free (FloeAccount *self)
{
  if (self == NULL)
    return;
  g_free (self->state);
  g_free (self->text);
  floe_standing_free (self->standing);
  g_free (self);
}

void
floe_login_get_account_async (FloeLogin *self, const FloeIdentity *actor, const gchar *user,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  say ("account %s", user);
  start (self, cancellable, callback, user_data);
}

FloeAccount *
floe_login_get_account_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return finish (result, error);
}
