/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * FloeWay:
 *
 * Which way something may go between the desktop and this computer.
 */
typedef enum
{
  FLOE_WAY_BOTH,
  FLOE_WAY_TO_GUEST,
  FLOE_WAY_FROM_GUEST,
  FLOE_WAY_NONE,
} FloeWay;

typedef enum
{
  FLOE_FOLDER_NONE,
  FLOE_FOLDER_READ_ONLY,
  FLOE_FOLDER_READ_WRITE,
} FloeFolder;

/**
 * FloeRule:
 *
 * What a policy has a rule for.
 */
typedef enum
{
  FLOE_RULE_CLIPBOARD,
  FLOE_RULE_FILES,
  FLOE_RULE_FOLDER,
  FLOE_RULE_USB,
  FLOE_RULE_PLAYBACK,
  FLOE_RULE_RECORD,
  FLOE_RULE_SMARTCARD,
  FLOE_N_RULES,
} FloeRule;

/**
 * FloePolicy:
 * @clipboard: which way texts and pictures are copied
 * @files: which way files are dropped
 * @folder: what the desktop may do with a folder of this computer
 * @usb: USB devices may be handed over
 * @usb_filter: (nullable): which ones, see floe_usb_filter_allows(); %NULL for all
 * @usb_connect: (nullable): which of those that are plugged in when a session begins are handed
 * over then by themselves; rules as @usb_filter has them, and %NULL for none
 * @playback: the desktop is heard
 * @record: the desktop hears the microphone
 * @smartcard: smartcards are handed over
 * @courtesies: 1 << #FloeRule for each rule that nobody but this program keeps
 *
 * What the broker says may go between a desktop and this computer.
 */
typedef struct
{
  FloeWay clipboard;
  FloeWay files;
  FloeFolder folder;
  gboolean usb;
  gchar *usb_filter;
  gchar *usb_connect;
  gboolean playback;
  gboolean record;
  gboolean smartcard;
  guint courtesies;
} FloePolicy;

FloePolicy *floe_policy_new (void);
FloePolicy *floe_policy_copy (const FloePolicy *self);
void floe_policy_free (FloePolicy *self);
gboolean floe_policy_is_open (const FloePolicy *self);
FloePolicy *floe_policy_decode (JsonNode *node, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePolicy, floe_policy_free)

G_END_DECLS
