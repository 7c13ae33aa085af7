/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker-ask.h"
#include "api/broker.h"
#include "ctl/error.h"
#include "ctl/settings.h"

G_BEGIN_DECLS

/**
 * FloeCtl:
 * @settings: where and who
 * @json: print the broker's own words
 * @broker: (nullable): once floe_ctl_get_broker() was called
 * @status: what the program exits with when nothing failed
 *
 * One run of the program.
 */
typedef struct
{
  FloeCtlSettings settings;
  gboolean json;
  FloeBroker *broker;
  FloeCtlExit status;
} FloeCtl;

void floe_ctl_clear (FloeCtl *self);
FloeBroker *floe_ctl_get_broker (FloeCtl *self, GError **error);
gboolean floe_ctl_load_token (FloeCtl *self, GError **error);
gboolean floe_ctl_need_log_in (FloeCtl *self, GError **error);
JsonNode *floe_ctl_call (FloeCtl *self, const gchar *method, const gchar *path, const gchar *body,
                         GError **error);
JsonNode *floe_ctl_call_as_user (FloeCtl *self, const gchar *method, const gchar *path,
                                 const gchar *body, GError **error);
FloeTold *floe_ctl_ask (FloeCtl *self, const FloeAsk *question, GError **error);
gboolean floe_ctl_look_up (FloeCtl *self, const gchar *path, FloeTold **told, GError **error);
GAsyncResult *floe_ctl_wait (GAsyncResult **slot);
void floe_ctl_on_done (GObject *source, GAsyncResult *result, gpointer slot);

/**
 * FloeCtlCommand:
 * @words: one or two words that call it
 * @arguments: what follows, for people
 * @help: (nullable): what it does, in a line
 * @run: does it; @args are the words behind the command
 */
typedef struct
{
  const gchar *words;
  const gchar *arguments;
  const gchar *help;
  gboolean (*run) (FloeCtl *self, GStrv args, GError **error);
} FloeCtlCommand;

gboolean floe_ctl_parse (FloeCtl *self, GStrv *args, const GOptionEntry *entries, guint least,
                         guint most, GError **error);
gboolean floe_ctl_refuse_json (FloeCtl *self, GError **error);
gboolean floe_ctl_remove (FloeCtl *self, GStrv *args, const gchar *kind, GError **error);
gboolean floe_ctl_hand_over (FloeCtl *self, const FloeTold *told, const gchar *field,
                             const FloeSecret *secret, GError **error);

extern const FloeCtlCommand floe_ctl_session_commands[];
extern const FloeCtlCommand floe_ctl_factor_commands[];
extern const FloeCtlCommand floe_ctl_pool_commands[];
extern const FloeCtlCommand floe_ctl_pool_operations[];
extern const FloeCtlCommand floe_ctl_list_commands[];
extern const FloeCtlCommand floe_ctl_detail_commands[];
extern const FloeCtlCommand floe_ctl_desktop_commands[];
extern const FloeCtlCommand floe_ctl_bulk_commands[];
extern const FloeCtlCommand floe_ctl_trail_commands[];
extern const FloeCtlCommand floe_ctl_explain_commands[];
extern const FloeCtlCommand floe_ctl_host_commands[];
extern const FloeCtlCommand floe_ctl_capacity_commands[];
extern const FloeCtlCommand floe_ctl_terminal_commands[];
extern const FloeCtlCommand floe_ctl_fleet_commands[];
extern const FloeCtlCommand floe_ctl_announcement_commands[];
extern const FloeCtlCommand floe_ctl_token_commands[];
extern const FloeCtlCommand floe_ctl_webhook_commands[];
extern const FloeCtlCommand floe_ctl_shadow_commands[];
extern const FloeCtlCommand floe_ctl_apply_commands[];
extern const FloeCtlCommand floe_ctl_audit_commands[];
extern const FloeCtlCommand floe_ctl_directory_commands[];
extern const FloeCtlCommand floe_ctl_manager_commands[];
extern const FloeCtlCommand floe_ctl_check_commands[];

G_END_DECLS
