namespace TlsFront.Configuration;

/// <summary>The origin tables of a whole configuration.</summary>
internal static class OriginTables
{
    /// <summary>Where <paramref name="key"/> (colon form) was written, or null. The last provider that has it decides its value, so it is the one to name.</summary>
    public static Origin? Find(IConfigurationRoot root, string key) =>
        root.Providers.Reverse().OfType<IOriginTable>().Select(table => table.Find(key)).FirstOrDefault(origin => origin is not null);
}
