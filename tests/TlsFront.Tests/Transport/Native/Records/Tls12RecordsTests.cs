using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>All that a client may send once a handshake of TLS 1.2 is over, and what becomes of it (RFC 5246 sections 6 and 7).</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class Tls12RecordsTests
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte Data = 23;
    private const ulong FirstNonce = ulong.MaxValue - 1;

    private static readonly byte[] Hello = [1, 0, 0, 3, 7, 7, 7];
    private static readonly (byte Type, byte[] Content) Refusal = (Alert, [1, 100]);

    [Theory]
    [InlineData(true, 65536)]
    [InlineData(true, 1000)]
    [InlineData(true, 7)]
    [InlineData(false, 65536)]
    [InlineData(false, 1000)]
    [InlineData(false, 7)]
    public void Data_is_read_however_little_is_asked_for_and_however_it_is_cut(bool isGcm, int capacity)
    {
        byte[] first = [.. Enumerable.Range(0, 3000).Select(static number => (byte)number)];
        var client = Side(isGcm, isClient: true);
        byte[] input = [.. client.Seal(Data, first), .. client.Seal(Data, "a"u8), .. client.Seal(Data, default), .. client.Seal(Data, "b"u8)];
        for (var cut = 1; cut < input.Length; cut += 97)
        {
            using var end = new End(isGcm);
            Assert.Equal([.. first, .. "ab"u8], end.Receive(capacity, input[..cut], input[cut..]));
            Assert.False(end.Records.HoldsPlaintext);
            Assert.Empty(end.Sent());
        }
    }

    /// <summary>What is not allowed, and the alert for it.</summary>
    internal static readonly IReadOnlyList<(string What, Func<bool, byte[]> Make, int Alert)> All =
    [
        ("a type nobody knows", Forge(static client => client.Seal(24, "x"u8)), 10),
        ("a protected ChangeCipherSpec", Forge(static client => client.Seal(20, [1])), 10),
        ("a ChangeCipherSpec in clear", static _ => [20, 3, 3, 0, 1, 1], 10),
        ("an alert in clear", static _ => [21, 3, 3, 0, 2, 2, 40], 20),
        ("a ClientHello in clear", static _ => [22, 3, 3, 0, 4, 1, 0, 0, 0], 20),
        ("HTTP", static _ => [.. "GET / HTTP/1.0\r\n\r\n"u8], 10),
        ("the version of TLS 1.0", Forge(static client => client.Seal(Data, "x"u8, minorVersion: 1)), 70),
        ("a record too long", static _ => [23, 3, 3, 0x48, 1], 22),
        ("content too long", Forge(static client => client.Seal(Data, new byte[16385])), 22),
        ("a record without room for a tag", static isGcm => [23, 3, 3, 0, (byte)(isGcm ? 23 : 15), .. new byte[isGcm ? 23 : 15]], 20),
        ("a record of another key", static isGcm => Side(isGcm, isClient: false).Seal(Data, "x"u8), 20),
        ("a record again", Forge(static client => { var record = client.Seal(Data, default); return [.. record, .. record]; }), 20),
        ("a record left out", Forge(static client => { client.Sequence++; return client.Seal(Data, "x"u8); }), 20),
        ("a record of another type", Forge(static client => [Alert, .. client.Seal(Data, [1, 0]).AsSpan(1)]), 20),
        ("no alert in an alert", Forge(static client => client.Seal(Alert, default)), 10),
        ("half an alert", Forge(static client => client.Seal(Alert, [1])), 50),
        ("two alerts in a record", Forge(static client => client.Seal(Alert, [1, 90, 1, 90])), 50),
        ("an alert of a level that nobody knows", Forge(static client => client.Seal(Alert, [0, 0])), 47),
        ("five warnings", Forge(static client => [.. Repeat(5, () => client.Seal(Alert, [1, 90]))]), 10),
        ("no message in a handshake record", Forge(static client => client.Seal(Handshake, default)), 10),
        ("a HelloRequest", Forge(static client => client.Seal(Handshake, [0, 0, 0, 0])), 10),
        ("a Finished", Forge(static client => client.Seal(Handshake, [20, 0, 0, 12, .. new byte[12]])), 10),
        ("a KeyUpdate", Forge(static client => client.Seal(Handshake, [24, 0, 0, 1, 0])), 10),
        ("data within a hello", Forge(static client => [.. client.Seal(Handshake, Hello.AsSpan(0, 5)), .. client.Seal(Data, "x"u8)]), 10),
        ("something behind a hello", Forge(static client => client.Seal(Handshake, [.. Hello, 2, 0, 0, 0])), 10),
        ("33 empty records", Forge(static client => [.. Repeat(33, () => client.Seal(Data, default))]), 10),
        ("33 hellos", Forge(static client => [.. Repeat(33, () => client.Seal(Handshake, Hello))]), 10),
        (
            "a hello that never ends",
            Forge(static client =>
                [.. client.Seal(Handshake, [1, 255, 255, 255]), .. Repeat(32, () => client.Seal(Handshake, new byte[1000]))]),
            10),
    ];

    public static TheoryData<string> Offences() => [.. All.Select(static offence => offence.What)];

    [Theory]
    [MemberData(nameof(Offences))]
    public void An_offence_is_answered_with_the_alert_that_the_RFC_names(string what)
    {
        var (_, make, alert) = All.Single(offence => offence.What == what);
        foreach (var isGcm in new[] { true, false })
        {
            var input = make(isGcm);
            foreach (var pieces in new byte[][][] { [input], [.. input.Select(static octet => (byte[])[octet])] })
            {
                using var end = new End(isGcm);
                Assert.Empty(end.Receive(64 * 1024, pieces));
                Assert.True(end.Records.Failed, what);
                var sent = end.Sent();
                Assert.Equal((Alert, [2, (byte)alert]), sent[^1], Same);
                Assert.All(sent[..^1], static answer => Assert.Equal(Refusal, answer, Same));

                // It is the end: whatever follows is neither read nor answered, and nothing is sent.
                Assert.Empty(end.Receive(64 * 1024, end.Client.Seal(Data, "x"u8)));
                Assert.False(end.Records.Write("x"u8));
                end.Records.Shutdown();
                Assert.Empty(end.Sent());
            }
        }
    }

    [Theory]
    [InlineData(1, 0, true, false)]
    [InlineData(2, 0, false, true)]
    [InlineData(1, 90, false, false)]
    [InlineData(1, 100, false, false)]
    [InlineData(1, 48, false, false)]
    [InlineData(2, 48, false, true)]
    public void The_level_of_an_alert_decides_what_it_ends(byte level, byte description, bool isClosed, bool isFailed)
    {
        using var end = new End(isGcm: true);
        Assert.Empty(end.Receive(64 * 1024, end.Client.Seal(Alert, [level, description])));
        Assert.Equal((isClosed, isFailed), (end.Records.PeerClosed, end.Records.Failed));
        Assert.Empty(end.Sent());
        Assert.Equal(!isFailed, end.Records.Write("bye"u8));
    }

    [Fact]
    public void Warnings_with_data_between_them_are_ignored()
    {
        using var end = new End(isGcm: true);
        for (var i = 0; i < 100; i++)
        {
            byte[] input = [.. Repeat(4, () => end.Client.Seal(Alert, [1, 90])), .. end.Client.Seal(Data, "x"u8)];
            Assert.Equal("x"u8.ToArray(), end.Receive(64 * 1024, input));
        }

        Assert.Empty(end.Sent());
    }

    [Fact]
    public void Nothing_is_read_behind_the_end()
    {
        using var end = new End(isGcm: false);
        byte[] input = [.. end.Client.Seal(Data, "a"u8), .. end.Client.Seal(Alert, [1, 0]), .. end.Client.Seal(Data, "b"u8)];
        Assert.Equal("a"u8.ToArray(), end.Receive(64 * 1024, input));
        Assert.True(end.Records.PeerClosed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_handshake_is_refused_and_the_session_goes_on(bool isInPieces)
    {
        using var end = new End(isGcm: true);
        for (var i = 0; i < 100; i++)
        {
            byte[] hello = isInPieces
                ? [.. Hello.SelectMany(octet => end.Client.Seal(Handshake, [octet]))]
                : [.. end.Client.Seal(Handshake, [.. Hello, .. Hello]), .. end.Client.Seal(Handshake, [1, 0, 0, 0])];
            Assert.Equal("x"u8.ToArray(), end.Receive(64 * 1024, [.. hello, .. end.Client.Seal(Data, "x"u8)]));

            // One answer to all that came at once.
            Assert.Equal([Refusal], end.Sent(), Same);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_is_cut_into_records_with_nonces_that_count_on_and_closed_once(bool isGcm)
    {
        using var end = new End(isGcm);
        var content = new byte[40_000];
        Random.Shared.NextBytes(content);
        Assert.True(end.Records.Write(content));
        end.Records.Shutdown();
        end.Records.Shutdown();
        Assert.False(end.Records.Write("x"u8));
        var sent = end.Sent();
        Assert.Equal([16384, 16384, 40_000 - 32768, 2], sent.Select(static record => record.Content.Length));
        Assert.Equal(content, sent[..3].SelectMany(static record => record.Content));
        Assert.Equal((Alert, [1, 0]), sent[3], Same);
        if (isGcm)
        {
            // It goes round, and none comes twice.
            Assert.Equal(unchecked(FirstNonce + 3), end.Server.LastNonce);
        }

        // Our end is not the client's: it may go on.
        Assert.Equal("y"u8.ToArray(), end.Receive(64 * 1024, end.Client.Seal(Data, "y"u8)));
        Assert.False(end.Records.Failed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_key_that_protected_too_much_is_spent_in_either_direction(bool isReading)
    {
        using var end = new End(isGcm: true);
        end.Records.RecordsPerKey = 10;
        for (var i = 0; i < 10; i++)
        {
            Assert.False(end.Records.IsSpent);
            if (isReading)
            {
                end.Receive(64 * 1024, end.Client.Seal(Data, "x"u8));
            }
            else
            {
                Assert.True(end.Records.Write("x"u8));
            }
        }

        Assert.True(end.Records.IsSpent);

        // There is room for a goodbye.
        end.Records.Write("bye"u8);
        end.Records.Shutdown();
        Assert.Equal((Alert, [1, 0]), end.Sent()[^1], Same);
    }

    [Fact]
    public void A_record_that_is_not_authentic_leaves_nothing_and_counts_for_nothing()
    {
        foreach (var isGcm in new[] { true, false })
        {
            using var end = new End(isGcm);
            var record = end.Client.Seal(Data, "secret"u8);
            var inner = new byte[6];
            for (var octet = RecordHeader.Length; octet < record.Length; octet++)
            {
                inner.AsSpan().Fill(1);
                record[octet] ^= 1;
                Assert.False(end.Reading.TryOpen(record, inner, out _, out _));
                Assert.Equal(new byte[6], inner);
                record[octet] ^= 1;
            }

            Assert.True(end.Reading.TryOpen(record, inner, out var type, out var length));
            Assert.Equal((ContentType.ApplicationData, 6), (type, length));
        }
    }

    private static bool Same((byte Type, byte[] Content) one, (byte Type, byte[] Content) other) =>
        one.Type == other.Type && one.Content.AsSpan().SequenceEqual(other.Content);

    private static byte[] Repeat(int count, Func<byte[]> make) => [.. Enumerable.Range(0, count).SelectMany(_ => make())];

    private static Func<bool, byte[]> Forge(Func<Tls12Forge, byte[]> make) => isGcm => make(Side(isGcm, isClient: true));

    private static byte[] KeyOf(bool isClient) => [.. Enumerable.Range(isClient ? 0 : 100, 32).Select(static number => (byte)number)];

    private static byte[] NonceOf(bool isGcm, bool isClient) => KeyOf(isClient)[..(isGcm ? 4 : 12)];

    private static Tls12Forge Side(bool isGcm, bool isClient) => new(isGcm, KeyOf(isClient), NonceOf(isGcm, isClient));

    private sealed class End : IDisposable
    {
        private readonly NativeObjects _objects = new();
        private readonly LoopScratch _scratch;

        public End(bool isGcm)
        {
            _scratch = new LoopScratch(64 * 1024, _objects);
            var suite = isGcm ? AeadSuite.Aes256Gcm : AeadSuite.ChaCha20Poly1305;
            Client = Side(isGcm, isClient: true);
            Server = Side(isGcm, isClient: false);
            Reading = new Tls12Protection(suite, false, KeyOf(true), NonceOf(isGcm, true), 0, 0, _scratch.Aead);
            var writing = new Tls12Protection(suite, true, KeyOf(false), NonceOf(isGcm, false), FirstNonce, 0, _scratch.Aead);
            Records = new Tls12Records(isServer: true, Reading, writing, _scratch.Bio, _objects);
        }

        public Tls12Protection Reading { get; }

        public Tls12Records Records { get; }

        public Tls12Forge Client { get; }

        public Tls12Forge Server { get; }

        /// <summary>Hands pieces over one by one, as a session does, and reads whatever there is after each.</summary>
        public byte[] Receive(int capacity, params byte[][] pieces)
        {
            var read = new List<byte>();
            foreach (var piece in pieces)
            {
                var kept = _scratch.Bio.KeepInput();
                piece.CopyTo(_scratch.CipherIn, kept);
                _scratch.Bio.SetInput(kept + piece.Length);
                do
                {
                    var count = Records.Read(_scratch.FromClient, 0, capacity);
                    read.AddRange(_scratch.FromClient.AsSpan(0, count));
                }
                while (Records.HoldsPlaintext);
            }

            return [.. read];
        }

        public List<(byte Type, byte[] Content)> Sent()
        {
            var records = new List<(byte Type, byte[] Content)>();
            for (var bytes = _scratch.Bio.Output; !bytes.IsEmpty;)
            {
                records.Add(Server.Open(ref bytes));
            }

            _scratch.Bio.ClearOutput();
            return records;
        }

        public void Dispose()
        {
            Records.Dispose();
            _scratch.Dispose();
            Assert.All(_objects.ByKind(), static counted => Assert.Equal(0, counted.Count));
            Assert.Equal(0, _objects.HeldBytes);
        }
    }
}
