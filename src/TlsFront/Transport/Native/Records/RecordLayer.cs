using System.Buffers;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Tls;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// What both versions of TLS have in common once their handshake is over, without OpenSSL's <c>SSL</c>, which costs an idle session 14 KB: records
/// are protected by libcrypto's AEADs with the keys of the handshake that OpenSSL did. What is left of the protocol is here and in the versions.
/// </summary>
internal abstract class RecordLayer : IRecordLayer
{
    /// <summary>Level of alerts that are not the end.</summary>
    protected const byte Warning = 1;

    /// <summary>Level of alerts that are the end.</summary>
    protected const byte Fatal = 2;

    /// <summary>The alert that says that nothing more is sent.</summary>
    protected const byte CloseNotify = 0;

    /// <summary>Records without data in a row, such as empty ones and warnings: they keep an endpoint busy.</summary>
    private const int MaxBarren = 32;

    private readonly RecordProtection _reading;
    private readonly RecordProtection _writing;
    private readonly ScratchBio _bio;
    private readonly NativeObjects _objects;
    private MessageReader _messages;
    private byte[] _undelivered = [];
    private int _undeliveredStart;
    private int _undeliveredEnd;
    private int _barren;
    private bool _saidEnd;
    private bool _isDisposed;

    /// <param name="reading">Protection of what the peer sends.</param>
    /// <param name="writing">Protection of what the peer gets.</param>
    /// <param name="bio">Where ciphertext comes from and goes to.</param>
    /// <param name="objects">Where it is counted.</param>
    protected RecordLayer(RecordProtection reading, RecordProtection writing, ScratchBio bio, NativeObjects objects)
    {
        (_reading, _writing, _bio, _objects) = (reading, writing, bio, objects);
        objects.Records(1);
    }

    /// <inheritdoc/>
    public bool PeerClosed { get; protected set; }

    /// <inheritdoc/>
    public bool Failed { get; protected set; }

    /// <inheritdoc/>
    public bool HoldsPlaintext { get; private set; }

    /// <inheritdoc/>
    public abstract bool IsSpent { get; }

