using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Cli;
using TlsFront.Tests.Configuration;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Cli;

/// <summary>What the commands tell of routes.</summary>
public sealed class RouteCommandTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new();

    public RouteCommandTests()
    {
        Write("certificate.pem", "mail.example.com", "*.example.org");
        Write("bank.pem", "mail.bank.example", "a.customers.example");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("certificates")]
    [InlineData("check-config")]
    public async Task Routes_are_shown_with_what_each_name_gets(string command)
    {
        WriteRoutes("""
            - { names: [mail.bank.example], backend: dovecot-new, tls: { minimumVersion: "1.3" }, certificates: [ { path: bank.pem } ] }
            - { names: ["*.example.org"], backend: dovecot-new }
            """);
        var (exitCode, output, error) = await RunAsync(command);
        var (served, own) = (Served("certificate.pem"), Served("bank.pem"));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"""
            listener submissions (TLS 1.2 and later)
              mail.example.com: {served}
              *.example.org: {served}
              any other name, or none: {served}
            listener imaps (TLS 1.2 and later, backend dovecot)
              mail.bank.example (TLS 1.3, backend dovecot-new): {own}
              *.example.org (TLS 1.2 and later, backend dovecot-new): {served}
              mail.example.com: {served}
              any other name, or none: {served}

            """, output, StringComparison.Ordinal);
        Assert.EndsWith(
            command == "certificates" ? $"{served}\n" : $"{_folder.Path}: valid, 0 errors, 0 warnings\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_routed_name_that_no_certificate_is_for_is_warned_of_in_its_line()
    {
        WriteRoutes("""
            - names:
                - x.example.org
                - mail.example.net
                - "*.deep.example.org"
              backend: dovecot-new
            - { names: [mail.bank.example, mail.example.com, "*.customers.example"], backend: dovecot-new, certificates: [ { path: bank.pem } ] }
            """);
        var (exitCode, output, _) = await RunAsync("check-config", "--json");
        using var json = JsonDocument.Parse(output);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            [
                "warning 12 listeners.1.routes.0.names.1 mail.example.net is a name that none of certificates is for: its clients get another "
                + "name's, which they should refuse; add one for it to certificates, or correct the name",
                "warning 13 listeners.1.routes.0.names.2 *.deep.example.org is a name that none of certificates is for: its clients get another "
                + "name's, which they should refuse; add one for it to certificates, or correct the name",
                "warning 15 listeners.1.routes.1.names.1 mail.example.com is a name that none of the route's certificates is for: its clients get "
                + "another name's, which they should refuse; add one for it to the route's certificates, or correct the name",
            ],
            from problem in json.RootElement.GetProperty("problems").EnumerateArray()
            where problem.GetProperty("severity").GetString() != "note"
            let parts = ((string[])["severity", "line", "setting", "value", "message"]).Select(key => problem.GetProperty(key).ToString())
            select $"{string.Join(' ', parts)}; {problem.GetProperty("remedy")}");
        const string Routed = "  mail.example.net (TLS 1.2 and later, backend dovecot-new): no certificate is for it; ";
        Assert.Contains(Routed + Served("certificate.pem"), (await RunAsync("certificates")).Output, StringComparison.Ordinal);

        string[] strict = ["--set", "tls.unknownName=reject"];
        Assert.Contains("its clients are refused", (await RunAsync(["check-config", .. strict])).Output, StringComparison.Ordinal);
        Assert.Contains(Routed + "refused\n", (await RunAsync(["certificates", .. strict])).Output, StringComparison.Ordinal);
    }

    /// <summary>The user is not known yet when a certificate is presented.</summary>
    [Fact]
    public async Task A_route_that_needs_the_user_presents_nothing()
    {
        WriteRoutes("- { users: [bob], names: [mail.example.net], backend: dovecot-new }");
        var (exitCode, output, _) = await RunAsync("check-config");
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("mail.example.net", output, StringComparison.Ordinal);
        Assert.DoesNotContain("listener imaps", output, StringComparison.Ordinal);
        Assert.DoesNotContain("mail.example.net", (await RunAsync("certificates")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_a_route_that_cannot_be_read_fails_check_and_listing()
    {
        File.WriteAllText(_folder.At("bank.pem"), "nothing");
        WriteRoutes("- { names: [mail.bank.example], backend: dovecot-new, certificates: [ { path: bank.pem } ] }");
        var (exitCode, output, _) = await RunAsync("check-config");
        Assert.Equal(1, exitCode);
        Assert.Contains("error    listeners.1.routes.0.certificates.0.path", output, StringComparison.Ordinal);
        Assert.EndsWith("not valid, 1 error, 0 warnings\n", output, StringComparison.Ordinal);
        var (listed, _, error) = await RunAsync("certificates");
        Assert.Equal(1, listed);
        Assert.Contains(_folder.At("bank.pem"), error, StringComparison.Ordinal);
    }

    private string Served(string file) => $"ECDSA {_folder.At(file)} (80 days left, chain complete); clients that verify RSA only are refused";

    private void Write(string file, params string[] names)
    {
        var certificate = TestAuthority.Shared.Valid(Now.AddDays(-10), Now.AddDays(80.5), names);
        File.WriteAllText(_folder.At(file), certificate.FullChain + certificate.Key);
    }

    /// <summary>Routes of imaps, from line 10 on.</summary>
    private void WriteRoutes(string routes) => _folder.Write($$"""
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - { name: submissions, address: "*:465", protocol: smtp, security: implicit, backend: postfix }
          - name: imaps
            address: "*:993"
            protocol: imap
            backend: dovecot
            routes:
        {{string.Join('\n', routes.Split('\n').Select(line => $"      {line}"))}}
        backends:
          - { name: postfix, kind: postfix, destinations: ["10.0.0.5:10465"] }
          - { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:10143"] }
          - { name: dovecot-new, kind: dovecot, destinations: ["10.0.0.6:10143"] }
        """);

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Parse([.. arguments, "-c", _folder.Path], new Dictionary<string, string>(), new FakeTimeProvider(Now))
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
