/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"
#include "core/terminal-report.h"
#include "core/user.h"

G_BEGIN_DECLS

/* What a terminal's own user id begins with, and what a terminal group's entry in an entitlement.
 */
#define FLOE_TERMINAL_USER   "terminal:"
#define FLOE_TERMINAL_GROUPS "terminals:"

/* How long a code is good. */
#define FLOE_TERMINAL_CODE_SECONDS 900

/**
 * FloeTerminalState:
 * @FLOE_TERMINAL_NEW: no machine is it yet
 * @FLOE_TERMINAL_ONLINE: it reported a moment ago
 * @FLOE_TERMINAL_SILENT: it did not
 */
typedef enum
{
  FLOE_TERMINAL_NEW,
  FLOE_TERMINAL_ONLINE,
  FLOE_TERMINAL_SILENT,
  FLOE_N_TERMINAL_STATES,
} FloeTerminalState;

/**
 * FloeTerminal:
 * @name: as a pool's
 * @description: (nullable): where it stands, for people; 256 bytes at most
 * @groups: (array zero-terminated=1): the terminal groups that it is in, named as pools are
 * @is_public: it may log in by itself, without a person
 * @fingerprint: (nullable): the SHA-256 of its certificate, lower hex; %NULL until it has enrolled
 * @enrolled: since when it has that certificate, microseconds since 1970 UTC; 0 for not yet
 * @seen: when it was last heard of: to the minute where it reports, else to the hour; 0 for never
 * @code: (nullable): the hash of the code with which it may enrol
 * @code_ends: until when
 * @report: (nullable): how it said it is, unless it never did
 * @state: how it is, once floe_terminal_judge() was asked
 *
 * A thin client as an identity of its own: whoever has the key of that certificate is it.
 */
typedef struct
{
  gchar *name;
  gchar *description;
  GStrv groups;
  gboolean is_public;
  gchar *fingerprint;
  gint64 enrolled;
  gint64 seen;
  gchar *code;
  gint64 code_ends;
  FloeTerminalReport *report;
  FloeTerminalState state;
} FloeTerminal;

FloeTerminal *floe_terminal_new (const gchar *name);
FloeTerminal *floe_terminal_copy (const FloeTerminal *self);
void floe_terminal_free (FloeTerminal *self);
gboolean floe_terminal_validate (const FloeTerminal *self, GError **error);
GStrv floe_terminal_diff (const FloeTerminal *before, const FloeTerminal *after);
gchar *floe_terminal_tag (const FloeTerminal *self);
FloeUser *floe_terminal_new_user (const FloeTerminal *self);
gboolean floe_user_is_terminal (const FloeUser *user);
void floe_terminal_judge (FloeTerminal *self, gint64 now);
const gchar *floe_terminal_state_name (FloeTerminalState state);

FloeSecret *floe_terminal_code_new (void);
gchar *floe_terminal_code_hash (const FloeSecret *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTerminal, floe_terminal_free)

G_END_DECLS
