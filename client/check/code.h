/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeCheckStep:
 *
 * What of a terminal is looked at, in this order. A code has one digit of base 4 for each, so that
 * their order and number are part of it.
 */
typedef enum
{
  FLOE_CHECK_SETTINGS,
  FLOE_CHECK_NAME,
  FLOE_CHECK_CONNECTION,
  FLOE_CHECK_CERTIFICATE,
  FLOE_CHECK_CLOCK,
  FLOE_CHECK_SERVER,
  FLOE_CHECK_DISPLAY,
  FLOE_CHECK_SESSION,
  FLOE_CHECK_USB,
  FLOE_CHECK_AUDIO,
  FLOE_CHECK_N_STEPS,
} FloeCheckStep;

typedef enum
{
  FLOE_CHECK_OK,
  FLOE_CHECK_WARNING,
  FLOE_CHECK_PROBLEM,
  FLOE_CHECK_SKIPPED,
} FloeCheckOutcome;

/**
 * FloeCheckReason:
 *
 * What was found. Numbers are part of a code: append, and never change one.
 */
typedef enum
{
  FLOE_REASON_FINE,
  FLOE_REASON_BAD_SETTINGS,
  FLOE_REASON_NO_SERVER,
  FLOE_REASON_BAD_ADDRESS,
  FLOE_REASON_NAME_UNKNOWN,
  FLOE_REASON_REFUSED,
  FLOE_REASON_UNREACHABLE,
  FLOE_REASON_SILENT,
  FLOE_REASON_NO_TLS,
  FLOE_REASON_CA_FILE,
  FLOE_REASON_UNTRUSTED,
  FLOE_REASON_EXPIRED,
  FLOE_REASON_NOT_YET_VALID,
  FLOE_REASON_WRONG_NAME,
  FLOE_REASON_EXPIRES_SOON,
  FLOE_REASON_CLOCK_WRONG,
  FLOE_REASON_CLOCK_DRIFTS,
  FLOE_REASON_NO_DATE,
  FLOE_REASON_NOT_A_BROKER,
  FLOE_REASON_SERVER_FAILS,
  FLOE_REASON_DISPLAY_CLOSED,
  FLOE_REASON_NO_LOGIND,
  FLOE_REASON_NO_SESSION,
  FLOE_REASON_INACTIVE,
  FLOE_REASON_NO_POLKIT,
  FLOE_REASON_USB_DENIED,
  FLOE_REASON_USB_ASKS,
  FLOE_REASON_NO_AUDIO,
  FLOE_REASON_N,
} FloeCheckReason;

/**
 * FloeCheckResult:
 *
 * All that a code says: what came of each step, and the reason that counts most.
 */
typedef struct
{
  FloeCheckOutcome outcomes[FLOE_CHECK_N_STEPS];
  FloeCheckReason reason;
} FloeCheckResult;

gchar *floe_check_encode (const FloeCheckResult *result);
gboolean floe_check_decode (const gchar *code, FloeCheckResult *result);

const gchar *floe_check_step_name (FloeCheckStep step);
const gchar *floe_check_outcome_name (FloeCheckOutcome outcome);
FloeCheckOutcome floe_check_reason_outcome (FloeCheckReason reason);
FloeCheckStep floe_check_reason_step (FloeCheckReason reason);
const gchar *floe_check_reason_words (FloeCheckReason reason);
const gchar *floe_check_reason_advice (FloeCheckReason reason);

G_END_DECLS
