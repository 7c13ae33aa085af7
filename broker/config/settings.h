/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/**
 * FloeHostSettings:
 * @name: the section's name: `[host NAME]`
 * @uri: libvirt's URI
 * @display_address: (nullable): the address that clients use; %NULL means what libvirt says
 * @display_ca: (nullable): PEM that the host's SPICE certificate is checked against: the contents
 *   of `display_ca_file`
 * @display_subject: (nullable): the certificate's subject as spice-gtk compares it
 * @plain_display: SPICE without TLS is allowed on this host
 * @starts_at_once: how many domains may be starting on it at a time
 *
 * One libvirt host.
 */
typedef struct
{
  gchar *name;
  gchar *uri;
  gchar *display_address;
  gchar *display_ca;
  gchar *display_subject;
  gboolean plain_display;
  guint starts_at_once;
} FloeHostSettings;

/**
 * FloeManagerSettings:
 * @name: the section's name: `[manager NAME]`
 * @type: `ovirt`
 * @url: `https://HOST[:PORT]/ovirt-engine`
 * @ca_file: (nullable): PEM; the system's store when %NULL
 * @user: the service account, NAME@PROFILE
 * @password_file: where its password is
 * @profile: (nullable): in which the engine knows the people of our directory
 * @key_file: (nullable): what the tokens of people who are logged in there are sealed with
 * @client_id: (nullable): an SSO client that may log people in on behalf
 * @client_secret_file: (nullable): where its secret is; set when @client_id is
 * @plain_display: consoles without TLS are allowed on this engine
 * @connections: how many at a time, default 8
 *
 * One engine.
 */
typedef struct
{
  gchar *name;
  gchar *type;
  gchar *url;
  gchar *ca_file;
  gchar *user;
  gchar *password_file;
  gchar *profile;
  gchar *key_file;
  gchar *client_id;
  gchar *client_secret_file;
  gboolean plain_display;
  guint connections;
} FloeManagerSettings;

/**
 * FloeDirectorySettings:
 * @name: (nullable): of a further one, [directory NAME]; %NULL for [directory]
 * @profile: `openldap`, `active-directory` or `freeipa`
 * @uris: (array zero-terminated=1): `ldaps://HOST[:PORT]`, or `ldap://` with @starttls, in the
 * order of preference
 * @starttls: StartTLS on `ldap://` URIs; one of the two is always on
 * @ca_file: (nullable): PEM; the system's store when %NULL
 * @bind_dn: the service account
 * @bind_password_file: where its password is
 * @base: where people are searched
 * @domains: (nullable) (array zero-terminated=1): what may follow "@" or stand before "\" in a
 *   log-in name; what @base says when %NULL
 * @user_filter: (nullable): with `%s` for the escaped name; the profile's when %NULL, as with what
 *   follows
 * @id_attribute: (nullable): who somebody is for ever
 * @name_attribute: (nullable): the log-in name
 * @display_name_attribute: (nullable): the name to show
 * @group_attribute: (nullable): a person's groups
 * @group_id_attribute: (nullable): by which a group is known for ever
 * @group_base: (nullable): under which a group may be named by its plain name
 * @group_name_attribute: (nullable): what a group is called
 * @groups_by: (nullable): `attribute`, `filter` or `auto`: how a person's groups are found
 * @group_filter: (nullable): with `%d` for a member's DN and `%u` for their log-in name
 * @disabled_filter: (nullable): what an account that may not be used matches, beside what the
 *   profile looks at
 * @connections: per server and kind (search, bind), default 8
 * @connect_timeout: seconds, default 3
 * @operation_timeout: seconds, default 5
 * @password_warning: how long before a password expires its owner is told, in seconds; default 14
 *   days; 0 for never
 *
 * The directory.
 */
typedef struct
{
  gchar *name;
  gchar *profile;
  GStrv uris;
  gboolean starttls;
  gchar *ca_file;
  gchar *bind_dn;
  gchar *bind_password_file;
  gchar *base;
  GStrv domains;
  gchar *user_filter;
  gchar *id_attribute;
  gchar *name_attribute;
  gchar *display_name_attribute;
  gchar *group_attribute;
  gchar *group_id_attribute;
  gchar *group_base;
  gchar *group_name_attribute;
  gchar *groups_by;
  gchar *group_filter;
  gchar *disabled_filter;
  guint connections;
  guint connect_timeout;
  guint operation_timeout;
  guint password_warning;
} FloeDirectorySettings;

/**
 * FloeSettings:
 *
 * The whole configuration, checked as a whole, immutable. Owned by main.c; rooms get the parts. A
 * field has the name of its key in the file, unless said otherwise.
 */
typedef struct
{
  /* [broker] */
  gchar *database;               /* path of the SQLite file, or PostgreSQL's URI */
  gchar *database_password_file; /* of PostgreSQL's, or NULL */
  gchar *name;                   /* what administrators call this broker, or NULL */
  GStrv host_names;              /* names that a request's Host may have; port ignored */
  gboolean tell_host;            /* default FALSE */
  /* [listen] */
  gchar *socket;       /* path, or NULL */
  gchar *loopback;     /* "127.0.0.1:8080" or "[::1]:8080", or NULL; one of the two is set */
  gchar *trusted_user; /* whose processes may speak for clients on the socket, or NULL */
  /* [directory] */
  FloeDirectorySettings *directory;
  /* [directory NAME] */
  GPtrArray *more_directories; /* FloeDirectorySettings */
  /* [login] */
  gchar *default_domain; /* or NULL: [directory]'s */
  gboolean show_domains; /* default TRUE */
  /* [roles] */
  GStrv admin_groups;
  GStrv operator_groups; /* or NULL */
  GStrv auditor_groups;  /* or NULL */
  GStrv helpdesk_groups; /* of all pools, or NULL */
  /* [tokens] */
  guint idle_seconds;     /* `idle`, default 900 */
  guint absolute_seconds; /* `absolute`, default 43200 */
  /* [throttle] */
  guint throttle_seconds; /* `pause`, default 1800 */
  guint person_tries;     /* default 4 */
  guint network_tries;    /* default 100 */
  gboolean heed_lockout;  /* default TRUE */
  /* [second_factor] */
  gchar *factor_key_file;  /* `key_file`, or NULL, and there is none */
  GStrv required_groups;   /* or NULL */
  GStrv required_networks; /* or NULL */
  GStrv exempt_networks;   /* or NULL */
  gchar *factor_issuer;    /* `issuer`, default "Floe" */
  /* [terminals] */
  gchar *terminals_key_file; /* `key_file`, or NULL, and nothing is signed for them */
  /* [webhooks] */
  gchar *webhooks_key_file; /* `key_file`, or NULL, and nobody can be told anything */
  /* [audit] */
  gchar *audit_key_file; /* `key_file`, or NULL, and the trail is only hashed */
  /* [kerberos] */
  gchar *kerberos_keytab; /* `keytab`, or NULL, and there is no single sign-on */
  /* [metrics] */
  gchar *metrics_listen; /* `listen`: "127.0.0.1:9469" or "[::1]:9469", or NULL */
  /* [host NAME] */
  GPtrArray *hosts; /* FloeHostSettings */
  /* [manager NAME] */
  GPtrArray *managers; /* FloeManagerSettings */
} FloeSettings;

FloeSettings *floe_settings_load (const gchar *path, GPtrArray **problems);
void floe_settings_report_problems (GPtrArray *problems, FILE *stream);
void floe_settings_free (FloeSettings *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSettings, floe_settings_free)

G_END_DECLS
