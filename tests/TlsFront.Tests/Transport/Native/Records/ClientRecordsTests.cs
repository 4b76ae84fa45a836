using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>
/// What is different where we are the client, as we are of backends: which handshake messages may come (RFC 8446 section 4.6, RFC 5246 section 7.4).
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ClientRecordsTests : IDisposable
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte Data = 23;

    private static readonly byte[] Ours = [.. Enumerable.Range(0, 32).Select(static number => (byte)number)];
    private static readonly byte[] Theirs = [.. Enumerable.Range(50, 32).Select(static number => (byte)number)];
    private static readonly byte[] Ticket = [4, 0, 1, 0, .. Enumerable.Repeat((byte)7, 256)];

    private readonly NativeObjects _objects = new();
    private readonly LoopScratch _scratch;

    public ClientRecordsTests() => _scratch = new LoopScratch(64 * 1024, _objects);

    public void Dispose()
    {
        _scratch.Dispose();
        Assert.All(_objects.ByKind(), static counted => Assert.Equal(0, counted.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Tickets_of_TLS_1_3_are_skipped_however_they_come(int pieces)
    {
        using var records = Tls13();
        var server = new RecordForge(0x1301, Theirs);
        byte[] message = [.. Ticket, .. Ticket];
        var input = message.Chunk((message.Length / pieces) + 1).SelectMany(piece => server.Seal(Handshake, piece));
        Assert.Equal("220 here"u8.ToArray(), Receive(records, [.. input, .. server.Seal(Data, "220 here"u8)]));
        Assert.Equal(0, _scratch.Bio.OutputLength);
    }

    [Fact]
    public void Key_updates_of_TLS_1_3_are_followed_behind_tickets_as_well()
    {
        using var records = Tls13();
        var (server, client) = (new RecordForge(0x1301, Theirs), new RecordForge(0x1301, Ours));
        var input = server.Seal(Handshake, [.. Ticket, 24, 0, 0, 1, 1]);
        server.Update();
        Assert.Equal("x"u8.ToArray(), Receive(records, [.. input, .. server.Seal(Data, "x"u8)]));
        Assert.True(records.Write("y"u8));
        var sent = _scratch.Bio.Output;
        Assert.Equal([24, 0, 0, 1, 0], client.Open(ref sent).Content);
        client.Update();
        Assert.Equal("y"u8.ToArray(), client.Open(ref sent).Content);
    }

    public static TheoryData<string, byte[], int> Offences13() => new()
    {
        { "a request for a certificate", Forge13(static server => server.Seal(Handshake, [13, 0, 0, 3, 0, 0, 0])), 10 },
        { "a request for a certificate behind a ticket", Forge13(static server => server.Seal(Handshake, [.. Ticket, 13, 0, 0, 3, 0, 0, 0])), 10 },
        { "a Finished", Forge13(static server => server.Seal(Handshake, [20, 0, 0, 32, .. new byte[32]])), 10 },
        { "a HelloRequest", Forge13(static server => server.Seal(Handshake, [0, 0, 0, 0])), 10 },
        { "data within a ticket", Forge13(static server => [.. server.Seal(Handshake, Ticket.AsSpan(0, 9)), .. server.Seal(Data, "x"u8)]), 10 },
        { "a ticket behind an update", Forge13(static server => server.Seal(Handshake, [24, 0, 0, 1, 0, .. Ticket])), 10 },
        { "33 tickets", Forge13(static server => [.. Enumerable.Range(0, 33).SelectMany(_ => server.Seal(Handshake, Ticket))]), 10 },
    };

    [Theory]
    [MemberData(nameof(Offences13))]
    public void An_offence_of_TLS_1_3_is_answered_with_the_alert_that_the_RFC_names(string what, byte[] input, int alert)
    {
        using var records = Tls13();
        Assert.Empty(Receive(records, input));
        Assert.True(records.Failed, what);
        var sent = _scratch.Bio.Output;
        Assert.Equal([2, (byte)alert], new RecordForge(0x1301, Ours).Open(ref sent).Content);
    }

    public static TheoryData<string, byte[], int> Offences12() => new()
    {
        { "a ClientHello", Forge12(static server => server.Seal(Handshake, [1, 0, 0, 0])), 10 },
        { "a ticket", Forge12(static server => server.Seal(Handshake, Ticket)), 10 },
        { "a Finished", Forge12(static server => server.Seal(Handshake, [20, 0, 0, 12, .. new byte[12]])), 10 },
        { "a HelloRequest with something in it", Forge12(static server => server.Seal(Handshake, [0, 0, 0, 1, 0])), 50 },
        { "33 HelloRequests", Forge12(static server => [.. Enumerable.Range(0, 33).SelectMany(_ => server.Seal(Handshake, new byte[4]))]), 10 },
    };

    [Theory]
    [MemberData(nameof(Offences12))]
    public void An_offence_of_TLS_1_2_is_answered_with_the_alert_that_the_RFC_names(string what, byte[] input, int alert)
    {
        using var records = Tls12();
        Assert.Empty(Receive(records, input));
        Assert.True(records.Failed, what);
        var sent = _scratch.Bio.Output;
        Assert.Equal([2, (byte)alert], Side(Ours).Open(ref sent).Content);
    }

    [Fact]
    public void A_HelloRequest_of_TLS_1_2_is_refused_and_the_session_goes_on()
    {
        using var records = Tls12();
        var (server, client) = (Side(Theirs), Side(Ours));
        byte[] input = [.. server.Seal(Handshake, new byte[8]), .. server.Seal(Handshake, new byte[1]), .. server.Seal(Handshake, new byte[3])];
        Assert.Equal("x"u8.ToArray(), Receive(records, [.. input, .. server.Seal(Data, "x"u8)]));
        var sent = _scratch.Bio.Output;
        var (type, content) = client.Open(ref sent);
        Assert.Equal((Alert, "0164"), (type, Convert.ToHexString(content)));
        Assert.True(sent.IsEmpty);
    }

    private static byte[] Forge13(Func<RecordForge, byte[]> make) => make(new RecordForge(0x1301, Theirs));

    private static byte[] Forge12(Func<Tls12Forge, byte[]> make) => make(Side(Theirs));

    private static Tls12Forge Side(byte[] key) => new(isGcm: true, key, key[..4]);

    private Tls13Records Tls13() => new(
        isServer: false, new Tls13Protection(AeadSuite.Aes128Gcm, false, Theirs, 0, _scratch.Aead),
        new Tls13Protection(AeadSuite.Aes128Gcm, true, Ours, 0, _scratch.Aead), _scratch.Bio, _objects);

    private Tls12Records Tls12() => new(
        isServer: false, new Tls12Protection(AeadSuite.Aes256Gcm, false, Theirs, Theirs.AsSpan(0, 4), 0, 0, _scratch.Aead),
        new Tls12Protection(AeadSuite.Aes256Gcm, true, Ours, Ours.AsSpan(0, 4), 0, 0, _scratch.Aead), _scratch.Bio, _objects);

    private byte[] Receive(RecordLayer records, byte[] input)
    {
        input.CopyTo(_scratch.CipherIn, 0);
        _scratch.Bio.SetInput(input.Length);
        return _scratch.FromClient[..records.Read(_scratch.FromClient, 0, _scratch.FromClient.Length)];
    }
}
