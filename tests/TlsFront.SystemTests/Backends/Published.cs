using System.Globalization;

namespace TlsFront.SystemTests.Backends;

/// <summary>The configurations in <c>deploy/</c>: the servers of these tests run with what operators are told to copy, but for the port.</summary>
internal static class Published
{
    /// <summary>A file of <c>deploy/</c> with its ports replaced by those of this run.</summary>
    public static string Text(string file, params (int Port, int Now)[] ports)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Deploy", file));
        foreach (var (port, now) in ports)
        {
            var number = port.ToString(CultureInfo.InvariantCulture);
            Assert.Contains(number, text, StringComparison.Ordinal);
            text = text.Replace(number, now.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        return text;
    }
}
