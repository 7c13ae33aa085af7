/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeCodeQuestion:
 * @title: what it is about
 * @why: what to do
 * @shown: (nullable): digits to be read out
 * @field: what the field is for, with a mnemonic
 * @name: the same without one
 * @go: the button, with a mnemonic
 * @back: (nullable): the way back, with a mnemonic
 */
typedef struct
{
  const gchar *title;
  const gchar *why;
  const gchar *shown;
  const gchar *field;
  const gchar *name;
  const gchar *go;
  const gchar *back;
} FloeCodeQuestion;

/**
 * FloePageCode:
 *
 * Asks an administrator at a locked terminal for a code.
 *
 * Signals: "code" (const gchar *code), as typed; "back".
 */
#define FLOE_TYPE_PAGE_CODE (floe_page_code_get_type ())
G_DECLARE_FINAL_TYPE (FloePageCode, floe_page_code, FLOE, PAGE_CODE, GtkScrolledWindow)

void floe_page_code_ask (FloePageCode *self, const FloeCodeQuestion *question);
void floe_page_code_set_shown (FloePageCode *self, const gchar *shown);
void floe_page_code_set_busy (FloePageCode *self, gboolean busy);
void floe_page_code_set_problem (FloePageCode *self, const gchar *text);
void floe_page_code_clear (FloePageCode *self);
void floe_page_code_take_focus (FloePageCode *self);

G_END_DECLS
