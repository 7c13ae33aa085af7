/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "settings/managed.h"

G_BEGIN_DECLS

#define FLOE_SETTINGS_SCHEMA "org.floe.Floe"

/* The keys of the schema. */
#define FLOE_SETTING_SERVER                  "server"
#define FLOE_SETTING_CA_FILE                 "ca-file"
#define FLOE_SETTING_USER                    "user"
#define FLOE_SETTING_DOMAIN                  "domain"
#define FLOE_SETTING_REMEMBER_USER           "remember-user"
#define FLOE_SETTING_FULL_SCREEN             "full-screen"
#define FLOE_SETTING_MONITORS                "monitors"
#define FLOE_SETTING_SCALING                 "scaling"
#define FLOE_SETTING_ADAPT_RESOLUTION        "adapt-resolution"
#define FLOE_SETTING_CLIPBOARD               "clipboard"
#define FLOE_SETTING_SHARED_FOLDER           "shared-folder"
#define FLOE_SETTING_SHARED_FOLDER_READ_ONLY "shared-folder-read-only"
#define FLOE_SETTING_USB_AUTO_SHARE          "usb-auto-share"
#define FLOE_SETTING_REDUCED_EFFECTS         "reduced-effects"
#define FLOE_SETTING_REDUCED_MOTION          "reduced-motion"
#define FLOE_SETTING_KEYBOARD_LAYOUT         "keyboard-layout"
#define FLOE_SETTING_LANGUAGE                "language"

/**
 * FloeClipboardWay:
 *
 * Which way the clipboard is shared, as the key "clipboard" has it and a pool's policy.
 */
typedef enum
{
  FLOE_CLIPBOARD_BOTH,
  FLOE_CLIPBOARD_TO_GUEST,
  FLOE_CLIPBOARD_FROM_GUEST,
  FLOE_CLIPBOARD_NONE,
} FloeClipboardWay;

GSettingsSchema *floe_settings_schema (GError **error);
GSettings *floe_settings_new (GSettingsSchema *schema, FloeManaged *managed);
gchar *floe_settings_managed_path (void);

G_END_DECLS
