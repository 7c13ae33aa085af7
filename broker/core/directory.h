/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/lockout.h"
#include "core/principal.h"
#include "core/secret.h"
#include "core/standing.h"
#include "core/user.h"

G_BEGIN_DECLS

/**
 * FloeDirectory:
 *
 * The directory port: who somebody is. Implementations answer each call exactly once, never before
 * the call returns, and never block the main thread.
 */
#define FLOE_TYPE_DIRECTORY (floe_directory_get_type ())
G_DECLARE_INTERFACE (FloeDirectory, floe_directory, FLOE, DIRECTORY, GObject)

struct _FloeDirectoryInterface
{
  GTypeInterface parent_iface;

  void (*authenticate_async) (FloeDirectory *self, const gchar *name, FloeSecret *password,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
  FloeUser *(*authenticate_finish) (FloeDirectory *self, GAsyncResult *result, GError **error);
  void (*change_password_async) (FloeDirectory *self, const gchar *name, FloeSecret *old,
                                 FloeSecret *new, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
  gchar *(*change_password_finish) (FloeDirectory *self, GAsyncResult *result, GError **error);
  void (*vouch_async) (FloeDirectory *self, const FloePrincipal *principal,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  FloeUser *(*vouch_finish) (FloeDirectory *self, GAsyncResult *result, GError **error);
  void (*look_up_async) (FloeDirectory *self, const gchar *id, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
  FloeUser *(*look_up_finish) (FloeDirectory *self, GAsyncResult *result, GError **error);
  void (*examine_async) (FloeDirectory *self, const gchar *id, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
  FloeStanding *(*examine_finish) (FloeDirectory *self, GAsyncResult *result, GError **error);
  void (*find_group_async) (FloeDirectory *self, const gchar *name, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data); /* nullable */
  GStrv (*find_group_finish) (FloeDirectory *self, GAsyncResult *result, GError **error);
  gboolean (*is_up) (FloeDirectory *self);
  gchar *(*fold_name) (FloeDirectory *self, const gchar *name);    /* nullable */
  void (*get_lockout) (FloeDirectory *self, FloeLockout *lockout); /* nullable */
};

void floe_directory_authenticate_async (FloeDirectory *self, const gchar *name,
                                        FloeSecret *password, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
FloeUser *floe_directory_authenticate_finish (FloeDirectory *self, GAsyncResult *result,
                                              GError **error);
void floe_directory_change_password_async (FloeDirectory *self, const gchar *name, FloeSecret *old,
                                           FloeSecret *new, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gchar *floe_directory_change_password_finish (FloeDirectory *self, GAsyncResult *result,
                                              GError **error);
void floe_directory_vouch_async (FloeDirectory *self, const FloePrincipal *principal,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
FloeUser *floe_directory_vouch_finish (FloeDirectory *self, GAsyncResult *result, GError **error);
void floe_directory_look_up_async (FloeDirectory *self, const gchar *id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
FloeUser *floe_directory_look_up_finish (FloeDirectory *self, GAsyncResult *result, GError **error);
void floe_directory_examine_async (FloeDirectory *self, const gchar *id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
FloeStanding *floe_directory_examine_finish (FloeDirectory *self, GAsyncResult *result,
                                             GError **error);
void floe_directory_find_group_async (FloeDirectory *self, const gchar *name,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
GStrv floe_directory_find_group_finish (FloeDirectory *self, GAsyncResult *result, GError **error);
gboolean floe_directory_is_up (FloeDirectory *self);
gchar *floe_directory_fold_name (FloeDirectory *self, const gchar *name);
void floe_directory_get_lockout (FloeDirectory *self, FloeLockout *lockout);

G_END_DECLS
