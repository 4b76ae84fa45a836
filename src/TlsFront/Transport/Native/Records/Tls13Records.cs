using System.Buffers;
using TlsFront.Tls;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// The server's part of TLS 1.3 once the handshake is over, without OpenSSL's <c>SSL</c>, which costs an idle session 14 KB: records are protected by
/// libcrypto's AEADs with the secrets of the handshake that OpenSSL did. What is left of the protocol is here: records, alerts, key updates.
/// </summary>
internal sealed class Tls13Records : IRecordLayer
{
    /// <summary>Records without data in a row, such as empty ones and warnings: they keep a server busy.</summary>
    private const int MaxBarren = 32;

    /// <summary>What a key update costs, in octets of data to decrypt, more or less.</summary>
    private const int UpdateCost = 512;

    /// <summary>How much of that may be owed: 32 updates without data.</summary>
    private const int MaxDebt = 32 * UpdateCost;

    private const byte Warning = 1;
    private const byte Fatal = 2;
    private const byte CloseNotify = 0;
    private const byte UserCanceled = 90;

    private readonly RecordProtection _reading;
    private readonly RecordProtection _writing;
    private readonly ScratchBio _bio;
    private readonly NativeObjects _objects;
    private KeyUpdateReader _messages;
    private byte[] _rest = [];
    private int _restStart;
    private int _restEnd;
    private int _barren;
    private int _debt;
    private bool _owesUpdate;
    private bool _saidEnd;
    private bool _isDisposed;

    /// <param name="reading">Protection of what the client sends.</param>
    /// <param name="writing">Protection of what the client gets.</param>
    /// <param name="bio">Where ciphertext comes from and goes to.</param>
    /// <param name="objects">Where it is counted.</param>
    public Tls13Records(RecordProtection reading, RecordProtection writing, ScratchBio bio, NativeObjects objects)
    {
        (_reading, _writing, _bio, _objects) = (reading, writing, bio, objects);
        objects.Records(1);
    }

    /// <summary>Records under one key of ours. Defaults to 2^23, a third of what RFC 8446 section 5.5 grants AES-GCM.</summary>
    public ulong RecordsPerKey { get; init; } = 1 << 23;

    /// <inheritdoc/>
    public bool PeerClosed { get; private set; }

    /// <inheritdoc/>
    public bool Failed { get; private set; }

    /// <inheritdoc/>
    public bool HoldsPlaintext { get; private set; }

    /// <inheritdoc/>
    public int Read(byte[] pinned, int offset, int capacity)
    {
        var output = pinned.AsSpan(offset, capacity);
        var total = TakeRest(output);
        HoldsPlaintext = _restEnd > 0;
        while (!PeerClosed && !Failed && !HoldsPlaintext && RecordHeader.TryRead(_bio.Input, out var header))
        {
            if (Check(header) is { } alert)
            {
                Fail(alert);
            }
            else if (_bio.InputLeft < header.RecordLength)
            {
                break;
            }
            else if (total > 0 && output.Length - total < header.InnerLength)
            {
                HoldsPlaintext = true;
            }
            else
            {
                var record = _bio.Input[..header.RecordLength];
                _bio.Take(header.RecordLength);
                total += Open(record, output[total..]);
                HoldsPlaintext = _restEnd > 0;
            }
        }

        if (_owesUpdate && !Failed && !_saidEnd)
        {
            // One answers all that were asked for (RFC 8446 section 4.6.3).
            UpdateWriting();
        }

        return total;
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_writing.Sequence >= RecordsPerKey)
            {
                UpdateWriting();
            }

