using System.Reflection;
using Depart.Foundation.Design;
using Depart.Interfaces;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace Depart.House;

/// <summary>Deny by default, for pages too: whoever writes one says who may open it.</summary>
public sealed class PageAccessTests
{
    private static readonly Type[] Pages = [.. typeof(Server).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any())];

    [Fact]
    public void A_page_that_does_not_say_who_may_open_it_is_refused()
    {
        Assert.NotEmpty(Pages);
        var silent = Pages.Where(page => page.GetCustomAttributes().OfType<IPageAccess>().Count() != 1).Select(page => page.FullName);

        Assert.Empty(silent);
    }

    [Fact]
    public void Only_the_doors_and_the_error_page_are_open_to_anyone()
    {
        var open = Pages.Where(page => page.GetCustomAttributes().Any(attribute => attribute is IAllowAnonymous)).Select(page => page.Name).Order(StringComparer.Ordinal);

        Assert.Equal(["ByLinkPage", "CodePage", "ErrorPage", "NoticePage", "PortalHomePage", "PortalOpenPage", "PortalPage", "PortalTaskPage", "SetUpPage", "SignInPage"], open);
    }

    /// <summary>A page of one thing may wait for another system, and a stranger's for whatever they like: both would keep the readers of lists waiting.</summary>
    [Fact]
    public void Only_pages_that_list_and_ask_to_be_signed_in_take_turns()
    {
        var turns = Pages.Where(page => page.GetCustomAttribute<Microsoft.AspNetCore.RateLimiting.EnableRateLimitingAttribute>() is { PolicyName: Turns.Lists }).ToList();

        Assert.NotEmpty(turns);
        Assert.Empty(turns.Where(page => page.GetCustomAttributes<RouteAttribute>().Any(route => route.Template.Contains('{', StringComparison.Ordinal)) || page.GetCustomAttributes().Any(attribute => attribute is IAllowAnonymous)).Select(page => page.Name));
    }

    [Fact]
    public void A_page_for_roles_names_at_least_one()
    {
        var empty = Pages.Where(page => page.GetCustomAttribute<OpenToAttribute>() is { Roles: null or "" }).Select(page => page.FullName);

        Assert.Empty(empty);
    }

    /// <summary>What holds the context of the request and yet serves components, each with what keeps two of them from asking it at once: on PostgreSQL that ends the page.</summary>
    private static readonly Dictionary<string, string> Hold = new(StringComparer.Ordinal)
    {
        ["SignInDoor"] = "what components ask of it is read apart; the rest is asked by a post, before anything is drawn",
        ["OwnPasskeys"] = "asked by a post, before anything is drawn",
        ["ProviderDoor"] = "asked by one page, before anything is drawn",
        ["DoorAddress"] = "asked by one page, before anything is drawn",
    };

    [Fact]
    public void Components_ask_through_the_door_each_in_a_scope_of_its_own()
    {
        var injected = typeof(Server).Assembly.GetTypes().Where(type => typeof(IComponent).IsAssignableFrom(type))
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)).Where(property => property.GetCustomAttribute<InjectAttribute>() is not null)
            .Select(property => property.PropertyType).Distinct().ToList();

        Assert.Contains(typeof(Foundation.Door.Dispatcher), injected);
        Assert.Equal(Hold.Keys.Order(StringComparer.Ordinal), injected.Where(HoldsContext).Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    private static bool HoldsContext(Type type) => type == typeof(Foundation.Storage.DepartDb)
        || (type.Assembly == typeof(Server).Assembly && type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Any(parameter => HoldsContext(parameter.ParameterType)));
}
