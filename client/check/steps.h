/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check.h"

G_BEGIN_DECLS

/* A step that answers is given this long. */
#define FLOE_CHECK_SECONDS 10

typedef struct
{
  const FloeCheckPlan *plan;
  FloeCheckResult *result;
} FloeCheckRun;

void floe_check_fine (FloeCheckRun *run, FloeCheckStep step, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
void floe_check_found (FloeCheckRun *run, FloeCheckReason reason, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

void floe_check_server (FloeCheckRun *run);
void floe_check_display (FloeCheckRun *run);
void floe_check_session (FloeCheckRun *run);
void floe_check_usb (FloeCheckRun *run);
void floe_check_audio (FloeCheckRun *run);

G_END_DECLS
