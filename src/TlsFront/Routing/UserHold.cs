namespace TlsFront.Routing;

/// <summary>A hold on a user's logins. Its fields are under the lock of <see cref="UserOverrides"/>.</summary>
internal sealed class UserHold
{
    /// <summary>When it ends by itself.</summary>
    public required DateTimeOffset Until { get; set; }

    /// <summary>Ends it then.</summary>
    public required ITimer Timer { get; set; }

    /// <summary>Logins that wait for its end.</summary>
    public int Waiting { get; set; }

    /// <summary>Completed at its end, on no thread that holds the lock.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
