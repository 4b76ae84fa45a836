using System.Runtime.Versioning;
using TlsFront.Connections;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>Which handshakes go on without OpenSSL, and that they do so where OpenSSL left off.</summary>
[SupportedOSPlatform("linux")]
public sealed class RecordHandoverTests
{
    /// <summary>Twice, so that the second handshake resumes the first one's session; both ways, because each has its own numbers.</summary>
    [Theory]
    [InlineData(0x304, "TLS_AES_128_GCM_SHA256", 0, true)]
    [InlineData(0x304, "TLS_AES_256_GCM_SHA384", 0, true)]
    [InlineData(0x304, "TLS_CHACHA20_POLY1305_SHA256", 0, true)]
    [InlineData(0x304, "TLS_AES_128_GCM_SHA256", 1, false)]
    [InlineData(0x303, "ECDHE-ECDSA-AES128-GCM-SHA256", 0, true)]
    [InlineData(0x303, "ECDHE-ECDSA-AES256-GCM-SHA384", 0, true)]
    [InlineData(0x303, "ECDHE-ECDSA-CHACHA20-POLY1305", 0, true)]
    [InlineData(0x303, "ECDHE-RSA-AES128-GCM-SHA256", 0, true)]
    [InlineData(0x303, "ECDHE-RSA-AES256-GCM-SHA384", 0, true)]
    [InlineData(0x303, "ECDHE-RSA-CHACHA20-POLY1305", 0, true)]
    [InlineData(0x303, "ECDHE-ECDSA-AES128-GCM-SHA256", 1, false)]
    public async Task A_session_goes_on_without_OpenSSL(int version, string suite, byte fragmentLength, bool isWithout)
    {
        await using var gateway = await NativeGateway.StartAsync();
        var session = (nint)0;
        foreach (var isResumed in new[] { false, true })
        {
            using (var client = new OpenSslClient(
                gateway.Address, session: session, minimumVersion: version, maximumVersion: version, suite: suite, fragmentLength: fragmentLength))
            {
                Assert.Equal(1, await client.HandshakeAsync());
                Assert.Equal(isResumed, client.Resumed);
                using var backend = await gateway.AcceptBackendAsync();
                foreach (var word in new[] { "ping", new string('x', 40_000) })
                {
                    await client.SendAsync(word);
                    Assert.Equal(word, await backend.ReceiveTextAsync(word.Length));
                    await backend.SendTextAsync(word);
                    Assert.Equal(word, await client.ReceiveAsync(word.Length));
                }

                Assert.Equal(isWithout ? (0, 1) : (1, 0), (gateway.Objects.Live.Ssl, gateway.Objects.LiveRecords));
                OpenSslClient.Free(session);
                session = client.TakeSession();
            }

            await gateway.EndAsync();
        }

        OpenSslClient.Free(session);
    }

    [Fact]
    public async Task A_session_whose_keys_are_spent_ends_in_order()
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = new OpenSslClient(gateway.Address, maximumVersion: 0x303);
        Assert.Equal(1, await client.HandshakeAsync());
        using var backend = await gateway.AcceptBackendAsync();
        await client.SendAsync("ping");
        Assert.Equal("ping", await backend.ReceiveTextAsync(4));

