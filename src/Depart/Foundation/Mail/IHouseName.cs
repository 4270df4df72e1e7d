namespace Depart.Foundation.Mail;

/// <summary>Knows for whom mails are sent; implemented by the room that keeps the organisation.</summary>
internal interface IHouseName
{
    /// <summary>The company's name, or null: nobody said.</summary>
    ValueTask<string?> NameAsync(CancellationToken cancellation);
}
