/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-faults.h"

struct _FakeFaults
{
  gchar *broken_pool;
  FloeJobKind broken_kind;
  GError *broken_error;
  GHashTable *lost_images; /* "HOST VOLUME" */
};

FakeFaults *
fake_faults_new (void)
{
  FakeFaults *self = g_new0 (FakeFaults, 1);

  self->lost_images = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
fake_faults_free (FakeFaults *self)
{
  fake_faults_mend_pool (self);
  g_hash_table_unref (self->lost_images);
  g_free (self);
}

gchar *
fake_faults_image_name (const gchar *pool, guint revision)
{
  return g_strdup_printf ("floe-%s-r%u.qcow2", pool, revision);
}

/* All jobs of a kind that are about a pool fail, until it is mended. */
void
fake_faults_break_pool (FakeFaults *self, const gchar *pool, FloeJobKind kind, FloeError code,
                        const gchar *reason, const gchar *text)
{
  fake_faults_mend_pool (self);
  self->broken_pool = g_strdup (pool);
  self->broken_kind = kind;
  floe_set_error_reason (&self->broken_error, code, reason, "%s", text);
}

void
fake_faults_mend_pool (FakeFaults *self)
{
  g_clear_pointer (&self->broken_pool, g_free);
  g_clear_error (&self->broken_error);
}

static gchar *
join (const gchar *host, const gchar *volume)
{
  return g_strdup_printf ("%s %s", host, volume);
}

static gboolean
is_lost (FakeFaults *self, const gchar *host, const gchar *volume)
{
  g_autofree gchar *key = join (host, volume);

  return g_hash_table_contains (self->lost_images, key);
}

/* The image of a pool's revision is gone from a host, until it is carried there again. */
void
fake_faults_lose_image (FakeFaults *self, const gchar *host, const gchar *pool, guint revision)
{
  g_autofree gchar *volume = fake_faults_image_name (pool, revision);

  g_hash_table_add (self->lost_images, join (host, volume));
}

void
fake_faults_image_came (FakeFaults *self, const gchar *host, const gchar *volume)
{
  g_autofree gchar *key = join (host, volume);

  g_hash_table_remove (self->lost_images, key);
}

GError *
fake_faults_take_job (FakeFaults *self, const FloeJob *job)
{
  GError *error = NULL;

  if (self->broken_pool != NULL && g_strcmp0 (job->pool, self->broken_pool) == 0
      && job->kind == self->broken_kind)
    return g_error_copy (self->broken_error);
  if ((job->kind == FLOE_JOB_CREATE || job->kind == FLOE_JOB_CARRY)
      && is_lost (self, job->host, job->volume))
    {
      floe_set_error_reason (&error, FLOE_ERROR_NOT_FOUND, "no-image",
                             "there is no image %s at host %s", job->volume, job->host);
      return error;
    }
  return NULL;
}

/* A clone stands on its revision's image. */
GError *
fake_faults_take_start (FakeFaults *self, const FloeDomain *domain)
{
  g_autofree gchar *volume = fake_faults_image_name (domain->pool, domain->revision);

  if (domain->made && is_lost (self, domain->host, volume))
    return g_error_new (FLOE_ERROR, FLOE_ERROR_INTERNAL, "Cannot access backing file '%s'", volume);
  return NULL;
}
