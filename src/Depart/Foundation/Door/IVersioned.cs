namespace Depart.Foundation.Door;

/// <summary>An answer that says in which version it was read: its ETag, to be given back as If-Match by a change.</summary>
internal interface IVersioned
{
    /// <summary>The version.</summary>
    long Version { get; }
}
