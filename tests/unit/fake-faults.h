/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/domain.h"
#include "core/error.h"
#include "core/job.h"

G_BEGIN_DECLS

/* What goes wrong with a fake manager's calls for longer than one of them. */
typedef struct _FakeFaults FakeFaults;

FakeFaults *fake_faults_new (void);
void fake_faults_free (FakeFaults *self);
gchar *fake_faults_image_name (const gchar *pool, guint revision);

/* What a test wants. */
void fake_faults_break_pool (FakeFaults *self, const gchar *pool, FloeJobKind kind, FloeError code,
                             const gchar *reason, const gchar *text);
void fake_faults_mend_pool (FakeFaults *self);
void fake_faults_lose_image (FakeFaults *self, const gchar *host, const gchar *pool,
                             guint revision);

/* What the manager meets. */
GError *fake_faults_take_job (FakeFaults *self, const FloeJob *job);
GError *fake_faults_take_start (FakeFaults *self, const FloeDomain *domain);
void fake_faults_image_came (FakeFaults *self, const gchar *host, const gchar *volume);

G_END_DECLS
