using TlsFront.Connections;
using TlsFront.Fuzzing.Models;

namespace TlsFront.Fuzzing.Targets;

/// <summary>
/// What a peer may send once its handshake is over. The same records go to the engine's own layer and to the <c>SSL</c> of the same handshake:
/// nothing may reach the one that does not reach the other, and only where it is known to be stricter may the one end what the other goes on with.
/// </summary>
internal sealed class RecordsTarget : IFuzzTarget
{
    private const int UnexpectedMessage = 10;
    private const int BadRecordMac = 20;
    private const int RecordOverflow = 22;
    private const int HandshakeFailure = 40;
    private const int IllegalParameter = 47;
    private const int DecodeError = 50;
    private const int ProtocolVersion = 70;

    private static readonly (TlsVersion Version, string Suite, ushort Number, bool IsServer)[] Games =
    [
        (TlsVersion.Tls13, "TLS_AES_128_GCM_SHA256", 0x1301, true),
        (TlsVersion.Tls12, "ECDHE-ECDSA-AES128-GCM-SHA256", 0xC02B, true),
        (TlsVersion.Tls12, "ECDHE-ECDSA-CHACHA20-POLY1305", 0xCCA9, true),
        (TlsVersion.Tls13, "TLS_CHACHA20_POLY1305_SHA256", 0x1303, false),
        (TlsVersion.Tls12, "ECDHE-ECDSA-AES256-GCM-SHA384", 0xC02C, false),
    ];

    private readonly RecordGame?[] _games = new RecordGame?[Games.Length];

    /// <inheritdoc/>
    public string Name => "records";

    /// <inheritdoc/>
    public int MaximumLength => 512;

    /// <inheritdoc/>
    public long MaximumAllocation => 64 << 20;

    /// <inheritdoc/>
    public string Heads => "abcde";

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds { get; } =
    [
        .. from head in "abcde"
           from script in Scripts(
               "D0568656c6c6f ! D0178", "D00 D00 D027878", "A0100", "A0228", "A015a D0178 A0164", "U00 D0178", "U01 D0178 ! U01 D0179",
               "H0401000000 D0178", "H0400000000 D0178", "H021800 H03000100", "H080400000461626364 D0178", "D0178 R D0179", "D0378797a X0701",
               "C06140303000101", "T140101 D0178", "T180101", "B4000 D0178", "B4001", "P1000 D0178", "P4000", "V01 D0178", "N2017 D0178", "N2117",
               "N0515", "S D0178", "H00 D0178")
           select (byte[])[(byte)head, 0, .. script],
    ];

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. Scripts(
            "D0178", "D00", "A0100", "A015a", "A020a", "A0164", "U00", "U01", "H0401000000", "H0400000000", "R", "X0101", "!", "N2017", "N0515",
            "N2116", "B4000", "B3fff", "P0100", "V01", "S", "C051703030010", "T1601"),
    ];

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        if (input.Length < 2)
        {
            return;
        }

        var index = (byte)(input[0] - Heads[0]) % Games.Length;
        var (version, suite, number, isServer) = Games[index];
        var game = _games[index] ??= new RecordGame(version, suite, number, isServer);
        var (ours, theirs) = game.Play(input.AsSpan(2), capacity: input[1] == 0 ? int.MaxValue : input[1]);
        Assert.True(
            ours.Plaintext.AsSpan().StartsWith(theirs.Plaintext) || theirs.Plaintext.AsSpan().StartsWith(ours.Plaintext), "other plaintext");
        Assert.False(ours.IsStuck, "stuck");
        if (theirs.IsStuck || (ours.Failed && theirs.Failed && ours.Alert == theirs.Alert))
        {
            return;
        }

        if (!ours.Failed && !theirs.Failed)
        {
            Assert.Equal(Convert.ToHexString(theirs.Plaintext), Convert.ToHexString(ours.Plaintext));
            Assert.Equal(theirs.Closed, ours.Closed);
            Assert.Equal(theirs.Sent, ours.Sent);
        }
        else if (ours.Failed)
        {
            Assert.True(
                IsStricter(ours.Alert, version) || (theirs.Failed && IsOrder(ours.Alert, theirs.Alert)), $"alert {ours.Alert} for {theirs.Alert}");
        }
        else
        {
            Assert.True(IsLaxer(theirs.Alert), $"none for alert {theirs.Alert}");
        }
    }

    /// <summary>Scripts of <see cref="RecordScript"/>, each step a letter and octets in hexadecimal.</summary>
    private static IEnumerable<byte[]> Scripts(params string[] scripts) =>
        from script in scripts
        select script.Split(' ').SelectMany(static step => (byte[])[(byte)step[0], .. Convert.FromHexString(step.AsSpan(1))]).ToArray();

    /// <summary>
    /// Refusals of a header before anything is decrypted, a version that is authenticated and not looked at, what OpenSSL let pass before and we did
    /// not, or the other way round.
    /// </summary>
    private static bool IsOrder(int? ours, int? theirs) =>
        (ours, theirs) is (UnexpectedMessage or RecordOverflow or ProtocolVersion, BadRecordMac) or (BadRecordMac or RecordOverflow, ProtocolVersion)
            or (_, UnexpectedMessage or DecodeError or IllegalParameter or HandshakeFailure);

    /// <summary>Floods, empty messages and interrupted ones, and padding beyond the limit of RFC 8446 section 5.4: OpenSSL lets them pass.</summary>
    private static bool IsStricter(int? ours, TlsVersion version) =>
        ours is UnexpectedMessage or DecodeError || (ours is RecordOverflow && version == TlsVersion.Tls13);

    /// <summary>
    /// OpenSSL reads what a ticket says, minds the version of records of TLS 1.3, and ends a session whose peer warns of no_renegotiation.
    /// </summary>
    private static bool IsLaxer(int? theirs) => theirs is DecodeError or IllegalParameter or HandshakeFailure;
}
