/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-negotiator.h"

#include <string.h>

#include "core/error.h"

struct _FakeNegotiator
{
  GObject parent_instance;

  guint asked;
};

static void fake_negotiator_iface_init (FloeNegotiatorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeNegotiator, fake_negotiator, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_NEGOTIATOR,
                                                      fake_negotiator_iface_init))

static void
accept_async (FloeNegotiator *negotiator, FloeSecret *token, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer user_data)
{
  FakeNegotiator *self = FAKE_NEGOTIATOR (negotiator);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const gchar *text = floe_secret_get (token, NULL);
  GError *error = NULL;

  self->asked++;
  if (strchr (text, '@') != NULL)
    {
      g_task_return_pointer (task, floe_principal_new (text, NULL),
                             (GDestroyNotify)floe_principal_free);
      return;
    }
  if (g_str_equal (text, "down"))
    floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "kerberos-key", "as told");
  else
    floe_set_error_reason (&error, FLOE_ERROR_UNAUTHENTICATED, "wrong-ticket", "a wrong ticket");
  g_task_return_error (task, error);
}

static FloePrincipal *
accept_finish (FloeNegotiator *negotiator, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_negotiator_iface_init (FloeNegotiatorInterface *iface)
{
  iface->accept_async = accept_async;
  iface->accept_finish = accept_finish;
}

static void
fake_negotiator_class_init (FakeNegotiatorClass *klass)
{
}

static void
fake_negotiator_init (FakeNegotiator *self)
{
}

FakeNegotiator *
fake_negotiator_new (void)
{
  return g_object_new (FAKE_TYPE_NEGOTIATOR, NULL);
}

guint
fake_negotiator_get_asked (FakeNegotiator *self)
{
  return self->asked;
}
