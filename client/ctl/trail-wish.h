/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl/command.h"

G_BEGIN_DECLS

/**
 * FloeTrailWish:
 *
 * Which part of the audit trail somebody wants; %NULL for what they did not say.
 */
typedef struct
{
  gchar *user;
  gchar *desktop;
  gchar *action;
  gchar *since;
  gchar *until;
} FloeTrailWish;

/* The options of every command that takes such a wish. */
#define FLOE_TRAIL_OPTIONS(wish)                                                                   \
  { "user", 0, 0, G_OPTION_ARG_STRING, &(wish)->user, NULL, NULL },                                \
      { "desktop", 0, 0, G_OPTION_ARG_STRING, &(wish)->desktop, NULL, NULL },                      \
      { "action", 0, 0, G_OPTION_ARG_STRING, &(wish)->action, NULL, NULL },                        \
      { "since", 0, 0, G_OPTION_ARG_STRING, &(wish)->since, NULL, NULL },                          \
  {                                                                                                \
    "until", 0, 0, G_OPTION_ARG_STRING, &(wish)->until, NULL, NULL                                 \
  }

void floe_trail_wish_clear (FloeTrailWish *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FloeTrailWish, floe_trail_wish_clear)

gboolean floe_trail_wish_check (FloeTrailWish *self, GError **error);
void floe_trail_wish_add (const FloeTrailWish *self, GString *path);

G_END_DECLS
