namespace TlsFront.Demo.Mime;

/// <summary>
/// One entry of an IMAP address list (RFC 3501 section 7.4.2). A group starts with an entry that has its name as mailbox and no host,
/// and ends with one that has neither.
/// </summary>
internal readonly record struct MailAddress(string? DisplayName, string? Mailbox, string? Host);
