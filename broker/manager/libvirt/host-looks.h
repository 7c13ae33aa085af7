/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/libvirt/host-boots.h"
#include "manager/libvirt/host-clock.h"
#include "manager/libvirt/host-domains.h"
#include "manager/libvirt/host-meter.h"
#include "manager/libvirt/libvirt-host.h"
#include "manager/libvirt/libvirt-lanes.h"
#include "manager/libvirt/libvirt-watch.h"

G_BEGIN_DECLS

/* What the files of a libvirt host share. */

struct _FloeLibvirtHost
{
  GObject parent_instance;

  FloeLibvirtHostSettings *settings;
  FloeClock *clock;
  FloeManager *manager; /* not owned; NULL once stopped */
  FloeLibvirtLanes *lanes;

  FloeLibvirtWatch *watch; /* what events come by; NULL while there is none */
  GCancellable *opening;   /* while the watch is not open yet */
  gboolean listed;         /* since the watch was opened */
  gboolean lost;           /* "host-lost" was said */
  gint64 backoff;
  guint retry_id;
  guint list_id;

  FloeHostDomains *domains;
  FloeHostBoots *boots;
  FloeHostMeter *meter;
  GHashTable *to_look; /* ids of domains to look at */
  guint look_id;

  FloeHostClock host_clock;
  gboolean clock_warned;
};

/* A look that is under way; its answer counts only if the host was not lost in between. */
typedef struct
{
  FloeLibvirtHost *host;
  FloeLibvirtWatch *watch;
  gchar *id;
  guint64 token;
  guint tries;
} FloeHostLook;

FloeHostLook *floe_host_look_new (FloeLibvirtHost *self, const gchar *id);
void floe_host_look_free (FloeHostLook *look);
gboolean floe_host_look_counts (FloeHostLook *look);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeHostLook, floe_host_look_free)

void floe_libvirt_host_list_channels (FloeLibvirtHost *self, const gchar *id, guint tries);
void floe_libvirt_host_look_at (const gchar *id, gpointer host);

G_END_DECLS
