using System.Collections.Frozen;

namespace TlsFront.Configuration;

/// <summary>
/// Values by server name: the name itself before a wildcard, which stands for the whole left-most label and nothing else (RFC 9525 section 6.3).
/// </summary>
internal sealed class ServerNameTable<T>
    where T : class
{
    private readonly FrozenDictionary<string, T> _exact;
    private readonly FrozenDictionary<string, T> _wildcard;

    /// <param name="entries">Names and wildcards, <c>*.example.org</c>, in lower case, each once.</param>
    public ServerNameTable(IEnumerable<KeyValuePair<string, T>> entries)
    {
        var wildcards = entries.ToLookup(static entry => entry.Key.StartsWith("*.", StringComparison.Ordinal));
        _exact = wildcards[false].ToFrozenDictionary();
        _wildcard = wildcards[true].ToFrozenDictionary(static entry => entry.Key[2..], static entry => entry.Value);
    }

    /// <summary>The value for <paramref name="serverName"/> (lower case; null if the client named none); null if there is none.</summary>
    public T? Find(string? serverName)
    {
        if (serverName is null)
        {
            return null;
        }

        if (_exact.TryGetValue(serverName, out var value))
        {
            return value;
        }

        var dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 || _wildcard.Count == 0 ? null : _wildcard.GetValueOrDefault(serverName[(dot + 1)..]);
    }
}
