using System.Buffers;

namespace TlsFront.Demo.Smtp;

/// <summary>What a client said between MAIL and the end of the message.</summary>
/// <param name="sender">Reverse path; empty for the null sender.</param>
internal sealed class SmtpTransaction(string sender)
{
    public const int MaximumRecipients = 100;

    public string Sender => sender;

    public List<string> Recipients { get; } = [];

    /// <summary>The chunks received by BDAT, or null when there was none yet.</summary>
    public ArrayBufferWriter<byte>? Chunks { get; set; }
}
