/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/domain.h"
#include "manager/libvirt/libvirt-lanes.h"

G_BEGIN_DECLS

/**
 * FloeHostBoots:
 *
 * The first boots of a host's clones. The guest agent of a clone that cloud-init makes its own
 * answers before that has ended, and "the agent answers" is what everybody else takes for "ready":
 * until cloud-init is seen to have ended, its agent is said not to answer. Asked for in the agent's
 * lane, every two seconds. A clone whose script failed never becomes ready, and is said why; one
 * whose agent forbids to look at files is taken at its agent's word.
 */
typedef struct _FloeHostBoots FloeHostBoots;

typedef void (*FloeHostBootsFunc) (const gchar *id, gpointer data);

FloeHostBoots *floe_host_boots_new (FloeLibvirtLanes *lanes, FloeClock *clock,
                                    FloeHostBootsFunc ready, gpointer data);
void floe_host_boots_stop (FloeHostBoots *self);
void floe_host_boots_clear (FloeHostBoots *self);
void floe_host_boots_note (FloeHostBoots *self, const gchar *id, gboolean seeded);
FloeDomain *floe_host_boots_judge (FloeHostBoots *self, const FloeDomain *domain);

G_END_DECLS
