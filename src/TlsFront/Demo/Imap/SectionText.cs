namespace TlsFront.Demo.Imap;

/// <summary>What of a part a section means (RFC 3501 section 6.4.5).</summary>
internal enum SectionText : byte
{
    /// <summary>All of the message, or the body of a part.</summary>
    All,
    Header,
    HeaderFields,
    HeaderFieldsNot,
    Text,
    Mime,
}
