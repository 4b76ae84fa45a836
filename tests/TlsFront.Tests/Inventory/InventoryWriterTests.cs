using Microsoft.Extensions.Logging.Testing;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport;

namespace TlsFront.Tests.Inventory;

/// <summary>What becomes of logins between their end and the database.</summary>
public sealed class InventoryWriterTests : IDisposable
{
    private readonly TelemetryRig _rig = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-test-");
    private readonly FakeLogger<InventoryWriter> _log = new();
    private readonly InventorySettings _settings;
    private readonly InventoryStore _store;
    private readonly LoginBuffer _buffer = new(capacity: 4);
    private readonly InventoryWriter _writer;

    public InventoryWriterTests()
    {
        _settings = new() { Path = Path.Combine(_folder.FullName, "data", "inventory.db"), FlushEvery = TimeSpan.FromMinutes(10) };
        Directory.CreateDirectory(Path.GetDirectoryName(_settings.Path)!);
        _store = InventoryStore.Of(_settings, out _)!;
        var settings = new SettingsStore(TestGateway.Settings("/nowhere") with { Inventory = _settings });
        _writer = new(
            _store, new LoginInventory(_store, new UserNames(null), _settings), _buffer, settings, _rig.Metrics, _rig.Time, _log);
        Assert.Null(_writer.Prepare());
    }

    public void Dispose()
    {
        _writer.Dispose();
        _buffer.Dispose();
        _store.Dispose();
        _rig.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Each_end_of_a_login_is_noted_with_the_name_if_it_may_be_kept()
    {
        var events = new LoginRecorder(_buffer, _rig.Metrics, _rig.Time);
        var record = Record("typed-in-the-wrong-place");
        events.LoginEnded(record, accepted: false);
        record.PolicyDecided("pilot", PolicyAction.Refuse);
        events.PolicyDecided(record);
        events.LoginEnded(record, accepted: false);
        record.PolicyDecided("rest", PolicyAction.Warn);
        events.PolicyDecided(record);
        ((ISessionObserver)record).LoginSucceeded("Bob");
        events.LoginEnded(record, accepted: true);
        events.CredentialsExposed(record);

        Assert.Equal(
            [
                (LoginOutcome.Rejected, null, null, PolicyAction.None, record.Transport.Tag()),
                (LoginOutcome.Refused, "typed-in-the-wrong-place", "pilot", PolicyAction.Refuse, record.Transport.Tag()),
                (LoginOutcome.Accepted, "Bob", "rest", PolicyAction.Warn, record.Transport.Tag()),
                (LoginOutcome.Exposed, null, "rest", PolicyAction.Warn, record.Transport.Tag()),
            ],
            _buffer.Take().ToArray().Select(static login => (login.Outcome, login.User, login.Policy, login.Action, login.Transport)));
    }

    [Fact]
    public void What_does_not_fit_is_counted_and_dropped_and_nothing_is_allocated_for_a_login()
    {
        using var dropped = _rig.Collect<long>("tlsfront.inventory.dropped");

        // An increase from nothing is none: the series is there before anything is lost.
        dropped.RecordObservableInstruments();
        using var recorded = _rig.Collect<long>("tlsfront.inventory.recorded");
        var events = new LoginRecorder(_buffer, _rig.Metrics, _rig.Time);
        var record = Record("bob");
        events.LoginEnded(record, accepted: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        events.LoginEnded(record, accepted: true);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        for (var login = 2; login < 7; login++)
        {
            events.LoginEnded(record, accepted: true);
        }

        dropped.RecordObservableInstruments();
        Assert.Equal([0, 3], dropped.GetMeasurementSnapshot().Select(static measurement => measurement.Value));
        Assert.True(_writer.Flush());
        Assert.Equal(4, recorded.GetMeasurementSnapshot().Sum(static measurement => measurement.Value));
        Assert.Equal(4, Count());
    }

    [Fact]
    public void While_the_database_is_gone_logins_wait_and_it_is_told_once_and_once_when_it_is_back()
    {
        var events = new LoginRecorder(_buffer, _rig.Metrics, _rig.Time);
        var folder = Path.GetDirectoryName(_settings.Path)!;
        Directory.Move(folder, folder + ".away");
        for (var write = 0; write < 3; write++)
        {
            events.LoginEnded(Record("bob"), accepted: true);
            Assert.False(_writer.Flush());
        }

        Directory.Move(folder + ".away", folder);
        Assert.True(_writer.Flush());
        Assert.True(_writer.Flush());
        Assert.Equal(3, Count());
        Assert.Equal(
            ["InventoryFails", "InventoryWorks"], _log.Collector.GetSnapshot().Select(static record => record.Id.Name));
    }

    [Fact]
    public async Task Many_logins_are_written_before_it_is_time_and_the_last_ones_at_the_stop()
    {
        var events = new LoginRecorder(_buffer, _rig.Metrics, _rig.Time);
        await _writer.StartAsync(CancellationToken.None);
        events.LoginEnded(Record("ann"), accepted: true);
        events.LoginEnded(Record("bob"), accepted: true);
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (Count() < 2)
        {
            await Task.Delay(10, patience.Token);
        }

        events.LoginEnded(Record("carl"), accepted: true);
        await _writer.StopAsync(patience.Token);
        Assert.Equal(3, Count());
    }

    [Fact]
    public void A_newer_database_stops_the_start_and_never_a_running_gateway()
    {
        Assert.Null(_store.Write(static statements => statements.Execute("UPDATE inventory SET version = 99")));
        Assert.StartsWith($"inventory: {_settings.Path}: the inventory has version 99, ", _writer.Prepare(), StringComparison.Ordinal);
        new LoginRecorder(_buffer, _rig.Metrics, _rig.Time).LoginEnded(Record("bob"), accepted: true);
        Assert.False(_writer.Flush());
    }

    private long Count() => _store.Read("SELECT count(*) FROM login").Select(static row => row.GetInt64(0)).Single();

    private static ConnectionRecord Record(string user)
    {
        var record = TestRecords.Create();
        record.Facts.User = user;
        ((ISessionObserver)record).LoginSucceeded(user);
        return record;
    }
}
