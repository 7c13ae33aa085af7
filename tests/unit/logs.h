/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* After logs_install(), a warning or worse that was not announced by logs_expect() fails the test.
 */
void logs_install (void);
void logs_expect (const gchar *pattern);
void logs_assert_expected (void);

G_END_DECLS
