using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Gateways;

/// <summary>The gateway with an OpenSSL of its own: a copy of the system's, which shows from where it came.</summary>
public sealed class OpenSslTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Fact]
    public async Task The_whole_process_uses_the_libraries_of_the_folder_and_says_which_version()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "libcrypto.so.3", "libssl.so.3" })
        {
            File.Copy(await SystemsAsync(name), Path.Combine(folder.Path, name));
        }

        var setting = $"native.openssl={folder.Path}";
        var gateway = await StartGatewayAsync(Setup with { Arguments = ["--set", setting] });
        await using var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");
        await session.AskAsync("a1 LOGOUT", "a1 OK");

        var loaded = (await File.ReadAllLinesAsync($"/proc/{gateway.Process.Id}/maps"))
            .Select(static line => line[(line.LastIndexOf(' ') + 1)..])
            .Where(static path => Regex.IsMatch(path, @"/lib(ssl|crypto)\.so"))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var metrics = await gateway.GetAsync("/metrics");
        var library = Regex.Match(metrics, "(?m)^tlsfront_tls_library_info\\{.*tlsfront_library=\"([^\"]*)\".*\\} 1").Groups[1].Value;
        Assert.Contains($"started with the {Engine} engine ({library})", gateway.Log, StringComparison.Ordinal);
        if (Engine == "managed")
        {
            Assert.Equal("SslStream", library);
            Assert.DoesNotContain(loaded, path => path.StartsWith(folder.Path, StringComparison.Ordinal));
            return;
        }

        Assert.Equal([Path.Combine(folder.Path, "libcrypto.so.3"), Path.Combine(folder.Path, "libssl.so.3")], loaded);
        Assert.Matches(@"^OpenSSL 3\.\d+\.\d+$", library);
        var (command, arguments) = GatewayBinary.Command("check-config", "-c", gateway.ConfigurationFile, "--set", setting);
        Assert.Contains($"native engine: {library}", (await Command.RunAsync(command, arguments)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_library_stops_the_start_and_the_check()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "libcrypto.so.3"), "no library");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "libssl.so.3"), "no library");
        var gateway = await StartGatewayAsync(Setup with { Arguments = ["--engine", "managed"] });
        foreach (var verb in new[] { "check-config", "run" })
        {
            var (command, arguments) = GatewayBinary.Command(
                verb, "-c", gateway.ConfigurationFile, "--set", "engine=native", "--set", $"native.openssl={folder.Path}");
            var result = await Command.RunAsync(command, arguments);
            Assert.Equal(1, result.ExitCode);
            Assert.Matches(@"native\.openssl.*libcrypto\.so\.3: .*; it must be an OpenSSL 3 for this system and processor", result.Text);
            Assert.DoesNotContain("   at ", result.Text, StringComparison.Ordinal);
        }
    }

    /// <summary>As under a policy that admits certain providers only: here by a configuration that has another provider of the same name.</summary>
    [Fact]
    public async Task Where_OpenSSL_derives_the_keys_of_TLS_13_itself_sessions_stay_with_it_and_a_warning_says_so()
    {
        using var folder = new TemporaryFolder();
        var configuration = folder.PathOf("openssl.cnf");
        await File.WriteAllTextAsync(configuration, """
            openssl_conf = init
            [init]
            providers = providers
            [providers]
            default = on
            tlsfront = other
            [on]
            activate = 1
            [other]
            identity = tlsfront
            module = /nonexistent.so

            """);
        var gateway = await StartGatewayAsync(Setup with { Launcher = _ => ["env", $"OPENSSL_CONF={configuration}"] });
        await using var session = gateway.Open(gateway.Ports.Imap, "version=1.3");
        await session.UntilAsync("* OK");
        await session.AskAsync("a1 NOOP", "a1 OK");

        const string Warning = "OpenSSL derives the keys of TLS 1.3 itself";
        if (Engine == "managed")
        {
            Assert.DoesNotContain(Warning, gateway.Log, StringComparison.Ordinal);
            return;
        }

        Assert.Contains(Warning, gateway.Log, StringComparison.Ordinal);
        var metrics = await gateway.GetAsync("/metrics");
        Assert.Matches("(?m)^tlsfront_native_objects\\{.*kind=\"ssl\"\\} 1$", metrics);
        Assert.Matches("(?m)^tlsfront_native_objects\\{.*kind=\"records\"\\} 0$", metrics);
    }

    /// <summary>Where the loader finds it: as ldconfig knows it.</summary>
    private static async Task<string> SystemsAsync(string library) => Regex.Match(
        (await Command.RunAsync("/sbin/ldconfig", ["-p"])).Succeeded().Output, $@"(?m)^\s*{Regex.Escape(library)} .*=> (\S+)$").Groups[1].Value;
}
