/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/keeper.h"
#include "core/post.h"
#include "core/shadow-relay.h"

G_BEGIN_DECLS

/**
 * FloeShadows:
 *
 * Who of the staff looks at whose screen, with their consent: QEMU serves one client only, so it is
 * the person's own that gives the pictures and does what is typed. What was asked and allowed is in
 * the store, and told to clients with the news of their desktops; the pictures are in the memory of
 * the broker at which it was allowed. Who comes to another broker is served by it through that one,
 * see #FloePost.
 */
#define FLOE_TYPE_SHADOWS (floe_shadows_get_type ())
G_DECLARE_FINAL_TYPE (FloeShadows, floe_shadows, FLOE, SHADOWS, GObject)

FloeShadows *floe_shadows_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock,
                               FloeRoleGroups *groups);
void floe_shadows_set_post (FloeShadows *self, FloePost *post);
void floe_shadows_stop (FloeShadows *self);

void floe_shadows_ask_async (FloeShadows *self, const FloeIdentity *actor, const gchar *desktop_id,
                             const gchar *reason, GAsyncReadyCallback callback, gpointer user_data);
void floe_shadows_step_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                              FloeShadowStep step, GAsyncReadyCallback callback,
                              gpointer user_data);
void floe_shadows_get_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                             GAsyncReadyCallback callback, gpointer user_data);
FloeShadow *floe_shadows_finish (FloeShadows *self, GAsyncResult *result, GError **error);
void floe_shadows_list_async (FloeShadows *self, const FloeIdentity *actor,
                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *floe_shadows_list_finish (FloeShadows *self, GAsyncResult *result, GError **error);

void floe_shadows_put_picture_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                     FloePicture *picture, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_shadows_put_picture_finish (FloeShadows *self, GAsyncResult *result, gboolean *all,
                                          GError **error);
void floe_shadows_take_picture_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                      guint64 after, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_shadows_take_picture_finish (FloeShadows *self, GAsyncResult *result,
                                           FloePicture **picture, GError **error);
void floe_shadows_put_inputs_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                    FloeInputs *inputs, GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean floe_shadows_put_inputs_finish (FloeShadows *self, GAsyncResult *result, GError **error);
void floe_shadows_take_inputs_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
FloeInputs *floe_shadows_take_inputs_finish (FloeShadows *self, GAsyncResult *result,
                                             GError **error);

G_END_DECLS
