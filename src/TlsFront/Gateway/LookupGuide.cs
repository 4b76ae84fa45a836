using System.Net.Sockets;
using System.Security.Cryptography;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Routing.Lookup;

namespace TlsFront.Gateway;

/// <summary>
/// Where the sessions of users go about whom somebody else is asked. A service is trusted to choose among the destinations of the listener's
/// backends, and with no address beyond them.
/// </summary>
internal sealed partial class LookupGuide(
    UserLookups lookups, NamedDestinations destinations, SessionRegistry sessions, TimeProvider time, ILogger<LookupGuide> logger)
{
    /// <summary>Most times that a service may want to be asked again about one login.</summary>
    private const int MaxRounds = 10;

    private const string NoPassword = "it names another user, but no password, and the client's login has none to hand on";

    /// <summary>What it waits for at least: a service that says nothing of a time is not asked without a pause.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    /// <summary>For how long it may be asked about one login: a client is kept for it, and gives up by itself not much later.</summary>
    private static readonly TimeSpan MaxRoundsTime = TimeSpan.FromSeconds(60);

    /// <summary>Whom to ask about users of the listener whom nothing else names; null for nobody.</summary>
    public LookupClient? Of(ListenerSnapshot listener) => lookups.Find(listener.Settings.Name);

    /// <summary>
    /// Where the session goes. Null if it goes nowhere: its facts hold the refusal of its login, or its record says why it ends.
    /// </summary>
    /// <param name="service">Who is asked.</param>
    /// <param name="named">The backend of users whom nobody names.</param>
    /// <param name="key">Name of the user, in lower case.</param>
    /// <param name="client">The client.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="session">The session.</param>
    public async ValueTask<SessionTarget?> FindAsync(
        LookupClient service, BackendSettings named, string key, IClientWatch client, ListenerSnapshot listener, Session session)
    {
        var record = session.Record;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(sessions.Aborted, session.DrainRequested, client.ClientLeft);
        try
        {
            var began = time.GetTimestamp();
            var (answer, target) = await AskAsync(service, key, listener, record, end.Token);
            for (var round = 1; answer.Result == LookupResult.Wait && round < MaxRounds; round++)
            {
                var pause = answer.Wait > ShortestPause ? answer.Wait : ShortestPause;
                if (time.GetElapsedTime(began) + pause > MaxRoundsTime)
                {
                    break;
                }

                await Task.Delay(pause, time, end.Token);
                (answer, target) = await AskAsync(service, key, listener, record, end.Token);
            }

            switch (answer.Result)
            {
                case LookupResult.Found:
                    Log.Found(logger, record.Facts.Id, record.Facts.User, target!.Backend.Name, target.Destination);
                    record.LoginRouted(RoutedBy.Lookup, isSticky: false);
                    return target;
                case LookupResult.Refused:
                    Log.Refused(logger, record.Facts.Id, record.Facts.User, answer.Refusal!.Words);
                    record.LoginRouted(RoutedBy.Lookup, isSticky: false);
                    await Task.Delay(answer.Wait, time, end.Token);
                    record.Facts.LoginRefusal = answer.Refusal;
                    return null;
                case LookupResult.PasswordTooLong:
                    // The client's own doing, whoever it is, and no failure of the service.
                    Log.Refused(logger, record.Facts.Id, record.Facts.User, answer.Result.Words());
                    record.LoginRouted(RoutedBy.Lookup, isSticky: false);
                    record.Facts.LoginRefusal = LoginRefusal.Plain;
                    return null;
                case LookupResult.UnknownServer:
                    // Whatever is to become of failures: that the user's mail is elsewhere was said clearly enough.
                    Log.Unknown(logger, record.Facts.Id, record.Facts.User, answer.Server, answer.Port, listener.Settings.Name);
                    record.LoginRouted(RoutedBy.Lookup, isSticky: false);
                    record.Close(CloseReason.LookupFailed, answer.Result.Words());
                    return null;
                default:
                    return GiveUp(service, answer, key, named, record);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            record.Close(sessions.Aborted.IsCancellationRequested ? CloseReason.Aborted
                : session.DrainRequested.IsCancellationRequested ? CloseReason.Drained
                : CloseReason.QueueClientLeft);
            return null;
        }
    }

    /// <summary>Asks once, or recalls; with the destination that the answer means, for which the login is prepared.</summary>
    private async ValueTask<(LookupAnswer Answer, SessionTarget? Target)> AskAsync(
        LookupClient service, string key, ListenerSnapshot listener, ConnectionRecord record, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var known = service.Find(key);
        var answer = known ?? await service.AskAsync(record, stop);
        var elapsed = time.GetElapsedTime(began);
        SessionTarget? target = null;
        if (answer.Result == LookupResult.Found)
        {
            (var failure, target) = await FindTargetAsync(answer, key, listener, service.Settings.Timeout, stop);
            answer = failure ?? LogIn(answer, record.Facts) ?? answer;
        }

        // What an earlier login was told is not remembered anew: it would never be asked about again.
        if (known is null)
        {
            service.Remember(key, answer);
        }

        record.LookedUp(answer.Result, elapsed, isCached: known is not null);
        return (answer, target);
    }

    /// <summary>The destination that the answer means, or why there is none.</summary>
    private async ValueTask<(LookupAnswer? Failure, SessionTarget? Target)> FindTargetAsync(
        LookupAnswer answer, string key, ListenerSnapshot listener, TimeSpan patience, CancellationToken stop)
    {
        try
        {
            var backends = listener.Settings.AllBackends.Select(name => listener.Backends[name]);
            return await destinations.FindAsync(answer.Server, answer.Port, backends, patience, stop) is var (backend, destination)
                ? (null, new(backend, destination, key))
                : (answer with { Result = LookupResult.UnknownServer }, null);
        }
        catch (SocketException exception)
        {
            return (LookupAnswer.Failed(LookupResult.Unresolved, exception.Message), null);
        }
    }

    /// <summary>
    /// Prepares the login that the service wants in place of the client's, if any; why not, if that takes a password that cannot be had.
    /// </summary>
    private static LookupAnswer? LogIn(LookupAnswer answer, SessionFacts facts)
    {
        if (answer is { User: null, Password: null })
        {
            return null;
        }

        ReadOnlyMemory<byte> password = answer.Password;
        if (answer.Password is null)
        {
            if (facts.HeldLogin is not { Method: "plain" } held)
            {
                return LookupAnswer.Failed(LookupResult.BadAnswer, NoPassword);
            }

            // Pinned, so that no collection leaves a copy behind.
            var own = GC.AllocateArray<byte>(BackendLogin.MaxPassword, pinned: true);
            if (!held.TryReadPassword(own, out var length))
            {
                CryptographicOperations.ZeroMemory(own);
                return LookupAnswer.Failed(LookupResult.PasswordTooLong);
            }

            password = own.AsMemory(0, length);
        }

        facts.BackendLogin = new(null, answer.User ?? facts.User!, password) { IsOfClient = answer.Password is null };
        return null;
    }

    private SessionTarget? GiveUp(LookupClient service, LookupAnswer answer, string key, BackendSettings named, ConnectionRecord record)
    {
        var words = answer.Detail is null ? answer.Result.Words() : $"{answer.Result.Words()}: {answer.Detail}";
        if (service.Settings.OnFailure == LookupFallback.Default)
        {
            Log.Fallback(logger, record.Facts.Id, record.Facts.User, words, named.Name);
            var target = new SessionTarget(named, User: key);
            record.LoginRouted(RoutedBy.Default, target.IsSticky);
            return target;
        }

        Log.Failed(logger, record.Facts.Id, record.Facts.User, words);
        record.LoginRouted(RoutedBy.Lookup, isSticky: false);
        record.Close(CloseReason.LookupFailed, words);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(
            340, LogLevel.Debug, "{Id}: user {User} goes to backend {Backend} destination {Destination} by lookup", EventName = "UserLookedUp")]
        public static partial void Found(ILogger logger, string id, string? user, string backend, string? destination);

        [LoggerMessage(341, LogLevel.Information, "{Id}: lookup refused the login of user {User}: {Words}", EventName = "LookupRefused")]
        public static partial void Refused(ILogger logger, string id, string? user, string words);

        [LoggerMessage(342, LogLevel.Warning, "{Id}: lookup of user {User} failed: {Failure}", EventName = "LookupFailed")]
        public static partial void Failed(ILogger logger, string id, string? user, string failure);

        [LoggerMessage(
            343, LogLevel.Warning, "{Id}: lookup of user {User} failed: {Failure}; the session goes to backend {Backend}, as onFailure says",
            EventName = "LookupDefaulted")]
        public static partial void Fallback(ILogger logger, string id, string? user, string failure, string backend);

        [LoggerMessage(
            344, LogLevel.Error, "{Id}: lookup sends user {User} to {Server} port {Port}, which is no destination of a backend of listener "
                + "{Listener}: add it to the destinations of a backend, and that to lookup.backends", EventName = "LookupServerUnknown")]
        public static partial void Unknown(ILogger logger, string id, string? user, string server, int port, string listener);
    }
}
