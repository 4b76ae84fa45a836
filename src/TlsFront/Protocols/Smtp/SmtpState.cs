using TlsFront.Connections;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Smtp;

/// <summary>What the two directions of an SMTP session share.</summary>
internal sealed class SmtpState(SessionRules rules, ISessionObserver observer)
{
    /// <summary>
    /// Most commands in a row that lead nowhere, as Postfix has it (smtpd_hard_error_limit): lines that are refused here or that nobody knows,
    /// and where a login is required everything before it, so that nobody without one is given replies without end. A login or an accepted
    /// message starts the count again: mail programs that keep a session for hours make a mistake at times.
    /// </summary>
    public const int MaxFruitless = 20;

    /// <summary>The operator's rules.</summary>
    public SessionRules Rules => rules;

    /// <summary>Who is told of logins and messages.</summary>
    public ISessionObserver Observer => observer;

    /// <summary>Whether the client was greeted before TLS: what a backend says first is for us alone.</summary>
    public bool IsGreeted { get; init; }

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

    /// <summary>Whether nothing but a login leads further.</summary>
    public bool IsLoginDue => rules.Authentication == Authentication.Required && !IsAuthenticated;

    /// <summary>Commands in a row that led nowhere.</summary>
    public int Fruitless { get; set; }

    /// <summary>Client octets were on offer behind a DATA that was not answered yet.</summary>
    public bool HasDataBeforeReply { get; set; }

    /// <summary>The gateway is shutting down: end at the first point between transactions.</summary>
    public bool IsDraining { get; set; }

    /// <summary>The client will send nothing more; the session lasts as long as replies are owed that need nothing of it.</summary>
    public bool HasClientEnded { get; set; }

    /// <summary>The client is gone while a verdict is outstanding; the session lasts until it is known, and takes nothing more.</summary>
    public bool HasLostClient { get; set; }

    /// <summary>The client said QUIT.</summary>
    public bool HasQuit { get; set; }

    /// <summary>Set when the session ends as soon as the queued replies are through.</summary>
    public CloseReason Ending { get; set; }

    /// <summary>
    /// The backend ended, or spoke its verdict, inside a message: nothing goes to it and nothing of it comes any more. The session ends with
    /// the message, because closing over what the client still sends would make the kernel reset the connection before the reply is read.
    /// </summary>
    public bool HasLostBackend { get; private set; }

    /// <summary>Octets of the current BDAT chunk still to come.</summary>
    public long ChunkRemaining { get; set; }

    private bool HasHeardGoodbye { get; set; }

    /// <summary>Name of the last EHLO or HELO the backend accepted, and whether it was EHLO.</summary>
    public (string Name, bool IsExtended) Hello { get; set; } = (HelloName.Unknown, false);

    /// <summary>What that answer offered.</summary>
    public SmtpExtensions Extensions { get; set; } = SmtpExtensions.None;

    /// <summary>Name of an EHLO or HELO under way.</summary>
    public string SentHelloName { get; set; } = HelloName.Unknown;

    /// <summary>Messages begun on this connection.</summary>
    public int Messages { get; set; }

    /// <summary>The AUTH exchange under way.</summary>
    public SaslDialogue Login;

    /// <summary>Whether nothing would be lost if the session ended now.</summary>
    public bool IsBetweenTransactions => Stage == SmtpStage.Dialogue && Replies.IsEmpty && !Transaction.IsOpen
        && Mode is ClientMode.Command or ClientMode.AuthenticationResponse or ClientMode.AfterRefusal;

    /// <summary>
    /// Something was forwarded that the backend answers. What follows waits for the answer if it ends a pipelined group, and always where the
    /// backend does not offer pipelining.
    /// </summary>
    public void Await(Awaited awaited, bool endsGroup)
    {
        Replies.Add(awaited);
        IsWaiting = endsGroup || !Extensions.HasPipelining;
    }

    /// <summary>A chunk was refused: the message will never be, and nothing more of it may go to the backend.</summary>
    public void RefuseChunks()
    {
        Transaction.IsDead = true;
        observer.MessageRefused();
    }

    /// <summary>The backend replied, or ended, while the client sends a message; what is left of that is swallowed.</summary>
    /// <param name="saidGoodbye">Whether its reply was a 421, so that ours need not follow.</param>
    public void LoseBackend(bool saidGoodbye)
    {
        if (Transaction is { IsOpen: true, IsDead: false })
        {
            observer.MessageRefused();
        }

        Transaction.End();
        HasLostBackend = true;
        HasHeardGoodbye = saidGoodbye;
        Mode = Mode == ClientMode.Chunk ? ClientMode.RefusedChunk : ClientMode.UnwantedData;
    }

    /// <summary>The message over which the backend was lost is complete.</summary>
    public Step EndLost(int consumed, ref Emitter to) => HasHeardGoodbye
        ? Step.Close(consumed, CloseReason.BackendClosed)
        : EndNow(LocalReply.BackendGone, CloseReason.BackendClosed, consumed, ref to);

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

    /// <summary>Like <see cref="Answer"/>, for a command that leads nowhere and takes <paramref name="consumed"/> octets.</summary>
    public Step Refuse(LocalReply reply, int consumed, ref Emitter to)
    {
        Answer(reply, ref to);
        Fruitless++;
        return Step.More(consumed);
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
        return new TraceInformation(
            Hello.Name,
            Hello.IsExtended,
            Transaction.IsInternationalized,
            IsAuthenticated,
            Messages,
            Transaction.OnlyRecipient,
            rules.NamesGroup,
            rules.HidesClient);
    }
}
