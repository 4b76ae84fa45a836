using System.CommandLine;
using System.Net;
using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Configuration.Schema;
using TlsFront.Connections;
using TlsFront.Policies;
using TlsFront.Protocols;

namespace TlsFront.Cli;

/// <summary>
/// <c>tlsfront policy explain</c>: which policy would decide on a login and why those above it do not, by the files as they are now.
/// </summary>
internal sealed class PolicyCommand
{
    private readonly ConfigurationOptions _options;

    private readonly Option<string> _user = new("--user") { Description = "The user, as at login", HelpName = "USER", Required = true };

    private readonly Option<string> _listener = new("--listener") { Description = "The listener's name", HelpName = "NAME", Required = true };

    private readonly Option<string> _client = new("--client")
    {
        Description = "Where the client is",
        HelpName = "ADDRESS",
        DefaultValueFactory = static _ => "192.0.2.1",
    };

    private readonly Option<string?> _serverName = new("--name")
    {
        Description = "The server name that the client asks for; none if absent",
        HelpName = "SNI",
    };

    private readonly Option<string?> _transport = new("--transport")
    {
        Description = "What the login comes by; that of the listener if absent, with TLS where it is optional",
        HelpName = "implicit|starttls|cleartext",
    };

    private readonly Option<string> _tls = new("--tls")
    {
        Description = "The TLS version",
        HelpName = "VERSION",
        DefaultValueFactory = static _ => "1.3",
    };

    private readonly Option<bool> _isWeak = new("--weak-cipher")
    {
        Description = "Its cipher suite has no forward secrecy or no authenticated encryption, as always before TLS 1.2",
    };

    private readonly Option<string?> _ja4 = new("--ja4") { Description = "The JA4 fingerprint of its hello", HelpName = "JA4" };

    private readonly Option<string?> _program = new("--program") { Description = "What its program calls itself", HelpName = "NAME" };

    private readonly Option<string?> _at = new("--at") { Description = "When, such as 2027-03-31T00:00Z; now if absent", HelpName = "TIME" };

    private readonly TimeProvider _time;