            var part = bytes[..Math.Min(bytes.Length, TlsRecord.MaxPlaintext)];
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

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _reading.Dispose();
            _writing.Dispose();
            ReturnRest();
            _objects.Records(-1);
        }
    }

    /// <summary>What is wrong with a record as far as its header says.</summary>
    private static TlsAlert? Check(RecordHeader header) =>
        header.Type != ContentType.ApplicationData ? TlsAlert.UnexpectedMessage
        : header.BodyLength > RecordHeader.MaxBodyLength ? TlsAlert.RecordOverflow
        : header.InnerLength < 0 ? TlsAlert.BadRecordMac
        : null;

    /// <summary>Opens a record; how much application data it had for <paramref name="output"/>. What did not fit is the rest.</summary>
    private int Open(Span<byte> record, Span<byte> output)
    {
        var body = record[RecordHeader.Length..];
        var length = body.Length - AeadSuite.TagLength;
        var isInPlace = output.Length < length;
        var inner = (isInPlace ? body : output)[..length];
        if (!_reading.TryOpen(record[..RecordHeader.Length], body, inner))
        {
            Fail(TlsAlert.BadRecordMac);
            return 0;
        }

        var content = inner.TrimEnd((byte)0);
        var alert = length > TlsRecord.MaxPlaintext + 1 ? TlsAlert.RecordOverflow
            : content.IsEmpty ? TlsAlert.UnexpectedMessage
            : Take((ContentType)content[^1], content[..^1]);
        if (alert is not null || content[^1] != (byte)ContentType.ApplicationData)
        {
            // It may be anything, and nobody clears what nobody was given.
            inner.Clear();
            if (alert is { } refusal)
            {
                Fail(refusal);
            }

            return 0;
        }

        content = content[..^1];
        if (!isInPlace)
        {
            return content.Length;
        }

        var fitting = Math.Min(content.Length, output.Length);
        content[..fitting].CopyTo(output);
        KeepRest(content[fitting..]);
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

        var alert = type switch
        {
            ContentType.ApplicationData => null,
            ContentType.Alert => TakeAlert(content),
            ContentType.Handshake => TakeMessage(content),
            _ => TlsAlert.UnexpectedMessage,
        };
        if (type == ContentType.ApplicationData && !content.IsEmpty)
        {
            _barren = 0;
            _debt = Math.Max(0, _debt - content.Length);
        }
        else if (++_barren > MaxBarren && !PeerClosed && !Failed)
        {
            return TlsAlert.UnexpectedMessage;
        }

        return alert;
    }

    /// <summary>RFC 8446 section 6: but for two, every alert is the end, and levels mean nothing.</summary>
    private TlsAlert? TakeAlert(ReadOnlySpan<byte> alert)
    {
        if (alert.Length != 2)
        {
            return alert.IsEmpty ? TlsAlert.UnexpectedMessage : TlsAlert.DecodeError;
        }

        PeerClosed = alert[1] == CloseNotify;
        Failed = alert[1] is not CloseNotify and not UserCanceled;
        return null;
    }

    private TlsAlert? TakeMessage(ReadOnlySpan<byte> content)
    {
        var alert = _messages.Read(content, out var isUpdate, out var isRequest);
        if (isUpdate)
        {
            _debt += UpdateCost;
            if (_debt > MaxDebt)
            {
                return TlsAlert.UnexpectedMessage;
            }

            _reading.Update();
            _owesUpdate |= isRequest;
        }

        return alert;
    }

    /// <summary>Says that another key follows, and has it follow.</summary>
    private void UpdateWriting()
    {
        _owesUpdate = false;
        if (Seal(ContentType.Handshake, [24, 0, 0, 1, 0]))
        {
            _writing.Update();
        }
    }

    private void Fail(TlsAlert alert)
    {
        if (!_saidEnd)
        {
            Seal(ContentType.Alert, [Fatal, (byte)alert]);
        }

        Failed = true;
    }

    private bool Seal(ContentType type, ReadOnlySpan<byte> content)
    {
        var length = RecordHeader.LengthOf(content.Length);
        if (Failed || _saidEnd || _bio.OutputLeft.Length < length || !_writing.TrySeal(type, content, _bio.OutputLeft))
        {
            Failed |= !_saidEnd;
            return false;
        }

        _bio.Put(length);
        return true;
    }

    private int TakeRest(Span<byte> output)
    {
        var count = Math.Min(_restEnd - _restStart, output.Length);
        _rest.AsSpan(_restStart, count).CopyTo(output);
        _restStart += count;
        if (_restStart == _restEnd)
        {
            ReturnRest();
        }

        return count;
    }

    private void KeepRest(ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            _rest = ArrayPool<byte>.Shared.Rent(rest.Length);
            _objects.Held(_rest.Length);
            rest.CopyTo(_rest);
            _restEnd = rest.Length;
        }
    }

    private void ReturnRest()
    {
        if (_rest.Length > 0)
        {
            _objects.Held(-_rest.Length);
            ArrayPool<byte>.Shared.Return(_rest, clearArray: true);
            (_rest, _restStart, _restEnd) = ([], 0, 0);
        }
    }
}
