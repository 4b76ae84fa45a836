using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

/// <summary>What a reload reports is what happened.</summary>
public sealed class ReloadReportTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly FakeLogger<SettingsReloader> _logger = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SettingsStore _store;
    private readonly SettingsReloader _reloader;
    private readonly ReloadRecorder _recorder = new();
    private readonly GatewaySettings _initial;
    private readonly Files _files = new();
    private int _changed;

    public ReloadReportTests()
    {
        _initial = _folder.Load().Settings!;
        _store = new(_initial);
        _store.Subscribe("counter", (_, _) => new(() => _changed++));
        _reloader = new(
            _store, _folder.Loader(), new SettingsFileWatcher([_files], _time, NullLogger<SettingsFileWatcher>.Instance), [_recorder], _time,
            _logger);
    }

    public void Dispose()
    {
        _reloader.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_one_part_cannot_take_over_is_refused_as_a_whole_told_once_and_tried_again()
    {
        var problem = "/k: the key is short; make another";
        _store.Subscribe("keys", (_, _) => new(() => { }) { Problems = problem is null ? [] : [problem] });
        Poll(2);
        WriteHostName("mx.example.com");
        Poll(5);
        Assert.Same(_initial, _store.Current);
        Assert.Equal(0, _changed);
        Assert.Equal([false], _recorder.Results);
        Assert.Equal((false, 0), (_reloader.Last!.Succeeded, _reloader.Last.Changes.Count));
        Assert.Equal([$"{_folder.Path}: error: {problem}"], _reloader.Last.Problems.Select(told => told.ToString()));
        Assert.Equal(
            [$"Error {_folder.Path}: error: {problem}", $"Error {_folder.Path} not reloaded: keeping the previous settings until the file is fixed"],
            Logged());

        problem = null;
        Poll(1);
        Assert.Equal("mx.example.com", _store.Current.HostName);
        Assert.Equal((1, true), (_changed, _reloader.Last.Succeeded));
        Assert.Equal([false, true], _recorder.Results);
        Assert.Equal($"Information {_folder.Path} reloaded: hostname", Logged()[^1]);
    }

    [Fact]
    public void A_fault_while_one_part_prepares_changes_nothing_and_does_not_end_the_reloading()
    {
        var subscription = _store.Subscribe("faulty part", (_, _) => throw new InvalidOperationException("out of order"));
        Poll(2);
        WriteHostName("mx.example.com");
        Poll(4);
        Assert.Same(_initial, _store.Current);
        Assert.Equal(0, _changed);
        Assert.Equal([false], _recorder.Results);
        Assert.Single(
            _logger.Collector.GetSnapshot(),
            entry => entry is { Message: "faulty part failed to prepare for the new settings", Exception: InvalidOperationException });

        subscription.Dispose();
        Poll(1);
        Assert.Equal([false, true], _recorder.Results);
    }

    [Fact]
    public void A_part_that_fails_to_take_over_is_named_and_all_others_are_served()
    {
        var last = 0;
        _store.Subscribe("faulty part", (_, _) => new(() => throw new InvalidOperationException("out of order")));
        _store.Subscribe("last part", (_, _) => new(() => last++));
        Poll(2);
        WriteHostName("mx.example.com");
        Poll(5);
        Assert.Equal("mx.example.com", _store.Current.HostName);
        Assert.Equal((1, 1), (_changed, last));
        Assert.Equal([false], _recorder.Results);
        Assert.False(_reloader.Last!.Succeeded);
        Assert.Equal(["hostname"], _reloader.Last.Changes);
        Assert.Equal([$"{_folder.Path}: error: faulty part: out of order"], _reloader.Last.Problems.Select(problem => problem.ToString()));
        Assert.Equal(
            [
                $"Information {_folder.Path} reloaded: hostname",
                "Error The new settings are in force, but faulty part failed to take them over: restart the gateway",
            ],
            Logged());
    }

    [Fact]
    public void A_hang_up_reads_the_files_that_settings_point_to_and_names_those_that_changed_or_cannot_be_used()
    {
        _files.States = [new("/ca.pem", 1, null), new("/list", 1, null), new("/key", 1, null)];
        _reloader.Reload();
        _files.States = [new("/ca.pem", 2, null), new("/list", 1, null), new("/key", 2, "/key: is short")];
        _reloader.Reload();
        Assert.Equal(4, _files.Refreshes);
        Assert.Equal($"Information {_folder.Path} reloaded: /ca.pem (read again)", Logged()[^1]);
        Assert.True(_reloader.Last!.Succeeded);
        Assert.Equal(["/ca.pem (read again)"], _reloader.Last.Changes);
        Assert.Equal(
            ["/key: warning: cannot be used; its previous content stays in force: /key: is short"],
            _reloader.Last.Problems.Select(problem => problem.ToString()));

        _reloader.Reload();
        Assert.Empty(_reloader.Last.Changes);
        Assert.Single(_reloader.Last.Problems);
        Assert.Equal(0, _changed);
    }

    private void WriteHostName(string name) =>
        _folder.Write(SettingsFolder.Good.Replace("hostname: mail.example.com", $"hostname: {name}", StringComparison.Ordinal));

    private void Poll(int times)
    {
        for (var time = 0; time < times; time++)
        {
            _reloader.Poll();
        }
    }

    private List<string> Logged() => [.. _logger.Collector.GetSnapshot().Select(entry => $"{entry.Level} {entry.Message}")];

    /// <summary>Files as a test wants them.</summary>
    private sealed class Files : ISettingsFiles
    {
        public IReadOnlyList<FileState> States { get; set; } = [];

        public int Refreshes { get; private set; }

        IEnumerable<FileState> ISettingsFiles.Files => States;

        public void Refresh() => Refreshes++;
    }
}
