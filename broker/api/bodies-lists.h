/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/json-write.h"
#include "core/helpdesk-lists.h"
#include "core/helpdesk-people.h"

G_BEGIN_DECLS

/* What the staff's lists and their details say. Each is a #FloeJsonWriteRow, or writes a whole
 * body. */

void floe_body_write_desktop_row (FloeJsonWriter *writer, gconstpointer row);
void floe_body_write_session_row (FloeJsonWriter *writer, gconstpointer row);
void floe_body_write_person (FloeJsonWriter *writer, gconstpointer person);
void floe_body_write_desktop_detail (FloeJsonWriter *writer, const FloeDesktopDetail *detail);
void floe_body_write_person_detail (FloeJsonWriter *writer, const FloePersonDetail *detail);

G_END_DECLS
