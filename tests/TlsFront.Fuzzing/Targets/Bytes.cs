using System.Text;

namespace TlsFront.Fuzzing.Targets;

/// <summary>Short ways to write inputs down, one char per octet.</summary>
internal static class Bytes
{
    /// <summary>The octets of a text.</summary>
    public static byte[] Of(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>The octets of several texts.</summary>
    public static byte[][] Of(params string[] texts) => [.. texts.Select(text => Encoding.Latin1.GetBytes(text))];

    /// <summary>The octets of what clients say to the model of a server.</summary>
    public static byte[][] Behind(int server, params string[] clients) => Of([.. clients.Select(client => $"{server}{client}")]);
}
