namespace Depart.Foundation.Engine;

/// <summary>Names of the queues that are not a system's.</summary>
internal static class WorkQueues
{
    /// <summary>The product's own clock: disconnections that start.</summary>
    public const string House = "house";

    /// <summary>Mails.</summary>
    public const string Mail = "mail";

    /// <summary>A system's queue.</summary>
    public static string OfSystem(Guid system) => $"system-{system:N}";
}
