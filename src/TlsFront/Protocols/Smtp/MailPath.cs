namespace TlsFront.Protocols.Smtp;

/// <summary>Where the path of MAIL or RCPT stands in the arguments (RFC 5321 section 4.1.2).</summary>
internal static class MailPath
{
    /// <summary>
    /// Splits <c>FROM:&lt;path&gt; parameters</c>: <paramref name="path"/> is what stands between the brackets, the result is where the
    /// parameters begin. Without brackets the path is empty and parameters begin at the first space.
    /// </summary>
    public static int Split(ReadOnlySpan<byte> arguments, out ReadOnlySpan<byte> path)
    {
        path = default;
        var start = arguments.IndexOf((byte)':') + 1;
        while (start < arguments.Length && arguments[start] == ' ')
        {
            start++;
        }

        if (start == arguments.Length || arguments[start] != '<')
        {
            var space = arguments[start..].IndexOf((byte)' ');
            return space < 0 ? arguments.Length : start + space;
        }

        var isQuoted = false;
        for (var i = ++start; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case (byte)'\\':
                    i++;
                    break;
                case (byte)'"':
                    isQuoted = !isQuoted;
                    break;
                case (byte)'>' when !isQuoted:
                    path = arguments[start..i];
                    return i + 1;
            }
        }

        return arguments.Length;
    }
}
