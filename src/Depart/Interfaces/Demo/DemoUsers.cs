using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.Demo;

/// <summary>One user per role, entered by one click. Their password is no secret: the demo only listens on this machine.</summary>
internal static class DemoUsers
{
    /// <summary>What they are asked for before an immediate disconnection; shown on the screen.</summary>
    public const string Password = "Depart-Demo-2026";

    private static readonly (Role Role, string Name)[] People =
    [
        (Role.Manager, "Isabelle Morvan"), (Role.It, "Sofiane Keller"), (Role.Hr, "Claire Vasseur"), (Role.Security, "Nadia Ferrand"), (Role.Auditor, "Paul Imbert"), (Role.Admin, "Marion Tessier"),
    ];

    /// <summary>The roles on offer, with who holds them.</summary>
    public static IReadOnlyList<(Role Role, string Name)> Offered => People;

    /// <summary>The mail of the user with a role, or null.</summary>
    public static string? MailOf(string? role) =>
        Enum.TryParse<Role>(role, ignoreCase: true, out var wanted) && People.Any(person => person.Role == wanted) ? MailOf(wanted) : null;

    /// <summary>Adds those that are not there yet.</summary>
    public static async Task AddAsync(Dispatcher dispatcher, CancellationToken cancellation)
    {
        foreach (var (role, name) in People)
        {
            // A manager is one by the missions of their own: nobody is granted it.
            await dispatcher.SendAsync(new AddUser(MailOf(role), name, role == Role.Manager ? [] : [role], Password), Actor.Console, cancellation);
        }
    }

    /// <summary>Who holds which role.</summary>
    public static async Task<IReadOnlyDictionary<Role, Guid>> OfRolesAsync(IServiceProvider provider, CancellationToken cancellation)
    {
        await using var scope = provider.CreateAsyncScope();
        var users = await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<User>().ToDictionaryAsync(user => user.Mail, user => user.Id.Value, cancellation);
        return People.ToDictionary(person => person.Role, person => users[MailOf(person.Role)]);
    }

    private static string MailOf(Role role) =>
        $"{SearchText.Of(People.Single(person => person.Role == role).Name).Replace(' ', '.')}@entreprise.example";
}
