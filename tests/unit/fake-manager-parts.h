/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-manager.h"

G_BEGIN_DECLS

struct _FakeManager
{
  GObject parent_instance;

  GPtrArray *hosts; /* of names; the first is where a test's own domains are */
  GPtrArray *domains;
  gchar *request; /* of the last job, power-off or ticket */
  GString *log;
  GQueue pending; /* Call */
  gboolean hold;
  FakeFaults *faults;
  GError *start_error;
  GError *job_errors[FLOE_JOB_GIVE_BACK + 1];
  GError *ticket_error;
  gboolean engine;
  gchar *gift; /* id of the domain that an engine gives next */
  FloeGuard guard;
  gpointer guard_data;
};

/* A call that was given and not answered: of power, or a job. */
typedef struct
{
  GTask *task;
  gchar *id;
  gboolean on;
  FloeJob *job;
} Call;

void fake_manager_tell_power (FakeManager *self, const gchar *id, FloePower power);
void fake_manager_undefine_at (FakeManager *self, const gchar *host, const gchar *id);
FloeJobResult *fake_manager_do_job (FakeManager *self, const FloeJob *job);
void fake_manager_log_job (FakeManager *self, const FloeJob *job);

G_END_DECLS
