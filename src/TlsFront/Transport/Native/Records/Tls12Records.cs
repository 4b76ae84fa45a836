using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Tls;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// TLS 1.2 with an AEAD once the handshake is over (RFC 5246 sections 6 and 7.2): keys are what they are, and a peer that wants another handshake is
/// told that there is none.
/// </summary>
/// <param name="isServer">Whether we are the server; otherwise we are the client.</param>
/// <param name="reading">Protection of what the peer sends.</param>
/// <param name="writing">Protection of what the peer gets.</param>
/// <param name="bio">Where ciphertext comes from and goes to.</param>
/// <param name="objects">Where it is counted.</param>
internal sealed class Tls12Records(
    bool isServer, Tls12Protection reading, Tls12Protection writing, ScratchBio bio, NativeObjects objects)
    : RecordLayer(reading, writing, bio, objects)
{
    /// <summary>Warnings in a row, as many as OpenSSL allows.</summary>
    private const int MaxWarnings = 4;

    private const byte NoRenegotiation = 100;
    private const byte HelloRequest = 0;
    private const byte ClientHello = 1;

    private readonly Tls12Protection _reading = reading;
    private readonly Tls12Protection _writing = writing;
    private int _warnings;
    private bool _owesRefusal;

    /// <summary>
    /// Records under the key of a direction. Defaults to 2^24: RFC 9325 section 4.4 has the limit of RFC 8446 section 5.5 heeded in TLS 1.2 as well,
    /// 2^24.5, and what is under way still has room.
    /// </summary>
    public ulong RecordsPerKey { get; set; } = 1 << 24;

    /// <inheritdoc/>
    public override bool IsSpent => _reading.Sequence >= RecordsPerKey || _writing.Sequence >= RecordsPerKey;

    /// <inheritdoc/>
    protected override TlsVersion Version => TlsVersion.Tls12;

    /// <inheritdoc/>
    protected override bool IsServer => isServer;

    /// <inheritdoc/>
    protected override void ExportVersionState(StateWriter state)
    {
        state.Write(_warnings);
        state.Write(_owesRefusal);
    }

    /// <inheritdoc/>
    protected override void ImportVersionState(ref StateReader state) => (_warnings, _owesRefusal) = (state.ReadCount(), state.ReadBoolean());

    /// <inheritdoc/>
    protected override TlsAlert? Refuse(RecordHeader header) =>
        header.Type is not (ContentType.ApplicationData or ContentType.Alert or ContentType.Handshake) ? TlsAlert.UnexpectedMessage
        : header.Version != RecordHeader.Tls12 ? TlsAlert.ProtocolVersion
        : null;

    /// <inheritdoc/>
    /// <remarks>RFC 5246 section 7.2: the level decides, and a warning may be ignored.</remarks>
    protected override TlsAlert? TakeAlert(byte level, byte description)
    {
        switch (level)
        {
            case Warning when description == CloseNotify:
                PeerClosed = true;
                return null;
            case Warning:
                return ++_warnings > MaxWarnings ? TlsAlert.UnexpectedMessage : null;
            case Fatal:
                Failed = true;
                return null;
            default:
                return TlsAlert.IllegalParameter;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// But for the wish for another handshake, none may come (RFC 5246 sections 7.4.1.1 and 7.4.1.2). What a ClientHello says is skipped.
    /// </remarks>
    protected override TlsAlert? TakeMessage(ref MessageReader message, ref ReadOnlySpan<byte> content)
    {
        if (message.Type != (isServer ? ClientHello : HelloRequest))
        {
            return TlsAlert.UnexpectedMessage;
        }

        if (message.Type == HelloRequest && message.Left > 0)
        {
            return TlsAlert.DecodeError;
        }

        _owesRefusal |= message.TrySkip(ref content);
        return null;
    }

    /// <inheritdoc/>
    protected override void TakeData(int length) => _warnings = 0;

    /// <inheritdoc/>
    /// <remarks>A warning, and the connection goes on (RFC 5246 section 7.2.2, RFC 5746 section 4.4).</remarks>
    protected override void Answer()
    {
        if (_owesRefusal)
        {
            _owesRefusal = false;
            Seal(ContentType.Alert, [Warning, NoRenegotiation]);
        }
    }
}
