namespace TlsFront.Configuration;

/// <summary>Where a value was written.</summary>
/// <param name="Source">The file's path as the operator gave it, <c>environment variable NAME</c> or <c>--set key</c>.</param>
/// <param name="Line">Line in the file, from 1; null where there are no lines or the whole file is meant.</param>
internal readonly record struct Origin(string Source, int? Line = null)
{
    /// <summary>The form editors and terminals make a link of: <c>file:line</c>.</summary>
    public override string ToString() => Line is { } line ? $"{Source}:{line}" : Source;
}
