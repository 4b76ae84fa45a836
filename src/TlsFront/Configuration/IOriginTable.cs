namespace TlsFront.Configuration;

/// <summary>A configuration provider that remembers where its keys were written: <c>IConfiguration</c> itself does not.</summary>
internal interface IOriginTable
{
    /// <summary>Where <paramref name="key"/> (colon form; a value or a section) was written, or null if not here.</summary>
    Origin? Find(string key);
}
