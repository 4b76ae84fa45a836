using TlsFront.Configuration;

namespace TlsFront.Cli;

/// <summary>What help says below usage and options.</summary>
internal static class HelpTexts
{
    private const string Settings = $"""
        Configuration:
          1. the file: -c FILE, else {ConfigurationOptions.FileVariable}, else {ConfigurationOptions.DefaultFile}
          2. over it, environment variables: {SettingOverride.EnvironmentPrefix}ADMIN__ADDRESS=127.0.0.1:9191
          3. over both, --set admin.address=127.0.0.1:9191
          Entries of lists are numbered from 0: --set listeners.0.address=127.0.0.1:4465
        """;

    public const string Root = $"""
        Examples:
          tlsfront demo                                try it, without any other server
          tlsfront check-config                        is the configuration good?
          tlsfront check-config --clients              would old mail programs still connect?
          tlsfront                                     run with it, the same as tlsfront run
          tlsfront certificates                        which names, for how long?
          tlsfront doctor                              what is wrong with the servers behind?
          tlsfront route explain --expect FILE         do users get the backends they should?
          tlsfront policy explain                      which policy decides on a login?
          tlsfront migration report                    who still uses STARTTLS or old TLS?
          tlsfront status --watch                      what does it do now?
          tlsfront health && echo ready                for a container's health check
          tlsfront probe imaps://mail.example.com      what do clients see?

        {Settings}

        Exit codes:
          0  all is well
          1  errors in the configuration or the command line, or not ready
        """;

    public const string Probe = """
        Examples:
          tlsfront probe imaps://mail.example.com submissions://mail.example.com
          tlsfront probe --server-name mail.example.com imaps://192.0.2.7
          tlsfront probe --insecure tls://localhost:4190

        Exit codes:
          0  every port serves
          1  one does not, or its certificate will not do
        """;

    public const string CaptureHello = """
        Examples:
          tlsfront capture-hello --listen '*:4465' --from 10.20.0.7 -o printers/third-floor.hello
          tlsfront capture-hello --listen '*:4587' --starttls smtp --client "Scanner, firmware 2.1" -o scanner.hello
          tlsfront check-config --clients ./printers

        Point the client at the port and have it connect. It is refused before it could log in; its first message alone is recorded.
        The file has the server name that it asks for, and nothing of the user's.

        Exit codes:
          0  FILE is written
          1  no hello in time, the port or FILE cannot be used, or the command line is wrong
        """;

    public const string Run = $"""
        Examples:
          tlsfront run -c ./tlsfront.yaml
          tlsfront run --set admin.address=127.0.0.1:9191

        {Settings}

        Signals:
          SIGHUP           read the configuration again; a changed file is also noticed by itself
          SIGTERM, SIGINT  stop accepting, let sessions end, exit; a second one exits at once

        Exit codes:
          0  ended as told
          1  errors in the configuration, or an address or certificate could not be used
        """;

    public const string CheckConfig = $"""
        Examples:
          tlsfront check-config -c ./tlsfront.yaml
          tlsfront check-config && systemctl reload tlsfront
          tlsfront check-config --json | jq '.problems[].message'
          tlsfront check-config --clients                      what clients get, by hellos recorded of them
          tlsfront check-config --clients ./our-printers       and by those of tlsfront capture-hello

        With --clients each recorded hello is given to the engine as if it came to each listener, and asked for a name of its certificate
        or for the routed name. A client that is served may still refuse the certificate: its authorities are not known here.

        {Settings}

        Exit codes:
          0  valid; there may be warnings, and clients that are refused
          1  errors: the gateway would not start, or would keep its present settings
          2  with --clients, a file in DIR cannot be used
        """;

    public const string Schema = """
        Example:
          tlsfront schema > tlsfront.schema.json

        Editors with the YAML language server take it from the first line of tlsfront.yaml, by a path relative to that file:
          # yaml-language-server: $schema=tlsfront.schema.json

        Exit codes:
          0  always
        """;

    public const string Certificates = """
        Example:
          tlsfront certificates -c ./tlsfront.yaml

        Exit codes:
          0  all could be read
          1  one could not, or the configuration has errors
        """;

    public const string Doctor = """
        Examples:
          tlsfront doctor -c ./tlsfront.yaml
          tlsfront doctor --output json | jq -r '.destinations[].findings[].id'

        Safe on servers at work: a few connections, no login, no message, a polite QUIT or LOGOUT. SMTP servers are asked for a
        recipient elsewhere, as a client at 192.0.2.93 where they get a PROXY header, and the answer is taken back by RSET.

        Exit codes:
          0  all is well; there may be warnings
          1  something is wrong, or the configuration has errors
        """;

    public const string Route = """
        Examples:
          tlsfront route explain --user bob@example.org --listener imaps
          tlsfront route explain --user bob@example.org --listener imaps --name imap.example.org
          tlsfront route explain --expect users.expected     in CI: did a change of the map move anybody?

        Lines of FILE: user listener backend[:destination]; # starts a comment.

        Exit codes:
          0  answered; with --expect, every line is as expected
          1  a line of --expect differs, or the configuration has errors
          2  unknown listener, or FILE cannot be used
        """;

