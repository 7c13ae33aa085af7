/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/types.h"

G_DEFINE_BOXED_TYPE (FloeDesktop, floe_desktop, floe_desktop_copy, floe_desktop_free)
G_DEFINE_BOXED_TYPE (FloeConnectRequest, floe_connect_request, floe_connect_request_copy,
                     floe_connect_request_free)
G_DEFINE_BOXED_TYPE (FloeMessage, floe_message, floe_message_copy, floe_message_free)
G_DEFINE_BOXED_TYPE (FloeShadow, floe_shadow, floe_shadow_copy, floe_shadow_free)

FloeAccount *
floe_account_copy (const FloeAccount *self)
{
  FloeAccount *copy = g_new0 (FloeAccount, 1);

  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->display_name = g_strdup (self->display_name);
  copy->role = g_strdup (self->role);
  return copy;
}

void
floe_account_free (FloeAccount *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->display_name);
  g_free (self->role);
  g_free (self);
}

gboolean
floe_account_is_admin (const FloeAccount *self)
{
  return g_strcmp0 (self->role, "admin") == 0;
}

FloeDesktopEnd *
floe_desktop_end_copy (const FloeDesktopEnd *self)
{
  FloeDesktopEnd *copy = g_new0 (FloeDesktopEnd, 1);

  copy->reason = self->reason;
  copy->at = self->at;
  copy->by = g_strdup (self->by);
  copy->where = g_strdup (self->where);
  return copy;
}

void
floe_desktop_end_free (FloeDesktopEnd *self)
{
  g_free (self->by);
  g_free (self->where);
  g_free (self);
}

FloeDesktop *
floe_desktop_copy (const FloeDesktop *self)
{
  FloeDesktop *copy = g_new0 (FloeDesktop, 1);

  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->pool = g_strdup (self->pool);
  copy->power = g_strdup (self->power);
  copy->guest = g_strdup (self->guest);
  copy->console = g_strdup (self->console);
  copy->state = self->state;
  copy->end = self->end != NULL ? floe_desktop_end_copy (self->end) : NULL;
  copy->can_reconnect = self->can_reconnect;
  copy->limit_at = self->limit_at;
  copy->ends_at = self->ends_at;
  copy->notice = g_strdup (self->notice);
  return copy;
}

void
floe_desktop_free (FloeDesktop *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->pool);
  g_free (self->power);
  g_free (self->guest);
  g_free (self->console);
  g_free (self->notice);
  g_clear_pointer (&self->end, floe_desktop_end_free);
  g_free (self);
}

FloeMessage *
floe_message_copy (const FloeMessage *self)
{
  FloeMessage *copy = g_new0 (FloeMessage, 1);

  copy->id = g_strdup (self->id);
  copy->desktop_id = g_strdup (self->desktop_id);
  copy->from = g_strdup (self->from);
  copy->text = g_strdup (self->text);
  return copy;
}

void
floe_message_free (FloeMessage *self)
{
  g_free (self->id);
  g_free (self->desktop_id);
  g_free (self->from);
  g_free (self->text);
  g_free (self);
}

FloeShadow *
floe_shadow_copy (const FloeShadow *self)
{
  FloeShadow *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->desktop_id = g_strdup (self->desktop_id);
  copy->from = g_strdup (self->from);
  copy->reason = g_strdup (self->reason);
  return copy;
}

void
floe_shadow_free (FloeShadow *self)
{
  g_free (self->id);
  g_free (self->desktop_id);
  g_free (self->from);
  g_free (self->reason);
  g_free (self);
}

static gboolean
end_equal (const FloeDesktopEnd *a, const FloeDesktopEnd *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->reason == b->reason && a->at == b->at && g_strcmp0 (a->by, b->by) == 0
         && g_strcmp0 (a->where, b->where) == 0;
}

/**
 * floe_desktop_equal:
 * @a: (nullable): one
 * @b: (nullable): another
 *
 * Returns: %TRUE if they say the same
 */
gboolean
floe_desktop_equal (const FloeDesktop *a, const FloeDesktop *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strcmp0 (a->id, b->id) == 0 && g_strcmp0 (a->name, b->name) == 0
         && g_strcmp0 (a->pool, b->pool) == 0 && g_strcmp0 (a->power, b->power) == 0
         && g_strcmp0 (a->guest, b->guest) == 0 && g_strcmp0 (a->console, b->console) == 0
         && a->state == b->state && a->can_reconnect == b->can_reconnect
         && a->limit_at == b->limit_at && a->ends_at == b->ends_at
         && g_strcmp0 (a->notice, b->notice) == 0 && end_equal (a->end, b->end);
}

static gpointer
copy_desktop (gconstpointer desktop, gpointer data)
{
  return floe_desktop_copy (desktop);
}

FloePool *
floe_pool_copy (const FloePool *self)
{
  FloePool *copy = g_new0 (FloePool, 1);

  copy->name = g_strdup (self->name);
  copy->description = g_strdup (self->description);
  copy->kind = self->kind;
  copy->desktop = self->desktop != NULL ? floe_desktop_copy (self->desktop) : NULL;
  copy->desktops = g_ptr_array_copy (self->desktops, copy_desktop, NULL);
  g_ptr_array_set_free_func (copy->desktops, (GDestroyNotify)floe_desktop_free);
  copy->another = self->another;
  copy->keeps_data = self->keeps_data;
  copy->per_user = self->per_user;
  copy->closed = self->closed;
  copy->message = g_strdup (self->message);
  copy->policy = floe_policy_copy (self->policy);
  return copy;
}

