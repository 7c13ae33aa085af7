/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/volume.h"

#include <alsa/asoundlib.h>

struct _FloeVolume
{
  GObject parent_instance;

  snd_mixer_t *mixer;       /* or NULL */
  snd_mixer_elem_t *master; /* the mixer's, or NULL */
};

G_DEFINE_FINAL_TYPE (FloeVolume, floe_volume, G_TYPE_OBJECT)

/* The one that is called so, or else the first that has a volume. */
static snd_mixer_elem_t *
find_master (snd_mixer_t *mixer)
{
  snd_mixer_elem_t *first = NULL;

  for (snd_mixer_elem_t *e = snd_mixer_first_elem (mixer); e != NULL; e = snd_mixer_elem_next (e))
    {
      if (!snd_mixer_selem_is_active (e) || !snd_mixer_selem_has_playback_volume (e))
        continue;
      if (g_str_equal (snd_mixer_selem_get_name (e), "Master"))
        return e;
      if (first == NULL)
        first = e;
    }
  return first;
}

static void
open_mixer (FloeVolume *self, const gchar *device)
{
  if (snd_mixer_open (&self->mixer, 0) < 0)
    {
      self->mixer = NULL;
      return;
    }
  if (snd_mixer_attach (self->mixer, device) >= 0
      && snd_mixer_selem_register (self->mixer, NULL, NULL) >= 0
      && snd_mixer_load (self->mixer) >= 0)
    self->master = find_master (self->mixer);
}

/* The library says on the standard error output that there is no sound card. */
static void
say_nothing (const char *file, int line, const char *function, int error, const char *format, ...)
{
}

/**
 * floe_volume_new:
 * @device: ALSA's name of a mixer, such as "default"
 *
 * Returns: (transfer full): the volume, which may not be there
 */
FloeVolume *
floe_volume_new (const gchar *device)
{
  FloeVolume *self = g_object_new (FLOE_TYPE_VOLUME, NULL);

  snd_lib_error_set_handler (say_nothing);
  open_mixer (self, device);
  return self;
}

gboolean
floe_volume_is_there (FloeVolume *self)
{
  g_return_val_if_fail (FLOE_IS_VOLUME (self), FALSE);

  return self->master != NULL;
}

/**
 * floe_volume_get:
 * @self: the volume
 *
 * Returns: from 0, silent, to 1
 */
gdouble
floe_volume_get (FloeVolume *self)
{
  long least = 0, most = 0, value = 0;
  int on = 1;

  g_return_val_if_fail (FLOE_IS_VOLUME (self), 0);

  if (self->master == NULL)
    return 0;
  snd_mixer_handle_events (self->mixer);
  snd_mixer_selem_get_playback_volume_range (self->master, &least, &most);
  snd_mixer_selem_get_playback_volume (self->master, SND_MIXER_SCHN_FRONT_LEFT, &value);
  if (snd_mixer_selem_has_playback_switch (self->master))
    snd_mixer_selem_get_playback_switch (self->master, SND_MIXER_SCHN_FRONT_LEFT, &on);
  if (!on || most <= least)
    return 0;
  return (gdouble)(value - least) / (gdouble)(most - least);
}

/**
 * floe_volume_set:
 * @self: the volume
 * @part: from 0, which is also muted, to 1
 */
void
floe_volume_set (FloeVolume *self, gdouble part)
{
  long least = 0, most = 0;

  g_return_if_fail (FLOE_IS_VOLUME (self));

  if (self->master == NULL)
    return;
  part = CLAMP (part, 0, 1);
  snd_mixer_selem_get_playback_volume_range (self->master, &least, &most);
  snd_mixer_selem_set_playback_volume_all (self->master,
                                           least + (long)(part * (gdouble)(most - least) + 0.5));
  if (snd_mixer_selem_has_playback_switch (self->master))
    snd_mixer_selem_set_playback_switch_all (self->master, part > 0);
}

static void
floe_volume_finalize (GObject *object)
{
  FloeVolume *self = FLOE_VOLUME (object);

  if (self->mixer != NULL)
    snd_mixer_close (self->mixer);
  G_OBJECT_CLASS (floe_volume_parent_class)->finalize (object);
}

static void
floe_volume_class_init (FloeVolumeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_volume_finalize;
}

static void
floe_volume_init (FloeVolume *self)
{
}
