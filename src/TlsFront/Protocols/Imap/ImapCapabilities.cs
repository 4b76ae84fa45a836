using System.Text;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Imap;

/// <summary>
/// Takes out of a backend's capability lists what cannot, or must not, be used through the front.
/// <para>Before the login only known names pass (RFC 2971 section 5: an intermediary lets no unknown extension through). After it the
/// session is not read any more, so an extension we never heard of does no harm, and only what touches the connection itself goes.</para>
/// </summary>
internal static class ImapCapabilities
{
    // Each capability taken out costs a segment of the emitter; a list that needs more than this is cut short.
    private const int MaxCuts = 96;

    private const int MaxKnownName = 32;

    // Upper case, each between spaces; a name that ends in "=" stands for all its values.
    private static ReadOnlySpan<byte> Known =>
        " IMAP4 IMAP4REV1 IMAP4REV2 AUTH= SASL-IR LITERAL+ LITERAL- ID ENABLE IDLE NAMESPACE ACL RIGHTS= ANNOTATE-EXPERIMENT-1 APPENDLIMIT"u8 +
        " APPENDLIMIT= BINARY CATENATE CHILDREN COMPRESS= CONDSTORE CONTEXT= CONVERT CREATE-SPECIAL-USE ESEARCH ESORT FILTERS I18NLEVEL="u8 +
        " IMAPSIEVE= INPROGRESS JMAPACCESS LANGUAGE LIST-EXTENDED LIST-METADATA LIST-MYRIGHTS LIST-STATUS MESSAGELIMIT= METADATA"u8 +
        " METADATA-SERVER MOVE MULTIAPPEND MULTISEARCH NOTIFY OBJECTID PARTIAL PREVIEW PREVIEW= QRESYNC QUOTA QUOTASET QUOTA= REPLACE"u8 +
        " SAVEDATE SAVELIMIT= SEARCH= SEARCHRES SNIPPET= SORT SORT= SPECIAL-USE STATUS= THREAD= UIDBATCHES UIDONLY UIDPLUS UNSELECT"u8 +
        " URL-PARTIAL URLAUTH URLAUTH= UTF8= WITHIN XLIST "u8;

    /// <summary>Relays a line with a capability list in it, less what must go.</summary>
    /// <param name="line">The whole line.</param>
    /// <param name="from">Where the list starts: the space before its first name.</param>
    /// <param name="end">Where the list ends.</param>
    /// <param name="loggedIn">Whether the list is the one of an authenticated session.</param>
    /// <param name="to">Where to.</param>
    public static void Forward(ReadOnlySpan<byte> line, int from, int end, bool loggedIn, ref Emitter to)
    {
        var kept = 0;
        var cuts = 0;
        for (var at = from; at < end;)
        {
            var name = CommandSyntax.SplitWord(line[(at + 1)..end], out _);
            var next = at + 1 + name.Length;
            if (!Survives(name, loggedIn))
            {
                to.ToClient(line[kept..at]);
                kept = ++cuts < MaxCuts ? next : end;
            }

            at = cuts < MaxCuts ? next : end;
        }

        to.ToClient(line[kept..]);
    }

    /// <summary>Whether a client may see the capability.</summary>
    public static bool Survives(ReadOnlySpan<byte> name, bool loggedIn)
    {
        if (name.Length > 5 && Ascii.EqualsIgnoreCase(name[..5], "AUTH="u8))
        {
            return SaslMechanisms.SurvivesTermination(name[5..]);
        }

        var isHarmful = Ascii.EqualsIgnoreCase(name, "STARTTLS"u8)
            || Ascii.EqualsIgnoreCase(name, "LOGINDISABLED"u8)
            || Ascii.EqualsIgnoreCase(name, "LOGIN-REFERRALS"u8)
            || Ascii.EqualsIgnoreCase(name, "MAILBOX-REFERRALS"u8)
            || Ascii.EqualsIgnoreCase(name, "UNAUTHENTICATE"u8);
        return !isHarmful && (loggedIn || IsKnown(name));
    }

    private static bool IsKnown(ReadOnlySpan<byte> name)
    {
        var equals = name.IndexOf((byte)'=');
        var family = equals < 0 ? name : name[..(equals + 1)];
        if (family.Length > MaxKnownName)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[MaxKnownName + 2];
        key[0] = key[family.Length + 1] = (byte)' ';
        return Ascii.ToUpper(family, key[1..], out _) == System.Buffers.OperationStatus.Done && Known.IndexOf(key[..(family.Length + 2)]) >= 0;
    }
}
