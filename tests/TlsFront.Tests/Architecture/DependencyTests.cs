using System.Text.RegularExpressions;

namespace TlsFront.Tests.Architecture;

/// <summary>Dependencies of the gateway's folders point one way. A line added here is a decision about the architecture.</summary>
public sealed class DependencyTests
{
    /// <summary>What each feature may name, itself apart. Top to bottom; the features of one line know each other.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = ["Cli"],
        ["Cli"] =
        [
            "Demo", "Migration", "Admin", "Listeners", "Diagnosis", "Compatibility", "Inventory", "Telemetry", "Policies", "Routing", "Tls",
            "Backends", "Protocols", "ProxyProtocol", "Configuration", "Connections"
        ],
        ["Diagnosis"] = ["Tls", "Backends", "Transport", "Protocols", "ProxyProtocol", "Connections", "Configuration"],
        ["Compatibility"] = ["Transport", "Tls", "Protocols", "Connections", "Configuration"],
        ["Demo"] = ["Listeners", "Telemetry", "Backends", "Protocols", "ProxyProtocol", "Configuration"],
        ["Listeners"] =
        [
            "Admin", "Systemd", "Handover", "Diagnosis", "Gateway", "Inventory", "Telemetry", "Admission", "Policies", "Routing", "Tls", "Backends",
            "Transport", "Protocols", "Connections", "Configuration"
        ],
        ["Admin"] =
        [
            "Migration", "Compatibility", "Handover", "Inventory", "Telemetry", "Admission", "Routing", "Tls", "Backends", "Transport",
            "Connections", "Configuration"
        ],
        ["Migration"] = ["Inventory", "Telemetry", "Policies", "Connections", "Configuration"],
        ["Gateway"] = ["Policies", "Routing", "Tls", "Backends", "Transport", "Protocols", "ProxyProtocol", "Connections", "Configuration"],
        ["Inventory"] = ["Telemetry", "Connections", "Configuration"],
        ["Telemetry"] = ["Handover", "Connections", "Configuration"],
        ["Admission"] = ["Handover", "Tls", "Transport", "ProxyProtocol", "Connections", "Configuration"],
        ["Policies"] = ["Connections", "Configuration"],
        ["Routing"] = ["Connections", "Configuration"],
        ["Transport"] = ["Handover", "Tls", "Protocols", "Connections", "Configuration"],
        ["Tls"] = ["Protocols", "Connections", "Configuration"],
        ["Backends"] = ["Transport", "Protocols", "ProxyProtocol", "Connections", "Configuration"],
        ["Protocols"] = ["Handover", "Connections"],
        ["ProxyProtocol"] = ["Connections"],
        // The rooms of protocols know no settings; settings are of their types: see ConfigurationNames.
        ["Configuration"] = ["Protocols", "ProxyProtocol", "Connections"],
        ["Connections"] = [],
        ["Handover"] = [],
        ["Systemd"] = [],
    };

    /// <summary>What settings name of the rooms below them; nothing in here does anything.</summary>
    private static readonly string[] ConfigurationNames =
    [
        // Choices of an operator that the machines of the protocols go by, which know no settings.
        "MailProtocol", "SessionRules", "Authentication", "BareNewlines", "ClientIdentity",
        // The names of the protocols, and which settings mean something to each.
        "ProtocolProfile",
        // The choice that the writer of the header goes by, which knows no settings.
        "ProxyHeaderVersion",
        // What the TLS facts of a connection name as well.
        "TlsVersion",
        // What the record of a connection names as well.
        "PolicyAction", "LoginTransport", "LoginTransports",
        // The word, for its deadline; settings have no such thing.
        "ProxyHeader",
    ];

    [Fact]
    public void Every_feature_is_known_here() => Assert.Empty(SourceFile.Gateway.Select(file => file.Feature).Distinct().Except(Allowed.Keys));

    [Fact]
    public void The_page_on_the_architecture_lists_what_is_allowed()
    {
        var rows = from line in File.ReadLines(RepositoryRoot.PathOf("src/TlsFront/README.md"))
                   let cells = line.Split('|', StringSplitOptions.TrimEntries)
                   where cells.Length == 5 && Allowed.ContainsKey(cells[1]) && cells[1].Length > 0
                   select (Room: cells[1], Names: cells[3] == "nothing" ? [] : cells[3].Split(", "));
        var listed = rows.ToList();

        Assert.Equal(Allowed.Keys.Where(static room => room.Length > 0).Order(), listed.Select(static row => row.Room).Order());
        Assert.All(listed, row => Assert.Equal(Allowed[row.Room].Order(), row.Names.Order()));
        Assert.All(listed.Index(), row => Assert.Empty(row.Item.Names.Except(listed.Skip(row.Index + 1).Select(static below => below.Room))));
    }

    [Fact]
    public void Dependencies_point_downwards_only()
    {
        var wrong = from file in SourceFile.Gateway
                    from feature in Named(file)
                    where !Allowed[file.Feature].Contains(feature)
                    select $"{file} names {feature}";

        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_file_is_in_the_namespace_of_its_folder()
    {
        var wrong = from file in SourceFile.All
                    let folder = file.Path[(file.Path.IndexOf('/', StringComparison.Ordinal) + 1)..file.Path.LastIndexOf('/')].Replace('/', '.')
                    where !Regex.IsMatch(file.Code, $@"^namespace {Regex.Escape(folder)};$", RegexOptions.Multiline)
                        && file.Code.Contains("namespace", StringComparison.Ordinal)
                    select file.Path;

        Assert.Empty(wrong);
    }

    [Fact]
    public void Configuration_knows_the_features_values_and_nothing_that_acts()
    {
        var features = Allowed["Configuration"];
        var types = from file in SourceFile.Gateway
                    where features.Contains(file.Feature)
                    from type in file.TopLevelTypes
                    select type;
        var forbidden = types.Except(ConfigurationNames)
            .Except(SourceFile.Gateway.Where(file => file.Feature == "Configuration").SelectMany(file => file.TopLevelTypes))
            .ToList();

        Assert.Empty(Find("Configuration", $@"\b({string.Join('|', forbidden)})\b"));
    }

    [Fact]
    public void Only_backends_name_Yarp() => Assert.Equal(["Backends"], Naming(@"\bYarp\.").Select(file => file.Feature).Distinct());

    [Fact]
    public void One_file_names_the_socket_pipes() => Assert.Single(Naming(@"\bPipelines\.Sockets\."));

    [Fact]
    public void Only_the_inventory_names_SQLite() =>
        Assert.Equal(["Inventory"], Naming(@"\b(Microsoft\.Data\.Sqlite|SQLitePCL)\b").Select(file => file.Feature).Distinct());

    [Fact]
    public void One_folder_names_OpenTelemetry() =>
        Assert.Equal(
            ["src/TlsFront/Telemetry/Export"], Naming(@"\busing OpenTelemetry\b").Select(file => file.Path[..file.Path.LastIndexOf('/')]).Distinct());

    [Theory]
    [InlineData("Protocols")]
    [InlineData("ProxyProtocol")]
    public void Rules_of_protocols_do_no_io_and_know_no_host(string feature) => Assert.Empty(Find(feature,
        @"\b(Microsoft\.\w+|Yarp|IServiceProvider|IConfiguration|IOptions|ILogger|LoggerMessage|HttpContext|ConnectionContext|" +
        @"async|await|Task|ValueTask|Socket|Stream|PipeReader|PipeWriter|TimeProvider|Timer|Thread|UtcNow|Environment)\b"));

    [Fact]
    public void Time_is_injected() =>
        Assert.Empty(
            SourceFile.Gateway.SelectMany(
                file => Matches(file, @"\b(DateTime|DateTimeOffset)\.(Utc)?Now\b|\bStopwatch\b|\bThread\.Sleep\b|\bTickCount")));

    private static IEnumerable<string> Named(SourceFile file)
    {
        var others = string.Join('|', Allowed.Keys.Where(feature => feature.Length > 0 && feature != file.Feature));
        // Also as "Protocols.MailProtocol", which resolves from within TlsFront.
        return Regex.Matches(
            file.Code,
            $@"\bTlsFront\.(?<feature>{others})\b|(?<![\w.])(?<feature>{others})\.[A-Z]\w+\s+\w").Select(match => match.Groups["feature"].Value);
    }

    private static IEnumerable<SourceFile> Naming(string pattern) => SourceFile.Gateway.Where(file => Regex.IsMatch(file.Code, pattern));

    private static IEnumerable<string> Find(string feature, string pattern) =>
        SourceFile.Gateway.Where(file => file.Feature == feature).SelectMany(file => Matches(file, pattern));

    private static IEnumerable<string> Matches(SourceFile file, string pattern) =>
        Regex.Matches(file.Code, pattern).Select(match => $"{file} names {match.Value}");
}
