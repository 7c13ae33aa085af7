/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/session.h"

G_BEGIN_DECLS

/**
 * FloeQualityFunc:
 * @quality: how it is
 * @rtt_us: the round trip
 * @rate: bytes that come in a second
 * @user_data: of floe_quality_meter_new()
 */
typedef void (*FloeQualityFunc) (FloeQuality quality, guint rtt_us, guint64 rate,
                                 gpointer user_data);

typedef struct _FloeQualityMeter FloeQualityMeter;

FloeQualityMeter *floe_quality_meter_new (FloeSession *session, guint every_ms,
                                          FloeQualityFunc func, gpointer user_data);
void floe_quality_meter_free (FloeQualityMeter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeQualityMeter, floe_quality_meter_free)

G_END_DECLS
