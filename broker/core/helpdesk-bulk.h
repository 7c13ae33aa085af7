/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/desktop-acts.h"
#include "core/helpdesk.h"
#include "core/transition.h"

G_BEGIN_DECLS

/* So many at once, at most. */
#define FLOE_BULK_MOST 500

/**
 * FloeBulkDeed:
 * @FLOE_BULK_ACT: see #FloeDesktopAct
 * @FLOE_BULK_RELEASE: their leases end
 * @FLOE_BULK_MESSAGE: whoever sits at them is told something
 * @FLOE_BULK_MAINTAIN: they go into maintenance
 * @FLOE_BULK_OPEN: that ends
 *
 * What is done with several desktops.
 */
typedef enum
{
  FLOE_BULK_ACT,
  FLOE_BULK_RELEASE,
  FLOE_BULK_MESSAGE,
  FLOE_BULK_MAINTAIN,
  FLOE_BULK_OPEN,
} FloeBulkDeed;

/**
 * FloeLogOff:
 * @FLOE_LOG_OFF_KEEP: log-ins end, desktops stay as they are
 * @FLOE_LOG_OFF_GUESTS: whoever is logged in to the guests of their desktops is logged off, too
 * @FLOE_LOG_OFF_RELEASE: their desktops are taken back
 *
 * How far somebody is logged off.
 */
typedef enum
{
  FLOE_LOG_OFF_KEEP,
  FLOE_LOG_OFF_GUESTS,
  FLOE_LOG_OFF_RELEASE,
} FloeLogOff;

gboolean floe_log_off_from_name (const gchar *name, FloeLogOff *how);

/**
 * FloeBulkWish:
 * @deed: what is done with desktops
 * @act: with %FLOE_BULK_ACT
 * @how: with people
 * @message: (nullable): with %FLOE_BULK_MESSAGE and %FLOE_BULK_MAINTAIN
 * @minutes: with %FLOE_BULK_MAINTAIN: until sessions are ended; 0 for never
 * @reason: (nullable): why, for the audit trail
 * @dry_run: only tell what would come of it
 * @from: (nullable): with a move: from which pool
 * @to: (nullable): and to which
 * @of_group: with a move: it is about groups
 * @release: with a move: what they may not have any more is taken back
 * @subjects: ids of desktops, people's log-in names, or groups
 */
typedef struct
{
  FloeBulkDeed deed;
  FloeDesktopAct act;
  FloeLogOff how;
  const gchar *message;
  guint minutes;
  const gchar *reason;
  gboolean dry_run;
  const gchar *from;
  const gchar *to;
  gboolean of_group;
  gboolean release;
  const gchar *const *subjects;
} FloeBulkWish;

/**
 * FloeBulkItem:
 * @subject: as it was asked for
 * @name: (nullable): what people call it, if it is there
 * @holder: (nullable): who had the desktop before
 * @refusal: (nullable): why nothing was done to it
 * @change: (nullable): what became of the desktop, or would
 * @desktops: (nullable) (element-type FloeBulkItem): with a person: theirs
 *
 * What came of one of several.
 */
typedef struct
{
  gchar *subject;
  gchar *name;
  gchar *holder;
  GError *refusal;
  FloeChange *change;
  GPtrArray *desktops;
} FloeBulkItem;

FloeBulkItem *floe_bulk_item_new (const gchar *subject);
void floe_bulk_item_free (FloeBulkItem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeBulkItem, floe_bulk_item_free)

void floe_helpdesk_bulk_async (FloeHelpdesk *self, const FloeIdentity *actor,
                               const FloeBulkWish *wish, GAsyncReadyCallback callback,
                               gpointer user_data);
void floe_helpdesk_log_off_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const FloeBulkWish *wish, GAsyncReadyCallback callback,
                                  gpointer user_data);
void floe_helpdesk_move_async (FloeHelpdesk *self, const FloeIdentity *actor,
                               const FloeBulkWish *wish, GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *floe_helpdesk_bulk_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
