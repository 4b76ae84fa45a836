namespace TlsFront.Inventory;

/// <summary>A manner that rows refer to.</summary>
/// <param name="Number">Its number.</param>
/// <param name="LastDay">The last day on which somebody logged in so.</param>
internal readonly record struct MannerUse(long Number, long LastDay);
