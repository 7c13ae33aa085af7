/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "check/code.h"

/* One line for each reason: where it is found, how bad it is, what it says, what to do. */
static const struct
{
  FloeCheckStep step;
  FloeCheckOutcome outcome;
  const gchar *words;
  const gchar *advice;
} reasons[] = {
  [FLOE_REASON_FINE] = { FLOE_CHECK_SETTINGS, FLOE_CHECK_OK, N_ ("nothing is wrong"), NULL },
  [FLOE_REASON_BAD_SETTINGS] = { FLOE_CHECK_SETTINGS, FLOE_CHECK_WARNING,
                                 N_ ("the administrator's file has lines that are not understood"),
                                 N_ ("Correct these lines; floe-client.conf(5) says what they may "
                                     "be.") },
  [FLOE_REASON_NO_SERVER] = { FLOE_CHECK_NAME, FLOE_CHECK_PROBLEM,
                              N_ ("no server was ever used here, and none is set"),
                              N_ ("Name it: floe --test --broker desktops.example.org") },
  [FLOE_REASON_BAD_ADDRESS] = { FLOE_CHECK_NAME, FLOE_CHECK_PROBLEM,
                                N_ ("the server's address is none"),
                                N_ ("An address looks like desktops.example.org. Check what you "
                                    "typed.") },
  [FLOE_REASON_NAME_UNKNOWN] = { FLOE_CHECK_NAME, FLOE_CHECK_PROBLEM,
                                 N_ ("the server's name is not found"),
                                 N_ ("Check the name, the network cable or the wireless network, "
                                     "and the DNS servers.") },
  [FLOE_REASON_REFUSED] = { FLOE_CHECK_CONNECTION, FLOE_CHECK_PROBLEM,
                            N_ ("nobody listens at the server's port"),
                            N_ ("Check the port of the address; else HAProxy on the server does "
                                "not run.") },
  [FLOE_REASON_UNREACHABLE] = { FLOE_CHECK_CONNECTION, FLOE_CHECK_PROBLEM,
                                N_ ("there is no way to the server"),
                                N_ ("Check the network and its router; a firewall may be in "
                                    "between.") },
  [FLOE_REASON_SILENT] = { FLOE_CHECK_CONNECTION, FLOE_CHECK_PROBLEM,
                           N_ ("the server does not answer"),
                           N_ ("Check whether the server runs; a firewall may be in between.") },
  [FLOE_REASON_NO_TLS] = { FLOE_CHECK_CERTIFICATE, FLOE_CHECK_PROBLEM,
                           N_ ("what answers there speaks no TLS of version 1.2 or later"),
                           N_ ("Check the port of the address.") },
  [FLOE_REASON_CA_FILE] = { FLOE_CHECK_CERTIFICATE, FLOE_CHECK_PROBLEM,
                            N_ ("the certificate authority file cannot be used"),
                            N_ ("It has to be a file in PEM that everybody may read.") },
  [FLOE_REASON_UNTRUSTED] = { FLOE_CHECK_CERTIFICATE, FLOE_CHECK_PROBLEM,
                              N_ ("the server's certificate is from nobody that this machine "
                                  "trusts"),
                              N_ ("Name the company's certificate authority file with --ca or "
                                  "“ca-file”.") },
  [FLOE_REASON_EXPIRED] = { FLOE_CHECK_CERTIFICATE, FLOE_CHECK_PROBLEM,
                            N_ ("the server's certificate has expired"),
                            N_ ("Renew it on the server. If that date is still to come, this "
                                "machine's clock is wrong.") },
  [FLOE_REASON_NOT_YET_VALID] = { FLOE_CHECK_CERTIFICATE, FLOE_CHECK_PROBLEM,
                                  N_ ("the server's certificate is not valid yet"),
                                  N_ ("This machine's clock is most likely wrong; set it.") },
  [FLOE_REASON_WRONG_NAME] = { FLOE_CHECK_CERTIFICATE, FLOE_CHECK_PROBLEM,
                               N_ ("the server's certificate is for another name"),
                               N_ ("Use the name that is in the certificate, or have it made for "
                                   "this one.") },
  [FLOE_REASON_EXPIRES_SOON] = { FLOE_CHECK_CERTIFICATE, FLOE_CHECK_WARNING,
                                 N_ ("the server's certificate expires within two weeks"),
                                 N_ ("Renew it on the server.") },
  [FLOE_REASON_CLOCK_WRONG] = { FLOE_CHECK_CLOCK, FLOE_CHECK_PROBLEM,
                                N_ ("this machine's clock is wrong by minutes"),
                                N_ ("Set it, and let it follow a time server.") },
  [FLOE_REASON_CLOCK_DRIFTS] = { FLOE_CHECK_CLOCK, FLOE_CHECK_WARNING,
                                 N_ ("this machine's clock is not the server's"),
                                 N_ ("Let it follow a time server.") },
  [FLOE_REASON_NO_DATE] = { FLOE_CHECK_CLOCK, FLOE_CHECK_SKIPPED,
                            N_ ("the server does not say what time it has"), NULL },
  [FLOE_REASON_NOT_A_BROKER] = { FLOE_CHECK_SERVER, FLOE_CHECK_PROBLEM,
                                 N_ ("what answers there is no Floe server"),
                                 N_ ("Check the address.") },
  [FLOE_REASON_SERVER_FAILS] = { FLOE_CHECK_SERVER, FLOE_CHECK_PROBLEM,
                                 N_ ("the server answers that it cannot serve"),
                                 N_ ("Look at floe-broker on the server: systemctl status "
                                     "floe-broker") },
  [FLOE_REASON_DISPLAY_CLOSED] = { FLOE_CHECK_DISPLAY, FLOE_CHECK_PROBLEM,
                                   N_ ("the desktop's host cannot be reached at its port"),
                                   N_ ("Open the hosts' SPICE ports for this network in the "
                                       "firewall.") },
  [FLOE_REASON_NO_LOGIND] = { FLOE_CHECK_SESSION, FLOE_CHECK_WARNING,
                              N_ ("nothing here knows sessions"),
                              N_ ("Sharing USB devices needs systemd-logind and the system's "
                                  "message bus.") },
  [FLOE_REASON_NO_SESSION] = { FLOE_CHECK_SESSION, FLOE_CHECK_WARNING,
                               N_ ("this program is in no session of a log-in"),
                               N_ ("Start it in a session that PAM opened, else USB devices are "
                                   "refused.") },
  [FLOE_REASON_INACTIVE] = { FLOE_CHECK_SESSION, FLOE_CHECK_WARNING,
                             N_ ("this session is not the active one"),
                             N_ ("Run the test in front of this machine, else USB devices are "
                                 "refused.") },
  [FLOE_REASON_NO_POLKIT] = { FLOE_CHECK_USB, FLOE_CHECK_WARNING,
                              N_ ("nobody here could allow USB devices"),
                              N_ ("Install polkitd and spice-client-glib-usb-acl-helper.") },
  [FLOE_REASON_USB_DENIED] = { FLOE_CHECK_USB, FLOE_CHECK_WARNING,
                               N_ ("USB devices may not be shared from here"),
                               N_ ("Allow org.spice-space.lowlevelusbaccess by a rule of polkit, "
                                   "or use an active session.") },
  [FLOE_REASON_USB_ASKS] = { FLOE_CHECK_USB, FLOE_CHECK_WARNING,
                             N_ ("USB devices are shared only with an administrator's password"),
                             N_ ("Allow org.spice-space.lowlevelusbaccess by a rule of polkit.") },
  [FLOE_REASON_NO_AUDIO] = { FLOE_CHECK_AUDIO, FLOE_CHECK_WARNING,
                             N_ ("there is no device for sound"),
                             N_ ("Plug one in, or look whether its driver is loaded: aplay -l") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (reasons) == FLOE_REASON_N);

const gchar *
floe_check_step_name (FloeCheckStep step)
{
  static const gchar *const names[] = {
    N_ ("Settings"), N_ ("Name"),    N_ ("Connection"), N_ ("Certificate"), N_ ("Clock"),
    N_ ("Server"),   N_ ("Display"), N_ ("Session"),    N_ ("USB"),         N_ ("Sound"),
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == FLOE_CHECK_N_STEPS);
  return _ (names[step]);
}

const gchar *
floe_check_outcome_name (FloeCheckOutcome outcome)
{
  static const gchar *const names[] = { N_ ("ok"), N_ ("warning"), N_ ("problem"),
                                        N_ ("not tested") };

  return _ (names[outcome]);
}

FloeCheckOutcome
floe_check_reason_outcome (FloeCheckReason reason)
{
  return reasons[reason].outcome;
}

FloeCheckStep
floe_check_reason_step (FloeCheckReason reason)
{
  return reasons[reason].step;
}

const gchar *
floe_check_reason_words (FloeCheckReason reason)
{
  return _ (reasons[reason].words);
}

/**
 * floe_check_reason_advice:
 * @reason: a reason
 *
 * Returns: (transfer none) (nullable): what to do about it
 */
const gchar *
floe_check_reason_advice (FloeCheckReason reason)
{
  return reasons[reason].advice != NULL ? _ (reasons[reason].advice) : NULL;
}
