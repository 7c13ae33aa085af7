/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "settings/managed-backend.h"

#include <string.h>

struct _FloeManagedBackend
{
  GSettingsBackend parent_instance;

  GSettings *below; /* the person's own, on the other back end */
  gchar *path;
  FloeManaged *managed;
};

G_DEFINE_FINAL_TYPE (FloeManagedBackend, floe_managed_backend, G_TYPE_SETTINGS_BACKEND)

/* key_of: the key that a name such as "/org/floe/Floe/server" means, or NULL */
static const gchar *
key_of (FloeManagedBackend *self, const gchar *name)
{
  return g_str_has_prefix (name, self->path) ? name + strlen (self->path) : NULL;
}

static GVariant *
floe_managed_backend_read (GSettingsBackend *backend, const gchar *name, const GVariantType *type,
                           gboolean default_value)
{
  FloeManagedBackend *self = FLOE_MANAGED_BACKEND (backend);
  const gchar *key = key_of (self, name);
  GVariant *value, *own;

  if (key == NULL)
    return NULL;
  value = default_value ? NULL : floe_managed_lookup (self->managed, key);
  own = value == NULL && !default_value ? g_settings_get_user_value (self->below, key) : NULL;
  if (own != NULL)
    return own;
  if (value == NULL)
    value = floe_managed_lookup_default (self->managed, key);
  return value != NULL && g_variant_is_of_type (value, type) ? g_variant_ref (value) : NULL;
}

static gboolean
floe_managed_backend_get_writable (GSettingsBackend *backend, const gchar *name)
{
  FloeManagedBackend *self = FLOE_MANAGED_BACKEND (backend);
  const gchar *key = key_of (self, name);

  return key != NULL && floe_managed_lookup (self->managed, key) == NULL
         && g_settings_is_writable (self->below, key);
}

/* "changed" comes from below, for our own writes, too. */
static gboolean
floe_managed_backend_write (GSettingsBackend *backend, const gchar *name, GVariant *value,
                            gpointer origin)
{
  FloeManagedBackend *self = FLOE_MANAGED_BACKEND (backend);

  if (!floe_managed_backend_get_writable (backend, name))
    return FALSE;
  return g_settings_set_value (self->below, key_of (self, name), value);
}

static void
floe_managed_backend_reset (GSettingsBackend *backend, const gchar *name, gpointer origin)
{
  FloeManagedBackend *self = FLOE_MANAGED_BACKEND (backend);

  if (floe_managed_backend_get_writable (backend, name))
    g_settings_reset (self->below, key_of (self, name));
}

typedef struct
{
  GSettingsBackend *backend;
  gboolean written;
} Writing;

static gboolean
write_one (gpointer name, gpointer value, gpointer data)
{
  Writing *writing = data;

  if (value == NULL)
    floe_managed_backend_reset (writing->backend, name, NULL);
  else if (!floe_managed_backend_write (writing->backend, name, value, NULL))
    writing->written = FALSE;
  return FALSE;
}

static gboolean
floe_managed_backend_write_tree (GSettingsBackend *backend, GTree *tree, gpointer origin)
{
  Writing writing = { backend, TRUE };

  g_tree_foreach (tree, write_one, &writing);
  return writing.written;
}

static void
on_changed_below (GSettings *below, const gchar *key, FloeManagedBackend *self)
{
  g_autofree gchar *name = g_strconcat (self->path, key, NULL);

  g_settings_backend_changed (G_SETTINGS_BACKEND (self), name, NULL);
}

static void
on_default_changed (FloeManaged *managed, const gchar *key, FloeManagedBackend *self)
{
  on_changed_below (self->below, key, self);
}

static void
on_writable_below (GSettings *below, const gchar *key, FloeManagedBackend *self)
{
  g_autofree gchar *name = g_strconcat (self->path, key, NULL);

  g_settings_backend_writable_changed (G_SETTINGS_BACKEND (self), name);
}

/**
 * floe_managed_backend_new:
 * @schema: a schema with a path
 * @below: where a person's own settings are kept
 * @managed: what is an administrator's
 *
 * Returns: (transfer full): the back end
 */
GSettingsBackend *
floe_managed_backend_new (GSettingsSchema *schema, GSettingsBackend *below, FloeManaged *managed)
{
  FloeManagedBackend *self = g_object_new (FLOE_TYPE_MANAGED_BACKEND, NULL);

  self->path = g_strdup (g_settings_schema_get_path (schema));
  self->managed = g_object_ref (managed);
  self->below = g_settings_new_full (schema, below, NULL);
  g_signal_connect_object (self->below, "changed", G_CALLBACK (on_changed_below), self, 0);
  g_signal_connect_object (managed, "default-changed", G_CALLBACK (on_default_changed), self, 0);
  g_signal_connect_object (self->below, "writable-changed", G_CALLBACK (on_writable_below), self,
                           0);
  return G_SETTINGS_BACKEND (self);
}

static void
floe_managed_backend_finalize (GObject *object)
{
  FloeManagedBackend *self = FLOE_MANAGED_BACKEND (object);

  g_object_unref (self->below);
  g_object_unref (self->managed);
  g_free (self->path);
  G_OBJECT_CLASS (floe_managed_backend_parent_class)->finalize (object);
}

static void
floe_managed_backend_class_init (FloeManagedBackendClass *klass)
{
  GSettingsBackendClass *backend_class = G_SETTINGS_BACKEND_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = floe_managed_backend_finalize;
  backend_class->read = floe_managed_backend_read;
  backend_class->get_writable = floe_managed_backend_get_writable;
  backend_class->write = floe_managed_backend_write;
  backend_class->write_tree = floe_managed_backend_write_tree;
  backend_class->reset = floe_managed_backend_reset;
}

static void
floe_managed_backend_init (FloeManagedBackend *self)
{
}
