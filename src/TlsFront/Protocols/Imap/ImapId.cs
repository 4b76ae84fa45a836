using System.Text;

namespace TlsFront.Protocols.Imap;

/// <summary>
/// Forwards a client's ID (RFC 2971) without the <c>x-*</c> fields, by which Dovecot lets a proxy name the client's address and session,
/// and with a field of our own, because section 5 asks an intermediary to show its presence.
/// </summary>
internal static class ImapId
{
    private const int MaxFields = 30;
    private const int MaxKey = 30;
    private const int MaxValue = 1024;

    /// <summary>Forwards the command, or returns false if it breaks the syntax or the limits of RFC 2971.</summary>
    /// <param name="start">Tag and verb with the space behind them.</param>
    /// <param name="arguments">The rest of the line; literals are not understood.</param>
    /// <param name="to">Where to.</param>
    public static bool TryForward(ReadOnlySpan<byte> start, ReadOnlySpan<byte> arguments, ref Emitter to)
    {
        if (Ascii.EqualsIgnoreCase(arguments, "NIL"u8))
        {
            arguments = "()"u8;
        }

        if (arguments.Length < 2 || arguments[0] != '(' || arguments[^1] != ')')
        {
            return false;
        }

        var list = arguments[1..^1].Trim((byte)' ');
        if (!IsValid(list))
        {
            return false;
        }

        to.ToBackend(start);
        to.ToBackend("("u8);
        var fields = 0;
        for (var rest = list; !rest.IsEmpty;)
        {
            TakeField(ref rest, out var key, out var field);
            if (!(key.Length >= 3 && Ascii.EqualsIgnoreCase(key[1..3], "x-"u8)))
            {
                to.ToBackend(fields++ > 0 ? " "u8 : default);
                to.ToBackend(field);
            }
        }

        to.ToBackend(fields is > 0 and < MaxFields ? " "u8 : default);
        to.ToBackend(fields < MaxFields ? "\"proxy\" \"TlsFront\")\r\n"u8 : ")\r\n"u8);
        return true;
    }

    private static bool IsValid(ReadOnlySpan<byte> list)
    {
        var fields = 0;
        for (var rest = list; !rest.IsEmpty; fields++)
        {
            if (!TakeField(ref rest, out _, out _))
            {
                return false;
            }
        }

        return fields <= MaxFields;
    }

    // string SP nstring; the key comes with its quotes. Keys that are no quoted strings are refused: a backend may read them otherwise.
    private static bool TakeField(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> field)
    {
        field = default;
        key = rest[..ImapSyntax.QuotedLength(rest)];
        if (key.Length is < 3 or > MaxKey + 2 || key.Length == rest.Length || rest[key.Length] != ' ')
        {
            return false;
        }

        var value = rest[(key.Length + 1)..];
        var length = value.Length >= 3 && Ascii.EqualsIgnoreCase(value[..3], "NIL"u8) ? 3 : ImapSyntax.QuotedLength(value);
        if (length is 0 or > MaxValue + 2 || (length < value.Length && value[length] != ' '))
        {
            return false;
        }

        field = rest[..(key.Length + 1 + length)];
        rest = rest[field.Length..].TrimStart((byte)' ');
        return true;
    }
}
