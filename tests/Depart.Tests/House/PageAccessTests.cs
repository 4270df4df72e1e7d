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
}
