using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.StartTls;
using TlsFront.Tests.Protocols;

namespace TlsFront.Fuzzing.Targets;

/// <summary>
/// The plaintext phase of all protocols. Whatever is said in it, no backend hears of it, no capability offers a login, each line has one answer, and
/// TLS begins only where the client waits for it, however its octets arrive.
/// </summary>
internal sealed class StartTlsTarget : IFuzzTarget
{
    private const int MaximumInput = 20 * 1024;

    /// <summary>How each protocol offers one.</summary>
    private static readonly string[] Logins = ["AUTH=", "250-AUTH", "250 AUTH", "\nUSER\r", "SASL ", "\"PLAIN", "PREAUTH"];

    private static readonly ProtocolProfile[] Protocols = [.. ProtocolProfile.All.Where(static profile => profile.StartTlsPort > 0)];

    /// <inheritdoc/>
    public string Name => "starttls";

    /// <inheritdoc/>
    public int MaximumLength => MaximumInput;

    /// <inheritdoc/>
    public long MaximumAllocation => 64 << 20;

    /// <inheritdoc/>
    public string Heads => "abcd";

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds { get; } = Bytes.Of(
    [
        "aEHLO x\r\nAUTH PLAIN AGEAYg==\r\nSTARTTLS\r\n", "aSTARTTLS\r\nEHLO x\r\n", "aHELO x\nNOOP\nRSET\nSTARTTLS x\nQUIT\n",
        "ba CAPABILITY\r\nb LOGIN {5+}\r\nalice {6+}\r\nsecret\r\nc STARTTLS\r\n", "ba ID (\"name\" {3}\r\nb STARTTLS\r\nc NOOP\r\n", "ba LOGOUT\r\n",
        "cCAPA\r\nUSER a\r\nPASS b\r\nSTLS\r\n", "cAUTH PLAIN AGEAYg==\r\nQUIT\r\n", "b\u0016\u0003\u0001", "cGET / HTTP/1.1\r\n",
        "dCAPABILITY\r\nAUTHENTICATE \"PLAIN\" {8+}\r\nAGEAYg==\r\nNOOP \"x\"\r\nSTARTTLS\r\n",
        "dPUTSCRIPT \"a\" {10+}\r\nSTARTTLS\r\n\r\nLOGOUT\r\n",
    ]);

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        "\r\n", "\n", "\r", "\0", "STARTTLS", "STLS", "EHLO x", "AUTH ", "a ", "LOGIN ", "{5+}\r\n", "{5}\r\n",
        "AUTHENTICATE ", "PASS ", "CAPA", "NOOP\r\n", "CAPABILITY\r\n", "ID ", "QUIT", "LOGOUT", " HTTP/1.1", "\u0016",
    ]);

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        var profile = Protocols[(byte)(input[0] - Heads[0]) % Protocols.Length];
        var said = input[1..];
        var whole = Play(profile, said, said.Length);
        var single = Play(profile, said, 1);
        if (single.Handshakes == 0)
        {
            Assert.Equal(single.ToClient, whole.ToClient);
            Assert.Equal((single.Closed, 0), (whole.Closed, whole.Handshakes));
            Assert.Equal(single.Reports, whole.Reports);
            return;
        }

        // Octet by octet TLS begins at once, and what comes then is TLS's, which it is not; in one piece the machine sees it.
        Assert.Equal(
            whole.Closed is null ? (1, null) : (0, CloseReason.StartTlsInjection),
            (whole.Handshakes, whole.Closed));
        Assert.Equal(single.Reports, whole.Reports);
    }

    private static MachineHarness Play(ProtocolProfile profile, byte[] said, int size)
    {
        var session = new MachineHarness(observer => new StartTlsMachine(
            profile.CreatePlaintext(offersTls: true), profile.CreateMachine(new SessionRules(), observer, isGreeted: true), observer)).Start();
        session.TakeToClient();
        for (var at = 0; at < said.Length && session.Handshakes == 0 && session.Closed is null; at += size)
        {
            session.Client(said.AsSpan(at, Math.Min(size, said.Length - at)));
        }

        Assert.Equal("", session.ToBackend);
        Assert.Equal(session.Handshakes, session.Connects);
        Assert.All(session.Reports, static report => Assert.Equal("credentials exposed", report));
        // A tag of the client's may be any word, and comes back.
        var shown = Logins.FirstOrDefault(word => session.ToClient.Contains(word, StringComparison.Ordinal));
        Assert.True(shown is null || Encoding.Latin1.GetString(said).Contains(shown, StringComparison.Ordinal), $"A login is offered: {shown}");
        return session;
    }
}
