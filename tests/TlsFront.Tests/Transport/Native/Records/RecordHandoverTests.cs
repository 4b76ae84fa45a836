using System.Runtime.Versioning;

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
    [InlineData(0x303, "TLS_AES_128_GCM_SHA256", 0, false)]
    public async Task A_session_of_TLS_1_3_goes_on_without_OpenSSL(int version, string suite, byte fragmentLength, bool isWithout)
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
}
