/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/json-read.h"
#include "api/json-scan.h"
#include "api/routes.h"
#include "api/sse.h"

G_BEGIN_DECLS

/* What the files of the routes share. Each handler is a #FloeHandler whose data is the #FloeApi. */

const FloeApiParts *floe_api_get_parts (FloeApi *self);
FloeHelpdesk *floe_api_get_helpdesk (FloeApi *self);
void floe_api_handle (FloeApi *self, FloeExchange *exchange);
gboolean floe_api_is_token (const FloeSecret *token, const gchar *prefix);
gboolean floe_api_is_pass (const FloeSecret *token);

/**
 * FloeCall:
 *
 * An exchange that waits for something; the user data of its callback.
 */
typedef struct
{
  FloeApi *api;
  FloeExchange *exchange;
} FloeCall;

FloeCall *floe_call_new (FloeApi *api, FloeExchange *exchange);
void floe_call_free (FloeCall *self);
FloeJsonReader *floe_call_take_body (FloeExchange *exchange, GError **error);
FloeJsonReader *floe_call_take_body_or_none (FloeExchange *exchange, GError **error);
gboolean floe_call_take_secrets (FloeExchange *exchange, FloeJsonSecret *fields, gsize n_fields);
gboolean floe_call_take_reason (FloeExchange *exchange, gchar **reason, GError **error);
void floe_call_read_notice (FloeJsonReader *reader, gchar **message, guint *minutes);
gboolean floe_call_take_notice (FloeExchange *exchange, gchar **message, guint *minutes,
                                gchar **reason, GError **error);
void floe_call_write_grant (FloeCall *self, FloeJsonWriter *writer, const gchar *name,
                            const FloeGrant *grant);
void floe_call_answer_grant (FloeCall *self, const FloeGrant *grant);
void floe_call_answer_done (FloeCall *self, gboolean done, const GError *error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeCall, floe_call_free)

/* One login's event streams: counted as use, limited in number, and ended with the log-in. */
FloeSse *floe_api_open_stream (FloeApi *self, FloeExchange *exchange);

void floe_route_admin_webhooks (FloeExchange *exchange, gpointer api);
void floe_route_admin_webhook_add (FloeExchange *exchange, gpointer api);
void floe_route_admin_webhook_drop (FloeExchange *exchange, gpointer api);
void floe_route_admin_webhook_test (FloeExchange *exchange, gpointer api);
void floe_route_admin_tokens (FloeExchange *exchange, gpointer api);
void floe_route_admin_token_add (FloeExchange *exchange, gpointer api);
void floe_route_admin_token_drop (FloeExchange *exchange, gpointer api);
void floe_route_login_domains (FloeExchange *exchange, gpointer api);
void floe_route_announcements (FloeExchange *exchange, gpointer api);
void floe_route_admin_announcements (FloeExchange *exchange, gpointer api);
void floe_route_admin_announcement (FloeExchange *exchange, gpointer api);
void floe_route_admin_announcement_add (FloeExchange *exchange, gpointer api);
void floe_route_admin_announcement_put (FloeExchange *exchange, gpointer api);
void floe_route_admin_announcement_drop (FloeExchange *exchange, gpointer api);
void floe_route_health (FloeExchange *exchange, gpointer api);
void floe_route_login (FloeExchange *exchange, gpointer api);
void floe_route_login_kerberos (FloeExchange *exchange, gpointer api);
void floe_route_password (FloeExchange *exchange, gpointer api);
void floe_route_logout (FloeExchange *exchange, gpointer api);
void floe_route_reconnect (FloeExchange *exchange, gpointer api);
void floe_route_me (FloeExchange *exchange, gpointer api);
void floe_route_pools (FloeExchange *exchange, gpointer api);

void floe_route_login_code (FloeExchange *exchange, gpointer api);
void floe_route_login_enrol (FloeExchange *exchange, gpointer api);
void floe_route_login_confirm (FloeExchange *exchange, gpointer api);
void floe_route_factor_begin (FloeExchange *exchange, gpointer api);
void floe_route_factor_confirm (FloeExchange *exchange, gpointer api);
void floe_route_factor_end (FloeExchange *exchange, gpointer api);
void floe_route_admin_factor_reset (FloeExchange *exchange, gpointer api);

void floe_route_connect (FloeExchange *exchange, gpointer api);
void floe_route_request (FloeExchange *exchange, gpointer api);
void floe_route_request_leave (FloeExchange *exchange, gpointer api);
void floe_route_request_events (FloeExchange *exchange, gpointer api);
void floe_route_connection_file (FloeExchange *exchange, gpointer api);
void floe_route_desktop (FloeExchange *exchange, gpointer api);
void floe_route_desktop_release (FloeExchange *exchange, gpointer api);
void floe_route_desktop_action (FloeExchange *exchange, gpointer api);
void floe_route_heartbeat (FloeExchange *exchange, gpointer api);
void floe_route_events (FloeExchange *exchange, gpointer api);

