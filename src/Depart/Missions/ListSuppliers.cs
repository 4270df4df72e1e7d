using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>A supplier, with how many people of the record it provides.</summary>
public sealed record SupplierView(SupplierId Id, string Name, string? ContactName, string? ContactMail, int People, long Version) : IVersioned;

/// <summary>Suppliers by name, a page at a time; search ignores accents. 1 to 200 a page.</summary>
internal sealed record ListSuppliers(string? Search = null, string? After = null, int Size = 50) : IQuery<Page<SupplierView>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/suppliers", (string? search, string? after, int? size, ApiDoor door) => door.AskAsync(new ListSuppliers(search, after, size ?? 50)))
            .WithTags("Suppliers").Produces<Page<SupplierView>>();

    internal static IQueryable<SupplierView> Views(DepartDb db, IQueryable<Supplier> suppliers) => suppliers.OrderBy(supplier => supplier.Key).Select(supplier =>
        new SupplierView(supplier.Id, supplier.Name, supplier.ContactName, supplier.ContactMail, db.Set<Person>().Count(person => person.Supplier == supplier.Id), supplier.Version));

    internal sealed class Handler(DepartDb db) : IHandler<ListSuppliers, Page<SupplierView>>
    {
        public async Task<Outcome<Page<SupplierView>>> HandleAsync(ListSuppliers query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var suppliers = db.Set<Supplier>().AsQueryable();
            foreach (var word in SearchText.Of(query.Search).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                suppliers = suppliers.Where(supplier => supplier.Key.Contains(word));
            }

            if (query.After is { } after)
            {
                if (!SupplierId.TryParse(after, out var last)
                    || await db.Set<Supplier>().Where(supplier => supplier.Id == last).Select(supplier => supplier.Key).FirstOrDefaultAsync(cancellation) is not { } from)
                {
                    return Cursors.Unknown;
                }

                suppliers = suppliers.Where(supplier => supplier.Key.CompareTo(from) > 0);
            }

            var found = await Views(db, suppliers).Take(size + 1).ToListAsync(cancellation);
            return new Page<SupplierView>([.. found.Take(size)], found.Count > size ? found[size - 1].Id.ToString() : null);
        }
    }
}

/// <summary>One supplier.</summary>
internal sealed record GetSupplier(SupplierId Supplier) : IQuery<SupplierView>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/suppliers/{supplier}", (SupplierId supplier, ApiDoor door) => door.AskAsync(new GetSupplier(supplier))).WithTags("Suppliers").Produces<SupplierView>();

    internal sealed class Handler(DepartDb db) : IHandler<GetSupplier, SupplierView>
    {
        public async Task<Outcome<SupplierView>> HandleAsync(GetSupplier query, CancellationToken cancellation) =>
            await ListSuppliers.Views(db, db.Set<Supplier>().Where(supplier => supplier.Id == query.Supplier)).FirstOrDefaultAsync(cancellation) is { } view
                ? view
                : Problem.NotFound(MissionsText.Supplier);
    }
}
