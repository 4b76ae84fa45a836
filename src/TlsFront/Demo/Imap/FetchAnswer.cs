using System.Globalization;
using TlsFront.Demo.Mime;

namespace TlsFront.Demo.Imap;

/// <summary>Writes the answer of FETCH for one message.</summary>
internal static class FetchAnswer
{
    /// <summary>Writes all items, the flags as the client is told them here.</summary>
    public static void Write(LineConnection connection, ImapView view, uint number, StoredMessage message, IEnumerable<FetchItem> items)
    {
        var structure = new Lazy<MimePart>(() => MimeParser.Parse(message.Content));
        connection.Write(string.Create(CultureInfo.InvariantCulture, $"* {number} FETCH ("));
        var separator = "";
        foreach (var item in items)
        {
            connection.Write(separator + item.Label + " ");
            separator = " ";
            switch (item.Attribute)
            {
                case FetchAttribute.Flags:
                    connection.Write(ImapFlags.Format(view.ReportFlags(number)));
                    break;
                case FetchAttribute.Uid:
                    connection.Write(message.Uid.ToString(CultureInfo.InvariantCulture));
                    break;
                case FetchAttribute.InternalDate:
                    connection.Write(ImapDate.Format(message.Received));
                    break;
                case FetchAttribute.Size:
                    connection.Write(message.Content.Length.ToString(CultureInfo.InvariantCulture));
                    break;
                case FetchAttribute.Envelope:
                    connection.Write(ImapStructure.Envelope(structure.Value.Header));
                    break;
                case FetchAttribute.Body or FetchAttribute.BodyStructure:
                    connection.Write(ImapStructure.Body(structure.Value, extended: item.Attribute == FetchAttribute.BodyStructure));
                    break;
                default:
                    WriteContent(connection, item.Section!.Extract(message, () => structure.Value));
                    break;
            }
        }

        connection.WriteLine(")");
    }

    private static void WriteContent(LineConnection connection, ReadOnlyMemory<byte>? content)
    {
        if (content is not { } bytes)
        {
            connection.Write("NIL");
            return;
        }

        connection.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{{bytes.Length}}}"));
        connection.Write(bytes.Span);
    }
}
