using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

public sealed class SettingsReloaderTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly FakeLogger<SettingsReloader> _logger = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SettingsStore _store;
    private readonly SettingsReloader _reloader;
    private readonly ReloadRecorder _recorder = new();
    private readonly GatewaySettings _initial;
    private int _changed;

    public SettingsReloaderTests()
    {
        _initial = _folder.Load().Settings!;
        _store = new(_initial);
        _store.Subscribe("counter", (_, _) => new(() => _changed++));
        _reloader = new(
            _store, _folder.Loader(), new SettingsFileWatcher([], _time, NullLogger<SettingsFileWatcher>.Instance), [_recorder], _time, _logger);
    }

    public void Dispose()
    {
        _reloader.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void An_unchanged_file_is_no_news()
    {
        Poll(5);
        Assert.Empty(_logger.Collector.GetSnapshot());
        Assert.Empty(_recorder.Results);
        Assert.Same(_initial, _store.Current);
    }

    [Fact]
    public void A_changed_file_is_put_in_force_at_the_second_look_that_finds_it()
    {
        Poll(2);
        _folder.Write(Good("hostname: mail.example.com", "hostname: mx.example.com"));
        Poll(1);
        Assert.Equal("mail.example.com", _store.Current.HostName);
        Poll(1);
        Assert.Equal("mx.example.com", _store.Current.HostName);
        Assert.Equal([$"Information {_folder.Path} reloaded: hostname"], Logged());
        Poll(5);
        Assert.Equal([true], _recorder.Results);
        Assert.Equal(1, _changed);
    }

    [Fact]
    public void A_change_made_between_start_and_the_first_look_is_not_missed()
    {
        _folder.Write(Good("hostname: mail.example.com", "hostname: mx.example.com"));
        Poll(2);
        Assert.Equal("mx.example.com", _store.Current.HostName);
    }

    [Fact]
    public void A_file_that_is_being_written_is_not_read()
    {
        Poll(2);
        var text = Good("hostname: mail.example.com", "hostname: mx.example.com");
        for (var length = 0; length < text.Length; length += 100)
        {
            _folder.Write(text[..length]);
            Poll(1);
        }
        Assert.Empty(_logger.Collector.GetSnapshot());
        _folder.Write(text);
        Poll(2);
        Assert.Equal("mx.example.com", _store.Current.HostName);
        Assert.Equal([true], _recorder.Results);
    }

    [Fact]
    public void A_broken_file_changes_nothing_and_tells_every_problem_once()
    {
        Poll(2);
        _folder.Write(Good("hostname: mail.example.com", "hostname: mail\ndrain: { delay: 15 }"));
        Poll(9);
        Assert.Same(_initial, _store.Current);
        Assert.Equal([false], _recorder.Results);
        Assert.Equal(
        [
            $"Error {_folder.Path}:1: error: hostname \"mail\" is not fully qualified; write the gateway's full name, such as mail.example.com",
            $"Error {_folder.Path}:2: error: drain.delay \"15\" has no unit; write a number with its unit, such as 500ms, 15s, 2m or 1h30m",
            $"Error {_folder.Path} not reloaded: keeping the previous settings until the file is fixed",
        ], Logged());
    }

    [Fact]
    public void A_mended_file_is_put_in_force()
    {
        Poll(2);
        _folder.Write("hostname: [");
        Poll(3);
        _folder.Write(Good("hostname: mail.example.com", "hostname: mx.example.com"));
        Poll(3);
        Assert.Equal("mx.example.com", _store.Current.HostName);
        Assert.Equal([false, true], _recorder.Results);
    }

    [Fact]
    public void A_broken_file_that_becomes_what_it_was_is_good_again()
    {
        Poll(2);
        _folder.Write("hostname: [");
        Poll(2);
        _folder.Write(SettingsFolder.Good);
        Poll(2);
        Assert.Equal([false, true], _recorder.Results);
        Assert.Equal(0, _changed);
        Assert.Equal($"Information {_folder.Path} reloaded: nothing changed", Logged()[^1]);
    }

    [Fact]
    public void A_file_that_names_a_missing_certificate_is_taken_as_soon_as_that_is_there()
    {
        Poll(2);
        _folder.Write(Good("certificate.pem", "new.pem"));
        Poll(4);
        Assert.Equal([false], _recorder.Results);
        File.WriteAllText(_folder.At("new.pem"), "");
        Poll(1);
        Assert.Equal(_folder.At("new.pem"), _store.Current.Certificates[0].Path);
        Assert.Equal([false, true], _recorder.Results);
    }

    [Fact]
    public void A_deleted_file_changes_nothing_and_is_told_once()
    {
        Poll(2);
        File.Delete(_folder.Path);
        Poll(5);
        Assert.Same(_initial, _store.Current);
        Assert.Equal([false], _recorder.Results);
        Assert.Contains("does not exist", Logged()[0], StringComparison.Ordinal);
        _folder.Write(Good("hostname: mail.example.com", "hostname: mx.example.com"));
        Poll(2);
        Assert.Equal("mx.example.com", _store.Current.HostName);
    }

    [Fact]
    public void A_file_that_becomes_a_folder_changes_nothing()
    {
        Poll(2);
        File.Delete(_folder.Path);
        Directory.CreateDirectory(_folder.Path);
        Poll(3);
        Assert.Same(_initial, _store.Current);
        Assert.Equal([false], _recorder.Results);
    }

    [Fact]
    public void A_moment_without_a_file_is_part_of_its_replacement()
    {
        Poll(2);
        File.Delete(_folder.Path);
        Poll(1);
        _folder.Write(Good("hostname: mail.example.com", "hostname: mx.example.com"));
        Poll(2);
        Assert.Equal([true], _recorder.Results);
    }

    [Fact]
    public void A_file_renamed_over_the_other_is_put_in_force()
    {
        Poll(2);
        var next = _folder.At("next.yaml");
        File.WriteAllText(next, Good("hostname: mail.example.com", "hostname: mx.example.com"));
        // Same size and date as the old one: only the content tells them apart.
        File.SetLastWriteTimeUtc(next, File.GetLastWriteTimeUtc(_folder.Path));
        File.Move(next, _folder.Path, overwrite: true);
        Poll(2);
        Assert.Equal("mx.example.com", _store.Current.HostName);
    }

    [Fact]
    public void A_link_swapped_above_the_file_as_Kubernetes_does_is_followed()
    {
        Directory.CreateDirectory(_folder.At("v1"));
        Directory.CreateDirectory(_folder.At("v2"));
        File.WriteAllText(_folder.At("v1/tlsfront.yaml"), SettingsFolder.Good);
        File.WriteAllText(_folder.At("v2/tlsfront.yaml"), Good("hostname: mail.example.com", "hostname: mx.example.com"));
        File.Delete(_folder.Path);
        File.CreateSymbolicLink(_folder.At("..data"), "v1");
        File.CreateSymbolicLink(_folder.Path, "..data/tlsfront.yaml");
        Poll(2);
        Assert.Equal("mail.example.com", _store.Current.HostName);

        File.Delete(_folder.At("..data"));
        File.CreateSymbolicLink(_folder.At("..data"), "v2");
        Poll(2);
        Assert.Equal("mx.example.com", _store.Current.HostName);
        Assert.Equal([true], _recorder.Results);
    }

    [Fact]
    public void Cold_settings_wait_for_a_restart_and_are_named_while_the_rest_is_put_in_force()
    {
        Poll(2);
        _folder.Write("""
            hostname: mx.example.com
            native: { loops: 77, buffer: 32KB, backlog: 1, keepAlive: 1s, userTimeout: 1s, handshakesPerTurn: 1 }
            certificates: [ { path: certificate.pem } ]
            listeners:
              - { name: submissions, address: "*:4465", protocol: smtp, backend: postfix, bareNewlines: reject }
              - { name: pop3s, address: "*:995", protocol: pop3, backend: new }
            backends:
              - { name: postfix, kind: postfix, destinations: ["10.0.0.6:10465"] }
              - { name: new, kind: dovecot, destinations: ["10.0.0.6:10110"] }
            admin: { address: "127.0.0.1:9191", hostNames: [metrics.internal] }
            log: { level: debug, format: json }
            telemetry: { otlpEndpoint: "http://collector:4317", traces: { sampleRatio: 1 } }
            timeouts: { handshake: 5s }
            received: { client: hide, group: on }
            tls: { ticketKeys: [certificate.pem], checkInterval: 5m }
            engine: native
            """);
        Poll(2);

        Assert.Equal(
        [
            $"Information {_folder.Path} reloaded: hostname, listeners.submissions.bareNewlines, tls.ticketKeys, "
            + "tls.checkInterval, received.client, received.group, backends.postfix.destinations, backends.new (added), admin.hostNames, "
            + "timeouts.handshake, telemetry.traces.sampleRatio",
            "Warning Needs a restart to take effect: engine, listeners.submissions.address, listeners.imaps (removed), listeners.pop3s (added), "
            + "backends.dovecot (removed), admin.address, native.loops, native.buffer, native.backlog, native.keepAlive, native.userTimeout, "
            + "native.handshakesPerTurn, log.format, log.level, telemetry.otlpEndpoint",
        ], Logged());
        var now = _store.Current;
        Assert.Equal(["submissions", "imaps"], now.Listeners.Select(listener => listener.Name));
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 465), now.Listeners[0].Address);
        Assert.Equal(TlsFront.Protocols.BareNewlines.Reject, now.Listeners[0].Rules.BareNewlines);
        Assert.All(now.Listeners, listener => Assert.Contains(now.Backends, backend => backend.Name == listener.Backend));
        Assert.Equal(
            (_initial.Native, _initial.Admin with { HostNames = now.Admin.HostNames }, _initial.Log, _initial.Telemetry with { SampleRatio = 1 }),
            (now.Native, now.Admin, now.Log, now.Telemetry));
        Assert.Equal(TimeSpan.FromSeconds(5), now.Timeouts.Handshake);
        Assert.True(now.Listeners[0].Rules is { NamesGroup: true, HidesClient: true });
        Assert.Equal(TimeSpan.FromMinutes(5), now.CertificateCheck);
        Assert.Equal([_folder.At("certificate.pem")], now.TicketKeys);
        Assert.Equal(["metrics.internal"], now.Admin.HostNames);
    }

    [Fact]
    public void A_listener_that_would_speak_another_protocol_keeps_its_backend_until_the_restart()
    {
        Poll(2);
        _folder.Write(Good(
                "\"*:993\", protocol: imap, security: implicit, backend: dovecot",
                "\"*:993\", protocol: smtp, security: implicit, backend: postfix")
            .Replace("kind: dovecot", "kind: generic", StringComparison.Ordinal));
        Poll(2);
        Assert.Equal((TlsFront.Protocols.MailProtocol.Imap, "dovecot"), (_store.Current.Listeners[1].Protocol, _store.Current.Listeners[1].Backend));
    }

    [Fact]
    public void Weak_choices_in_a_new_file_are_warned_of()
    {
        Poll(2);
        _folder.Write(SettingsFolder.Good + "\ndrain: { timeout: 0s }");
        Poll(2);
        Assert.Equal([LogLevel.Warning, LogLevel.Information], _logger.Collector.GetSnapshot().Select(entry => entry.Level));
        Assert.Equal(TimeSpan.Zero, _store.Current.Drain.Timeout);
    }

    [Fact]
    public void A_hang_up_reads_the_file_at_once_and_answers_even_if_nothing_changed()
    {
        _reloader.Reload();
        Assert.Equal([$"Information {_folder.Path} reloaded: nothing changed"], Logged());
        _folder.Write(Good("hostname: mail.example.com", "hostname: mx.example.com"));
        _reloader.Reload();
        Assert.Equal("mx.example.com", _store.Current.HostName);
        _folder.Write("x");
        _reloader.Reload();
        Poll(3);
        Assert.Equal([true, true, false], _recorder.Results);
        Assert.Equal("mx.example.com", _store.Current.HostName);
    }

    [Fact]
    public async Task The_service_looks_every_second_until_it_is_stopped()
    {
        await _reloader.StartAsync(CancellationToken.None);
        _folder.Write(Good("hostname: mail.example.com", "hostname: mx.example.com"));
        while (_recorder.Results.Count == 0)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal([true], _recorder.Results);
        await _reloader.StopAsync(CancellationToken.None);
        Assert.True(_reloader.ExecuteTask!.IsCompletedSuccessfully);
    }

    private static string Good(string old, string now)
    {
        Assert.Contains(old, SettingsFolder.Good, StringComparison.Ordinal);
        return SettingsFolder.Good.Replace(old, now, StringComparison.Ordinal);
    }

    private void Poll(int times)
    {
        for (var time = 0; time < times; time++)
        {
            _reloader.Poll();
        }
    }

    private List<string> Logged() => [.. _logger.Collector.GetSnapshot().Select(entry => $"{entry.Level} {entry.Message}")];
}
