namespace TlsFront.Tests.Transport.Native;

/// <summary>TLS sessions taken from one connection and offered on another.</summary>
internal static class Resumption
{
    /// <summary>A session made with a full handshake, to be offered later and freed then.</summary>
    public static async Task<nint> BeginAsync(NativeGateway gateway, int maximumVersion = 0, string? serverName = null)
    {
        using var client = new OpenSslClient(gateway.Address, maximumVersion: maximumVersion, serverName: serverName);
        Assert.Equal(1, await client.HandshakeAsync());
        await EchoAsync(gateway, client);
        Assert.False((await gateway.HandshakeAsync()).Facts!.Resumed);
        return client.TakeSession();
    }

    /// <summary>Whether the gateway resumes <paramref name="session"/>; both sides must agree.</summary>
    public static async Task<bool> SucceedsAsync(NativeGateway gateway, nint session, int maximumVersion = 0, string? serverName = null)
    {
        using var client = new OpenSslClient(gateway.Address, session: session, maximumVersion: maximumVersion, serverName: serverName);
        Assert.Equal(1, await client.HandshakeAsync());
        await EchoAsync(gateway, client);
        Assert.Equal(client.Resumed, (await gateway.HandshakeAsync()).Facts!.Resumed);
        return client.Resumed;
    }

    /// <summary>Resumes <paramref name="session"/>, and returns the one to resume next; the same one if the gateway gave no new ticket.</summary>
    public static async Task<nint> RenewAsync(NativeGateway gateway, nint session)
    {
        using var client = new OpenSslClient(gateway.Address, session: session);
        Assert.Equal(1, await client.HandshakeAsync());
        await EchoAsync(gateway, client);
        Assert.True(client.Resumed);
        Assert.True((await gateway.HandshakeAsync()).Facts!.Resumed);
        return client.TakeSession();
    }

    /// <summary>A byte from the backend: the ticket comes in front of it.</summary>
    private static async Task EchoAsync(NativeGateway gateway, OpenSslClient client)
    {
        using var backend = await gateway.AcceptBackendAsync();
        await backend.SendTextAsync("!");
        Assert.Equal("!", await client.ReceiveAsync(1));
    }
}
