using System.Text;
using TlsFront.Fuzzing.Models;

namespace TlsFront.Fuzzing;

/// <summary>An input that broke an invariant.</summary>
/// <param name="Key">What tells it from other findings: kind of failure and the place that noticed it.</param>
/// <param name="Input">The input.</param>
/// <param name="Description">What happened.</param>
internal sealed record Finding(string Key, byte[] Input, string Description)
{
    /// <summary>The finding that an exception is.</summary>
    public static Finding Of(byte[] input, Exception exception)
    {
        var place = exception.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("TlsFront.", StringComparison.Ordinal))?.Trim();
        var key = exception is DisagreementException disagreement ? disagreement.Key : $"{exception.GetType().Name} {place}";
        return new(key, input, exception.ToString());
    }

    /// <summary>The input as a C# literal, ready for a unit test.</summary>
    public string Literal
    {
        get
        {
            var text = new StringBuilder("\"");
            foreach (var octet in Input)
            {
                text.Append(octet switch
                {
                    (byte)'\r' => "\\r",
                    (byte)'\n' => "\\n",
                    (byte)'"' => "\\\"",
                    (byte)'\\' => "\\\\",
                    >= (byte)' ' and <= (byte)'~' => ((char)octet).ToString(),
                    _ => $"\\u{(int)octet:x4}",
                });
            }

            return text.Append('"').ToString();
        }
    }
}
