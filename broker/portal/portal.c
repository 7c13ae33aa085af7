/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "portal/portal.h"

#include <string.h>

#if HAVE_PORTAL
#include <portal-resources.h>
#endif

#define PLACE "/org/floe/portal"
#define INDEX "index.html"
#define GZIP  ".gz"

struct _FloePortal
{
  GHashTable *files; /* name to FloePortalFile */
};

/* The pages' own files, and nothing written into a page. Text becomes markup in one place, which is
 * lit-html's, for templates that stand in our own files; the browser refuses it elsewhere. */
static const gchar policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; "
                              "font-src 'self'; img-src 'self'; connect-src 'self'; "
                              "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
                              "require-trusted-types-for 'script'; trusted-types lit-html";

static void
file_free (gpointer data)
{
  FloePortalFile *self = data;

  g_free (self->tag);
  floe_secret_unref (self->body);
  g_free (self);
}

#if HAVE_PORTAL
static const struct
{
  const gchar *ending;
  const gchar *type;
} types[] = {
  { ".html", "text/html; charset=utf-8" },
  { ".js", "text/javascript; charset=utf-8" },
  { ".css", "text/css; charset=utf-8" },
  { ".json", "application/json" },
  { ".svg", "image/svg+xml" },
  { ".woff2", "font/woff2" },
};

static const gchar *
type_of (const gchar *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].ending))
      return types[i].type;
  return "application/octet-stream";
}

static FloePortalFile *
file_new (const gchar *name, gboolean gzipped, GBytes *bytes)
{
  FloePortalFile *self = g_new0 (FloePortalFile, 1);
  g_autofree gchar *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  gsize length;
  const gchar *data = g_bytes_get_data (bytes, &length);

  self->type = type_of (name);
  self->gzipped = gzipped;
  self->lasting = g_strcmp0 (name, INDEX) != 0;
  self->tag = g_strdup_printf ("\"%.32s\"", sum);
  self->body = floe_secret_new (data, (gssize)length);
  return self;
}

static void
add_files (FloePortal *self)
{
  g_auto (GStrv) names = NULL;

  floe_portal_register_resource ();
  names = g_resources_enumerate_children (PLACE, 0, NULL);
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree gchar *path = g_strconcat (PLACE "/", names[i], NULL);
      g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, NULL);
      gboolean gzipped = g_str_has_suffix (names[i], GZIP);
      gchar *name = g_strdup (names[i]);

      if (gzipped)
        name[strlen (name) - strlen (GZIP)] = '\0';
      g_hash_table_insert (self->files, name, file_new (name, gzipped, bytes));
    }
}
#endif

/**
 * floe_portal_new:
 *
 * Returns: (transfer full): the pages; none at all in a program that was built without them
 */
FloePortal *
floe_portal_new (void)
{
  FloePortal *self = g_new0 (FloePortal, 1);

  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_free);
#if HAVE_PORTAL
  add_files (self);
#endif
  return self;
}

void
floe_portal_free (FloePortal *self)
{
  g_hash_table_unref (self->files);
  g_free (self);
}

/**
 * floe_portal_find:
 * @self: the pages
 * @name: (nullable): a file's name; %NULL for the page that loads the others
 *
 * Returns: (transfer none) (nullable): the file
 */
const FloePortalFile *
floe_portal_find (const FloePortal *self, const gchar *name)
{
  return g_hash_table_lookup (self->files, name != NULL ? name : INDEX);
}

/**
 * floe_portal_get_policy:
 *
 * Returns: (transfer none): the Content-Security-Policy that the pages are made for
 */
const gchar *
floe_portal_get_policy (void)
{
  return policy;
}
