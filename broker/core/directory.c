/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/directory.h"

G_DEFINE_INTERFACE (FloeDirectory, floe_directory, G_TYPE_OBJECT)

static void
floe_directory_default_init (FloeDirectoryInterface *iface)
{
}

/**
 * floe_directory_authenticate_async:
 * @self: a directory
 * @name: the log-in name as typed, UTF-8
 * @password: the password as typed; empty ones and ones with a NUL are refused before any server is
 *   asked
 * @cancellable: (nullable): gives up waiting
 * @callback: called once, on the main thread
 * @user_data: for @callback
 *
 * Asks the directory whether the password is that person's.
 */
void
floe_directory_authenticate_async (FloeDirectory *self, const gchar *name, FloeSecret *password,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  FLOE_DIRECTORY_GET_IFACE (self)->authenticate_async (self, name, password, cancellable, callback,
                                                       user_data);
}

/**
 * floe_directory_authenticate_finish:
 *
 * Returns: (transfer full): the person; or %NULL with %FLOE_ERROR_UNAUTHENTICATED (wrong name or
 *   password, one text for both, reason "wrong-credentials"; floe_error_cause() may know more,
 * which is for the audit trail only), %FLOE_ERROR_DENIED (the password was right, but the account
 * is not usable, with a reason: "must-change", "expired", "disabled", and from Active Directory
 * "account-expired", "not-now", "not-here"; never "locked", which servers tell without the right
 * password), %FLOE_ERROR_UNAVAILABLE (no server answers, reason "directory-down"),
 * %FLOE_ERROR_BUSY, %FLOE_ERROR_TIMED_OUT, %FLOE_ERROR_CANCELLED or %FLOE_ERROR_INTERNAL (the
 * configuration does not fit the directory)
 */
FloeUser *
floe_directory_authenticate_finish (FloeDirectory *self, GAsyncResult *result, GError **error)
{
  return FLOE_DIRECTORY_GET_IFACE (self)->authenticate_finish (self, result, error);
}

/**
 * floe_directory_change_password_async:
 * @self: a directory
 * @name: the log-in name as typed, UTF-8
 * @old: the password as it is; empty ones and ones with a NUL are refused before any server is
 * asked
 * @new: the password as it shall be, likewise
 * @cancellable: (nullable): gives up waiting; whether it happens is then unknown
 * @callback: called once, on the main thread
 * @user_data: for @callback
 *
 * Changes somebody's password, also that of somebody who cannot log in before. Once the request
 * went out it is sent to no other server.
 */
void
floe_directory_change_password_async (FloeDirectory *self, const gchar *name, FloeSecret *old,
                                      FloeSecret *new, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_DIRECTORY_GET_IFACE (self)->change_password_async (self, name, old, new, cancellable,
                                                          callback, user_data);
}

/**
 * floe_directory_change_password_finish:
 *
 * Returns: (transfer full): the person's log-in name, as the directory spells it; or %NULL with the
 *   errors of floe_directory_authenticate_finish() but "must-change" and "expired", and
 *   %FLOE_ERROR_DENIED with the reason "password-refused" and the policy's own reason in words, or
 *   %FLOE_ERROR_TIMED_OUT: whether the password was changed is unknown
 */
gchar *
floe_directory_change_password_finish (FloeDirectory *self, GAsyncResult *result, GError **error)
{
  return FLOE_DIRECTORY_GET_IFACE (self)->change_password_finish (self, result, error);
}

/**
 * floe_directory_vouch_async:
 * @self: a directory
 * @principal: whom a key distribution centre vouches for
 * @cancellable: (nullable): gives up waiting
 * @callback: called once, on the main thread
 * @user_data: for @callback
 *
 * Asks for the person who proved elsewhere who they are, without a password. A realm is a
 * directory's when it is called like one of its domains. Where the entry of that name has another
 * SID, it is another person's.
 */
void
floe_directory_vouch_async (FloeDirectory *self, const FloePrincipal *principal,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  FLOE_DIRECTORY_GET_IFACE (self)->vouch_async (self, principal, cancellable, callback, user_data);
}

/**
 * floe_directory_vouch_finish:
 *
 * Returns: (transfer full): the person, the same as with their password; or %NULL with
 *   %FLOE_ERROR_DENIED (reason "unknown-realm": no directory has it; "unknown-person": it has
 * nobody of that name, or more than one; "disabled", "account-expired"; "locked": by wrong
 * passwords, too, and the server decides until when), or an error of transport as in
 *   floe_directory_authenticate_finish()
 */
FloeUser *
floe_directory_vouch_finish (FloeDirectory *self, GAsyncResult *result, GError **error)
{
  return FLOE_DIRECTORY_GET_IFACE (self)->vouch_finish (self, result, error);
}

