using System.Buffers;
using System.Text;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Sieve;

/// <summary>
/// Takes out of a backend's capability lists what cannot, or must not, be used through the front.
/// <para>Only known names pass, as before the login of IMAP: an extension that nobody here knows may be a command whose answer is none of the known
/// shapes, or one that servers believe from the gateway alone (Dovecot's XCLIENT). Behind the login a client that asks gets the backend's own
/// list.</para>
/// </summary>
internal static class SieveCapabilities
{
    private const int MaxKnownName = 32;

    // Upper case, each between spaces. UNAUTHENTICATE is none of them: it leads from a session that is not read back to one that must be.
    private static ReadOnlySpan<byte> Known => " IMPLEMENTATION SASL SIEVE NOTIFY EXTLISTS MAXREDIRECTS LANGUAGE OWNER RENAME NOOP VERSION "u8;

    /// <summary>Relays a list, its lines whole, or as much of it as may be shown.</summary>
    public static void Forward(ReadOnlySpan<byte> lines, ref Emitter to)
    {
        while (!lines.IsEmpty)
        {
            var length = SieveSyntax.LineLength(lines);
            ForwardLine(lines[..length], ref to);
            lines = lines[length..];
        }
    }

    private static void ForwardLine(ReadOnlySpan<byte> line, ref Emitter to)
    {
        // What is taken out costs a segment of the emitter; a list that needs more than there are is cut short.
        if (!to.HasRoomFor(MaxKnownName) || !SieveSyntax.TryTakeString(line, out var name, out var rest) || !IsKnown(name))
        {
            return;
        }

        if (!Ascii.EqualsIgnoreCase(name, "SASL"u8))
        {
            to.ToClient(line);
        }
        else if (rest.StartsWith(" "u8))
        {
            SieveSyntax.TryTakeString(rest[1..], out var mechanisms, out _);
            ForwardMechanisms(mechanisms, ref to);
        }
    }

    // The line stands even without a mechanism, as it does at a server that lets nobody in (RFC 5804 section 1.7).
    private static void ForwardMechanisms(ReadOnlySpan<byte> names, ref Emitter to)
    {
        to.ToClient("\"SASL\" \""u8);
        var isFirst = true;
        while (!names.IsEmpty && to.HasRoomFor(MaxKnownName))
        {
            var name = CommandSyntax.SplitWord(names, out names);
            if (SaslMechanisms.IsName(name) && SaslMechanisms.SurvivesTermination(name))
            {
                to.ToClient(isFirst ? default : " "u8);
                to.ToClient(name);
                isFirst = false;
            }
        }

        to.ToClient("\"\r\n"u8);
    }

    private static bool IsKnown(ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxKnownName || name.Contains((byte)' '))
        {
            return false;
        }

        Span<byte> key = stackalloc byte[MaxKnownName + 2];
        key[0] = key[name.Length + 1] = (byte)' ';
        return Ascii.ToUpper(name, key[1..], out _) == OperationStatus.Done && Known.IndexOf(key[..(name.Length + 2)]) >= 0;
    }
}
