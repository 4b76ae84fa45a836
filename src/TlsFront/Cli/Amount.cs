using System.Globalization;

namespace TlsFront.Cli;

/// <summary>Numbers of things, as people write them.</summary>
internal static class Amount
{
    /// <summary>Such as "1 error" and "2 errors".</summary>
    public static string Of(long number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
