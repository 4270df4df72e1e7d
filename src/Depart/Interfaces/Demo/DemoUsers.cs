using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Interfaces.SignIn;

namespace Depart.Interfaces.Demo;

/// <summary>One user per role, entered by one click. Their password is no secret: the demo only listens on this machine.</summary>
internal static class DemoUsers
{
    /// <summary>What they are asked for before an immediate disconnection; shown on the screen.</summary>
    public const string Password = "Depart-Demo-2026";

    private static readonly (Role Role, string Name)[] People =
    [
        (Role.It, "Sofiane Keller"), (Role.Hr, "Claire Vasseur"), (Role.Security, "Nadia Ferrand"), (Role.Auditor, "Paul Imbert"), (Role.Admin, "Marion Tessier"),
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
            await dispatcher.SendAsync(new AddUser(MailOf(role), name, [role], Password), Actor.Console, cancellation);
        }
    }

    private static string MailOf(Role role) =>
        $"{SearchText.Of(People.Single(person => person.Role == role).Name).Replace(' ', '.')}@entreprise.example";
}
