using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>All that a client may send once a handshake of TLS 1.3 is over, and what becomes of it (RFC 8446 sections 4.6, 5 and 6).</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class Tls13RecordsTests : IDisposable
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte Data = 23;
    private const ushort Suite = 0x1302;

    private static readonly byte[] ClientSecret = [.. Enumerable.Range(0, 48).Select(static number => (byte)number)];
    private static readonly byte[] ServerSecret = [.. Enumerable.Range(50, 48).Select(static number => (byte)number)];

    private readonly NativeObjects _objects = new();
    private readonly LoopScratch _scratch;
    private readonly Tls13Records _records;
    private readonly RecordForge _client = new(Suite, ClientSecret);
    private readonly RecordForge _server = new(Suite, ServerSecret);

    public Tls13RecordsTests()
    {
        _scratch = new LoopScratch(64 * 1024, _objects);
        _records = new Tls13Records(
            isServer: true,
            new Tls13Protection(AeadSuite.Find(Suite)!, false, ClientSecret, 0, _scratch.Aead),
            new Tls13Protection(AeadSuite.Find(Suite)!, true, ServerSecret, 0, _scratch.Aead),
            _scratch.Bio,
            _objects)
        { RecordsPerKey = 100 };
    }

    public void Dispose()
    {
        _records.Dispose();
        _scratch.Dispose();
        Assert.All(_objects.ByKind(), static counted => Assert.Equal(0, counted.Count));
        Assert.Equal(0, _objects.HeldBytes);
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(1000)]
    [InlineData(7)]
    public void Data_is_read_however_little_is_asked_for_and_however_it_is_cut(int capacity)
    {
        byte[] first = [.. Enumerable.Range(0, 3000).Select(static number => (byte)number)];
        byte[] input =
        [
            .. _client.Seal(Data, first), .. _client.Seal(Data, "a"u8, padding: 100), .. _client.Seal(Data, default), .. _client.Seal(Data, "b"u8),
        ];
        for (var cut = 1; cut < input.Length; cut += 97)
        {
            using var other = new Tls13RecordsTests();
            Assert.Equal([.. first, .. "ab"u8], other.Receive(capacity, input[..cut], input[cut..]));
            Assert.False(other._records.HoldsPlaintext);
            Assert.Equal(0, other._scratch.Bio.OutputLength);
        }
    }

    public static TheoryData<string, byte[], int> Offences() => new()
    {
        { "application data that is no record of any type", Forge(static client => client.Seal(default(ReadOnlySpan<byte>))), 10 },
        { "nothing but padding", Forge(static client => client.Seal(new byte[100])), 10 },
        { "a type nobody knows", Forge(static client => client.Seal(24, "x"u8)), 10 },
        { "a protected ChangeCipherSpec", Forge(static client => client.Seal(20, [1])), 10 },
        { "a ChangeCipherSpec behind the Finished", [20, 3, 3, 0, 1, 1], 10 },
        { "an alert in clear", [21, 3, 3, 0, 2, 2, 40], 10 },
        { "a ClientHello in clear", [22, 3, 3, 0, 4, 1, 0, 0, 0], 10 },
        { "HTTP", [.. "GET / HTTP/1.0\r\n\r\n"u8], 10 },
        { "a record too long", [23, 3, 3, 0x41, 1], 22 },
        { "content too long", Forge(static client => client.Seal(Data, new byte[16385])), 22 },
        { "too much padding", Forge(static client => client.Seal(Data, new byte[10], padding: 16384)), 22 },
        { "a record without room for a tag", [23, 3, 3, 0, 15, .. new byte[15]], 20 },
        { "a record of another key", Forge(static client => { client.Update(); return client.Seal(Data, "x"u8); }), 20 },
        { "a record again", Forge(static client => { var record = client.Seal(Data, default); return [.. record, .. record]; }), 20 },
        { "no alert in an alert", Forge(static client => client.Seal(Alert, default)), 10 },
        { "half an alert", Forge(static client => client.Seal(Alert, [1])), 50 },
        { "two alerts", Forge(static client => client.Seal(Alert, [1, 90, 1, 0])), 50 },
        { "no message in a handshake record", Forge(static client => client.Seal(Handshake, default)), 10 },
        { "a ClientHello", Forge(static client => client.Seal(Handshake, [1, 0, 0, 0])), 10 },
        { "a certificate that nobody asked for", Forge(static client => client.Seal(Handshake, [11, 0, 0, 0])), 10 },
        { "a Finished", Forge(static client => client.Seal(Handshake, [20, 0, 0, 48])), 10 },
        { "an update of no length", Forge(static client => client.Seal(Handshake, [24, 0, 0, 0])), 50 },
        { "an update of two octets", Forge(static client => client.Seal(Handshake, [24, 0, 0, 2, 0, 0])), 50 },
        { "an update of a huge length", Forge(static client => client.Seal(Handshake, [24, 1, 0, 1, 0])), 50 },
        { "an update that means nothing", Forge(static client => client.Seal(Handshake, [24, 0, 0, 1, 2])), 47 },
        { "something behind an update", Forge(static client => client.Seal(Handshake, [24, 0, 0, 1, 0, 24])), 10 },
        { "data within an update", Forge(static client => [.. client.Seal(Handshake, [24, 0]), .. client.Seal(Data, "x"u8)]), 10 },
        { "an alert within an update", Forge(static client => [.. client.Seal(Handshake, [24, 0]), .. client.Seal(Alert, [1, 0])]), 10 },
        { "the old key behind an update", Forge(static client => [.. client.Seal(Handshake, [24, 0, 0, 1, 0]), .. client.Seal(Data, "x"u8)]), 20 },
        { "33 empty records", Forge(static client => [.. Enumerable.Range(0, 33).SelectMany(_ => client.Seal(Data, default))]), 10 },
        { "33 warnings", Forge(static client => [.. Enumerable.Range(0, 33).SelectMany(_ => client.Seal(Alert, [1, 90]))]), 10 },
        { "33 updates", Forge(static client => [.. Enumerable.Range(0, 33).SelectMany(_ => Update(client, 1))]), 10 },
        { "a 33rd alert that means nothing", Forge(static client => [.. Enumerable.Range(0, 33).SelectMany(_ => client.Seal(Alert, [2, 90]))]), 10 },
    };

    [Theory]
    [MemberData(nameof(Offences))]
    public void An_offence_is_answered_with_the_alert_that_the_RFC_names(string what, byte[] input, int alert)
    {
        foreach (var pieces in new byte[][][] { [input], [.. input.Select(static octet => (byte[])[octet])] })
        {
            using var other = new Tls13RecordsTests();
            Assert.Empty(other.Receive(64 * 1024, pieces));
            Assert.True(other._records.Failed, what);
            var sent = other.Sent();
            Assert.Equal((Alert, [2, (byte)alert]), sent[^1], Same);
            Assert.All(sent[..^1], static answer => Assert.Equal((Handshake, [24, 0, 0, 1, 0]), answer, Same));

            // It is the end: whatever follows is neither read nor answered, and nothing is sent.
            Assert.Empty(other.Receive(64 * 1024, other._client.Seal(Data, "x"u8)));
            Assert.False(other._records.Write("x"u8));
            other._records.Shutdown();
            Assert.Equal(0, other._scratch.Bio.OutputLength);
        }
    }

    [Theory]
    [InlineData(0, true, false)]
    [InlineData(90, false, false)]
    [InlineData(10, false, true)]
    [InlineData(48, false, true)]
    [InlineData(100, false, true)]
    public void An_alert_ends_what_it_ends_whatever_its_level(byte description, bool isClosed, bool isFailed)
    {
        foreach (var level in new byte[] { 0, 1, 2 })
        {
            using var other = new Tls13RecordsTests();
            Assert.Empty(other.Receive(64 * 1024, other._client.Seal(Alert, [level, description])));
            Assert.Equal((isClosed, isFailed), (other._records.PeerClosed, other._records.Failed));
            Assert.Equal(0, other._scratch.Bio.OutputLength);
            Assert.Equal(!isFailed, other._records.Write("bye"u8));
        }
    }

    [Fact]
    public void Nothing_is_read_behind_the_end()
    {
        byte[] input = [.. _client.Seal(Data, "a"u8), .. _client.Seal(Alert, [1, 0]), .. _client.Seal(Data, "b"u8)];
        Assert.Equal("a"u8.ToArray(), Receive(64 * 1024, input));
        Assert.True(_records.PeerClosed);
    }

    [Fact]
    public void Updates_are_followed_and_one_answers_all_that_were_asked_for()
    {
        var input = new List<byte>();
        for (var i = 0; i < 100; i++)
        {
            input.AddRange(Update(_client, (byte)(i % 3 == 0 ? 1 : 0)));
            input.AddRange(_client.Seal(Data, [.. Enumerable.Repeat((byte)i, 512)]));
        }

        Assert.Equal(
            Enumerable.Range(0, 100).SelectMany(static number => Enumerable.Repeat((byte)number, 512)), Receive(64 * 1024, [.. input]));
        Assert.Equal([(Handshake, new byte[] { 24, 0, 0, 1, 0 })], Sent(), Same);
        Assert.True(_records.Write("answer"u8));
        Assert.Equal([(Data, "answer"u8.ToArray())], Sent(), Same);
    }

    [Fact]
    public void Updates_that_cost_more_than_the_data_between_them_are_not_followed_for_long()
    {
        byte[] input = [.. Enumerable.Range(0, 33).SelectMany(_ => (byte[])[.. Update(_client, 0), .. _client.Seal(Data, "x"u8)])];
        Assert.Equal(32, Receive(64 * 1024, input).Length);
        Assert.Equal([(Alert, new byte[] { 2, 10 })], Sent(), Same);
    }

    [Fact]
    public void Data_in_small_records_pays_for_updates_as_well()
    {
        for (var i = 0; i < 100; i++)
        {
            byte[] input = [.. Update(_client, 0), .. Enumerable.Range(0, 52).SelectMany(_ => _client.Seal(Data, new byte[10]))];
            Assert.Equal(520, Receive(64 * 1024, input).Length);
        }

        Assert.False(_records.Failed);
    }

    [Fact]
    public void Our_own_key_is_changed_in_time()
    {
        for (var i = 0; i < 250; i++)
        {
            Assert.True(_records.Write([(byte)i]));
        }

        var sent = Sent();
        Assert.Equal([100, 201], sent.Index().Where(static record => record.Item.Type == Handshake).Select(static record => record.Index));
        Assert.Equal(
            Enumerable.Range(0, 250).Select(static number => (byte)number),
            sent.Where(static record => record.Type == Data).SelectMany(static record => record.Content));
    }

    [Fact]
    public void An_update_may_come_in_pieces()
    {
        byte[] input = [.. _client.Seal(Handshake, [24]), .. _client.Seal(Handshake, [0, 0]), .. _client.Seal(Handshake, [1, 0])];
        _client.Update();
        Assert.Equal("x"u8.ToArray(), Receive(64 * 1024, [.. input, .. _client.Seal(Data, "x"u8)]));
    }

    [Fact]
    public void The_version_of_a_record_means_nothing()
    {
        Assert.Equal("x"u8.ToArray(), Receive(64 * 1024, _client.Seal([.. "x"u8, Data], minorVersion: 1)));
    }

    [Fact]
    public void What_is_written_is_cut_into_records_and_closed_once()
    {
        var content = new byte[40_000];
        Random.Shared.NextBytes(content);
        Assert.True(_records.Write(content));
        _records.Shutdown();
        _records.Shutdown();
        Assert.False(_records.Write("x"u8));
        var sent = Sent();
        Assert.Equal([16384, 16384, 40_000 - 32768, 2], sent.Select(static record => record.Content.Length));
        Assert.Equal(content, sent[..3].SelectMany(static record => record.Content));
        Assert.Equal((Alert, [1, 0]), sent[3], Same);

        // Our end is not the client's: it may go on.
        Assert.Equal("y"u8.ToArray(), Receive(64 * 1024, _client.Seal(Data, "y"u8)));
        Assert.False(_records.Failed);
    }

    private static bool Same((byte Type, byte[] Content) one, (byte Type, byte[] Content) other) =>
        one.Type == other.Type && one.Content.AsSpan().SequenceEqual(other.Content);

    private static byte[] Forge(Func<RecordForge, byte[]> make) => make(new RecordForge(Suite, ClientSecret));

    private static byte[] Update(RecordForge client, byte isRequest)
    {
        var record = client.Seal(Handshake, [24, 0, 0, 1, isRequest]);
        client.Update();
        return record;
    }

    /// <summary>Hands pieces over one by one, as a session does, and reads whatever there is after each.</summary>
    private byte[] Receive(int capacity, params byte[][] pieces)
    {
        var read = new List<byte>();
        foreach (var piece in pieces)
        {
            var kept = _scratch.Bio.KeepInput();
            piece.CopyTo(_scratch.CipherIn, kept);
            _scratch.Bio.SetInput(kept + piece.Length);
            do
            {
                var count = _records.Read(_scratch.FromClient, 0, capacity);
                read.AddRange(_scratch.FromClient.AsSpan(0, count));
            }
            while (_records.HoldsPlaintext);
        }

        return [.. read];
    }

    private List<(byte Type, byte[] Content)> Sent()
    {
        var records = new List<(byte Type, byte[] Content)>();
        var bytes = _scratch.Bio.Output;
        while (!bytes.IsEmpty)
        {
            records.Add(_server.Open(ref bytes));
            if (records[^1].Type == Handshake)
            {
                _server.Update();
            }
        }

        _scratch.Bio.ClearOutput();
        return records;
    }
}
