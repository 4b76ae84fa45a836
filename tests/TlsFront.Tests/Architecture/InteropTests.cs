using System.Text.RegularExpressions;

namespace TlsFront.Tests.Architecture;

/// <summary>Rules for what native code calls.</summary>
public sealed class InteropTests
{
    /// <summary>An exception that reaches native frames ends the process. What is one expression without a call throws none.</summary>
    [Fact]
    public void Callbacks_from_native_code_catch_everything()
    {
        var callbacks = from file in SourceFile.Gateway
                        from match in Regex.Matches(
                            file.Code, @"\[UnmanagedCallersOnly.*?\](?<member>[^{;]*=>[^;]*;|.*?\n    \})", RegexOptions.Singleline)
                        select (File: file.Path, Member: match.Groups["member"].Value);

        Assert.NotEmpty(callbacks);
        Assert.All(
            callbacks, callback => Assert.Matches(new Regex(@"\{\s*try\s*\{.*\bcatch\s*\{|=>[^(]*;", RegexOptions.Singleline), callback.Member));
    }
}