    private PolicyCommand(ConfigurationOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _tls.AcceptOnlyFromAmong("1.0", "1.1", "1.2", "1.3");
        _transport.AcceptOnlyFromAmong([.. Enum.GetValues<LoginTransport>().Select(static transport => transport.Tag())]);
        AddCheck(_client, static text => IPAddress.TryParse(text, out _) ? null : "needs an address, such as 192.0.2.1 or 2001:db8::1");
        AddCheck(_serverName, static text => RouteCommand.Normalize(text) is not null ? null : "needs a host name, such as imap.example.org");
        AddCheck(_at, static text => new InstantType().TryParse(text, out _, out var problem) ? null : $"{problem.Message}; {problem.Remedy}");
    }

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command("policy", "Explain which policy decides on a login.");
        command.Subcommands.Add(new PolicyCommand(options, time).CreateExplain());
        return command;
    }

    private static IPAddress Normalized(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static void AddCheck<T>(Option<T> option, Func<string, string?> check) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && check(token.Value) is { } problem)
        {
            result.AddError($"{option.Name} {token.Value} {problem}.");
        }
    });

    private static string WhyNot(PolicyCondition condition) => condition switch
    {
        PolicyCondition.Listener => "is not for the listener or its protocol",
        PolicyCondition.Transport => "is not for the transport; only transport: cleartext lets a login in that has none",
        PolicyCondition.Legacy => "does not name old TLS; only tlsBelow or cipher lets a login in by TLS before 1.2 or with a weak cipher",
        PolicyCondition.Cipher => "is for weak cipher suites",
        PolicyCondition.From => "does not apply yet",
        PolicyCondition.Until => "no longer applies",
        PolicyCondition.During => "is for other times",
        PolicyCondition.Tls => "is for older versions of TLS",
        PolicyCondition.Network => "is not for the client's address",
        PolicyCondition.ServerName => "is not for the server name",
        PolicyCondition.Ja4 => "is for other clients (ja4)",
        PolicyCondition.Program => "is for other clients (programs)",
        PolicyCondition.User => "is not for the user",
        _ => "is for a share that this login is not in",
    };

    private Command CreateExplain()
    {
        var command = new Command(
            "explain", "Say which policy would decide on a login, and why those above it do not. Reads files and nothing else.");
        _options.AddTo(command);
        foreach (var option in (Option[])[_user, _listener, _client, _transport, _serverName, _tls, _isWeak, _ja4, _program, _at])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Explain(parsed, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private int Explain(ParseResult parsed, TextWriter output, TextWriter error)
    {
        var result = _options.Loader(parsed).Load();
        if (result.Settings is not { } settings)
        {
            ProblemReport.Write(error, result.Problems);
            return ExitCode.Failure;
        }

        var name = parsed.GetRequiredValue(_listener);
        if (settings.Listeners.FirstOrDefault(listener => listener.Name == name) is not { } listener)
        {
            error.WriteLine(RouteDecisions.UnknownListener(name, settings.Listeners));
            return ExitCode.Unanswered;
        }

        if (!ProtocolProfile.Of(listener.Protocol).IsUnderstood)
        {
            error.WriteLine($"listener \"{name}\" has protocol tcp, where no login is seen and no policy applies");
            return ExitCode.Unanswered;
        }

        var subject = SubjectOf(parsed, listener);
        if (!listener.CanHave(subject.Transport))
        {
            error.WriteLine($"listener \"{name}\" has security {listener.SecurityName}, where no login comes by {subject.Transport.Tag()}");
            return ExitCode.Unanswered;
        }

        output.WriteLine(
            $"{subject.User} on {name} from {subject.Client} by {subject.Transport.Tag()}"
            + $"{(subject.Tls is { } version ? $" TLS {version.Number()}" : "")}"
            + $"{(subject.ServerName is null ? "" : $" as {subject.ServerName}")} at {new InstantType().Format(subject.Now)}");
        Write(output, result.Policies, subject);
        return ExitCode.Success;
    }

    private PolicySubject SubjectOf(ParseResult parsed, ListenerSettings listener)
    {
        var transport = LoginTransports.Parse(parsed.GetValue(_transport))
            ?? (listener.CanHave(LoginTransport.Implicit) ? LoginTransport.Implicit : LoginTransport.StartTls);
        var now = parsed.GetValue(_at) is { } text && new InstantType().TryParse(text, out var at, out _) ? at : _time.GetUtcNow();
        return new()
        {
            Listener = listener,
            Connection = "",
            Client = Normalized(IPAddress.Parse(parsed.GetRequiredValue(_client))),
            User = parsed.GetRequiredValue(_user).ToLowerInvariant(),
            ServerName = parsed.GetValue(_serverName) is { } asked ? RouteCommand.Normalize(asked) : null,
            Transport = transport,
            Tls = transport == LoginTransport.Cleartext ? null : TlsVersions.Parse(parsed.GetRequiredValue(_tls)),
            HasWeakCipher = transport != LoginTransport.Cleartext
                && (parsed.GetValue(_isWeak) || TlsVersions.Parse(parsed.GetRequiredValue(_tls)) < TlsVersion.Tls12),
            Ja4 = parsed.GetValue(_ja4),
            Program = parsed.GetValue(_program),
            Now = now,
        };
    }

    private static void Write(TextWriter output, IReadOnlyList<Draft<PolicySettings>> policies, in PolicySubject subject)
    {
        var passed = new List<string>();
        foreach (var draft in policies)
        {
            var policy = new PolicyPreview(draft);
            if (policy.Judge(subject) is var missed and not PolicyCondition.None)
            {
                passed.Add($"  passed       {policy.Place} {WhyNot(missed)}");
                continue;
            }

            var share = draft.Settings is { SampleOf: SampleOf.Connections, Sample: { } sample }
                ? $", for {new PercentType().Format(sample)} of connections" : "";
            output.WriteLine($"  decision     {draft.Settings.Action.Tag()}{share}");
            output.WriteLine($"  by           {policy.Place}");
            if (policy.Told is { } words)
            {
                output.WriteLine($"  told         {words}");
            }

            passed.ForEach(output.WriteLine);
            return;
        }

        if (PolicyWords.RefusalWithoutPolicy(subject) is { } refusal)
        {
            output.WriteLine("  decision     refuse: no policy lets this login in");
            output.WriteLine($"  told         {refusal.Words}");
        }
        else
        {
            output.WriteLine("  decision     none: no policy matches, and the login goes on");
        }

        passed.ForEach(output.WriteLine);
    }
}
