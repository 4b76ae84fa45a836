using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TlsFront.Configuration;

/// <summary>A PEM file with the certificates of authorities.</summary>
internal static class AuthorityFile
{
    /// <summary>Largest file accepted, 4 MiB: some twenty times what systems trust.</summary>
    private const int MaximumSize = 4 << 20;

    private const string Remedy = "name a PEM file with the certificate of the authority";

    /// <summary>Reads the file as it is now, for those who watch it.</summary>
    public static (X509Certificate2Collection? Content, IReadOnlyList<Problem> Problems) Read(string path) =>
        TryRead(path, out var authorities, out var problem)
            ? (authorities, [])
            : (null, [new Problem(Severity.Error, new Origin(path), "", null, problem.Message, problem.Remedy)]);

    /// <summary>Reads the file as it is now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="authorities">Its certificates, one at least.</param>
    /// <param name="problem">Why there are none.</param>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out X509Certificate2Collection? authorities, [NotNullWhen(false)] out ValueProblem? problem)
    {
        (authorities, problem) = (null, null);
        try
        {
            var found = new X509Certificate2Collection();
            if (BoundedFile.Read(path, MaximumSize) is not { } content)
            {
                problem = new($"{path} is larger than 4 MiB", Remedy);
                return false;
            }

            found.ImportFromPem(Encoding.UTF8.GetString(content));
            if (found.Count == 0)
            {
                problem = new($"{path} holds no certificate", Remedy);
                return false;
            }

            authorities = found;
            return true;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or NotSupportedException or ArgumentException)
        {
            problem = new($"{path} cannot be read: {exception.Message}", Remedy);
            return false;
        }
    }
}
