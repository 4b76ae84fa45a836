namespace TlsFront.Connections;

/// <summary>
/// Tells every subscriber of the process what happens to connections, in the order in which they were registered. One that throws has a bug, which
/// must cost neither the connection nor the others' figures: it is logged and the next one told.
/// </summary>
/// <remarks>Nothing is allocated: the lambdas are static, and what they need goes along as a value.</remarks>
internal sealed partial class ConnectionEvents(IEnumerable<IConnectionEvents> subscribers, ILogger<ConnectionEvents> logger) : IConnectionEvents
{
    private readonly IConnectionEvents[] _subscribers = [.. subscribers];

    public void Started(ConnectionRecord record) =>
        Notify(record, 0, static (subscriber, record, _) => subscriber.Started(record));

    public void TakenOver(ConnectionRecord record) =>
        Notify(record, 0, static (subscriber, record, _) => subscriber.TakenOver(record));

    public void HandedOver(ConnectionRecord record) =>
        Notify(record, 0, static (subscriber, record, _) => subscriber.HandedOver(record));

    public void HeaderEnded(ConnectionRecord record, TimeSpan elapsed) =>
        Notify(record, elapsed, static (subscriber, record, elapsed) => subscriber.HeaderEnded(record, elapsed));

    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed) =>
        Notify(record, (failure, elapsed), static (subscriber, record, end) => subscriber.HandshakeEnded(record, end.failure, end.elapsed));

    public void CredentialsExposed(ConnectionRecord record) =>
        Notify(record, 0, static (subscriber, record, _) => subscriber.CredentialsExposed(record));

    public void PolicyDecided(ConnectionRecord record) =>
        Notify(record, 0, static (subscriber, record, _) => subscriber.PolicyDecided(record));

    public void LoginRouted(ConnectionRecord record) =>
        Notify(record, 0, static (subscriber, record, _) => subscriber.LoginRouted(record));

    public void LookedUp(ConnectionRecord record, LookupResult result, TimeSpan elapsed, bool isCached) =>
        Notify(
            record, (result, elapsed, isCached),
            static (subscriber, record, end) => subscriber.LookedUp(record, end.result, end.elapsed, end.isCached));

    public void DestinationPicked(ConnectionRecord record, string backend, string? destination, TimeSpan elapsed) =>
        Notify(
            record, (backend, destination, elapsed),
            static (subscriber, record, pick) => subscriber.DestinationPicked(record, pick.backend, pick.destination, pick.elapsed));

    public void BackendTried(ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure) =>
        Notify(
            record, (backend, destination, elapsed, failure),
            static (subscriber, record, @try) => subscriber.BackendTried(record, @try.backend, @try.destination, @try.elapsed, @try.failure));

    public void Greeted(ConnectionRecord record) =>
        Notify(record, 0, static (subscriber, record, _) => subscriber.Greeted(record));

    public void LoginEnded(ConnectionRecord record, bool accepted) =>
        Notify(record, accepted, static (subscriber, record, accepted) => subscriber.LoginEnded(record, accepted));

    public void MessageEnded(ConnectionRecord record, bool accepted) =>
        Notify(record, accepted, static (subscriber, record, accepted) => subscriber.MessageEnded(record, accepted));

    public void Ended(ConnectionRecord record, TimeSpan lifetime) =>
        Notify(record, lifetime, static (subscriber, record, lifetime) => subscriber.Ended(record, lifetime));

    private void Notify<T>(ConnectionRecord record, T what, Action<IConnectionEvents, ConnectionRecord, T> notify)
    {
        foreach (var subscriber in _subscribers)
        {
            try
            {
                notify(subscriber, record, what);
            }
            catch (Exception exception)
            {
                Log.SubscriberFailed(logger, exception, record.Facts.Id, subscriber.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(320, LogLevel.Error, "{Id}: {Subscriber} failed to handle an event of the connection", EventName = "SubscriberFailed")]
        public static partial void SubscriberFailed(ILogger logger, Exception exception, string id, string subscriber);
    }
}
