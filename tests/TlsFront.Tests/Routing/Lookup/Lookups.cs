using System.Net;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Routing.Lookup;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Routing.Lookup;

/// <summary>Asks a service without a gateway.</summary>
internal static class Lookups
{
    public static ConnectionRecord Record(
        string user = "bob@example.org", string? password = "secret", string protocol = "imap", string method = "plain")
    {
        var facts = new SessionFacts
        {
            Id = "01J9ZQ7K3M",
            HostName = "mail.example.com",
            Client = new IPEndPoint(IPAddress.Parse("192.0.2.42"), 51000),
            Local = new IPEndPoint(IPAddress.Parse("198.51.100.10"), 993),
            User = user,
            HeldLogin = new HeldLoginStub(password, method),
        };
        return new ConnectionRecord(facts, "imaps", protocol, NullConnectionEvents.Instance);
    }

    public static async Task<LookupAnswer> AskAsync(
        ScriptedService service, Func<LookupSettings, LookupSettings>? change = null, ConnectionRecord? record = null)
    {
        var settings = new LookupSettings { Url = service.Url, Timeout = TestClient.Patience };
        var client = new LookupClient(change is null ? settings : change(settings), null, [], TimeProvider.System);
        return await client.AskAsync(record ?? Record(), CancellationToken.None);
    }
}