void
floe_pool_free (FloePool *self)
{
  g_free (self->name);
  g_free (self->description);
  g_free (self->message);
  g_clear_pointer (&self->policy, floe_policy_free);
  g_clear_pointer (&self->desktop, floe_desktop_free);
  g_clear_pointer (&self->desktops, g_ptr_array_unref);
  g_free (self);
}

/**
 * floe_pool_is_choice:
 * @self: a pool
 *
 * Returns: whether there is more than one desktop of it to choose from
 */
gboolean
floe_pool_is_choice (const FloePool *self)
{
  return self->desktops->len > 1 || (self->desktops->len == 1 && self->another);
}

FloeLogin *
floe_login_copy (const FloeLogin *self)
{
  FloeLogin *copy = g_new0 (FloeLogin, 1);

  copy->account = floe_account_copy (self->account);
  copy->pools = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_free);
  for (guint i = 0; i < self->pools->len; i++)
    g_ptr_array_add (copy->pools, floe_pool_copy (g_ptr_array_index (self->pools, i)));
  copy->expires_at = self->expires_at;
  copy->idle_seconds = self->idle_seconds;
  copy->password_expires = self->password_expires;
  return copy;
}

void
floe_login_free (FloeLogin *self)
{
  g_clear_pointer (&self->account, floe_account_free);
  g_clear_pointer (&self->pools, g_ptr_array_unref);
  g_free (self);
}

FloeConnection *
floe_connection_copy (const FloeConnection *self)
{
  FloeConnection *copy = g_new0 (FloeConnection, 1);

  copy->protocol = self->protocol;
  copy->host = g_strdup (self->host);
  copy->port = self->port;
  copy->tls_port = self->tls_port;
  copy->ca = g_strdup (self->ca);
  copy->host_subject = g_strdup (self->host_subject);
  copy->secure_channels = g_strdupv (self->secure_channels);
  copy->ciphers = g_strdup (self->ciphers);
  copy->proxy = g_strdup (self->proxy);
  copy->username = g_strdup (self->username);
  copy->ticket = self->ticket != NULL ? floe_secret_ref (self->ticket) : NULL;
  copy->ticket_expires_at = self->ticket_expires_at;
  copy->desktop_id = g_strdup (self->desktop_id);
  copy->desktop_name = g_strdup (self->desktop_name);
  copy->pool = g_strdup (self->pool);
  copy->title = g_strdup (self->title);
  copy->host_name = g_strdup (self->host_name);
  copy->reconnect_token =
      self->reconnect_token != NULL ? floe_secret_ref (self->reconnect_token) : NULL;
  copy->keeps_data = self->keeps_data;
  copy->actions = g_strdupv (self->actions);
  copy->policy = floe_policy_copy (self->policy);
  return copy;
}

void
floe_connection_free (FloeConnection *self)
{
  g_free (self->host);
  g_free (self->ca);
  g_free (self->host_subject);
  g_strfreev (self->secure_channels);
  g_free (self->ciphers);
  g_free (self->proxy);
  g_free (self->username);
  g_clear_pointer (&self->ticket, floe_secret_unref);
  g_free (self->desktop_id);
  g_free (self->desktop_name);
  g_free (self->pool);
  g_free (self->title);
  g_free (self->host_name);
  g_clear_pointer (&self->reconnect_token, floe_secret_unref);
  g_strfreev (self->actions);
  g_clear_pointer (&self->policy, floe_policy_free);
  g_free (self);
}

FloeConnectRequest *
floe_connect_request_copy (const FloeConnectRequest *self)
{
  FloeConnectRequest *copy = g_new0 (FloeConnectRequest, 1);

  copy->id = g_strdup (self->id);
  copy->pool = g_strdup (self->pool);
  copy->desktop_id = g_strdup (self->desktop_id);
  copy->desktop_name = g_strdup (self->desktop_name);
  copy->state = self->state;
  copy->place = self->place;
  copy->estimate_seconds = self->estimate_seconds;
  copy->data_host = g_strdup (self->data_host);
  copy->data_lost = self->data_lost;
  copy->problem = self->problem != NULL ? g_error_copy (self->problem) : NULL;
  copy->since = self->since;
  return copy;
}

void
floe_connect_request_free (FloeConnectRequest *self)
{
  g_free (self->id);
  g_free (self->pool);
  g_free (self->desktop_id);
  g_free (self->desktop_name);
  g_free (self->data_host);
  g_clear_error (&self->problem);
  g_free (self);
}

/**
 * floe_connect_request_equal:
 * @a: (nullable): one
 * @b: (nullable): another
 *
 * Returns: %TRUE if a person would be told the same
 */
gboolean
floe_connect_request_equal (const FloeConnectRequest *a, const FloeConnectRequest *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strcmp0 (a->id, b->id) == 0 && a->state == b->state && a->place == b->place
         && a->estimate_seconds == b->estimate_seconds && a->since == b->since
         && a->data_lost == b->data_lost && g_strcmp0 (a->data_host, b->data_host) == 0
         && g_strcmp0 (a->pool, b->pool) == 0 && g_strcmp0 (a->desktop_id, b->desktop_id) == 0
         && g_strcmp0 (a->desktop_name, b->desktop_name) == 0
         && (a->problem != NULL) == (b->problem != NULL);
}

FloeConnectAnswer *
floe_connect_answer_copy (const FloeConnectAnswer *self)
{
  FloeConnectAnswer *copy = g_new0 (FloeConnectAnswer, 1);

  if (self->connection != NULL)
    copy->connection = floe_connection_copy (self->connection);
  if (self->request != NULL)
    copy->request = floe_connect_request_copy (self->request);
  return copy;
}

void
floe_connect_answer_free (FloeConnectAnswer *self)
{
  g_clear_pointer (&self->connection, floe_connection_free);
  g_clear_pointer (&self->request, floe_connect_request_free);
  g_free (self);
}
