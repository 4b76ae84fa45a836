namespace TlsFront.Configuration;

/// <summary>One value from outside the file.</summary>
/// <param name="Key">Configuration key, colon form.</param>
/// <param name="Value">The value.</param>
/// <param name="Source">Where it comes from, as a <see cref="Problem"/> names it.</param>
internal sealed record SettingOverride(string Key, string Value, string Source)
{
    /// <summary>
    /// Prefix of environment variables that are settings. The two underscores keep apart what Kubernetes injects into every
    /// container for a service named "tlsfront", such as TLSFRONT_PORT.
    /// </summary>
    public const string EnvironmentPrefix = "TLSFRONT__";

    /// <summary>The settings among <paramref name="variables"/>: <c>TLSFRONT__LISTENERS__0__ADDRESS</c> is <c>listeners:0:address</c>.</summary>
    public static IEnumerable<SettingOverride> FromEnvironment(IEnumerable<KeyValuePair<string, string>> variables) =>
        from variable in variables
        where variable.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)
        orderby variable.Key
        select new SettingOverride(
            variable.Key[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal),
            variable.Value,
            $"environment variable {variable.Key}");

    /// <summary>Reads the operand of <c>--set</c>: <c>key.path=value</c> or <c>key:path=value</c>; null if it has no key or no <c>=</c>.</summary>
    public static SettingOverride? FromArgument(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return null;
        }

        var key = argument[..equals].Trim();
        return key.Length == 0 ? null : new(key.Replace('.', ':'), argument[(equals + 1)..], $"--set {key}");
    }
}