/**
 * floe_directory_look_up_async:
 * @self: a directory
 * @id: a #FloeUser id that this directory gave
 *
 * Asks for the person as they are now, without a password.
 */
void
floe_directory_look_up_async (FloeDirectory *self, const gchar *id, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_DIRECTORY_GET_IFACE (self)->look_up_async (self, id, cancellable, callback, user_data);
}

/**
 * floe_directory_look_up_finish:
 *
 * Returns: (transfer full): the person; or %NULL with %FLOE_ERROR_NOT_FOUND (a healthy server says
 *   that there is no such person), %FLOE_ERROR_DENIED (reason "disabled"; a lock by wrong passwords
 *   passes and ends no session), or an error of transport as in
 *   floe_directory_authenticate_finish(), which says nothing about the person
 */
FloeUser *
floe_directory_look_up_finish (FloeDirectory *self, GAsyncResult *result, GError **error)
{
  return FLOE_DIRECTORY_GET_IFACE (self)->look_up_finish (self, result, error);
}

/**
 * floe_directory_examine_async:
 * @self: a directory
 * @id: a #FloeUser id that this directory gave
 *
 * Asks how the person's account stands: what keeps them from logging in, for whoever helps them. It
 * takes longer than floe_directory_look_up_async(), and tells what no stranger may learn.
 */
void
floe_directory_examine_async (FloeDirectory *self, const gchar *id, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_DIRECTORY_GET_IFACE (self)->examine_async (self, id, cancellable, callback, user_data);
}

/**
 * floe_directory_examine_finish:
 *
 * Returns: (transfer full): how it stands, as far as the directory lets the broker know; or %NULL
 *   with %FLOE_ERROR_NOT_FOUND or an error of transport, as in floe_directory_look_up_finish()
 */
FloeStanding *
floe_directory_examine_finish (FloeDirectory *self, GAsyncResult *result, GError **error)
{
  return FLOE_DIRECTORY_GET_IFACE (self)->examine_finish (self, result, error);
}

/**
 * floe_directory_find_group_async:
 * @name: a group's plain name, as in a person's groups
 * @cancellable: (nullable): gives up
 *
 * Asks which groups are called that.
 */
void
floe_directory_find_group_async (FloeDirectory *self, const gchar *name, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  FloeDirectoryInterface *iface = FLOE_DIRECTORY_GET_IFACE (self);
  g_autoptr (GTask) task = NULL;

  if (iface->find_group_async != NULL)
    {
      iface->find_group_async (self, name, cancellable, callback, user_data);
      return;
    }
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_return_pointer (task, g_new0 (gchar *, 1), (GDestroyNotify)g_strfreev);
}

/**
 * floe_directory_find_group_finish:
 *
 * Returns: (transfer full): their lasting ids, as in a person's groups; without any where there is
 *   none, or the directory does not tell its id; or %NULL with an error of transport
 */
GStrv
floe_directory_find_group_finish (FloeDirectory *self, GAsyncResult *result, GError **error)
{
  FloeDirectoryInterface *iface = FLOE_DIRECTORY_GET_IFACE (self);

  return iface->find_group_finish != NULL ? iface->find_group_finish (self, result, error)
                                          : g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_directory_is_up:
 *
 * Returns: whether the last call that needed a server reached one; %TRUE before the first call
 */
gboolean
floe_directory_is_up (FloeDirectory *self)
{
  return FLOE_DIRECTORY_GET_IFACE (self)->is_up (self);
}

/**
 * floe_directory_fold_name:
 * @name: a log-in name as typed
 *
 * Returns: (transfer full): the same for all spellings of one name. Not an id: somebody may have
 *   several names
 */
gchar *
floe_directory_fold_name (FloeDirectory *self, const gchar *name)
{
  FloeDirectoryInterface *iface = FLOE_DIRECTORY_GET_IFACE (self);
  gchar *folded = iface->fold_name != NULL ? iface->fold_name (self, name) : NULL;

  return folded != NULL ? folded : g_utf8_casefold (name, -1);
}

/**
 * floe_directory_get_lockout:
 * @lockout: (out caller-allocates): when the directory locks accounts, as it told last; without
 *   policies where it has told nothing yet
 *
 * Has the directory asked from time to time, by being called.
 */
void
floe_directory_get_lockout (FloeDirectory *self, FloeLockout *lockout)
{
  FloeDirectoryInterface *iface = FLOE_DIRECTORY_GET_IFACE (self);

  *lockout = (FloeLockout){ 0 };
  if (iface->get_lockout != NULL)
    iface->get_lockout (self, lockout);
}
