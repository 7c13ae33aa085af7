/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeVisitBook:
 *
 * Writes down how people's last log-ins and connects went, and how good their connections are, all
 * together a few seconds later, so that nobody waits for it.
 */
#define FLOE_TYPE_VISIT_BOOK (floe_visit_book_get_type ())
G_DECLARE_FINAL_TYPE (FloeVisitBook, floe_visit_book, FLOE, VISIT_BOOK, GObject)

FloeVisitBook *floe_visit_book_new (FloeStore *store, FloeClock *clock);
void floe_visit_book_note (FloeVisitBook *self, const FloeVisit *visit);
void floe_visit_book_note_quality (FloeVisitBook *self, const FloeSessionQuality *quality);
void floe_visit_book_stop (FloeVisitBook *self);

G_END_DECLS
