/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/error.h"
#include "libvirt-fixture.h"
#include "manager/libvirt/libvirt-manager.h"
#include "spice-link.h"

G_BEGIN_DECLS

/* The libvirt manager against a real libvirtd with real QEMU guests. All that the manager says is
 * written to a log of lines, and a test waits for lines in their order:
 * "listed HOST", "lost HOST: REASON", "gone HOST ID", "domain ID POWER", also after "listed" for
 * each of its domains, "measured HOST", "channel ID opened|authenticated|closed PEER", "channels ID
 * [PEER,..]". */

/* How long wait_for() waits, in seconds. */
#define PATIENCE 30

/* The system's clock, set wrong by some time. */
#define TEST_TYPE_CLOCK (test_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestClock, test_clock, TEST, CLOCK, GObject)

struct _TestClock
{
  GObject parent_instance;
  FloeClock *system;
  gint64 offset;
};

typedef struct
{
  LibvirtFixture *libvirt;
  LibvirtFixture *second; /* host h2, of test_new_pair() */
  TestClock *clock;
  FloeManager *manager;
  GPtrArray *log;      /* lines */
  guint read;          /* how many of them were waited for */
  GHashTable *domains; /* id -> FloeDomain, as last heard */
  gboolean too_late;
  guint sockets; /* before it began */
  /* the answer of a call */
  gboolean answered;
  GError *error;
  FloeDisplay *display;
  FloeJobResult *result;
  FloeHostCapacity *capacity; /* the last one that was measured */
  FloePolicy *policy;         /* (nullable): what tickets are ordered with */
} Test;

/* A pattern of the one warning that may come; NULL again once it came. */
extern const gchar *expected_warning;

void harness_init (int *argc, char ***argv);

void make_manager (Test *test, gboolean tcp, gboolean plain);
Test *test_new (const gchar *option);
Test *test_new_pair (void);
void test_free (Test *test);
void wait_for (Test *test, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
guint count_lines (Test *test, const gchar *pattern);
void wait_for_answer (Test *test);
void expect (Test *test, FloeError code, const gchar *reason);
void power_answered (GObject *source, GAsyncResult *result, gpointer data);
void power_on_host (Test *test, const gchar *host, const gchar *id, gboolean on);
void power (Test *test, const gchar *id, gboolean on);
void set_given_ticket (Test *test, const gchar *id, const FloeTicket *ticket, FloeTicketMode mode);
void start_job (Test *test, const FloeJob *job);
void run_job (Test *test, const FloeJob *job);
FloeTicket *set_ticket (Test *test, const gchar *id, FloeTicketMode mode);
SpiceLink *link_with (Test *test, const FloeTicket *ticket, SpiceLinkResult *result);
gchar *define (Test *test, const gchar *name, const gchar *option);
const FloeDomain *known (Test *test, const gchar *id);
void begin (Test *test);
void kill_qemu (Test *test, const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Test, test_free)

G_END_DECLS
