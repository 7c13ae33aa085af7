/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/host-settings.h"

#include <gio/gio.h>
#include <string.h>

#include "core/error.h"

FloeLibvirtHostSettings *
floe_libvirt_host_settings_copy (const FloeLibvirtHostSettings *self)
{
  FloeLibvirtHostSettings *copy = g_new0 (FloeLibvirtHostSettings, 1);

  copy->name = g_strdup (self->name);
  copy->uri = g_strdup (self->uri);
  copy->display_address = g_strdup (self->display_address);
  copy->display_ca = g_strdup (self->display_ca);
  copy->display_subject = g_strdup (self->display_subject);
  copy->plain_display = self->plain_display;
  copy->guard = self->guard;
  copy->guard_data = self->guard_data;
  return copy;
}

void
floe_libvirt_host_settings_free (FloeLibvirtHostSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->uri);
  g_free (self->display_address);
  g_free (self->display_ca);
  g_free (self->display_subject);
  g_free (self);
}

/* The host in a URI such as qemu+ssh://root@host1/system, or NULL. */
static gchar *
uri_host (const gchar *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const gchar *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && *host != '\0' ? g_strdup (host) : NULL;
}

/**
 * floe_libvirt_host_settings_is_local:
 *
 * Returns: %TRUE if the URI means a daemon of this machine by its Unix socket, which has this
 *   machine's clock
 */
gboolean
floe_libvirt_host_settings_is_local (const FloeLibvirtHostSettings *self)
{
  g_autofree gchar *host = uri_host (self->uri);
  const gchar *colon = strchr (self->uri, ':');
  const gchar *plus = strchr (self->uri, '+');

  if (host != NULL || colon == NULL)
    return FALSE;
  return plus == NULL || plus > colon || g_str_has_prefix (plus, "+unix:");
}

static gboolean
is_wildcard (const gchar *listen)
{
  g_autoptr (GInetAddress) address = NULL;

  if (listen == NULL || *listen == '\0')
    return TRUE;
  address = g_inet_address_new_from_string (listen);
  return address != NULL && g_inet_address_get_is_any (address);
}

/**
 * floe_libvirt_host_settings_address:
 * @self: a host
 * @listen: (nullable): where a domain's display listens
 * @error: %FLOE_ERROR_INTERNAL
 *
 * Returns: (transfer full): the address for clients: the configured one, or the one that the
 * display listens on, or, where that is every address, the host's name in the URI
 */
gchar *
floe_libvirt_host_settings_address (const FloeLibvirtHostSettings *self, const gchar *listen,
                                    GError **error)
{
  gchar *host;

  if (self->display_address != NULL)
    return g_strdup (self->display_address);
  if (!is_wildcard (listen))
    return g_strdup (listen);
  host = uri_host (self->uri);
  if (host == NULL)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                 "the display listens on every address and the URI of host %s names none: set "
                 "display_address in [host %s]",
                 self->name, self->name);
  return host;
}
