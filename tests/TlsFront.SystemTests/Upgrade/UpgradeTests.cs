using System.Net;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Access;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Upgrade;

/// <summary>Real sessions go on in another process, under what systemd would make of it.</summary>
public sealed partial class UpgradeTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    /// <summary>Goes with the gateway.</summary>
    private readonly string _socket = Path.Combine(Path.GetTempPath(), $"tlsfront-{Guid.NewGuid():n}.sock");

    private GatewaySetup Managed => Setup with
    {
        Launcher = static _ => ["python3", Script.PathOf("service_manager.py")],
        Arguments = ["--set", $"admin.socket={_socket}"],
    };

    [Fact]
    public async Task Sessions_go_on_in_the_new_process_and_what_cannot_move_ends_in_the_old_one()
    {
        if (Engine == "managed")
        {
            await RefusedAsync("the managed engine cannot hand sessions over");
            return;
        }

        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(Managed);
        var old = MainOf(gateway);
        await using var idle = await gateway.IdleAsync(user);
        await using var older = gateway.Open(gateway.Ports.Imap, "version=1.2");
        await older.UntilAsync("* OK");
        await older.AskAsync($"a1 LOGIN {user.Name} {user.Password}", "a1 OK");
        await using var pop3 = gateway.Open(gateway.Ports.Pop3);
        await pop3.UntilAsync("+OK");
        await pop3.AskAsync($"USER {user.Name}", "+OK");
        await pop3.AskAsync($"PASS {user.Password}", "+OK");
        await using var program = gateway.Open(gateway.Ports.Smtp);
        var reader = Backends.NewUser();
        await program.LogInAsync(user);
        await program.CommandAsync("RSET", "250");
        await using var submission = gateway.Open(gateway.Ports.Smtp);
        await submission.LogInAsync(user);
        await submission.EnvelopeAsync(user);
        await submission.CommandAsync("DATA", "354");
        await submission.SendAsync("Subject: in flight\r\n\r\nfirst half\r\n");

        var ticket = Path.Combine(Path.GetDirectoryName(gateway.ConfigurationFile)!, "ticket");
        await ResumeAsync(gateway, "-sess_out", ticket);

        var upgrade = (await UpgradeAsync(gateway)).Succeeded();

        Assert.Contains("Reused, ", await ResumeAsync(gateway, "-sess_in", ticket), StringComparison.Ordinal);
        Assert.Contains("It took over 4 sessions", upgrade.Output, StringComparison.Ordinal);
        Assert.Contains("1 connection left", upgrade.Output, StringComparison.Ordinal);
        await Eventually.TrueAsync("another main process", () => MainOf(gateway) != old);
        await older.AskAsync("a2 NOOP", "a2 OK");
        await pop3.AskAsync("STAT", "+OK 0");
        await program.EnvelopeAsync(reader);
        await program.CommandAsync("DATA", "354");
        await program.CommandAsync("Subject: from the new process\r\n\r\ntext\r\n.", "250");
        Assert.Matches(
            @"from client\.example\.test .*with ESMTPSA id \S+\.1\s.*tls TLS_\w+ \(TLS1\.3\)",
            new DeliveredMail(await reader.DeliveredAsync()).OurReceived());
        await submission.CommandAsync("second half\r\n.", "250");

        // The mail that was under way comes to the session that was moved.
        await idle.UntilAsync("* 1 EXISTS");
        await idle.AskAsync("DONE", "a3 OK");
        await pop3.AskAsync("QUIT", "+OK");
        Assert.Equal("close_notify", await pop3.EndAsync());
        await submission.CommandAsync("QUIT", "221");
        await program.CommandAsync("QUIT", "221");
        await Eventually.TrueAsync("the old process ended", () => gateway.Log.Contains($"ended {old} with 0", StringComparison.Ordinal));
        await idle.AskAsync("a4 LOGOUT", "a4 OK");
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/readyz"));
        await using (var next = await gateway.IdleAsync(user))
        {
        }

        // systemd was told by the old one, then by the new one, and heard nobody else.
        Assert.Matches($@"(?s)notified {old}: MAINPID=(\d+)\n.*main \1\n.*notified \1: READY=1", gateway.Log);
        Assert.DoesNotContain("ignored", gateway.Log, StringComparison.Ordinal);
        gateway.Process.Signal(UnixSignal.Terminate);
        Assert.Equal(0, await gateway.Process.ExitAsync());
    }

    /// <summary>What has no keys to hand over is handed over as well.</summary>
    [Fact]
    public async Task A_session_that_a_policy_let_in_without_TLS_goes_on_in_the_new_process()
    {
        if (Engine == "managed")
        {
            await RefusedAsync("the managed engine cannot hand sessions over");
            return;
        }

        var user = Backends.NewUser();
        await using var dovecot = await Backends.StartDovecotAsync("upgrade-cleartext", settings: Dovecot.TakesCleartext);
        var gateway = await StartGatewayAsync(Managed with
        {
            Imap = [dovecot.ImapPort],
            Pop3 = [dovecot.Pop3Port],
            HasStartTls = true,
            StartTlsSecurity = "optional",
            Arguments =
            [
                .. Managed.Arguments, "--set", "policies.0.name=devices", "--set", "policies.0.action=allow",
                "--set", "policies.0.transport=cleartext", "--set", $"policies.0.users.0={user.Name}",
            ],
        });
        var old = MainOf(gateway);
        await using var imap = gateway.Open(gateway.Ports.StartTls.Imap, "tls=no");
        await imap.UntilAsync("* OK");
        await imap.AskAsync($"a1 LOGIN {user.Name} {user.Password}", "a1 OK");

        var upgrade = (await UpgradeAsync(gateway)).Succeeded();

        Assert.Contains("It took over 1 session", upgrade.Output, StringComparison.Ordinal);
        await Eventually.TrueAsync("the old process ended", () => gateway.Log.Contains($"ended {old} with 0", StringComparison.Ordinal));
        await imap.AskAsync("a2 SELECT INBOX", "a2 OK");
        await imap.AskAsync("a3 LOGOUT", "a3 OK");
        await Eventually.TrueAsync(
            "the new process knows what the session came by",
            () => gateway.Process.Lines.Any(static line => line.Contains("\"Transport\":\"cleartext\"", StringComparison.Ordinal)
                && line.Contains("\"CredentialsExposed\":\"yes\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_new_process_with_broken_settings_leaves_the_running_one_alone()
    {
        if (Engine == "managed")
        {
            await RefusedAsync("restart the gateway: sessions are drained");
            return;
        }

        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(Managed);
        var old = MainOf(gateway);
        await using var idle = await gateway.IdleAsync(user);
        await File.AppendAllTextAsync(gateway.ConfigurationFile, "\nnonsense: 1\n");

        var upgrade = await UpgradeAsync(gateway);

        Assert.NotEqual(0, upgrade.ExitCode);
        Assert.Contains("not upgraded: the new process did not start", upgrade.Error, StringComparison.Ordinal);
        Assert.Contains("ended with code 1", upgrade.Error, StringComparison.Ordinal);
        Assert.Contains("nonsense", gateway.Log, StringComparison.Ordinal);
        await idle.AskAsync("DONE", "a3 OK");
        Assert.Equal(old, MainOf(gateway));
        await using (await gateway.IdleAsync(user))
        {
        }
    }

    [Fact]
    public async Task A_reload_upgrades_if_the_program_was_replaced_and_reloads_if_not()
    {
        if (Engine == "managed")
        {
            await RefusedAsync("restart the gateway: sessions are drained");
            return;
        }

        using var folder = new TemporaryFolder();
        var program = Install(folder);
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(Managed with
        {
            // The program of the folder, with the arguments that any other would have.
            Launcher = _ =>
            [
                .. Managed.Launcher(new GatewayPorts(0, 0, 0, 0)), "env", $"DOTNET_ROOT={Path.GetDirectoryName(Environment.ProcessPath)}", "sh", "-c",
                """while [ "$1" != run ]; do shift; done; exec "$0" "$@" """, program
            ],
        });
        await using var idle = await gateway.IdleAsync(user);
        var old = MainOf(gateway);

        gateway.Process.Signal(UnixSignal.Hangup);
        await Eventually.TrueAsync("reloaded", () => gateway.Log.Contains("reloaded: nothing changed", StringComparison.Ordinal));
        Assert.Equal(old, MainOf(gateway));

        // As dpkg does it.
        File.Copy(program, $"{program}.new");
        File.Move($"{program}.new", program, overwrite: true);
        gateway.Process.Signal(UnixSignal.Hangup);
        await Eventually.TrueAsync("another main process", () => MainOf(gateway) != old);
        await Eventually.TrueAsync("the old process ended", () => gateway.Log.Contains($"ended {old} with 0", StringComparison.Ordinal));
        await idle.AskAsync("DONE", "a3 OK");
    }

    /// <summary>The program in a folder of its own; what it needs beside it is linked there.</summary>
    private static string Install(TemporaryFolder folder)
    {
        var (command, _) = GatewayBinary.Command();
        var source = command == "dotnet" ? Path.Combine(AppContext.BaseDirectory, "tlsfront") : command;
        var program = folder.PathOf("tlsfront");
        File.Copy(source, program);
        foreach (var file in command == "dotnet" ? Directory.GetFiles(AppContext.BaseDirectory) : [])
        {
            if (file != source)
            {
                File.CreateSymbolicLink(folder.PathOf(Path.GetFileName(file)), file);
            }
        }

        return program;
    }

    private async Task RefusedAsync(string words)
    {
        var gateway = await StartGatewayAsync(Managed);
        var upgrade = await UpgradeAsync(gateway);
        Assert.NotEqual(0, upgrade.ExitCode);
        Assert.Contains(words, upgrade.Error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/readyz"));
    }

    private async Task<Command> UpgradeAsync(GatewayProcess gateway)
    {
        var (command, arguments) = GatewayBinary.Command("upgrade", "-c", gateway.ConfigurationFile, "--set", $"admin.socket={_socket}");
        return await Command.RunAsync(command, arguments);
    }

    /// <summary>A short session; what openssl says of it.</summary>
    private static async Task<string> ResumeAsync(GatewayProcess gateway, string option, string file) =>
        (await gateway.OpenSslAsync(
            gateway.Ports.Imap, "a LOGOUT\n", "-crlf", "-ign_eof", "-servername", GatewayProcess.Name, option, file)).Succeeded().Output;

    /// <summary>The main process as the service manager has it.</summary>
    private static string MainOf(GatewayProcess gateway) => MainProcess().Matches(gateway.Log)[^1].Groups[1].Value;

    [GeneratedRegex(@"^main (\d+)$", RegexOptions.Multiline)]
    private static partial Regex MainProcess();
}
