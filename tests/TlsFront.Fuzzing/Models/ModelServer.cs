using System.Text;

namespace TlsFront.Fuzzing.Models;

/// <summary>
/// A mail server as small as an oracle needs it: it executes what it reads, answers as the dice say, and knows what a server behind a gateway
/// must never be made to do. What it executes and for whom it does so is on record.
/// </summary>
/// <param name="name">Which one it is.</param>
/// <param name="reading">How it reads.</param>
/// <param name="dice">Decide its answers, one after the other and again from the start; a server without refuses nothing.</param>
internal abstract class ModelServer(string name, Reading reading, byte[] dice)
{
    private int _rolls;

    /// <summary>Which one it is.</summary>
    public string Name => name;

    /// <summary>Its first words.</summary>
    public abstract string Greeting { get; }

    /// <summary>What it took its input for, and whether it asked for more then.</summary>
    public List<(Act Act, bool IsGoAhead)> Executed { get; } = [];

    /// <summary>The users it let in; null where it does not know the name, or none that a log may show.</summary>
    public List<string?> Logins { get; } = [];

    /// <summary>Messages it took.</summary>
    public int Messages { get; protected set; }

    /// <summary>The code of a verdict that came before the message ended: with it the session ends.</summary>
    public string? EarlyVerdict { get; protected set; }

    /// <summary>What it expects next.</summary>
    public string Position => reading.Position;

    /// <summary>How the RFCs read the same octets, and with them the gateway.</summary>
    public abstract Reading GatewayReading();

    /// <summary>What the client means by its octets.</summary>
    public abstract Reading ClientReading();

    /// <summary>Words that must not reach a client.</summary>
    public abstract IReadOnlyList<string> Hidden { get; }

    /// <summary>Whether it forgets, with each answer, what arrived before it.</summary>
    protected virtual bool ForgetsInput => false;

    /// <summary>Takes octets, returns answers.</summary>
    public string Receive(string octets)
    {
        reading.Add(octets);
        var answers = new StringBuilder();
        while (reading.Take() is { } act)
        {
            var (answer, isGoAhead) = Execute(act);
            Executed.Add((act, isGoAhead));
            if (!act.IsAnswered)
            {
                continue;
            }

            reading.Answered(isGoAhead);
            answers.Append(answer);
            if (ForgetsInput)
            {
                reading.Flush();
            }
        }

        return answers.Append(Interrupt()).ToString();
    }

    /// <summary>Does what <paramref name="act"/> says, and answers it.</summary>
    protected abstract (string Answer, bool IsGoAhead) Execute(Act act);

    /// <summary>What it says in the middle of something.</summary>
    protected virtual string Interrupt() => "";

    /// <summary>Rolls the dice.</summary>
    protected byte Roll() => dice.Length == 0 ? (byte)1 : dice[_rolls++ % dice.Length];

    /// <summary>Whether the dice are for it: in seven cases of eight.</summary>
    protected bool IsWilling() => Roll() % 8 != 0;

    /// <summary>Fails because the server was made to do what it never may.</summary>
    protected void Forbid(bool isForbidden, params ReadOnlySpan<object?> what)
    {
        if (isForbidden)
        {
            throw Disagreement("forbidden", what);
        }
    }

    /// <summary>What the server was made to do against <paramref name="rule"/>.</summary>
    protected DisagreementException Disagreement(string rule, params ReadOnlySpan<object?> what) => new(name, rule, string.Join(' ', what));

    /// <summary>Lets a user in, or not.</summary>
    protected bool LogIn(string? user, bool isKnown = true)
    {
        var isLetIn = isKnown && IsWilling();
        if (isLetIn)
        {
            Logins.Add(user);
        }

        return isLetIn;
    }
}
