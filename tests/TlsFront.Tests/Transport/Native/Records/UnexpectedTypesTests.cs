using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>
/// Every type of a record and of a handshake message, known or not: but for the few that may come once a handshake is over, each is answered with
/// unexpected_message (RFC 8446 sections 4 and 5, RFC 5246 sections 6 and 7.4).
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class UnexpectedTypesTests : IDisposable
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte Data = 23;

    private static readonly byte[] Ours = [.. Enumerable.Range(0, 32).Select(static number => (byte)number)];
    private static readonly byte[] Theirs = [.. Enumerable.Range(50, 32).Select(static number => (byte)number)];
    private static readonly byte[] UnexpectedMessage = [2, 10];

    private readonly NativeObjects _objects = new();
    private readonly LoopScratch _scratch;

    public UnexpectedTypesTests() => _scratch = new LoopScratch(64 * 1024, _objects);

    public void Dispose() => _scratch.Dispose();

    /// <summary>A server gets key updates and a client tickets as well; of TLS 1.2 a wish for another handshake alone.</summary>
    [Theory]
    [InlineData(true, true, new byte[] { 24 })]
    [InlineData(true, false, new byte[] { 4, 24 })]
    [InlineData(false, true, new byte[] { 1 })]
    [InlineData(false, false, new byte[] { 0 })]
    public void No_other_handshake_message_may_come(bool isTls13, bool isServer, byte[] expected)
    {
        foreach (var type in Enumerable.Range(0, 256).Select(static number => (byte)number).Except(expected))
        {
            AssertUnexpected(isTls13, isServer, peer => peer.Seal(Handshake, [type, 0, 0, 1, 0]));
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void No_other_record_may_come(bool isTls13, bool isServer)
    {
        foreach (var type in Enumerable.Range(0, 256).Select(static number => (byte)number).Except([Alert, Handshake, Data]))
        {
            AssertUnexpected(isTls13, isServer, peer => peer.Seal(type, [1]));

            // In clear as well.
            AssertUnexpected(isTls13, isServer, _ => [type, 3, 3, 0, 1, 1]);
        }
    }

    private void AssertUnexpected(bool isTls13, bool isServer, Func<IRecordForge, byte[]> make)
    {
        using RecordLayer records = isTls13
            ? new Tls13Records(
                isServer, new Tls13Protection(AeadSuite.Aes128Gcm, false, Theirs, 0, _scratch.Aead),
                new Tls13Protection(AeadSuite.Aes128Gcm, true, Ours, 0, _scratch.Aead), _scratch.Bio, _objects)
            : new Tls12Records(
                isServer, new Tls12Protection(AeadSuite.Aes256Gcm, false, Theirs, Theirs.AsSpan(0, 4), 0, 0, _scratch.Aead),
                new Tls12Protection(AeadSuite.Aes256Gcm, true, Ours, Ours.AsSpan(0, 4), 0, 0, _scratch.Aead), _scratch.Bio, _objects);
        var input = make(Forge(isTls13, Theirs));
        input.CopyTo(_scratch.CipherIn, 0);
        _scratch.Bio.SetInput(input.Length);
        Assert.Equal(0, records.Read(_scratch.FromClient, 0, _scratch.FromClient.Length));
        Assert.True(records.Failed);
        var sent = _scratch.Bio.Output;
        Assert.Equal(UnexpectedMessage, Forge(isTls13, Ours).Open(ref sent).Content);
        _scratch.Bio.ClearOutput();
    }

    private static IRecordForge Forge(bool isTls13, byte[] secret) =>
        isTls13 ? new RecordForge(0x1301, secret) : new Tls12Forge(isGcm: true, secret, secret[..4]);
}