    /// <inheritdoc/>
    public int Read(byte[] pinned, int offset, int capacity)
    {
        var output = pinned.AsSpan(offset, capacity);
        var total = TakeUndelivered(output);
        HoldsPlaintext = _undeliveredEnd > 0;
        while (!PeerClosed && !Failed && !HoldsPlaintext && RecordHeader.TryRead(_bio.Input, out var header))
        {
            if ((Refuse(header) ?? RefuseLength(header.RecordLength)) is { } alert)
            {
                Fail(alert);
            }
            else if (_bio.InputLeft < header.RecordLength)
            {
                break;
            }
            else if (total > 0 && output.Length - total < _reading.InnerLength(header.RecordLength))
            {
                HoldsPlaintext = true;
            }
            else
            {
                var record = _bio.Input[..header.RecordLength];
                _bio.Take(header.RecordLength);
                total += Open(record, output[total..]);
                HoldsPlaintext = _undeliveredEnd > 0;
            }
        }

        if (!Failed && !_saidEnd)
        {
            Answer();
        }

        return total;
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, TlsRecord.MaxPlaintext)];
            PrepareWrite();
            if (!Seal(ContentType.ApplicationData, part))
            {
                return false;
            }

            bytes = bytes[part.Length..];
        }

        return true;
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        if (!_saidEnd)
        {
            Seal(ContentType.Alert, [Warning, CloseNotify]);
            _saidEnd = true;
        }
    }

    /// <inheritdoc/>
    /// <remarks>There is no other copy of it than the one that was asked for.</remarks>
    public void KeepPlaintext()
    {
    }

    /// <inheritdoc/>
    /// <remarks>Not within a message of the handshake protocol, which is for a moment at most, and not behind an end.</remarks>
    public bool TryExport(StateWriter state)
    {
        if (PeerClosed || Failed || _saidEnd || _messages.IsWithinMessage)
        {
            return false;
        }

        state.Write((int)Version);
        state.Write(IsServer);
        state.Write((int)_reading.Suite.Number);
        _reading.Export(state);
        _writing.Export(state);
        state.Write(_barren);
        state.Write(_undelivered.AsSpan(_undeliveredStart, _undeliveredEnd - _undeliveredStart));
        ExportVersionState(state);
        return true;
    }

    /// <summary>Goes on with what was exported behind the keys.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public void Import(ref StateReader state)
    {
        _barren = state.ReadCount();
        KeepUndelivered(state.ReadBytes());
        HoldsPlaintext = _undeliveredEnd > 0;
        ImportVersionState(ref state);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _reading.Dispose();
            _writing.Dispose();
            ReturnUndelivered();
            _objects.Records(-1);
        }
    }

    /// <summary>The version of TLS.</summary>
    protected abstract TlsVersion Version { get; }

    /// <summary>Whether we are the server; otherwise we are the client.</summary>
    protected abstract bool IsServer { get; }

    /// <summary>Writes what of the state is the version's.</summary>
    protected abstract void ExportVersionState(StateWriter state);

    /// <summary>Reads it.</summary>
    protected abstract void ImportVersionState(ref StateReader state);

    /// <summary>What is wrong with a record as far as its type and version say.</summary>
    protected abstract TlsAlert? Refuse(RecordHeader header);

    /// <summary>Takes what there is of a handshake message whose header was read; the alert that ends the connection, or null.</summary>
    protected abstract TlsAlert? TakeMessage(ref MessageReader message, ref ReadOnlySpan<byte> content);

    /// <summary>Takes an alert that is authentic; the one that ends the connection, or null.</summary>
    protected abstract TlsAlert? TakeAlert(byte level, byte description);

    /// <summary>Data was read.</summary>
    protected abstract void TakeData(int length);

    /// <summary>Writes what is owed for what was read, once for all of it.</summary>
    protected abstract void Answer();

    /// <summary>Data is about to be written.</summary>
    protected virtual void PrepareWrite()
    {
    }

    /// <summary>Puts a record into the scratch.</summary>
    protected bool Seal(ContentType type, ReadOnlySpan<byte> content)
    {
        var length = _writing.LengthOf(content.Length);
        if (Failed || _saidEnd || _bio.OutputLeft.Length < length || !_writing.TrySeal(type, content, _bio.OutputLeft))
        {
            Failed |= !_saidEnd;
            return false;
        }

        _bio.Put(length);
        return true;
    }

    /// <summary>
    /// What is encrypted is as long as what is decrypted, but for nonce and tag. So whether content, or content with its padding, keeps to the limits
    /// of RFC 5246 section 6.2.1 and RFC 8446 section 5.4 is known before anything is decrypted; those of what is encrypted are wider.
    /// </summary>
    private TlsAlert? RefuseLength(int record) =>
        record > _reading.LengthOf(TlsRecord.MaxPlaintext) ? TlsAlert.RecordOverflow
        : _reading.InnerLength(record) < 0 ? TlsAlert.BadRecordMac
        : null;

    /// <summary>Opens a record; how much application data it had for <paramref name="output"/>. What did not fit is the rest.</summary>
    private int Open(Span<byte> record, Span<byte> output)
    {
        var innerLength = _reading.InnerLength(record.Length);
        var isInPlace = output.Length < innerLength;
        var inner = isInPlace ? record.Slice(_reading.PrefixLength, innerLength) : output[..innerLength];
        if (!_reading.TryOpen(record, inner, out var type, out var length))
        {
            Fail(TlsAlert.BadRecordMac);
            return 0;
        }

        var content = inner[..length];
        var alert = Take(type, content);
        if (alert is not null || type != ContentType.ApplicationData)
        {
            // It may be anything, and nobody clears what nobody was given.
            inner.Clear();
            if (alert is { } refusal)
            {
                Fail(refusal);
            }

            return 0;
        }

        if (!isInPlace)
        {
            return length;
        }

        var fitting = Math.Min(length, output.Length);
        content[..fitting].CopyTo(output);
        KeepUndelivered(content[fitting..]);
        content.Clear();
        return fitting;
    }

    /// <summary>Takes the content of a record that is authentic; the alert that ends the connection, or null.</summary>
    private TlsAlert? Take(ContentType type, ReadOnlySpan<byte> content)
    {
        if (type != ContentType.Handshake && _messages.IsWithinMessage)
        {
            return TlsAlert.UnexpectedMessage;
        }

        if (type == ContentType.ApplicationData && !content.IsEmpty)
        {
            _barren = 0;
            TakeData(content.Length);
            return null;
        }

        var alert = type switch
        {
            ContentType.ApplicationData => null,
            ContentType.Alert when content.Length == 2 => TakeAlert(content[0], content[1]),
            ContentType.Alert when !content.IsEmpty => TlsAlert.DecodeError,
            ContentType.Handshake when !content.IsEmpty => TakeMessages(content),
            _ => TlsAlert.UnexpectedMessage,
        };
        return ++_barren > MaxBarren && !PeerClosed && !Failed ? TlsAlert.UnexpectedMessage : alert;
    }

    private TlsAlert? TakeMessages(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty && _messages.TryReadHeader(ref content))
        {
            if (TakeMessage(ref _messages, ref content) is { } alert)
            {
                return alert;
            }
        }

        return null;
    }

    private void Fail(TlsAlert alert)
    {
        if (!_saidEnd)
        {
            Seal(ContentType.Alert, [Fatal, (byte)alert]);
        }

        Failed = true;
    }

    private int TakeUndelivered(Span<byte> output)
    {
        var count = Math.Min(_undeliveredEnd - _undeliveredStart, output.Length);
        _undelivered.AsSpan(_undeliveredStart, count).CopyTo(output);
        _undeliveredStart += count;
        if (_undeliveredStart == _undeliveredEnd)
        {
            ReturnUndelivered();
        }

        return count;
    }

    private void KeepUndelivered(ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            _undelivered = ArrayPool<byte>.Shared.Rent(rest.Length);
            _objects.Held(_undelivered.Length);
            rest.CopyTo(_undelivered);
            _undeliveredEnd = rest.Length;
        }
    }

    private void ReturnUndelivered()
    {
        if (_undelivered.Length > 0)
        {
            _objects.Held(-_undelivered.Length);
            ArrayPool<byte>.Shared.Return(_undelivered, clearArray: true);
            (_undelivered, _undeliveredStart, _undeliveredEnd) = ([], 0, 0);
        }
    }
}
