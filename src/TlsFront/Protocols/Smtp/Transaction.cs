namespace TlsFront.Protocols.Smtp;

/// <summary>
/// The mail transaction as the backend sees it. MAIL and BDAT are forwarded only when no reply is outstanding, so at those points
/// this is exact.
/// </summary>
internal sealed class Transaction
{
    // Far below what any client sends, and far above the refusal it gets.
    private const int LeastChunk = 1024;

    private bool _sentInternationalized;
    private int _recipients;
    private bool _hadSeveralRecipients;
    private string? _recipient;
    private bool _sawLastChunk;

    /// <summary>Whether the backend accepted a MAIL and has not yet ended what it began.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether it is under SMTPUTF8 (RFC 6531).</summary>
    public bool IsInternationalized { get; private set; }

    /// <summary>Whether its message already has our <c>Received</c> field.</summary>
    public bool HasHeader { get; set; }

    /// <summary>
    /// Whether a chunk was refused, by the backend or here. Which of the chunks a backend keeps then is its own affair, so none may follow
    /// until RSET, EHLO or another MAIL (RFC 3030 section 2), or it could become a message without our field.
    /// </summary>
    public bool IsDead { get; set; }

    /// <summary>Whether content came by BDAT; DATA must not follow (RFC 3030 section 3).</summary>
    public bool HasChunks { get; private set; }

    /// <summary>Octets that came by BDAT, our field not counted.</summary>
    public long ChunkOctets { get; private set; }

    /// <summary>Whether the backend accepted a recipient. Exact once every RCPT was answered, as at DATA.</summary>
    public bool HasRecipients => _recipients > 0;

    /// <summary>The recipient, if there is exactly one and it can be written; two would tell of each other (RFC 5321 section 7.6).</summary>
    public string? OnlyRecipient => _recipients == 1 && !_hadSeveralRecipients ? _recipient : null;

    /// <summary>
    /// Continues a session whose backend had accepted a recipient. Who it was is not handed over, so <see cref="OnlyRecipient"/> names nobody.
    /// </summary>
    public void AssumeRecipients() => (_recipients, _hadSeveralRecipients) = (1, true);

    /// <summary>A MAIL goes to the backend.</summary>
    public void SendMail(bool isInternationalized)
    {
        _sentInternationalized = isInternationalized;
        if (!IsOpen)
        {
            _recipients = 0;
            _hadSeveralRecipients = false;
        }
    }

    /// <summary>The backend answered MAIL.</summary>
    public void AnswerMail(bool accepted)
    {
        if (accepted)
        {
            IsOpen = true;
            IsInternationalized = _sentInternationalized;
            HasHeader = IsDead = HasChunks = _sawLastChunk = false;
            ChunkOctets = 0;
        }
    }

    /// <summary>A RCPT goes to the backend.</summary>
    public void SendRecipient(ReadOnlySpan<byte> arguments)
    {
        if (_recipients++ == 0)
        {
            // Its MAIL may still be unanswered.
            _recipient = RecipientPath.Read(arguments, IsOpen ? IsInternationalized : _sentInternationalized);
            _hadSeveralRecipients = false;
        }
        else
        {
            _hadSeveralRecipients = true;
        }
    }

    /// <summary>The backend answered RCPT.</summary>
    public void AnswerRecipient(bool accepted)
    {
        if (!accepted && _recipients > 0)
        {
            _recipients--;
        }
    }

    /// <summary>A chunk goes to the backend.</summary>
    public void SendChunk(long octets)
    {
        HasChunks = true;
        ChunkOctets += octets;
    }

    /// <summary>
    /// Whether <paramref name="chunk"/> may be the rest of a message that is dead, sent before its client read the refusal: as many octets as make a
    /// chunk worth its command, or the last.
    /// </summary>
    public bool IsRest(ChunkCommand chunk)
    {
        var isRest = !_sawLastChunk && (chunk.Length >= LeastChunk || chunk.IsLast);
        _sawLastChunk |= chunk.IsLast;
        return isRest;
    }

    /// <summary>The backend cleared its buffers: a verdict, RSET, EHLO or HELO.</summary>
    public void End()
    {
        IsOpen = HasHeader = IsDead = HasChunks = IsInternationalized = _sawLastChunk = false;
        ChunkOctets = 0;
    }
}