        // Its Finished and this.
        NativeInsides.RecordsOf(gateway.Latest!).RecordsPerKey = 2;
        await client.SendAsync("more");
        Assert.True(await client.ReceiveEndAsync());
        Assert.Equal(CloseReason.KeyLimit, await gateway.EndAsync());
    }

    /// <summary>Every cut of what the client sends behind its hello, and all of them at once.</summary>
    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305")]
    public void A_handshake_may_be_cut_anywhere(string suite)
    {
        // How long the client's flights are differs by a few octets.
        for (var cut = 0; cut < 160; cut++)
        {
            using var pair = new TlsPair(TimeProvider.System, TlsVersion.Tls12, suite) { ServerGoesOn = true };
            var isHello = true;
            pair.OnTheWay = sent =>
            {
                (var isWhole, isHello) = (isHello, false);
                return isWhole ? [sent] : Cut(sent, cut);
            };
            Assert.Equal(0ul, pair.Handshake());
            AssertGoesOn(pair);
        }
    }

    /// <summary>
    /// A client may cut its Finished into records of one octet: its first data is not the second record then. Nor need it wait for ours (RFC 7918).
    /// </summary>
    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256", 0xC02B, 16)]
    [InlineData("ECDHE-ECDSA-AES256-GCM-SHA384", 0xC02C, 7)]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305", 0xCCA9, 2)]
    public void A_Finished_may_come_in_several_records(string suite, ushort number, int records)
    {
        using var pair = new TlsPair(TimeProvider.System, TlsVersion.Tls12, suite) { ServerGoesOn = true };
        Tls12Forge? client = null;
        var isHello = true;
        pair.OnTheWay = sent =>
        {
            (var isWhole, isHello) = (isHello, false);
            if (isWhole || sent.Length == 0)
            {
                return [sent];
            }

            client = NativeInsides.ForgesOf(pair.Client.Tls, number).Client;
            return [[.. Recut(sent, client, records), .. client.Seal(23, "early"u8)]];
        };
        Assert.Equal(0ul, pair.Handshake());
        Assert.IsType<Tls12Records>(pair.Server.Layer);
        Assert.Equal("early"u8.ToArray(), pair.Server.Receive());
        pair.Server.Give(client!.Seal(23, "ping"u8));
        Assert.Equal("ping"u8.ToArray(), pair.Server.Receive());
        Assert.True(pair.Server.Layer.Write("pong"u8));
        pair.Server.SendTo(pair.Client);
        Assert.Equal("pong"u8.ToArray(), pair.Client.Receive());
    }

    /// <summary>Where we are the client, and the server as well.</summary>
    [Theory]
    [InlineData(0x304, "TLS_AES_256_GCM_SHA384", false)]
    [InlineData(0x304, "TLS_AES_256_GCM_SHA384", true)]
    [InlineData(0x303, "ECDHE-ECDSA-AES128-GCM-SHA256", false)]
    [InlineData(0x303, "ECDHE-ECDSA-AES128-GCM-SHA256", true)]
    [InlineData(0x303, "ECDHE-ECDSA-CHACHA20-POLY1305", false)]
    [InlineData(0x303, "ECDHE-ECDSA-CHACHA20-POLY1305", true)]
    public void A_client_goes_on_without_OpenSSL(int version, string suite, bool isServerWithout)
    {
        using var pair = new TlsPair(TimeProvider.System, (TlsVersion)version, suite) { ClientGoesOn = true, ServerGoesOn = isServerWithout };
        Assert.Equal(0ul, pair.Handshake());
        Assert.Equal((true, isServerWithout), (pair.Client.Layer is RecordLayer, pair.Server.Layer is RecordLayer));

        // Behind tickets in TLS 1.3.
        AssertPasses(pair.Server, pair.Client);
        AssertPasses(pair.Client, pair.Server);
        AssertPasses(pair.Server, pair.Client);
        pair.Client.Layer.Shutdown();
        pair.Client.SendTo(pair.Server);
        Assert.Empty(pair.Server.Receive());
        Assert.True(pair.Server.Layer.PeerClosed);
    }

    /// <summary>OpenSSL begins its nonces anywhere and ours count on.</summary>
    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256", 0xC02B)]
    [InlineData("ECDHE-ECDSA-AES256-GCM-SHA384", 0xC02C)]
    public void No_nonce_comes_twice(string suite, ushort number)
    {
        using var pair = new TlsPair(TimeProvider.System, TlsVersion.Tls12, suite) { ServerGoesOn = true };
        var finished = Array.Empty<byte>();
        pair.OnTheWayBack = sent => finished = sent.Length > 0 ? sent : finished;
        Assert.Equal(0ul, pair.Handshake());
        var server = NativeInsides.ForgesOf(pair.Client.Tls, number).Server;

        // Behind a ticket and a ChangeCipherSpec, which is 1.
        ReadOnlySpan<byte> bytes = finished;
        bytes = bytes[(bytes.IndexOf<byte>([20, 3, 3, 0, 1, 1]) + 6)..];
        Assert.Equal(22, server.Open(ref bytes).Type);
        Assert.True(bytes.IsEmpty);
        var nonce = server.LastNonce;
        for (var i = 1ul; i <= 3; i++)
        {
            Assert.True(pair.Server.Layer.Write("x"u8));
            bytes = pair.Server.TakeOutput();
            Assert.Equal(23, server.Open(ref bytes).Type);
            Assert.Equal(unchecked(nonce + i), server.LastNonce);
        }
    }

    /// <summary>In two pieces, or in octets.</summary>
    private static IEnumerable<byte[]> Cut(byte[] sent, int cut) =>
        cut == 0 ? sent.Select(static octet => (byte[])[octet]) : [[.. sent.Take(cut)], [.. sent.Skip(cut)]];

    private static void AssertGoesOn(TlsPair pair)
    {
        Assert.IsType<Tls12Records>(pair.Server.Layer);
        AssertPasses(pair.Client, pair.Server);
        AssertPasses(pair.Server, pair.Client);
        AssertPasses(pair.Client, pair.Server);
    }

    private static void AssertPasses(TlsEnd from, TlsEnd to)
    {
        Assert.True(from.Layer.Write("data"u8));
        from.SendTo(to);
        Assert.Equal("data"u8.ToArray(), to.Receive());
    }

    /// <summary>The same messages, with the Finished in as many records as told.</summary>
    private static byte[] Recut(byte[] sent, Tls12Forge client, int records)
    {
        var start = sent.AsSpan().IndexOf<byte>([20, 3, 3, 0, 1, 1]) + 6;
        ReadOnlySpan<byte> bytes = sent.AsSpan(start);
        var (type, finished) = client.Open(ref bytes);
        Assert.True(bytes.IsEmpty);
        client.Sequence = 0;
        client.NextNonce = 5;
        var parts = Enumerable.Range(0, records)
            .Select(part => finished[(part * finished.Length / records)..((part + 1) * finished.Length / records)]);
        return [.. sent[..start], .. parts.SelectMany(part => client.Seal(type, part))];
    }
}
