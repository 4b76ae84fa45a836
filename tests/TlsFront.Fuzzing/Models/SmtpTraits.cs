namespace TlsFront.Fuzzing.Models;

/// <summary>What tells SMTP servers apart.</summary>
/// <param name="Name">What this one is known for.</param>
/// <param name="Lines">How it reads lines.</param>
internal sealed record SmtpTraits(string Name, LineRules Lines)
{
    /// <summary>How many octets it counts for the number of a BDAT; less than none refuses the command.</summary>
    public Func<ulong, long> Count { get; init; } = SmtpReading.Exact;

    /// <summary>Which verb it takes a word for.</summary>
    public Func<string, string> Verb { get; init; } = static verb => verb;

    /// <summary>It makes nothing of an initial response and asks for everything.</summary>
    public bool IgnoresInitialResponse { get; init; }

    /// <summary>The extensions it may offer, and knows while its last reply to EHLO had them.</summary>
    public IReadOnlyList<string> Offers { get; init; } = ["CHUNKING", "PIPELINING"];

    /// <summary>Where it did not offer PIPELINING it forgets, with each reply, what arrived before it.</summary>
    public bool ForgetsInput { get; init; }

    /// <summary>It may give its verdict on a message before the final dot.</summary>
    public bool InterruptsData { get; init; }
}
