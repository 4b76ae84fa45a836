using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using TlsFront.Demo;

namespace TlsFront.Cli;

/// <summary>The commands of <c>tlsfront</c>.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Parses <paramref name="arguments"/>; invoking the result runs the command.</summary>
    /// <param name="arguments">Arguments of the process.</param>
    /// <param name="environment">Environment variables of the process.</param>
    /// <param name="time">Clock by which certificates are valid.</param>
    public static ParseResult Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, TimeProvider time)
    {
        var parsed = Create(new ConfigurationOptions(environment), time).Parse(arguments, Parser);
        if (parsed.Action is ParseErrorAction error)
        {
            // A page of help would push the one line that matters off the screen.
            error.ShowHelp = false;
        }
        return parsed;
    }

    private static RootCommand Create(ConfigurationOptions options, TimeProvider time)
    {
        var root = new RootCommand(
            "TlsFront: TLS in front of mail servers. Terminates it for SMTP submission, IMAP, POP3 and ManageSieve, and forwards to the servers "
            + "behind.");
        RunCommand.AddTo(root, options);
        var run = RunCommand.Create(options);
        var checkConfig = CheckConfigCommand.Create(options, time);
        var schema = SchemaCommand.Create();
        var certificates = CertificatesCommand.Create(options, time);
        var doctor = DoctorCommand.Create(options, time);
        var health = HealthCommand.Create(options);
        var probe = ProbeCommand.Create(time);
        root.Subcommands.Add(run);
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(checkConfig);
        root.Subcommands.Add(schema);
        root.Subcommands.Add(certificates);
        var route = RouteCommand.Create(options);
        var policy = PolicyCommand.Create(options, time);
        var migration = MigrationCommand.Create(options, time);
        root.Subcommands.Add(doctor);
        root.Subcommands.Add(route);
        root.Subcommands.Add(policy);
        root.Subcommands.Add(migration);
        root.Subcommands.Add(health);
        root.Subcommands.Add(probe);
        var captureHello = CaptureHelloCommand.Create(time);
        root.Subcommands.Add(captureHello);
        var status = StatusCommand.Create(options, time);
        var backends = BackendsCommand.Create(options, time);
        var sessions = SessionsCommand.Create(options, time);
        var users = UsersCommand.Create(options, time);
        var upgrade = UpgradeCommand.Create(options);
        var drain = DrainCommand.Create(options);
        root.Subcommands.Add(status);
        root.Subcommands.Add(backends);
        root.Subcommands.Add(sessions);
        root.Subcommands.Add(users);
        root.Subcommands.Add(upgrade);
        root.Subcommands.Add(drain);

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, new Dictionary<Command, string>
        {
            [root] = HelpTexts.Root,
            [run] = HelpTexts.Run,
            [checkConfig] = HelpTexts.CheckConfig,
            [schema] = HelpTexts.Schema,
            [certificates] = HelpTexts.Certificates,
            [doctor] = HelpTexts.Doctor,
            [route] = HelpTexts.Route,
            [Of(route, "explain")] = HelpTexts.Route,
            [policy] = HelpTexts.Policy,
            [Of(policy, "explain")] = HelpTexts.Policy,
            [migration] = HelpTexts.Migration,
            [Of(migration, "report")] = HelpTexts.Migration,
            [Of(migration, "what-if")] = HelpTexts.Migration,
            [Of(migration, "notify")] = HelpTexts.Migration,
            [health] = HelpTexts.Health,
            [probe] = HelpTexts.Probe,
            [captureHello] = HelpTexts.CaptureHello,
            [status] = HelpTexts.Status,
            [backends] = HelpTexts.Backends,
            [sessions] = HelpTexts.Sessions,
            [users] = HelpTexts.Users,
            [upgrade] = HelpTexts.Upgrade,
            [drain] = HelpTexts.Drain,
        });
        return root;

        static Command Of(Command parent, string name) => parent.Subcommands.Single(command => command.Name == name);
    }
}
