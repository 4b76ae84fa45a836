using System.Globalization;
using System.Text;

namespace TlsFront.Demo.Smtp;

/// <summary>The trace header of a final delivery (RFC 5321 section 4.4), such as any old mail server writes it.</summary>
internal static class SmtpTrace
{
    /// <summary>Return-Path and Received, followed by the message as it came.</summary>
    public static ReadOnlyMemory<byte> Prepend(
        SmtpTransaction transaction, string client, bool extended, DateTimeOffset now, ReadOnlyMemory<byte> content)
    {
        var trace = string.Create(CultureInfo.InvariantCulture, $"""
            Return-Path: <{transaction.Sender}>
            Received: from {client} (localhost [127.0.0.1])
            	by store.demo.test (TlsFront demo store) with {(extended ? "ESMTPA" : "SMTP")};
            	{now:ddd, d MMM yyyy HH:mm:ss} {Zone(now)}

            """).ReplaceLineEndings("\r\n");
        var message = new byte[trace.Length + content.Length];
        Encoding.Latin1.GetBytes(trace, message);
        content.CopyTo(message.AsMemory(trace.Length));
        return message;
    }

    private static string Zone(DateTimeOffset time) => time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
}
