using Microsoft.AspNetCore.Connections;
using TlsFront.Backends;
using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;
using TlsFront.ProxyProtocol;

namespace TlsFront.Diagnosis;

/// <summary>
/// Looks at every destination as sessions see it, and where that fails once more with one thing changed at a time, until it is known which. Few
/// connections, one after the other at each destination, none with a login.
/// </summary>
internal sealed class Doctor(BackendDialer dialer, GatewaySettings settings, TimeProvider time)
{
    /// <summary>Shortest time a conversation gets: Postfix waits 5 s for a header, and what it does then tells.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Destinations looked at at once.</summary>
    private const int AtOnce = 8;

    /// <summary>Looks at all of them; in the order of the settings.</summary>
    public async Task<IReadOnlyList<Examination>> ExamineAsync(CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(AtOnce);
        return await Task.WhenAll(
            from backend in settings.Backends
            from destination in backend.Destinations.Distinct()
            from protocol in ProtocolsOf(backend)
            select ExamineInTurnAsync(backend, destination, protocol));

        async Task<Examination> ExamineInTurnAsync(BackendSettings backend, string destination, MailProtocol protocol)
        {
            await turn.WaitAsync(stop);
            try
            {
                return await ExamineAsync(backend, destination, protocol, stop);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    /// <summary>Looks at one.</summary>
    public async Task<Examination> ExamineAsync(BackendSettings backend, string destination, MailProtocol protocol, CancellationToken stop)
    {
        var variant = new ProbeVariant(backend.ProxyProtocol, backend.Tls);
        var seen = new List<Observation>
        {
            await ObserveAsync(backend, destination, protocol, variant with { IsStranger = variant.HasHeader }, stop)
        };
        foreach (var other in Others(seen[0], variant, backend.Kind))
        {
            seen.Add(await ObserveAsync(backend, destination, protocol, other, stop));
            if (seen[^1].IsGreeted)
            {
                break;
            }
        }

        var found = new ExaminedDestination(backend, destination, protocol, NeedsLogin(backend), seen);
        return new Examination(found, Diagnostician.Diagnose(found));
    }

    /// <summary>What else to try, by what was seen first.</summary>
    private static IEnumerable<ProbeVariant> Others(Observation seen, ProbeVariant variant, BackendKind kind)
    {
        var otherHeader = variant with
        {
            Header = variant.HasHeader ? ProxyHeaderVersion.None
                : BackendKindRules.Of(kind).ProxyProtocol is var best && best != ProxyHeaderVersion.None ? best
                : ProxyHeaderVersion.V2,
        };
        return seen switch
        {
            { IsGreeted: true } => [],
            { Connect: ConnectFailure.TlsFailed } =>
                [variant.WithoutVerification(), variant.WithOtherTls(), otherHeader.WithoutVerification(), otherHeader.WithOtherTls()],
            { Connect: not (ConnectFailure.None or ConnectFailure.Other) } => [],
            { Opening: Opening.HeaderRefused } => [otherHeader],
            { Opening: Opening.IdentityRefused } => [],
            { Opening: Opening.Tls } => [variant.WithOtherTls()],
            { IsStranger: true, Opening: not Opening.Silent } => [variant, otherHeader, variant.WithOtherTls(), otherHeader.WithOtherTls()],
            _ => [otherHeader, variant.WithOtherTls(), otherHeader.WithOtherTls()],
        };
    }

    private async Task<Observation> ObserveAsync(
        BackendSettings backend, string destination, MailProtocol protocol, ProbeVariant variant, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var limit = backend.Health.Timeout > Patience ? backend.Health.Timeout : Patience;
        var seen = new Observation { HasHeader = variant.HasHeader, HasTls = variant.HasTls, IsStranger = variant.IsStranger };
        var dialed = await dialer.DialAsync(
            backend with { ProxyProtocol = variant.Header, Tls = variant.Tls }, destination, protocol,
            connection => Introduced(connection, variant),
            limit,
            stop, readable: true);
        if (dialed.Connection is not { } connection)
        {
            stop.ThrowIfCancellationRequested();
            return seen with { Connect = dialed.Failure, ConnectWords = dialed.Words, Elapsed = time.GetElapsedTime(began) };
        }

        await using (connection)
        {
            var left = limit - time.GetElapsedTime(began);
            using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
            var source = connection.LocalEndPoint is System.Net.IPEndPoint own ? own.Address.IsIPv4MappedToIPv6 ? own.Address.MapToIPv4()
                : own.Address
                : null;
            seen = await Interview.RunAsync(
                connection, protocol, settings.HostName,
                backend.IsIntroducedInDialogue && !variant.HasHeader ? Introduced(connection, variant) : null,
                seen with { Source = source?.ToString() ?? "" }, time.GetUtcNow(), both.Token);
            stop.ThrowIfCancellationRequested();
            return seen with { Elapsed = time.GetElapsedTime(began) };
        }
    }

    private SessionFacts Introduced(ConnectionContext connection, ProbeVariant variant) =>
        ProbeIntroduction.Of(connection, settings.HostName, time.GetUtcNow(), variant.IsStranger ? Interview.Stranger : null);

    /// <summary>What listeners speak to it; a backend nobody uses is connected and no more.</summary>
    private IEnumerable<MailProtocol> ProtocolsOf(BackendSettings backend) =>
        settings.Listeners.Where(listener => listener.AllBackends.Contains(backend.Name))
            .Select(static listener => listener.Protocol)
            .Distinct()
            .DefaultIfEmpty(MailProtocol.Tcp);

    /// <summary>Every SMTP listener there asks for a login itself.</summary>
    private bool NeedsLogin(BackendSettings backend) => settings.Listeners
        .Where(listener => listener.AllBackends.Contains(backend.Name) && ProtocolProfile.Of(listener.Protocol).IsSubmission)
        .All(static listener => listener.Rules.Authentication == Authentication.Required);
}
