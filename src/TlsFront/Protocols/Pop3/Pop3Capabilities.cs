using System.Text;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Pop3;

/// <summary>Takes out of a backend's CAPA and AUTH lists what cannot, or must not, be used through the front.</summary>
internal static class Pop3Capabilities
{
    // Each mechanism taken out costs a segment of the emitter; a list that needs more than this is cut short.
    private const int MaxCuts = 64;

    /// <summary>Relays one line of a CAPA list, its end included, or as much of it as may be shown.</summary>
    public static void Forward(ReadOnlySpan<byte> line, ref Emitter to)
    {
        var content = line.TrimEnd("\r\n"u8);
        var name = CommandSyntax.SplitWord(content, out _);
        if (Ascii.EqualsIgnoreCase(name, "SASL"u8))
        {
            ForwardMechanisms(line, content.Length, ref to);
        }
        else if (!Ascii.EqualsIgnoreCase(name, "STLS"u8) && !IsForgery(name))
        {
            to.ToClient(line);
        }
    }

    /// <summary>Relays one line of the list that a bare AUTH gives.</summary>
    public static void ForwardMechanism(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (SaslMechanisms.SurvivesTermination(line.TrimEnd("\r\n "u8)))
        {
            to.ToClient(line);
        }
    }

    /// <summary>Whether the verb lets a client claim another address: backends believe it from the front's.</summary>
    public static bool IsForgery(ReadOnlySpan<byte> verb) =>
        Ascii.EqualsIgnoreCase(verb, "XCLIENT"u8) || Ascii.EqualsIgnoreCase(verb, "XOIP"u8) || Ascii.EqualsIgnoreCase(verb, "XFORWARD"u8);

    // A SASL line without a mechanism would promise AUTH and offer none: it goes too.
    private static void ForwardMechanisms(ReadOnlySpan<byte> line, int end, ref Emitter to)
    {
        if (!AnySurvives(line[..end]))
        {
            return;
        }

        var from = 0;
        var cuts = 0;
        for (var at = "SASL"u8.Length; at < end;)
        {
            var length = CommandSyntax.SplitWord(line[(at + 1)..end], out _).Length;
            var next = at + 1 + length;
            if (!SaslMechanisms.SurvivesTermination(line[(at + 1)..next]))
            {
                to.ToClient(line[from..at]);
                from = ++cuts < MaxCuts ? next : end;
            }

            at = cuts < MaxCuts ? next : end;
        }

        to.ToClient(line[from..]);
    }

    private static bool AnySurvives(ReadOnlySpan<byte> content)
    {
        CommandSyntax.SplitWord(content, out var rest);
        while (!rest.IsEmpty)
        {
            var mechanism = CommandSyntax.SplitWord(rest, out rest);
            if (!mechanism.IsEmpty && SaslMechanisms.SurvivesTermination(mechanism))
            {
                return true;
            }
        }

        return false;
    }
}
