/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client.h>

#include "api/policy.h"

G_BEGIN_DECLS

/**
 * FloeUsbItem:
 * @device: what it is to the library
 * @name: its maker and product
 * @input: a keyboard or a mouse, or partly
 * @refused: the policy does not allow it
 * @shared: the desktop has it
 * @busy: it is being handed over, or taken back
 * @why_not: (nullable): why it cannot be handed over now, the library's words
 *
 * A USB device of this computer.
 */
typedef struct
{
  SpiceUsbDevice *device;
  gchar *name;
  gboolean input;
  gboolean refused;
  gboolean shared;
  gboolean busy;
  gchar *why_not;
} FloeUsbItem;

/**
 * FloeUsb:
 *
 * The USB devices of this computer that a desktop may have.
 *
 * Signals: "changed" () when anything about them did; "failed" (const gchar *name, const gchar
 * *detail) when one could not be handed over.
 */
#define FLOE_TYPE_USB (floe_usb_get_type ())
G_DECLARE_FINAL_TYPE (FloeUsb, floe_usb, FLOE, USB, GObject)

FloeUsb *floe_usb_new (SpiceSession *spice, const FloePolicy *policy);
const gchar *floe_usb_get_problem (FloeUsb *self);
guint floe_usb_count_free (FloeUsb *self);
GPtrArray *floe_usb_list (FloeUsb *self);
void floe_usb_share (FloeUsb *self, SpiceUsbDevice *device, gboolean share);
void floe_usb_set_auto (FloeUsb *self, gboolean share);

gchar *floe_usb_filter_for_sharing (const gchar *filter);

G_END_DECLS
