using System.Globalization;
using System.Text;
using TlsFront.Demo.Mime;

namespace TlsFront.Demo.Imap;

/// <summary>ENVELOPE, BODY and BODYSTRUCTURE (RFC 3501 section 7.4.2).</summary>
internal static class ImapStructure
{
    /// <summary>The envelope of a message.</summary>
    public static string Envelope(Header header)
    {
        var from = header.Find("From");
        return $"({ImapString.QuoteOrNil(header.Find("Date"))} {ImapString.QuoteOrNil(header.Find("Subject"))} "
            + $"{Addresses(from)} {Addresses(header.Find("Sender") ?? from)} {Addresses(header.Find("Reply-To") ?? from)} "
            + $"{Addresses(header.Find("To"))} {Addresses(header.Find("Cc"))} {Addresses(header.Find("Bcc"))} "
            + $"{ImapString.QuoteOrNil(header.Find("In-Reply-To"))} {ImapString.QuoteOrNil(header.Find("Message-ID"))})";
    }

    /// <summary>The structure of a part and all below it.</summary>
    public static string Body(MimePart part, bool extended)
    {
        var text = new StringBuilder();
        AppendBody(text, part, extended);
        return text.ToString();
    }

    private static void AppendBody(StringBuilder text, MimePart part, bool extended)
    {
        text.Append('(');
        if (part.Parts.Count != 0)
        {
            foreach (var child in part.Parts)
            {
                AppendBody(text, child, extended);
            }

            text.Append(' ').Append(ImapString.Quote(part.Subtype));
            if (extended)
            {
                text.Append(' ').Append(Parameters(part.ContentType));
            }
        }
        else
        {
            AppendLeaf(text, part, extended);
        }

        if (extended)
        {
            var disposition = part.Header.Find("Content-Disposition") is { Length: > 0 } value ? StructuredValue.Parse(value) : null;
            text.Append(disposition is null ? " NIL" : $" ({ImapString.Quote(disposition.Value)} {Parameters(disposition)})")
                .Append(' ').Append(ImapString.QuoteOrNil(part.Header.Find("Content-Language")))
                .Append(' ').Append(ImapString.QuoteOrNil(part.Header.Find("Content-Location")));
        }

        text.Append(')');
    }

    private static void AppendLeaf(StringBuilder text, MimePart part, bool extended)
    {
        // A multipart without parts has nothing that could be listed; its body is shown as bytes.
        var opaque = part.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{ImapString.Quote(opaque ? "application" : part.Type)} {ImapString.Quote(opaque ? "octet-stream" : part.Subtype)} ")
            .Append(CultureInfo.InvariantCulture, $"{Parameters(part.ContentType)} {ImapString.QuoteOrNil(part.Header.Find("Content-ID"))} ")
            .Append(CultureInfo.InvariantCulture, $"{ImapString.QuoteOrNil(part.Header.Find("Content-Description"))} ")
            .Append(CultureInfo.InvariantCulture, $"{ImapString.Quote(part.Header.Find("Content-Transfer-Encoding") ?? "7bit")} {part.Body.Length}");
        if (part.Message is { } message)
        {
            text.Append(' ').Append(Envelope(message.Header)).Append(' ');
            AppendBody(text, message, extended);
        }

        if (part.Message is not null || part.Type.Equals("text", StringComparison.OrdinalIgnoreCase))
        {
            text.Append(CultureInfo.InvariantCulture, $" {part.Body.Span.Count("\r\n"u8)}");
        }

        if (extended)
        {
            text.Append(' ').Append(ImapString.QuoteOrNil(part.Header.Find("Content-MD5")));
        }
    }

    private static string Parameters(StructuredValue value) => value.Parameters.Count == 0
        ? "NIL"
        : $"({string.Join(' ', value.Parameters.Select(parameter => $"{ImapString.Quote(parameter.Key)} {ImapString.Quote(parameter.Value)}"))})";

    private static string Addresses(string? value)
    {
        var addresses = value is null ? [] : AddressList.Parse(value);
        return addresses.Count == 0
            ? "NIL"
            : $"({string.Concat(addresses.Select(static address =>
                $"({ImapString.QuoteOrNil(address.DisplayName)} NIL "
                + $"{ImapString.QuoteOrNil(address.Mailbox)} {ImapString.QuoteOrNil(address.Host)})"))})";
    }
}
