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
 * @lost_at: when the first of these was asked for
 * @tried_at: when the last one began, or begins
 * @auth_failures: tickets that were refused meanwhile
 * @shown: the picture was there once
 * @host_closed: the host ended the last session in good order, so that it has a reason
 * @ended_at: when that was, or when its network broke; 0 if it never was in use
 * @heard: the broker has said how things stood when the picture came, or before it did
 * @old_end_at: the end that it then still told of
 *
 * The policy of coming back after a SPICE session or a question to the broker failed: no clock, no
 * network, only counters, and times in milliseconds that it is told. One of it lives as long as a
 * person stays with one desktop.
 */
typedef struct
{
  guint attempt;
  gint64 lost_at;
  gint64 tried_at;
  guint auth_failures;
  gboolean shown;
  gboolean host_closed;
  gint64 ended_at;
  gboolean heard;
  gint64 old_end_at;
} FloeResume;

typedef struct
{
  FloeResumeAction action;
  guint delay_ms;
} FloeResumeStep;

void floe_resume_reset (FloeResume *self);
FloeResumeStep floe_resume_after_end (FloeResume *self, FloeEndCause cause, gint64 now,
                                      gdouble dice);
FloeResumeStep floe_resume_after_silence (FloeResume *self, gint64 now, gdouble dice);
guint floe_resume_get_patience (const FloeResume *self, gint64 now);

void floe_resume_begin_picture (FloeResume *self);
void floe_resume_note (FloeResume *self, const FloeDesktop *desktop);
gboolean floe_resume_explains (const FloeResume *self, const FloeDesktop *desktop);
gboolean floe_resume_is_over (const FloeResume *self, const FloeDesktop *desktop);
FloeResumeStep floe_resume_after_answer (FloeResume *self, const FloeDesktop *desktop, gint64 now);
gboolean floe_resume_is_welcome (const FloeDesktop *desktop);

G_END_DECLS
