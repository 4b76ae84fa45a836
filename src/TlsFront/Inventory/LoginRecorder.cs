using TlsFront.Connections;
using TlsFront.Telemetry;

namespace TlsFront.Inventory;

/// <summary>
/// Notes each login when it ends. The name is kept of those that were accepted, of those a policy refused, and of those whose password crossed the
/// network in clear: that of any other may be a password that was typed in the wrong place.
/// </summary>
internal sealed class LoginRecorder(LoginBuffer buffer, TlsFrontMetrics metrics, TimeProvider time) : IConnectionEvents
{
    /// <summary>A refusal is noted when it is decided: SMTP answers some of them without the login's coming to an end.</summary>
    public void PolicyDecided(ConnectionRecord record)
    {
        if (record.PolicyAction == PolicyAction.Refuse)
        {
            Add(record, LoginOutcome.Refused, record.Facts.User);
        }
    }

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
        if (accepted)
        {
            Add(record, LoginOutcome.Accepted, record.User);
        }
        else if (record.PolicyAction != PolicyAction.Refuse)
        {
            Add(record, LoginOutcome.Rejected, user: null);
        }
    }

    /// <summary>With the name, whatever became of it: its password has to be changed.</summary>
    public void CredentialsExposed(ConnectionRecord record) =>
        Add(record, LoginOutcome.Exposed, record.ExposedUser);

    private void Add(ConnectionRecord record, LoginOutcome outcome, string? user)
    {
        var login = new RecordedLogin(
            time.GetUtcNow(), user, record.Facts.Client.Address, record.Listener, record.Protocol, record.Transport.Tag(), record.Facts.Tls,
            record.Facts.Program, outcome, record.Policy, record.PolicyAction);
        if (!buffer.TryAdd(login))
        {
            metrics.InventoryDropped(1);
        }
    }
}
