using System.Globalization;
using System.Text;

namespace TlsFront.Demo.Imap;

/// <summary>Reads commands with their literals, synchronizing or not (RFC 7888), within bounds.</summary>
internal sealed class ImapCommandReader(LineConnection connection)
{
    private const int MaximumText = 65536;
    private const int MaximumLiterals = 100;

    /// <summary>Bytes of all literals of a command that brings no message.</summary>
    private const int MaximumArgument = 8192;

    /// <summary>Largest message that APPEND may bring; 0 before login.</summary>
    public int MaximumMessage { get; set; }

    /// <summary>
    /// The next command; null when the session is over, because the client left or because it sent more than is allowed
    /// and the two sides would be out of step.
    /// </summary>
    public async ValueTask<TaggedCommand?> ReadAsync()
    {
        var text = new StringBuilder();
        var literals = new List<byte[]>();
        var taken = 0L;
        while (true)
        {
            var line = await connection.ReadLineAsync();
            text.Append(line.Text);
            if (line.Status != LineStatus.Complete || text.Length > MaximumText)
            {
                return await EndAsync(line.Status == LineStatus.End ? null : "Command too long");
            }

            if (!TryParseLiteral(line.Text, out var length, out var synchronizing))
            {
                return Split(text.ToString(), literals);
            }

            var maximum = MaximumMessage > 0 && Split(text.ToString(), []).Name == "APPEND" ? MaximumMessage : MaximumArgument;
            if (length > maximum - taken || literals.Count == MaximumLiterals)
            {
                if (!synchronizing)
                {
                    return await EndAsync("Literal too large");
                }

                connection.WriteLine($"{Split(text.ToString(), []).Tag} NO [TOOBIG] Too large for the demo store");
                await connection.FlushAsync();
                text.Clear();
                literals.Clear();
                taken = 0;
                continue;
            }

            if (synchronizing)
            {
                connection.WriteLine("+ Go ahead");
                await connection.FlushAsync();
            }

            if (await connection.ReadBlockAsync((int)length) is not { } literal)
            {
                return null;
            }

            taken += length;
            literals.Add(literal);
        }
    }

    /// <summary>Whether the line announces a literal: <c>{n}</c> or <c>{n+}</c> at its end.</summary>
    public static bool TryParseLiteral(string line, out long length, out bool synchronizing)
    {
        length = 0;
        synchronizing = !line.EndsWith("+}", StringComparison.Ordinal);
        var start = line.LastIndexOf('{') + 1;
        var end = line.Length - (synchronizing ? 1 : 2);
        return start > 0 && end > start && line[^1] == '}'
            && long.TryParse(line.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out length);
    }

    private async ValueTask<TaggedCommand?> EndAsync(string? goodbye)
    {
        if (goodbye is not null)
        {
            connection.WriteLine("* BYE " + goodbye);
            await connection.FlushAsync();
        }

        return null;
    }

    private static TaggedCommand Split(string text, List<byte[]> literals)
    {
        var arguments = new ImapArguments(text, literals);
        if (!arguments.TryReadAtom(out var tag) || tag.AsSpan().ContainsAny("*+%\\"))
        {
            return new("*", "", arguments);
        }

        var name = arguments.Take(' ') && arguments.TryReadAtom(out var verb) ? verb.ToUpperInvariant() : "";
        if (name == "UID")
        {
            name = arguments.Take(' ') && arguments.TryReadAtom(out verb) ? "UID " + verb.ToUpperInvariant() : "";
        }

        return new(tag, name, arguments);
    }
}
