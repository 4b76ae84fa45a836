using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Tls;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>TLS 1.3 once the handshake is over (RFC 8446 sections 4.6, 5 and 6): keys may change.</summary>
/// <param name="isServer">Whether we are the server; otherwise we are the client.</param>
/// <param name="reading">Protection of what the peer sends.</param>
/// <param name="writing">Protection of what the peer gets.</param>
/// <param name="bio">Where ciphertext comes from and goes to.</param>
/// <param name="objects">Where it is counted.</param>
internal sealed class Tls13Records(
    bool isServer, Tls13Protection reading, Tls13Protection writing, ScratchBio bio, NativeObjects objects)
    : RecordLayer(reading, writing, bio, objects)
{
    /// <summary>What a key update costs, in octets of data to decrypt, more or less.</summary>
    private const int UpdateCost = 512;

    /// <summary>How much of that may be owed: 32 updates without data.</summary>
    private const int MaxDebt = 32 * UpdateCost;

    private const byte UserCanceled = 90;
    private const byte NewSessionTicket = 4;
    private const byte KeyUpdate = 24;

    private readonly Tls13Protection _reading = reading;
    private readonly Tls13Protection _writing = writing;
    private int _debt;
    private bool _owesUpdate;

    /// <summary>Records under one key of ours. Defaults to 2^23, a third of what RFC 8446 section 5.5 grants AES-GCM.</summary>
    public ulong RecordsPerKey { get; init; } = 1 << 23;

    /// <inheritdoc/>
    /// <remarks>A new key follows in time.</remarks>
    public override bool IsSpent => false;

    /// <inheritdoc/>
    protected override TlsVersion Version => TlsVersion.Tls13;

    /// <inheritdoc/>
    protected override bool IsServer => isServer;

    /// <inheritdoc/>
    protected override void ExportVersionState(StateWriter state)
    {
        state.Write(_debt);
        state.Write(_owesUpdate);
    }

    /// <inheritdoc/>
    protected override void ImportVersionState(ref StateReader state) => (_debt, _owesUpdate) = (state.ReadCount(), state.ReadBoolean());

    /// <inheritdoc/>
    /// <remarks>Its version means nothing (RFC 8446 section 5.2).</remarks>
    protected override TlsAlert? Refuse(RecordHeader header) =>
        header.Type == ContentType.ApplicationData ? null : TlsAlert.UnexpectedMessage;

    /// <inheritdoc/>
    /// <remarks>RFC 8446 section 6: but for two, every alert is the end, and levels mean nothing.</remarks>
    protected override TlsAlert? TakeAlert(byte level, byte description)
    {
        PeerClosed = description == CloseNotify;
        Failed = description is not CloseNotify and not UserCanceled;
        return null;
    }

    /// <inheritdoc/>
    /// <remarks>Tickets are for clients that resume sessions, which we as one never do.</remarks>
    protected override TlsAlert? TakeMessage(ref MessageReader message, ref ReadOnlySpan<byte> content)
    {
        switch (message.Type)
        {
            case KeyUpdate:
                return TakeUpdate(ref message, ref content);
            case NewSessionTicket when !isServer:
                message.TrySkip(ref content);
                return null;
            default:
                return TlsAlert.UnexpectedMessage;
        }
    }

    /// <inheritdoc/>
    protected override void TakeData(int length) => _debt = Math.Max(0, _debt - length);

    /// <inheritdoc/>
    /// <remarks>One key update answers all that were asked for (RFC 8446 section 4.6.3).</remarks>
    protected override void Answer()
    {
        if (_owesUpdate)
        {
            UpdateWriting();
        }
    }

    /// <inheritdoc/>
    protected override void PrepareWrite()
    {
        if (_writing.Sequence >= RecordsPerKey)
        {
            UpdateWriting();
        }
    }

    private TlsAlert? TakeUpdate(ref MessageReader message, ref ReadOnlySpan<byte> content)
    {
        if (message.Left != 1)
        {
            return TlsAlert.DecodeError;
        }

        if (content.IsEmpty)
        {
            return null;
        }

        var request = content[0];
        message.TrySkip(ref content);
        if (request > 1)
        {
            return TlsAlert.IllegalParameter;
        }

        // Whatever is behind it in its record was encrypted with a key that is no more (RFC 8446 section 5.1).
        _debt += UpdateCost;
        if (!content.IsEmpty || _debt > MaxDebt)
        {
            return TlsAlert.UnexpectedMessage;
        }

        _reading.Update();
        _owesUpdate |= request == 1;
        return null;
    }

    /// <summary>Says that another key follows, and has it follow.</summary>
    private void UpdateWriting()
    {
        _owesUpdate = false;
        if (Seal(ContentType.Handshake, [KeyUpdate, 0, 0, 1, 0]))
        {
            _writing.Update();
        }
    }
}
