using System.Security.Cryptography;

namespace TlsFront.Fuzzing;

/// <summary>A folder of inputs, one to a file, each named by its hash.</summary>
internal sealed class Corpus(string folder)
{
    /// <summary>The inputs, shortest first.</summary>
    public List<byte[]> Read() =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).OrderBy(input => input.Length)]
            : [];

    /// <summary>Replaces the folder's inputs.</summary>
    public void Write(IReadOnlyList<byte[]> inputs)
    {
        Directory.CreateDirectory(folder);
        var kept = inputs.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => !kept.Contains(Path.GetFileName(file))))
        {
            File.Delete(file);
        }

        foreach (var input in inputs)
        {
            Add(input);
        }
    }

    /// <summary>Adds one input and returns its file.</summary>
    public string Add(byte[] input)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, NameOf(input));
        File.WriteAllBytes(file, input);
        return file;
    }

    private static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8));
}
