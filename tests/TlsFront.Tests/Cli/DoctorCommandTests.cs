using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TlsFront.Cli;
using TlsFront.SystemTests.Processes;
using TlsFront.Tests.Configuration;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Cli;

/// <summary><c>tlsfront doctor</c> as a shell would run it, in this process.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    /// <summary>On a port that stays reserved when it stops.</summary>
    private readonly TcpListener _server = new(IPAddress.Loopback, Ports.Next());

    private readonly string _address;

    public DoctorCommandTests()
    {
        _server.Start();
        _address = _server.LocalEndpoint.ToString()!;
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_server_that_is_well_is_ok_and_the_exit_code_0()
    {
        using var folder = Folder("generic");
        var answering = AnswerAsync("220 mx ready\r\n", "250-mx\r\n250 AUTH PLAIN\r\n", "250 ok\r\n", "554 no\r\n", "250 ok\r\n", "221 bye\r\n");
        var (exitCode, output) = await RunAsync("doctor", "-c", folder.Path);
        await answering;
        Assert.Equal(0, exitCode);
        Assert.Contains(
            $"mx {_address} (smtp): ok\n  seen     220 mx ready; AUTH PLAIN; mail for elsewhere: 554 no\n", output, StringComparison.Ordinal);
        Assert.EndsWith($"{folder.Path}: 1 of 1 destinations ok, 0 errors, 0 warnings\n", output, StringComparison.Ordinal);
        Assert.Contains("not seen from here: whether header_checks of Postfix delete", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_comes_with_the_lines_that_mend_it_and_the_exit_code_1()
    {
        using var folder = Folder("postfix");
        var answering = AnswerAsync("220 mx\r\n500 5.5.2 Error: bad syntax\r\n");
        var (exitCode, output) = await RunAsync("doctor", "-c", folder.Path);
        await answering;
        Assert.Equal(1, exitCode);
        Assert.Contains("  error    proxy_not_expected: it does not expect the PROXY header the gateway sends\n", output, StringComparison.Ordinal);
        Assert.Contains(
            $"             {_address} inet n - n - - smtpd\n               -o smtpd_upstream_proxy_protocol=haproxy\n", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_in_JSON()
    {
        using var folder = Folder("generic");
        _server.Stop();
        var (exitCode, output) = await RunAsync("doctor", "-c", folder.Path, "--output", "json");
        using var json = JsonDocument.Parse(output);
        var destination = json.RootElement.GetProperty("destinations")[0];
        var finding = destination.GetProperty("findings")[0];
        Assert.Equal((1, false), (exitCode, json.RootElement.GetProperty("healthy").GetBoolean()));
        Assert.Equal(("mx", "smtp"), (destination.GetProperty("backend").GetString(), destination.GetProperty("protocol").GetString()));
        Assert.Equal(
            ("refused", "error", "it refuses connections"),
            (finding.GetProperty("id").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("message").GetString()));
        Assert.StartsWith("ss -ltnp", finding.GetProperty("remedies")[0].GetProperty("lines")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_configuration_is_told_before_anything_is_connected()
    {
        using var folder = new SettingsFolder(SettingsFolder.Good + "\ndrian: 1");
        var (exitCode, output) = await RunAsync("doctor", "-c", folder.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains("did you mean drain?", output, StringComparison.Ordinal);
    }

    private SettingsFolder Folder(string kind) => new($$"""
        hostname: mail.example.com
        certificates:
          - path: certificate.pem
        listeners:
          - { name: submissions, address: "*:465", protocol: smtp, backend: mx }
        backends:
          - { name: mx, kind: {{kind}}, destinations: ["{{_address}}"] }
        """);

    /// <summary>
    /// Says the first line at once and each of the others to a line of the doctor's; then, as long as the doctor tries again, nothing.
    /// </summary>
    private async Task AnswerAsync(string greeting, params string[] answers)
    {
        using var client = await _server.AcceptTcpClientAsync().WaitAsync(TestClient.Patience);
        _server.Stop();
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting));
        foreach (var answer in answers)
        {
            await reader.ReadLineAsync().WaitAsync(TestClient.Patience);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        }

        client.Client.Shutdown(SocketShutdown.Send);
        await reader.ReadToEndAsync().WaitAsync(TestClient.Patience);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.Parse(arguments, new Dictionary<string, string>(), TimeProvider.System)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (exitCode, output.ToString());
    }
}
