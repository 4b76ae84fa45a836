using System.Security.Cryptography;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Transport.Native.Records;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>
/// What a session relies on, whoever does it: OpenSSL's <c>SSL</c> or records of our own, of either version and in either role. The peer is OpenSSL.
/// Every test also asserts, at its end, that no native object is left.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class RecordLayerContractTests
{
    private const string Gcm13 = "TLS_AES_256_GCM_SHA384";
    private const string ChaCha13 = "TLS_CHACHA20_POLY1305_SHA256";
    private const string Gcm12 = "ECDHE-ECDSA-AES128-GCM-SHA256";
    private const string ChaCha12 = "ECDHE-ECDSA-CHACHA20-POLY1305";

    /// <summary>Suite, whether the end is the server's, and whether it goes on with records of our own.</summary>
    public static TheoryData<string, bool, bool> Ends()
    {
        var ends = new TheoryData<string, bool, bool>();
        foreach (var suite in new[] { Gcm13, ChaCha13, Gcm12, ChaCha12 })
        {
            foreach (var (isServer, isOwn) in new[] { (true, true), (true, false), (false, true), (false, false) })
            {
                ends.Add(suite, isServer, isOwn);
            }
        }

        return ends;
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void It_is_what_it_should_be(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        Assert.Equal(isOwn, end.Layer is RecordLayer);
        Assert.IsType<NativeTls>(peer.Layer);
        Assert.Equal((false, false, false, false), (end.Layer.Failed, end.Layer.PeerClosed, end.Layer.HoldsPlaintext, end.Layer.IsSpent));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Data_passes_both_ways_in_any_size(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        foreach (var length in new[] { 1, 2, 2047, 2048, 16_383, 16_384, 16_385, 60_000 })
        {
            var content = RandomNumberGenerator.GetBytes(length);
            Assert.Equal(content, Pass(peer, end, content));
            Assert.Equal(content, Pass(end, peer, content));
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Whatever_is_asked_for_at_once_everything_comes(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        var content = RandomNumberGenerator.GetBytes(40_000);
        foreach (var capacity in new[] { 1, 100, 16_384, 20_000 })
        {
            Assert.True(peer.Layer.Write(content));
            peer.SendTo(end);
            Assert.Equal(content, end.Receive(capacity));
            Assert.False(end.Layer.HoldsPlaintext);
        }
    }

    /// <summary>Wherever it stands: behind the handshake, between records, with plaintext that nobody has fetched, within a record.</summary>
    [Theory]
    [MemberData(nameof(Ends))]
    public void Records_of_our_own_go_on_in_another_process_and_those_of_OpenSSL_do_not(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        Assert.Equal(isOwn, end.TryMove());
        if (!isOwn)
        {
            return;
        }

        var content = RandomNumberGenerator.GetBytes(40_000);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(content, Pass(end, peer, content));
            Assert.True(end.TryMove());
            Assert.True(peer.Layer.Write(content));
            peer.SendTo(end);
            var received = new List<byte>();
            while (received.Count < content.Length)
            {
                received.AddRange(end.Receive(1000, once: true));
                Assert.True(end.TryMove());
            }

            Assert.Equal(content, received);
            Assert.True(peer.Layer.Write("in two"u8));
            var cipher = peer.TakeOutput();
            end.Give(cipher.AsSpan(0, 9));
            Assert.Empty(end.Receive());
            Assert.True(end.TryMove());
            end.Give(cipher.AsSpan(9));
            Assert.Equal("in two"u8.ToArray(), end.Receive());
        }

        // Nothing is moved behind an end.
        end.Layer.Shutdown();
        Assert.False(end.TryMove());
    }

    /// <summary>And it leaves nothing behind, which the pair asserts.</summary>
    [Theory]
    [MemberData(nameof(Ends))]
    public void A_state_that_is_not_whole_is_refused(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        if (!isOwn)
        {
            using var state = new StateWriter();
            Assert.False(end.Layer.TryExport(state));
            return;
        }

        Assert.True(peer.Layer.Write("undelivered"u8));
        peer.SendTo(end);
        Assert.Single(end.Receive(1, once: true));
        for (var length = end.StateLength() - 1; length >= 0; length--)
        {
            Assert.Throws<HandoverException>(() => end.TryMove(length));
        }

        Assert.True(end.TryMove());
        Assert.Equal("ndelivered"u8.ToArray(), end.Receive());
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Input_may_be_cut_at_any_octet(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        for (var cut = 0; cut < 100; cut++)
        {
            Assert.True(peer.Layer.Write("first"u8));
            Assert.True(peer.Layer.Write("second"u8));
            var sent = peer.TakeOutput();
            var at = Math.Min(cut, sent.Length);
            end.Give(sent.AsSpan(0, at));
            var read = end.Receive();
            end.Give(sent.AsSpan(at));
            Assert.Equal("firstsecond"u8.ToArray(), (byte[])[.. read, .. end.Receive()]);
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Both_say_goodbye_and_each_half_ends_for_itself(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        end.Layer.Shutdown();
        end.Layer.Shutdown();
        end.SendTo(peer);
        Assert.Empty(peer.Receive());
        Assert.True(peer.Layer.PeerClosed);
        Assert.False(end.Layer.PeerClosed);
        Assert.Equal("last"u8.ToArray(), Pass(peer, end, "last"u8));
        peer.Layer.Shutdown();
        peer.SendTo(end);
        Assert.Empty(end.Receive());
        Assert.Equal((true, false), (end.Layer.PeerClosed, end.Layer.Failed));
        Assert.Empty(end.TakeOutput());
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void The_peers_goodbye_is_no_end_of_ours(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        Assert.True(peer.Layer.Write("bye"u8));
        peer.Layer.Shutdown();
        peer.SendTo(end);
        Assert.Equal("bye"u8.ToArray(), end.Receive());
        Assert.Equal((true, false), (end.Layer.PeerClosed, end.Layer.Failed));
        Assert.Equal("answer"u8.ToArray(), Pass(end, peer, "answer"u8));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_record_that_was_changed_ends_it_behind_what_was_not(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        Assert.True(peer.Layer.Write("good"u8));
        var good = peer.TakeOutput();
        Assert.True(peer.Layer.Write("bad"u8));
        var bad = peer.TakeOutput();
        bad[^1] ^= 1;
        end.Give([.. good, .. bad]);
        Assert.Equal("good"u8.ToArray(), end.Receive());
        Assert.Equal((false, true), (end.Layer.PeerClosed, end.Layer.Failed));

        // The peer hears why, and nothing else.
        end.SendTo(peer);
        Assert.Empty(peer.Receive());
        Assert.True(peer.Layer.Failed);
        Assert.False(end.Layer.Write("x"u8));
        end.Layer.Shutdown();
        Assert.Empty(end.TakeOutput());
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void What_is_left_when_it_goes_is_no_leak(string suite, bool isServer, bool isOwn)
    {
        using var pair = Start(suite, isServer, isOwn, out var end, out var peer);
        Assert.True(peer.Layer.Write(new byte[10_000]));
        peer.SendTo(end);
        Assert.Single(end.Receive(1, once: true));
        Assert.True(end.Layer.HoldsPlaintext);
        end.Layer.KeepPlaintext();
        end.Layer.Dispose();
        end.Layer.Dispose();
    }

    private static TlsPair Start(string suite, bool isServer, bool isOwn, out TlsEnd end, out TlsEnd peer)
    {
        var pair = new TlsPair(TimeProvider.System, suite.StartsWith("TLS_", StringComparison.Ordinal) ? TlsVersion.Tls13 : TlsVersion.Tls12, suite)
        {
            ServerGoesOn = isServer && isOwn,
            ClientGoesOn = !isServer && isOwn,
        };
        Assert.Equal(0ul, pair.Handshake());
        (end, peer) = isServer ? (pair.Server, pair.Client) : (pair.Client, pair.Server);
        return pair;
    }

    private static byte[] Pass(TlsEnd from, TlsEnd to, ReadOnlySpan<byte> content)
    {
        Assert.True(from.Layer.Write(content));
        from.SendTo(to);
        return to.Receive();
    }
}
