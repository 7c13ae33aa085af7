/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/pool.h"

G_BEGIN_DECLS

/**
 * FloeJobKind:
 * @FLOE_JOB_PUBLISH: make the broker's own, read-only copy of a template's disk, and read its
 *   definition
 * @FLOE_JOB_CARRY: bring such an image to another host, and compare its SHA-256 there
 * @FLOE_JOB_DROP_IMAGE: delete an image that no clone stands on any more
 * @FLOE_JOB_CREATE: make a clone: overlay, seed and domain
 * @FLOE_JOB_REMOVE: stop a clone, undefine it and delete what belongs to it
 * @FLOE_JOB_SHUT_DOWN: ask a guest to shut down, and switch it off when it has not in time
 * @FLOE_JOB_MOVE: define a domain that is off on another host that sees its disks, and undefine it
 *   on its own
 * @FLOE_JOB_ATTACH: make a data disk, if it never was made, and plug it in until the domain stops
 * @FLOE_JOB_DROP_DISK: delete a data disk that is plugged in nowhere
 * @FLOE_JOB_PERSONALIZE: run a clone's first boot by its guest agent
 * @FLOE_JOB_LOCK: lock the guest's sessions
 * @FLOE_JOB_LOG_OFF: end the guest's sessions
 * @FLOE_JOB_ASK: who is logged in to the guest
 * @FLOE_JOB_RESTART: restart the guest, of an engine, without its being switched off
 * @FLOE_JOB_START: start an engine's VM that stays its user's, if they have it there, and see that
 * it runs
 * @FLOE_JOB_GIVE_BACK: switch off an engine's VM, and take it from its user there
 */
typedef enum
{
  FLOE_JOB_PUBLISH,
  FLOE_JOB_CARRY,
  FLOE_JOB_DROP_IMAGE,
  FLOE_JOB_CREATE,
  FLOE_JOB_REMOVE,
  FLOE_JOB_SHUT_DOWN,
  FLOE_JOB_MOVE,
  FLOE_JOB_ATTACH,
  FLOE_JOB_DROP_DISK,
  FLOE_JOB_PERSONALIZE,
  FLOE_JOB_LOCK,
  FLOE_JOB_LOG_OFF,
  FLOE_JOB_ASK,
  FLOE_JOB_RESTART,
  FLOE_JOB_START,
  FLOE_JOB_GIVE_BACK,
} FloeJobKind;

const gchar *floe_job_kind_name (FloeJobKind kind);

/**
 * FloeJob:
 * @kind: what is to be done
 * @host: the host where it is done, or begins
 * @target: (nullable): the other host, of CARRY and MOVE
 * @domain_id: (nullable): the domain: its UUID, which the broker chose for a clone before it was
 *   made; so that a repetition finds what an earlier try made, and a late call about a desktop that
 *   was removed meanwhile hits nothing
 * @name: (nullable): of CREATE: the clone's name, which is its host name, too; of PUBLISH: the
 *   template's
 * @pool: (nullable): what a clone's metadata says
 * @installation: (nullable): what a clone's metadata says
 * @revision: what a clone's metadata says, and the image's
 * @storage: (nullable): the libvirt storage pool of all volumes
 * @shared: that storage pool is the same place on all hosts
 * @volume: (nullable): the image's or the data disk's volume
 * @sha256: (nullable): of CARRY: what the image must have, lower hex
 * @xml: (nullable): of CREATE: the template's definition, as PUBLISH read it
 * @personality: of CREATE and PERSONALIZE
 * @policy: (nullable): of CREATE: what the clone must enforce as far as it can
 * @script: (nullable): what a clone runs before it is ready; of REMOVE: its counterpart
 * @gib: of ATTACH: the size of a new data disk
 * @exists: of ATTACH: the data disk was made before: where it is not found, none is made in its
 * place
 * @person: (nullable): of START and GIVE_BACK: the log-in name of whose it is, or is not to be any
 *   more; of GIVE_BACK %NULL for whomever the broker's own account has it for
 * @person_id: (nullable): who that is for ever
 * @engine_user: (nullable): as in #FloeVmHolder
 * @service: of START and GIVE_BACK: the broker's own account has it for them
 * @seconds: of SHUT_DOWN and REMOVE: how long the guest has to end by itself; 0 for not at all
 * @request: (nullable): the id of the request that it is done for; %NULL where the broker does it
 * by itself
 *
 * One thing that a manager does that takes long. Each can be repeated without harm, and says "done"
 * when it finds it done. An owned value.
 */
typedef struct
{
  FloeJobKind kind;
  gchar *host;
  gchar *target;
  gchar *domain_id;
  gchar *name;
  gchar *pool;
  gchar *installation;
  guint revision;
  gchar *storage;
  gboolean shared;
  gchar *volume;
  gchar *sha256;
  gchar *xml;
  FloePersonality personality;
  FloePolicy *policy;
  gchar *script;
  guint gib;
  gboolean exists;
  gchar *person;
  gchar *person_id;
  gchar *engine_user;
  gboolean service;
  guint seconds;
  gchar *request;
} FloeJob;

FloeJob *floe_job_new (FloeJobKind kind, const gchar *host);
FloeJob *floe_job_copy (const FloeJob *self);
void floe_job_free (FloeJob *self);

/**
 * FloeJobResult:
 * @volume: (nullable): of PUBLISH: the image's volume
 * @sha256: (nullable): of PUBLISH: the image's, lower hex
 * @xml: (nullable): of PUBLISH: the template's definition, without passwords
 * @memory_mib: of PUBLISH: what a clone takes when it runs
 * @logged_in: of ASK: how many people are logged in
 *
 * What came of a job that was done.
 */
typedef struct
{
  gchar *volume;
  gchar *sha256;
  gchar *xml;
  guint memory_mib;
  guint logged_in;
} FloeJobResult;

FloeJobResult *floe_job_result_new (void);
void floe_job_result_free (FloeJobResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeJob, floe_job_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeJobResult, floe_job_result_free)

G_END_DECLS
