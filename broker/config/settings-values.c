/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/settings-values.h"

/* What settings are made of, and how they end. */

void
floe_host_settings_free (FloeHostSettings *host)
{
  g_free (host->name);
  g_free (host->uri);
  g_free (host->display_address);
  g_free (host->display_ca);
  g_free (host->display_subject);
  g_free (host);
}

void
floe_manager_settings_free (FloeManagerSettings *manager)
{
  g_free (manager->name);
  g_free (manager->type);
  g_free (manager->url);
  g_free (manager->ca_file);
  g_free (manager->user);
  g_free (manager->password_file);
  g_free (manager->profile);
  g_free (manager->key_file);
  g_free (manager->client_id);
  g_free (manager->client_secret_file);
  g_free (manager);
}

void
floe_directory_settings_free (FloeDirectorySettings *directory)
{
  g_free (directory->name);
  g_free (directory->profile);
  g_strfreev (directory->uris);
  g_free (directory->ca_file);
  g_free (directory->bind_dn);
  g_free (directory->bind_password_file);
  g_free (directory->base);
  g_strfreev (directory->domains);
  g_free (directory->user_filter);
  g_free (directory->id_attribute);
  g_free (directory->name_attribute);
  g_free (directory->display_name_attribute);
  g_free (directory->group_attribute);
  g_free (directory->group_id_attribute);
  g_free (directory->group_base);
  g_free (directory->group_name_attribute);
  g_free (directory->groups_by);
  g_free (directory->group_filter);
  g_free (directory->disabled_filter);
  g_free (directory);
}

FloeSettings *
floe_settings_new (void)
{
  FloeSettings *self = g_new0 (FloeSettings, 1);

  self->directory = g_new0 (FloeDirectorySettings, 1);
  self->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_host_settings_free);
  self->managers = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_manager_settings_free);
  self->more_directories =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_directory_settings_free);
  return self;
}

/**
 * floe_settings_free:
 * @self: (nullable): settings
 */
void
floe_settings_free (FloeSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->database);
  g_free (self->database_password_file);
  g_free (self->name);
  g_strfreev (self->host_names);
  g_free (self->socket);
  g_free (self->loopback);
  g_free (self->trusted_user);
  floe_directory_settings_free (self->directory);
  g_ptr_array_unref (self->more_directories);
  g_strfreev (self->admin_groups);
  g_strfreev (self->operator_groups);
  g_strfreev (self->auditor_groups);
  g_strfreev (self->helpdesk_groups);
  g_free (self->factor_key_file);
  g_free (self->default_domain);
  g_free (self->terminals_key_file);
  g_free (self->webhooks_key_file);
  g_free (self->audit_key_file);
  g_strfreev (self->required_groups);
  g_strfreev (self->required_networks);
  g_strfreev (self->exempt_networks);
  g_free (self->factor_issuer);
  g_free (self->kerberos_keytab);
  g_free (self->metrics_listen);
  g_ptr_array_unref (self->hosts);
  g_ptr_array_unref (self->managers);
  g_free (self);
}
