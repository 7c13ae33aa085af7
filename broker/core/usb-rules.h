/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_USB_RULES_MAX 64

/**
 * FloeUsbRule:
 * @class: of the device or of one of its interfaces; -1 for any, as in the next three
 * @vendor: its maker's id
 * @product: its product id
 * @version: of the product, as four decimal digits in a hexadecimal number: 0x0110 is 1.10
 * @allow: what becomes of a device that all of it fits
 *
 * One rule about USB devices. The first that fits decides; a device that none fits is refused.
 */
typedef struct
{
  gint class;
  gint vendor;
  gint product;
  gint version;
  gboolean allow;
} FloeUsbRule;

GArray *floe_usb_rules_parse (const gchar *text, GError **error);
gchar *floe_usb_rules_print (const GArray *rules);

G_END_DECLS
