using System.Collections.Immutable;
using System.Net;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Telemetry;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;

namespace TlsFront.Listeners.SelfCheck;

/// <summary>
/// Checks every <c>tls.checkInterval</c> that each listener presents its certificates as their files have them. What everything else believes, this
/// one looks at from outside: a renewal that nobody took over is found before its predecessor expires.
/// </summary>
internal sealed partial class CertificateWatch(
    SettingsStore settings, ListenerTable listeners, MailListeners bound, Readiness readiness, ConnectionBudget budget, SelfHandshake handshake,
    TimeProvider time, ILogger<CertificateWatch> logger) : BackgroundService
{
    /// <summary>Handshakes of one round. Who has more certificates waits some rounds for each; a check must not be a load.</summary>
    private const int PerRound = 100;

    /// <summary>Time for a renewal to be written and taken over. Only what is wrong before and after is told.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private volatile ImmutableDictionary<CertificateKey, CertificateVerdict> _verdicts =
        ImmutableDictionary<CertificateKey, CertificateVerdict>.Empty;

    private readonly PeriodicTimer _timer = new(Timeout.InfiniteTimeSpan, time);
    private IDisposable? _subscription;
    private int _next;

    /// <summary>The last verdicts, by names of listeners and files of certificates.</summary>
    public IEnumerable<(string Listener, string Certificate, bool IsServed, DateTimeOffset? NotAfter)> Verdicts =>
        from entry in _verdicts
        where entry.Value.IsServed is not null
        select (entry.Key.Listener, entry.Key.Certificate, entry.Value.IsServed!.Value, entry.Value.NotAfter);

    /// <summary>One round; what was right and is found wrong is looked at again after <see cref="Settling"/>.</summary>
    public async Task CheckAsync(CancellationToken stop)
    {
        var all = Targets();
        _verdicts = _verdicts.RemoveRange(_verdicts.Keys.Except(all.Keys));
        var doubtful = await CheckAsync(NextBatch([.. all.Keys]), all, isFirstLook: true, stop);
        if (doubtful.Count > 0)
        {
            await Task.Delay(Settling, time, stop);

            // Anew: what is in memory has been replaced, if all is well.
            await CheckAsync(doubtful, Targets(), isFirstLook: false, stop);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// It takes part in reloads before the host goes on. <see cref="ExecuteAsync"/> begins later, on another thread, and a reload that had asked its
    /// parts by then would not ask this one.
    /// </remarks>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = settings.Subscribe("certificate checks", (old, now) => new(() =>
        {
            if (old.CertificateCheck != now.CertificateCheck)
            {
                _timer.Period = Period(now);
            }
        }));
        _timer.Period = Period(settings.Current);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _subscription?.Dispose();
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                await CheckSafelyAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static TimeSpan Period(GatewaySettings settings) =>
        settings.CertificateCheck == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : settings.CertificateCheck;

    /// <summary>Whatever happens in one round, the next must come.</summary>
    private async Task CheckSafelyAsync(CancellationToken stop)
    {
        try
        {
            await CheckAsync(stop);
        }
#pragma warning disable CA1031 // see above
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.CheckFailed(logger, exception);
        }
    }

    /// <summary>Everything there is to check, as it is now.</summary>
    private Dictionary<CertificateKey, CertificateTarget> Targets()
    {
        var addresses = bound.Bound;
        return (from listener in settings.Current.Listeners
                where addresses.ContainsKey(listener.Name)
                let snapshot = listeners.Find(listener.Name)
                where snapshot is not null
                from certificate in snapshot.Tls.Certificates
                select (
                    Key: new CertificateKey(listener.Name, certificate.Source),
                    Target: new CertificateTarget(addresses[listener.Name], snapshot.Tls, certificate)))
            .DistinctBy(static entry => entry.Key)
            .ToDictionary(static entry => entry.Key, static entry => entry.Target);
    }

    /// <summary>The next of all that one round has time for.</summary>
    private List<CertificateKey> NextBatch(List<CertificateKey> all)
    {
        var count = Math.Min(PerRound, all.Count);
        var first = _next;
        _next = count == 0 ? 0 : (first + count) % all.Count;
        return [.. Enumerable.Range(first, count).Select(i => all[i % all.Count])];
    }

    /// <summary>Checks <paramref name="keys"/>. What is newly wrong at the first look is returned, and nothing told of it.</summary>
    private async Task<List<CertificateKey>> CheckAsync(
        List<CertificateKey> keys, Dictionary<CertificateKey, CertificateTarget> targets, bool isFirstLook, CancellationToken stop)
    {
        var doubtful = new List<CertificateKey>();
        var now = settings.Current;
        var check = new CertificateCheck(handshake, now.Certificates.Concat(now.OwnCertificates));
        foreach (var key in keys)
        {
            // At the limit nobody is accepted, and a drain is no time for alarms.
            if (!targets.TryGetValue(key, out var target) || !readiness.IsReady || budget.IsExhausted
                || await check.RunAsync(target.Bound, target.Policy, target.Certificate, stop) is not { } verdict || !readiness.IsReady)
            {
                continue;
            }

            if (isFirstLook && verdict.IsServed == false && _verdicts.GetValueOrDefault(key)?.IsServed != false)
            {
                doubtful.Add(key);
            }
            else
            {
                Record(key, verdict);
            }
        }

        return doubtful;
    }

    /// <summary>Keeps a verdict, and logs it if it is another one than before.</summary>
    private void Record(CertificateKey key, CertificateVerdict verdict)
    {
        var before = _verdicts.GetValueOrDefault(key);
        _verdicts = _verdicts.SetItem(key, verdict);
        switch (verdict.IsServed)
        {
            case false when before?.IsServed != false:
                Log.Wrong(logger, key.Listener, key.Certificate, verdict.Words!);
                break;
            case true when before?.IsServed == false:
                Log.Right(logger, key.Listener, key.Certificate);
                break;
            case null when before is not { IsServed: null }:
                Log.NotChecked(logger, key.Listener, key.Certificate, verdict.Words!);
                break;
        }
    }

    /// <summary>Names a certificate on a listener, whatever it holds at the moment.</summary>
    /// <param name="Listener">Name of the listener.</param>
    /// <param name="Certificate">File of the certificate.</param>
    private readonly record struct CertificateKey(string Listener, string Certificate);

    /// <summary>A certificate on a listener, as they are at one moment.</summary>
    /// <param name="Bound">Where the listener is bound.</param>
    /// <param name="Policy">The listener's rules.</param>
    /// <param name="Certificate">The certificate it presents by them.</param>
    private sealed record CertificateTarget(EndPoint Bound, TlsPolicy Policy, LoadedCertificate Certificate);

    private static partial class Log
    {
        [LoggerMessage(
            520, LogLevel.Error, "Listener {Listener} does not present certificate {Path} as its file has it: {Words}",
            EventName = "CertificateNotServed")]
        public static partial void Wrong(ILogger logger, string listener, string path, string words);

        [LoggerMessage(
            521, LogLevel.Information, "Listener {Listener} presents certificate {Path} as its file has it again", EventName = "CertificateServed")]
        public static partial void Right(ILogger logger, string listener, string path);

        [LoggerMessage(
            522, LogLevel.Information, "Whether listener {Listener} presents certificate {Path} is not checked: {Words}",
            EventName = "CertificateNotChecked")]
        public static partial void NotChecked(ILogger logger, string listener, string path, string words);

        [LoggerMessage(523, LogLevel.Error, "Checking what listeners present failed", EventName = "CertificateCheckFailed")]
        public static partial void CheckFailed(ILogger logger, Exception exception);
    }
}