void floe_route_shadow_answer (FloeExchange *exchange, gpointer api);
void floe_route_shadow_give (FloeExchange *exchange, gpointer api);
void floe_route_shadow_listen (FloeExchange *exchange, gpointer api);
void floe_route_shadow_stop (FloeExchange *exchange, gpointer api);
void floe_route_admin_screenshot (FloeExchange *exchange, gpointer api);
void floe_route_admin_shadow_ask (FloeExchange *exchange, gpointer api);
void floe_route_admin_shadows (FloeExchange *exchange, gpointer api);
void floe_route_admin_shadow (FloeExchange *exchange, gpointer api);
void floe_route_admin_shadow_control (FloeExchange *exchange, gpointer api);
void floe_route_admin_shadow_picture (FloeExchange *exchange, gpointer api);
void floe_route_admin_shadow_input (FloeExchange *exchange, gpointer api);
void floe_route_admin_shadow_leave (FloeExchange *exchange, gpointer api);

void floe_route_admin_pools (FloeExchange *exchange, gpointer api);
void floe_route_admin_pool (FloeExchange *exchange, gpointer api);
void floe_route_admin_pool_put (FloeExchange *exchange, gpointer api);
void floe_route_admin_pool_delete (FloeExchange *exchange, gpointer api);
void floe_route_admin_pool_close (FloeExchange *exchange, gpointer api);
void floe_route_admin_pool_open (FloeExchange *exchange, gpointer api);
void floe_route_admin_pool_renew (FloeExchange *exchange, gpointer api);
void floe_route_admin_capacity (FloeExchange *exchange, gpointer api);
void floe_route_admin_pool_capacity (FloeExchange *exchange, gpointer api);
void floe_route_admin_pool_engine (FloeExchange *exchange, gpointer api);
void floe_route_admin_hosts (FloeExchange *exchange, gpointer api);
void floe_route_admin_host_drain (FloeExchange *exchange, gpointer api);
void floe_route_admin_host_open (FloeExchange *exchange, gpointer api);
void floe_route_admin_audit_verify (FloeExchange *exchange, gpointer api);
void floe_route_admin_audit (FloeExchange *exchange, gpointer api);
void floe_route_admin_release (FloeExchange *exchange, gpointer api);
void floe_route_admin_explain (FloeExchange *exchange, gpointer api);
void floe_route_admin_action (FloeExchange *exchange, gpointer api);
void floe_route_admin_desktop_maintain (FloeExchange *exchange, gpointer api);
void floe_route_admin_desktop_open (FloeExchange *exchange, gpointer api);
void floe_route_admin_events (FloeExchange *exchange, gpointer api);
void floe_route_admin_move (FloeExchange *exchange, gpointer api);
void floe_route_admin_bulk (FloeExchange *exchange, gpointer api);
void floe_route_admin_log_off (FloeExchange *exchange, gpointer api);
void floe_route_admin_message (FloeExchange *exchange, gpointer api);
void floe_route_admin_assign (FloeExchange *exchange, gpointer api);

void floe_route_terminal (FloeExchange *exchange, gpointer api);
void floe_route_terminal_enrol (FloeExchange *exchange, gpointer api);
void floe_route_terminal_login (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminals (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminal (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminal_put (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminal_delete (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminal_code (FloeExchange *exchange, gpointer api);

void floe_route_terminal_trust (FloeExchange *exchange, gpointer api);
void floe_route_terminal_settings (FloeExchange *exchange, gpointer api);
void floe_route_terminal_heartbeat (FloeExchange *exchange, gpointer api);
void floe_route_terminal_unlocked (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminal_groups (FloeExchange *exchange, gpointer api);
void floe_route_admin_group_settings (FloeExchange *exchange, gpointer api);
void floe_route_admin_group_settings_put (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminal_settings (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminal_settings_put (FloeExchange *exchange, gpointer api);
void floe_route_admin_terminal_unlock (FloeExchange *exchange, gpointer api);

void floe_route_admin_desktops (FloeExchange *exchange, gpointer api);
void floe_route_admin_desktop (FloeExchange *exchange, gpointer api);
void floe_route_admin_sessions (FloeExchange *exchange, gpointer api);
void floe_route_admin_users (FloeExchange *exchange, gpointer api);
void floe_route_admin_user (FloeExchange *exchange, gpointer api);
void floe_route_admin_account (FloeExchange *exchange, gpointer api);

void floe_route_portal_root (FloeExchange *exchange, gpointer api);
void floe_route_portal (FloeExchange *exchange, gpointer api);

void floe_route_metrics (FloeExchange *exchange, gpointer api);

G_END_DECLS
