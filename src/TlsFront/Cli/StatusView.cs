using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using TlsFront.Admin;
using TlsFront.Routing;

namespace TlsFront.Cli;

/// <summary>
/// The status as columns, with colours on a terminal. Names, addresses and numbers stay whole at 80 columns;
/// what is said in words may take a second line.
/// </summary>
internal sealed class StatusView(IAnsiConsole console)
{
    /// <summary>Days before the end in which a certificate is shown as a worry; certbot renews at 30.</summary>
    private const int FewDays = 14;

    /// <summary>Columns where there is no terminal to say how many it has.</summary>
    private const int PlainWidth = 240;

    private readonly bool _isPlain = !console.Profile.Out.IsTerminal;

    /// <summary>A console that writes to <paramref name="output"/>.</summary>
    public static IAnsiConsole ConsoleOn(TextWriter output)
    {
        var target = new AnsiConsoleOutput(output);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = target,
            Ansi = target.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = target.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!target.IsTerminal)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }

    /// <summary>Everything.</summary>
    public IRenderable Status(GatewayStatus status)
    {
        var listeners = Table(["LISTENER", "ADDRESS", "PROTOCOL", "BACKEND", "CONNECTIONS", "ACCEPTED"], words: "PROTOCOL");
        foreach (var listener in status.Listeners)
        {
            var connections = listener.Limit is { } limit ? $"{Number(listener.Connections)} of {Number(limit)}" : Number(listener.Connections);
            var protocol = listener.Security == "implicit" ? listener.Protocol : $"{listener.Protocol} {listener.Security}";
            listeners.AddRow(
                Cells(listener.Name, listener.Address ?? "-", protocol, listener.Backend, connections, Number(listener.Accepted)));
        }

        var certificates = Table(["CERTIFICATE", "NAMES", "DAYS LEFT"], words: "NAMES");
        foreach (var certificate in status.Certificates)
        {
            certificates.AddRow(
                Cell(certificate.Source), Cell(string.Join(", ", certificate.Names)),
                Cell(Number(certificate.DaysLeft), certificate.DaysLeft < FewDays ? Color.Red : null));
        }

        return new Rows(
            new Text(string.Create(CultureInfo.InvariantCulture,
                $"{status.HostName}: {status.State}, TlsFront {status.Version}, {status.Engine} engine, up {Span(status.Time - status.Started)}, "
                + $"{status.Connections} of {Amount.Of(status.Limits.Connections, "connection")}, {Amount.Of(status.Sessions, "session")}")),
            Configuration(status.Configuration, status.Time),
            Text.Empty,
            listeners,
            Text.Empty,
            Backends(status.Backends, status.Time),
            Text.Empty,
            certificates);
    }

    /// <summary>The backends alone.</summary>
    public IRenderable Backends(IReadOnlyList<BackendStatus> backends, DateTimeOffset now)
    {
        var table = Table(["BACKEND", "DESTINATION", "STATE", "SESSIONS", "QUEUED", "LAST PROBE"], words: "LAST PROBE");
        var troubles = new List<IRenderable>();
        foreach (var backend in backends)
        {
            foreach (var destination in backend.Destinations)
            {
                var (state, color) = State(destination);
                table.AddRow(
                    Cell(backend.Name), Cell(destination.Address), Cell(state, color), Cell(Number(destination.Sessions)),
                    Cell(Number(backend.Queued)),
                    Cell(destination.LastProbe is { } probe ? Words(probe, now) : "-"));
                if (destination.Trouble is { } trouble)
                {
                    var until = destination.EjectedUntil is { } end ? $"; back in {Span(end - now)}" : "";
                    troubles.Add(Cell($"{backend.Name} {destination.Address} is {state}: {trouble}{until}", color));
                }
            }
        }

        return new Rows([table, .. troubles]);
    }

    /// <summary>Sessions.</summary>
    public IRenderable Sessions(IReadOnlyList<SessionStatus> sessions, DateTimeOffset now)
    {
        var table = Table(["SESSION", "LISTENER", "CLIENT", "USER", "SERVER", "BY", "SINCE"], words: "USER");
        foreach (var session in sessions)
        {
            table.AddRow(
                Cells(
                    session.Id, session.Listener, session.Client, session.User ?? "-", session.Destination ?? "-", session.RoutedBy ?? "-",
                    Span(now - session.Started)));
        }

        return table;
    }

    /// <summary>Holds and moves of users.</summary>
    public IRenderable Users(IReadOnlyList<UserOverride> users, DateTimeOffset now)
    {
        var table = Table(["USER", "HELD FOR", "WAITING", "MOVED TO"], words: "MOVED TO");
        foreach (var user in users)
        {
            table.AddRow(
                Cells(
                    user.User, user.HeldUntil is { } end ? Span(end - now) : "-", Number(user.Waiting),
                    user.Moves.Count == 0 ? "-" : string.Join(", ", user.Moves.Select(static move => $"{move.Target} ({move.Protocol})"))));
        }

        return table;
    }

    private static (string Words, Color? Color) State(DestinationStatus destination) =>
        destination.Drained ? ("drained", Color.Yellow)
        : destination.Health == "unhealthy" ? (destination.EjectedUntil is null ? "unhealthy" : "ejected", Color.Red)
        : (destination.Health, destination.Health == "healthy" ? Color.Green : null);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Words(ProbeStatus probe, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"{probe.Result.Replace('_', ' ')}, {probe.Milliseconds:F0} ms, {Span(now - probe.At)} ago");

    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m{span.Seconds}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h{span.Minutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.Days}d{span.Hours}h"),
    };

    private static Text Configuration(ConfigurationStatus? configuration, DateTimeOffset now)
    {
        if (configuration is null)
        {
            return Text.Empty;
        }

        var reload = configuration.LastReload is not { } at ? "not reloaded since the start"
            : configuration.Succeeded == true
            ? $"reloaded {Span(now - at)} ago: {(configuration.Changes.Count == 0 ? "nothing changed" : string.Join(", ", configuration.Changes))}"
            : configuration.Changes.Count > 0
            ? $"reload {Span(now - at)} ago TAKEN OVER IN PART, restart the gateway: {string.Join(", ", configuration.Changes)}"
            : $"reload {Span(now - at)} ago FAILED, the previous settings are in force";
        var restart = configuration.NeedsRestart.Count == 0 ? "" : $"; needs a restart: {string.Join(", ", configuration.NeedsRestart)}";
        return new Text(
            string.Join('\n', [$"{configuration.File}: {reload}{restart}", .. configuration.Problems ?? []]),
            configuration.Succeeded == false || restart.Length > 0 ? new Style(Color.Yellow) : Style.Plain);
    }

    private static IRenderable[] Cells(params string[] texts) => [.. texts.Select(static text => Cell(text))];

    /// <summary>Never as markup: a name may hold brackets.</summary>
    private static Text Cell(string text, Color? color = null) => new(text, color is { } one ? new Style(one) : Style.Plain);

    /// <param name="columns">Their titles.</param>
    /// <param name="words">The column that gives way where a terminal is narrow.</param>
    private Table Table(string[] columns, string? words = null)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns)
        {
            table.AddColumn(
                new TableColumn(
                    new Text(column, _isPlain ? Style.Plain : new Style(decoration: Decoration.Bold)))
                { NoWrap = _isPlain || column != words });
        }

        return table;
    }
}
