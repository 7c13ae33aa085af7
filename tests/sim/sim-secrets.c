/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "sim.h"

/*
 * Rule 12: no secret is in a log, in the audit trail, or in what somebody is told. A text may come
 * before the simulation learns the secret, so the last ones of both are compared. All passwords are
 * the same two.
 */

#define N_SECRETS 64
#define N_TEXTS   256

static const gchar *const passwords[] = { "secret", "mistyped" };

struct _SimSecrets
{
  gchar *secrets[N_SECRETS];
  gchar *texts[N_TEXTS];
  guint n_secrets;
  guint n_texts;
};

SimSecrets *
sim_secrets_new (void)
{
  return g_new0 (SimSecrets, 1);
}

void
sim_secrets_free (SimSecrets *self)
{
  for (guint i = 0; i < N_SECRETS; i++)
    g_free (self->secrets[i]);
  for (guint i = 0; i < N_TEXTS; i++)
    g_free (self->texts[i]);
  g_free (self);
}

static void
compare (Sim *sim, const gchar *text, const gchar *secret)
{
  if (text != NULL && secret != NULL && strstr (text, secret) != NULL)
    sim_violation (sim, "rule 12", "%s is in: %s", secret, text);
}

/* A ticket or a token that was given to somebody. */
void
sim_secrets_learn (Sim *sim, const FloeSecret *secret)
{
  SimSecrets *self = sim->secrets;
  gchar **place = &self->secrets[self->n_secrets++ % N_SECRETS];

  g_free (*place);
  *place = g_strdup (floe_secret_get (secret, NULL));
  for (guint i = 0; i < N_TEXTS; i++)
    compare (sim, self->texts[i], *place);
}

/* What is written for others to read, or told. */
void
sim_secrets_check (Sim *sim, const gchar *text)
{
  SimSecrets *self = sim->secrets;
  gchar **place;

  if (text == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (passwords); i++)
    compare (sim, text, passwords[i]);
  for (guint i = 0; i < N_SECRETS; i++)
    compare (sim, text, self->secrets[i]);
  place = &self->texts[self->n_texts++ % N_TEXTS];
  g_free (*place);
  *place = g_strdup (text);
}
