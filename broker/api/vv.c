/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/vv.h"

#include <string.h>

#include "api/secret-text.h"

/*
 * remote-viewer's file is a key file with the one group [virt-viewer]. It is not made by GKeyFile,
 * which would leave the ticket in memory; a test reads it back with that. remote-viewer reads
 * booleans as numbers, and forgets each default hotkey that a file does not name.
 */

static void
append_escaped (FloeSecretText *text, const gchar *value, gsize length)
{
  for (gsize i = 0; i < length; i++)
    switch (value[i])
      {
      case '\\':
        floe_secret_text_append (text, "\\\\", 2);
        break;
      case '\n':
        floe_secret_text_append (text, "\\n", 2);
        break;
      case '\r':
        floe_secret_text_append (text, "\\r", 2);
        break;
      case '\t':
        floe_secret_text_append (text, "\\t", 2);
        break;
      case ' ':
        /* Only at the beginning it would be lost. */
        floe_secret_text_append (text, i == 0 ? "\\s" : " ", -1);
        break;
      default:
        floe_secret_text_append (text, value + i, 1);
      }
  floe_secret_text_append (text, "\n", 1);
}

static void
add (FloeSecretText *text, const gchar *key, const gchar *value)
{
  g_autofree gchar *valid = NULL;

  if (value == NULL)
    return;
  valid = g_utf8_make_valid (value, -1);
  floe_secret_text_append (text, key, -1);
  floe_secret_text_append (text, "=", 1);
  append_escaped (text, valid, strlen (valid));
}

static void
add_port (FloeSecretText *text, const gchar *key, guint16 port)
{
  gchar digits[8];

  g_snprintf (digits, sizeof digits, "%u", port);
  if (port > 0)
    add (text, key, digits);
}

/* The rest of it remote-viewer does not know. */
static void
add_policy (FloeSecretText *text, const FloePolicy *policy)
{
  if (!policy->usb)
    add (text, "enable-usbredir", "0");
  else
    {
      add (text, "usb-filter", policy->usb_filter);
      add (text, "usb-redirect-on-connect", policy->usb_connect);
    }
  if (!policy->smartcard)
    add (text, "enable-smartcard", "0");
}

/**
 * floe_vv_write:
 * @connection: how to open a desktop
 *
 * Returns: (transfer full): a file for remote-viewer
 */
FloeSecret *
floe_vv_write (const FloeConnection *connection)
{
  g_auto (FloeSecretText) text = { NULL, 0, 0 };
  const FloeDisplay *display = connection->display;
  gsize length;
  const gchar *ticket = floe_secret_get (connection->ticket->secret, &length);

  floe_secret_text_append (&text, "[virt-viewer]\n", -1);
  add (&text, "type", floe_display_kind_name (display->kind));
  add (&text, "host", display->host);
  add (&text, "proxy", display->proxy);
  add_port (&text, "port", display->port);
  add_port (&text, "tls-port", display->tls_port);
  floe_secret_text_append (&text, "password=", -1);
  append_escaped (&text, ticket, length);
  add (&text, "ca", display->ca);
  add (&text, "host-subject", display->host_subject);
  for (guint i = 0; display->secure_channels[i] != NULL; i++)
    {
      floe_secret_text_append (&text, i == 0 ? "secure-channels=" : "", -1);
      floe_secret_text_append (&text, display->secure_channels[i], -1);
      floe_secret_text_append (&text, display->secure_channels[i + 1] == NULL ? ";\n" : ";", -1);
    }
  add_policy (&text, connection->policy);
  add (&text, "title", connection->title);
  add (&text, "toggle-fullscreen", "f11");
  add (&text, "release-cursor", "shift+f12");
  add (&text, "secure-attention", "ctrl+alt+end");
  add (&text, "delete-this-file", "1");
  return floe_secret_text_steal (&text);
}
