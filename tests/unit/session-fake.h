/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "api/types.h"
#include "session-agent-fake.h"

G_BEGIN_DECLS

/* A SPICE server on a free port of 127.0.0.1 with one display, as far as a client can tell, and
 * with each of the faults that real ones have. */
typedef struct _FakeSpice FakeSpice;

typedef enum
{
  FAKE_SPICE_GOOD,
  FAKE_SPICE_CLOSES,     /* before the link */
  FAKE_SPICE_SILENT,     /* accepts and says nothing */
  FAKE_SPICE_GARBAGE,    /* speaks something else */
  FAKE_SPICE_LINK_ERROR, /* refuses the link with an error code */
  FAKE_SPICE_SECURED,    /* wants TLS on a plain port */
  FAKE_SPICE_BAD_TICKET, /* as with a wrong or an expired ticket */
  FAKE_SPICE_NO_PICTURE, /* opens, and never shows anything */
  FAKE_SPICE_SLOW,       /* says something five times a second, and shows a picture after two */
  FAKE_SPICE_KICKS,      /* opens the main channel, and closes it */
  FAKE_SPICE_AGENT,      /* a good one, with a guest that has an agent and several screens */
  FAKE_SPICE_TALKS,      /* says what the talker has it say */
} FakeSpiceManner;

/* What is said on one channel once it is linked, on a thread of its own; number counts them. */
typedef void (*FakeSpiceTalk) (GOutputStream *out, guint8 channel_type, guint number,
                               gpointer data);

FakeSpice *fake_spice_new (FakeSpiceManner manner, const gchar *pem_file);
void fake_spice_free (FakeSpice *self);
guint16 fake_spice_port (FakeSpice *self);
void fake_spice_set_manner (FakeSpice *self, FakeSpiceManner manner);
void fake_spice_set_talk (FakeSpice *self, FakeSpiceTalk talk, gpointer data);

/* Ends every connection, as a guest that is shut down does. */
void fake_spice_close_all (FakeSpice *self);
guint fake_spice_n_links (FakeSpice *self);
FakeAgent *fake_spice_get_agent (FakeSpice *self);

/* What a broker would hand out for it. */
FloeConnection *fake_spice_connection (FakeSpice *self, gboolean tls);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeSpice, fake_spice_free)

G_END_DECLS
