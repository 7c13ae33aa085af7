/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/settings.h"

G_BEGIN_DECLS

/* For settings.c, which fills them. */

FloeSettings *floe_settings_new (void);
void floe_host_settings_free (FloeHostSettings *host);
void floe_manager_settings_free (FloeManagerSettings *manager);
void floe_directory_settings_free (FloeDirectorySettings *directory);

G_END_DECLS
