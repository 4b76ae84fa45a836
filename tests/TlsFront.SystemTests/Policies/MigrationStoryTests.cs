using System.Globalization;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Policies;

/// <summary>
/// A migration from its first day to its last (RFC 8314 section 4.1): fifty users with real clients over every transport, in front of real Postfix
/// and Dovecot; what is reported, what is predicted, and what then happens.
/// </summary>
public sealed class MigrationStoryTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Message = "From: sender@example.test\r\nSubject: on the way\r\n\r\nhello\r\n";
    private const string Later = "2099-01-01T00:00Z";
    private const string Over = "2020-01-01T00:00Z";

    private static readonly string[] Old = ["--tlsv1.0", "--tls-max", "1.0", "--ciphers", "DEFAULT@SECLEVEL=0"];

    private static bool HasOldTls => Engine == "native";

    [Fact]
    public async Task Whoever_is_predicted_to_be_refused_is_refused_and_nobody_else_and_in_the_end_nothing_old_is_left()
    {
        using var folder = new TemporaryFolder();
        await using var dovecot = await Backends.StartDovecotAsync("migration", settings: """
            remote 127.0.0.0/8 {
              disable_plaintext_auth = no
            }
            """);
        var users = (
            from way in Enum.GetValues<Way>()
            where HasOldTls || way != Way.Tls10
            from _ in Enumerable.Range(0, NumberOf(way))
            select (User: Backends.NewUser(), Way: way)).ToList();
        var setup = Setup with
        {
            Imap = [dovecot.ImapPort],
            Pop3 = [dovecot.Pop3Port],
            HasStartTls = true,
            StartTlsSecurity = "optional",
            Arguments = HasOldTls ? ["--set", "listeners.1.tls.minimumVersion=1.0"] : [],
        };
        string[] NamesOf(params Way[] ways) => [.. from entry in users where ways.Contains(entry.Way) select entry.User.Name];
        var devices = NamesOf(Way.CleartextImap, Way.CleartextSmtp);
        var printers = NamesOf(Way.Tls10);
        var exempt = NamesOf(Way.StartTlsPop3);

        string Policies(string devicesUntil, string printersUntil, string startTls) => $$"""
            inventory: { path: {{folder.PathOf("inventory.db")}}, flushEvery: 1s }
            policies:
              - { name: devices, action: allow, transport: cleartext, users: [{{string.Join(", ", devices)}}], until: {{devicesUntil}} }
            {{(HasOldTls ? $$"""
              - { name: printers, action: allow, tlsBelow: "1.2", users: [{{string.Join(", ", printers)}}], until: {{printersUntil}} }
            """ : "")}}
              - { name: not-yet, action: allow, transport: starttls, users: [{{string.Join(", ", exempt)}}] }
              - { name: starttls, action: {{startTls}}, transport: starttls }
            """;

        // The first day: everybody is served, and seen.
        var gateway = await StartGatewayAsync(setup with { More = Policies(Later, Later, "warn") });
        foreach (var (user, way) in users)
        {
            (await LogInAsync(gateway, user, user.Password, way)).Succeeded();
        }

        await Eventually.TrueAsync(
            "everybody is in the report",
            async () => (await ReportAsync(gateway.ConfigurationFile)).Values.Sum(
                static row => int.Parse(row["logins"], CultureInfo.InvariantCulture)) == users.Count);
        foreach (var (name, row) in await ReportAsync(gateway.ConfigurationFile))
        {
            var way = users.Single(entry => entry.User.Name == name).Way;
            Assert.Equal(way is Way.CleartextImap or Way.CleartextSmtp ? "1" : "0", row["cleartext"]);
            Assert.Equal(way is Way.StartTlsImap or Way.StartTlsPop3 or Way.StartTlsSmtp ? "1" : "0", row["starttls"]);
            Assert.Equal(way == Way.Tls10 ? "1.0" : way == Way.Tls12 ? "1.2" : row["cleartext"] == "1" ? "" : "1.3", row["tls"]);
        }

        // What would happen.
        var next = folder.PathOf("next.yaml");
        var strict = setup with { More = Policies(Over, Later, "refuse") };
        await File.WriteAllTextAsync(next, strict.ToYaml(gateway.Ports, [gateway.EcdsaFolder, gateway.RsaFolder]));
        var whatIf = await TlsFrontAsync(["migration", "what-if", "-c", next, "--output", "csv", .. setup.Arguments]);
        Assert.Equal(2, whatIf.ExitCode);
        var predicted = (
            from line in whatIf.Output.Split('\n').Skip(1)
            let cells = line.Split(',')
            where cells.Length > 1 && cells[1] == "refused"
            select cells[0]).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(NamesOf(Way.CleartextImap, Way.CleartextSmtp, Way.StartTlsImap, Way.StartTlsSmtp).Order(), predicted.Order());

        // It happens, and the servers hear nothing of those who are refused.
        gateway.Configure(strict);
        gateway.Process.Signal(UnixSignal.Hangup);
        var witness = users.First(static entry => entry.Way == Way.StartTlsImap).User;
        await Eventually.TrueAsync(
            "the policies are in force",
            async () => (await LogInAsync(gateway, witness, witness.Password, Way.StartTlsImap)).ExitCode != 0);
        predicted.Remove(witness.Name);
        var before = LoginsIn(dovecot.Log, predicted);
        predicted.Add(witness.Name);
        foreach (var (user, way) in users)
        {
            var right = await LogInAsync(gateway, user, user.Password, way);
            Assert.True(predicted.Contains(user.Name) == (right.ExitCode != 0), $"{way}: exit code {right.ExitCode}\n{right.Text}");
            if (predicted.Contains(user.Name))
            {
                Assert.NotEmpty(SaidBy(right));
                Assert.Equal(SaidBy(right), SaidBy(await LogInAsync(gateway, user, "wrong", way)));
            }
        }

        // Whatever the server has to say of those before is in its log by now.
        var last = Backends.NewUser();
        (await LogInAsync(gateway, last, last.Password, Way.Implicit)).Succeeded();
        await Eventually.LoggedAsync($"user=<{last.Name}>", () => dovecot.Log);
        predicted.Remove(witness.Name);
        Assert.Equal(before, LoginsIn(dovecot.Log, predicted));

        // The island's last day passes.
        if (HasOldTls)
        {
            gateway.Configure(setup with { More = Policies(Over, Over, "refuse") });
            gateway.Process.Signal(UnixSignal.Hangup);
            var printer = users.First(static entry => entry.Way == Way.Tls10).User;
            await Eventually.TrueAsync(
                "the island is no more",
                async () => (await LogInAsync(gateway, printer, printer.Password, Way.Tls10)).Text.Contains(
                    "alert protocol version", StringComparison.Ordinal));
        }

        // Everybody has moved.
        var since = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        await Eventually.TrueAsync("the second begins", () => DateTimeOffset.UtcNow >= since);
        foreach (var (user, _) in users)
        {
            (await LogInAsync(gateway, user, user.Password, Way.Implicit)).Succeeded();
        }

        string[] sinceThen = ["--since", since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)];
        await Eventually.TrueAsync(
            "everybody is in the last report", async () => (await ReportAsync(gateway.ConfigurationFile, sinceThen)).Count == users.Count);
        Assert.All(
            (await ReportAsync(gateway.ConfigurationFile, sinceThen)).Values,
            static row => Assert.Equal(("0", "0", "1.3"), (row["cleartext"], row["starttls"], row["tls"])));
        var left = await TlsFrontAsync(["migration", "allow-list", "-c", gateway.ConfigurationFile, .. sinceThen]);
        Assert.Equal((1, ""), (left.ExitCode, left.Output));
    }

    private static int NumberOf(Way way) => way switch
    {
        Way.Implicit => 23,
        Way.Tls12 or Way.Tls10 or Way.StartTlsImap => 5,
        _ => 3,
    };

    private static Task<Command> LogInAsync(GatewayProcess gateway, MailUser user, string password, Way way)
    {
        var (ports, startTls) = (gateway.Ports, gateway.Ports.StartTls);
        string[] login = ["--verbose", "--user", $"{user.Name}:{password}"];
        string[] submission = [.. login, "--mail-from", user.Address, "--mail-rcpt", user.Address, "--upload-file", "-"];
        return way switch
        {
            Way.Tls12 => gateway.CurlAsync(ports.Pop3, "pop3s://HOST", "", [.. login, "--tls-max", "1.2"]),
            Way.Tls10 => gateway.CurlAsync(ports.Imap, "imaps://HOST", "", [.. login, .. Old]),
            Way.StartTlsImap => gateway.CurlAsync(startTls.Imap, "imap://HOST", "", [.. login, "--ssl-reqd"]),
            Way.StartTlsPop3 => gateway.CurlAsync(startTls.Pop3, "pop3://HOST", "", [.. login, "--ssl-reqd"]),
            Way.StartTlsSmtp => gateway.CurlAsync(startTls.Smtp, "smtp://HOST", Message, [.. submission, "--ssl-reqd"]),
            Way.CleartextImap => gateway.CurlAsync(startTls.Imap, "imap://HOST", "", login),
            Way.CleartextSmtp => gateway.CurlAsync(startTls.Smtp, "smtp://HOST", Message, submission),
            _ => gateway.CurlAsync(ports.Imap, "imaps://HOST", "", login),
        };
    }

    /// <summary>What the gateway said, octet by octet.</summary>
    private static string SaidBy(Command curl) =>
        string.Join('\n', curl.Error.Split('\n').Where(static line => line.StartsWith("< ", StringComparison.Ordinal)));

    private static int LoginsIn(string log, IEnumerable<string> names) =>
        names.Sum(name => log.Split($"user=<{name}>", StringSplitOptions.None).Length - 1);

    /// <summary>The report, a row of each user.</summary>
    private static async Task<Dictionary<string, Dictionary<string, string>>> ReportAsync(string configuration, params string[] options)
    {
        var report = await TlsFrontAsync(["migration", "report", "-c", configuration, "--output", "csv", .. options]);
        var lines = report.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(',')).ToList();
        return lines.Skip(1).Where(static cells => cells[0] != "(unknown)").ToDictionary(
            static cells => cells[0],
            cells => lines[0].Zip(cells).ToDictionary(static pair => pair.First, static pair => pair.Second));
    }

    private static Task<Command> TlsFrontAsync(IEnumerable<string> arguments)
    {
        var (command, all) = GatewayBinary.Command(arguments);
        return Command.RunAsync(command, all);
    }

    private enum Way
    {
        Implicit,
        Tls12,
        Tls10,
        StartTlsImap,
        StartTlsPop3,
        StartTlsSmtp,
        CleartextImap,
        CleartextSmtp,
    }
}
