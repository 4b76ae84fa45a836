using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Benchmarks.Machines;

/// <summary>Commands and their replies.</summary>
/// <param name="name">Shown in the table.</param>
/// <param name="create">The machine.</param>
/// <param name="greeting">First words of the backend.</param>
/// <param name="once">Said before the first run, to a machine that all runs share; null if every run is a session of its own.</param>
/// <param name="exchanges">Said in each run.</param>
internal sealed class Conversation(
    string name, Func<ISessionObserver, MailMachine> create, byte[] greeting, Exchange[]? once, Exchange[] exchanges) : MachineScript(name)
{
    private readonly MachineDriver _driver = new();
    private bool _begun;

    /// <inheritdoc/>
    public override int Bytes { get; } = exchanges.Sum(
        exchange => exchange.Command.Length + exchange.Reply.Length) + (once is null ? greeting.Length : 0);

    /// <inheritdoc/>
    public override void Run()
    {
        if (once is null || !_begun)
        {
            _driver.Begin(create);
            _driver.Backend(greeting);
            Say(once ?? []);
            _begun = true;
        }

        Say(exchanges);
    }

    private void Say(Exchange[] exchanges)
    {
        foreach (var exchange in exchanges)
        {
            _driver.Client(exchange.Command, exchange.Command.Length);
            _driver.Backend(exchange.Reply);
        }
    }
}
