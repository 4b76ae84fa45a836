using TlsFront.Protocols;
using TlsFront.Protocols.Sieve;

namespace TlsFront.Tests.Protocols.Sieve;

/// <summary>Sessions of ManageSieve at the places where tests begin.</summary>
internal static class SieveSession
{
    public const string Capabilities =
        "\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" \"PLAIN SCRAM-SHA-1-PLUS LOGIN\"\r\n\"SIEVE\" \"fileinto\"\r\n\"STARTTLS\"\r\n"
        + "\"XCLIENT\" \"ADDR\"\r\n\"UNAUTHENTICATE\"\r\n\"VERSION\" \"1.0\"\r\n";

    public const string Shown = "\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" \"PLAIN LOGIN\"\r\n\"SIEVE\" \"fileinto\"\r\n\"VERSION\" \"1.0\"\r\n";

    /// <summary>A backend that has not greeted yet.</summary>
    public static MachineHarness Started(int backends = 1, BareNewlines bareNewlines = BareNewlines.Normalize) =>
        new MachineHarness(observer => new SieveMachine(observer, bareNewlines)) { BackendsLeft = backends }.Start();

    /// <summary>Greeted, nothing said yet.</summary>
    public static MachineHarness Greeted()
    {
        var session = Started();
        session.Backend(Capabilities + "OK \"ready\"\r\n");
        session.TakeToClient();
        return session;
    }

    /// <summary>Says something of the client's and returns what the backend got.</summary>
    public static string Forwarded(this MachineHarness session, string text)
    {
        session.Client(text);
        return session.TakeToBackend();
    }

    /// <summary>Says something of the backend's and returns what the client got.</summary>
    public static string Relayed(this MachineHarness session, string text)
    {
        session.Backend(text);
        return session.TakeToClient();
    }
}
