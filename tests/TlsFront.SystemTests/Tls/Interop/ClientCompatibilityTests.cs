using System.Text.Json;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>
/// What <c>check-config --clients</c> says of recorded hellos is what happens: each client that runs here connects to the gateway with the command
/// line that it was recorded with.
/// </summary>
public sealed partial class ClientCompatibilityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("native", "ec", "1.2")]
    [InlineData("native", "rsa", "1.2")]
    [InlineData("native", "ec rsa", "1.3")]
    [InlineData("managed", "ec", "1.2")]
    [InlineData("managed", "rsa", "1.2")]
    [InlineData("managed", "ec rsa", "1.3")]
    public async Task Clients_are_served_and_refused_as_it_was_said(string engine, string keys, string minimum)
    {
        var port = Ports.Next();
        var file = await ConfigureAsync(keys, minimum, port);
        var clients = (await ToldAsync(engine, file)).Where(static client => client.Command[0] is "openssl" or "gnutls-cli").ToList();
        Assert.True(clients.Count >= 10, $"{clients.Count} clients");
        var (command, arguments) = GatewayBinary.Command("run", "-c", file, "--set", $"engine={engine}");
        await using var gateway = await Daemon.StartAsync(command, arguments);
        await Eventually.TrueAsync("the port is open", () => Ports.IsOpenAsync(port));

        foreach (var client in clients)
        {
            var line = client.Command.Select(argument => argument.Replace("PORT", $"{port}", StringComparison.Ordinal)).ToList();
            var result = await Command.RunAsync(line[0], line.Skip(1));
            var version = Negotiated().Match(result.Text) is { Success: true } found ? $"TLS 1.{found.Groups["minor"].Value}" : null;
            Assert.True(
                client.Version == version,
                $"{client.Name}: {client.Version ?? client.Reason} was said, {version ?? "no TLS"} came:\n{result.Text}");
        }
    }

    [Theory]
    [InlineData("smtp")]
    [InlineData("imap")]
    [InlineData("pop3")]
    [InlineData("sieve")]
    [InlineData(null)]
    public async Task A_hello_that_was_captured_of_a_client_is_replayed_with_the_others(string? protocol)
    {
        var captured = _folder.PathOf("hellos", "printer.hello");
        string[] before = protocol is null ? [] : ["--starttls", protocol];
        var (command, arguments) = GatewayBinary.Command(
            ["capture-hello", "--listen", "127.0.0.1:0", "--client", "The printer", "-o", captured, .. before]);
        await using var capture = await Daemon.StartAsync(command, arguments);
        var port = await Eventually.GetAsync(
            "a port",
            () => capture.Lines.Select(static line => Waiting().Match(line)).FirstOrDefault(static match => match.Success)?.Groups[1].Value);

        var client = await Command.RunAsync(
            "openssl", ["s_client", "-connect", $"127.0.0.1:{port}", "-tls1_2", "-servername", "mail.example.org", .. before.Select(Renamed)]);

        Assert.Contains("alert internal error", client.Text, StringComparison.Ordinal);
        Assert.Equal(0, await capture.ExitAsync());
        var told = await ToldAsync("native", await ConfigureAsync("ec", "1.3", Ports.Next()), Path.GetDirectoryName(captured)!);
        var printer = told.Single(static client => client.Name == "The printer");
        Assert.Equal("client offers at most TLS 1.2; minimum is TLS 1.3", printer.Reason);
    }

    // The option's name is the one that openssl has too.
    private static string Renamed(string argument) => argument == "--starttls" ? "-starttls" : argument;

    [GeneratedRegex(@"New, TLSv1\.(?<minor>[0-3]), Cipher is (?!\(NONE\))|^- Description: \(TLS1\.(?<minor>[0-3])", RegexOptions.Multiline)]
    private static partial Regex Negotiated();

    [GeneratedRegex("^waiting on 127.0.0.1:([0-9]+) ")]
    private static partial Regex Waiting();

    private static async Task<List<Told>> ToldAsync(string engine, string file, params string[] folder)
    {
        var (command, arguments) = GatewayBinary.Command(["check-config", "-c", file, "--set", $"engine={engine}", "--json", "--clients", .. folder]);
        using var report = JsonDocument.Parse((await Command.RunAsync(command, arguments)).Succeeded().Output);
        return
        [
            .. from client in report.RootElement.GetProperty("clients").EnumerateArray().ToList()
               let outcome = client.GetProperty("outcomes")[0]
               select new Told(
                   client.GetProperty("client").GetString()!, client.GetProperty("source").GetString()!.Split(": ", 2)[^1].Split(' '),
                   outcome.GetProperty("version").GetString(), outcome.GetProperty("reason").GetString())
        ];
    }

    private async Task<string> ConfigureAsync(string keys, string minimum, int port)
    {
        var file = _folder.PathOf("tlsfront.yaml");
        foreach (var key in keys.Split(' '))
        {
            string[] kind = key == "ec" ? ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["rsa:2048"];
            (await Command.RunAsync(
                "openssl",
                [
                    "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=mail.example.org", "-addext", "subjectAltName=DNS:mail.example.org",
                    "-keyout", _folder.PathOf($"{key}.key"), "-out", _folder.PathOf($"{key}.pem"), "-newkey", .. kind,
                ])).Succeeded();
        }

        await File.WriteAllTextAsync(file, $$"""
            hostname: mail.example.org
            tls: { minimumVersion: "{{minimum}}" }
            admin: { address: "127.0.0.1:{{Ports.Next()}}" }
            certificates: [ {{string.Join(", ", keys.Split(' ').Select(static key => $"{{ path: {key}.pem, key: {key}.key }}"))}} ]
            listeners: [ { name: imaps, address: "127.0.0.1:{{port}}", protocol: imap, backend: dovecot } ]
            backends: [ { name: dovecot, kind: dovecot, destinations: ["127.0.0.1:{{Ports.Next()}}"] } ]
            """);
        return file;
    }

    /// <summary>What the report says of one client.</summary>
    private sealed record Told(string Name, string[] Command, string? Version, string? Reason);
}
