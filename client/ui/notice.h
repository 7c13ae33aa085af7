/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/desk.h"

G_BEGIN_DECLS

/**
 * FloeRemedy:
 * @FLOE_REMEDY_RETRY: do the same once more
 * @FLOE_REMEDY_BRING: take the desktop back from where it is open now
 * @FLOE_REMEDY_START: start the desktop again
 * @FLOE_REMEDY_LOG_IN: back to the log-in
 * @FLOE_REMEDY_POOLS: back to the list of desktops
 * @FLOE_REMEDY_SERVER: choose another server
 */
typedef enum
{
  FLOE_REMEDY_RETRY,
  FLOE_REMEDY_BRING,
  FLOE_REMEDY_START,
  FLOE_REMEDY_LOG_IN,
  FLOE_REMEDY_POOLS,
  FLOE_REMEDY_SERVER,
} FloeRemedy;

/**
 * FloeNotice:
 * @icon: a symbolic icon's name
 * @title: what happened, a few words
 * @body: what it means and what to do, plain text
 * @remedy: the first thing to offer
 * @code: a stable keyword for the helpdesk, like "network/dns"
 * @detail: (nullable): what a log would say, English
 *
 * A failure in the person's own words and language, made from codes alone: what a server wrote
 * never becomes the message, only a detail of it.
 */
typedef struct
{
  const gchar *icon;
  gchar *title;
  gchar *body;
  FloeRemedy remedy;
  gchar *code;
  gchar *detail;
} FloeNotice;

FloeNotice *floe_notice_new_for_error (const GError *error);
FloeNotice *floe_notice_new_for_desktop (const FloeDesktop *desktop);
FloeNotice *floe_notice_new_for_cause (FloeEndCause cause, const gchar *detail);
FloeNotice *floe_notice_new_for_stop (const FloeStop *stop);
void floe_notice_free (FloeNotice *self);

const gchar *floe_remedy_label (FloeRemedy remedy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeNotice, floe_notice_free)

G_END_DECLS
