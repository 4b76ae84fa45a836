using System.Diagnostics;
using TlsFront.Benchmarks.Compare;
using TlsFront.Benchmarks.Load.Servers;

namespace TlsFront.Benchmarks.Soak;

/// <summary>Load, reloads, upgrades and a look at the gateway every second.</summary>
internal sealed class SoakRun : IDisposable
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReloadPeriod = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<Sample> _samples = [];
    private readonly SoakedGateway _gateway;
    private readonly TimeSpan? _upgradePeriod;
    private readonly List<SoakedUpgrade> _upgrades = [];
    private int _reloads;

    public SoakRun(string folder, string publish, string engine, TimeSpan? upgradePeriod)
    {
        _upgradePeriod = upgradePeriod;
        var sinks = new SinkPorts(FreePorts.Take(), FreePorts.Take(), FreePorts.Take());
        new Server(sinks.Transfers, TransferSink.Serve).Start();
        new Server(sinks.Smtp, SmtpSink.Serve).Start();
        new Server(sinks.Imap, ImapStore.Serve).Start();
        _gateway = new SoakedGateway(folder, publish, engine, sinks, drainTimeout: upgradePeriod ?? TimeSpan.FromSeconds(1));
    }

    /// <summary>Does it all.</summary>
    public SoakReport Run(TimeSpan duration)
    {
        using var load = new SoakLoad(_gateway, _upgradePeriod is not null);

        // What is set up once is no growth.
        load.Run(WarmUp);
        var idle = SampleAtRest(before: null);
        var working = Task.Factory.StartNew(() => load.Run(duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Watch(working);
        var done = working.Result;
        var after = SampleAtRest(idle);
        Growth?[] growth =
        [
            Growth.Of(Sample.Resident, _samples, idle, after, share: 0.05, least: 4, mustReturn: false),
            Growth.Of(Sample.Anonymous, _samples, idle, after, share: 0.05, least: 4, mustReturn: false),
            Growth.Of(Sample.Descriptors, _samples, idle, after, share: 0.05, least: 20, mustReturn: true),
            Growth.Of(Sample.Connections, _samples, idle, after, share: 0.05, least: 10, mustReturn: true),
            Growth.Of(Sample.Ssl, _samples, idle, after, share: 0.05, least: 10, mustReturn: true),
            Growth.Of(Sample.Records, _samples, idle, after, share: 0.05, least: 10, mustReturn: true),
            Growth.Of(Sample.Contexts, _samples, idle, after, share: 0.05, least: 20, mustReturn: false),
        ];
        return new SoakReport(
            done, [.. growth.OfType<Growth>()], _reloads, _upgradePeriod is not null, _upgrades, after[Sample.Stalls] ?? 0, _gateway.Defects());
    }

    public void Dispose() => _gateway.Dispose();

    private void Watch(Task working)
    {
        var upgrade = _upgradePeriod;
        for (var next = ReloadPeriod; !working.IsCompleted; Thread.Sleep(TimeSpan.FromSeconds(1)))
        {
            if (TimeSpan.FromSeconds(_samples.Count) >= upgrade)
            {
                upgrade += _upgradePeriod;
                _upgrades.Add(_gateway.Upgrade());
            }

            _samples.Add(TakeSample());
            if (TimeSpan.FromSeconds(_samples.Count) >= next)
            {
                next += ReloadPeriod;
                if (_reloads++ % 2 == 0)
                {
                    _gateway.Reload();
                }
                else
                {
                    _gateway.RenewCertificates();
                }
            }
        }
    }

    /// <summary>Waits until every connection is gone and, once the load is over, everything is back at the level of before.</summary>
    private Sample SampleAtRest(Sample? before)
    {
        for (var clock = Stopwatch.StartNew(); ; Thread.Sleep(TimeSpan.FromSeconds(1)))
        {
            var sample = TakeSample();
            var atRest = sample[Sample.Connections] is 0
                && (before is null
                    || (sample[Sample.Descriptors] <= before[Sample.Descriptors] && (sample[Sample.Ssl] ?? 0) <= (before[Sample.Ssl] ?? 0)
                        && (sample[Sample.Records] ?? 0) <= (before[Sample.Records] ?? 0)));
            if (atRest || clock.Elapsed > Patience)
            {
                return sample;
            }
        }
    }

    private Sample TakeSample() =>
        _gateway.LastWords is { } words ? throw new CompareException($"the gateway ended: {words}") : _gateway.TakeSample();
}
