/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/types.h"
#include "session/cause.h"

G_BEGIN_DECLS

/**
 * FloeResumeAction:
 * @FLOE_RESUME_STOP: trying again would change nothing; say what happened
 * @FLOE_RESUME_ASK: ask the broker why it ended, and go on only if it says that it makes sense
 * @FLOE_RESUME_RETRY: get a fresh ticket and connect
 */
typedef enum
{
  FLOE_RESUME_STOP,
  FLOE_RESUME_ASK,
  FLOE_RESUME_RETRY,
} FloeResumeAction;

/**
 * FloeResume:
 * @attempt: how often it was tried since the picture was last stable
 * @auth_failures: tickets that were refused meanwhile
 * @host_closed: the host ended the last session in good order, so that it has a reason
 * @unexplained: how often the broker has had nothing to say about that end
 * @heard: the broker has said how things stood when the picture came
 * @old_end_at: the end that it then still told of
 *
 * The policy of coming back after a SPICE session or a question to the broker failed: no clock, no
 * network, only counters. One of it lives as long as a person stays with one desktop.
 */
typedef struct
{
  guint attempt;
  guint auth_failures;
  gboolean host_closed;
  guint unexplained;
  gboolean heard;
  gint64 old_end_at;
} FloeResume;

typedef struct
{
  FloeResumeAction action;
  guint delay_ms;
} FloeResumeStep;

/* About ten minutes of trying: delays of 1, 2, 4, 8, and then 15 s. */
#define FLOE_RESUME_ATTEMPTS 42

void floe_resume_reset (FloeResume *self);
FloeResumeStep floe_resume_after_end (FloeResume *self, FloeEndCause cause, gdouble dice);
FloeResumeStep floe_resume_after_silence (FloeResume *self, gdouble dice);

void floe_resume_begin_picture (FloeResume *self);
void floe_resume_note (FloeResume *self, const FloeDesktop *desktop);
gboolean floe_resume_explains (const FloeResume *self, const FloeDesktop *desktop);
gboolean floe_resume_is_over (const FloeResume *self, const FloeDesktop *desktop);
FloeResumeStep floe_resume_after_answer (FloeResume *self, const FloeDesktop *desktop);
gboolean floe_resume_is_welcome (const FloeDesktop *desktop);

G_END_DECLS
