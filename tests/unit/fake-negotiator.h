/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/negotiator.h"

G_BEGIN_DECLS

/* A negotiator to which a ticket is the text of a principal; one of "down" tells that its key
 * cannot be used, and one without "@" is wrong. */
#define FAKE_TYPE_NEGOTIATOR (fake_negotiator_get_type ())
G_DECLARE_FINAL_TYPE (FakeNegotiator, fake_negotiator, FAKE, NEGOTIATOR, GObject)
FakeNegotiator *fake_negotiator_new (void);
guint fake_negotiator_get_asked (FakeNegotiator *self);

G_END_DECLS
