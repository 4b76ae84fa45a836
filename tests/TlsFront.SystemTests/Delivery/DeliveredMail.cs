using System.Text.RegularExpressions;

namespace TlsFront.SystemTests.Delivery;

/// <summary>A message as Postfix delivered it.</summary>
public sealed class DeliveredMail
{
    /// <param name="text">The file, Latin-1, lines ended by LF.</param>
    public DeliveredMail(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"No header section:\n{text}");
        // Continuation lines belong to the field they continue.
        Fields = Regex.Replace(text[..end], "\n(?=[ \t])", "").Split('\n');
        Body = text[(end + 2)..];
    }

    /// <summary>Header fields from the top, unfolded.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>Everything behind the empty line.</summary>
    public string Body { get; }

    /// <summary>The Received field of this gateway; fails the test unless there is exactly one and it stands directly below Postfix's own.</summary>
    public string OurReceived()
    {
        var received = Fields.Select((field, index) => (field, index))
            .Where(item => item.field.StartsWith("Received:", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(2, received.Length);
        Assert.Contains("by postfix.example.test (Postfix)", received[0].field, StringComparison.Ordinal);
        Assert.Equal(received[0].index + 1, received[1].index);
        Assert.Contains("by mail.example.test", received[1].field, StringComparison.Ordinal);
        return received[1].field;
    }

    /// <summary>What the sender wrote: everything below our Received field.</summary>
    public string Sent()
    {
        var ours = Fields.ToList().IndexOf(OurReceived());
        return string.Join('\n', Fields.Skip(ours + 1)) + "\n\n" + Body;
    }
}
