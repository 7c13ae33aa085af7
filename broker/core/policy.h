/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeWay:
 * @FLOE_WAY_BOTH: into the guest and out of it
 * @FLOE_WAY_TO_GUEST: into the guest only
 * @FLOE_WAY_FROM_GUEST: out of the guest only
 * @FLOE_WAY_NONE: neither
 *
 * Which way something may go.
 */
typedef enum
{
  FLOE_WAY_BOTH,
  FLOE_WAY_TO_GUEST,
  FLOE_WAY_FROM_GUEST,
  FLOE_WAY_NONE,
} FloeWay;

const gchar *floe_way_name (FloeWay way);
gboolean floe_way_from_name (const gchar *name, FloeWay *way);

/**
 * FloeFolder:
 * @FLOE_FOLDER_NONE: no folder of the client's is shown to the guest
 * @FLOE_FOLDER_READ_ONLY: the guest may read one
 * @FLOE_FOLDER_READ_WRITE: and write to it
 */
typedef enum
{
  FLOE_FOLDER_NONE,
  FLOE_FOLDER_READ_ONLY,
  FLOE_FOLDER_READ_WRITE,
} FloeFolder;

const gchar *floe_folder_name (FloeFolder folder);
gboolean floe_folder_from_name (const gchar *name, FloeFolder *folder);

/**
 * FloePolicy:
 * @clipboard: which way texts and pictures are copied
 * @files: which way files are dropped; SPICE carries them into the guest only
 * @folder: whether a folder of the client's is shared
 * @usb: USB devices may be handed over
 * @usb_filter: (nullable): which ones, see #FloeUsbRule; %NULL for all
 * @usb_connect: (nullable): which of those that are plugged in the client hands over by itself when
 *   a session begins; likewise, and %NULL for none
 * @playback: the guest is heard
 * @record: the guest hears the microphone
 * @smartcard: smartcards are handed over
 *
 * What may go between a desktop and the client in front of it. A new one allows all.
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
} FloePolicy;

FloePolicy *floe_policy_new (void);
FloePolicy *floe_policy_copy (const FloePolicy *self);
void floe_policy_free (FloePolicy *self);
gboolean floe_policy_validate (const FloePolicy *self, GError **error);
GStrv floe_policy_list_courtesies (const FloePolicy *self);
void floe_policy_pack (const FloePolicy *self, GKeyFile *file);
gboolean floe_policy_unpack (FloePolicy *self, GKeyFile *file, GError **error);

/**
 * FloeDevice:
 *
 * What a manager can switch off for a domain as a whole.
 */
typedef enum
{
  FLOE_DEVICE_CLIPBOARD,
  FLOE_DEVICE_FILES,
  FLOE_DEVICE_FOLDER,
  FLOE_DEVICE_USB,
  FLOE_DEVICE_AUDIO,
  FLOE_DEVICE_SMARTCARD,
  FLOE_N_DEVICES,
} FloeDevice;

gboolean floe_policy_forbids (const FloePolicy *self, FloeDevice device);

/**
 * FloeOpenings:
 * @how: for each device that the domain lets through, how to switch it off, in words that live for
 *   ever; %NULL for one that it does not let through
 * @usb_filter: (nullable): the rules that it holds USB devices against, as floe_usb_rules_print()
 *   writes them
 * @how_filter: how to give it other rules, in words that live for ever
 *
 * What a domain lets through, whatever a client does.
 */
typedef struct
{
  const gchar *how[FLOE_N_DEVICES];
  gchar *usb_filter;
  const gchar *how_filter;
} FloeOpenings;

FloeOpenings *floe_openings_copy (const FloeOpenings *self);
void floe_openings_free (FloeOpenings *self);
gboolean floe_openings_equal (const FloeOpenings *a, const FloeOpenings *b);
gchar *floe_policy_find_gap (const FloePolicy *self, const FloeOpenings *openings);
gchar *floe_policy_refuse (const gchar *gap);
gboolean floe_policy_is_refusal (const gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePolicy, floe_policy_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeOpenings, floe_openings_free)

G_END_DECLS
