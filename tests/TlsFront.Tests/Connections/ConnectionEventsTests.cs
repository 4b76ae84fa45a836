using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TlsFront.Connections;
using TlsFront.Tests.Transport;

namespace TlsFront.Tests.Connections;

public sealed class ConnectionEventsTests
{
    private static readonly MethodInfo[] Events = typeof(IConnectionEvents).GetMethods();

    private readonly FakeLogger<ConnectionEvents> _log = new();
    private readonly List<string> _told = [];

    [Fact]
    public void Everything_is_told_to_everyone_in_their_order()
    {
        var events = new ConnectionEvents([Subscriber("first"), Subscriber("second")], _log);
        foreach (var method in Events)
        {
            _told.Clear();
            Raise(events, method);

            Assert.Equal([$"first {method.Name}", $"second {method.Name}"], _told);
        }

        Assert.Equal(0, _log.Collector.Count);
    }

    [Fact]
    public void One_that_throws_is_logged_by_name_and_the_others_are_told()
    {
        var events = new ConnectionEvents([new Broken(), Subscriber("second")], _log);
        foreach (var method in Events)
        {
            _told.Clear();
            Raise(events, method);

            Assert.Equal([$"second {method.Name}"], _told);
            Assert.Equal((LogLevel.Error, true), (_log.LatestRecord.Level, _log.LatestRecord.Exception is InvalidOperationException));
            Assert.Contains(nameof(Broken), _log.LatestRecord.Message, StringComparison.Ordinal);
            Assert.Contains(TestRecords.Create().Facts.Id, _log.LatestRecord.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var events = new ConnectionEvents([NullConnectionEvents.Instance, NullConnectionEvents.Instance], _log);
        var record = TestRecords.Create();
        RaiseAll(events, record);
        var before = GC.GetAllocatedBytesForCurrentThread();

        RaiseAll(events, record);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void RaiseAll(ConnectionEvents events, ConnectionRecord record)
    {
        events.Started(record);
        events.HeaderEnded(record, TimeSpan.Zero);
        events.HandshakeEnded(record, CloseReason.None, TimeSpan.Zero);
        events.PolicyDecided(record);
        events.LoginRouted(record);
        events.DestinationPicked(record, "postfix", "192.0.2.1:25", TimeSpan.Zero);
        events.BackendTried(record, "postfix", "192.0.2.1:25", TimeSpan.Zero, "refused");
        events.Greeted(record);
        events.LoginEnded(record, accepted: true);
        events.MessageEnded(record, accepted: true);
        events.Ended(record, TimeSpan.Zero);
    }

    private static void Raise(ConnectionEvents events, MethodInfo method) =>
        method.Invoke(events, [.. method.GetParameters().Select(static parameter =>
        parameter.ParameterType == typeof(ConnectionRecord) ? TestRecords.Create()
        : parameter.ParameterType == typeof(string) ? parameter.Name
        : Activator.CreateInstance(parameter.ParameterType))]);

    private IConnectionEvents Subscriber(string name)
    {
        var subscriber = (Recorder)DispatchProxy.Create<IConnectionEvents, Recorder>();
        subscriber.Told = method => _told.Add($"{name} {method}");
        return (IConnectionEvents)(object)subscriber;
    }

    private class Recorder : DispatchProxy
    {
        public Action<string>? Told { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Told!(targetMethod!.Name);
            return null;
        }
    }

    private sealed class Broken : IConnectionEvents
    {
        void IConnectionEvents.Started(ConnectionRecord record) => Throw();

        void IConnectionEvents.HeaderEnded(ConnectionRecord record, TimeSpan elapsed) => Throw();

        void IConnectionEvents.HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed) => Throw();

        void IConnectionEvents.PolicyDecided(ConnectionRecord record) => Throw();

        void IConnectionEvents.LoginRouted(ConnectionRecord record) => Throw();

        void IConnectionEvents.DestinationPicked(ConnectionRecord record, string backend, string? destination, TimeSpan elapsed) => Throw();

        void IConnectionEvents.BackendTried(
            ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure) => Throw();

        void IConnectionEvents.Greeted(ConnectionRecord record) => Throw();

        void IConnectionEvents.LoginEnded(ConnectionRecord record, bool accepted) => Throw();

        void IConnectionEvents.MessageEnded(ConnectionRecord record, bool accepted) => Throw();

        void IConnectionEvents.Ended(ConnectionRecord record, TimeSpan lifetime) => Throw();

        private static void Throw() => throw new InvalidOperationException("a bug");
    }
}
