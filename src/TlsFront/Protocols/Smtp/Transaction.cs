namespace TlsFront.Protocols.Smtp;

/// <summary>
/// The mail transaction as the backend sees it. MAIL and BDAT are forwarded only when no reply is outstanding, so at those points
/// this is exact.
/// </summary>
internal sealed class Transaction
{
    private bool _sentInternationalized;
    private int _recipients;
    private bool _hadSeveralRecipients;
    private string? _recipient;

    /// <summary>Whether the backend accepted a MAIL and has not yet ended what it began.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether it is under SMTPUTF8 (RFC 6531).</summary>
    public bool IsInternationalized { get; private set; }

    /// <summary>Whether its message already has our <c>Received</c> field.</summary>
    public bool HasHeader { get; set; }

    /// <summary>Whether the backend refused a chunk: it discards what follows until RSET, and so does not count another verdict.</summary>
    public bool IsDead { get; set; }

    /// <summary>The recipient, if there is exactly one and it can be written; two would tell of each other (RFC 5321 section 7.6).</summary>
    public string? OnlyRecipient => _recipients == 1 && !_hadSeveralRecipients ? _recipient : null;

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
            HasHeader = IsDead = false;
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

    /// <summary>The backend cleared its buffers: a verdict, RSET, EHLO or HELO.</summary>
    public void End() => IsOpen = HasHeader = IsDead = IsInternationalized = false;
}
