using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>Records of RFC 8448, and of a client with another implementation.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class RecordProtectionTests : IDisposable
{
    private const string ClientSecret = "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5";
    private const string ServerSecret = "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643";

    private readonly NativeObjects _objects = new();
    private readonly AeadContexts _contexts;

    public RecordProtectionTests() => _contexts = new AeadContexts(3, _objects);

    public void Dispose() => _contexts.Dispose();

    /// <summary>RFC 8448 section 3: what the client says once the handshake is over, and its close_notify.</summary>
    [Fact]
    public void The_records_of_RFC_8448_are_read()
    {
        using var client = new Tls13Protection(AeadSuite.Aes128Gcm, false, Convert.FromHexString(ClientSecret), 0, _contexts);
        Assert.Equal("17422dda596ed5d9acd890e3c63f5051", Convert.ToHexStringLower(client.Key));
        var data = Open(
            client,
            "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb"
            + "21694915e4");
        Assert.Equal([.. Enumerable.Range(0, 50).Select(static number => (byte)number), 23], data);
        Assert.Equal([1, 0, 21], Open(client, "1703030013c9872760655666b74d7ff1153efd6db6d0b0e3"));
    }

    [Fact]
    public void The_servers_key_is_the_one_of_RFC_8448()
    {
        using var server = new Tls13Protection(AeadSuite.Aes128Gcm, true, Convert.FromHexString(ServerSecret), 0, _contexts);
        Assert.Equal("9f02283b6c9c07efc26bb9f2ac92e356", Convert.ToHexStringLower(server.Key));
    }

    /// <summary>More directions than contexts: each is given up and got again in between.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(16384)]
    public void What_is_sealed_is_read_by_others_and_the_other_way_round_however_few_contexts_there_are(int length)
    {
        var content = new byte[length];
        Random.Shared.NextBytes(content);
        var ends = new ushort[] { 0x1301, 0x1302, 0x1303 }.Select(suite =>
        {
            var secret = new byte[RecordForge.SecretLength(suite)];
            Random.Shared.NextBytes(secret);
            return (
                Reading: new Tls13Protection(AeadSuite.Find(suite)!, false, secret, 0, _contexts), Writer: new RecordForge(suite, secret),
                Writing: new Tls13Protection(AeadSuite.Find(suite)!, true, secret, 0, _contexts), Reader: new RecordForge(suite, secret));
        }).ToList();
        for (var round = 0; round < 5; round++)
        {
            foreach (var (reading, writer, writing, reader) in ends)
            {
                if (round == 3)
                {
                    reading.Update();
                    writer.Update();
                    writing.Update();
                    reader.Update();
                }

                var inner = new byte[length + 1];
                var record = writer.Seal(23, content);
                Assert.True(reading.TryOpen(record, inner, out _, out _));
                Assert.Equal([.. content, 23], inner);

                // Where it lies is as good a place as any.
                record = writer.Seal(23, content);
                Assert.True(reading.TryOpen(record, record.AsSpan(5..^16), out var opened, out var opens));
                Assert.Equal((ContentType.ApplicationData, length), (opened, opens));
                Assert.Equal([.. content, 23], record[5..^16]);
                record = new byte[writing.LengthOf(length)];
                Assert.True(writing.TrySeal(ContentType.ApplicationData, content, record));
                ReadOnlySpan<byte> bytes = record;
                var (type, read) = reader.Open(ref bytes);
                Assert.Equal(23, type);
                Assert.Equal(content, read);
            }
        }

        ends.ForEach(static end =>
        {
            end.Reading.Dispose();
            end.Writing.Dispose();
        });
        Assert.Equal(3, _objects.ByKind().Single(static counted => counted.Kind == "aead").Count);
    }

    [Fact]
    public void A_record_that_is_not_authentic_leaves_nothing_and_counts_for_nothing()
    {
        var secret = Convert.FromHexString(ClientSecret);
        using var reading = new Tls13Protection(AeadSuite.Aes128Gcm, false, secret, 0, _contexts);
        var record = new RecordForge(0x1301, secret).Seal(23, "secret"u8);
        var inner = new byte[7];
        for (var octet = 0; octet < record.Length; octet++)
        {
            inner.AsSpan().Fill(1);
            record[octet] ^= 1;
            Assert.False(reading.TryOpen(record, inner, out _, out _));
            Assert.Equal(new byte[7], inner);
            record[octet] ^= 1;
        }

        Assert.True(reading.TryOpen(record, inner, out _, out _));
    }

    private static byte[] Open(Tls13Protection protection, string hex)
    {
        var record = Convert.FromHexString(hex);
        var inner = new byte[record.Length - 5 - 16];
        Assert.True(protection.TryOpen(record, inner, out _, out _));
        return inner;
    }
}
