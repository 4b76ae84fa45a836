using System.Net;

namespace TlsFront.Connections;

/// <content>The record on its way to another process.</content>
internal sealed partial class ConnectionRecord
{
    /// <summary>The record of a session that another process gave away.</summary>
    /// <exception cref="FormatException">An address of it is none.</exception>
    public static ConnectionRecord Restore(ConnectionSnapshot snapshot, IConnectionEvents events)
    {
        var facts = new SessionFacts
        {
            Id = snapshot.Id,
            HostName = snapshot.HostName,
            Client = IPEndPoint.Parse(snapshot.Client),
            Local = IPEndPoint.Parse(snapshot.Local),
            Tls = snapshot.Tls,
            User = snapshot.LoginUser,
            IsLoginByCertificate = snapshot.IsLoginByCertificate,
            Program = snapshot.Program,
        };
        return new ConnectionRecord(facts, snapshot.Listener, snapshot.Protocol, events)
        {
            BytesFromClient = snapshot.BytesFromClient,
            BytesToClient = snapshot.BytesToClient,
            HasSpoken = true,
            Trace = snapshot.TraceParent is { } parent ? ConnectionTrace.Of(parent) : null,
            HasImplicitTls = snapshot.Security == LoginTransport.Implicit.Tag(),
            Started = snapshot.Started,
            Via = snapshot.Via is { } via ? IPEndPoint.Parse(via) : null,
            ViaId = snapshot.ViaId,
            ViaServerName = snapshot.ViaServerName,
            IsUnannounced = snapshot.IsUnannounced,
            Route = snapshot.Route,
            HasExposedCredentials = snapshot.HasExposedCredentials,
            ExposedUser = snapshot.ExposedUser,
            User = snapshot.User,
            LedUser = snapshot.LedUser,
            RoutedBy = snapshot.RoutedBy,
            IsSticky = snapshot.IsSticky,
            Policy = snapshot.Policy,
            PolicyAction = snapshot.PolicyAction,
            LoginsAccepted = snapshot.LoginsAccepted,
            LoginsRefused = snapshot.LoginsRefused,
            MessagesAccepted = snapshot.MessagesAccepted,
            MessagesRefused = snapshot.MessagesRefused,
            Backend = snapshot.Backend,
            Destination = snapshot.Destination,
            BackendGreeted = true,
            HandshakeDuration = snapshot.HandshakeDuration,
            ConnectDuration = snapshot.ConnectDuration,
            Idle = snapshot.Idle,
        };
    }

    /// <summary>The record as it is now, for another process. While its session is frozen.</summary>
    public ConnectionSnapshot Capture() => new()
    {
        Id = facts.Id,
        HostName = facts.HostName,
        Client = facts.Client.ToString(),
        Local = facts.Local.ToString(),
        Listener = listener,
        Protocol = protocol,
        Security = (HasImplicitTls ? LoginTransport.Implicit : LoginTransport.StartTls).Tag(),
        Started = Started,
        Tls = facts.Tls,
        LoginUser = facts.User,
        IsLoginByCertificate = facts.IsLoginByCertificate,
        Program = facts.Program,
        Via = Via?.ToString(),
        ViaId = ViaId,
        ViaServerName = ViaServerName,
        IsUnannounced = IsUnannounced,
        Route = Route,
        HasExposedCredentials = HasExposedCredentials,
        ExposedUser = ExposedUser,
        User = User,
        LedUser = LedUser,
        RoutedBy = RoutedBy,
        IsSticky = IsSticky,
        Policy = Policy,
        PolicyAction = PolicyAction,
        LoginsAccepted = LoginsAccepted,
        LoginsRefused = LoginsRefused,
        MessagesAccepted = MessagesAccepted,
        MessagesRefused = MessagesRefused,
        Backend = Backend,
        Destination = Destination,
        HandshakeDuration = HandshakeDuration,
        ConnectDuration = ConnectDuration,
        BytesFromClient = BytesFromClient,
        BytesToClient = BytesToClient,
        Idle = Idle,
        TraceParent = Trace?.Parent,
    };
}
