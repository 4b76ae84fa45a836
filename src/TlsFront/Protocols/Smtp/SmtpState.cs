using TlsFront.Connections;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Smtp;

/// <summary>What the two directions of an SMTP session share.</summary>
internal sealed class SmtpState(SmtpRules rules, ISessionObserver observer)
{
    /// <summary>The operator's rules.</summary>
    public SmtpRules Rules => rules;

    /// <summary>Who is told of logins and messages.</summary>
    public ISessionObserver Observer => observer;

    /// <summary>How far the session has come.</summary>
    public SmtpStage Stage { get; set; }

    /// <summary>What the client's next octets are.</summary>
    public ClientMode Mode { get; set; }

    /// <summary>The replies owed to the client.</summary>
    public ReplyQueue Replies { get; } = new();

    /// <summary>The mail transaction.</summary>
    public Transaction Transaction { get; } = new();

    /// <summary>Whether the last command must be answered before anything else is read from the client.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Whether a 235 was relayed; nothing but the end of the connection takes it back (RFC 4954 section 4).</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>The client broke an AUTH exchange off with <c>*</c>.</summary>
    public bool HasCancelledLogin { get; set; }

    /// <summary>Client octets were on offer behind a DATA that was not answered yet.</summary>
    public bool HasDataBeforeReply { get; set; }

    /// <summary>The gateway is shutting down: end at the first point between transactions.</summary>
    public bool IsDraining { get; set; }

    /// <summary>The client left while a verdict was outstanding; the session lasts until it is known.</summary>
    public bool IsClientGone { get; set; }

    /// <summary>The client said QUIT.</summary>
    public bool HasQuit { get; set; }

    /// <summary>Set when the session ends as soon as the queued replies are through.</summary>
    public CloseReason Ending { get; set; }

    /// <summary>Octets of the current BDAT chunk still to come.</summary>
    public long ChunkRemaining { get; set; }

    /// <summary>Name of the last EHLO or HELO the backend accepted, and whether it was EHLO.</summary>
    public (string Name, bool IsExtended) Hello { get; set; } = (HelloName.Unknown, false);

    /// <summary>Name of an EHLO or HELO under way.</summary>
    public string SentHelloName { get; set; } = HelloName.Unknown;

    /// <summary>Messages begun on this connection.</summary>
    public int Messages { get; set; }

    /// <summary>The AUTH exchange under way.</summary>
    public SaslDialogue Login;

    /// <summary>Whether nothing would be lost if the session ended now.</summary>
    public bool IsBetweenTransactions => Stage == SmtpStage.Dialogue && Replies.IsEmpty && !Transaction.IsOpen
        && Mode is ClientMode.Command or ClientMode.AuthenticationResponse or ClientMode.AfterRefusal;

    /// <summary>Gives a reply of our own, now or behind the backend's outstanding ones.</summary>
    public void Answer(LocalReply reply, ref Emitter to)
    {
        if (Replies.IsEmpty)
        {
            LocalReplies.Emit(reply, ref to);
        }
        else
        {
            Replies.Add(reply);
        }
    }

    /// <summary>Like <see cref="Answer"/>, and ends the session after it.</summary>
    public Step AnswerAndEnd(LocalReply reply, CloseReason reason, ref Emitter to)
    {
        Answer(reply, ref to);
        if (Replies.IsEmpty)
        {
            return Step.Close(0, reason);
        }

        Ending = reason;
        return Step.Hold(0);
    }

    /// <summary>Ends the session at once.</summary>
    public static Step EndNow(LocalReply reply, CloseReason reason, int consumed, ref Emitter to)
    {
        LocalReplies.Emit(reply, ref to);
        return Step.Close(consumed, reason);
    }

    /// <summary>The facts for the next message's <c>Received</c> field; counts the message.</summary>
    public TraceInformation BeginMessage()
    {
        Transaction.HasHeader = true;
        Messages++;
        return new TraceInformation(Hello.Name, Hello.IsExtended, Transaction.IsInternationalized, IsAuthenticated, Messages, Transaction.OnlyRecipient, rules.NamesGroup, rules.HidesClient);
    }
}