    public const string Policy = """
        Examples:
          tlsfront policy explain --user bob@example.org --listener submission
          tlsfront policy explain --user bob@example.org --listener submission --client 10.20.0.7 --tls 1.2
          tlsfront policy explain --user bob@example.org --listener submission --at 2027-04-01T00:00+02:00

        Exit codes:
          0  answered, whatever the decision
          1  the configuration has errors
          2  unknown listener, or one of tcp
        """;

    public const string Migration = """
        Examples:
          tlsfront migration report --since 30d --transport starttls
          journalctl -u tlsfront -o cat --since -31d | tlsfront migration report --group-by ja4 --output csv -
          tlsfront migration what-if -c ./new.yaml --since 14d --at 2027-04-01T00:00+02:00
          tlsfront migration report --exposed-passwords --output mail-merge
          tlsfront migration report --kind machine
          tlsfront migration notify --per-minute 10 --again-after 7d -- /usr/local/bin/tell-user
          tlsfront migration allow-list --since 90d > ./exempt.users
          tlsfront migration forget ann@example.org

        Without a log they use the inventory of the configuration, which counts logins by day: of the first and the last day
        of --since and --until, all logins that were made in one way count if any of them was in that time.

        Exit codes:
          0  answered; with what-if, nobody would be refused for good
          1  the configuration has errors, log or inventory cannot be read or have no such login, or notify's command cannot be run
          2  what-if: somebody would be or may be refused; notify: its command failed for somebody, who is told next time
        """;

    public const string Health = """
        Asks http://ADMIN.ADDRESS/readyz. The answer is no before the start is complete and while the gateway drains. A file
        that is broken at the moment does no harm here: the gateway runs on with its last good settings.

        Exit codes:
          0  ready
          1  not ready, or no answer within 5 s
        """;

    private const string Asked = """
        Asks over admin.socket where the configuration has one, otherwise over admin.address, with the token of admin.tokenFile.
        """;

    private const string AskedExitCodes = """
        Exit codes:
          0  done
          1  no answer within 5 s, or refused
        """;

    public const string Status = $"""
        Examples:
          tlsfront status
          tlsfront status --watch
          tlsfront status --output json | jq '.backends[].destinations[] | select(.health != "healthy")'

        {Asked}

        {AskedExitCodes}
        """;

    public const string Backends = $"""
        Examples:
          tlsfront backends
          tlsfront backends drain dovecot-imap/10.0.0.21:143     no new sessions there; those it has go on
          tlsfront backends resume dovecot-imap/10.0.0.21:143
          tlsfront backends drain dovecot-imap                   all of its destinations
          tlsfront backends drain dovecot-imap/10.0.0.21:143 --kick --over 5m
                                                                 its sessions end as well, evenly over five minutes

        A drained destination stays so until it is resumed or the gateway restarts; a reload changes nothing about it. The log
        says when its last session left.
        {Asked}

        {AskedExitCodes}
        """;

    public const string Sessions = $"""
        Examples:
          tlsfront sessions list --user '*@example.org'
          tlsfront sessions kick --user bob@example.org --net 203.0.113.0/24
          tlsfront sessions kick --backend dovecot-imap

        Selects the sessions that match every condition. kick ends SMTP sessions after the message in flight; the others get a goodbye only
        before the login.
        {Asked} Names of users are shown to nobody else.

        {AskedExitCodes}
        """;

    public const string Users = $"""
        Moving a mailbox:
          tlsfront users hold bob@example.org --for 2m
          tlsfront sessions kick --user bob@example.org
          doveadm backup ...                                     copy it
          tlsfront users move bob@example.org dovecot-new        or change the user map
          tlsfront users release bob@example.org

        A held login waits until the release, or until the time is over, and then goes where the user is by then. A move overrides routes, maps and
        stickiness until users unmove; an open session stays where it is. TARGET is written as in a user map: a backend, or
        BACKEND:HOST:PORT for one of its destinations. If the backend has a group, the user moves in the group's backends for other protocols too,
        to the same host. Both are kept in memory: a reload changes nothing about them, a restart loses them.
        They apply where sessions are led by their user: on listeners with userMap, lookup, routes[].users, a backend with stickiness: user, or
        clientCertificates and a backend with master.
        {Asked} Names of users are shown to nobody else.

        {AskedExitCodes}
        """;

    public const string Upgrade = $"""
        Example:
          apt install ./tlsfront.deb; tlsfront upgrade

        The new process takes over listening sockets and open sessions, and the old one ends when nothing is left in it. If the new one does not
        start, the old one continues.

        {Asked} Without a token commands are taken over the socket alone.

        {AskedExitCodes}
        """;

    public const string Drain = $"""
        Example:
          tlsfront drain

        {Asked} Without a token commands are taken over the socket alone.

        {AskedExitCodes}
        """;
}
