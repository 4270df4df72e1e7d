using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>What is said of a supplier.</summary>
public record SupplierContent(string Name, string? ContactName = null, string? ContactMail = null)
{
    internal IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            yield return Problem.Required(nameof(Name), MissionsText.SupplierName);
        }
        else if (Name.Trim().Length > Supplier.NameLength)
        {
            yield return Problem.Invalid(nameof(Name), "too-long", MissionsText.TooLong.With(MissionsText.SupplierName, Supplier.NameLength));
        }

        if (ContactName?.Trim().Length > Supplier.NameLength)
        {
            yield return Problem.Invalid(nameof(ContactName), "too-long", MissionsText.TooLong.With(MissionsText.ContactName, Supplier.NameLength));
        }

        if (Texts.OrNull(ContactMail) is { } mail && !MailAddress.LooksRight(mail))
        {
            yield return Problem.Invalid(nameof(ContactMail), "mail-malformed", MissionsText.MailMalformed.With(mail));
        }
    }
}

/// <summary>Adds a supplier with its contact (REC6).</summary>
internal sealed record AddSupplier(SupplierContent Content) : ICommand<SupplierId>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/suppliers", (SupplierContent content, ApiDoor door) => door.SendAsync(new AddSupplier(content))).WithTags("Suppliers").Produces<SupplierId>();

    public IEnumerable<Problem> Check() => Content.Check();

    internal sealed class Handler(DepartDb db, IJournal journal) : IHandler<AddSupplier, SupplierId>
    {
        public async Task<Outcome<SupplierId>> HandleAsync(AddSupplier command, CancellationToken cancellation)
        {
            var supplier = Supplier.Named(command.Content.Name, command.Content.ContactName, command.Content.ContactMail);
            if (await db.Set<Supplier>().FirstOrDefaultAsync(known => known.Key == supplier.Key, cancellation) is { } known)
            {
                return Problem.Invalid(nameof(SupplierContent.Name), "supplier-taken", MissionsText.SupplierTaken.With(known.Name));
            }

            db.Add(supplier);
            journal.Record(RecordFacts.Added(supplier));
            return supplier.Id;
        }
    }
}

/// <summary>Renames a supplier or sets its contact.</summary>
internal sealed record ChangeSupplier(SupplierId Supplier, SupplierContent Content) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/suppliers/{supplier}", (SupplierId supplier, SupplierContent content, ApiDoor door) => door.SendAsync(new ChangeSupplier(supplier, content)))
            .WithTags("Suppliers");

    public IEnumerable<Problem> Check() => Content.Check();

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal) : IHandler<ChangeSupplier, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChangeSupplier command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Supplier>([command.Supplier], cancellation) is not { } supplier)
            {
                return Problem.NotFound(MissionsText.Supplier);
            }

            if (!supplier.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var wanted = Missions.Supplier.Named(command.Content.Name, command.Content.ContactName, command.Content.ContactMail);
            if (await db.Set<Supplier>().FirstOrDefaultAsync(other => other.Key == wanted.Key && other.Id != supplier.Id, cancellation) is { } known)
            {
                return Problem.Invalid(nameof(SupplierContent.Name), "supplier-taken", MissionsText.SupplierTaken.With(known.Name));
            }

            FieldChange[] fields =
            [
                new(nameof(supplier.Name), MissionsText.SupplierName, Words.Same(supplier.Name), Words.Same(wanted.Name)),
                new(nameof(supplier.ContactName), MissionsText.ContactName, FieldChange.Text(supplier.ContactName), FieldChange.Text(wanted.ContactName)),
                new(nameof(supplier.ContactMail), MissionsText.ContactMail, FieldChange.Text(supplier.ContactMail), FieldChange.Text(wanted.ContactMail)),
            ];
            var changes = fields.Where(change => change.Before != change.After).ToList();
            if (changes.Count == 0)
            {
                return Done.Value;
            }

            supplier.Change(wanted.Name, wanted.ContactName, wanted.ContactMail);
            journal.Record(RecordFacts.Changed(supplier, changes));
            return Done.Value;
        }
    }
}
