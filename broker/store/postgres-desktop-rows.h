/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/desktop.h"
#include "store/postgres-db.h"

G_BEGIN_DECLS

/* Every query of desktops begins with this, so that one reader serves all of them. That a desktop
 * is lent is known from the leases alone. */
#define FLOE_POSTGRES_SELECT_DESKTOPS                                                              \
  "SELECT d.id, d.name, d.pool, p.kind, d.host, d.power, d.power_at, d.guest, d.guest_at,"         \
  " d.console, d.console_at, d.lease_at, d.clean, d.clean_at, d.intent, d.intent_at, d.intent_by," \
  " d.present, d.has_agent, d.refusal, d.problem, d.not_before, d.end_reason, d.end_at, d.end_by," \
  " d.end_where, d.end_user, l.holder, l.holder_name, l.since, l.login_id, l.address, l.terminal," \
  " p.grace_seconds, p.ready_seconds, d.made, d.revision, d.number, d.memory_mib, d.target,"       \
  " l.slot, p.data_gib FROM desktops d JOIN pools p ON p.name = d.pool"                            \
  " LEFT JOIN leases l ON l.desktop_id = d.id WHERE "

GPtrArray *floe_postgres_read_desktops (FloeSqlRows *rows, GError **error);
FloeDesktop *floe_postgres_take_desktop (GPtrArray *list, GError **error);

G_END_DECLS
