using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces;
using Microsoft.AspNetCore.Components;

namespace Depart.House;

/// <summary><c>docs/administrators/roles.md</c> is made of the code: what an administrator reads of rights is what holds.</summary>
public sealed class RolesPageTests
{
    private const string Mark = "<!-- What follows is made of the code: DEPART_WRITE_DOCS=1 with this test writes it anew. -->";

    private static readonly XElement Documentation = XElement.Load(Path.Combine(AppContext.BaseDirectory, "depart.xml"));

    [Fact]
    public void The_administrators_page_of_roles_says_of_each_command_and_page_who_may_use_it()
    {
        var file = Sources.InRepository("docs/administrators/roles.md");
        var said = File.ReadAllText(file);
        var head = said[..(said.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)];
        var whole = head + "\n" + Tables();
        if (Environment.GetEnvironmentVariable("DEPART_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, whole);
        }

        Assert.Equal(whole, said);
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        var requests = typeof(Server).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && KindOf(type) is not null).ToList();
        foreach (var (title, commands) in new[] { ("Changes", true), ("Questions", false) })
        {
            text.Append($"\n## {title}\n");
            foreach (var room in requests.Where(type => KindOf(type) == commands).GroupBy(type => type.Namespace!["Depart.".Length..]).OrderBy(room => room.Key, StringComparer.Ordinal))
            {
                text.Append($"\n### {room.Key}\n\n| | {string.Join(" | ", Enum.GetValues<Role>().Select(role => role.ToString().ToLowerInvariant()))} | others |\n|---|{string.Concat(Enum.GetValues<Role>().Select(_ => ":-:|"))}---|\n");
                foreach (var type in room.OrderBy(type => type.Name, StringComparer.Ordinal))
                {
                    text.Append(Row($"`{type.Name}` {SummaryOf(type)}", (Access)type.GetProperty("Access", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!)).Append('\n');
                }
            }
        }

        text.Append("\n## Pages\n\n| | who |\n|---|---|\n");
        foreach (var page in typeof(Server).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any())
            .SelectMany(type => type.GetCustomAttributes<RouteAttribute>().Select(route => (route.Template, type))).OrderBy(page => page.Template, StringComparer.Ordinal))
        {
            var access = page.type.GetCustomAttributes().OfType<IPageAccess>().Single();
            var roles = Enum.GetValues<Role>().Where(role => access.Allows(Of(role))).Select(role => role.ToString().ToLowerInvariant()).ToList();
            text.Append($"| `{page.Template}` | {(access.Allows(Actor.Nobody) ? "anyone" : roles.Count == Enum.GetValues<Role>().Length ? "signed in" : string.Join(", ", roles))} |\n");
        }

        return text.ToString();
    }

    private static string Row(string what, Access access)
    {
        var parties = new DepartureParties(Guid.NewGuid(), null, Guid.NewGuid(), Guid.NewGuid());
        var cells = Enum.GetValues<Role>().Select(role => access.Allows(Of(role), parties) ? "●" : access.Allows(Of(role), null) ? "○" : "");
        var others = access switch
        {
            { Public: true } => "anyone",
            { AnySignedIn: true } => "signed in, own things",
            { OwnDoor: true } => "the leaver, through their own door",
            { Roles.Count: 0, EngineToo: true } => "the engine alone",
            { Roles.Count: 0 } => "the server’s console alone",
            { EngineToo: true } => "the engine",
            _ => "",
        };
        return $"| {what} | {string.Join(" | ", cells)} | {others} |";
    }

    private static Actor Of(Role role) => new(Guid.NewGuid(), Guid.NewGuid(), "x", new HashSet<Role> { role }, Via.Api);

    /// <summary>True for a command, false for a query, null for neither.</summary>
    private static bool? KindOf(Type type)
    {
        var faces = type.GetInterfaces().Where(face => face.IsGenericType).Select(face => face.GetGenericTypeDefinition()).ToList();
        return faces.Contains(typeof(ICommand<>)) ? true : faces.Contains(typeof(IQuery<>)) ? false : null;
    }

    /// <summary>Its first sentence, as words only.</summary>
    private static string SummaryOf(Type type)
    {
        var summary = Documentation.Descendants("member").FirstOrDefault(member => (string?)member.Attribute("name") == $"T:{type.FullName}")?.Element("summary");
        var words = string.Join(' ', string.Concat(summary?.Nodes().Select(node => node switch
        {
            XText written => written.Value,
            XElement { Name.LocalName: "see" } reference => ((string?)reference.Attribute("cref") ?? "").Split('.', ':')[^1],
            XElement other => other.Value,
            _ => "",
        }) ?? []).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var end = words.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? words : words[..(end + 1)]).Replace("|", "\\|", StringComparison.Ordinal);
    }
}
