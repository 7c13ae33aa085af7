/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A live little broker on a free port of 127.0.0.1, in the test's own process and main context. It
 * answers what the test has scripted, remembers what it was asked, and misbehaves on demand. */
typedef struct _FakeBroker FakeBroker;

typedef struct
{
  gchar *route; /* "POST /api/v1/login", with the query if there is one */
  gchar *body;
  gchar *token; /* of the Authorization header, or NULL */
  gchar *accept;
  gchar *if_match; /* or NULL */
  gchar *key;      /* of Idempotency-Key, or NULL */
} FakeRequest;

FakeBroker *fake_broker_new (void);
FakeBroker *fake_broker_new_tls (const gchar *pem_file);
void fake_broker_free (FakeBroker *self);
gchar *fake_broker_url (FakeBroker *self);
guint16 fake_broker_port (FakeBroker *self);

/* Answers to one route are given in order; the last one again and again. */
void fake_broker_answer (FakeBroker *self, const gchar *route, guint status, const gchar *type,
                         const gchar *body);
void fake_broker_answer_file (FakeBroker *self, const gchar *route, guint status,
                              const gchar *name);
void fake_broker_header (FakeBroker *self, const gchar *name, const gchar *value);
void fake_broker_hang (FakeBroker *self, const gchar *route);
/* Does it, and loses the answer. */
void fake_broker_drop (FakeBroker *self, const gchar *route);

/* Says these bytes to whatever is asked, then closes; NULL: closes at once; "" : says nothing. */
void fake_broker_raw (FakeBroker *self, const gchar *bytes);
void fake_broker_deaf (FakeBroker *self);
void fake_broker_sane (FakeBroker *self);

/* Streams: opened for GETs of the route, written to by the test. */
void fake_broker_stream (FakeBroker *self, const gchar *route);
guint fake_broker_n_streams (FakeBroker *self);
void fake_broker_push (FakeBroker *self, const gchar *text);
void fake_broker_end_streams (FakeBroker *self);

/* As if nothing had been scripted or asked; streams that clients have left are let go, too. */
void fake_broker_forget (FakeBroker *self);

guint fake_broker_n_requests (FakeBroker *self, const gchar *route);
const FakeRequest *fake_broker_first (FakeBroker *self, const gchar *route);
const FakeRequest *fake_broker_last (FakeBroker *self, const gchar *route);

gchar *fake_file (const gchar *name);

/* Async calls, waited for. */
void fake_on_done (GObject *source, GAsyncResult *result, gpointer slot);
GAsyncResult *fake_wait (GAsyncResult **slot);

/* A directory of the test's own, and certificates in it. */
gchar *fake_dir_new (void);
void fake_dir_remove (const gchar *dir);
void fake_openssl (const gchar *dir, const gchar *arguments);
void fake_make_ca (const gchar *dir, const gchar *name);
void fake_make_certificate (const gchar *dir, const gchar *ca, const gchar *name,
                            const gchar *subject_alt_name, gint days);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeBroker, fake_broker_free)

G_END_DECLS
