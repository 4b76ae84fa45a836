using System.Buffers.Text;
using System.Text;

namespace TlsFront.Protocols.Smtp;

/// <summary>The parameters of MAIL that matter to a gateway that adds a field to the message.</summary>
/// <param name="IsInternationalized">Whether SMTPUTF8 was given (RFC 6531 section 3.4).</param>
/// <param name="Size">Value of SIZE (RFC 1870), or 0 when there is none to change.</param>
/// <param name="SizeStart">Where its digits begin in the arguments.</param>
/// <param name="SizeLength">How many digits it has.</param>
internal readonly record struct MailParameters(bool IsInternationalized, ulong Size, int SizeStart, int SizeLength)
{
    /// <summary>Whether any server could read PRDR among the <paramref name="arguments"/> of MAIL, wherever it takes the path to end.</summary>
    public static bool NamesPrdr(ReadOnlySpan<byte> arguments)
    {
        foreach (var word in arguments.SplitAny(" \t\v\f"u8))
        {
            var parameter = arguments[word];
            var end = parameter.IndexOf((byte)'=');
            // It takes no value, which Exim does not mind.
            if (Ascii.EqualsIgnoreCase(end < 0 ? parameter : parameter[..end], "PRDR"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the arguments of MAIL, from <c>FROM:</c> on.</summary>
    public static MailParameters Parse(ReadOnlySpan<byte> arguments)
    {
        var found = default(MailParameters);
        var position = MailPath.Split(arguments, out _);
        while (position < arguments.Length)
        {
            var rest = arguments[position..];
            var end = rest.IndexOf((byte)' ');
            var parameter = end < 0 ? rest : rest[..end];
            if (Ascii.EqualsIgnoreCase(parameter, "SMTPUTF8"u8))
            {
                found = found with { IsInternationalized = true };
            }
            else if (parameter.Length > 5 && Ascii.EqualsIgnoreCase(parameter[..5], "SIZE="u8)
                && Utf8Parser.TryParse(parameter[5..], out ulong size, out var digits) && digits == parameter.Length - 5
                && size <= ulong.MaxValue - ReceivedHeader.MaxLength)
            {
                found = found with { Size = size, SizeStart = position + 5, SizeLength = digits };
            }

            position += parameter.Length + 1;
        }

        return found;
    }
}
