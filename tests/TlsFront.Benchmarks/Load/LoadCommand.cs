using System.CommandLine;
using TlsFront.Benchmarks.Load.Clients;
using TlsFront.Benchmarks.Load.Servers;

namespace TlsFront.Benchmarks.Load;

/// <summary><c>load</c>: the load generators and the backends of the comparison, each a process of its own that can be pinned to a core.</summary>
internal static class LoadCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "Port of the proxy on 127.0.0.1", Required = true };
    private static readonly Option<string?> ServerName = new("--name") { Description = "Server name to ask for; without it there is no TLS" };
    private static readonly Option<int> Connections = new("--connections") { Description = "Clients at once", DefaultValueFactory = _ => 32 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "How long", DefaultValueFactory = _ => 3 };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Resumed handshakes alone" };
    private static readonly Option<bool> StartTls = new("--starttls") { Description = "TLS begins with STARTTLS" };
    private static readonly Option<bool> Received = new("--received") { Description = "The backend must see a Received field" };
    private static readonly Option<int[]> Counts = new("--counts")
    {
        Description = "Numbers of open sessions to stop at",
        AllowMultipleArgumentsPerToken = true,
        Required = true
    };
    private static readonly Option<int> UploadPort = new("--upload") { Description = "Port of the upload sink", Required = true };
    private static readonly Option<int> SmtpPort = new("--smtp") { Description = "Port of the SMTP sink", Required = true };
    private static readonly Option<bool> BeforeLogin = new("--before-login") { Description = "Sessions of IMAP that do not log in" };
    private static readonly Option<int> ImapPort = new("--imap") { Description = "Port of the IMAP store", Required = true };

    public static Command Create()
    {
        var command = new Command("load", "Load generators and backends of the comparison.");
        command.Subcommands.Add(Serve());
        command.Subcommands.Add(
            Crowd(
                "handshake", "Handshakes with a small exchange each.", [Resume],
                (target, parsed) => new HandshakeJob(target, parsed.GetValue(Resume))));
        command.Subcommands.Add(Crowd("upload", "Octets to the upload sink.", [], (target, _) => new UploadJob(target)));
        command.Subcommands.Add(
            Crowd(
                "smtp-submission", "Submissions of one message of 10 kB.", [Received],
                (target, parsed) => new SmtpSubmissionJob(target, parsed.GetValue(Received))));
        command.Subcommands.Add(
            Crowd(
                "smtp-message", "Messages of 10 kB in open sessions.", [Received],
                (target, parsed) => new SmtpMessageJob(target, parsed.GetValue(Received))));
        command.Subcommands.Add(
            Crowd(
                "imap-login", "Sessions that log in and leave.", [StartTls],
                (target, parsed) => new ImapLoginJob(target, parsed.GetValue(StartTls))));
        command.Subcommands.Add(Crowd("imap-noop", "NOOP in open sessions.", [], (target, _) => new ImapJob(target, fetch: false)));
        command.Subcommands.Add(Crowd("imap-fetch", "FETCH of 1 MB in open sessions.", [], (target, _) => new ImapJob(target, fetch: true)));
        command.Subcommands.Add(Single("latency", "Small exchanges, timed.", [Seconds],
            (target, parsed) => LatencyProbe.Run(target, TimeSpan.FromSeconds(parsed.GetValue(Seconds)), Console.Out)));
        command.Subcommands.Add(Single("idle", "Open sessions that do nothing.", [Counts, BeforeLogin],
            (target, parsed) => IdleSessions.Run(target, parsed.GetValue(BeforeLogin), parsed.GetValue(Counts)!, Console.In, Console.Out)));
        command.Subcommands.Add(Single("probe", "What is negotiated.", [], (target, _) => HandshakeProbe.Run(target, Console.Out)));
        return command;
    }

    private static Command Serve()
    {
        var command = new Command("serve", "Backends: upload sink, SMTP sink, IMAP store.") { UploadPort, SmtpPort, ImapPort };
        command.SetAction(parsed =>
        {
            // Sessions block their threads; waiting for the pool to grow would be measured as latency.
            ThreadPool.SetMinThreads(256, 16);
            new Server(parsed.GetValue(UploadPort), UploadSink.Serve).Start();
            new Server(parsed.GetValue(SmtpPort), SmtpSink.Serve).Start();
            new Server(parsed.GetValue(ImapPort), ImapStore.Serve).Start();
            Thread.Sleep(Timeout.Infinite);
        });
        return command;
    }

    private static Command Crowd(string name, string description, Option[] own, Func<Target, ParseResult, LoadJob> create) => Single(
        name, description, [Connections, Seconds, .. own], (target, parsed) => Console.Out.WriteLine(
            new Crowd(parsed.GetValue(Connections), TimeSpan.FromSeconds(parsed.GetValue(Seconds))).Run(() => create(target, parsed))));

    private static Command Single(string name, string description, Option[] own, Action<Target, ParseResult> run)
    {
        var command = new Command(name, description) { Port, ServerName };
        Array.ForEach(own, command.Options.Add);
        command.SetAction(parsed =>
        {
            using var target = new Target(parsed.GetValue(Port), parsed.GetValue(ServerName));
            try
            {
                run(target, parsed);
                return 0;
            }
            catch (LoadException exception)
            {
                Console.Error.WriteLine(exception.Message);
                return 1;
            }
        });
        return command;
    }
}
