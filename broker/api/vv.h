/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assigner.h"

G_BEGIN_DECLS

#define FLOE_VV_TYPE "application/x-virt-viewer"

FloeSecret *floe_vv_write (const FloeConnection *connection);

G_END_DECLS
